/** What operators do over HTTP: the real edge on the real record, in a folder of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  BadgeLostDone,
  EvacuationMuster,
  GrantIssued,
  GrantList,
  OperatorRole,
  Problem,
  ReviewList,
  SiteItem,
} from '../api.ts'
import { viewOf } from '../notify/situations.ts'
import { storedFacts } from '../wiring/acts.ts'
import { operatorActs } from '../wiring/operator-acts.ts'
import { siteViewOf } from '../wiring/web.ts'
import { type Answer, type Ask, PASSWORD, startHub, type TestHub } from './http-hub.ts'
import { fullSite } from './small-site.ts'
import { NOON, Stage } from './stage.ts'

let stage: Stage
let hub: TestHub
let cookie: string
const BY = 'op-claire'
const names = { person: (p: string) => (p === BY ? { name: 'Claire Marchand' } : stage.registry().nameOf(p)) }

beforeAll(async () => {
  stage = await Stage.open()
  await stage.apply(fullSite())
  stage.op('keepSetupToken', { hash: 'h' })
  const operator = { id: BY, login: 'claire', name: 'Claire Marchand', role: 'administrator', createdAt: NOON }
  stage.op('createFirstOperator', { operator: { ...operator, passwordHash: 'x' }, setupTokenHash: 'h' })
  const situations = () => viewOf(storedFacts(stage.db, NOON).situations, siteViewOf(stage.registry()), names, NOON)
  hub = await startHub({
    dashboard: 'missing',
    acts: operatorActs({
      db: stage.db,
      op: (name, args) => stage.op(name, args),
      situations,
      names,
      inForce: () => undefined,
      expiryMs: 5_000,
      onFailure: error => expect.fail(String(error)),
      now: () => NOON,
    }),
  })
  cookie = await hub.setUp()
})
afterAll(async () => {
  await hub?.stop()
  await stage?.close()
})

const api = (path: string, ask: Ask = {}): Promise<Answer> => hub.ask(`/api/v1${path}`, { cookie, ...ask })
const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> =>
  api(path, { method, headers, ...(body && { body }) })
const refusal = (answer: Answer): [number, string, string?] => {
  const { code, field } = answer.json<Problem>()
  return field === undefined ? [answer.status, code] : [answer.status, code, field]
}
const last = (): object => stage.events().at(-1)!
async function as<T>(role: OperatorRole, ask: () => Promise<T>): Promise<T> {
  const account = hub.accounts.rows.get('claire')!
  hub.accounts.rows.set('claire', { ...account, role })
  try {
    return await ask()
  } finally {
    hub.accounts.rows.set('claire', account)
  }
}

describe('a lockdown', () => {
  it('begins with its end known, shows among the situations, and is journaled with the operator', async () => {
    const started = await send('POST', '/lockdowns/ward')
    expect([started.status, started.json()]).toMatchObject([
      201,
      { plan: 'ward', since: NOON, until: NOON + 3_600_000 },
    ])
    expect(last()).toMatchObject({ kind: 'lockdown.started', plan: 'ward', by: BY })
    expect((await api('/situations')).json()).toMatchObject({
      lockdowns: [{ plan: 'ward', since: NOON, until: NOON + 3_600_000, by: 'Claire Marchand' }],
    })
  })
  it('is refused a second time, and where there is no such plan', async () => {
    expect(refusal(await send('POST', '/lockdowns/ward'))).toEqual([409, 'plan-running'])
    expect(refusal(await send('POST', '/lockdowns/nowhere'))).toEqual([404, 'plan-unknown'])
    expect(refusal(await send('POST', '/lockdowns/No%20Plan'))).toEqual([422, 'input-invalid', '/plan'])
  })
  it('ends, once', async () => {
    expect((await send('DELETE', '/lockdowns/ward')).json()).toMatchObject({ plan: 'ward' })
    expect(last()).toMatchObject({ kind: 'lockdown.ended', by: BY })
    expect(refusal(await send('DELETE', '/lockdowns/ward'))).toEqual([409, 'plan-not-running'])
  })
})

describe('an evacuation', () => {
  it('begins, counts people, and ends', async () => {
    const position = { zone: 'pharmacy', since: NOON - 60_000, accessPoint: 'airlock-in' }
    const key = stage.pseudonym('person', 'anna')
    stage.op('act', { at: NOON, situations: [{ kind: 'position', key, value: position }], events: [] })
    expect((await send('POST', '/evacuations/fire')).status).toBe(201)
    const before = (await api('/evacuations/fire/muster')).json<EvacuationMuster>()
    expect(before.inside).toMatchObject([{ id: 'anna', name: 'Anna', zone: 'pharmacy' }])
    expect(last()).toMatchObject({ kind: 'journal.read', by: BY })
    expect((await send('POST', '/evacuations/fire/safe', { person: 'anna' })).json()).toMatchObject({ at: NOON })
    const after = (await api('/evacuations/fire/muster')).json<EvacuationMuster>()
    expect([after.inside, after.safe]).toMatchObject([[], [{ id: 'anna', at: NOON, by: 'Claire Marchand' }]])
    expect((await api('/situations')).json()).toMatchObject({
      evacuations: [{ plan: 'fire', releasing: true, inside: 0, safe: 1 }],
    })
    expect((await send('POST', '/evacuations/fire/resume')).status).toBe(200)
    expect((await send('DELETE', '/evacuations/fire')).status).toBe(200)
    expect(last()).toMatchObject({ kind: 'evacuation.ended', by: BY })
  })
  it('refuses somebody who is not of the site, and unknown fields', async () => {
    await send('POST', '/evacuations/fire')
    expect(refusal(await send('POST', '/evacuations/fire/safe', { person: 'nobody' }))).toEqual([404, 'person-unknown'])
    expect(refusal(await send('POST', '/evacuations/fire/safe', { person: 'anna', x: 1 }))[1]).toBe('input-invalid')
    await send('DELETE', '/evacuations/fire')
  })
})

describe('positions', () => {
  it('are forgotten for a zone, with their number', async () => {
    expect((await send('POST', '/passback/reset', { zone: 'ward' })).json()).toMatchObject({ count: 1 })
    expect(last()).toMatchObject({ kind: 'passback.reset', zone: 'ward', count: 1, by: BY })
    expect(refusal(await send('POST', '/passback/reset', { zone: 'moon' }))).toEqual([404, 'zone-unknown'])
  })
})

describe('a door of a man-trap that counts as open', () => {
  it('is declared shut, with who said so', async () => {
    const value = { open: true, releasedUntil: 0 }
    stage.op('act', { at: NOON, situations: [{ kind: 'door', key: 'airlock-in', value }], events: [] })
    expect((await send('POST', '/interlocks/airlock-in/reset')).json()).toMatchObject({ accessPoint: 'airlock-in' })
    expect(last()).toMatchObject({ kind: 'interlock.reset', accessPoint: 'airlock-in', by: BY })
    expect(refusal(await send('POST', '/interlocks/airlock-in/reset'))).toEqual([409, 'door-not-open'])
    expect(refusal(await send('POST', '/interlocks/nowhere/reset'))).toEqual([404, 'item-unknown'])
  })
})

describe('the review of an emergency opening', () => {
  const review = { accessPoint: 'drugs', zone: 'pharmacy', at: NOON - 1, dueAt: NOON, escalations: 1 }
  const closing = { finding: 'justified', comment: 'Seen with the ward' }
  beforeAll(() => {
    const value = { ...review, person: stage.pseudonym('person', 'dora'), statedReason: 'Cardiac arrest' }
    stage.op('act', { at: NOON, situations: [{ kind: 'review', key: 'b-1', value }], events: [] })
  })

  /** What whoever holds the machine, or another administrator, says of the account. */
  const link = (person?: string) =>
    stage.op('linkOperator', { at: NOON, login: 'claire', by: 'cli:root', ...(person === undefined ? {} : { person }) })

  it('is refused to an account that is nobody of the site, which is said beforehand', async () => {
    expect((await api('/reviews')).json<ReviewList>().reviews).toMatchObject([{ own: false, needsPerson: true }])
    const answer = await send('POST', '/reviews/b-1/closing', closing)
    expect(refusal(answer)).toEqual([403, 'review-needs-person'])
    expect(answer.json<Problem>().title).toContain('vigie operator link claire <personne>')
  })
  it('is not opened to them by linking or unlinking their own account', async () => {
    const own = (method: string, body?: object) => send(method, '/operators/Claire/person', body)
    expect(refusal(await own('PUT', { person: 'anna' }))).toEqual([403, 'link-own'])
    link('dora')
    expect(refusal(await own('DELETE'))).toEqual([403, 'link-own'])
    expect(refusal(await own('PUT', { person: 'anna' }))).toEqual([403, 'link-own'])
  })
  it('is refused to the one who broke the glass, and said to be their own beforehand', async () => {
    expect((await api('/reviews')).json<ReviewList>().reviews).toMatchObject([
      { id: 'b-1', person: { name: 'Dora' }, statedReason: 'Cardiac arrest', overdue: true, own: true },
    ])
    expect(refusal(await send('POST', '/reviews/b-1/closing', closing))).toEqual([403, 'review-own'])
    link()
    link('anna')
    expect(refusal(await send('POST', '/reviews/b-1/closing', closing))).toEqual([403, 'review-own'])
    expect(stage.situations()).toHaveProperty('review b-1')
  })
  it('names what is wrong with a finding', async () => {
    expect(refusal(await send('POST', '/reviews/b-1/closing', { finding: 'fine' }))).toEqual([
      422,
      'input-invalid',
      '/finding',
    ])
    expect(refusal(await send('POST', '/reviews/b-1/closing', {}))).toEqual([422, 'input-invalid', '/finding'])
  })
  it('is closed by another person, once, with finding and comment in the journal', async () => {
    const value = { ...review, at: NOON + 1, person: stage.pseudonym('person', 'dora'), statedReason: 'Later' }
    stage.op('act', { at: NOON, situations: [{ kind: 'review', key: 'b-2', value }], events: [] })
    const open = (await api('/reviews')).json<ReviewList>().reviews
    expect(open.find(r => r.id === 'b-2')).toMatchObject({ own: false, needsPerson: false })
    expect((await send('POST', '/reviews/b-2/closing', closing)).status).toBe(200)
    expect(last()).toMatchObject({ kind: 'break-glass.review-closed', id: 'b-2', by: BY, ...closing })
    expect(refusal(await send('POST', '/reviews/b-2/closing', closing))).toEqual([404, 'review-unknown'])
  })
})

