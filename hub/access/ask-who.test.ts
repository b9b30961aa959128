import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mayOpen, whoMayOpen } from './ask-who.ts'
import { decide } from './decide.ts'
import type { Site } from './site.ts'
import { CALM } from './situations.ts'
import { AT, askedSite, bookFor, grant, HOUR } from './testing/asked-site.ts'

const CHRISTMAS_AT_3 = Date.UTC(2026, 11, 25, 2)
const badge = (number: number, status: Site['badges'][number]['status']) => ({
  uid: `04BB000${number}`,
  person: 'dora',
  status,
})
const names = (list: readonly { readonly person: { readonly name: string } }[]): string[] =>
  list.map(e => e.person.name)

describe('who can open a point at a time', () => {
  it('names those with a right open then, by name, with what they must bring', () => {
    const answer = whoMayOpen(bookFor(), 'drugs', CHRISTMAS_AT_3)!
    expect(names(answer.may)).toEqual(['Bela', 'Dora'])
    const [bela, dora] = answer.may
    expect(bela?.ways).toEqual([
      {
        kind: 'rule',
        role: { id: 'night-nurse', name: 'Night nurse' },
        right: 0,
        schedule: { id: 'night', name: 'Night' },
        demands: [],
        text: { fr: 'Night nurse', en: 'Night nurse' },
      },
    ])
    expect(dora?.ways[0]?.demands.map(d => d.text.en)).toEqual(['PIN', 'a second person (Nurse) within 30 s'])
    expect(answer.accessPoint).toEqual({
      id: 'drugs',
      name: 'Drugs',
      zone: { id: 'pharmacy', name: 'Pharmacy' },
      class: 'controlled-drugs',
    })
  })

  it('sets apart those whom only their badge or a forbidding rule keeps out, and says which', () => {
    const { keptOut } = whoMayOpen(bookFor(), 'drugs', AT)!
    expect(keptOut.map(k => [k.person.name, k.obstacles.map(o => [o.reason, o.because])])).toEqual([
      ['Émil', [['denied-by-rule', 'barred/0']]],
      ['Fay', [['badge-lost', undefined]]],
      ['Gus', [['badge-missing', undefined]]],
    ])
  })

  it('sets apart who could by break-glass: not whom a rule forbids, nor whose badge is lost', () => {
    const { breakGlass } = whoMayOpen(bookFor(), 'medicines', CHRISTMAS_AT_3)!
    expect(breakGlass).toEqual([
      { person: { id: 'dora', name: 'Dora' }, also: false },
      { person: { id: 'emil', name: 'Émil' }, also: false },
    ])
    expect(names(whoMayOpen(bookFor(), 'drugs', AT)!.breakGlass)).toEqual(['Dora'])
  })

  it.each<[string, Site['badges'], string[]]>([
    ['each reason once, however many badges', [badge(1, 'lost'), badge(2, 'lost')], ['badge-lost']],
    ['every reason there is', [badge(1, 'lost'), badge(2, 'revoked')], ['badge-lost', 'badge-revoked']],
    ['nothing where one of them is good', [badge(1, 'lost'), badge(2, 'active')], []],
  ])('tells of the badges of a person %s', (_, badges, reasons) => {
    const site = askedSite()
    const book = bookFor({ ...site, badges: [...site.badges.filter(b => b.person !== 'dora'), ...badges] })
    const dora = whoMayOpen(book, 'drugs', AT)!.keptOut.find(k => k.person.id === 'dora')
    expect((dora?.obstacles ?? []).map(o => o.reason)).toEqual(reasons)
  })

  it('leaves out whose contract is over, and a holiday closes what a weekday opens', () => {
    expect(names(whoMayOpen(bookFor(), 'drugs', AT)!.keptOut)).not.toContain('Hal')
    expect(names(whoMayOpen(bookFor(), 'medicines', AT)!.may)).toContain('Anna')
    expect(names(whoMayOpen(bookFor(), 'medicines', Date.UTC(2026, 11, 25, 10))!.may)).toEqual([])
  })

  it('says by which role an inherited right comes', () => {
    const { may } = whoMayOpen(bookFor(), 'ward-door', AT)!
    const dora = may.find(m => m.person.id === 'dora')!
    expect(dora.ways[0]).toMatchObject({
      role: { id: 'nurse' },
      through: { id: 'charge', name: 'Charge nurse' },
      text: { fr: 'Nurse, hérité par Charge nurse', en: 'Nurse, inherited by Charge nurse' },
    })
  })

  it.each([
    ['an hour before it begins', AT - HOUR - 1, []],
    ['as it begins', AT - HOUR, ['g-1']],
    ['as it ends', AT + HOUR, []],
  ])('counts a grant %s: %#', (_, at, expected) => {
    const answer = whoMayOpen(bookFor(askedSite(), [grant('g-1', 'anna')]), 'drugs', at)!
    const anna = answer.may.find(m => m.person.id === 'anna')
    expect((anna?.ways ?? []).map(w => w.kind === 'grant' && w.grant)).toEqual(expected)
  })

  it('marks what is met already: a shift under way, the reference of a prescription', () => {
    const site = askedSite()
    const points = site.accessPoints.map(a =>
      a.id === 'drugs' ? { ...a, requires: { onDuty: true, reference: 'prescription' } as const } : a,
    )
    const grants = [
      grant('g-1', 'anna', { origin: 'prescription', reference: 'rx-1' }),
      { ...grant('g-2', 'anna', { origin: 'shift' }), target: { zone: 'garden' } },
    ]
    const answer = whoMayOpen(bookFor({ ...site, accessPoints: points }, grants), 'drugs', AT)!
    const anna = answer.may.find(m => m.person.id === 'anna')
    expect(anna?.ways[0]?.demands.map(d => [d.kind, d.met])).toEqual([
      ['reference', true],
      ['on-duty', true],
    ])
  })

  it('knows no point of that name', () => expect(whoMayOpen(bookFor(), 'attic', AT)).toBeUndefined())

  it('names exactly those whom the door lets in once they bring what is asked for, at any minute of a year', () => {
    const site = askedSite()
    const book = bookFor(site, [grant('g-1', 'anna'), grant('g-2', 'cleo', { target: { zone: 'ward' } })])
    const minute = fc.integer({ min: AT - 24 * HOUR, max: AT + 366 * 24 * HOUR })
    const point = fc.constantFrom(...site.accessPoints)
    fc.assert(
      fc.property(minute, point, (at, a) => {
        const answer = whoMayOpen(book, a.id, at)!
        const opened = site.people.filter(p =>
          site.badges.some(b => {
            const request = {
              device: a.device,
              point: a.point,
              uid: b.uid,
              at,
              pin: 'right',
              statedReason: 'x',
            } as const
            const decision = decide(book.snapshot, CALM, request)
            return b.person === p.id && (decision.granted || decision.reason === 'witness-awaited')
          }),
        )
        expect(new Set(names(answer.may))).toEqual(new Set(opened.map(p => p.name)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('what a person may open', () => {
  it('lists points with the hours in words, the role and the demands; emergencies apart', () => {
    const answer = mayOpen(bookFor(), 'dora', AT)!
    expect(answer.points.map(p => [p.accessPoint.id, p.open, p.ways.map(w => w.when.fr)])).toEqual([
      ['drugs', true, ['tous les jours 24\u00a0h/24']],
      ['medicines', true, ['lun.–ven. 07:00–19:00\u202f; Jours fériés\u202f: fermé']],
      ['ward-door', true, ['lun.–ven. 07:00–19:00\u202f; Jours fériés\u202f: fermé', 'tous les jours 24\u00a0h/24']],
    ])
    expect(answer.breakGlass.map(p => p.id)).toEqual(['drugs', 'medicines'])
    expect(answer.roles).toEqual([{ id: 'charge', name: 'Charge nurse' }])
  })

  it('shows a rule that forbids beside the ways it goes before, and nothing open under it', () => {
    const drugs = mayOpen(bookFor(), 'emil', AT)!.points.find(p => p.accessPoint.id === 'drugs')!
    expect([drugs.open, drugs.ways.length, drugs.forbidden.map(w => w.text.en)]).toEqual([false, 1, ['Barred']])
  })

  it('shows each badge by its last digits and why it opens nothing', () => {
    const { badges, points } = mayOpen(bookFor(), 'anna', AT)!
    expect(badges.map(b => [b.end, b.status, b.obstacle?.reason])).toEqual([
      ['0001', 'active', undefined],
      ['0004', 'suspended', 'badge-suspended'],
      ['0005', 'lost', 'badge-lost'],
      ['0006', 'revoked', 'badge-revoked'],
    ])
    expect(points.some(p => p.open)).toBe(true)
    const lost = mayOpen(bookFor(), 'fay', AT)!
    expect(lost.points.some(p => p.open)).toBe(false)
    expect(lost.points.length).toBeGreaterThan(0)
  })

  it('shows grants to come with their span on the wall clock, and none that are over', () => {
    const grants = [
      grant('g-1', 'anna', { from: CHRISTMAS_AT_3, until: CHRISTMAS_AT_3 + HOUR }),
      grant('g-2', 'anna', { until: AT - 1 }),
    ]
    const drugs = mayOpen(bookFor(askedSite(), grants), 'anna', AT)!.points.find(p => p.accessPoint.id === 'drugs')!
    expect(drugs.ways.map(w => [w.kind === 'grant' && w.grant, w.open, w.when])).toEqual([
      ['g-1', false, { fr: 'du 25/12/2026 03:00 au 25/12/2026 04:00', en: '25 Dec 2026, 03:00 to 25 Dec 2026, 04:00' }],
    ])
  })

  it('calls by its id what no longer exists, and shows a rule that forbids in no schedule as one for all hours', () => {
    const site = askedSite()
    const schedules = site.schedules.filter(s => s.id !== 'night')
    const roles = site.roles.map(r =>
      r.id === 'barred' ? { ...r, rights: r.rights.map(right => ({ ...right, schedule: 'night' })) } : r,
    )
    const people = site.people.map(p => (p.id === 'emil' ? { ...p, roles: [...p.roles, 'gone'] } : p))
    const zones = site.zones.filter(z => z.id !== 'pharmacy')
    const answer = mayOpen(bookFor({ ...site, schedules, roles, people, zones }), 'emil', AT)!
    expect(answer.roles.at(-1)).toEqual({ id: 'gone', name: 'gone' })
    const drugs = answer.points.find(p => p.accessPoint.id === 'drugs')!
    expect(drugs.accessPoint.zone).toEqual({ id: 'pharmacy', name: 'pharmacy' })
    expect([drugs.open, drugs.forbidden]).toMatchObject([
      false,
      [{ open: true, schedule: { id: 'night', name: 'night' }, when: { fr: 'à toute heure', en: 'at all hours' } }],
    ])
  })

  it('knows nobody of that id', () => expect(mayOpen(bookFor(), 'zoe', AT)).toBeUndefined())
})
