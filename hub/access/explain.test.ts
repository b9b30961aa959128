import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyBadge, anyGrants, anyRows, anySite } from '../test/any-site.ts'
import { PAIR_CASES } from '../test/decide-cases/pairs.ts'
import { PLACE_CASES } from '../test/decide-cases/places.ts'
import {
  at,
  awaiting,
  type Case,
  during,
  glass,
  grants,
  inside,
  lockdown,
  running,
  ward,
  withPerson,
} from '../test/decide-cases/put.ts'
import { RIGHTS_CASES } from '../test/decide-cases/rights.ts'
import { STANDING_CASES } from '../test/decide-cases/standing.ts'
import { pseudonymsOf } from '../test/small-site.ts'
import { DINA, grantOf, HOUR, NILS, NOON, NORA, TECH, wardSite, wardSnapshot } from '../test/ward-site.ts'
import { caseOf, type StepCode } from './case.ts'
import { compile } from './compile.ts'
import { decide } from './decide.ts'
import type { DenyReason } from './decision.ts'
import { type Explanation, explain } from './explain.ts'
import { STEPS } from './explain-steps.ts'
import { remedyFor } from './explain-verdict.ts'
import { labelsOf } from './labels.ts'
import { REASONS } from './reasons.ts'
import { applied, CALM } from './situations.ts'

const site = wardSite()
const nora = ward.badges.get(NORA)!
const names = new Map(site.people.map(p => [`p-${p.id}`, p.name]))
const labels = labelsOf(site, names)
const tell = ({ request, snapshot = ward, situations = CALM }: Case): Explanation =>
  explain(snapshot, situations, request, labels)
/** `outcome code`, in order. */
const outline = (asked: Case) => tell(asked).steps.map(s => `${s.outcome} ${s.code}`)
const said = (asked: Case, code: string) =>
  tell(asked)
    .steps.filter(s => s.code === code)
    .map(s => s.text)

