/** Steps 12 and 13 of a decision: anti-passback and occupancy of what is entered, and the other doors of a man-trap. */
import { type Case, type Refusal, refused, step } from './case.ts'
import type { SnapshotArea, SnapshotPassage } from './snapshot.ts'

/** Soft anti-passback: the zone that is entered twice. */
export interface EnteredTwice {
  readonly kind: 'entered-twice'
  readonly zone: string
}

/** Leaving is never refused: whoever is inside must get out, whatever the count says. */
export function passage(c: Case): Refusal | EnteredTwice | undefined {
  const entered = c.point.passage?.enters
  if (entered === undefined || entered.length === 0) return undefined
  return step(c, 'passback', passback(c, entered)) ?? step(c, 'occupancy', full(c, entered)) ?? enteredTwice(c, entered)
}

function passback(c: Case, entered: SnapshotPassage['enters']): Refusal | undefined {
  const area = entered.find(a => a.antiPassback && refusesTwice(c, a))
  return area && refused('passback', area.zone)
}

function refusesTwice(c: Case, { antiPassback, within }: SnapshotArea): boolean {
  const position = c.situations.position.get(c.badge.holder.person)
  if (position === undefined || !within.has(position.zone)) return false
  if (antiPassback?.mode === 'timed') return position.since + antiPassback.ms > c.at
  return antiPassback?.mode === 'hard'
}

function enteredTwice(c: Case, entered: SnapshotPassage['enters']): EnteredTwice | undefined {
  const zone = c.situations.position.get(c.badge.holder.person)?.zone
  if (zone === undefined) return undefined
  const area = entered.find(a => a.antiPassback?.mode === 'soft' && a.within.has(zone))
  if (area === undefined) return undefined
  c.trace?.({ code: 'passback-noted', case: c, zone: area.zone })
  return { kind: 'entered-twice', zone: area.zone }
}

function full(c: Case, entered: SnapshotPassage['enters']): Refusal | undefined {
  const area = entered.find(a => a.occupancyLimit !== undefined && reaches(c, a.within, a.occupancyLimit))
  return area && refused('zone-full', area.zone)
}

/** True if so many others are inside, or have a place kept for them. Stops counting there. */
function reaches(c: Case, within: ReadonlySet<string>, limit: number): boolean {
  const { position, passage: kept } = c.situations
  if (position.size + kept.size < limit) return false
  const self = c.badge.holder.person
  let inside = 0
  for (const [person, { zone }] of position) {
    if (within.has(zone) && person !== self && ++inside >= limit) return true
  }
  for (const [person, { to, until }] of kept) {
    if (!within.has(to) || person === self || !(until > c.at)) continue
    const zone = position.get(person)?.zone
    if ((zone === undefined || !within.has(zone)) && ++inside >= limit) return true
  }
  return false
}

/** At most one door of a man-trap is open, or released, at a time. */
export function interlock(c: Case): Refusal | undefined {
  if (c.point.interlocked.length === 0) return undefined
  const other = c.point.interlocked.find(door => {
    const row = c.situations.door.get(door)
    return row !== undefined && (row.open || row.releasedUntil > c.at)
  })
  return step(c, 'interlock', other === undefined ? undefined : refused('interlock', other))
}
