/** Accounts over HTTP and from the command line, against a running hub. */
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Invited, JournalPage, OperatorList, OperatorView, Problem, RoleList } from '../api.ts'
import { ROLES } from '../rules/roles.ts'
import { ADMIN, smallSite, TestHub, until } from './harness.ts'
import { ROUTE_CAPABILITIES } from './route-capabilities.ts'
import { Seat } from './seat.ts'

const hub = new TestHub()
let admin: Seat
beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.start()
  await hub.setUp()
  admin = hub.admin
}, 120_000)
afterAll(() => hub.close())

const PASSWORD = 'une phrase bien assez longue'
const path = (login: string): string => `/api/v1/operators/${login}`
async function problem(answer: Response): Promise<string> {
  return answer.ok ? 'done' : `${answer.status} ${((await answer.json()) as Problem).code}`
}
const patch = (login: string, body: object, tag?: string, by = admin): Promise<Response> =>
  by.fetch(path(login), {
    method: 'PATCH',
    body: JSON.stringify(body),
    ...(tag !== undefined && { headers: { 'if-match': tag } }),
  })
const tagOf = async (login: string): Promise<string> => (await admin.fetch(path(login))).headers.get('etag') ?? ''
const send = (by: Seat, where: string, body: object): Promise<Response> =>
  by.fetch(where, { method: 'POST', body: JSON.stringify(body) })
/** Invited, and in by the link. */
async function newcomer(login: string, wish: object): Promise<Seat> {
  const name = `N. ${login}`
  const { link } = await admin.post<Invited>('/api/v1/operators', { login, name, ...wish })
  const token = link.replace('/invitation#token=', '')
  return new Seat({ login, name, password: PASSWORD }, hub.origin).arrive('/api/v1/invitation', {
    token,
    password: PASSWORD,
  })
}

describe('accounts over HTTP', () => {
  it('are invited by a link that works once, and listed without a secret', async () => {
    const seat = await newcomer('w.abel', { role: 'ward-manager', zones: ['ward'] })
    expect(await problem(await seat.fetch('/api/v1/devices'))).toBe('done')
    const { operators } = await admin.get<OperatorList>('/api/v1/operators')
    expect(operators.map(o => [o.login, o.role, o.zones, o.status])).toEqual([
      [ADMIN.login, 'administrator', undefined, 'active'],
      ['w.abel', 'ward-manager', ['ward'], 'active'],
    ])
    expect(JSON.stringify(operators)).not.toMatch(/argon|hash|secret|token|o-[0-9a-f]{16}/)
    const again = await send(admin, '/api/v1/operators', { login: 'W.Abel', name: 'X', role: 'nurse' })
    expect(await problem(again)).toBe('409 operator-exists')
  })

  it('are changed by whoever names what they saw, and each change is a row with before and after', async () => {
    await newcomer('r.blum', { role: 'security' })
    const tag = await tagOf('r.blum')
    expect(await problem(await patch('r.blum', { role: 'nurse', reason: 'moved' }))).toBe('428 precondition-required')
    expect(await problem(await patch('r.blum', { role: 'nurse', reason: 'moved' }, '"99"'))).toBe('412 edit-conflict')
    expect(await problem(await patch('r.blum', { reason: 'nothing' }, tag))).toBe('422 input-invalid')
    expect(await problem(await patch('r.blum', { role: 'root', reason: 'moved' }, tag))).toBe('422 input-invalid')
    const done = await patch('r.blum', { role: 'nurse', zones: ['hall'], reason: 'moved' }, tag)
    expect([done.status, done.headers.get('etag') === tag]).toEqual([200, false])
    expect(await done.json()).toMatchObject({ role: 'nurse', zones: ['hall'] } satisfies Partial<OperatorView>)
    const [changed] = (await hub.journal()).filter(row => row.event.kind === 'operator.changed')
    expect(changed?.event).toMatchObject({
      before: { role: 'security', status: 'active' },
      after: { role: 'nurse', zones: ['hall'], status: 'active' },
      statedReason: 'moved',
    })
  })

  it('end their sessions and sockets within a second when the role changes', async () => {
    const seat = await newcomer('s.cole', { role: 'security' })
    const socket = io(hub.origin, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false },
      extraHeaders: { origin: hub.origin, cookie: seat.cookie },
    })
    await new Promise(resolve => socket.once('hello', resolve))
    const ended = new Promise<number>(resolve => socket.once('ended', () => resolve(performance.now())))
    const began = performance.now()
    expect(await problem(await patch('s.cole', { role: 'it', reason: 'moved' }, await tagOf('s.cole')))).toBe('done')
    expect((await ended) - began).toBeLessThan(1_000)
    expect(await problem(await seat.fetch('/api/v1/devices'))).toBe('401 not-signed-in')
    socket.disconnect()
  })

  it('refuse their own holder every change, and the last administrator any end', async () => {
    const tag = await tagOf(ADMIN.login)
    for (const wish of [{ role: 'auditor' }, { zones: null }, { status: 'disabled' }])
      expect(await problem(await patch(ADMIN.login, { ...wish, reason: 'for me' }, tag))).toBe('403 operator-own')
    expect(await problem(await send(admin, `${path(ADMIN.login)}/reset`, { reason: 'for me' }))).toBe(
      '403 operator-own',
    )
    const { stderr } = await hub.vigieFails('operator', 'disable', ADMIN.login, '--reason', 'gone')
    expect(stderr).toContain('last administrator')
  })

  it('are reset by a new link; the old password opens nothing any more', async () => {
    const seat = await newcomer('n.eder', { role: 'nurse' })
    const { link } = await admin.post<Invited>(`${path('n.eder')}/reset`, { reason: 'forgot it' })
    expect(await problem(await seat.fetch('/api/v1/account'))).toBe('401 not-signed-in')
    const { login, password } = seat.who
    expect(await problem(await send(seat, '/api/v1/session', { login, password }))).toBe('401 sign-in-refused')
    const token = link.replace('/invitation#token=', '')
    await seat.arrive('/api/v1/invitation', { token, password: 'encore une phrase longue' })
    expect(await problem(await seat.fetch('/api/v1/account'))).toBe('done')
  })

  it('are nobody’s to list but an administrator’s; what roles may do, everybody may read', async () => {
    const nurse = await hub.signInAs('nurse')
    expect(await problem(await nurse.fetch('/api/v1/operators'))).toBe('403 not-allowed')
    const { roles } = await nurse.get<RoleList>('/api/v1/roles')
    expect(roles.map(r => r.role)).toEqual(ROLES)
    const row = await until('the row of the refusal', async () =>
      (await hub.journal()).find(r => r.event.kind === 'operator.not-allowed'),
    )
    expect(row.event).toMatchObject({ capability: 'operators.manage' })
  })
})

