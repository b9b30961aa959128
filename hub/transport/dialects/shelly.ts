/**
 * Shelly Gen2 and later: RPC over MQTT. `<prefix>/online` is "true" or "false"; `<prefix>/events/rpc` tells what has changed,
 * by component; `<prefix>/status/<component>` the whole of one, where that is switched on. Wired inputs say what their
 * contact does, and Bluetooth sensors only a value: what it is follows from the model the site gives it.
 */
import { asObject, Collected, type Dialect, objectIn, online, type Read, type Rule, textOf } from './dialect.ts'

type Keys = Readonly<Record<string, readonly Rule[]>>

/** By kind of component, then by attribute; a dot goes one deeper. */
const COMPONENTS = new Map<string, Keys>(
  Object.entries({
    input: {
      state: [
        { field: 'contact', as: 'closedWhenTrue' },
        { field: 'occupancy', as: 'presence' },
      ],
    },
    switch: { output: [{ field: 'on', as: 'yesNo' }] },
    light: { output: [{ field: 'on', as: 'yesNo' }], brightness: [{ field: 'brightness', as: 'percent' }] },
    rgbw: { output: [{ field: 'on', as: 'yesNo' }], brightness: [{ field: 'brightness', as: 'percent' }] },
    temperature: { tC: [{ field: 'temperature', as: 'number' }] },
    humidity: { rh: [{ field: 'humidity', as: 'number' }] },
    illuminance: { lux: [{ field: 'illuminance', as: 'number' }] },
    devicepower: { 'battery.percent': [{ field: 'battery', as: 'percent' }] },
    presencezone: { value: [{ field: 'occupancy', as: 'presence' }] },
    bthomedevice: { battery: [{ field: 'battery', as: 'percent' }] },
  }),
)
/** BTHome: true is open, or somebody there; a number is lux or degrees, as the model says. */
const BTHOME: Readonly<Record<'boolean' | 'number', readonly Rule[]>> = {
  boolean: [
    { field: 'contact', as: 'openWhenTrue' },
    { field: 'occupancy', as: 'presence' },
  ],
  number: [
    { field: 'illuminance', as: 'number' },
    { field: 'temperature', as: 'number' },
  ],
}
/** What the whole device has once, whichever part is looked at. */
const SHARED = new Set(['devicepower', 'bthomedevice'])
const TOPIC = /^(.+?)\/(online|events\/rpc|status\/([a-z0-9]+:?\d*)|status|rpc|debug\/.*|announce)$/
const COMPONENT = /^([a-z0-9]+)(?::\d{1,4})?$/

export const shelly: Dialect = {
  name: 'shelly',
  maxPublishBytes: 64 * 1024,
  read(topic, payload) {
    const [, prefix, what, component] = TOPIC.exec(topic) ?? []
    if (prefix === undefined) return 'topic'
    if (what === 'online') return availability(prefix, payload)
    if (what === 'events/rpc') return notification(prefix, payload)
    return component === undefined ? 'ignored' : status(prefix, component, payload)
  },
  order({ address, part }, { on, brightness }) {
    const [kind, id] = (part ?? 'light:0').split(':')
    const method = METHODS[kind as keyof typeof METHODS]
    if (method === undefined) return undefined
    const level = brightness !== undefined && kind !== 'switch' ? { brightness } : {}
    const params = { id: Number(id ?? 0), ...(on !== undefined && { on }), ...level }
    return { topic: `${address}/rpc`, payload: JSON.stringify({ id: 1, src: `${address}/vigie`, method, params }) }
  },
}
const METHODS = { switch: 'Switch.Set', light: 'Light.Set', rgbw: 'RGBW.Set' } as const

function availability(prefix: string, payload: Buffer): Read {
  const text = textOf(payload)
  return text === 'true' || text === 'false' ? online(prefix, text === 'true') : 'shape'
}

/** Events (a button was pressed) are not ours. */
function notification(prefix: string, payload: Buffer): Read {
  const said = objectIn(payload)
  if (!said) return 'json'
  if (said.method === 'NotifyEvent') return 'ignored'
  const params = asObject(said.params)
  if (!params || !METHOD.test(String(said.method))) return 'shape'
  const collected = new Collected()
  for (const [component, of] of Object.entries(params)) collect(collected, component, of)
  return collected.heard(prefix)
}
const METHOD = /^Notify(Full)?Status$/

function status(prefix: string, component: string, payload: Buffer): Read {
  const said = objectIn(payload)
  if (!said) return 'json'
  const collected = new Collected()
  collect(collected, component, said)
  return collected.heard(prefix)
}

function collect(collected: Collected, component: string, of: unknown): void {
  const [, kind = ''] = COMPONENT.exec(component) ?? []
  const values = asObject(of)
  if (!values) return
  const part = SHARED.has(kind) ? undefined : component
  if (kind === 'bthomesensor') {
    const { value } = values
    for (const rule of BTHOME[typeof value as keyof typeof BTHOME] ?? []) collected.add(rule, value, part)
  }
  for (const [path, rules] of Object.entries(COMPONENTS.get(kind) ?? {}))
    for (const rule of rules) collected.add(rule, at(values, path), part)
}

function at(values: Readonly<Record<string, unknown>>, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => asObject(value)?.[key], values)
}
