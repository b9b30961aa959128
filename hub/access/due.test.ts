import { expect, test } from 'vitest'
import { during, ward } from '../test/decide-cases/put.ts'
import { HOUR, NOON, NORA } from '../test/ward-site.ts'
import { due } from './due.ts'
import { applied, CALM, type SituationChange } from './situations.ts'

const DAY = 24 * HOUR
const gone = (kind: SituationChange['kind'], key: string) => ({ kind, key })
const awaited = (key: string): SituationChange => ({
  kind: 'witness',
  key,
  value: { person: 'p-nora', credential: `b-${NORA}`, accessPoint: 'two', since: NOON - 30_000, until: NOON },
})
const lapsed = { kind: 'access.lapsed', device: 'reader', accessPoint: 'two', person: 'p-nora' }
const review = (escalations: number, dueAt = NOON): SituationChange => ({
  kind: 'review',
  key: 'e-1',
  value: { person: 'p-nora', accessPoint: 'glass', zone: 'ward', at: 0, dueAt, escalations, statedReason: 'x' },
})
const overdue = (escalation: number) => ({
  kind: 'break-glass.review-overdue',
  id: 'e-1',
  person: 'p-nora',
  accessPoint: 'glass',
  zone: 'ward',
  escalation,
})

/** A row; when it is due; what changes; what is told. */
type Kind = readonly [title: string, row: SituationChange, at: number, change: object, tell?: object]
const KINDS: readonly Kind[] = [
  [
    'a second person who did not come',
    awaited('reader/two'),
    NOON,
    gone('witness', 'reader/two'),
    { ...lapsed, point: 'two', zone: 'ward', class: 'medicines' },
  ],
  [
    'a second person at a reader that is not there any more',
    awaited('old/two'),
    NOON,
    gone('witness', 'old/two'),
    { ...lapsed, device: 'old', point: 'two' },
  ],
  [
    'a door that was not opened',
    { kind: 'passage', key: 'p-nora', value: { accessPoint: 'in-lab', to: 'lab', until: NOON } },
    NOON,
    gone('passage', 'p-nora'),
  ],
  [
    'an emergency opening',
    { kind: 'break-glass', key: 'p-nora/glass', value: { id: 'e-1', since: 0, until: NOON } },
    NOON,
    gone('break-glass', 'p-nora/glass'),
    { kind: 'break-glass.ended', id: 'e-1', person: 'p-nora', accessPoint: 'glass', why: 'expired' },
  ],
  [
    'a lockdown',
    { kind: 'lockdown', key: 'hall', value: { since: 0, until: NOON, by: 'cli:test' } },
    NOON,
    gone('lockdown', 'hall'),
    { kind: 'lockdown.ended', plan: 'hall', by: 'reverted' },
  ],
  ['a review', review(0), NOON, review(1), overdue(1)],
  ['a review a day later', review(1), NOON + DAY, review(2), overdue(2)],
  [
    'a released door of a man-trap',
    { kind: 'door', key: 'trap-a', value: { open: false, releasedUntil: NOON } },
    NOON,
    gone('door', 'trap-a'),
  ],
  [
    'an emergency of yesterday',
    { kind: 'uses', key: 'p-nora', value: { at: [NOON] } },
    NOON + DAY,
    gone('uses', 'p-nora'),
  ],
  [
    'one emergency of several',
    { kind: 'uses', key: 'p-nora', value: { at: [NOON, NOON + 1] } },
    NOON + DAY,
    { kind: 'uses', key: 'p-nora', value: { at: [NOON + 1] } },
  ],
  [
    'a position of the day before yesterday',
    { kind: 'position', key: 'p-nora', value: { zone: 'lab', since: NOON, accessPoint: 'in-lab' } },
    NOON + 36 * HOUR,
    gone('position', 'p-nora'),
  ],
]

test.each(KINDS.map(kind => ({ title: kind[0], kind })))(
  '$title is due to the millisecond, and only once',
  ({ kind }) => {
    const [, row, at, change, tell] = kind
    const situations = during(row)
    expect(due(ward, situations, at - 1)).toEqual({ changes: [], tells: [] })
    const found = due(ward, situations, at)
    expect(found).toEqual({ changes: [change], tells: tell ? [tell] : [] })
    expect(due(ward, applied(situations, found.changes), at)).toEqual({ changes: [], tells: [] })
  },
)

test.each<SituationChange>([
  { kind: 'door', key: 'trap-a', value: { open: true, releasedUntil: 0 } },
  { kind: 'evacuation', key: 'fire', value: { since: 0, by: 'cli:test', releasing: true } },
  { kind: 'mustered', key: 'fire/p-nora', value: { at: 0 } },
  { kind: 'pin', key: `b-${NORA}`, value: { wrong: 2, lastAt: 0, lockedUntil: 0 } },
])('time alone does not end $kind', row => {
  expect(due(ward, during(row), NOON)).toEqual({ changes: [], tells: [] })
})

test('a review that was overdue while no hub ran is told of once, not once for each day', () => {
  const found = due(ward, during(review(0)), NOON + 3 * DAY + 1)
  expect(found.tells).toEqual([overdue(4)])
  expect(due(ward, applied(CALM, found.changes), NOON + 4 * DAY - 1).tells).toEqual([])
  expect(due(ward, applied(CALM, found.changes), NOON + 4 * DAY).tells).toEqual([overdue(5)])
})

test('everything that is due at one time comes at once, and nothing of it again', () => {
  const rows = KINDS.map(([, row]) => row)
  const situations = during(...rows)
  const found = due(ward, situations, NOON + 2 * DAY)
  expect(new Set(found.changes.map(c => `${c.kind} ${c.key}`)).size).toBe(found.changes.length)
  expect(new Set(found.changes.map(c => c.kind)).size).toBe(new Set(rows.map(r => r.kind)).size)
  expect(due(ward, applied(situations, found.changes), NOON + 2 * DAY)).toEqual({ changes: [], tells: [] })
})
