import type { AccessPoint, EvacuationPlan, LockdownPlan, SiteDevice, SiteView, Zone } from '../contract.ts'
import { getSite, restError } from '../rest.ts'

/** The site as configured: its zones and their plan, its devices and access points. */
export class SiteState {
  #view = $state.raw<SiteView>()
  #failed = $state(false)
  #zones: ReadonlyMap<string, Zone> = $derived(new Map(this.#view?.zones.map(z => [z.id, z])))
  #devices: ReadonlyMap<string, SiteDevice> = $derived(new Map(this.#view?.devices.map(d => [d.id, d])))
  #points: ReadonlyMap<string, AccessPoint> = $derived(new Map(this.#view?.accessPoints.map(p => [p.id, p])))

  get view(): SiteView | undefined {
    return this.#view
  }
  get failed(): boolean {
    return this.#failed
  }
  get timeZone(): string {
    return this.#view?.site.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  }
  zone(id: string | undefined): Zone | undefined {
    return id === undefined ? undefined : this.#zones.get(id)
  }
  device(id: string | undefined): SiteDevice | undefined {
    return id === undefined ? undefined : this.#devices.get(id)
  }
  accessPoint(id: string | undefined): AccessPoint | undefined {
    return id === undefined ? undefined : this.#points.get(id)
  }
  plan(id: string | undefined): LockdownPlan | EvacuationPlan | undefined {
    return this.lockdownPlan(id) ?? this.evacuationPlan(id)
  }
  lockdownPlan(id: string | undefined): LockdownPlan | undefined {
    return this.#view?.lockdownPlans.find(p => p.id === id)
  }
  evacuationPlan(id: string | undefined): EvacuationPlan | undefined {
    return this.#view?.evacuationPlans.find(p => p.id === id)
  }
  accessPointsOf(device: string): readonly AccessPoint[] {
    return this.#view?.accessPoints.filter(p => p.device === device || p.lock?.device === device) ?? []
  }
  /** The zone itself or the nearest one above it that stands on the plan. */
  planned(id: string | undefined): Zone | undefined {
    const passed = new Set<string>()
    for (let z = this.zone(id); z && !passed.has(z.id); z = this.zone(z.parent)) {
      if (z.plan) return z
      passed.add(z.id)
    }
    return undefined
  }
  /** A zone and all below it. */
  under(id: string): ReadonlySet<string> {
    const found = new Set([id])
    for (let size = 0; size < found.size; ) {
      size = found.size
      for (const z of this.#view?.zones ?? []) if (z.parent !== undefined && found.has(z.parent)) found.add(z.id)
    }
    return found
  }

  async load(): Promise<void> {
    try {
      this.#view = await getSite()
      this.#failed = false
    } catch (e) {
      restError(e)
      this.#failed = true
    }
  }
  clear(): void {
    this.#view = undefined
    this.#failed = false
  }
}
