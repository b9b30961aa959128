/** Who plays: people at work at this moment, by the hospital's schedules. */
import { SimFailure } from '../failure.ts'
import { TIME_ZONE } from '../hospital.ts'
import { pinsOf, type Shift, STAFF } from '../hospital-staff.ts'
import { onDuty } from '../site-clock.ts'
import type { Part } from './scenario.ts'

export interface Player {
  readonly id: string
  readonly name: string
  readonly uid: string
  readonly pins: { readonly right: string; readonly wrong: string; readonly duress: string }
}

/** A shift that ends sooner than this would end in the middle of a scenario. */
export const LONGEST_SCENARIO_MS = 45_000

/** @throws SimFailure where nobody like that is at work */
export function castOf(parts: Readonly<Record<string, Part>>, seed: number, at: number): ReadonlyMap<string, Player> {
  return new Map(Object.entries(parts).map(([name, part]) => [name, playerOf(name, part, seed, at)]))
}

function playerOf(name: string, part: Part, seed: number, at: number): Player {
  const found = 'person' in part ? STAFF.find(m => m.id === part.person) : there(part.trade, at)[part.nth]
  if (!found)
    throw new SimFailure(
      `${name}: nobody of that trade is at work now`,
      `${name}\u202f: personne de ce métier n’est en service`,
    )
  const { pin, duress } = pinsOf(seed, found.id)
  const wrong = pin.replace(/\d/g, d => String((Number(d) + 3) % 10))
  const uid = ('person' in part && part.uid) || found.uid
  return {
    id: found.id,
    name: found.name,
    uid,
    pins: { right: pin, wrong: wrong === duress ? `0${wrong.slice(1)}` : wrong, duress },
  }
}

/** Those who are on duty now and will be until the scenario is over. */
const there = (trade: string, at: number) =>
  STAFF.filter(
    m => m.trade === trade && onDuty(m.shift, at, TIME_ZONE) && onDuty(m.shift, at + LONGEST_SCENARIO_MS, TIME_ZONE),
  )

const SHIFTS: readonly Shift[] = [...new Set(STAFF.map(m => m.shift))]

/** Milliseconds until no shift ends within a scenario any more; 0 nearly always. */
export function untilShiftsStand(at: number): number {
  const duty = (when: number) => SHIFTS.map(shift => onDuty(shift, when, TIME_ZONE)).join()
  const now = duty(at)
  if (duty(at + LONGEST_SCENARIO_MS) === now) return 0
  let waitMs = 1_000
  while (duty(at + waitMs) === now) waitMs += 1_000
  return waitMs
}
