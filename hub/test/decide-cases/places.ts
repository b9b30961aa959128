/** Steps 12 and 13 of a decision: anti-passback, occupancy, man-traps. */
import { MINUTE, NOON } from '../ward-site.ts'
import { at, during, inside, other, type Row } from './put.ts'

export const PLACE_CASES: readonly Row[] = [
  ['entering', 'granted', { ...at('in-safe'), situations: during(inside('ward')) }],
  [
    'entering a zone twice',
    'passback',
    { ...at('in-safe'), situations: during(inside('safe')), rest: { because: 'safe' } },
  ],
  ['entering a zone twice from below it', 'passback', { ...at('in-safe'), situations: during(inside('vault')) }],
  ['going deeper', 'granted', { ...at('in-vault'), situations: during(inside('safe')) }],
  ['leaving twice', 'granted', { ...at('out-safe'), situations: during(inside('ward')) }],
  [
    'entering softly twice',
    'granted',
    { ...at('in-lab'), situations: during(inside('lab')), rest: { passback: 'lab' } },
  ],
  [
    'entering twice too soon',
    'passback',
    { ...at('in-store'), situations: during(inside('store', NOON - 30 * MINUTE + 1)), rest: { because: 'store' } },
  ],
  [
    'entering twice late enough',
    'granted',
    { ...at('in-store'), situations: during(inside('store', NOON - 30 * MINUTE)) },
  ],
  ['an empty zone with a limit', 'granted', at('in-booth')],
  [
    'the last place in a zone',
    'granted',
    { ...at('in-booth'), situations: during(other('p-1', 'booth'), other('p-2', 'ward')) },
  ],
  [
    'a full zone',
    'zone-full',
    {
      ...at('in-booth'),
      situations: during(other('p-1', 'booth'), other('p-2', 'booth')),
      rest: { because: 'booth' },
    },
  ],
  [
    'a zone that is full with oneself in it',
    'granted',
    { ...at('in-booth'), situations: during(other('p-1', 'booth'), inside('booth')) },
  ],
  ...(
    [
      ['a place that is kept', 'zone-full', 'p-2', 'booth', 1],
      ['a place that is not kept any more', 'granted', 'p-2', 'booth', 0],
      ['a place kept elsewhere', 'granted', 'p-2', 'lab', 1],
      ['a place kept for somebody who is inside already', 'granted', 'p-1', 'booth', 1],
      ['a place kept for oneself', 'granted', 'p-nora', 'booth', 1],
    ] as const
  ).map(
    ([title, reason, person, to, left]) =>
      [
        title,
        reason,
        {
          ...at('in-booth'),
          situations: during(other('p-1', 'booth'), {
            kind: 'passage',
            key: person,
            value: { accessPoint: 'in-booth', to, until: NOON + left },
          }),
        },
      ] as const,
  ),
  [
    'the other door of a man-trap open',
    'interlock',
    {
      ...at('trap-a'),
      situations: during({ kind: 'door', key: 'trap-b', value: { open: true, releasedUntil: 0 } }),
      rest: { because: 'trap-b' },
    },
  ],
  [
    'the other door of a man-trap released',
    'interlock',
    {
      ...at('trap-a'),
      situations: during({ kind: 'door', key: 'trap-b', value: { open: false, releasedUntil: NOON + 1 } }),
    },
  ],
  [
    'the other door of a man-trap shut again',
    'granted',
    {
      ...at('trap-a'),
      situations: during({ kind: 'door', key: 'trap-b', value: { open: false, releasedUntil: NOON } }),
    },
  ],
  [
    'this door of a man-trap open itself',
    'granted',
    {
      ...at('trap-a'),
      situations: during({ kind: 'door', key: 'trap-a', value: { open: true, releasedUntil: 0 } }),
    },
  ],
]
