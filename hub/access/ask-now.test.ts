import { describe, expect, it } from 'vitest'
import { during } from '../test/decide-cases/put.ts'
import { DINA, NILS, NILS_TOO, NOON, NORA, TECH, wardSite } from '../test/ward-site.ts'
import type { MayAnswer, WhoAnswer } from './ask.ts'
import { NOTHING_KNOWN, type Present } from './ask-now.ts'
import { mayOpen, whoMayOpen } from './ask-who.ts'
import { decide } from './decide.ts'
import type { SituationChange } from './situations.ts'
import { bookFor } from './testing/asked-site.ts'

const site = wardSite()
/** `person-i` and `badge-i` are the i-th of the site. */
const [NORA_IS, NILS_IS] = [0, 1].map(i => `person-${i}`) as [string, string]
const badgeIs = (uid: string): string => `badge-${site.badges.findIndex(b => b.uid === uid)}`
const book = bookFor(site, [], NOON)
const now = (...changes: SituationChange[]): Present => ({
  situations: during(...changes),
  now: NOON,
  counts: true,
  pins: new Set(['nora']),
})
const who = (point: string, present = NOTHING_KNOWN): WhoAnswer => whoMayOpen(book, point, NOON, present)!
const may = (point: string, present: Present, person = 'nora'): MayAnswer['points'][number] =>
  mayOpen(book, person, NOON, present)!.points.find(p => p.accessPoint.id === point)!
const ids = (list: readonly { readonly person: { readonly id: string } }[]): string[] => list.map(e => e.person.id)
const out = ({ keptOut }: WhoAnswer) => keptOut.map(k => [k.person.id, ...k.obstacles.map(o => o.text.en)])

const lockdown = (plan: string, until = NOON + 1): SituationChange => ({
  kind: 'lockdown',
  key: plan,
  value: { since: NOON - 60_000, until, by: 'cli:test' },
})
const inside = (person: string, zone: string): SituationChange => ({
  kind: 'position',
  key: person,
  value: { zone, since: NOON, accessPoint: 'open' },
})
const lockedPin = (uid: string): SituationChange => ({
  kind: 'pin',
  key: badgeIs(uid),
  value: { wrong: 5, lastAt: NOON, lockedUntil: NOON + 1 },
})
const doorOpen = (key: string): SituationChange => ({ kind: 'door', key, value: { open: true, releasedUntil: 0 } })
const running: SituationChange = {
  kind: 'break-glass',
  key: `${NORA_IS}/open`,
  value: { id: 'e-1', since: NOON, until: NOON + 1 },
}

