/** What a badge holder brings to a reader that asks for more than a badge; known from the site's data, as staff know it. */
import { asksOf, TIME_ZONE } from './hospital.ts'
import { isWitness } from './hospital-roles.ts'
import { type Member, pinsOf, STAFF } from './hospital-staff.ts'
import type { BadgeAct, Offer } from './models/behaviour.ts'
import { onDuty } from './site-clock.ts'

const REASONS = ['Douleur aiguë, EVA 8', 'Titration prescrite', 'Relais de seringue', 'Contrôle du stock'] as const

/** `chance` (0 to 1) picks the words, the reference and the colleague. `at`: ms since 1970, UTC. */
export function broughtTo(
  reader: { readonly device: string; readonly point: string },
  uid: string,
  { seed, at, chance }: { readonly seed: number; readonly at: number; readonly chance: number },
): Pick<BadgeAct, 'pin' | 'reason' | 'reference' | 'offer'> {
  const asks = asksOf(reader.device, reader.point)
  const member = STAFF.find(m => m.uid === uid)
  if (!asks || !member) return {}
  const offer: Offer = asks.witness ? colleagueOf(member, at, chance) : {}
  return {
    ...(asks.pin ? { pin: pinsOf(seed, member.id).pin } : {}),
    ...(asks.reason ? { reason: REASONS[Math.floor(chance * REASONS.length)]! } : {}),
    ...(asks.reference
      ? { reference: { kind: 'prescription', id: `ord-${Math.floor(chance * 900_000) + 100_000}` } }
      : {}),
    ...(asks.witness ? { offer } : {}),
  }
}

/** Somebody else at work then who may stand beside them; nobody on a lonely night. */
function colleagueOf(member: Member, at: number, chance: number): Offer {
  const there = STAFF.filter(m => m !== member && isWitness(m) && onDuty(m.shift, at, TIME_ZONE))
  const witness = there[Math.floor(chance * there.length)]?.uid
  return witness === undefined ? {} : { witness }
}
