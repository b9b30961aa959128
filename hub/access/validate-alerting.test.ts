/** What the checks of rotas and escalations ask for, one fault at a time. */
import { describe, expect, test } from 'vitest'
import { fullSite } from '../test/small-site.ts'
import { EXPECTED } from './expected.ts'
import type { Escalation, Rota, Site } from './site.ts'
import { isItem } from './site-shape.ts'
import { validate } from './validate.ts'
import { ofEscalations, ofRotas } from './validate-alerting.ts'

const rota: Rota = { id: 'r', name: 'R', people: ['ida'], from: '2026-01-05', handover: '08:00', days: 7 }
const plan: Escalation = { id: 'e', name: 'E', steps: [{ afterMinutes: 0, to: { role: 'security' } }] }
const within = (change: (site: Site) => void): Site => {
  const site = fullSite()
  change(site)
  return site
}
const rotas = (...list: object[]): Site => within(s => (s.rotas = list as Rota[]))
const plans = (...list: object[]): Site => within(s => (s.escalations = list as Escalation[]))
const standIn = (from: string, until: string): object => ({ ...rota, standIns: [{ login: 'sam', from, until }] })

test('those of the full site are in order, and so is a site without any', () => {
  const site = fullSite()
  expect([...ofRotas(site), ...ofEscalations(site)]).toEqual([])
  const { rotas: _, escalations: __, ...bare } = site
  expect([...ofRotas(bare), ...ofEscalations(bare)]).toEqual([])
  // The plan names the rota that is gone.
  const { rotas: ___, ...halved } = site
  expect([...ofEscalations(halved)].map(p => p.pointer)).toEqual(['/escalations/0/steps/0/to/onCall'])
})

describe('a rota', () => {
  test.each<readonly [string, Site, string, string]>([
    ['twice', rotas(rota, rota), '/rotas/1/id', EXPECTED.unused],
    ['from a day that is none', rotas({ ...rota, from: '2026-02-30' }), '/rotas/0/from', EXPECTED.day],
    [
      'a stand-in from no time',
      rotas(standIn('2026-02-30T00:00:00Z', '2026-03-02T00:00:00Z')),
      '/rotas/0/standIns/0/from',
      EXPECTED.instant,
    ],
    [
      'a stand-in until no time',
      rotas(standIn('2026-02-01T00:00:00Z', '2026-02-30T00:00:00Z')),
      '/rotas/0/standIns/0/until',
      EXPECTED.instant,
    ],
    [
      'a stand-in that ends as it begins',
      rotas(standIn('2026-02-01T00:00:00Z', '2026-02-01T00:00:00Z')),
      '/rotas/0/standIns/0/until',
      EXPECTED.afterFrom,
    ],
  ])('%s', (_, site, pointer, expected) => {
    expect([...ofRotas(site)]).toEqual([{ pointer, expected }])
  })
  test.each([
    { people: [] },
    { days: 0 },
    { days: 29 },
    { handover: '24:00' },
    { from: '--01-05' },
    { standIns: [{ login: 'x' }] },
  ])('is none: %j', more => expect(isItem('rota', 'r', { ...rota, ...more })).toBe(false))
})

describe('an escalation', () => {
  const step = (to: object): object => ({ ...plan, steps: [{ afterMinutes: 0, to }] })
  test.each<readonly [string, Site, string, string]>([
    ['twice', plans(plan, plan), '/escalations/1/id', EXPECTED.unused],
    ['of a zone that is not there', plans({ ...plan, zones: ['attic'] }), '/escalations/0/zones/0', EXPECTED.zone],
    ['to a rota that is not there', plans(step({ onCall: 'x' })), '/escalations/0/steps/0/to/onCall', EXPECTED.rota],
  ])('%s', (_, site, pointer, expected) => {
    expect([...ofEscalations(site)]).toEqual([{ pointer, expected }])
  })
  test.each([
    { steps: [] },
    step({}),
    step({ role: 'nurse' }),
    step({ logins: [] }),
    step({ role: 'it', onCall: 'nights' }),
    { rounds: 0 },
    { from: 'dire' },
    { zones: [] },
    { kinds: ['burglar'] },
  ])('is none: %j', more => expect(isItem('escalation', 'e', { ...plan, ...more })).toBe(false))
  test('to a role, a rota and accounts is one', () => {
    for (const to of [{ role: 'it' }, { onCall: 'nights' }, { logins: ['nina', 'ida'] }])
      expect(isItem('escalation', 'e', step(to))).toBe(true)
  })
})

test('the whole site names them too', () => {
  const knows = { model: () => true, canUnlock: () => true, isBought: () => false, isGateway: () => false }
  expect(validate(rotas(rota, rota), knows).map(p => p.pointer)).toEqual([
    '/rotas/1/id',
    '/escalations/0/steps/0/to/onCall',
  ])
})
