/** How an application ends: its token, a narrower scope, the cut; against a whole hub, over HTTP and from the command line. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GrantIssued, GrantList, GrantRequest, Problem, TenantCutOffDone, TenantView } from '../api.ts'
import { NURSE, TestDevice, TestHub, until, VISITOR } from './harness.ts'
import { HOUR, rowsOf, SCOPE, site, TestTenant, wish } from './tenant-hub.ts'

const SLOW_START_MS = 180_000
const PATIENT = { timeout: 120_000 }
const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000', VIGIE_TOKEN_RATE: '100000' })
const door = new TestDevice('door-1', 'test-site')

beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await door.connect(hub)
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
const cutOff = (who: TestTenant): Promise<TenantCutOffDone> =>
  hub.admin.post<TenantCutOffDone>(`/api/v1/tenants/${who.id}/cut-off`, { reason: 'essai' })

describe('a token', PATIENT, () => {
  it('ends at once when there is another, with its streams', async () => {
    const turning = await TestTenant.register(hub, 'turning')
    const reader = await turning.follow()
    const { token } = await hub.admin.post<{ token: string }>('/api/v1/tenants/turning/token', {
      expiresAt: Date.now() + 24 * HOUR,
    })
    expect((await turning.tries('GET', '/api/v1/tenant'))[1]).toBe('token-refused')
    await until('the stream is cut', () => reader.closed, 1_500)
    turning.token = token
    expect((await turning.tries('GET', '/api/v1/tenant'))[0]).toBe(200)
  })

  it('ends by itself', async () => {
    const brief = await TestTenant.register(hub, 'brief', {}, 2_500)
    const reader = await brief.follow()
    await until('the stream is cut', () => reader.closed)
    expect((await brief.tries('GET', '/api/v1/tenant'))[1]).toBe('token-refused')
  })
})

describe('a narrower scope', PATIENT, () => {
  it('ends grants that it would not allow, and the streams that follow more', async () => {
    const wide = await TestTenant.register(hub, 'wide', { zones: ['hall', 'ward'], classes: ['door', 'medicines'] })
    const keeps = await issue(wide)
    await issue(wide, { target: { accessPoint: 'cab-1-d1' } })
    const reader = await wide.follow()
    const { revision } = await hub.get<TenantView>('/api/v1/tenants/wide')
    const change = (seen: number) =>
      hub.admin.fetch('/api/v1/tenants/wide', {
        ...{ method: 'PATCH', headers: { 'if-match': `"${seen}"` } },
        body: JSON.stringify({ scope: SCOPE, reason: 'moins' }),
      })
    expect((await change(revision + 1)).status).toBe(412)
    expect((await change(revision)).status).toBe(200)
    expect((await wide.get<GrantList>('/api/v1/grants')).grants.map(g => g.id)).toEqual([keeps.grant.id])
    await until('the stream is cut', () => reader.closed, 1_500)
    expect((await wide.tries('POST', '/api/v1/grants', wish({ target: { accessPoint: 'cab-1-d1' } })))[1]).toBe(
      'tenant-scope',
    )
    const [row] = (await rowsOf(hub, 'tenant.changed')).filter(r => r.tenant === 'wide')
    expect(row).toMatchObject({
      before: { scope: { zones: ['hall', 'ward'] } },
      after: { scope: { zones: ['hall'] } },
      statedReason: 'moins',
    })
  })

  it('names nobody in the journal', async () => {
    await TestTenant.register(hub, 'named', { people: { roles: [], ids: ['t-ferrand'] } })
    const [row] = (await rowsOf(hub, 'tenant.registered')).filter(r => r.tenant === 'named')
    expect(JSON.stringify(row)).not.toContain('ferrand')
  })

  it.each([
    ['zones', ['moon'], '/scope/zones'],
    ['accessPoints', ['vault'], '/scope/accessPoints'],
    ['people', { roles: ['king'], ids: [] }, '/scope/people/roles'],
    ['people', { roles: [], ids: ['zoe'] }, '/scope/people/ids'],
  ])('names what there is: %s', async (part, value, field) => {
    const body = { id: 'odd', name: 'Odd', expiresAt: Date.now() + HOUR, scope: { ...SCOPE, [part]: value } }
    const answer = await hub.fetch('/api/v1/tenants', { method: 'POST', body: JSON.stringify(body) })
    const problem = (await answer.json()) as Problem
    expect([answer.status, problem.code, problem.field]).toEqual([422, 'tenant-invalid', field])
  })
})

describe('cut off', PATIENT, () => {
  it('an application has no token, no grant and no stream within a second, by one act', async () => {
    const rogue = await TestTenant.register(hub, 'rogue')
    await issue(rogue, { key: 'k' })
    expect(await door.badge(VISITOR, 'door')).toMatchObject({ granted: true })
    const reader = await rogue.follow()
    const began = performance.now()
    const done = await cutOff(rogue)
    expect(done).toMatchObject({ grants: 1, tenant: { status: 'cut-off', grants: 0 } })
    expect((await rogue.tries('GET', '/api/v1/grants'))[1]).toBe('token-refused')
    await until('the stream is cut', () => reader.closed, 1_000 - (performance.now() - began))
    await hub.admin.stepUp()
    for (const { id, by } of (await hub.admin.get<GrantList>('/api/v1/grants')).grants)
      if (by !== 'tenant:clinical') await hub.admin.ask('DELETE', `/api/v1/grants/${id}`)
    expect(await door.badge(VISITOR, 'door')).toMatchObject({ granted: false })
    const [row] = (await rowsOf(hub, 'tenant.cut-off')).filter(r => r.tenant === 'rogue')
    expect(row).toMatchObject({
      grants: 1,
      statedReason: 'essai',
      before: { status: 'active' },
      after: { status: 'cut-off' },
    })
    const again = await hub.fetch('/api/v1/tenants/rogue/cut-off', {
      method: 'POST',
      body: JSON.stringify({ reason: 'encore' }),
    })
    expect(((await again.json()) as Problem).code).toBe('tenant-cut-off')
  })

  it('while it writes grants as fast as it can, none survives', async () => {
    for (let round = 0; round < 5; round++) {
      const racing = await TestTenant.register(hub, `racing-${round}`, { mostGrants: 10_000 })
      const body = () => ({ grants: Array.from({ length: 20 }, () => wish()) })
      const tries = Array.from({ length: 20 }, () => racing.tries('POST', '/api/v1/grants', body()))
      const cut = cutOff(racing)
      const answers = await Promise.all(tries)
      await cut
      expect(answers.filter(a => a[0] !== 201 && a[0] !== 401 && a[0] !== 429)).toEqual([])
      const { grants } = await hub.get<TenantView>(`/api/v1/tenants/${racing.id}`)
      expect(grants).toBe(0)
      const listed = (await hub.admin.get<GrantList>('/api/v1/grants')).grants
      expect(listed.filter(g => g.by === `tenant:${racing.id}`)).toEqual([])
    }
  })

  it('asks for a fresh second factor and the capability', async () => {
    const it_ = await hub.signInAs('it')
    const answer = await it_.fetch('/api/v1/tenants/named/cut-off', { method: 'POST', body: '{"reason":"non"}' })
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([403, 'not-allowed'])
  })
})

describe('from the command line', PATIENT, () => {
  it('an application is registered, seen, given another token and cut off', async () => {
    const file = join(hub.dir, 'scope.json')
    writeFileSync(file, JSON.stringify(SCOPE))
    const until = ['--until', new Date(Date.now() + HOUR).toISOString()]
    const { token } = await hub.vigieJson<{ token: string }>(
      ...['tenant', 'register', 'shell', '--name', 'Shell', '--scope', file, ...until],
    )
    const shell = new TestTenant(hub, 'shell', token)
    await issue(shell)
    const listed = await hub.vigieJson<TenantView[]>('tenant', 'list')
    expect(listed.find(t => t.id === 'shell')).toMatchObject({ status: 'active', grants: 1, scope: SCOPE })
    expect(await hub.vigie('tenant', 'list')).toContain('1/50')
    const renewed = await hub.vigieJson<{ token: string }>('tenant', 'token', 'shell', ...until)
    expect((await shell.tries('GET', '/api/v1/tenant'))[1]).toBe('token-refused')
    shell.token = renewed.token
    expect((await shell.tries('GET', '/api/v1/tenant'))[0]).toBe(200)
    const done = await hub.vigieJson<TenantCutOffDone>('tenant', 'cut-off', 'shell', '--reason', 'perdu')
    expect(done.grants).toBe(1)
    expect((await shell.tries('GET', '/api/v1/tenant'))[1]).toBe('token-refused')
    const [row] = (await rowsOf(hub, 'tenant.cut-off')).filter(r => r.tenant === 'shell')
    expect(row?.by).toMatch(/^cli:/)
  })

  it('says what is wrong with a scope', async () => {
    const file = join(hub.dir, 'wrong.json')
    writeFileSync(file, JSON.stringify({ ...SCOPE, origins: ['friendship'] }))
    const until = new Date(Date.now() + HOUR).toISOString()
    const { stderr } = await hub.vigieFails(
      'tenant',
      'register',
      'odd',
      '--name',
      'O',
      '--scope',
      file,
      '--until',
      until,
    )
    expect(stderr).toContain('/scope/origins/0')
  })
})

describe('ten thousand grants', PATIENT, () => {
  it('are written and listed by the page, the next is refused, and one act ends them all while doors go on', async () => {
    const busy = await TestTenant.register(hub, 'busy', { mostGrants: 10_000 })
    for (let batch = 0; batch < 20; batch++) {
      const grants = Array.from({ length: 500 }, (_, i) => wish({ key: `k-${batch}-${i}` }))
      expect((await busy.tries('POST', '/api/v1/grants', { grants }))[0]).toBe(201)
    }
    expect(await busy.tries('POST', '/api/v1/grants', wish())).toEqual([409, 'tenant-full'])
    const ids = new Set<string>()
    for (let after = ''; ; ) {
      const { grants, next } = await busy.get<GrantList>(`/api/v1/grants?limit=500${after}`)
      for (const { id } of grants) ids.add(id)
      if (next === undefined) break
      after = `&after=${next}`
    }
    expect(ids.size).toBe(10_000)
    let cutting = true
    const cut = cutOff(busy).finally(() => {
      cutting = false
    })
    const waits: number[] = []
    while (cutting) {
      const began = performance.now()
      expect(await door.badge(NURSE, 'door')).toMatchObject({ granted: true })
      waits.push(performance.now() - began)
    }
    expect(await cut).toMatchObject({ grants: 10_000 })
    expect(Math.max(...waits)).toBeLessThan(2_000)
    expect((await busy.tries('GET', '/api/v1/tenant'))[1]).toBe('token-refused')
  })
})
