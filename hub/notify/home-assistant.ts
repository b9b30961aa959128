/**
 * Vigie's devices as Home Assistant finds them (MQTT discovery, one message for each device) and what each of them shows. Pure.
 * Locks and doors are shown and never driven; lamps are driven only where the hub was told to allow it.
 */
import type { PointFamily } from '#devices/define.ts'
import { modelRules, pointNames } from '#devices/registry.ts'
import type { SiteView } from '#hub/api.ts'
import type { VigieEvent } from '#hub/events.ts'

export interface HaOptions {
  readonly site: string
  readonly version: string
  /** Lamps take orders from there. */
  readonly drivesLights: boolean
}
export interface Published {
  readonly topic: string
  readonly payload: string
}
interface Component {
  readonly platform: string
  readonly [key: string]: unknown
}

type SiteDevice = SiteView['devices'][number]
type View = Pick<SiteView, 'devices' | 'zones'>

export const DISCOVERY = 'homeassistant/device'
const baseOf = (site: string): string => `vigie/ha/${site}`
export const hubTopic = (site: string): string => `${baseOf(site)}/status`
const deviceTopic = (site: string, device: string): string => `${baseOf(site)}/${device}/status`
const fieldTopic = (site: string, device: string, point: string, field: string): string =>
  `${baseOf(site)}/${device}/${point}/${field}`
const idOf = (site: string, device: string): string => `vigie_${site}_${device}`
export const configTopic = (site: string, device: string): string => `${DISCOVERY}/${idOf(site, device)}/config`
/** The device of this site that a discovery topic is about, or undefined. */
export function deviceOfConfig(site: string, topic: string): string | undefined {
  const start = `${DISCOVERY}/${idOf(site, '')}`
  return topic.startsWith(start) && topic.endsWith('/config') ? topic.slice(start.length, -'/config'.length) : undefined
}
export const ordersFilter = (site: string): string => `${baseOf(site)}/+/+/set`

/** What a field of a state is there. */
const STATES: Readonly<Record<string, Component & { readonly name: string }>> = {
  contact: {
    platform: 'binary_sensor',
    device_class: 'door',
    payload_on: 'open',
    payload_off: 'closed',
    name: 'Contact',
  },
  lock: {
    platform: 'binary_sensor',
    device_class: 'lock',
    payload_on: 'unlocked',
    payload_off: 'locked',
    name: 'Serrure',
  },
  tamper: {
    platform: 'binary_sensor',
    device_class: 'tamper',
    payload_on: 'true',
    payload_off: 'false',
    name: 'Arrachement',
  },
  on: { platform: 'binary_sensor', device_class: 'light', payload_on: 'true', payload_off: 'false', name: 'Lumière' },
  sounding: {
    platform: 'binary_sensor',
    device_class: 'sound',
    payload_on: 'true',
    payload_off: 'false',
    name: 'Sirène',
  },
  battery: {
    ...{ platform: 'sensor', device_class: 'battery', state_class: 'measurement', unit_of_measurement: '%' },
    ...{ name: 'Pile', entity_category: 'diagnostic' },
  },
  brightness: { platform: 'sensor', state_class: 'measurement', unit_of_measurement: '%', name: 'Intensité' },
}
const QUANTITIES: Readonly<Record<string, Component & { readonly name: string }>> = {
  occupancy: {
    platform: 'binary_sensor',
    device_class: 'occupancy',
    payload_on: '1',
    payload_off: '0',
    name: 'Présence',
  },
  illuminance: {
    ...{ platform: 'sensor', device_class: 'illuminance', state_class: 'measurement', unit_of_measurement: 'lx' },
    name: 'Éclairement',
  },
  temperature: {
    ...{ platform: 'sensor', device_class: 'temperature', state_class: 'measurement', unit_of_measurement: '°C' },
    name: 'Température',
  },
  humidity: {
    ...{ platform: 'sensor', device_class: 'humidity', state_class: 'measurement', unit_of_measurement: '%' },
    name: 'Humidité',
  },
}

/** Retained there; a device without anything to show has none. */
export function discoveryOf(device: SiteDevice, { zones }: View, options: HaOptions): Published | undefined {
  const { site, version } = options
  const families = modelRules(device.model)?.model.points ?? []
  const components = Object.fromEntries(families.flatMap(family => componentsOf(device.id, family, options)))
  if (Object.keys(components).length === 0) return undefined
  const area = zones.find(z => z.id === device.zone)?.name
  const payload = {
    device: {
      identifiers: [idOf(site, device.id)],
      name: device.name,
      manufacturer: 'Vigie',
      model: modelRules(device.model)?.model.label.fr,
      ...(area !== undefined && { suggested_area: area }),
    },
    origin: { name: 'Vigie', sw_version: version },
    components,
    availability: [{ topic: hubTopic(site) }, { topic: deviceTopic(site, device.id) }],
    availability_mode: 'all',
    qos: 1,
  }
  return { topic: configTopic(site, device.id), payload: JSON.stringify(payload) }
}