/** What French typography and plain speech ask of every sentence. */
function expectPlain({ fr, en }: { readonly fr: string; readonly en: string }): void {
  for (const text of [fr, en]) {
    expect(text).toMatch(/^\S.*\.$/)
    expect(text).not.toMatch(/undefined|NaN|Infinity|\{|\}| {2}|'/)
  }
  expect(fr.replaceAll(/\d\d:\d\d|--:--/g, '')).not.toMatch(/[^\u202f][:;!?]|\d (?:s|h|personnes|fois)\b/)
  expect(en).not.toMatch(/[\u202f]/)
}

describe('an explanation', () => {
  const CASES = [...STANDING_CASES, ...RIGHTS_CASES, ...PAIR_CASES, ...PLACE_CASES]

  test.each(CASES)('of %s (%s) comes to what was decided, in plain words', (_, reason, asked) => {
    const { decision, steps } = tell(asked)
    expect(decision).toEqual(decide(asked.snapshot ?? ward, asked.situations ?? CALM, asked.request))
    for (const { text } of steps) expectPlain(text)
    expect(steps.find(s => s.code === 'decision')?.outcome).toBe(reason === 'granted' ? 'passed' : 'stopped')
    expect(steps.some(s => s.code === 'remedy')).toBe(reason !== 'granted')
    expect(steps.some(s => s.outcome === 'stopped')).toBe(reason !== 'granted')
  })

  test('never disagrees with the decision, and stops nowhere that was passed', () => {
    fc.assert(
      fc.property(anySite, anyGrants, anyRows, fc.array(anyBadge, { maxLength: 10 }), (s, g, rows, requests) => {
        const snapshot = compile(s, 7, pseudonymsOf(s), g, NOON - 24 * HOUR)
        const situations = applied(CALM, rows)
        for (const request of requests) {
          const { decision, steps } = explain(snapshot, situations, request, labelsOf(s))
          expect(decision).toEqual(decide(snapshot, situations, request))
          expect(steps.some(x => x.outcome === 'stopped')).toBe(!decision.granted)
          for (const { text } of steps) expectPlain(text)
        }
      }),
    )
  })

  test('never throws on strange times and names it does not know', () => {
    const strange = labelsOf({ ...site, roles: [], site: { ...site.site, timeZone: 'Europe/Nowhere' } })
    for (const when of [Number.NaN, 1e300, -1e300, Number.POSITIVE_INFINITY])
      for (const place of ['open', 'forbidden', 'grant', 'nowhere'])
        for (const { text } of explain(ward, CALM, at(place, NORA, { at: when }).request, strange).steps)
          expectPlain(text)
  })
})

describe('the steps', () => {
  test('follow the order of the decision, with every rule and grant that is about the place', () => {
    const snapshot = grants(grantOf('nora', { accessPoint: 'day' }, { until: NOON + HOUR }))
    expect(
      outline({ ...at('day', NORA, { pin: 'right' }), snapshot, situations: during(lockdown('hall', 0, 1)) }),
    ).toEqual([
      'passed point',
      'passed badge',
      'passed badge-status',
      'passed badge-validity',
      'passed person-validity',
      'passed deny-rules',
      'passed pin',
      'passed lockdown',
      'passed allow-rule',
      'passed grant',
      'passed rights',
      'passed decision',
    ])
  })

  test('end where it stopped, and say what an emergency would do', () => {
    expect(outline(at('glass'))).toEqual([
      'passed point',
      'passed badge',
      'passed badge-status',
      'passed badge-validity',
      'passed person-validity',
      'passed deny-rules',
      'stopped rights',
      'stopped decision',
      'noted remedy',
      'noted emergency',
    ])
    expect(outline(at('glass', NORA, { pin: 'wrong' })).at(-1)).toBe('noted remedy')
    expect(outline(at('nothing')).at(-1)).toBe('noted remedy')
  })

  test('of two people tell of the second, then of the first', () => {
    const steps = outline({ ...at('two', NILS), situations: awaiting('nora', NORA, 'two') })
    expect(steps.slice(1, 5)).toEqual([
      'passed badge',
      'passed second-person',
      'passed badge-status',
      'passed badge-validity',
    ])
    expect(steps.slice(-3)).toEqual(['passed allow-rule', 'passed rights', 'passed decision'])
    const others = outline({ ...at('two', TECH), situations: awaiting('nora', NORA, 'two') })
    expect(others).toContain('noted second-person')
    expect(others.filter(s => s.endsWith('badge-status'))).toHaveLength(1)
  })

  test('note what is near, and did not count', () => {
    expect(outline(at('forbidden', NORA, { at: NOON + 8 * HOUR }))).toContain('noted deny-rule')
    expect(outline(at('pin'))).toContain('noted allow-rule')
    expect(outline({ ...at('in-lab'), situations: during(inside('lab')) })).toContain('noted passback-noted')
    const withdrawn = { ...at('glass'), snapshot: withPerson({ roles: [] }), situations: during(running(NOON + 1)) }
    expect(outline(withdrawn)).toContain('noted break-glass')
  })
})

describe('the words', () => {
  test('of a rule name role, hours of the day, place, schedule and the time it is', () => {
    expect(said(at('day', NORA, { at: NOON + 7.7 * HOUR }), 'allow-rule')).toEqual([
      {
        fr: 'Le rôle Nurse ouvre ce lieu le mercredi de 07:00 à 19:00 (The day, horaire Day)\u202f; il est 19:42.',
        en: 'Role Nurse opens this place on Wednesdays from 07:00 to 19:00 (The day, schedule Day); it is 19:42.',
      },
    ])
  })

  test.each([
    [
      'a Sunday',
      '2026-07-05T12:00:00+02:00',
      'n’ouvre pas ce lieu le dimanche (',
      'does not open this place on Sundays (',
    ],
    [
      'a public holiday',
      '2026-12-25T12:00:00+01:00',
      'n’ouvre pas ce lieu ce jour-là (Holidays) (',
      'does not open this place on this day (Holidays) (',
    ],
  ])('of a rule tell that it is shut on %s', (_, when, fr, en) => {
    const [text] = said(at('day', NORA, { at: Date.parse(when) }), 'allow-rule')
    expect(text!.fr).toContain(fr)
    expect(text!.en).toContain(en)
  })

  test('of a rule that runs over midnight name the day it began on', () => {
    const night = wardSite()
    night.roles[0]!.rights.push({ zone: 'ward', classes: ['medicines'], schedule: 'night' })
    const request = at('nothing', NORA, { at: Date.parse('2026-07-02T03:00:00+02:00') }).request
    const { steps } = explain(wardSnapshot(night), CALM, request, labelsOf(night))
    expect(steps.find(s => s.code === 'allow-rule')?.text).toEqual({
      fr: 'Le rôle Nurse ouvre ce lieu le mercredi de 22:00 à 07:00 le lendemain (Médicaments de Ward, horaire Night)\u202f; il est 03:00.',
      en: 'Role Nurse opens this place on Wednesdays from 22:00 to 07:00 the next day (Medicines in Ward, schedule Night); it is 03:00.',
    })
  })

  test('of a rule all day long, and of one that is gone from the site', () => {
    expect(said(at('open'), 'allow-rule')[0]!.fr).toContain('ouvre ce lieu le mercredi toute la journée (')
    const { steps } = explain(ward, CALM, at('open').request, labelsOf({ ...site, roles: [] }))
    expect(steps.find(s => s.code === 'allow-rule')?.text.fr).toBe('Le rôle nurse ouvre ce lieu (droit\u00a01).')
  })

  test('of a rule list what is missing', () => {
    expect(said(at('both'), 'allow-rule')[0]!.fr).toMatch(
      / Il manque\u202f: le code PIN, une deuxième personne \(Nurse\) dans les 30\u00a0s\.$/,
    )
    expect(said(at('any'), 'allow-rule')[0]!.en).toMatch(/ Missing: a patient or prescription reference\.$/)
    expect(said(at('reason'), 'allow-rule')[0]!.en).toMatch(/ Missing: a reason\.$/)
    expect(said(at('duty'), 'allow-rule')[0]!.fr).toMatch(/ Il manque\u202f: un service en cours\.$/)
  })

  test.each([
    [{}, 'en cours', 'under way'],
    [{ from: NOON + 1 }, 'pas encore commencé', 'not begun yet'],
    [{ until: NOON }, 'terminé', 'over'],
  ])('of a grant %j give origin, span and state', (span, fr, en) => {
    const snapshot = grants(
      grantOf('tech', { accessPoint: 'grant' }, { origin: 'prescription', reference: 'rx-1', ...span }),
    )
    const [text] = said({ ...at('grant', TECH), snapshot }, 'grant')
    expect(text!.fr).toMatch(
      /^Accès temporaire \(ordonnance\) du 01\/07\/2026 1[12]:00 au 01\/07\/2026 1[23]:00 \[g-1, rx-1\]/,
    )
    expect(text!.fr).toContain(`\u202f: ${fr}.`)
    expect(text!.en).toContain(`]: ${en}.`)
  })

  test('of a lockdown name the plan, its rank, its end and who would pass', () => {
    const situations = during(lockdown('hall'))
    expect(said({ ...at('open'), situations }, 'lockdown')).toEqual([
      {
        fr: 'Confinement Hall (rang 3) jusqu’à 13:00\u202f: le rang de Nora est 0, et aucun de ses rôles n’est exempté.',
        en: 'Lockdown Hall (rank 3) until 13:00: the rank of Nora is 0, and none of their roles is exempt.',
      },
    ])
    expect(said({ ...at('open', DINA), situations }, 'lockdown')[0]!.en).toBe(
      'Lockdown Hall (role Doctor exempt): Dina passes.',
    )
    const chief = { ...at('open'), situations, snapshot: withPerson({ roles: ['chief'] }) }
    expect(said(chief, 'lockdown')[0]!.fr).toBe('Confinement Hall (rang 3)\u202f: Nora passe.')
    expect(said({ ...at('open'), situations }, 'remedy')[0]!.en).toContain('lockdown Hall')
  })

  test('of a PIN under duress are those of a right one', () => {
    expect(said(at('pin', NORA, { pin: 'duress' }), 'pin')).toEqual(said(at('pin', NORA, { pin: 'right' }), 'pin'))
  })

  test('of break-glass count the uses', () => {
    expect(said(at('glass', NORA, glass), 'break-glass')[0]!.fr).toMatch(
      /^Bris de glace avec motif, le 1er sur 3 en 24\u00a0h\. /,
    )
  })

  test.each(Object.keys(STEPS) as StepCode[])(
    'of step %s hold where nothing is said of what stood in the way',
    code => {
      const c = caseOf(
        ward,
        CALM,
        { key: 'reader/in-booth', point: ward.points.get('reader/in-booth')! },
        nora,
        {},
        NOON,
      )
      const reasons = ['lockdown', 'pin-locked', 'witness-awaited', 'passback', 'zone-full', 'interlock'] as const
      for (const reason of reasons)
        expectPlain(STEPS[code]({ code, case: c, refusal: { kind: 'refused', reason } }, labels))
      expectPlain(STEPS[code]({ code, case: c, refusal: undefined }, labels))
      const unfinished = {
        code,
        case: c,
        refusal: undefined,
        via: { kind: 'break-glass', begins: false, id: 'e' },
      } as const
      expectPlain(STEPS[code](unfinished, labels))
    },
  )

  test('of a schedule hold where it, or its calendar, is gone from the site', () => {
    const { calendars: _, ...noCalendars } = site
    const when = Date.parse('2026-12-25T12:00:00+01:00')
    expect(labelsOf(noCalendars).right('nurse', 1)?.hours(when).day.en).toBe('on Fridays')
    const gone = labelsOf({ ...site, schedules: [] }).right('nurse', 1)
    expect([gone?.schedule, gone?.hours(when)]).toEqual(['day', { day: { fr: 'ce jour-là', en: 'on this day' } }])
    expect(labels.right('nurse', 1)?.hours(Number.NaN).windows).toBeUndefined()
  })

  test('of people are pseudonyms where no names are given', () => {
    const { steps } = explain(ward, CALM, at('open').request, labelsOf(site))
    expect(JSON.stringify(steps)).not.toContain('Nora')
    expect(steps.at(-1)?.text.en).toBe('Granted: p-nora opens The open.')
  })

  test.each(Object.keys(REASONS).filter(r => r !== 'granted') as DenyReason[])('say what to do about %s', reason => {
    expectPlain(remedyFor({ granted: false, reason, rights: 7, because: 'safe' }, labels))
  })
})
