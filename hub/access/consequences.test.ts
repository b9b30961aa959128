import { describe, expect, test } from 'vitest'
import { awaiting, during, glass, inside, other, ward, withPerson } from '../test/decide-cases/put.ts'
import {
  badgeAt,
  DINA,
  HOUR,
  MINUTE,
  NILS,
  NILS_TOO,
  NOON,
  NORA,
  TECH,
  wardSite,
  wardSnapshot,
} from '../test/ward-site.ts'
import { closed, consequences, opened, SETTLE_MS } from './consequences.ts'
import { decide } from './decide.ts'
import type { AccessRequest, Consequences, Denied } from './decision.ts'
import { applied, CALM, type SituationChange, type Situations } from './situations.ts'

/** Decides and says what follows, as a hub does. */
function follow(request: AccessRequest, situations = CALM, confirmsPassage = false, snapshot = ward): Consequences {
  const decision = decide(snapshot, situations, request)
  return consequences(snapshot, situations, request, decision, { id: 'e-1', confirmsPassage })
}
const pinRow = (wrong: number, lockedUntil = 0): SituationChange => ({
  kind: 'pin',
  key: `b-${NORA}`,
  value: { wrong, lastAt: NOON, lockedUntil },
})
const nothing = { changes: [], tells: [] }
const gone = (kind: SituationChange['kind'], key: string) => ({ kind, key })

describe('nothing follows', () => {
  test.each([
    ['an ordinary opening', badgeAt('open', NORA), CALM],
    ['an ordinary refusal', badgeAt('nothing', NORA), CALM],
    ['an unknown badge', badgeAt('open', '04FFFFFF'), CALM],
    ['an unknown point', badgeAt('nowhere', NORA, { pin: 'wrong' }), CALM],
    ['a right PIN where none was wrong', badgeAt('pin', NORA, { pin: 'right' }), CALM],
    ['no PIN where some were wrong', badgeAt('open', NORA), during(pinRow(2))],
    ['a PIN where none is on record', badgeAt('open', NORA, { pin: 'unset' }), during(pinRow(2))],
    ['a PIN during the pause', badgeAt('pin', NORA, { pin: 'wrong' }), during(pinRow(3, NOON + 1))],
    ['a right PIN during the pause', badgeAt('pin', NORA, { pin: 'right' }), during(pinRow(3, NOON + 1))],
    ['a PIN that was not judged', badgeAt('forbidden', NORA, { pin: 'right' }), during(pinRow(2))],
    ['a refused emergency', badgeAt('glass', NORA, { breakGlass: true }), CALM],
    ['a refused entry', badgeAt('in-safe', NORA), during(inside('safe'))],
    ['a badge at a muster reader without an evacuation', badgeAt('muster', NORA), CALM],
  ])('of %s', (_, request, situations) => {
    expect(follow(request, situations)).toEqual(nothing)
  })
})

describe('wrong PINs with a valid badge', () => {
  test.each([
    [undefined, 1, 0],
    [1, 2, 0],
    [2, 3, 30_000],
    [3, 4, 60_000],
    [4, 5, 120_000],
    [9, 10, HOUR],
    [5_000, 5_001, HOUR],
  ])('after %j: the row counts %i, and the pause is %i ms', (before, wrong, pauseMs) => {
    const situations = before === undefined ? CALM : during(pinRow(before))
    const lockedUntil = pauseMs && NOON + pauseMs
    expect(follow(badgeAt('pin', NORA, { pin: 'wrong' }), situations)).toEqual({
      changes: [{ kind: 'pin', key: `b-${NORA}`, value: { wrong, lastAt: NOON, lockedUntil } }],
      tells: pauseMs ? [{ kind: 'pin.alarm', wrong, lockedUntil }] : [],
    })
  })

  test.each(['right', 'duress'] as const)('a %s one begins the count again, whatever becomes of the rest', pin => {
    for (const point of ['pin', 'nothing', 'two'])
      expect(follow(badgeAt(point, NORA, { pin }), during(pinRow(3))).changes).toContainEqual(gone('pin', `b-${NORA}`))
  })

  test('are counted for the badge that was held, of two people too', () => {
    const situations = applied(awaiting('nora', NORA, 'two', { pin: 'right' }), [pinRow(1)])
    expect(follow(badgeAt('two', NILS, { pin: 'wrong' }), situations).changes).toEqual([
      { kind: 'pin', key: `b-${NILS}`, value: { wrong: 1, lastAt: NOON, lockedUntil: 0 } },
    ])
    const both = applied(situations, [{ ...pinRow(2), key: `b-${NILS}` }])
    expect(follow(badgeAt('two', NILS, { pin: 'right' }), both).changes).toEqual([
      gone('pin', `b-${NILS}`),
      gone('witness', 'reader/two'),
    ])
  })
})