describe('a temporary grant', () => {
  const wish = { person: 'cleo', origin: 'maintenance', from: NOON, until: NOON + 3_600_000 }
  it('is issued, listed, and taken back once', async () => {
    const issued = await send('POST', '/grants', { ...wish, target: { accessPoint: 'ward-door' }, reference: 'WO-7' })
    expect(issued.status).toBe(201)
    const { grant } = issued.json<GrantIssued>()
    expect(grant).toMatchObject({ person: 'cleo', by: BY, reference: 'WO-7' })
    expect((await api('/grants')).json<GrantList>().grants.map(g => g.id)).toEqual([grant.id])
    expect((await send('DELETE', `/grants/${grant.id}`)).status).toBe(200)
    expect(last()).toMatchObject({ kind: 'grant.revoked', grant: grant.id, by: BY })
    expect(refusal(await send('DELETE', `/grants/${grant.id}`))).toEqual([404, 'grant-unknown'])
  })
  it('is refused by field: longer than its class allows, without a place, of an unknown kind', async () => {
    const long = { ...wish, until: NOON + 13 * 3_600_000, target: { accessPoint: 'drugs' } }
    expect(refusal(await send('POST', '/grants', long)).slice(0, 2)).toEqual([422, 'grant-invalid'])
    expect(refusal(await send('POST', '/grants', wish)).slice(0, 2)).toEqual([422, 'grant-invalid'])
    expect(refusal(await send('POST', '/grants', { ...wish, origin: 'favour' }))).toEqual([
      422,
      'input-invalid',
      '/origin',
    ])
    expect(refusal(await send('POST', '/grants', { ...wish, target: {} }))[1]).toBe('input-invalid')
  })
})

