import type { Finding, GrantOrigin } from '../contract.ts'
import type { ActName } from '../situations.ts'

/** What is going on, and what may be done about it. */
export interface SituationWords
  extends Record<
    | 'menu'
    | 'label'
    | 'lockdown'
    | 'evacuation'
    | 'breakGlass'
    | 'awaited'
    | 'releasing'
    | 'paused'
    | 'reverted'
    | 'running'
    | 'noPlans'
    | 'cancel'
    | 'escape'
    | 'sending'
    | 'list'
    | 'review'
    | 'reviews'
    | 'noReviews'
    | 'stated'
    | 'overdue'
    | 'own'
    | 'readOnly'
    | 'finding'
    | 'findingNeeded'
    | 'comment'
    | 'commentHint'
    | 'close'
    | 'muster'
    | 'insideTitle'
    | 'safeTitle'
    | 'unknownTitle'
    | 'nobodyInside'
    | 'nobodySafe'
    | 'isSafe'
    | 'reading'
    | 'unread'
    | 'journaled'
    | 'over',
    string
  > {
  /** Why an account that is linked to nobody closes no review, whom to ask, and the command. */
  needsPerson(login: string): string
  readonly findings: Readonly<Record<Finding, string>>
  readonly origins: Readonly<Record<GrantOrigin, string>>
  readonly via: Readonly<Record<'grant' | 'break-glass', string>>
  readonly why: Readonly<Record<'expired' | 'badge-lost' | 'withdrawn', string>>
  /** The verb of an act, on its button. */
  readonly acts: Readonly<Record<ActName, string>>
  /** `Confiner l’aile sud ?` */
  question(act: ActName, plan: string): string
  /** What a lockdown does: which zones, from which rank on one passes, minutes until it ends by itself. */
  lockdownMeans(zones: string, rank: number, roles: number, minutes: number): string
  /** What an evacuation does: doors released, zones whose people are to be accounted for. */
  evacuationMeans(doors: number, names: string, zones: string): string
  resumeMeans(doors: number, names: string): string
  endLockdownMeans: string
  endEvacuationMeans(inside: number): string
  /** `A, B et C`, and how many more. */
  listed(names: readonly string[], more: number): string
  /** `par B. Kessler` */
  by(name: string): string
  application(name: string): string
  /** `avec L. Aubry` */
  with(name: string): string
  /** `encore 12 min` */
  left(time: string): string
  since(at: string): string
  /** `1 évacuation`, `2 confinements`; empty for none */
  going(what: 'evacuation' | 'lockdown' | 'break-glass', n: number): string
  inside(n: number): string
  safe(n: number): string
  released(n: number, silent: number): string
  endedWith(n: number): string
  positions(n: number): string
  /** `2 bris de glace à relire, dont 1 en retard` */
  waiting(n: number, overdue: number): string
  /** `à relire avant 21/03 02:46:31` */
  due(at: string): string
  /** `Marquer C. Marchand en sécurité` */
  markSafe(name: string): string
}
