import type { DeviceState, HubState, PointState } from '../contract.ts'
import { type Counts, countThings, type Thing, thingOf } from '../model.ts'
import type { SiteState } from './site.svelte.ts'

interface Memo {
  readonly name: string
  readonly zone: string | undefined
  readonly device: DeviceState | undefined
  readonly points: readonly PointState[]
  readonly thing: Thing
}
const NONE: readonly PointState[] = []

/** What stands in the site and how it is now. A thing keeps its identity while nothing about it changes. */
export class Things {
  readonly #site: SiteState
  #points = $state.raw<ReadonlyMap<string, readonly PointState[]>>(new Map())
  #devices = $state.raw<ReadonlyMap<string, DeviceState>>(new Map())
  #hub = $state.raw<HubState>()
  #known = $state(false)
  readonly #memo = new Map<string, Memo>()
  #all: readonly Thing[] = $derived.by(() => this.#bringTogether())
  #byId: ReadonlyMap<string, Thing> = $derived(new Map(this.#all.map(t => [t.id, t])))
  #counts: Counts = $derived(countThings(this.#all))

  constructor(site: SiteState) {
    this.#site = site
  }
  get all(): readonly Thing[] {
    return this.#all
  }
  get counts(): Counts {
    return this.#counts
  }
  get hub(): HubState | undefined {
    return this.#hub
  }
  /** False until the hub has said how things are: nothing may be called closed before. */
  get known(): boolean {
    return this.#known
  }
  thing(id: string | undefined): Thing | undefined {
    return id === undefined ? undefined : this.#byId.get(id)
  }

  /** The whole state, at (re)connection. */
  replace(points: readonly PointState[], devices: readonly DeviceState[], hub: HubState): void {
    this.#points = grouped(new Map(), points)
    this.#devices = new Map(devices.map(d => [d.id, d]))
    this.#hub = hub
    this.#known = true
  }
  /** What changed since. */
  change(points: readonly PointState[], devices: readonly DeviceState[], hub: HubState | undefined): void {
    if (points.length > 0) this.#points = grouped(new Map(this.#points), points)
    if (devices.length > 0) this.#devices = new Map([...this.#devices, ...devices.map(d => [d.id, d] as const)])
    if (hub) this.#hub = hub
  }
  clear(): void {
    this.#points = new Map()
    this.#devices = new Map()
    this.#hub = undefined
    this.#known = false
    this.#memo.clear()
  }

  #bringTogether(): Thing[] {
    const configured = this.#site.view?.devices ?? []
    const ids = new Set(configured.map(d => d.id))
    const extra = [...this.#devices.values()].filter(d => !ids.has(d.id))
    return [...configured, ...extra].map(about => this.#thingOf(about))
  }
  #thingOf(about: { id: string; name: string; model: string; zone?: string }): Thing {
    const device = this.#devices.get(about.id)
    const points = this.#points.get(about.id) ?? NONE
    const old = this.#memo.get(about.id)
    if (old && old.device === device && old.points === points && old.name === about.name && old.zone === about.zone)
      return old.thing
    const { id, name, model, zone } = about
    const thing = thingOf({ id, name, model, ...(zone === undefined ? {} : { zone }) }, device, points)
    this.#memo.set(id, { name, zone, device, points, thing })
    return thing
  }
}

function grouped(
  into: Map<string, readonly PointState[]>,
  points: readonly PointState[],
): Map<string, readonly PointState[]> {
  for (const p of points)
    into.set(p.device, [...(into.get(p.device) ?? []).filter(q => q.point !== p.point), p].sort(byPoint))
  return into
}
const byPoint = (a: PointState, b: PointState): number => a.point.localeCompare(b.point, 'en', { numeric: true })