describe('who can open a point now', () => {
  it('is not whom a lockdown keeps out, and says which', () => {
    const present = now(lockdown('hall'))
    const answer = who('open', present)
    expect(ids(answer.may)).toEqual(['dina'])
    expect(out(answer)).toEqual([
      ['nils', 'lockdown (Hall)'],
      ['nora', 'lockdown (Hall)'],
    ])
    expect(answer.keptOut[0]?.obstacles[0]).toMatchObject({ reason: 'lockdown', because: 'hall' })
    expect(answer.notes).toEqual([
      {
        en: 'Counts what is going on: Lockdown Hall, since 01 Jul 2026, 11:59.',
        fr: 'Compte ce qui a lieu\u202f: Confinement Hall, depuis le 01/07/2026 11:59.',
      },
    ])
    expect(answer.breakGlass.map(b => [b.person.id, b.also])).toEqual([
      ['dina', true],
      ['nils', false],
      ['nora', false],
    ])
    expect(may('open', present)).toMatchObject({
      open: false,
      obstacle: { text: { fr: 'confinement en cours (Hall)' } },
    })
  })

  it.each<[string, string, string, ...SituationChange[]]>([
    ['is inside already', 'in-safe', 'already inside (Safe)', inside(NORA_IS, 'vault')],
    ['finds no room', 'in-booth', 'zone is full (Booth)', inside('a', 'booth'), inside('b', 'booth')],
    [
      'stands before the other door of the man-trap',
      'trap-a',
      'the other door of the man-trap is open (The trap-b)',
      doorOpen('trap-b'),
    ],
    ['has entered too many wrong PINs', 'strict', 'too many wrong PINs', lockedPin(NORA)],
  ])('is not who %s', (_, point, words, ...changes) => {
    expect(may(point, now(...changes))).toMatchObject({ open: false, obstacle: { text: { en: words } } })
    expect(out(who(point, now(...changes)))).toContainEqual(['nora', words])
  })

  it('is whose wrong PINs were entered with another badge, or who has a way without a PIN', () => {
    expect(may('strict', now(lockedPin(NILS)), 'nils').open).toBe(true)
    expect(may('strict', now(lockedPin(NILS), lockedPin(NILS_TOO)), 'nils').open).toBe(false)
    expect(may('open', now(lockedPin(NORA))).open).toBe(true)
  })

  it('is whoever has an emergency opening running there, whatever else goes on but the man-trap', () => {
    expect(may('open', now(lockdown('hall'), running)).open).toBe(true)
    expect(ids(who('open', now(lockdown('hall'), running)).may)).toContain('nora')
  })

  it('leaves nobody an emergency that was used up, nor one past the other door of a man-trap', () => {
    const used: SituationChange = { kind: 'uses', key: NORA_IS, value: { at: [NOON - 3, NOON - 2, NOON - 1] } }
    expect(ids(who('glass', now(used)).breakGlass)).toEqual(['dina', 'nils'])
    expect(mayOpen(book, 'nora', NOON, now(used))?.breakGlass).toEqual([])
    expect(ids(who('trap-a', now(doorOpen('trap-b'))).breakGlass)).toEqual([])
    expect(mayOpen(book, 'nora', NOON, now())?.breakGlass.length).toBeGreaterThan(2)
  })

  it('says of whom no PIN is on record where one is asked for, of nobody else', () => {
    const lacks = (present: Present) =>
      who('strict', present).may.map(m => [m.person.id, m.ways[0]?.demands.map(d => d.lacking?.en)])
    const missing = ['no PIN on record yet']
    expect(lacks(now())).toEqual([
      ['dina', missing],
      ['nils', missing],
      ['nora', [undefined]],
    ])
    expect(lacks(NOTHING_KNOWN).flatMap(([, l]) => l)).toEqual([undefined, undefined, undefined])
    expect(may('strict', now(), 'nils').ways[0]?.demands[0]?.lacking?.fr).toBe('pas encore de code PIN enregistré')
    expect(may('reason', now(), 'nils').ways[0]?.demands[0]).not.toHaveProperty('lacking')
  })

  it('agrees with the door, for everybody and every point, whatever goes on', () => {
    const going = [
      lockdown('hall'),
      lockdown('all'),
      inside(NORA_IS, 'safe'),
      inside(NILS_IS, 'lab'),
      doorOpen('trap-a'),
    ]
    const everywhere = [[], ...going.map(g => [g]), going]
    for (const changes of everywhere) {
      const present = now(...changes)
      for (const a of site.accessPoints) {
        const opened = [NORA, NILS, DINA, TECH].filter(uid => {
          const asked = { device: a.device, point: a.point, uid, at: NOON, pin: 'right', statedReason: 'x' } as const
          const ordinary = decide(book.snapshot, present.situations, {
            ...asked,
            reference: { kind: 'patient', id: 'p' },
          })
          const order = decide(book.snapshot, present.situations, {
            ...asked,
            reference: { kind: 'prescription', id: 'p' },
          })
          return [ordinary, order].some(d => d.granted || ['witness-awaited', 'not-on-duty'].includes(d.reason))
        })
        const people = opened.map(uid => site.badges.find(b => b.uid === uid)!.person)
        expect([a.id, ids(who(a.id, present).may).sort()]).toEqual([a.id, people.sort()])
      }
    }
  })
})

describe('another time than now', () => {
  it('counts no situation, says so, and names what stands now', () => {
    const evacuation: SituationChange = {
      kind: 'evacuation',
      key: 'fire',
      value: { since: NOON, by: 'cli:test', releasing: true },
    }
    const present = { ...now(lockdown('hall'), lockdown('all', NOON), lockdown('gone'), evacuation), counts: false }
    const answer = who('open', present)
    expect(ids(answer.may)).toEqual(['dina', 'nils', 'nora'])
    expect(answer.notes.map(n => n.en)).toEqual([
      'Another time than now: by rights alone, not counting lockdowns, who is inside, or locked PINs.',
      'Does not count: Lockdown Hall, since 01 Jul 2026, 11:59.',
      'Does not count: Evacuation Fire, since 01 Jul 2026, 12:00.',
    ])
    expect(mayOpen(book, 'nora', NOON, present)?.notes.map(n => n.fr)).toContain(
      'Ne compte pas\u202f: Confinement gone, depuis le 01/07/2026 11:59.',
    )
  })

  it('calls a plan that is none of this site’s by its id', () => {
    const bare = bookFor({ ...site, lockdownPlans: [], evacuationPlans: [] }, [], NOON)
    const notes = mayOpen(bare, 'nora', NOON, now(lockdown('hall')))!.notes
    expect(notes[0]?.en).toContain('Lockdown hall')
    const { lockdownPlans: _, ...without } = site
    expect(mayOpen(bookFor(without, [], NOON), 'nora', NOON, now(lockdown('hall')))!.notes[0]?.en).toContain(
      'Lockdown hall',
    )
  })
})
