/**
 * Tasmota, with its default FullTopic `%prefix%/%topic%/`: `tele/<topic>/LWT`, `STATE` and `SENSOR`, `stat/<topic>/RESULT`.
 * Values of a sensor stand in an object with its name; switches and relays are numbered words.
 */
import { asObject, Collected, type Dialect, objectIn, online, type Read, type Rule, textOf } from './dialect.ts'

/** In an object with a sensor's name, which is the part. */
const SENSOR_KEYS: readonly (Rule & { readonly key: string })[] = [
  { key: 'Illuminance', field: 'illuminance', as: 'number' },
  { key: 'Temperature', field: 'temperature', as: 'number' },
  { key: 'Humidity', field: 'humidity', as: 'number' },
  { key: 'Occupancy', field: 'occupancy', as: 'number' },
]
/** Numbered words at the top, the word with its number being the part. */
const NUMBERED: readonly { readonly key: RegExp; readonly rules: readonly Rule[] }[] = [
  { key: /^POWER\d{0,2}$/, rules: [{ field: 'on', as: 'yesNo' }] },
  {
    key: /^(Switch|SWITCH)\d{1,2}$/,
    rules: [
      { field: 'contact', as: 'openWhenTrue' },
      { field: 'occupancy', as: 'presence' },
    ],
  },
]
const TOP = new Map<string, Rule>([
  ['Dimmer', { field: 'brightness', as: 'percent' }],
  ['BatteryPercentage', { field: 'battery', as: 'percent' }],
])
const TOPIC = /^(?:(tele)\/(.+)\/(LWT|STATE|SENSOR|[A-Z0-9_]+)|(stat)\/(.+)\/([A-Z0-9_]+)|tasmota\/discovery\/.*)$/
const FAHRENHEIT = 'F'

export const tasmota: Dialect = {
  name: 'tasmota',
  maxPublishBytes: 64 * 1024,
  read(topic, payload) {
    const [, , told, tele, , answered, stat] = TOPIC.exec(topic) ?? [undefined]
    if (!TOPIC.test(topic)) return 'topic'
    const address = told ?? answered
    const what = tele ?? stat ?? ''
    if (address === undefined) return 'ignored'
    if (what === 'LWT') return availability(address, payload)
    return SPOKEN.has(what) ? values(address, payload) : 'ignored'
  },
  order({ address, part }, { on, brightness }) {
    const number = /^POWER(\d{1,2})$/.exec(part ?? '')?.[1] ?? ''
    if (on !== false && brightness !== undefined && number === '')
      return { topic: `cmnd/${address}/Dimmer`, payload: String(brightness) }
    return on === undefined ? undefined : { topic: `cmnd/${address}/Power${number}`, payload: on ? 'ON' : 'OFF' }
  },
}
/** The rest of `stat/` is answers to commands, and the same once more as a bare word. */
const SPOKEN = new Set(['STATE', 'SENSOR', 'RESULT'])

function availability(address: string, payload: Buffer): Read {
  const text = textOf(payload)
  return text === 'Online' || text === 'Offline' ? online(address, text === 'Online') : 'shape'
}

function values(address: string, payload: Buffer): Read {
  const said = objectIn(payload)
  if (!said) return 'json'
  const collected = new Collected()
  for (const [key, raw] of Object.entries(said)) {
    const top = TOP.get(key)
    if (top) collected.add(top, raw)
    for (const { key: pattern, rules } of NUMBERED)
      if (pattern.test(key)) for (const rule of rules) collected.add(rule, stateOf(raw), partOf(key))
    ofSensor(collected, key, asObject(raw), said.TempUnit)
  }
  return collected.heard(address)
}

/** `stat/…/RESULT` says {"Switch1":{"Action":"ON"}} where telemetry says {"Switch1":"ON"}. */
const stateOf = (raw: unknown): unknown => asObject(raw)?.Action ?? raw
const partOf = (key: string): string => key.replace(/^SWITCH/, 'Switch')

function ofSensor(collected: Collected, name: string, of: ReturnType<typeof asObject>, unit: unknown): void {
  if (!of) return
  for (const rule of SENSOR_KEYS) {
    const raw = of[rule.key]
    const isWarm = rule.field === 'temperature' && unit === FAHRENHEIT && typeof raw === 'number'
    collected.add(rule, isWarm ? Math.round(((raw - 32) / 1.8) * 10) / 10 : raw, name)
  }
}
