/**
 * The live model: how every device and point stands now, fed by what was recorded. Each state carries the revision of its
 * last change, so that any page can be brought up to date from the one number it stands at, however far it lags.
 */
import type { DeviceState, PointState, SiteView } from '../api.ts'
import type { Origin, Place, Recorded, VigieEvent } from '../events.ts'
import { type Reach, within } from '../rules/zones.ts'
import { deviceAfterEvent, deviceAfterMessage, deviceAfterReadings, isMessage, patchOf, pointAfter } from './model.ts'

export interface LiveStart {
  readonly site: SiteView
  readonly devices: readonly DeviceState[]
  readonly points: readonly PointState[]
}

interface Kept<T> {
  state: T
  revision: number
}
interface KeptDevice extends Kept<DeviceState> {
  /** Of the last message counted: one message may bring several events. */
  countedSeq: number
}
interface Target {
  readonly device: string
  readonly point: string
}

const EMPTY: SiteView = {
  site: { name: '', timeZone: 'UTC' },
  zones: [],
  devices: [],
  accessPoints: [],
  lockdownPlans: [],
  evacuationPlans: [],
}

export class LiveModel {
  #site = EMPTY
  #locks = new Map<string, Target>()
  readonly #points = new Map<string, Kept<PointState>>()
  #devices = new Map<string, KeptDevice>()
  /** Changed only in what nobody watches by the second: counts and last seen. */
  readonly #quiet = new Set<KeptDevice>()
  #revision = 0

  /** Rises with every change a page should see. */
  get revision(): number {
    return this.#revision
  }
  /** True if counts have changed that no revision tells of yet. */
  get hasQuiet(): boolean {
    return this.#quiet.size > 0
  }

  site(): SiteView {
    return this.#site
  }
  devices(): readonly DeviceState[] {
    return [...this.#devices.values()].map(d => d.state)
  }
  device(id: string): DeviceState | undefined {
    return this.#devices.get(id)?.state
  }
  points(): readonly PointState[] {
    return [...this.#points.values()].map(p => p.state)
  }
  pointsOf(device: string): readonly PointState[] {
    return this.points().filter(p => p.device === device)
  }

  prime({ site, devices, points }: LiveStart): void {
    this.#points.clear()
    this.#devices.clear()
    for (const state of points) this.#points.set(key(state), { state, revision: ++this.#revision })
    this.declare(site, devices)
  }

  /**
   * Another site description, or other certificates: what is declared comes from `declared`; what was seen (presence,
   * readings, counts) stays. Devices and places that are gone go.
   */
  declare(site: SiteView, declared: readonly DeviceState[]): void {
    this.#site = site
    this.#locks = new Map(site.accessPoints.map(({ id, lock, device, point }) => [id, lock ?? { device, point }]))
    const before = this.#devices
    this.#devices = new Map(declared.map(d => [d.id, this.#declared(d, before.get(d.id))]))
    for (const [k, kept] of this.#points) if (!this.#devices.has(kept.state.device)) this.#points.delete(k)
    this.#quiet.clear()
  }

  #declared(declared: DeviceState, before: KeptDevice | undefined): KeptDevice {
    const { id, model, name, zone, status, certificateUntil, trust } = declared
    const { zone: _, certificateUntil: __, trust: ___, ...seen } = before?.state ?? declared
    const state = {
      ...seen,
      id,
      model,
      name,
      status,
      ...(zone !== undefined && { zone }),
      ...(certificateUntil !== undefined && { certificateUntil }),
      ...(trust !== undefined && { trust }),
    }
    return { state, revision: ++this.#revision, countedSeq: before?.countedSeq ?? 0 }
  }

  /** Takes in one recorded event. A few microseconds; no names, no JSON. */
  apply({ event, at }: Recorded): void {
    const patch = patchOf(event)
    if (patch && 'point' in event) this.#patch(this.#targetOf(event), event, patch, at)
    if (event.kind === 'readings') {
      for (const message of event.messages) this.#update(message.device, d => deviceAfterReadings(d, message, at))
    } else if (isMessage(event)) this.#count(event, at)
    else if (isAboutDevice(event)) this.#update(event.device, d => deviceAfterEvent(d, event, at))
  }

  /** Lets what changed quietly be seen: called about once a second, so that telemetry doesn't fill every frame. */
  settle(): void {
    for (const kept of this.#quiet) kept.revision = ++this.#revision
    this.#quiet.clear()
  }

  /** What lies in these zones. @param since only what has changed after that revision */
  within(reach: Reach, since = 0): { points: PointState[]; devices: DeviceState[] } {
    const [points, devices] = [changed(this.#points, since), changed(this.#devices, since)]
    if (reach === undefined) return { points, devices }
    return {
      points: points.filter(p => within(reach, p.zone ?? this.device(p.device)?.zone)),
      devices: devices.filter(d => within(reach, d.zone)),
    }
  }

  /** An order and its answer belong to the lock, which may hang on another device than the reader. */
  #targetOf(event: VigieEvent & Target & Place): Target {
    const atLock = event.kind === 'access.granted' || event.kind.startsWith('lock.')
    return (atLock && event.accessPoint !== undefined && this.#locks.get(event.accessPoint)) || event
  }

  #patch({ device, point }: Target, place: Place, patch: NonNullable<ReturnType<typeof patchOf>>, at: number): void {
    const { accessPoint, zone } = place
    const kept = this.#points.get(key({ device, point }))
    const before = kept?.state ?? { device, point, since: at }
    const placed =
      before.accessPoint === undefined && accessPoint !== undefined
        ? { ...before, accessPoint, ...(zone !== undefined && { zone }) }
        : before
    const state = pointAfter(placed, patch, at)
    if (kept && state === kept.state) return
    this.#points.set(key({ device, point }), { state, revision: ++this.#revision })
  }

  #count(event: Origin, at: number): void {
    const kept = this.#devices.get(event.device)
    if (!kept) return
    const { skewed } = kept.state
    kept.state = deviceAfterMessage(kept.state, event, at, event.deviceSeq !== kept.countedSeq)
    kept.countedSeq = event.deviceSeq
    if (kept.state.skewed === skewed) this.#quiet.add(kept)
    else kept.revision = ++this.#revision
  }

  #update(device: string, after: (before: DeviceState) => DeviceState): void {
    const kept = this.#devices.get(device)
    if (!kept) return
    kept.state = after(kept.state)
    kept.revision = ++this.#revision
  }
}

const key = ({ device, point }: Target): string => `${device}/${point}`

type AboutDevice = Parameters<typeof deviceAfterEvent>[1]
const isAboutDevice = (event: VigieEvent): event is AboutDevice =>
  event.kind.startsWith('device.') && event.kind !== 'device.gap'

function changed<T>(kept: ReadonlyMap<string, Kept<T>>, revision: number): T[] {
  const found: T[] = []
  for (const k of kept.values()) if (k.revision > revision) found.push(k.state)
  return found
}