describe('a PIN', () => {
  it('is set and cleared, and its digits stand nowhere', async () => {
    const answers = [
      await send('PUT', '/people/anna/pin', { pin: '482617', duressPin: '739152' }),
      await send('PUT', '/people/anna/pin', { pin: '48261739', duressPin: '482617' }),
      await send('PUT', '/people/anna/pin', { pin: '482617x' }),
      await send('PUT', '/people/anna/pin', { pin: '482617', extra: '739152' }),
      await send('DELETE', '/people/anna/pin'),
    ]
    expect(answers.map(a => a.status)).toEqual([200, 422, 422, 422, 200])
    const seen = JSON.stringify([answers.map(a => [a.text, a.headers]), hub.logged, hub.recorded, stage.rows()])
    expect(seen).not.toMatch(/482617|739152/)
    expect(stage.kinds().filter(k => k.startsWith('pin.'))).toEqual(['pin.set', 'pin.cleared'])
  })
})

describe('a lost badge', () => {
  it('opens nothing from then on, whatever the case of its number', async () => {
    const lost = await send('POST', '/badges/04aa0001/lost')
    expect([lost.status, lost.json<BadgeLostDone>()]).toMatchObject([200, { person: 'anna', pending: [] }])
    expect(stage.registry().snapshot.badges.get('04AA0001')?.status).toBe('lost')
    expect(last()).toMatchObject({ kind: 'badge.lost', by: BY })
    expect(refusal(await send('POST', '/badges/04FFFFFF/lost'))).toEqual([404, 'badge-unknown'])
  })
})

