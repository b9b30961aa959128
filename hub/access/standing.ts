/** Steps 3 to 7 of a decision: whether badge and holder stand as such, whatever they ask for. */
import { isOpen } from './calendar.ts'
import { type Case, type Refusal, refused, refusedFor, step } from './case.ts'
import type { DenyReason } from './decision.ts'
import type { Validity } from './instant.ts'
import type { SnapshotBadge, SnapshotRule } from './snapshot.ts'

/** Badge and holder, rules that forbid, the PIN if one was entered: nothing goes past these, break-glass neither. */
export function standing(c: Case): Refusal | undefined {
  return badgeAndHolder(c) ?? step(c, 'deny-rules', forbidden(c)) ?? pin(c)
}

function badgeAndHolder(c: Case): Refusal | undefined {
  return (
    step(c, 'badge-status', refusalOf(statusReason(c.badge.status))) ??
    step(c, 'badge-validity', refusalOf(badgeReason(c.badge, c.at))) ??
    step(c, 'person-validity', refusalOf(holderReason(c.badge, c.at)))
  )
}

/** Steps 3 to 5 alone: this badge is its holder's, and both are valid at that time (ms). */
export const isSound = (badge: SnapshotBadge, at: number): boolean =>
  (statusReason(badge.status) ?? badgeReason(badge, at) ?? holderReason(badge, at)) === undefined

const refusalOf = (reason: DenyReason | undefined): Refusal | undefined =>
  reason === undefined ? undefined : refused(reason)

function statusReason(status: SnapshotBadge['status']): DenyReason | undefined {
  switch (status) {
    case 'active':
      return undefined
    case 'suspended':
      return 'badge-suspended'
    case 'lost':
      return 'badge-lost'
    default:
      return 'badge-revoked'
  }
}

function badgeReason({ validity }: SnapshotBadge, at: number): DenyReason | undefined {
  if (!begun(validity, at)) return 'badge-not-yet-valid'
  return ended(validity, at) ? 'badge-expired' : undefined
}

function holderReason({ holder: { validity } }: SnapshotBadge, at: number): DenyReason | undefined {
  if (!begun(validity, at)) return 'person-not-yet-valid'
  return ended(validity, at) ? 'person-expired' : undefined
}

// Written so that NaN, on either side, is neither begun nor still valid.
const begun = (validity: Validity, at: number): boolean => at >= validity.from
const ended = (validity: Validity, at: number): boolean => !(at < validity.until)

function forbidden(c: Case): Refusal | undefined {
  const rules = c.profile.deny[c.point.index]
  if (rules === undefined) return undefined
  if (c.trace) for (const rule of rules) c.trace({ code: 'deny-rule', case: c, rule, open: forbids(c, rule) })
  const rule = rules.find(r => forbids(c, r))
  return rule && refused('denied-by-rule', nameOf(rule))
}

/** Where the clock on the wall is not known, nobody can say that a rule does not forbid now. */
const forbids = (c: Case, rule: SnapshotRule): boolean => Number.isNaN(c.minute) || isOpen(rule.timetable, c.minute)

export const nameOf = (rule: SnapshotRule): string => `${rule.role}/${rule.right}`

/**
 * A PIN that was entered has to be right, asked for or not. While locked no PIN is judged, so that trying on tells
 * nothing.
 */
function pin(c: Case): Refusal | undefined {
  return c.asked.pin === undefined ? undefined : step(c, 'pin', pinRefusal(c))
}

function pinRefusal(c: Case): Refusal | undefined {
  const lockedUntil = c.situations.pin.get(c.badge.credential)?.lockedUntil ?? 0
  if (lockedUntil > c.at) return refusedFor('pin-locked', lockedUntil - c.at)
  if (c.asked.pin === 'wrong') return refused('pin-wrong')
  return c.asked.pin === 'unset' ? refused('pin-unset') : undefined
}
