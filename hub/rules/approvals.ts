/**
 * What nobody does alone: acts that wait for a second operator (IEC 62443-4-2, CR2.1 RE4). Emergencies never do: a lockdown,
 * an evacuation, a lost badge. Pure.
 */
import { type Capability, mayOperator, type Role } from './roles.ts'

/** Act -> what who asks must be able to do, everywhere; who approves too, but for SECONDS. */
export const DANGEROUS = {
  'zone-removed': 'rights.edit',
  'failure-mode-changed': 'rights.edit',
  'person-erased': 'privacy.erase',
} as const satisfies Record<string, Capability>
export type DangerousAct = keyof typeof DANGEROUS
/** Who can't do an act themselves, and may be the second person all the same: many a hospital has one data-protection officer. */
const SECONDS: Partial<Readonly<Record<DangerousAct, Capability>>> = { 'person-erased': 'operators.manage' }
export const DANGEROUS_ACTS = Object.keys(DANGEROUS) as DangerousAct[]

/** `approved`: being carried out, and it is not yet known whether it could be. */
export const APPROVAL_STATES = ['pending', 'approved', 'done', 'failed', 'refused', 'withdrawn', 'expired'] as const
export type ApprovalState = (typeof APPROVAL_STATES)[number]

/** From being asked for to its end, milliseconds. */
export const APPROVAL_MS = 86_400_000

/** A lock, and how it fails when nothing can be journaled. */
export interface LockMode {
  /** Of the access point. */
  readonly id: string
  readonly device: string
  readonly point: string
  readonly failureMode: string
}
export interface ItemWish {
  readonly kind: string
  readonly id: string
  /** It is taken away. */
  readonly removed: boolean
  /** Of an access point that is put: as it would be. */
  readonly after?: LockMode
}

/**
 * @param known locks as they are, then as they were, the newest first: an access point that is taken away and made again,
 *   or whose lock changes hands, changes its failure mode all the same
 */
export function dangerIn({ kind, id, removed, after }: ItemWish, known: readonly LockMode[]): DangerousAct | undefined {
  if (kind === 'zone' && removed) return 'zone-removed'
  if (kind !== 'accessPoint' || after === undefined) return undefined
  const before = [modeOf(known, id), modeAt(known, after)]
  return before.some(mode => mode !== undefined && mode !== after.failureMode) ? 'failure-mode-changed' : undefined
}

export const modeOf = (known: readonly LockMode[], id: string): string | undefined =>
  known.find(lock => lock.id === id)?.failureMode
export const modeAt = (known: readonly LockMode[], { device, point }: LockMode): string | undefined =>
  known.find(lock => lock.device === device && lock.point === point)?.failureMode

/** Somebody with an account, as it is now. */
export interface Deciding {
  readonly id: string
  readonly role: Role
  readonly zones?: readonly string[]
}
interface Pending {
  readonly act: DangerousAct
  readonly asker: string
  readonly state: ApprovalState
  readonly expiresAt: number
}

/** Everywhere, and not in some zones only: none of these acts keeps to a zone. */
export const mayAsk = (who: Deciding, act: DangerousAct): boolean => mayOperator(who, DANGEROUS[act])

export function maySecond(who: Deciding, act: DangerousAct): boolean {
  const instead = SECONDS[act]
  return mayAsk(who, act) || (instead !== undefined && mayOperator(who, instead))
}

export const waits = ({ state, expiresAt }: Pick<Pending, 'state' | 'expiresAt'>, now: number): boolean =>
  state === 'pending' && now < expiresAt

/** @returns what stands in the way of this operator's approval; undefined if nothing does */
export function unfit(
  approval: Pending,
  who: Deciding,
  now: number,
): 'approval-own' | 'not-allowed' | 'approval-decided' | undefined {
  if (!mayOperator(who, 'approvals.decide') || !maySecond(who, approval.act)) return 'not-allowed'
  if (!waits(approval, now)) return 'approval-decided'
  return approval.asker === who.id ? 'approval-own' : undefined
}