function componentsOf(device: string, family: PointFamily, options: HaOptions): [string, Component][] {
  const names = pointNames(family)
  const fields = family.traits.flatMap(t => t.states)
  const isDriven = options.drivesLights && family.traits.some(t => t.actions.includes('set'))
  return names.flatMap(point => {
    const label = names.length > 1 ? ` ${point.slice(family.name.length + 1)}` : ''
    const shown = isDriven ? fields.filter(f => f !== 'on' && f !== 'brightness') : fields
    const quantities = family.traits.flatMap(t => t.quantities.map(q => q.name))
    const all = [...shown.map(f => [f, STATES[f]] as const), ...quantities.map(q => [q, QUANTITIES[q]] as const)]
    const read = all.flatMap(([field, known]) =>
      known ? [componentOf(device, point, field, { ...known, name: known.name + label }, options)] : [],
    )
    return isDriven ? [...read, lightOf(device, point, options)] : read
  })
}

const componentOf = (
  device: string,
  point: string,
  field: string,
  known: Component,
  { site }: HaOptions,
): [string, Component] => [
  `${point}_${field}`,
  {
    ...known,
    unique_id: `${idOf(site, device)}_${point}_${field}`,
    state_topic: fieldTopic(site, device, point, field),
  },
]

const lightOf = (device: string, point: string, { site }: HaOptions): [string, Component] => [
  `${point}_light`,
  {
    ...{ platform: 'light', schema: 'json', name: 'Lumière', unique_id: `${idOf(site, device)}_${point}_light` },
    ...{ brightness: true, brightness_scale: 100, supported_color_modes: ['brightness'] },
    state_topic: fieldTopic(site, device, point, 'light'),
    command_topic: fieldTopic(site, device, point, 'set'),
  },
]

/** What a row of the journal changes there; retained. Nothing of people is in any of it. */
export class HaStates {
  readonly #options: HaOptions
  readonly #lamps = new Map<string, { on?: unknown; brightness?: unknown }>()

  constructor(options: HaOptions) {
    this.#options = options
  }

  of(event: VigieEvent): Published[] {
    const { site } = this.#options
    if (event.kind === 'device.online' || event.kind === 'device.offline')
      return [
        { topic: deviceTopic(site, event.device), payload: event.kind === 'device.online' ? 'online' : 'offline' },
      ]
    if (event.kind === 'readings') return event.messages.flatMap(m => (m.late ? [] : this.#readings(m)))
    return 'state' in event && 'point' in event && !event.late ? this.#point(event) : []
  }

  #readings({ device, readings }: { device: string; readings: readonly { quantity: string; value: number }[] }) {
    return readings.flatMap(({ quantity, value }): Published[] => {
      const point = this.#pointOf(device, quantity)
      if (point === undefined) return []
      return [{ topic: fieldTopic(this.#options.site, device, point, quantity), payload: String(value) }]
    })
  }

  /** A reading names no point, and a model measures each quantity at one. */
  #pointOf(device: string, quantity: string): string | undefined {
    const families = modelRules(this.modelOf(device) ?? '')?.model.points ?? []
    return families.find(f => f.traits.some(t => t.quantities.some(q => q.name === quantity)))?.name
  }

  /** Set by whoever knows the site. */
  modelOf: (device: string) => string | undefined = () => undefined

  #point({ device, point, state }: { device: string; point: string; state: Readonly<Record<string, unknown>> }) {
    const { site, drivesLights } = this.#options
    const shown = Object.entries(state).filter(([field]) => Object.hasOwn(STATES, field))
    const fields = shown.map(([field, value]): Published => {
      return { topic: fieldTopic(site, device, point, field), payload: String(value) }
    })
    return drivesLights && 'on' in state ? [...fields, this.#lamp(device, point, state)] : fields
  }

  #lamp(device: string, point: string, state: Readonly<Record<string, unknown>>): Published {
    const key = `${device}/${point}`
    const lamp = { ...this.#lamps.get(key), ...state }
    this.#lamps.set(key, lamp)
    const { on, brightness } = lamp
    const payload = { state: on === true ? 'ON' : 'OFF', ...(brightness !== undefined && { brightness }) }
    return { topic: fieldTopic(this.#options.site, device, point, 'light'), payload: JSON.stringify(payload) }
  }
}

export interface LightOrder {
  readonly device: string
  readonly point: string
  readonly on: boolean
  readonly brightness?: number
}
/** An order to a lamp, or undefined for anything else: no other kind of order is understood. */
export function orderIn(topic: string, payload: Buffer): LightOrder | undefined {
  const [device, point] = topic.split('/').slice(-3)
  if (device === undefined || point === undefined || payload.length > 500) return undefined
  const said = jsonIn(payload)
  if (said?.state !== 'ON' && said?.state !== 'OFF') return undefined
  const { brightness } = said
  const isLevel = typeof brightness === 'number' && Number.isInteger(brightness) && brightness >= 0 && brightness <= 100
  if (brightness !== undefined && !isLevel) return undefined
  return { device, point, on: said.state === 'ON', ...(said.state === 'ON' && isLevel && { brightness }) }
}

function jsonIn(payload: Buffer): { readonly state?: unknown; readonly brightness?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined // counted by whoever asked: what is no order moves nothing
  }
}
