import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventPage, GrantIssued, GrantList, GrantRequest, GrantsIssued, OwnTenant, Problem } from '../api.ts'
import { NURSE, TestDevice, TestHub, until, VISITOR } from './harness.ts'
import { HOUR, rowsOf, SCOPE, site, TestTenant, wish } from './tenant-hub.ts'

const SLOW_START_MS = 180_000
const PATIENT = { timeout: 120_000 }
const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000', VIGIE_TOKEN_RATE: '100000' })
const door = new TestDevice('door-1', 'test-site')
let planning: TestTenant
let clinical: TestTenant

beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await door.connect(hub)
  planning = await TestTenant.register(hub, 'planning')
  clinical = await TestTenant.register(hub, 'clinical', {
    zones: [],
    accessPoints: ['cab-1-d1'],
    classes: ['medicines'],
    origins: ['prescription'],
    people: { roles: ['nurse'], ids: [] },
  })
}, SLOW_START_MS)
afterAll(async () => {
  await door.close()
  await hub.close()
})

const issue = async (who: TestTenant, over: Partial<GrantRequest> = {}): Promise<GrantIssued> => {
  const answer = await who.ask('POST', '/api/v1/grants', wish(over))
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as GrantIssued
}
const refusedOf = async (who: TestTenant) => (await rowsOf(hub, 'tenant.refused')).filter(r => r.tenant === who.id)

interface Described {
  readonly paths: Record<string, Record<string, { 'x-vigie-capability': string; 'x-vigie-tenant'?: true }>>
}

describe('every route', PATIENT, () => {
  it('is closed to applications, but for those that are declared open; once a minute it is a row', async () => {
    const curious = await TestTenant.register(hub, 'curious')
    const { paths } = (await (await hub.fetch('/api/v1/openapi.json')).json()) as Described
    const open: string[] = []
    const wrong: unknown[] = []
    let closed = 0
    for (const [path, item] of Object.entries(paths))
      for (const [method, { 'x-vigie-capability': capability, 'x-vigie-tenant': tenant }] of Object.entries(item)) {
        if (capability === 'public' || capability === 'device') continue
        const name = `${method.toUpperCase()} ${path}`
        if (tenant) {
          open.push(name)
          continue
        }
        const at = path.replaceAll(/\{[^}]+\}/g, 'x')
        const answer = await curious.tries(method.toUpperCase(), at, method === 'get' ? undefined : {})
        await curious.tries(method.toUpperCase(), at, method === 'get' ? undefined : {})
        closed += 1
        // The directory's routes answer as SCIM does, which knows no codes of ours.
        const said = path.startsWith('/scim/') ? undefined : 'not-allowed'
        if (answer[0] !== 403 || answer[1] !== said) wrong.push([name, answer])
      }
    expect(wrong).toEqual([])
    expect(closed).toBeGreaterThan(70)
    expect(open.filter(o => !o.includes('webhooks')).sort()).toEqual([
      'DELETE /api/v1/grants/{id}',
      'GET /api/v1/events',
      'GET /api/v1/events/stream',
      'GET /api/v1/grants',
      'GET /api/v1/tenant',
      'POST /api/v1/grants',
    ])
    const rows = await until('a row for each', async () => {
      const all = await refusedOf(curious)
      return all.length >= closed && all
    })
    expect(rows).toHaveLength(closed)
    expect(rows).toContainEqual({
      ...{ kind: 'tenant.refused', tenant: 'curious', asked: 'POST /api/v1/tenants', reason: 'not-allowed' },
    })
  })

  it('takes no other token: cut short, made up, an operator’s with its prefix, or none', async () => {
    const made = planning.token
    for (const token of [
      made.slice(0, -1),
      `vigie_t_${'A'.repeat(43)}`,
      made.replace('vigie_t_', 'vigie_'),
      'vigie_t_',
    ]) {
      const other = new TestTenant(hub, 'x', token)
      expect((await other.tries('GET', '/api/v1/tenant'))[0]).toBeGreaterThanOrEqual(401)
    }
  })

  it('tells an operator that applications have one of their own', async () => {
    const answer = await hub.fetch('/api/v1/tenant')
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([404, 'tenant-none'])
  })
})

