/** Step 11 of a decision: the second of two people. */
import { DINA, NILS, NILS_TOO, NOON, NORA, TECH } from '../ward-site.ts'
import { at, awaiting, glass, opensBy, type Row, withBadge, withPerson } from './put.ts'

export const PAIR_CASES: readonly Row[] = [
  [
    'a second person of the role, in time',
    'granted',
    {
      ...at('two', NILS),
      situations: awaiting('nora', NORA, 'two'),
      rest: { person: 'p-nora', credential: `b-${NORA}`, witness: 'p-nils', ...opensBy('nurse', 8) },
    },
  ],
  [
    'a second person by an inherited role',
    'granted',
    { ...at('two', DINA), situations: awaiting('nora', NORA, 'two'), rest: { witness: 'p-dina' } },
  ],
  [
    'what the first message brought counts',
    'granted',
    { ...at('both', NILS), situations: awaiting('nora', NORA, 'both', { pin: 'right' }), rest: { person: 'p-nora' } },
  ],
  [
    'the last millisecond of the time for the second person',
    'granted',
    {
      ...at('two', NILS),
      situations: awaiting('nora', NORA, 'two', { since: NOON - 29_999, until: NOON + 1 }),
      rest: { person: 'p-nora' },
    },
  ],
  [
    'the second person too late',
    'witness-awaited',
    {
      ...at('two', NILS),
      situations: awaiting('nora', NORA, 'two', { since: NOON - 30_000, until: NOON }),
      rest: { person: 'p-nils' },
    },
  ],
  [
    'the time of the rule counts, whatever the row says',
    'witness-awaited',
    {
      ...at('two', NILS),
      situations: awaiting('nora', NORA, 'two', { since: NOON - 30_000, until: NOON + 1 }),
      rest: { person: 'p-nils' },
    },
  ],
  [
    'the same person with another badge',
    'witness-awaited',
    { ...at('two', NILS_TOO), situations: awaiting('nils', NILS, 'two'), rest: { person: 'p-nils', waitMs: 30_000 } },
  ],
  [
    'a second person of another role stands for themselves',
    'no-right',
    { ...at('two', TECH), situations: awaiting('nora', NORA, 'two'), rest: { person: 'p-tech' } },
  ],
  [
    'a second person whose badge is lost',
    'badge-lost',
    {
      ...at('two', NORA),
      snapshot: withBadge({ status: 'lost' }),
      situations: awaiting('nils', NILS, 'two'),
      rest: { person: 'p-nora' },
    },
  ],
  [
    'a second person with a wrong PIN',
    'pin-wrong',
    {
      ...at('two', NILS, { pin: 'wrong' }),
      situations: awaiting('nora', NORA, 'two'),
      rest: { person: 'p-nils' },
    },
  ],
  [
    'a second person who presses the emergency button asks for themselves',
    'break-glass-not-allowed',
    { ...at('two', NILS, glass), situations: awaiting('nora', NORA, 'two'), rest: { person: 'p-nils' } },
  ],
  [
    'a second person where the first one’s contract ended meanwhile',
    'person-expired',
    {
      ...at('two', NILS),
      snapshot: withPerson({ validUntil: '2026-07-01T10:00:00Z' }),
      situations: awaiting('nora', NORA, 'two'),
      rest: { person: 'p-nora' },
    },
  ],
  [
    'a second person where the first one’s badge has gone',
    'witness-awaited',
    { ...at('two', NILS), situations: awaiting('nora', '04AA00FF', 'two'), rest: { person: 'p-nils' } },
  ],
  [
    'a second person where the first one’s badge is somebody else’s now',
    'witness-awaited',
    { ...at('two', DINA), situations: awaiting('nora', NILS, 'two'), rest: { person: 'p-dina' } },
  ],
  [
    'a second person where the reader belongs to another point now',
    'witness-awaited',
    {
      ...at('two', NILS),
      situations: awaiting('nora', NORA, 'two', { accessPoint: 'open' }),
      rest: { person: 'p-nils' },
    },
  ],
  [
    'a second person where the point asks for one',
    'granted',
    { ...at('strict-two', NILS), situations: awaiting('nora', NORA, 'strict-two'), rest: { person: 'p-nora' } },
  ],
]
