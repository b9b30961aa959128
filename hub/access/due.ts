/**
 * What time alone changes: nobody badges, and something is over or overdue. Asked again and again (every second or so); what
 * it returns is not due any more once the changes are made. Pure.
 */
import type { VigieEvent } from '../events.ts'
import { USES_MS } from './emergency.ts'
import type { SituationChange, Situations } from './situations.ts'
import type { Snapshot } from './snapshot.ts'

/** An overdue review is called overdue again every so often. */
export const ESCALATE_MS = 24 * 3_600_000
/** Nobody is inside that long: they left by a way that nobody counts. */
export const STALE_POSITION_MS = 36 * 3_600_000

export interface Due {
  readonly changes: readonly SituationChange[]
  /** For the journal; subjects are pseudonyms. */
  readonly tells: readonly VigieEvent[]
}
interface Found {
  readonly change: SituationChange
  readonly tell?: VigieEvent
}

/** @param now hub time, ms since 1970, UTC */
export function due(snapshot: Snapshot, situations: Situations, now: number): Due {
  const found = [
    ...lapsed(snapshot, situations, now),
    ...untaken(situations, now),
    ...expired(situations, now),
    ...reverted(situations, now),
    ...overdue(situations, now),
    ...shut(situations, now),
    ...forgotten(situations, now),
  ]
  return { changes: found.map(f => f.change), tells: found.map(f => f.tell).filter(t => t !== undefined) }
}

/** `before/after`: access points, readers' points and plans hold no slash, so the last one parts them. */
function parted(key: string): readonly [before: string, after: string] {
  const slash = key.lastIndexOf('/')
  return [key.slice(0, slash), key.slice(slash + 1)]
}

function* lapsed(snapshot: Snapshot, { witness }: Situations, now: number): Generator<Found> {
  for (const [key, { person, accessPoint, until }] of witness) {
    if (!(until <= now)) continue
    const [device, point] = parted(key)
    const known = snapshot.points.get(key)
    const place = { accessPoint, ...(known && { zone: known.zone, class: known.class }) }
    yield {
      change: { kind: 'witness', key },
      tell: { kind: 'access.lapsed', device, point, ...place, person },
    }
  }
}

/** Let through, and did not open the door: the place is free again. */
function* untaken({ passage }: Situations, now: number): Generator<Found> {
  for (const [key, { until }] of passage) if (until <= now) yield { change: { kind: 'passage', key } }
}

function* expired(situations: Situations, now: number): Generator<Found> {
  for (const [key, { id, until }] of situations['break-glass']) {
    if (!(until <= now)) continue
    const [person, accessPoint] = parted(key)
    const tell = { kind: 'break-glass.ended', id, person, accessPoint, why: 'expired' } as const
    yield { change: { kind: 'break-glass', key }, tell }
  }
}

function* reverted({ lockdown }: Situations, now: number): Generator<Found> {
  for (const [plan, { until }] of lockdown) {
    if (until <= now)
      yield {
        change: { kind: 'lockdown', key: plan },
        tell: { kind: 'lockdown.ended', plan, by: 'reverted' },
      }
  }
}

/** Once at `dueAt`, then every 24 h. After a stretch without a hub the missed ones are one, so that nobody gets a burst. */
function* overdue({ review }: Situations, now: number): Generator<Found> {
  for (const [id, row] of review) {
    const escalation = Math.floor((now - row.dueAt) / ESCALATE_MS) + 1
    if (!(escalation > row.escalations)) continue
    const { person, accessPoint, zone } = row
    yield {
      change: { kind: 'review', key: id, value: { ...row, escalations: escalation } },
      tell: { kind: 'break-glass.review-overdue', id, person, accessPoint, zone, escalation },
    }
  }
}

/** Doors of man-traps that were released and stayed shut. */
function* shut({ door }: Situations, now: number): Generator<Found> {
  for (const [key, { open, releasedUntil }] of door) {
    if (!open && releasedUntil <= now) yield { change: { kind: 'door', key } }
  }
}

/** What is kept for a while only, and then must not be kept any more. */
function* forgotten({ uses, position }: Situations, now: number): Generator<Found> {
  for (const [key, { at }] of uses) {
    const recent = at.filter(use => !(use <= now - USES_MS))
    if (recent.length === at.length && recent.length > 0) continue
    yield { change: recent.length > 0 ? { kind: 'uses', key, value: { at: recent } } : { kind: 'uses', key } }
  }
  for (const [key, { since }] of position) {
    if (since <= now - STALE_POSITION_MS) yield { change: { kind: 'position', key } }
  }
}
