/** Step 10 of a decision: rules, grants, and what they ask for. */
import { DINA, grantOf, HOUR, NOON, NORA, TECH } from '../ward-site.ts'
import { at, grants, opensBy, type Row } from './put.ts'

export const RIGHTS_CASES: readonly Row[] = [
  ['a rule without conditions', 'granted', { ...at('open'), rest: opensBy('nurse', 0) }],
  ['an inherited rule', 'granted', { ...at('open', DINA), rest: opensBy('nurse', 0) }],
  ['lower-case uid of the same badge', 'granted', at('open', NORA.toLowerCase())],
  ['the minute before the schedule begins', 'outside-hours', at('day', NORA, { at: NOON - 5 * HOUR - 1 })],
  ['the instant the schedule begins', 'granted', at('day', NORA, { at: NOON - 5 * HOUR })],
  ['the instant the schedule ends', 'outside-hours', at('day', NORA, { at: NOON + 7 * HOUR })],
  [
    'a day the schedule does not name',
    'outside-hours',
    at('day', NORA, { at: Date.parse('2026-07-05T12:00:00+02:00') }),
  ],
  ['a public holiday', 'outside-hours', at('day', NORA, { at: Date.parse('2026-12-25T12:00:00+01:00') })],
  ['a PIN is asked for', 'pin-required', at('pin')],
  ['a PIN is asked for and entered', 'granted', at('pin', NORA, { pin: 'right' })],
  ['a reason is asked for', 'reason-required', at('reason')],
  ['a reason is asked for and given', 'granted', at('reason', NORA, { statedReason: 'round' })],
  ['a patient is asked for', 'reference-required', at('patient')],
  ...(['patient', 'prescription'] as const).flatMap(kind =>
    (['patient', 'prescription', 'any'] as const).map(
      asked =>
        [
          `a ${kind} reference where ${asked} is asked for`,
          asked === 'any' || asked === kind ? 'granted' : 'reference-required',
          at(asked, NORA, { reference: { kind, id: 'x' } }),
        ] as const,
    ),
  ),
  ['duty is asked for', 'not-on-duty', at('duty')],
  [
    'a shift under way',
    'granted',
    { ...at('duty'), snapshot: grants(grantOf('nora', undefined, { origin: 'shift' })) },
  ],
  [
    'a shift that is over',
    'not-on-duty',
    { ...at('duty'), snapshot: grants(grantOf('nora', undefined, { origin: 'shift', until: NOON })) },
  ],
  ['a grant that is no shift', 'not-on-duty', { ...at('duty'), snapshot: grants(grantOf('nora', { zone: 'lab' })) }],
  ['a second person is asked for', 'witness-awaited', { ...at('two'), rest: { waitMs: 30_000 } }],
  ['a PIN before the second person', 'pin-required', at('both')],
  [
    'a second person after the PIN',
    'witness-awaited',
    { ...at('both', NORA, { pin: 'right' }), rest: { waitMs: 30_000 } },
  ],
  ['what the point asks for counts with every rule', 'pin-required', at('strict')],
  [
    'what the point asks for counts with every grant',
    'pin-required',
    { ...at('strict', TECH), snapshot: grants(grantOf('tech', { accessPoint: 'strict' })) },
  ],
  [
    'a second person is asked for by the point, with a grant',
    'witness-awaited',
    {
      ...at('strict-two', TECH),
      snapshot: grants(grantOf('tech', { accessPoint: 'strict-two' })),
      rest: { waitMs: 20_000 },
    },
  ],
  ['a right nobody has', 'no-right', at('nothing')],
  ['a person without roles', 'no-right', at('open', TECH)],
  [
    'a grant',
    'granted',
    {
      ...at('grant', TECH),
      snapshot: grants(grantOf('tech', { accessPoint: 'grant' })),
      rest: { via: { kind: 'grant', grant: 'g-1' } },
    },
  ],
  [
    'a rule goes before a grant',
    'granted',
    { ...at('open'), snapshot: grants(grantOf('nora', { accessPoint: 'open' })), rest: opensBy('nurse', 0) },
  ],
  [
    'a grant where a rule lacks something',
    'granted',
    {
      ...at('pin'),
      snapshot: grants(grantOf('nora', { accessPoint: 'pin' }, { reference: 'W-1' })),
      rest: { via: { kind: 'grant', grant: 'g-1', reference: 'W-1' } },
    },
  ],
  [
    'a prescription grant with its reference where the point asks for one',
    'granted',
    {
      ...at('strict-duty', TECH),
      snapshot: grants(grantOf('tech', { accessPoint: 'strict-duty' }, { origin: 'prescription', reference: 'rx-1' })),
    },
  ],
  [
    'a loan with a reference where the point asks for a prescription',
    'reference-required',
    {
      ...at('strict-duty', TECH),
      snapshot: grants(grantOf('tech', { accessPoint: 'strict-duty' }, { reference: 'rx-1' })),
    },
  ],
  [
    'a grant before it begins',
    'grant-not-yet',
    {
      ...at('grant', TECH),
      snapshot: grants(grantOf('tech', { accessPoint: 'grant' }, { from: NOON + 1 })),
      rest: { because: 'g-1' },
    },
  ],
  [
    'the instant a grant begins',
    'granted',
    { ...at('grant', TECH), snapshot: grants(grantOf('tech', { accessPoint: 'grant' }, { from: NOON })) },
  ],
  [
    'the instant a grant ends, named by the one that ended last',
    'grant-expired',
    {
      ...at('grant', TECH),
      snapshot: grants(
        grantOf('tech', { accessPoint: 'grant' }, { until: NOON }),
        grantOf('tech', { accessPoint: 'grant' }, { id: 'g-0', until: NOON - 1 }),
      ),
      rest: { because: 'g-1' },
    },
  ],
  [
    'a grant that ended a day ago',
    'no-right',
    {
      ...at('grant', TECH),
      snapshot: grants(grantOf('tech', { accessPoint: 'grant' }, { from: NOON - 30 * HOUR, until: NOON - 24 * HOUR })),
    },
  ],
  ['a grant for elsewhere', 'no-right', { ...at('grant', TECH), snapshot: grants(grantOf('tech', { zone: 'lab' })) }],
  [
    'hours of a rule go before a grant that is over',
    'outside-hours',
    {
      ...at('day', NORA, { at: NOON + 8 * HOUR }),
      snapshot: grants(grantOf('nora', { accessPoint: 'day' })),
    },
  ],
]