describe('a grant', PATIENT, () => {
  it('within the scope opens the door, and says so to the application that wrote it, by its reference', async () => {
    const reader = await planning.follow()
    const { grant } = await issue(planning, { reference: 'rdv-4711', key: 'rdv-4711' })
    expect(grant).toMatchObject({ by: 'tenant:planning', reference: 'rdv-4711', key: 'rdv-4711' })
    expect(await door.badge(VISITOR, 'door')).toMatchObject({ granted: true })
    const line = await until('the event', () => reader.lines.find(l => l.kind === 'access.granted'))
    expect(line).toMatchObject({
      ...{ accessPoint: 'door-1', zone: 'hall', via: 'grant', grant: grant.id, reference: 'rdv-4711', key: 'rdv-4711' },
      person: { id: 't-ferrand', name: 'T. Ferrand' },
    })
    expect((await planning.tries('DELETE', `/api/v1/grants/${grant.id}`))[0]).toBe(200)
    expect(await door.badge(VISITOR, 'door')).toMatchObject({ granted: false })
    await reader.close()
  })

  it.each<[string, Partial<GrantRequest>, string]>([
    ['for somebody it may not name', { person: 'c-marchand' }, '/person'],
    ['for nobody, told the same', { person: 'nobody-at-all' }, '/person'],
    ['at a door outside', { target: { accessPoint: 'cab-1-d1' } }, '/accessPoint'],
    ['at a door that is not there, told the same', { target: { accessPoint: 'vault' } }, '/accessPoint'],
    ['in a zone outside', { target: { zone: 'ward', classes: ['door'] } }, '/zone'],
    ['in a zone that is not there, told the same', { target: { zone: 'moon', classes: ['door'] } }, '/zone'],
    ['of every class of its zone', { target: { zone: 'hall' } }, '/classes'],
    ['of a class that is not its own', { target: { zone: 'hall', classes: ['door', 'controlled-drugs'] } }, '/classes'],
    ['of a whole class', { target: { classes: ['door'] } }, '/zone'],
    ['of both its zone and a door outside', { target: { zone: 'hall', accessPoint: 'cab-1-d2' } }, '/accessPoint'],
    ['of another origin', { origin: 'prescription' }, '/origin'],
    ['that puts somebody on duty', { origin: 'shift' }, '/origin'],
    ['longer than it may', { until: Date.now() + 5 * HOUR }, '/until'],
    ['further ahead', { from: Date.now() + 240 * HOUR, until: Date.now() + 241 * HOUR }, '/until'],
    ['for ever', { until: 8.64e15 }, '/until'],
    ['with a person in the reference', { reference: 'rdv:c-marchand' }, '/reference'],
    ['with a badge in the reference', { reference: NURSE }, '/reference'],
  ])('%s is refused', async (_, over, field) => {
    const target = over.origin === 'shift' ? {} : { target: wish().target }
    const { target: __, ...rest } = wish()
    expect(await planning.tries('POST', '/api/v1/grants', { ...rest, ...target, ...over })).toEqual([
      403,
      'tenant-scope',
      field,
    ])
    expect((await planning.get<GrantList>('/api/v1/grants')).grants).toEqual([])
  })

  it.each<[string, object, string]>([
    ['a name as its reference', { reference: 'Théo Ferrand' }, '/reference'],
    ['a path as its reference', { reference: '../../etc/passwd' }, '/reference'],
    ['a long reference', { reference: 'a'.repeat(65) }, '/reference'],
    ['an object as its reference', { reference: { $ne: null } }, '/reference'],
    ['an id of its own choosing', { id: 'g-0123456789abcdef' }, '/id'],
    ['another author', { by: 'tenant:clinical' }, '/by'],
    ['another application', { tenant: 'clinical' }, '/tenant'],
    ['a prototype', JSON.parse('{"__proto__": {"by": "cli:root"}}') as object, '/__proto__'],
    ['a time that is no number', { from: 'now' }, '/from'],
    ['a time beyond all', { until: 1e300 }, '/until'],
    ['an unheard-of class', { target: { zone: 'hall', classes: ['vault'] } }, '/target/classes/0'],
    ['no class at all', { target: { zone: 'hall', classes: [] } }, '/target/classes'],
    ['an empty place', { target: {} }, '/target'],
    ['an empty key', { key: '' }, '/key'],
    ['a key of many lines', { key: 'a\nb' }, '/key'],
  ])('with %s is refused as no such wish', async (_, over, at) => {
    const body = `${JSON.stringify(wish()).slice(0, -1)},${JSON.stringify(over).slice(1)}`
    const answer = await fetch(`${hub.origin}/api/v1/grants`, {
      ...{ method: 'POST', body },
      headers: { ...planning.headers, 'content-type': 'application/json' },
    })
    const { code, field } = (await answer.json()) as Problem
    const expected = at === '/__proto__' ? [400, 'request-malformed', undefined] : [422, 'input-invalid', at]
    expect([answer.status, code, field]).toEqual(expected)
  })

  it('of somebody else is not there for it: neither an operator’s nor another application’s', async () => {
    const own = await issue(clinical, {
      ...{ person: 'c-marchand', origin: 'prescription', target: { accessPoint: 'cab-1-d1' }, reference: 'rx-1' },
    })
    const operators = await hub.admin.post<GrantIssued>('/api/v1/grants', wish())
    for (const { grant } of [own, operators])
      expect(await planning.tries('DELETE', `/api/v1/grants/${grant.id}`)).toEqual([404, 'grant-unknown'])
    expect(
      (await planning.get<GrantList>('/api/v1/grants?all=true')).grants.filter(g => g.by !== 'tenant:planning'),
    ).toEqual([])
    const { grants } = await hub.admin.get<GrantList>('/api/v1/grants')
    expect(grants.map(g => g.id)).toEqual(expect.arrayContaining([own.grant.id, operators.grant.id]))
    await hub.admin.ask('DELETE', `/api/v1/grants/${operators.grant.id}`)
  })

  it('is not made by an operator with a key: that is for applications', async () => {
    const answer = await hub.fetch('/api/v1/grants', { method: 'POST', body: JSON.stringify(wish({ key: 'k' })) })
    expect(((await answer.json()) as Problem).code).toBe('input-invalid')
  })
})