describe('accounts from the command line', () => {
  it('are invited, changed, disabled, enabled and reset there, by whoever runs the hub', async () => {
    const invited = await hub.vigieJson<Invited>(
      ...['operator', 'invite', 'i.gray', '--name', 'I. Gray', '--role', 'it', '--email', 'i@hospital.test'],
    )
    expect([invited.link.slice(0, 18), invited.mailed]).toEqual(['/invitation#token=', false])
    const token = invited.link.replace('/invitation#token=', '')
    const seat = await new Seat({ login: 'i.gray', name: 'I. Gray', password: PASSWORD }, hub.origin).arrive(
      '/api/v1/invitation',
      { token, password: PASSWORD },
    )
    expect(await problem(await seat.fetch('/api/v1/tokens'))).not.toMatch(/^40[13]/)
    const began = performance.now()
    await hub.vigie('operator', 'disable', 'i.gray', '--reason', 'left the house')
    await until('the session is over', async () => (await seat.fetch('/api/v1/account')).status === 401, 1_000)
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(await hub.vigie('operator', 'enable', 'i.gray', '--reason', 'came back')).toContain('active')
    expect(await hub.vigie('operator', 'change', 'i.gray', '--zones', 'ward', '--reason', 'fewer')).toContain('ward')
    expect(await hub.vigie('operator', 'change', 'i.gray', '--everywhere', '--reason', 'more')).not.toContain('ward')
    expect(await hub.vigie('operator', 'reset', 'i.gray', '--reason', 'lost phone')).toContain('/invitation#token=')
    expect(await hub.vigie('operator', 'list')).toMatch(/i\.gray +I\. Gray +it +\* +invited/)
    const rows = (await hub.journal()).filter(r => 'by' in r.event && String(r.event.by).startsWith('cli:'))
    expect(rows.map(r => r.event.kind).filter(kind => kind.startsWith('operator.'))).toEqual([
      ...['operator.invited', 'operator.changed', 'operator.changed', 'operator.changed', 'operator.changed'],
      'operator.reset',
    ])
  })

  it.each([
    [['invite', 'nora'], '--name'],
    [['invite', 'nora', '--name', 'N'], '--role'],
    [['invite', 'nora', '--name', 'N', '--role', 'root'], 'No role root'],
    [['invite', 'nora', '--name', 'N', '--role', 'nurse', '--zones', 'attic'], 'No zone attic'],
    [['invite', 'no ra', '--name', 'N', '--role', 'nurse'], '2 to 63'],
    [['change', 'nora', '--reason', 'why'], 'say what to change'],
    [['disable', 'nora'], '--reason'],
    [['disable', 'nora', '--reason', 'why'], 'No operator'],
  ])('refuse %j, saying what is wrong', async (args, words) => {
    expect((await hub.vigieFails('operator', ...args)).stderr).toContain(words)
  })
})

