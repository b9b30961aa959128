/**
 * Zigbee2MQTT: one gateway for many devices, each under `zigbee2mqtt/<friendly name>` with all it knows as one object.
 * Keys as its device pages name them. Of devices with several endpoints the endpoint stands behind the key: `state_left`.
 */
import { Collected, type Dialect, objectIn, online, READERS, type Read, type Rule, textOf } from './dialect.ts'

const BASE = 'zigbee2mqtt/'

/** The better key first: older converters send raw units as `illuminance` and lux as `illuminance_lux`. */
const KEYS: readonly (Rule & { readonly key: string })[] = [
  { key: 'contact', field: 'contact', as: 'closedWhenTrue' },
  { key: 'occupancy', field: 'occupancy', as: 'presence' },
  { key: 'presence', field: 'occupancy', as: 'presence' },
  { key: 'motion', field: 'occupancy', as: 'presence' },
  { key: 'tamper', field: 'tamper', as: 'yesNo' },
  { key: 'illuminance_lux', field: 'illuminance', as: 'number' },
  { key: 'illuminance', field: 'illuminance', as: 'number' },
  { key: 'temperature', field: 'temperature', as: 'number' },
  { key: 'humidity', field: 'humidity', as: 'number' },
  { key: 'battery', field: 'battery', as: 'percent' },
  { key: 'battery_low', field: 'battery', as: 'lowBattery' },
  { key: 'state', field: 'on', as: 'yesNo' },
  { key: 'brightness', field: 'brightness', as: 'of254' },
]
const BY_KEY = new Map(KEYS.map(rule => [rule.key, rule]))
/** Those that endpoints have each of their own. `brightness_step` and the like are no endpoints: their value doesn't fit. */
const ENDPOINT_KEY = /^(state|brightness)_([a-z0-9]{1,16})$/

export const zigbee2mqtt: Dialect = {
  name: 'zigbee2mqtt',
  // The list of its devices with all that each can do comes as one message.
  maxPublishBytes: 2 * 1024 * 1024,
  read(topic, payload) {
    if (topic.startsWith('homeassistant/')) return 'ignored'
    if (!topic.startsWith(BASE)) return 'topic'
    const address = topic.slice(BASE.length)
    if (address.startsWith('bridge/')) return 'ignored'
    const [, of, what] = /^(.+)\/(availability|set|get)$/.exec(address) ?? []
    if (what === 'availability') return availability(of as string, payload)
    return what ? 'ignored' : values(address, payload)
  },
  order({ address, part }, { on, brightness }) {
    const suffix = part === undefined ? '' : `_${part}`
    const state = on === undefined ? {} : { [`state${suffix}`]: on ? 'ON' : 'OFF' }
    const level = brightness === undefined ? {} : { [`brightness${suffix}`]: Math.round((brightness / 100) * 254) }
    return { topic: `${BASE}${address}/set`, payload: JSON.stringify({ ...state, ...level }) }
  },
}

/** As a word, or as an object since 1.17. */
function availability(address: string, payload: Buffer): Read {
  const state = objectIn(payload)?.state ?? textOf(payload)
  return state === 'online' || state === 'offline' ? online(address, state === 'online') : 'shape'
}

function values(address: string, payload: Buffer): Read {
  const said = objectIn(payload)
  if (!said) return 'json'
  const collected = new Collected()
  for (const rule of KEYS) if (!isLock(rule.key, said)) collected.add(rule, said[rule.key])
  for (const [key, raw] of Object.entries(said)) {
    const [, of = '', part] = ENDPOINT_KEY.exec(key) ?? []
    const rule = BY_KEY.get(of)
    if (rule && (READERS[rule.as](raw) ?? undefined) !== undefined) collected.add(rule, raw, part)
  }
  return collected.heard(address)
}

/** A lock's `state` is LOCK or UNLOCK, a cover's OPEN or CLOSE: no light. Bought locks take no part. */
const isLock = (key: string, said: Readonly<Record<string, unknown>>): boolean =>
  key === 'state' && said.state !== 'ON' && said.state !== 'OFF'
