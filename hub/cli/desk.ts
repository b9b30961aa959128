/**
 * What commands ask for, whichever way it is done: over the API of a hub that runs (remote-desk.ts), or on the data folder
 * while none does (direct-desk.ts). Who asks is the way's own affair.
 */
import type {
  Grant,
  Invited,
  MayAnswer,
  MayQuestion,
  OperatorView,
  UnusedAnswer,
  UnusedQuestion,
  WhoAnswer,
  WhoQuestion,
  WhyAnswer,
  WhyQuestion,
} from '../api.ts'
import type { Waiting } from '../flows/approval-asked.ts'
import type { LostBadge } from '../flows/badge-lost.ts'
import type { EvacuationStarted, EvacuationView } from '../flows/evacuation.ts'
import type { GrantWish } from '../flows/grant-issued.ts'
import type { ItemView } from '../flows/item-edited.ts'
import type { AskedFilter, ShownDays, ShownPage } from '../flows/journal-searched.ts'
import type { LockdownView } from '../flows/lockdown.ts'
import type { MusterList } from '../flows/muster-read.ts'
import type { ResetWish } from '../flows/passback-reset.ts'
import type { Departed } from '../flows/person-departed.ts'
import type { ReviewView } from '../flows/review-closed.ts'
import type { Written } from '../flows/without-disk.ts'
import type { OperatorAdmin } from '../http/account-ports.ts'
import type { InForce } from './context.ts'

export interface Desk {
  readonly acts: DeskActs
  readonly operators: DeskOperators
  readonly questions: DeskQuestions
  readonly journal: DeskJournal
  /** What the last act came to. */
  inForce(): InForce
  /** Whether a hub decides by what is done here. */
  hubRuns(): boolean
  /** Of the site; UTC for whoever may not see the site. */
  timeZone(): Promise<string>
  /** Of a person, by id; the id for whoever may not see names. */
  nameOf(person: string): Promise<string>
  /** The same for all of them. */
  names(): Promise<ReadonlyMap<string, string>>
  now(): number
  /** Called before the command ends, whatever became of it. */
  close(): void
}

/** As wiring/acts.ts has them. */
export interface DeskActs {
  lockdowns(): Promise<readonly LockdownView[]>
  startLockdown(plan: string): Promise<LockdownView & Written>
  endLockdown(plan: string): Promise<{ readonly plan: string } & Written>
  evacuations(): Promise<readonly EvacuationView[]>
  startEvacuation(plan: string): Promise<EvacuationStarted>
  resumeEvacuation(plan: string): Promise<EvacuationStarted>
  endEvacuation(plan: string): Promise<{ readonly plan: string } & Written>
  /** What the first round of orders of an evacuation just begun came to; undefined where it is not known in time. */
  released(): Promise<FirstRound | undefined>
  accountFor(plan: string, person: string): Promise<{ readonly at: number } & Partial<Written>>
  muster(plan: string): Promise<MusterList>
  grants(all: boolean): Promise<readonly Grant[]>
  issueGrant(wish: GrantWish): Promise<Grant>
  revokeGrant(id: string): Promise<Grant>
  badgeLost(uid: string): Promise<LostBadge>
  depart(person: string, reason: string): Promise<Departed>
  setPin(person: string, pin: string, duressPin: string | undefined): Promise<void>
  clearPin(person: string): Promise<{ readonly changed: boolean }>
  resetPassback(wish: ResetWish): Promise<{ readonly count: number }>
  resetInterlock(accessPoint: string): Promise<void>
  reviews(): Promise<readonly ReviewLine[]>
  item(kind: string, id: string): Promise<ItemShown>
  itemIds(kind: string): Promise<readonly string[]>
  /** @param expected the revision that was seen; 0: it must be new */
  putItem(kind: string, id: string, item: unknown, expected: number): Promise<EditDone>
  removeItem(kind: string, id: string, expected: number): Promise<EditDone>
  /** A site file. */
  exportSite(): Promise<string>
  /** @param person absent: the link is taken away */
  linkOperator(login: string, person: string | undefined): Promise<void>
}
export type EditDone = { readonly revision: number } | Waiting
export type ItemShown = Omit<ItemView, 'kind'> & { readonly kind: string }
export type ReviewLine = Omit<ReviewView, 'person' | 'unfit'> & Partial<Pick<ReviewView, 'person'>>
/** Doors by the ids of their access points; only how many where no more may be known. */
export interface FirstRound {
  readonly released: readonly string[] | number
  readonly silent: readonly string[] | number
}

export interface DeskOperators {
  list(): Promise<readonly OperatorView[]>
  invite(wish: Omit<Parameters<OperatorAdmin['invite']>[0], 'origin'>): Promise<Invited>
  /** As the account stands: the last word counts. */
  change(login: string, wish: Parameters<OperatorAdmin['change']>[1]): Promise<OperatorView>
  reset(login: string, reason: string): Promise<Invited>
}

export interface DeskQuestions {
  why(question: WhyQuestion): Promise<WhyAnswer>
  who(question: WhoQuestion): Promise<WhoAnswer>
  may(question: MayQuestion): Promise<MayAnswer>
  unused(question: UnusedQuestion): Promise<UnusedAnswer>
}

/** @throws VigieError index-behind while the index follows a long journal: to be asked again */
export interface DeskJournal {
  page(filter: AskedFilter, paging: { readonly limit: number; readonly cursor?: string }): Promise<ShownPage>
  days(filter: AskedFilter): Promise<ShownDays>
}