describe('a running hub', () => {
  it('has the routes of the list and no others, each with its capability', async () => {
    const document = await admin.get<{ paths: Record<string, Record<string, Record<string, unknown>>> }>(
      '/api/v1/openapi.json',
    )
    const found = Object.entries(document.paths).flatMap(([url, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, unknown] => [
        `${method.toUpperCase()} ${url.replace(/\{(\w+)\}/g, ':$1')}`,
        operation['x-vigie-capability'],
      ]),
    )
    const listed = Object.entries(ROUTE_CAPABILITIES).filter(([route]) => found.some(([name]) => name === route))
    expect(Object.fromEntries(found.filter(([, capability]) => capability !== 'device'))).toEqual(
      Object.fromEntries(listed),
    )
    expect(listed.length).toBeGreaterThan(70)
  })

  it('finds for a role of one zone the rows of that zone and of one’s own account only', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const options = ['--person', 'c-marchand', '--origin', 'loan', '--until', until]
    for (const zone of ['ward', 'hall']) await hub.vigie('grant', 'add', '--zone', zone, ...options)
    const seat = await hub.signInAs('ward-manager', ['ward'])
    const journal = async (query: string) => (await seat.get<JournalPage>(`/api/v1/journal${query}`)).rows
    const granted = await journal('?kind=grant.issued')
    expect(granted.map(r => r.event)).toMatchObject([{ zone: 'ward' }])
    expect(await journal('?zone=hall')).toEqual([])
    const all = await journal('?limit=1000')
    const mine = new Set(all.flatMap(r => (r.event && 'operator' in r.event ? [r.event.operator] : [])))
    expect(mine.size).toBe(1)
    expect(all.filter(r => !(r.event && ('zone' in r.event || 'operator' in r.event || 'by' in r.event)))).toEqual([])

    const everyone = await admin.get<JournalPage>('/api/v1/journal?limit=1000')
    expect(everyone.rows.length).toBeGreaterThan(all.length)
    const days = await seat.get<{ total: number }>('/api/v1/journal/days')
    expect(days.total).toBeLessThan(everyone.rows.length)
    const { next } = await admin.get<JournalPage>('/api/v1/journal?limit=1')
    expect(await problem(await seat.fetch(`/api/v1/journal?limit=1&cursor=${next}`))).toBe('422 cursor-invalid')
    const events = await seat.get<{ events: { kind: string; zone?: string }[] }>('/api/v1/events?limit=200')
    expect(events.events.filter(e => e.zone !== undefined && e.zone !== 'ward')).toEqual([])
    expect(events.events.some(e => e.zone === 'ward')).toBe(true)
  })
})

it('accounts, tokens and grants come in pages that name each once', async () => {
  const wishes = ['a', 'b', 'c'].map(x => ({ login: `paged-${x}`, name: x, role: 'nurse' }))
  for (const wish of wishes) await admin.post('/api/v1/operators', wish)
  for (const name of ['eins', 'zwei', 'drei'])
    await admin.post('/api/v1/tokens', { name, capabilities: ['site.read'], expiresAt: Date.now() + 3_600_000 })
  for (const [where, list, keyOf] of [
    ['/api/v1/operators', 'operators', 'login'],
    ['/api/v1/tokens', 'tokens', 'id'],
  ] as const) {
    const whole = await admin.get<Record<string, Record<string, string>[]>>(where)
    const keys: string[] = []
    for (let after = ''; ; ) {
      const page: Record<string, unknown> = await admin.get(
        `${where}?limit=2${after && `&after=${encodeURIComponent(after)}`}`,
      )
      const rows = page[list] as Record<string, string>[]
      expect(rows.length).toBeLessThanOrEqual(2)
      keys.push(...rows.map(r => r[keyOf] ?? ''))
      if (page.next === undefined) break
      after = String(page.next)
    }
    expect(keys).toEqual(whole[list]?.map(r => r[keyOf]))
    expect(keys.length).toBeGreaterThan(2)
  }
})
