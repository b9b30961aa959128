/** What people at a reader do about its answer: enter what it asks for, or let a colleague badge too. */
import type { DecisionMessage } from '#devices/messages.ts'
import type { BadgeAct } from './models/behaviour.ts'

/** Reading the display and typing; reaching for the other badge. Milliseconds. */
const ENTERS_MS = 1_200
const COLLEAGUE_MS = 1_000

/** The next badge at this reader, or undefined: nobody has what it asks for, or it was given already and did not help. */
export function nextBadge(
  act: BadgeAct,
  { granted, reason }: Pick<DecisionMessage, 'granted' | 'reason'>,
): { readonly afterMs: number; readonly act: BadgeAct } | undefined {
  const { offer, ...shown } = act
  if (granted || !offer) return undefined
  const { pin, reason: why, reference, witness } = offer
  const again = (more: Partial<BadgeAct>) => ({ afterMs: ENTERS_MS, act: { ...act, ...more } })
  if (reason === 'pin-required' && pin !== undefined && !shown.pin) return again({ pin })
  if (reason === 'reason-required' && why !== undefined && !shown.reason) return again({ reason: why })
  if (reason === 'reference-required' && reference && !shown.reference) return again({ reference })
  if (reason === 'witness-awaited' && witness !== undefined)
    return { afterMs: COLLEAGUE_MS, act: colleague(act, witness) }
  return undefined
}

/** The colleague brings a badge and nothing else; the first one's hand is still on the handle. */
const colleague = ({ kind, point, hand }: BadgeAct, uid: string): BadgeAct => ({
  kind,
  point,
  uid,
  ...(hand ? { hand } : {}),
})
