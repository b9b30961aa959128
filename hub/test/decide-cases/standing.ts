/** Steps 1 to 9 of a decision: badge, holder, deny rules, PIN, emergency, lockdown. */
import { badgeAt, DINA, grantOf, HOUR, NOON, NORA } from '../ward-site.ts'
import {
  at,
  during,
  glass,
  grants,
  inside,
  lockdown,
  locked,
  type Row,
  running,
  uses,
  withBadge,
  withPerson,
} from './put.ts'

export const STANDING_CASES: readonly Row[] = [
  ['a reader nobody configured', 'point-unknown', { request: { ...badgeAt('open', NORA), device: 'x' } }],
  ['a point nobody configured', 'point-unknown', at('nowhere')],
  [
    'device and point that only join to a known name',
    'point-unknown',
    { request: { ...badgeAt('reader/open', NORA), device: '' } },
  ],
  ['a badge nobody registered', 'badge-unknown', at('open', '04FFFFFF')],
  ['an unknown badge at an unknown point', 'point-unknown', at('nowhere', '04FFFFFF')],
  ['a suspended badge', 'badge-suspended', { ...at('open'), snapshot: withBadge({ status: 'suspended' }) }],
  ['a lost badge', 'badge-lost', { ...at('open'), snapshot: withBadge({ status: 'lost' }) }],
  ['a revoked badge', 'badge-revoked', { ...at('open'), snapshot: withBadge({ status: 'revoked' }) }],
  [
    'the last millisecond before a badge is valid',
    'badge-not-yet-valid',
    { ...at('open', NORA, { at: NOON - 1 }), snapshot: withBadge({ validFrom: '2026-07-01T10:00:00Z' }) },
  ],
  ['the first instant of it', 'granted', { ...at('open'), snapshot: withBadge({ validFrom: '2026-07-01T10:00:00Z' }) }],
  [
    'the last millisecond a badge is valid',
    'granted',
    { ...at('open', NORA, { at: NOON - 1 }), snapshot: withBadge({ validUntil: '2026-07-01T10:00:00Z' }) },
  ],
  [
    'the instant a badge expires',
    'badge-expired',
    { ...at('open'), snapshot: withBadge({ validUntil: '2026-07-01T10:00:00Z' }) },
  ],
  [
    'before a contract',
    'person-not-yet-valid',
    { ...at('open'), snapshot: withPerson({ validFrom: '2026-07-02T00:00:00Z' }) },
  ],
  [
    'the instant a contract ends',
    'person-expired',
    { ...at('open'), snapshot: withPerson({ validUntil: '2026-07-01T10:00:00Z' }) },
  ],
  [
    'a rule that forbids goes before the one that allows',
    'denied-by-rule',
    { ...at('forbidden'), rest: { because: 'nurse/11' } },
  ],
  [
    'a rule that forbids goes before a grant',
    'denied-by-rule',
    { ...at('forbidden'), snapshot: grants(grantOf('nora', { accessPoint: 'forbidden' })) },
  ],
  ['a rule that forbids goes before break-glass', 'denied-by-rule', at('forbidden', NORA, glass)],
  ['a rule that forbids, outside its hours', 'granted', at('forbidden', NORA, { at: NOON + 8 * HOUR })],
  ['a right PIN that nothing asks for', 'granted', at('open', NORA, { pin: 'right' })],
  ['a wrong PIN that nothing asks for', 'pin-wrong', at('open', NORA, { pin: 'wrong' })],
  ['a PIN where none is on record', 'pin-unset', at('open', NORA, { pin: 'unset' })],
  [
    'a right PIN during the pause',
    'pin-locked',
    { ...at('open', NORA, { pin: 'right' }), situations: during(locked(NOON + 5_000)), rest: { waitMs: 5_000 } },
  ],
  [
    'a wrong PIN during the pause tells no more than a right one',
    'pin-locked',
    { ...at('open', NORA, { pin: 'wrong' }), situations: during(locked(NOON + 5_000)), rest: { waitMs: 5_000 } },
  ],
  [
    'a right PIN when the pause is over',
    'granted',
    { ...at('open', NORA, { pin: 'right' }), situations: during(locked(NOON)) },
  ],
  [
    'no PIN during the pause, where none is asked for',
    'granted',
    { ...at('open'), situations: during(locked(NOON + 1)) },
  ],
  ['the emergency button where no role allows it', 'break-glass-not-allowed', at('day', NORA, glass)],
  ['the emergency button without a reason', 'reason-required', at('glass', NORA, { breakGlass: true })],
  [
    'the emergency button with a blank reason',
    'reason-required',
    at('glass', NORA, { breakGlass: true, statedReason: ' \u00a0' }),
  ],
  [
    'the emergency button with a reason',
    'granted',
    { ...at('glass', NORA, glass), rest: { via: { kind: 'break-glass', begins: true } } },
  ],
  [
    'an emergency is meant even where the holder has a right',
    'granted',
    { ...at('open', NORA, glass), rest: { via: { kind: 'break-glass', begins: true } } },
  ],
  [
    'the fourth emergency within 24 h',
    'break-glass-cap',
    { ...at('glass', NORA, glass), situations: during(uses(NOON - 24 * HOUR + 1, NOON - 2, NOON - 1)) },
  ],
  [
    'the fourth emergency, 24 h after the first',
    'granted',
    { ...at('glass', NORA, glass), situations: during(uses(NOON - 24 * HOUR, NOON - 2, NOON - 1)) },
  ],
  [
    'a running emergency, without button and reason, at the cap',
    'granted',
    {
      ...at('glass'),
      situations: during(running(NOON + 1), uses(NOON - 3, NOON - 2, NOON - 1)),
      rest: { via: { kind: 'break-glass', begins: false, id: 'e-1' } },
    },
  ],
  [
    'the button again during a running emergency',
    'granted',
    {
      ...at('glass', NORA, { breakGlass: true }),
      situations: during(running(NOON + 1)),
      rest: { via: { kind: 'break-glass', begins: false, id: 'e-1' } },
    },
  ],
  ['an emergency that is over', 'no-right', { ...at('glass'), situations: during(running(NOON)) }],
  ['somebody else during an emergency', 'no-right', { ...at('glass', DINA), situations: during(running(NOON + 1)) }],
  [
    'a running emergency whose role was withdrawn',
    'no-right',
    { ...at('glass'), snapshot: withPerson({ roles: [] }), situations: during(running(NOON + 1)) },
  ],
  ['break-glass under lockdown', 'granted', { ...at('glass', NORA, glass), situations: during(lockdown('hall')) }],
  [
    'break-glass with an interlocked door open',
    'interlock',
    {
      ...at('trap-b', NORA, glass),
      situations: during({ kind: 'door', key: 'trap-a', value: { open: true, releasedUntil: 0 } }),
    },
  ],
  [
    'break-glass into a zone the holder is inside already',
    'granted',
    { ...at('trap-b', NORA, glass), situations: during(inside('safe')) },
  ],
  ['a lockdown', 'lockdown', { ...at('open'), situations: during(lockdown('hall')), rest: { because: 'hall' } }],
  [
    'a lockdown that began while the badge waited for its PIN',
    'lockdown',
    { ...at('open'), situations: during(lockdown('hall', NOON + 1)), rest: { because: 'hall' } },
  ],
  ['the first instant of a lockdown', 'lockdown', { ...at('open'), situations: during(lockdown('hall', NOON)) }],
  ['the instant a lockdown is over', 'granted', { ...at('open'), situations: during(lockdown('hall', 0, NOON)) }],
  ['a lockdown of other zones', 'granted', { ...at('in-vault'), situations: during(lockdown('all')) }],
  ['a role on the allow-list', 'granted', { ...at('open', DINA), situations: during(lockdown('hall')) }],
  [
    'a role of enough rank',
    'granted',
    { ...at('open'), snapshot: withPerson({ roles: ['nurse', 'chief'] }), situations: during(lockdown('all')) },
  ],
  [
    'two lockdowns: the higher lets pass, the lower still does not',
    'lockdown',
    { ...at('open'), situations: during(lockdown('hall'), lockdown('all')), rest: { because: 'hall' } },
  ],
]