describe('a second person', () => {
  test('is awaited for as long as the decision says, with what the first message brought', () => {
    const reference = { kind: 'patient', id: 'x' } as const
    const asked = badgeAt('both', NORA, { pin: 'right', statedReason: 'round', reference })
    const row = { person: 'p-nora', credential: `b-${NORA}`, accessPoint: 'both', since: NOON, until: NOON + 30_000 }
    const brought = { pin: 'right', statedReason: 'round', reference }
    expect(follow(asked)).toEqual({
      changes: [{ kind: 'witness', key: 'reader/both', value: { ...row, ...brought } }],
      tells: [],
    })
    const bare = { ...row, accessPoint: 'two' }
    expect(follow(badgeAt('two', NORA)).changes).toEqual([{ kind: 'witness', key: 'reader/two', value: bare }])
  })

  test('is awaited no time at all if the decision names none', () => {
    const { waitMs: _, ...endless } = decide(ward, CALM, badgeAt('two', NORA)) as Denied
    const { changes } = consequences(ward, CALM, badgeAt('two', NORA), endless, { id: 'e-1', confirmsPassage: false })
    expect(changes).toMatchObject([{ kind: 'witness', value: { since: NOON, until: NOON } }])
  })

  test('completes it: nobody is awaited any more', () => {
    expect(follow(badgeAt('two', NILS), awaiting('nora', NORA, 'two'))).toEqual({
      changes: [gone('witness', 'reader/two')],
      tells: [],
    })
  })

  test('who is none leaves it as it is', () => {
    expect(follow(badgeAt('two', TECH), awaiting('nora', NORA, 'two'))).toEqual(nothing)
  })

  test('who is too late, or the first one again, begins anew', () => {
    const late = awaiting('nora', NORA, 'two', { since: NOON - 30_000, until: NOON })
    const row = (person: string, uid: string) => [
      expect.objectContaining({ value: expect.objectContaining({ person, credential: `b-${uid}`, since: NOON }) }),
    ]
    expect(follow(badgeAt('two', NILS), late).changes).toEqual(row('p-nils', NILS))
    expect(follow(badgeAt('two', NILS_TOO), awaiting('nils', NILS, 'two'))).toEqual({
      changes: row('p-nils', NILS_TOO),
      tells: [],
    })
  })

  test('is awaited for somebody else from now on: the first one’s opening has lapsed, and that is told', () => {
    const late = awaiting('nora', NORA, 'two', { since: NOON - 30_000, until: NOON })
    expect(follow(badgeAt('two', NILS), late).tells).toEqual([{ kind: 'access.lapsed', person: 'p-nora' }])
  })

  test('where the first one’s right is gone: nobody is awaited any more, and that is told', () => {
    const snapshot = withPerson({ validUntil: '2026-07-01T10:00:00Z' })
    expect(follow(badgeAt('two', NILS), awaiting('nora', NORA, 'two'), false, snapshot)).toEqual({
      changes: [gone('witness', 'reader/two')],
      tells: [{ kind: 'access.lapsed', person: 'p-nora' }],
    })
  })

  test('where the other door of the man-trap has to be shut first: the second one may badge again', () => {
    const site = wardSite()
    Object.assign(site.accessPoints.find(a => a.id === 'trap-a')!, {
      requires: { witness: { role: 'nurse', withinS: 30 } },
    })
    const situations = applied(awaiting('nora', NORA, 'trap-a'), [
      { kind: 'door', key: 'trap-b', value: { open: true, releasedUntil: 0 } },
    ])
    expect(follow(badgeAt('trap-a', NILS), situations, false, wardSnapshot(site))).toEqual(nothing)
  })

  test('is not awaited any more once the first one opens in another way', () => {
    const site = wardSite()
    site.roles[0]!.breakGlass!.push({ accessPoint: 'two' })
    const { changes } = follow(badgeAt('two', NORA, glass), awaiting('nora', NORA, 'two'), false, wardSnapshot(site))
    expect(changes).toContainEqual(gone('witness', 'reader/two'))
  })
})

