/** Who gets how far: every route of the hub x every role, everywhere and in one zone, without sign-in, and half signed in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem, Role, Stage } from '../api.ts'
import type { Route } from '../http/app.ts'
import { SESSION_COOKIE } from '../http/sessions.ts'
import { type Capability, mayOperator, ROLES } from '../rules/roles.ts'
import { everyPlugin } from './every-route.ts'
import { type Answer, startHub, type TestHub } from './http-hub.ts'
import { pathOf } from './http-routes.ts'
import { ROUTE_CAPABILITIES, STEP_UP_ROUTES } from './route-capabilities.ts'

let hub: TestHub
let routes: readonly Route[]
beforeAll(async () => {
  hub = await startHub({ plugins: everyPlugin(), dashboard: 'missing' })
  await hub.setUp()
  routes = hub.http.routes.filter(r => r.method !== 'HEAD')
})
afterAll(() => hub.stop())

const nameOf = ({ method, url }: Route): string => `${method} ${url}`
const guarded = (): [Route, Capability][] =>
  routes.flatMap(r => (r.permission === 'public' || r.permission === 'device' ? [] : [[r, r.permission] as const])) as [
    Route,
    Capability,
  ][]
/** SCIM tells no code: who may not is told by the status. */
const codeOf = (answer: Answer): string => {
  if (answer.status < 400) return 'ok'
  if (!String(answer.headers['content-type']).startsWith('application/scim+json')) return answer.json<Problem>().code
  return { 401: 'not-signed-in', 403: 'not-allowed' }[answer.status] ?? 'scim'
}
/** For programs alone: no session gets in, whatever its role. */
const isForTokens = ({ url }: Route): boolean => url.startsWith('/scim/')

/** A session of its own for each request: some of them end all there are. */
async function sessionOf(
  role: Role,
  { zones, stage = 'in', steppedUp = true }: { zones?: string[]; stage?: Stage; steppedUp?: boolean } = {},
): Promise<string> {
  const login = `${role}${zones ? '-zoned' : ''}`
  const operator = hub.accounts.byLogin(login) ?? hub.accounts.add({ login, role, ...(zones && { zones }) })
  return `${SESSION_COOKIE}=${await hub.sessions.open({ operator, stage, steppedUp, client: '', address: '' })}`
}
const ask = (route: Route, cookie?: string): Promise<Answer> => hub.ask(pathOf(route), { method: route.method, cookie })

describe('every route', () => {
  it('asks for what the list says, and no route is missing in it', () => {
    expect(Object.fromEntries(routes.map(r => [nameOf(r), r.permission]))).toEqual(ROUTE_CAPABILITIES)
    expect(routes.length).toBeGreaterThan(80)
  })

  it('is closed without sign-in, unless it is public', async () => {
    for (const [route] of guarded()) {
      const answer = await ask(route)
      expect([nameOf(route), answer.status, codeOf(answer)]).toEqual([nameOf(route), 401, 'not-signed-in'])
    }
  })

  it.each(ROLES)('lets %s do what the role may, and refuses all else', async role => {
    const wrong: unknown[] = []
    for (const [route, capability] of guarded()) {
      if (nameOf(route) === 'POST /api/v1/session/factor') continue // for those who are not signed in yet
      const answer = await ask(route, await sessionOf(role))
      const refused = answer.status === 401 || answer.status === 403 ? codeOf(answer) : ''
      const expected = mayOperator({ role }, capability) && !isForTokens(route) ? '' : 'not-allowed'
      if (refused !== expected) wrong.push([nameOf(route), capability, answer.status, refused])
    }
    expect(wrong).toEqual([])
  })

  it.each(ROLES)('refuses %s of one zone everything about the whole site', async role => {
    const wrong: unknown[] = []
    const zoned = { role, zones: ['ward'] }
    for (const [route, capability] of guarded().filter(([, c]) => !mayOperator(zoned, c))) {
      const answer = await ask(route, await sessionOf(role, zoned))
      if (codeOf(answer) !== 'not-allowed') wrong.push([nameOf(route), capability, answer.status])
    }
    expect(wrong).toEqual([])
  })

  it.each([
    ['factor', 'factor-owed', ['DELETE /api/v1/session', 'POST /api/v1/session/factor']],
    [
      'enrol',
      'enrolment-owed',
      [
        'DELETE /api/v1/session',
        'GET /api/v1/account',
        'POST /api/v1/account/totp',
        'PUT /api/v1/account/totp',
        'POST /api/v1/account/passkeys/options',
        'POST /api/v1/account/passkeys',
      ],
    ],
  ] as const)('at stage %s answers %s, but for what leads on', async (stage, code, open) => {
    const through: string[] = []
    for (const [route] of guarded()) {
      const answer = await ask(route, await sessionOf('administrator', { stage }))
      if (isForTokens(route)) expect([401, 403]).toContain(answer.status)
      else if (codeOf(answer) !== code) through.push(nameOf(route))
    }
    expect(through).toEqual(open)
  })

  it('asks for a fresh second factor where the list says so, and never to let people out', async () => {
    const fresh: string[] = []
    for (const [route, capability] of guarded()) {
      const role = ROLES.findLast(one => mayOperator({ role: one }, capability)) as Role
      const answer = await ask(route, await sessionOf(role, { steppedUp: false }))
      if (codeOf(answer) === 'step-up-needed') fresh.push(nameOf(route))
    }
    expect(fresh.sort()).toEqual([...STEP_UP_ROUTES].sort())
    expect(fresh.filter(route => /lockdown|evacuation/.test(route))).toEqual([])
  })
})

