/** Visits on a whole hub: a visitor's badge opens doors from then to then and nothing else, and ends by itself. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem, VisitList, VisitMade, VisitView } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'
import type { Seat } from './seat.ts'

const SLOW_START_MS = 180_000
const HOUR = 3_600_000
const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000' })
const door = new TestDevice('door-1', 'test-site')
const cabinet = new TestDevice('cab-1', 'test-site')
let guard: Seat

const site = () => {
  const base = smallSite()
  const point = { id: 'door-2', zone: 'ward', class: 'door', device: 'door-2', point: 'door' } as const
  return {
    ...base,
    people: [...base.people, { id: 'host', name: 'Hélène Hôte', roles: [] }],
    devices: [...base.devices, { id: 'door-2', model: 'door', name: 'Porte des soins', zone: 'ward' }],
    accessPoints: [...base.accessPoints, { ...point, name: 'Porte des soins' }],
  }
}
beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  guard = await hub.signInAs('security')
  await door.connect(hub)
  await cabinet.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  await door.close()
  await cabinet.close()
  await hub.close()
})

const wish = (more: object = {}) => ({
  ...{ visitor: { name: 'Jean Vidal', company: 'Ascenseurs' }, host: 'c-marchand' },
  ...{ from: Date.now(), until: Date.now() + HOUR, places: [{ zone: 'hall' }], ...more },
})
const announce = (more: object = {}, who = guard): Promise<VisitMade> =>
  who.post<VisitMade>('/api/v1/visits', wish(more))
const asked = async (seat: Seat, method: string, path: string, body?: object, headers = {}) => {
  const answer = await seat.fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return [answer.status, ((await answer.json()) as Problem).code] as const
}
const one = (id: string): Promise<VisitView> => guard.get<VisitView>(`/api/v1/visits/${id}`)
const opens = async (uid: string): Promise<boolean> => (await door.badge(uid, 'door')).granted
const rowsOf = async (id: string): Promise<VigieEvent[]> =>
  (await hub.journal(5_000)).map(r => r.event).filter(e => 'visit' in e && e.visit === id)

describe('a visitor', () => {
  it('with a badge opens the doors of the visit, and never a cabinet', async () => {
    const { visit, code } = await announce({ badge: '04dd000001', places: [{ zone: 'hall' }, { zone: 'ward' }] })
    expect(code).toBeUndefined()
    expect(visit).toMatchObject({ state: 'announced', shownAs: 'badge', host: { id: 'c-marchand' } })
    expect(await opens('04DD000001')).toBe(true)
    for (const drawer of ['drawer-1', 'drawer-2'])
      expect((await cabinet.badge('04DD000001', drawer)).granted).toBe(false)
    const rows = await rowsOf(visit.id)
    expect(rows[0]).toMatchObject({ kind: 'visit.announced', credential: expect.stringMatching(/^b-/) })
    expect(JSON.stringify(rows)).not.toMatch(/Vidal|04DD|Marchand/)
  })

  it('with a code is shown it once; another one takes its place', async () => {
    const { visit, code = '' } = await announce()
    expect(code).toMatch(/^[0-9A-F]{20}$/)
    expect(await opens(code)).toBe(true)
    expect(JSON.stringify(await guard.get(`/api/v1/visits/${visit.id}`))).not.toContain(code)
    const next = await guard.post<VisitMade>(`/api/v1/visits/${visit.id}/code`)
    expect([await opens(code), await opens(next.code ?? '')]).toEqual([false, true])
    expect(JSON.stringify(await hub.journal(5_000))).not.toContain(code)
  })

  it('opens nothing before, and nothing after: the visit ends by itself', async () => {
    const { visit: later, code: early = '' } = await announce({ from: Date.now() + HOUR, until: Date.now() + 2 * HOUR })
    expect(await opens(early)).toBe(false)
    const { visit, code = '' } = await announce({ until: Date.now() + 1_500 })
    expect(await opens(code)).toBe(true)
    const over = await until('the visit is over', async () => {
      const now = await one(visit.id)
      return now.state === 'ended' && now
    })
    expect(over.endedBy).toBeUndefined()
    expect(await opens(code)).toBe(false)
    expect((await rowsOf(visit.id)).at(-1)).not.toHaveProperty('by')
    expect((await one(later.id)).state).toBe('announced')
  })

  it('is out at once when the visit is ended; one that has not begun is cancelled', async () => {
    const { visit, code = '' } = await announce({ badge: undefined })
    expect(await opens(code)).toBe(true)
    const ended = await guard.post<VisitView>(`/api/v1/visits/${visit.id}/end`, { reason: 'Parti' })
    expect([ended.state, await opens(code)]).toEqual(['ended', false])
    expect((await rowsOf(visit.id)).at(-1)).toMatchObject({ kind: 'visit.ended', statedReason: 'Parti' })
    expect(await asked(guard, 'POST', `/api/v1/visits/${visit.id}/end`, {})).toEqual([409, 'visit-over'])
    const { visit: later } = await announce({ from: Date.now() + HOUR, until: Date.now() + 2 * HOUR })
    expect((await guard.post<VisitView>(`/api/v1/visits/${later.id}/end`, {})).state).toBe('cancelled')
  })

  it('hands the badge back for the next one; until then it is nobody else’s', async () => {
    const badge = '04DD000002'
    const { visit } = await announce({ badge })
    expect(await asked(guard, 'POST', '/api/v1/visits', wish({ badge }))).toEqual([409, 'badge-taken'])
    await guard.post(`/api/v1/visits/${visit.id}/end`, {})
    expect(await opens(badge)).toBe(false)
    await announce({ badge, visitor: { name: 'Ana Sol' } })
    expect(await opens(badge)).toBe(true)
    expect(await asked(guard, 'POST', '/api/v1/visits', wish({ badge: '04A2B3C4D5E6F7' }))).toEqual([
      409,
      'badge-taken',
    ])
  })

  it('stays longer for whoever has seen the visit', async () => {
    const { visit, code = '' } = await announce({ until: Date.now() + HOUR })
    const path = `/api/v1/visits/${visit.id}`
    const times = { until: Date.now() + 5 * HOUR }
    expect(await asked(guard, 'PATCH', path, times)).toEqual([428, 'precondition-required'])
    const patch = { method: 'PATCH', headers: { 'if-match': `"${visit.revision}"` }, body: JSON.stringify(times) }
    expect(((await (await guard.fetch(path, patch)).json()) as VisitView).until).toBe(times.until)
    expect((await guard.fetch(path, patch)).status).toBe(412)
    expect(await opens(code)).toBe(true)
  })

  it('is out when whom they visit has left', async () => {
    const { visit, code = '' } = await announce({ host: 'host' })
    expect(await opens(code)).toBe(true)
    await hub.admin.post('/api/v1/people/host/departure', { reason: 'Fin de contrat' })
    await until('the visit is over', async () => (await one(visit.id)).state === 'ended', 40_000)
    expect(await opens(code)).toBe(false)
  })

  it('whose hub was killed over the end opens nothing, and is over when it is back', async () => {
    const { visit, code = '' } = await announce({ until: Date.now() + 1_000 })
    await door.close()
    await cabinet.close()
    await hub.end('SIGKILL')
    const { httpPort, mqttPort, httpsPort } = hub.ready
    await hub.start({
      VIGIE_HTTP_PORT: `${httpPort}`,
      VIGIE_MQTT_PORT: `${mqttPort}`,
      VIGIE_HTTPS_PORT: `${httpsPort}`,
    })
    await until('the visit is over', async () => (await one(visit.id)).state === 'ended')
    await door.connect(hub)
    await cabinet.connect(hub)
    expect(await opens(code)).toBe(false)
  }, 60_000)
})

describe('who may', () => {
  it('announce to the doors of their zones, and see no other visits', async () => {
    const ward = await hub.signInAs('ward-manager', ['hall'])
    const { visit } = await announce({ places: [{ accessPoint: 'door-1' }] }, ward)
    const { visit: other } = await announce({ places: [{ zone: 'ward' }] })
    expect((await ward.get<VisitList>('/api/v1/visits?limit=200')).visits.map(v => v.id)).toContain(visit.id)
    expect(await asked(ward, 'GET', `/api/v1/visits/${other.id}`)).toEqual([404, 'visit-unknown'])
    expect(await asked(ward, 'POST', '/api/v1/visits', wish({ places: [{ zone: 'ward' }] }))).toEqual([
      422,
      'visit-place',
    ])
  })

  it('not: nurses, auditors', async () => {
    for (const role of ['nurse', 'auditor'] as const)
      expect((await asked(await hub.signInAs(role), 'POST', '/api/v1/visits', wish()))[0], role).toBe(403)
  })
})

describe('bad input', () => {
  const now = Date.now()
  it.each([
    ['a host who is nobody', { host: 'nobody' }, 'person-unknown'],
    ['an end before the beginning', { from: now + HOUR, until: now }, 'input-invalid'],
    ['a visit of a year', { until: now + 365 * 24 * HOUR }, 'input-invalid'],
    ['a day long ago', { from: now - 24 * HOUR }, 'input-invalid'],
    ['a cabinet', { places: [{ accessPoint: 'cab-1-d1' }] }, 'visit-place'],
    ['a place that is none', { places: [{ zone: 'moon' }] }, 'visit-place'],
    ['two places in one', { places: [{ zone: 'hall', accessPoint: 'door-1' }] }, 'input-invalid'],
    ['no place', { places: [] }, 'input-invalid'],
    ['a badge that is no number', { badge: 'zzzz' }, 'input-invalid'],
    ['a field too many', { roles: ['nurse'] }, 'input-invalid'],
  ] as const)('%s is told, and nobody is let in', async (_, more, code) => {
    const before = (await guard.get<VisitList>('/api/v1/visits?limit=200')).visits.length
    expect((await asked(guard, 'POST', '/api/v1/visits', wish(more)))[1]).toBe(code)
    expect((await guard.get<VisitList>('/api/v1/visits?limit=200')).visits).toHaveLength(before)
  })

  it('two desks that hand out one badge at once: one does', async () => {
    const both = await Promise.all(
      [1, 2, 3].map(() => asked(guard, 'POST', '/api/v1/visits', wish({ badge: '04DD0000EE' }))),
    )
    expect(both.map(([status]) => status).sort()).toEqual([201, 409, 409])
  })
})

it('of a person who is erased, nothing is left of the visit but that there was one', async () => {
  const { visit } = await announce({ visitor: { name: 'Ludivine Quatrefages' } })
  await guard.post(`/api/v1/visits/${visit.id}/end`, {})
  const person = `visit-${visit.id.slice(2)}`
  const officer = await hub.signInAs('data-protection')
  const file = await officer.fetch('/api/v1/privacy/access-requests', {
    method: 'POST',
    body: JSON.stringify({ person, format: 'json' }),
  })
  const { person: held } = JSON.parse(await file.text()) as { person: { filed: object[] } }
  expect(held.filed).toMatchObject([{ what: { en: 'Your visit' }, details: [{ en: 'Ludivine Quatrefages' }, {}] }])
  const { approval } = await officer.post<{ approval: { id: string } }>('/api/v1/privacy/erasures', {
    person,
    withdraw: true,
    statedReason: 'demande',
  })
  await hub.admin.stepUp()
  await hub.admin.post(`/api/v1/approvals/${approval.id}/approve`)
  const seen = await one(visit.id)
  expect(seen.visitor).toBeUndefined()
  expect(JSON.stringify(seen)).not.toContain('Quatrefages')
})