describe('an item of the site', () => {
  const path = '/site/items/role/gardener'
  const read = (): Promise<Answer> => api(path)

  it('comes with its revision as ETag, is listed, and stands in the exported file', async () => {
    const answer = await read()
    const { kind, id, revision, item } = answer.json<SiteItem>()
    expect([kind, id, answer.headers.etag]).toEqual(['role', 'gardener', `"${revision}"`])
    expect(item).toMatchObject({ id: 'gardener', name: 'Gardener' })
    expect((await api('/site/items/role')).json<{ ids: string[] }>().ids).toContain('gardener')
    const first = (await api('/site/items/role?limit=1')).json<{ ids: string[]; next: string }>()
    expect(first.ids).toEqual([first.next])
    const second = (await api(`/site/items/role?limit=1&after=${first.next}`)).json<{ ids: string[] }>()
    expect((second.ids[0] ?? '') > first.next).toBe(true)
    const file = await api('/site/export')
    expect(file.headers['content-disposition']).toContain('site.json')
    expect(file.json<{ roles: unknown[] }>().roles).toContainEqual(item)
    expect(refusal(await api('/site/items/role/nobody'))).toEqual([404, 'item-unknown'])
    expect(refusal(await api('/site/items/car'))).toEqual([422, 'input-invalid', 'kind'])
  })
  it('is changed by whoever has seen it as it stands: 428 without a word of it, 412 for the second of two', async () => {
    const seen = await read()
    const { item } = seen.json<{ item: { name: string } }>()
    const etag = String(seen.headers.etag)
    expect(refusal(await send('PUT', path, item))).toEqual([428, 'precondition-required'])
    const mine = await send('PUT', path, { ...item, name: 'Gardener A' }, { 'if-match': etag })
    expect(mine.status).toBe(200)
    expect(mine.headers.etag).not.toBe(etag)
    const theirs = await send('PUT', path, { ...item, name: 'Gardener B' }, { 'if-match': etag })
    expect([...refusal(theirs), theirs.json<Problem>().status]).toEqual([412, 'edit-conflict', 412])
    expect((await read()).json()).toMatchObject({ item: { name: 'Gardener A' } })
    expect(last()).toMatchObject({ kind: 'rights.changed', origin: BY, item: { kind: 'role', id: 'gardener' } })
  })
  it('is made only where there is none, and removed only as it was seen', async () => {
    const role = { id: 'attic', name: 'Attic', rights: [] }
    const made = await send('PUT', '/site/items/role/attic', role, { 'if-none-match': '*' })
    expect(made.status).toBe(201)
    expect(
      refusal(await send('PUT', '/site/items/role/attic', { ...role, name: 'B' }, { 'if-none-match': '*' })),
    ).toEqual([412, 'edit-conflict'])
    expect(refusal(await send('DELETE', '/site/items/role/attic'))).toEqual([428, 'precondition-required'])
    expect(refusal(await send('DELETE', '/site/items/role/attic', undefined, { 'if-match': '"1"' }))[0]).toBe(412)
    const gone = await send('DELETE', '/site/items/role/attic', undefined, { 'if-match': String(made.headers.etag) })
    expect(gone.status).toBe(200)
  })
  it.each(['W/"3"', '"3", "4"', '*', '3', '"x"'])('is not changed on the word of %s', async tag => {
    expect(refusal(await send('PUT', path, {}, { 'if-match': tag }))).toEqual([422, 'input-invalid', 'If-Match'])
  })
  it('is refused by field where the site would not fit together', async () => {
    const seen = await read()
    const { item } = seen.json<{ item: object }>()
    const broken = { ...item, inherits: ['gardener'] }
    const answer = await send('PUT', path, broken, { 'if-match': String(seen.headers.etag) })
    expect([answer.status, answer.json<Problem>().code]).toEqual([422, 'item-invalid'])
  })
})