describe('a key', PATIENT, () => {
  const post = (who: TestTenant, body: object) => who.ask('POST', '/api/v1/grants', body)

  it('is one grant, sent fifty times at once or again much later', async () => {
    const one = wish({ key: 'once', target: { zone: 'hall', classes: ['door'] } })
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(planning, one)))
    expect(answers.filter(a => a.status === 201)).toHaveLength(1)
    expect(answers.filter(a => a.status === 200)).toHaveLength(49)
    const ids = await Promise.all(answers.map(async a => ((await a.json()) as GrantIssued).grant.id))
    expect(new Set(ids).size).toBe(1)
  })

  it('never stands for another wish, nor for one that was taken back', async () => {
    const one = wish({ key: 'twice' })
    const { grant } = (await (await post(planning, one)).json()) as GrantIssued
    for (const other of [{ until: one.until + 1 }, { reference: 'x' }, { target: { zone: 'hall', classes: ['door'] } }])
      expect(await planning.tries('POST', '/api/v1/grants', { ...one, ...other })).toEqual([409, 'grant-key-conflict'])
    await planning.tries('DELETE', `/api/v1/grants/${grant.id}`)
    expect(await planning.tries('POST', '/api/v1/grants', one)).toEqual([409, 'grant-key-conflict'])
  })

  it('is each application’s own', async () => {
    const mine = await issue(planning, { key: 'shared' })
    const theirs = await issue(clinical, {
      ...{ key: 'shared', person: 'c-marchand', origin: 'prescription', target: { accessPoint: 'cab-1-d1' } },
    })
    expect(theirs.grant.id).not.toBe(mine.grant.id)
  })

  it('does not carry a wish past the scope', async () => {
    expect(await planning.tries('POST', '/api/v1/grants', wish({ key: 'shared', person: 'c-marchand' }))).toEqual([
      409,
      'grant-key-conflict',
    ])
  })
})

