/**
 * What those see and do whose role counts in some zones only: what lies in them, and those below. What lies elsewhere is
 * not there for them; what they ask to do there is not allowed, whether or not it exists.
 */
import type { Grant, MayAnswer, SiteView, WhyAnswer } from '../api.ts'
import { VigieError } from '../errors.ts'
import { type Reach, within } from '../rules/zones.ts'

/** The part of the site that lies in their zones; of plans that go further, the part of the plan. */
export function siteWithin(site: SiteView, reach: Reach): SiteView {
  if (reach === undefined) return site
  const points = site.accessPoints.filter(p => reach.has(p.zone))
  const ids = new Set(points.map(p => p.id))
  const inZone = (zone: string): boolean => reach.has(zone)
  const inPoints = (point: string): boolean => ids.has(point)
  return {
    site: site.site,
    zones: site.zones.filter(z => reach.has(z.id)).map(z => rooted(z, reach)),
    devices: site.devices.filter(d => reach.has(d.zone)),
    accessPoints: points,
    lockdownPlans: site.lockdownPlans
      .filter(plan => plan.zones.some(inZone))
      .map(plan => ({ ...plan, zones: plan.zones.filter(inZone) })),
    evacuationPlans: site.evacuationPlans
      .filter(plan => plan.zones.some(inZone))
      .map(plan => ({
        ...plan,
        zones: plan.zones.filter(inZone),
        release: plan.release.filter(inPoints),
        muster: plan.muster.filter(inPoints),
      })),
  }
}

/** What somebody may open in their zones. */
export const mayWithin = (reach: Reach, { points, breakGlass, ...rest }: MayAnswer): MayAnswer => ({
  ...rest,
  points: points.filter(({ accessPoint }) => within(reach, accessPoint.zone.id)),
  breakGlass: breakGlass.filter(point => within(reach, point.zone.id)),
})

type Zone = SiteView['zones'][number]
/** The uppermost of their zones lies in nothing that they see. */
function rooted(zone: Zone, reach: ReadonlySet<string>): Zone {
  const { parent, ...rest } = zone
  return parent === undefined || reach.has(parent) ? zone : rest
}

/** Asked before an act: whether where it happens is theirs. */
export class Places {
  readonly #site: () => SiteView

  constructor(site: () => SiteView) {
    this.#site = site
  }

  /** All of the plan lies in their zones. @throws VigieError not-allowed */
  needPlan(reach: Reach, kind: 'lockdownPlans' | 'evacuationPlans', id: string): void {
    if (reach === undefined) return
    const plan = this.#site()[kind].find(p => p.id === id)
    const points = plan && 'release' in plan ? plan.release : []
    const all = plan?.zones.every(zone => reach.has(zone)) && points.every(point => this.#reachesPoint(reach, point))
    if (!all) throw new VigieError('not-allowed')
  }

  /** @throws VigieError not-allowed */
  needPoint(reach: Reach, id: string): void {
    if (!this.#reachesPoint(reach, id)) throw new VigieError('not-allowed')
  }

  /** @param zone left out: the whole site @throws VigieError not-allowed */
  needZone(reach: Reach, zone: string | undefined): void {
    if (!within(reach, zone)) throw new VigieError('not-allowed')
  }

  /** A grant opens nothing outside: it names a zone or an access point of theirs, and no other. */
  grants(reach: Reach, { target = {} }: Pick<Grant, 'target'>): boolean {
    const { zone, accessPoint } = target
    if (reach === undefined) return true
    if (zone === undefined && accessPoint === undefined) return false
    return (
      (zone === undefined || reach.has(zone)) && (accessPoint === undefined || this.#reachesPoint(reach, accessPoint))
    )
  }

  /** Badge events at access points of theirs. */
  whyWithin(reach: Reach, { events, ...rest }: WhyAnswer): WhyAnswer {
    const theirs = events.filter(
      e => reach === undefined || (e.accessPoint && this.#reachesPoint(reach, e.accessPoint.id)),
    )
    return { ...rest, events: theirs }
  }

  #reachesPoint(reach: Reach, id: string): boolean {
    return reach === undefined || within(reach, this.#site().accessPoints.find(p => p.id === id)?.zone)
  }
}