describe('a body of no bytes, as clients send that always name a content type', () => {
  const bare = (method: string, path: string) =>
    send(method, path, undefined, { 'content-type': 'application/json', 'content-length': '0' })

  it('is fine where no body is needed', async () => {
    expect((await bare('POST', '/lockdowns/ward')).status).toBe(201)
    expect((await bare('DELETE', '/lockdowns/ward')).status).toBe(200)
    expect((await bare('POST', '/badges/04AA0003/lost')).status).toBe(200)
  })
  it('is refused where one is', async () => {
    expect(refusal(await bare('POST', '/grants'))).toEqual([400, 'request-malformed'])
    expect(refusal(await bare('PUT', '/site/items/role/gardener'))).toEqual([400, 'request-malformed'])
  })
})

describe('roles', () => {
  const watch = [
    ...['POST /lockdowns/ward', 'POST /evacuations/fire', 'POST /passback/reset', 'POST /reviews/b-1/closing'],
    ...['POST /interlocks/airlock-in/reset', 'POST /badges/04AA0001/lost'],
  ]
  const office = [
    ...['GET /grants', 'POST /grants', 'PUT /people/anna/pin', 'GET /site/export'],
    ...['GET /site/items/role/nurse', 'PUT /site/items/role/nurse', 'PUT /operators/claire/person'],
  ]
  const ask = (line: string): Promise<Answer> => {
    const [method = '', path = ''] = line.split(' ')
    return api(path, { method, ...(method === 'GET' ? {} : { body: { nonsense: true } }) })
  }

  it.each([...watch, ...office, 'GET /evacuations/fire/muster'])('an auditor may not: %s', async line => {
    expect(refusal(await as('auditor', () => ask(line)))).toEqual([403, 'not-allowed'])
  })
  it.each(office)('a security guard may not: %s', async line => {
    expect(refusal(await as('security', () => ask(line)))).toEqual([403, 'not-allowed'])
  })
  it.each(['GET /situations', 'GET /reviews'])('everybody may: %s', async line => {
    for (const role of ['auditor', 'security'] as const) expect((await as(role, () => ask(line))).status).toBe(200)
  })
  it('a security guard may report a badge lost, which only closes', async () => {
    const lost = await as('security', () => send('POST', '/badges/04AA0002/lost'))
    expect([lost.status, stage.registry().snapshot.badges.get('04AA0002')?.status]).toEqual([200, 'lost'])
  })
  it('a security guard may start a lockdown, and nobody without a session', async () => {
    expect((await as('security', () => send('POST', '/lockdowns/pharmacy'))).status).toBe(201)
    expect((await hub.ask('/api/v1/lockdowns/pharmacy', { method: 'DELETE' })).status).toBe(401)
    expect((await hub.signIn(PASSWORD)).status).toBe(200)
  })
})
