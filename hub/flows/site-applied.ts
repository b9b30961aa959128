/**
 * A site file is applied.
 *
 *   read     the file: syntax, shape, references; the first fault is named by line and field, and nothing is changed
 *   compare  with what is in force
 *   guard    a site's id stays as it is while devices hold certificates for it; a file that says which revision it was
 *            exported at changes nothing that somebody else has changed since; what nobody does alone is not done by a file
 *   write    all changes and their journal row in one commit
 *
 * `vigie plan` stops after the comparison. PINs, temporary grants and situations are no part of the file, and stay.
 */
import { type Change, countChanges, diffSite } from '../access/diff.ts'
import type { Badge, Site } from '../access/site.ts'
import { parseSite } from '../access/site-file.ts'
import { idOf, itemsOf } from '../access/site-items.ts'
import { VigieError } from '../errors.ts'
import type { RightsChanged } from '../events.ts'
import { dangerIn } from '../rules/approvals.ts'
import { lockMode } from './approval-asked.ts'
import { KNOWN_MODELS } from './known-models.ts'
import { type StoredRegistry, siteOf } from './registry.ts'

export interface SiteChange {
  readonly kind: Change['kind']
  readonly id: string
  readonly body?: string
}

interface Needs {
  readonly read: () => StoredRegistry
  /** Items put or taken away after a revision. Needed for files that name one. */
  readonly changedSince: (revision: number) => readonly { readonly kind: string; readonly id: string }[]
  /** Badges that are withdrawn: uid -> JSON, as each stood last. */
  readonly withdrawnBadges: () => ReadonlyMap<string, string>
  readonly write: (change: {
    readonly at: number
    /** The revision the changes were worked out from: refused if it is not the present one any more. */
    readonly base: number
    readonly changes: readonly SiteChange[]
    readonly siteId: string
    readonly withdrawn: readonly string[]
    readonly events: readonly (
      | RightsChanged
      | { readonly kind: 'device.revoked'; readonly device: string; readonly reason: string }
    )[]
  }) => number | Promise<number>
  /** True while there is no account at all: then there is nobody whose approval could be asked for. */
  readonly nobodyToAsk: () => boolean
  readonly now: () => number
}

export interface Plan {
  readonly changes: readonly Change[]
  readonly site: Site
  /** The revision it was compared with. */
  readonly base: number
  /** Badges that are lost or revoked and stay so, whatever the file says of them. */
  readonly kept: readonly Pick<Badge, 'uid' | 'status'>[]
}

export class SiteApplied {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError site-syntax, site-invalid, site-conflict, site-outdated */
  plan(text: string, file: string): Plan {
    const written = parseSite(text, file, KNOWN_MODELS)
    const stored = this.#needs.read()
    const before = stored.items.length > 0 ? siteOf(stored) : undefined
    const { site, kept } = keepingLost(written, before, this.#needs.withdrawnBadges)
    guardSiteId(site, stored)
    const changes = diffSite(before, site)
    if (site.revision !== undefined) this.#guardRevision(changes, site.revision, { file, present: stored.revision })
    return {
      site: { ...site, site: { ...site.site, id: site.site.id ?? stored.siteId } },
      changes,
      base: stored.revision,
      kept,
    }
  }

  /** Somebody else's change must not be undone unseen. Where both made the same change there is nothing to undo. */
  #guardRevision(changes: readonly Change[], revision: number, where: { file: string; present: number }): void {
    const { file, present } = where
    const expected = {
      en: `at most ${present}, the present revision: this file was exported from another hub`,
      fr: `au plus ${present}, la révision actuelle\u202f: ce fichier vient d’un autre hub`,
    }
    if (revision > present) throw new VigieError('site-invalid', { file, line: 1, field: '/revision', expected })
    const since = new Set(this.#needs.changedSince(revision).map(i => `${i.kind} ${i.kind === 'site' ? '' : i.id}`))
    const clash = changes.find(c => since.has(`${c.kind} ${c.kind === 'site' ? '' : c.id}`))
    if (clash) throw new VigieError('site-outdated', { kind: clash.kind, id: clash.id, revision })
  }

  /**
   * @returns the plan and the revision it made, or the present one if there was nothing to change
   * @throws VigieError site-syntax, site-invalid, site-conflict, site-outdated, site-withdraws, site-changed (another change
   *   came between)
   */
  async apply(
    text: string,
    file: string,
    { origin, mayWithdraw }: Wish,
  ): Promise<Plan & { readonly revision: number }> {
    const plan = this.plan(text, file)
    if (plan.changes.length === 0) return { ...plan, revision: plan.base }
    const withdrawn = plan.changes.filter(c => c.kind === 'device' && c.change === 'removed').map(c => c.id)
    if (!mayWithdraw) this.#guardWithdrawal(withdrawn)
    if (!this.#needs.nobodyToAsk()) this.#guardAlone(plan)
    const rights: RightsChanged = { kind: 'rights.changed', revision: 0, ...countChanges(plan.changes), origin }
    const revocations = withdrawn.map(device => ({ kind: 'device.revoked', device, reason: 'withdrawn' }) as const)
    const revision = await this.#needs.write({
      at: this.#needs.now(),
      base: plan.base,
      changes: plan.changes.map(c => bodied(c, plan.site)),
      siteId: plan.site.site.id as string,
      withdrawn,
      events: [rights, ...revocations],
    })
    return { ...plan, revision }
  }

