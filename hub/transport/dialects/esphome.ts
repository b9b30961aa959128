/**
 * ESPHome's own MQTT component: `<prefix>/<component>/<object id>/state`. A state says ON or 21.5 and not of what; that
 * stands in the discovery message that ESPHome sends first at each connection, and the gateway's session remembers it.
 */
import { Collected, type Dialect, objectIn, online, type Read, type Rule, textOf } from './dialect.ts'

/** By component and device class, as the discovery message has them. */
const CLASSES = new Map<string, Rule>([
  ['binary_sensor door', { field: 'contact', as: 'openWhenTrue' }],
  ['binary_sensor garage_door', { field: 'contact', as: 'openWhenTrue' }],
  ['binary_sensor opening', { field: 'contact', as: 'openWhenTrue' }],
  ['binary_sensor window', { field: 'contact', as: 'openWhenTrue' }],
  ['binary_sensor motion', { field: 'occupancy', as: 'presence' }],
  ['binary_sensor occupancy', { field: 'occupancy', as: 'presence' }],
  ['binary_sensor presence', { field: 'occupancy', as: 'presence' }],
  ['binary_sensor moving', { field: 'occupancy', as: 'presence' }],
  ['binary_sensor tamper', { field: 'tamper', as: 'yesNo' }],
  ['binary_sensor battery', { field: 'battery', as: 'lowBattery' }],
  ['sensor battery', { field: 'battery', as: 'percent' }],
  ['sensor illuminance', { field: 'illuminance', as: 'number' }],
  ['sensor temperature', { field: 'temperature', as: 'number' }],
  ['sensor humidity', { field: 'humidity', as: 'number' }],
])
const SWITCH: Rule = { field: 'on', as: 'yesNo' }
const LIGHT: readonly (Rule & { readonly key: string })[] = [
  { key: 'state', field: 'on', as: 'yesNo' },
  { key: 'brightness', field: 'brightness', as: 'of255' },
]
/** What the whole node has once. */
const SHARED = new Set(['battery', 'tamper'])
const DISCOVERY = /^homeassistant\/(binary_sensor|sensor)\/[^/]+\/[^/]+\/config$/
const STATE = /^(.+)\/(binary_sensor|sensor|light|switch)\/([a-z0-9_-]{1,64})\/state$/
const OTHER = /^(.+)\/(status|debug|([a-z_]+)\/([a-z0-9_-]+)\/[a-z_/]+)$/
/** A node has dozens of sensors; one that announces more is not remembered. */
const MOST_LEARNED = 512

export const esphome: Dialect = {
  name: 'esphome',
  maxPublishBytes: 64 * 1024,
  read(topic, payload, memory) {
    const [, announced] = DISCOVERY.exec(topic) ?? []
    if (announced !== undefined) return learn(announced, payload, memory)
    if (topic.startsWith('homeassistant/') || topic.startsWith('esphome/')) return 'ignored'
    const [, prefix, component, object] = STATE.exec(topic) ?? []
    if (prefix !== undefined) return state({ topic, prefix, component, object } as Said, payload, memory)
    const [, of, what] = OTHER.exec(topic) ?? []
    if (of === undefined) return 'topic'
    return what === 'status' ? availability(of, payload) : 'ignored'
  },
  order({ address, part }, { on, brightness }) {
    if (part === undefined) return undefined
    const level = brightness === undefined ? {} : { brightness: Math.round((brightness / 100) * 255) }
    const payload = JSON.stringify({ state: on === false ? 'OFF' : 'ON', ...level })
    return { topic: `${address}/light/${part}/command`, payload }
  },
}

interface Said {
  readonly topic: string
  readonly prefix: string
  readonly component: string
  readonly object: string
}

/** Keys stand short or whole, `~` for a beginning they share. */
function learn(component: string, payload: Buffer, memory: Map<string, string>): Read {
  const said = objectIn(payload)
  if (!said) return textOf(payload) === '' ? 'ignored' : 'json' // empty: the entity is gone
  const base = String(said['~'] ?? '')
  const topic = String(said.state_topic ?? said.stat_t ?? '').replace('~', base)
  const of = said.device_class ?? said.dev_cla
  if (typeof of === 'string' && memory.size < MOST_LEARNED) memory.set(topic, `${component} ${of}`)
  return 'ignored'
}

function availability(prefix: string, payload: Buffer): Read {
  const text = textOf(payload)
  return text === 'online' || text === 'offline' ? online(prefix, text === 'online') : 'shape'
}

function state({ topic, prefix, component, object }: Said, payload: Buffer, memory: Map<string, string>): Read {
  const collected = new Collected()
  if (component === 'light') {
    const said = objectIn(payload)
    if (!said) return 'json'
    for (const rule of LIGHT) collected.add(rule, said[rule.key], object)
  } else if (component === 'switch') collected.add(SWITCH, textOf(payload), object)
  else {
    const of = memory.get(topic)
    const rule = CLASSES.get(of ?? '')
    if (!rule) return 'ignored' // uptime, signal strength, and whatever else nodes tell of themselves
    collected.add(rule, textOf(payload), SHARED.has(rule.field) ? undefined : object)
  }
  return collected.heard(prefix)
}