describe('many at once', PATIENT, () => {
  const live = async (): Promise<number> => (await planning.get<OwnTenant>('/api/v1/tenant')).grants

  it('are all there, or none: the problem names the first that stands in the way', async () => {
    const before = await live()
    const many = (bad: Partial<GrantRequest>) => ({ grants: [wish(), wish(), wish(bad), wish()] })
    expect(await planning.tries('POST', '/api/v1/grants', many({ person: 'c-marchand' }))).toEqual([
      ...[403, 'tenant-scope', '/grants/2/person'],
    ])
    expect(await planning.tries('POST', '/api/v1/grants', many({ from: Date.now() - HOUR }))).toEqual([
      ...[422, 'grant-invalid', '/grants/2/from'],
    ])
    const twice = { grants: [wish({ key: 'same' }), wish({ key: 'same' })] }
    expect(await planning.tries('POST', '/api/v1/grants', twice)).toEqual([409, 'grant-key-conflict', '/grants/1/key'])
    expect(await live()).toBe(before)
    const answer = await planning.ask('POST', '/api/v1/grants', { grants: [wish(), wish()] })
    const { grants, revision } = (await answer.json()) as GrantsIssued
    expect([answer.status, grants.length, revision > 0]).toEqual([201, 2, true])
    expect(await live()).toBe(before + 2)
  })

  it('are no way past how many may live', async () => {
    const few = await TestTenant.register(hub, 'few', { mostGrants: 3 })
    const tries = await Promise.all(
      Array.from({ length: 10 }, () => few.tries('POST', '/api/v1/grants', { grants: [wish(), wish()] })),
    )
    expect(tries.filter(t => t[0] === 201)).toHaveLength(1)
    expect(tries.filter(t => t[1] === 'tenant-full')).toHaveLength(9)
    expect((await few.tries('POST', '/api/v1/grants', wish()))[0]).toBe(201)
    expect(await few.tries('POST', '/api/v1/grants', wish())).toEqual([409, 'tenant-full'])
  })

  it('are 500 at most, and not none', async () => {
    for (const length of [0, 501]) {
      const grants = Array.from({ length }, () => wish())
      expect((await planning.tries('POST', '/api/v1/grants', { grants }))[0]).toBe(422)
    }
  })

  it('may be operators’ too', async () => {
    const made = await hub.admin.post<GrantsIssued>('/api/v1/grants', { grants: [wish(), wish()] })
    expect(made.grants.map(g => g.by.startsWith('tenant:'))).toEqual([false, false])
    for (const { id } of made.grants) await hub.admin.ask('DELETE', `/api/v1/grants/${id}`)
  })
})

describe('what an application hears', PATIENT, () => {
  it('is of its places and kinds only, and names nobody it may not name', async () => {
    const reader = await planning.follow()
    await door.badge(NURSE, 'door')
    await door.badge(VISITOR, 'door')
    await door.badge('04AAAAAAAAAA01', 'door')
    await issue(clinical, {
      ...{ person: 'c-marchand', origin: 'prescription', target: { accessPoint: 'cab-1-d1' }, reference: 'rx-2' },
    })
    await hub.admin.post('/api/v1/grants', wish({ reference: 'operators-own' }))
    const mine = await issue(planning, { reference: 'mine' })
    await until('its own grant', () => reader.lines.find(l => l.grant === mine.grant.id))
    const page = await planning.get<EventPage>('/api/v1/events?limit=200')
    for (const lines of [reader.lines, page.events]) {
      const text = JSON.stringify(lines)
      for (const secret of ['Marchand', 'Kessler', 'clinical', 'rx-', 'operators-own', '"p-', '"b-', '"o-', '"by"'])
        expect([secret, text.includes(secret)]).toEqual([secret, false])
      expect(lines.filter(l => !(SCOPE.events as string[]).includes(l.kind))).toEqual([])
      expect(lines.filter(l => l.accessPoint !== 'door-1' && l.zone !== 'hall')).toEqual([])
    }
    const opened = reader.lines.filter(l => l.kind === 'access.granted')
    expect(opened.map(l => l.person?.id)).toContain(undefined)
    await reader.close()
  })

  it('cannot be widened by asking', async () => {
    expect((await planning.get<EventPage>('/api/v1/events?zone=ward')).events).toEqual([])
    expect((await planning.get<EventPage>('/api/v1/events?device=cab-1')).events).toEqual([])
    expect((await planning.get<EventPage>('/api/v1/events?kind=operator.signed-in')).events).toEqual([])
    expect((await planning.get<EventPage>('/api/v1/events?kind=duress.raised')).events).toEqual([])
    expect((await planning.tries('GET', '/api/v1/events?own=tenant:clinical'))[0]).toBe(422)
    const reader = await planning.follow('0')
    await until('the beginning', () => reader.lines.length > 0)
    expect(reader.lines.filter(l => !(SCOPE.events as string[]).includes(l.kind))).toEqual([])
    await reader.close()
  })

  it('is a reading that the journal tells of', async () => {
    await planning.get('/api/v1/events')
    const rows = await rowsOf(hub, 'journal.read')
    expect(rows.filter(r => r.by === 'tenant:planning').length).toBeGreaterThan(0)
  })
})