  /** What waits for a second operator where it is edited by itself does not get by in a file. @throws VigieError site-needs-approval */
  #guardAlone({ changes, site }: Plan): void {
    const stored = this.#needs.read()
    if (stored.items.length === 0) return
    const before = siteOf(stored).accessPoints.map(lockMode)
    const after = new Map(site.accessPoints.map(point => [point.id, lockMode(point)]))
    const alone = changes.filter(({ kind, id, change }) => {
      const point = kind === 'accessPoint' ? after.get(id) : undefined
      return dangerIn({ kind, id, removed: change === 'removed', ...(point && { after: point }) }, before) !== undefined
    })
    if (alone.length === 0) return
    const ids = (kind: string): string => {
      const found = alone.filter(c => c.kind === kind).map(c => c.id)
      return found.slice(0, MOST_NAMED).join(', ') + (found.length > MOST_NAMED ? ', …' : '')
    }
    const [zones, points] = [ids('zone'), ids('accessPoint')]
    const list = (zone: string, point: string): string =>
      [...(zones ? [`${zone} ${zones}`] : []), ...(points ? [`${point} ${points}`] : [])].join('; ')
    const expected = {
      en: list('it takes away zone', 'it changes the failure mode of'),
      fr: list('il retire la zone', 'il change le mode de défaillance de'),
    }
    throw new VigieError('site-needs-approval', { expected })
  }

  /** Revoking can't be undone: each device would have to be enrolled again, by hand. A wrong file must not do that. */
  #guardWithdrawal(withdrawn: readonly string[]): void {
    const enrolled = new Set(this.#needs.read().devices.flatMap(d => (d.status === 'enrolled' ? [d.id] : [])))
    const lost = withdrawn.filter(id => enrolled.has(id))
    if (lost.length > 0) throw new VigieError('site-withdraws', { count: lost.length, device: lost[0] as string })
  }
}

const MOST_NAMED = 10

export interface Wish {
  /** Who asks, as the journal names it. */
  readonly origin: string
  /** Devices that hold certificates may be revoked because the file does not name them any more. */
  readonly mayWithdraw: boolean
}

/**
 * A badge reported lost an hour ago must not come back by a file written yesterday, be it by way of a file that does not
 * name it at all. A file with a `revision` knows what stood then, and says what it means; so does editing that one badge.
 */
export function keepingLost(site: Site, before: Site | undefined, withdrawn: Needs['withdrawnBadges']): Kept {
  if (site.revision !== undefined) return { site, kept: [] }
  const past = [...withdrawn().values()].map(body => JSON.parse(body) as Badge)
  const gone = new Map([...past, ...(before?.badges ?? [])].filter(isGone).map(b => [b.uid, b.status]))
  const kept: Badge[] = []
  const badges = site.badges.map(badge => {
    const status = gone.get(badge.uid)
    if (status === undefined || isGone(badge)) return badge
    kept.push({ ...badge, status })
    return { ...badge, status }
  })
  return { site: { ...site, badges }, kept }
}
interface Kept {
  readonly site: Site
  readonly kept: readonly Badge[]
}

const isGone = ({ status }: Badge): boolean => status === 'lost' || status === 'revoked'

function guardSiteId(site: Site, stored: StoredRegistry): void {
  const { id } = site.site
  const holders = stored.devices.filter(d => d.status === 'enrolled').length
  if (id !== undefined && id !== stored.siteId && holders > 0)
    throw new VigieError('site-conflict', { field: id, count: holders })
}

function bodied({ kind, id, change }: Change, site: Site): SiteChange {
  if (kind === 'site') return { kind, id: 'site', body: JSON.stringify(site.site) }
  if (change === 'removed') return { kind, id }
  return { kind, id, body: JSON.stringify(itemsOf(site, kind).find(item => idOf(item) === id)) }
}
