/** docs/tenants.md and docs/fr/applications.md, done as they say: their command runs, and what they send is taken. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GrantIssued, OwnTenant, TenantTokenMade } from '../api.ts'
import { TestHub } from './harness.ts'
import { TestTenant } from './tenant-hub.ts'

const ROOT = join(import.meta.dirname, '../..')
const HOUR = 3_600_000
const hub = new TestHub()

beforeAll(async () => {
  await hub.vigie('apply', join(ROOT, 'docs/examples/practice.site.json'))
  await hub.start()
}, 120_000)
afterAll(() => hub.close())

describe.each(['docs/tenants.md', 'docs/fr/applications.md'])('%s', page => {
  const text = readFileSync(join(ROOT, page), 'utf8')

  it('lets an application in and has it write the grant of the page, once', async () => {
    const scope = join(ROOT, /--scope (\S+)/.exec(text)?.[1] ?? '')
    const id = page.includes('fr/') ? 'planning-fr' : 'planning'
    const until = ['--until', new Date(Date.now() + HOUR).toISOString()]
    const made = await hub.vigieJson<TenantTokenMade>(
      'tenant',
      'register',
      id,
      '--name',
      'P',
      '--scope',
      scope,
      ...until,
    )
    const tenant = new TestTenant(hub, id, made.token)
    const sent = JSON.parse(/-d '(\{"person"[^']+)'/.exec(text)?.[1] ?? '') as object
    const body = { ...sent, from: Date.now(), until: Date.now() + HOUR }
    const post = (): Promise<Response> => tenant.ask('POST', '/api/v1/grants', body)
    const [first, again] = [await post(), await post()]
    expect([first.status, again.status]).toEqual([201, 200])
    expect(((await first.json()) as GrantIssued).grant).toMatchObject(body)
    const own = await tenant.get<OwnTenant>('/api/v1/tenant')
    expect(own).toMatchObject({ id, grants: 1 })
    for (const field of Object.keys(own.scope)) expect([field, text.includes(`\`${field}\``)]).toEqual([field, true])
  })

  it('has it wait where it writes faster than the page says', async () => {
    const scope = join(ROOT, 'docs/examples/planning.scope.json')
    const id = page.includes('fr/') ? 'hasty-fr' : 'hasty'
    const until = ['--until', new Date(Date.now() + HOUR).toISOString()]
    const made = await hub.vigieJson<TenantTokenMade>(
      'tenant',
      'register',
      id,
      '--name',
      'H',
      '--scope',
      scope,
      ...until,
    )
    const hasty = new TestTenant(hub, id, made.token)
    const span = { from: Date.now(), until: Date.now() + HOUR }
    const grants = Array.from({ length: 500 }, () => ({ person: 'p-vasseur', origin: 'shift', ...span }))
    const post = (): Promise<Response> => hasty.ask('POST', '/api/v1/grants', { grants })
    const [first, second] = [await post(), await post()]
    expect([first.status, second.status]).toEqual([201, 429])
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(1)
    expect(text).toMatch(/50 (grants a second, 550|accès par seconde, 550)/)
  })
})