describe('an emergency opening', () => {
  test('is told, runs for a while, counts, and awaits its review', () => {
    const until = NOON + 15 * MINUTE
    const dueAt = NOON + 72 * HOUR
    const { statedReason } = glass
    const before: SituationChange = { kind: 'uses', key: 'p-nora', value: { at: [NOON - 24 * HOUR, NOON - HOUR] } }
    expect(follow(badgeAt('glass', NORA, glass), during(before))).toEqual({
      changes: [
        { kind: 'break-glass', key: 'p-nora/glass', value: { id: 'e-1', since: NOON, until } },
        { kind: 'uses', key: 'p-nora', value: { at: [NOON - HOUR, NOON] } },
        {
          kind: 'review',
          key: 'e-1',
          value: {
            person: 'p-nora',
            accessPoint: 'glass',
            zone: 'ward',
            at: NOON,
            dueAt,
            escalations: 0,
            statedReason,
          },
        },
      ],
      tells: [{ kind: 'break-glass.opened', id: 'e-1', statedReason, until, dueAt }],
    })
  })

  test('that is running opens again without counting again', () => {
    const situations = applied(CALM, follow(badgeAt('glass', NORA, glass)).changes)
    expect(follow(badgeAt('glass', NORA, { at: NOON + MINUTE }), situations)).toEqual(nothing)
  })

  test('follows the policy of the site', () => {
    const site = wardSite()
    site.site.policy = { breakGlass: { minutes: 2, reviewWithinHours: 5 } }
    const { tells } = follow(badgeAt('glass', NORA, glass), CALM, false, wardSnapshot(site))
    expect(tells).toMatchObject([{ until: NOON + 2 * MINUTE, dueAt: NOON + 5 * HOUR }])
  })
})

describe('a passage', () => {
  const position = { kind: 'position', key: 'p-nora', value: { zone: 'safe', since: NOON, accessPoint: 'in-safe' } }

  test('through a door that tells nothing of itself counts at once', () => {
    expect(follow(badgeAt('in-safe', NORA))).toEqual({ changes: [position], tells: [] })
  })

  test('through a door that tells when it opens keeps a place, and counts then', () => {
    const { changes } = follow(badgeAt('in-safe', NORA), CALM, true)
    const until = NOON + 5_000 + SETTLE_MS
    expect(changes).toEqual([{ kind: 'passage', key: 'p-nora', value: { accessPoint: 'in-safe', to: 'safe', until } }])
    const situations = applied(CALM, changes)
    expect(opened(ward, situations, 'in-safe', 'p-nora', NOON + 900)).toEqual([
      gone('passage', 'p-nora'),
      { ...position, value: { ...position.value, since: NOON + 900 } },
    ])
  })

  test('counts when the door opens after its place was given up, and leaves a place kept elsewhere', () => {
    const elsewhere = during({
      kind: 'passage',
      key: 'p-nora',
      value: { accessPoint: 'in-lab', to: 'lab', until: NOON },
    })
    for (const situations of [CALM, elsewhere])
      expect(opened(ward, situations, 'in-safe', 'p-nora', NOON)).toEqual([position])
  })

  test('counts for the first of two people, and not for nobody', () => {
    expect(opened(ward, CALM, 'in-safe', undefined, NOON)).toEqual([])
    expect(opened(ward, CALM, 'open', 'p-nora', NOON)).toEqual([])
    expect(opened(ward, CALM, 'nowhere', 'p-nora', NOON)).toEqual([])
  })

  test('into a zone entered softly twice is told', () => {
    expect(follow(badgeAt('in-lab', NORA), during(inside('lab')))).toMatchObject({
      changes: [{ kind: 'position' }],
      tells: [{ kind: 'passback.violated', area: 'lab' }],
    })
  })
})

