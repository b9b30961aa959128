/**
 * A bought device has said something, through its gateway:
 *
 *   find     which devices of the site are heard under that address; one that nobody adopted is kept for the installer to see
 *   check    each value against the device's model: what does not fit is refused and counted, the rest counts
 *   number   such devices have no numbers of their own; the hub gives them, so that rows stand in order
 *   hand on  as a message like that of any other device: see message-received.ts
 *
 * What they say is as sure as the gateway's password. No model of theirs reads badges or has a lock, so none takes part in
 * who may open what.
 */
import type { Refusal, UpKind } from '#devices/messages.ts'
import { decodeUp, type ModelRules, modelRules } from '#devices/registry.ts'
import type { DeviceIdentity, Heard, HeardField, HeardValue } from '../ports.ts'
import type { BoughtDevice } from './bought.ts'

interface Needs {
  /** Those behind a gateway: under that address, or all. */
  readonly boughtAt: (gateway: string, address?: string) => readonly BoughtDevice[]
  /** True if another gateway speaks for that address. */
  readonly isOthers: (gateway: string, address: string) => boolean
  readonly receive: (device: DeviceIdentity, kind: UpKind, payload: Buffer, at: number) => Promise<void>
  /** Highest number taken from a device; 0: none. */
  readonly newest: (device: string) => number
  readonly isOnline: (device: string) => boolean
  readonly connected: (device: DeviceIdentity) => void
  readonly disconnected: (device: DeviceIdentity) => void
  readonly refused: (device: string, refusal: Refusal, field?: string) => void
}

/** An address that no device of the site has, as the installer sees it. */
export interface Found {
  readonly address: string
  readonly fields: readonly HeardField[]
  /** ms since 1970, UTC. */
  readonly at: number
}
/** Of one gateway; a Zigbee network has no more devices. */
const MOST_FOUND = 200
/** The same state told again so soon is no news, milliseconds. */
const SAME_AGAIN_MS = 600_000