describe('what is refused', () => {
  const rows = () => hub.recorded.filter(e => e.kind === 'operator.not-allowed')

  it('is a row once a minute for each operator and capability', async () => {
    const cookie = await hub.signInAs('nurse')
    hub.now += 60_000 // those of the tests before are told already
    hub.recorded.length = 0
    for (const path of ['/api/v1/events', '/api/v1/events', '/api/v1/devices', '/api/v1/events'])
      expect((await hub.ask(path, { cookie })).status).toBe(403)
    const row = { kind: 'operator.not-allowed', operator: 'op-nurse' }
    expect(rows()).toEqual([
      { ...row, capability: 'events.read' },
      { ...row, capability: 'devices.read' },
    ])
    hub.now += 60_000
    await hub.ask('/api/v1/events', { cookie })
    await hub.ask('/api/v1/events', { cookie: await hub.signInAs('data-protection') })
    expect(rows().slice(2)).toEqual([
      { ...row, capability: 'events.read' },
      { ...row, operator: 'op-data-protection', capability: 'events.read' },
    ])
  })

  it('names what was missing where a route finds that out by itself', async () => {
    const cookie = await hub.signInAs('security')
    hub.recorded.length = 0
    const answer = await hub.ask('/api/v1/journal?person=anna', { cookie })
    expect(answer.json<Problem>().code).toBe('not-allowed')
    expect(rows()).toEqual([{ kind: 'operator.not-allowed', operator: 'op-security', capability: 'journal.people' }])
  })

  it('is a row at the live socket too', async () => {
    const cookie = await hub.signInAs('nurse')
    hub.now += 60_000
    hub.recorded.length = 0
    const client = hub.connect(cookie)
    await new Promise<void>(resolve => client.once('connect_error', () => resolve()))
    expect(rows()).toEqual([{ kind: 'operator.not-allowed', operator: 'op-nurse', capability: 'events.read' }])
  })

  it('is none where nobody is signed in', async () => {
    hub.recorded.length = 0
    await hub.ask('/api/v1/events')
    expect(hub.recorded).toEqual([])
  })
})

describe('items of the site', () => {
  it('ask for what the kind is: people and badges are issued, all else is rights', async () => {
    const asked = async (kind: string, capabilities: Capability[]): Promise<string> => {
      const route = hub.http.routes.find(r => r.url === '/api/v1/site/items/:kind' && r.method === 'GET')
      expect(route?.permission).toBe('rights.edit')
      return codeOf(await hub.ask(`/api/v1/site/items/${kind}`, { cookie: await tokenLike(capabilities) }))
    }
    expect(await asked('person', ['rights.edit'])).toBe('not-allowed')
    expect(await asked('badge', ['rights.edit'])).toBe('not-allowed')
    expect(await asked('role', ['badges.issue'])).toBe('not-allowed')
    expect(await asked('person', ['badges.issue'])).toBe('journal-unavailable')
    expect(await asked('role', ['rights.edit'])).toBe('journal-unavailable')
  })

  /** A session that may do only so much, as a token may. */
  async function tokenLike(capabilities: readonly Capability[]): Promise<string> {
    const cookie = await sessionOf('administrator')
    const use = hub.sessions.use.bind(hub.sessions)
    hub.sessions.use = async id => {
      hub.sessions.use = use
      const caller = await use(id)
      return caller && { ...caller, capabilities }
    }
    return cookie
  }
})
