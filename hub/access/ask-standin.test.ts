import { describe, expect, it } from 'vitest'
import type { AccessDenied } from '../events.ts'
import { during, glass, inside, lockdown, locked, other, uses, ward } from '../test/decide-cases/put.ts'
import { badgeAt, NOON, NORA, wardSite } from '../test/ward-site.ts'
import { standInFor } from './ask-standin.ts'
import { decide } from './decide.ts'
import type { AccessRequest } from './decision.ts'
import { endingIn, explain } from './explain.ts'
import { labelsOf } from './labels.ts'
import { CALM, type Situations } from './situations.ts'

/** The row that the hub writes of a refusal, from the refusal itself. */
function rowOf(request: AccessRequest, situations: Situations): AccessDenied {
  const decision = decide(ward, situations, request)
  if (decision.granted) throw new Error('granted')
  const { device, point, pin, statedReason, breakGlass } = request
  const { person, credential, accessPoint, zone, because, reason, rights } = decision
  return {
    ...{ kind: 'access.denied', device, point, message: 'm', deviceSeq: 1, deviceAt: NOON, reason, rights },
    ...{ person, credential, accessPoint, zone, because, statedReason, breakGlass },
    ...(pin === undefined ? {} : { pin }),
  } as AccessDenied
}
const labels = labelsOf(wardSite(), new Map([['p-nora', 'Élise']]))
const held = (door: string): Situations => during({ kind: 'door', key: door, value: { open: true, releasedUntil: 0 } })

const CASES: readonly [string, Situations, AccessRequest, code: string, fr: string, en: string][] = [
  [
    'lockdown',
    during(lockdown('hall')),
    badgeAt('open', NORA, {}),
    'lockdown',
    'Confinement Hall (rang 3)\u202f: le rang d’Élise est 0, et aucun de ses rôles n’est exempté.',
    'Lockdown Hall (rank 3): the rank of Élise is 0, and none of their roles is exempt.',
  ],
  [
    'pin-locked',
    during(locked(NOON + 60_000)),
    badgeAt('open', NORA, { pin: 'right' }),
    'pin',
    'Trop de codes PIN faux\u202f: aucun code n’est accepté à ce moment.',
    'Too many wrong PINs: none is accepted at that time.',
  ],
  [
    'break-glass-cap',
    during(uses(NOON - 3, NOON - 2, NOON - 1, NOON)),
    badgeAt('glass', NORA, glass),
    'break-glass',
    'Élise a déjà brisé la glace 3\u00a0fois en 24\u00a0h\u202f: c’est la limite.',
    'Élise has broken the glass 3 times in 24 h: that is the limit.',
  ],
  [
    'passback',
    during(inside('vault')),
    badgeAt('in-safe', NORA, {}),
    'passback',
    'Élise est déjà dans Safe.',
    'Élise is already inside Safe.',
  ],
  [
    'passback',
    during(inside('store')),
    badgeAt('in-store', NORA, {}),
    'passback',
    'Élise est déjà dans Store.',
    'Élise is already inside Store.',
  ],
  [
    'zone-full',
    during(other('a', 'booth'), other('b', 'booth')),
    badgeAt('in-booth', NORA, {}),
    'occupancy',
    'Booth est au complet\u202f: 2\u00a0personnes au plus.',
    'Booth is full: 2 people at most.',
  ],
  [
    'interlock',
    held('trap-b'),
    badgeAt('trap-a', NORA, {}),
    'interlock',
    'L’autre porte du sas, The trap-b, est ouverte ou encore déverrouillée.',
    'The other door of the man-trap, The trap-b, is open or still released.',
  ],
]

describe('a refusal of the journal that came from what was going on', () => {
  it.each(CASES)(
    '%s: stops there again, and tells no time that nobody knows: %#',
    (reason, was, request, code, fr, en) => {
      const row = rowOf(request, was)
      expect(row.reason).toBe(reason)
      const { decision, steps } = explain(ward, standInFor(row, NOON, ward, CALM)!, request, labels)
      expect([decision.granted, decision.reason]).toEqual([false, reason])
      const stopped = steps.filter(s => s.outcome === 'stopped')
      expect(stopped.map(s => s.code)).toEqual([code, 'decision'])
      expect(stopped[0]?.text).toEqual({ fr, en })
    },
  )

  it('may end in a refusal that no rule gave, with the advice for that one', () => {
    const { steps } = explain(ward, CALM, badgeAt('open', NORA, {}), labels)
    const ended = endingIn(steps, { granted: false, reason: 'stale-message', rights: 1 }, labels)
    expect(ended.slice(0, -2)).toEqual(steps.slice(0, -1))
    expect(ended.slice(-2).map(s => [s.code, s.outcome])).toEqual([
      ['decision', 'stopped'],
      ['remedy', 'noted'],
    ])
  })

  const row = rowOf(badgeAt('open', NORA, {}), during(lockdown('hall')))
  const { person: _, ...nobody } = row
  const { credential: __, ...nameless } = row
  it.each<[string, AccessDenied]>([
    ['of a right', { ...row, reason: 'no-right' }],
    ['that names no person', nobody],
    ['that names no badge', nameless],
    ['at a reader that its rights do not know', { ...row, point: 'attic' }],
  ])('puts nothing in place for one %s', (_, event) => expect(standInFor(event, NOON, ward, CALM)).toBeUndefined())

  it('puts nobody inside an area without a limit, and nothing where it does not say what stood in the way', () => {
    const { because: _, ...bare } = { ...row, reason: 'zone-full' } as const
    const put = standInFor(bare as AccessDenied, NOON, ward, CALM)!
    expect(put).toEqual({ ...CALM, position: new Map() })
    expect(standInFor({ ...bare, device: 'reader', point: 'in-booth' } as AccessDenied, NOON, ward, CALM)).toEqual(put)
  })
})