export class BoughtHeard {
  readonly #needs: Needs
  readonly #found = new Map<string, Map<string, Found>>()
  /** By device: the state it told last. */
  readonly #states = new Map<string, { readonly text: string; readonly at: number }>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Those behind it are there while it is, unless it says otherwise. */
  connected(gateway: DeviceIdentity): void {
    for (const device of this.#needs.boughtAt(gateway.id)) this.#needs.connected(identityOf(device, gateway))
  }

  disconnected(gateway: DeviceIdentity): void {
    for (const device of this.#needs.boughtAt(gateway.id)) this.#needs.disconnected(identityOf(device, gateway))
  }

  /** Newest first. */
  found(gateway: string): readonly Found[] {
    return [...(this.#found.get(gateway)?.values() ?? [])].sort((a, b) => b.at - a.at)
  }

  /** Rejects when something it said could not be stored: without PUBACK the gateway says it again. */
  async hear(gateway: DeviceIdentity, heard: Heard, at: number): Promise<void> {
    const devices = this.#needs.boughtAt(gateway.id, heard.address)
    if (devices.length === 0) return this.#strange(gateway.id, heard, at)
    this.#found.get(gateway.id)?.delete(heard.address)
    await Promise.all(devices.map(device => this.#of(device, identityOf(device, gateway), heard, at)))
  }

  #strange(gateway: string, { address, values }: Heard, at: number): void {
    if (this.#needs.isOthers(gateway, address)) {
      this.#needs.refused(gateway, 'identity')
      return
    }
    const known = this.#found.get(gateway) ?? new Map<string, Found>()
    this.#found.set(gateway, known)
    const before = known.get(address)
    if (!before && known.size >= MOST_FOUND) return
    const fields = new Set([...(before?.fields ?? []), ...values.map(v => v.field)])
    known.set(address, { address, fields: [...fields], at })
  }

  async #of(device: BoughtDevice, identity: DeviceIdentity, heard: Heard, at: number): Promise<void> {
    const { connected, disconnected, isOnline } = this.#needs
    if (heard.online === false) disconnected(identity)
    else if (!isOnline(device.id)) connected(identity)
    const rules = modelRules(device.model)
    if (!rules) return
    for (const field of heard.unreadable) if (says(rules, field)) this.#needs.refused(device.id, 'shape', `/${field}`)
    const own = heard.values.filter(v => v.part === undefined || isPart(device, v.part))
    const fit = firstOfEach(own.filter(v => says(rules, v.field))).map(v => turned(v, device.behind.inverted === true))
    const checked = fit.filter(value => this.#fits(device.id, rules, value))
    await Promise.all([this.#state(identity, rules, checked, at), this.#readings(identity, rules, checked, at)])
  }

  #fits(device: string, rules: ModelRules, value: HeardValue): boolean {
    const [kind, body] = isState(rules, value.field) ? stateOf(rules, [value]) : readingsOf(rules, [value])
    const decoded = decodeUp(rules, kind, Buffer.from(JSON.stringify({ ...PROBE, ...body })))
    if (!decoded.ok) this.#needs.refused(device, decoded.refusal, `/${value.field}`)
    return decoded.ok
  }

  async #state(device: DeviceIdentity, rules: ModelRules, values: readonly HeardValue[], at: number): Promise<void> {
    const [kind, body] = stateOf(
      rules,
      values.filter(v => isState(rules, v.field)),
    )
    const text = JSON.stringify(body)
    const before = this.#states.get(device.id)
    const isNews = before?.text !== text || at - before.at >= SAME_AGAIN_MS
    if (Object.keys(body).length === 1 || !isNews) return
    this.#states.set(device.id, { text, at })
    try {
      await this.#tell(device, kind, body, at)
    } catch (error) {
      this.#states.delete(device.id)
      throw error
    }
  }

  async #readings(device: DeviceIdentity, rules: ModelRules, values: readonly HeardValue[], at: number): Promise<void> {
    const [kind, body] = readingsOf(
      rules,
      values.filter(v => !isState(rules, v.field)),
    )
    if (body.readings.length > 0) await this.#tell(device, kind, body, at)
  }

  #tell(device: DeviceIdentity, kind: UpKind, body: object, at: number): Promise<void> {
    const seq = this.#needs.newest(device.id) + 1
    const message = { id: `b${seq}`, at: new Date(at).toISOString(), seq, ...body }
    return this.#needs.receive(device, kind, Buffer.from(JSON.stringify(message)), at)
  }
}

const PROBE = { id: 'b1', at: '2026-01-01T00:00:00Z', seq: 1 }
const identityOf = ({ id, model }: BoughtDevice, { site, serial }: DeviceIdentity): DeviceIdentity => ({
  ...{ id, model, site, serial },
})
const isPart = ({ behind: { part } }: BoughtDevice, of: string): boolean => part === undefined || part === of
const pointOf = (rules: ModelRules): string => [...rules.points.keys()][0] ?? ''
const isState = (rules: ModelRules, field: HeardField): boolean =>
  rules.points.get(pointOf(rules))?.states.has(field) ?? false
const says = (rules: ModelRules, field: HeardField): boolean => isState(rules, field) || rules.quantities.has(field)

function firstOfEach(values: readonly HeardValue[]): HeardValue[] {
  const first = new Map<HeardField, HeardValue>()
  for (const value of values) if (!first.has(value.field)) first.set(value.field, value)
  return [...first.values()]
}

/** A contact wired the other way round. */
function turned(value: HeardValue, isInverted: boolean): HeardValue {
  const other = isInverted ? OPPOSITES.get(value.value) : undefined
  return other === undefined || !TURNED.has(value.field) ? value : { ...value, value: other }
}
const TURNED: ReadonlySet<HeardField> = new Set(['contact', 'occupancy', 'on'])
const OPPOSITES = new Map<HeardValue['value'], HeardValue['value']>([
  ['open', 'closed'],
  ['closed', 'open'],
  [1, 0],
  [0, 1],
  [true, false],
  [false, true],
])

const stateOf = (rules: ModelRules, values: readonly HeardValue[]) =>
  ['state', { point: pointOf(rules), ...Object.fromEntries(values.map(v => [v.field, v.value])) }] as const
const readingsOf = (rules: ModelRules, values: readonly HeardValue[]) =>
  [
    'reading',
    {
      readings: values.map(({ field, value }) => ({
        ...{ quantity: field, value },
        unit: rules.quantities.get(field)?.unit ?? '',
      })),
    },
  ] as const