describe('a door of a man-trap', () => {
  const door = (open: boolean, releasedUntil: number): SituationChange => ({
    kind: 'door',
    key: 'trap-a',
    value: { open, releasedUntil },
  })
  const released = NOON + 5_000 + SETTLE_MS

  test.each([
    ['shut', CALM, false],
    ['open', during(door(true, 0)), true],
  ])('that is %s is released, and stays what it is', (_, situations, open) => {
    expect(follow(badgeAt('trap-a', NORA), situations, true).changes).toContainEqual(door(open, released))
  })

  test('opens and shuts', () => {
    expect(opened(ward, CALM, 'trap-a', undefined, NOON)).toEqual([door(true, 0)])
    expect(opened(ward, during(door(false, released)), 'trap-a', undefined, NOON)).toEqual([door(true, released)])
    expect(opened(ward, during(door(true, released)), 'trap-a', undefined, NOON)).toEqual([])
    expect(closed(during(door(true, released)), 'trap-a', released - 1)).toEqual([door(false, released)])
    expect(closed(during(door(true, released)), 'trap-a', released)).toEqual([gone('door', 'trap-a')])
    expect(closed(during(door(false, released)), 'trap-a', NOON)).toEqual([])
    expect(closed(CALM, 'open', NOON)).toEqual([])
  })

  test('lets one person through the whole trap, one door at a time', () => {
    let situations: Situations = CALM
    const make = (changes: readonly SituationChange[]) => {
      situations = applied(situations, changes)
    }
    const askB = (when: number) => decide(ward, situations, badgeAt('trap-b', NORA, { at: when })).reason
    make(follow(badgeAt('trap-a', NORA), situations, true).changes)
    expect(askB(NOON + 1_000)).toBe('interlock')
    make(opened(ward, situations, 'trap-a', 'p-nora', NOON + 1_000))
    expect(askB(released)).toBe('interlock')
    make(closed(situations, 'trap-a', NOON + 3_000))
    expect(askB(NOON + 3_000)).toBe('interlock')
    expect(askB(released)).toBe('granted')
  })
})

describe('an alarm', () => {
  test.each([
    ['opens', badgeAt('pin', NORA, { pin: 'duress' })],
    ['is refused', badgeAt('nothing', NORA, { pin: 'duress' })],
    ['is held to an unknown reader', badgeAt('nowhere', NORA, { pin: 'duress' })],
  ])('is told when a badge under duress %s', (_, request) => {
    expect(follow(request)).toEqual({ changes: [], tells: [{ kind: 'duress.raised' }] })
  })
})

describe('a muster reader', () => {
  const fire: SituationChange = {
    kind: 'evacuation',
    key: 'fire',
    value: { since: NOON, by: 'cli:test', releasing: true },
  }
  const counted = (person: string) => ({
    changes: [{ kind: 'mustered', key: `fire/${person}`, value: { at: NOON, accessPoint: 'muster' } }],
    tells: [{ kind: 'muster.counted', plan: 'fire' }],
  })

  test('counts whoever shows a sound badge as safe, once, whatever the decision', () => {
    expect(follow(badgeAt('muster', NORA), during(fire))).toEqual(counted('p-nora'))
    expect(follow(badgeAt('muster', TECH), during(fire))).toEqual(counted('p-tech'))
    const situations = applied(during(fire), follow(badgeAt('muster', DINA), during(fire)).changes)
    expect(follow(badgeAt('muster', DINA), situations)).toEqual(nothing)
  })

  test.each([
    ['badge of somebody whose contract ended', withPerson({ validUntil: '2026-07-01T10:00:00Z' }), NORA],
    ['unknown badge', ward, '04FFFFFF'],
  ])('does not count an %s', (_, snapshot, uid) => {
    expect(follow(badgeAt('muster', uid), during(fire), false, snapshot)).toEqual(nothing)
  })

  test('counts the one who holds the badge, not the one whose opening it completes', () => {
    const site = wardSite()
    Object.assign(site.accessPoints.find(a => a.id === 'muster')!, {
      requires: { witness: { role: 'nurse', withinS: 30 } },
    })
    const situations = applied(awaiting('nora', NORA, 'muster'), [fire])
    const { changes } = follow(badgeAt('muster', NILS), situations, false, wardSnapshot(site))
    expect(changes).toContainEqual(counted('p-nils').changes[0])
  })
})

test('changes are made on a copy', () => {
  const before = during(other('p-1', 'ward'), other('p-2', 'ward'))
  const after = applied(before, [gone('position', 'p-1') as SituationChange, other('p-3', 'lab')])
  expect([...before.position.keys()]).toEqual(['p-1', 'p-2'])
  expect([...after.position.keys()]).toEqual(['p-2', 'p-3'])
  expect(after.witness).toBe(before.witness)
})
