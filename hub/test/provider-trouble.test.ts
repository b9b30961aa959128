/** An identity provider, or its settings, in trouble: the hub, its doors and its own accounts go on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FactorAdded, HubState, SessionInfo, TotpOffer } from '../api.ts'
import { codeAt } from '../http/totp.ts'
import { FakeProvider } from './fake-provider.ts'
import { NURSE, TestDevice, type TestHub, until } from './harness.ts'
import { settingsFor } from './identity-provider.ts'
import { CALLBACK, GROUPS, hubWith, rowsOf, START, sessionOf, TRANSACTION } from './provider-stage.ts'
import { Wanderer } from './wanderer.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-idp-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a provider that is away when the hub starts', () => {
  const fake = new FakeProvider()
  let hub: TestHub
  let port = 0
  let settings: Record<string, string>
  beforeAll(async () => {
    await fake.listen()
    port = fake.port
    settings = settingsFor(folder, fake.issuer, fake.tls.cert, GROUPS)
    await fake.close()
    hub = await hubWith(settings)
  }, 120_000)
  afterAll(async () => {
    await hub?.close()
    await fake.close()
  })

  const start = async (browser: Wanderer): Promise<string | null> =>
    (await browser.step(`${hub.origin}${START}`)).headers.get('location')

  it('keeps no door closed and nobody with a login of Vigie out', async () => {
    await hub.addDevice('cab-1', 'medicine-cabinet')
    const cabinet = new TestDevice('cab-1', 'test-site')
    await cabinet.connect(hub)
    expect((await cabinet.badge(NURSE)).granted).toBe(true)
    await cabinet.close()
    expect((await hub.admin.get<SessionInfo>('/api/v1/session')).stage).toBe('in')
  })

  it('is said to be away, and taken again when it is back', async () => {
    const browser = new Wanderer(fake.tls.cert)
    expect(await start(browser)).toBe('/?signin=provider-unreachable')
    await fake.listen(port)
    const url = await until('the provider is asked again', async () => {
      const location = await start(browser)
      return location?.startsWith(fake.issuer) && location
    })
    const back = fake.comeBack(url)
    const answer = await browser.step(`${hub.origin}${CALLBACK}?${back}`, fake.issuer)
    expect(answer.headers.get('location')).toBe('/')
    expect((await sessionOf(hub, browser)).operator).toMatchObject({ login: 'c.marchand', role: 'ward-manager' })
  })

  it('that sends an untrustworthy answer is a row, and signs nobody in', async () => {
    const browser = new Wanderer(fake.tls.cert)
    fake.claims = right => ({ ...right, aud: 'another' })
    const back = fake.comeBack((await start(browser)) ?? '')
    const answer = await browser.step(`${hub.origin}${CALLBACK}?${back}`, fake.issuer)
    fake.claims = right => right
    expect(answer.headers.get('location')).toBe('/?signin=provider-refused')
    expect((await sessionOf(hub, browser)).stage).toBeUndefined()
    expect((await rowsOf(hub, 'operator.refused')).at(-1)).toMatchObject({ reason: 'provider', factor: 'provider' })
  })

  it('that showed two factors this morning lets in, and they are no fresh proof', async () => {
    const browser = new Wanderer(fake.tls.cert)
    const morning = Math.floor(Date.now() / 1000) - 3 * 3_600
    fake.claims = right => ({
      ...right,
      sub: 'm',
      preferred_username: 'm.it',
      groups: ['Vigie IT'],
      amr: ['mfa'],
      auth_time: morning,
    })
    const back = fake.comeBack((await start(browser)) ?? '')
    await browser.step(`${hub.origin}${CALLBACK}?${back}`, fake.issuer)
    fake.claims = right => right
    const session = await sessionOf(hub, browser)
    expect(session).toMatchObject({ stage: 'in', operator: { role: 'it' } })
    expect(session).not.toHaveProperty('steppedUpUntil')
  })

  it('that shows one factor: whoever has one of Vigie gives it, and is in', async () => {
    const browser = new Wanderer(fake.tls.cert)
    fake.claims = right => ({ ...right, sub: 'f', preferred_username: 'f.it', groups: ['Vigie IT'], amr: ['pwd'] })
    const come = async (): Promise<unknown> => {
      const back = fake.comeBack((await start(browser)) ?? '')
      await browser.step(`${hub.origin}${CALLBACK}?${back}`, fake.issuer)
      return (await sessionOf(hub, browser)).stage
    }
    const send = async <T>(method: string, path: string, body: object = {}): Promise<T> => {
      const init = { method, body: JSON.stringify(body) }
      return (await (await browser.step(`${hub.origin}/api/v1${path}`, undefined, init)).json()) as T
    }
    expect(await come()).toBe('enrol')
    const { secret } = await send<TotpOffer>('POST', '/account/totp')
    const added = await send<FactorAdded>('PUT', '/account/totp', { code: codeAt(secret, Date.now()) })
    expect(added.session.stage).toBe('in')
    expect(await come()).toBe('factor')
    const [recovery = ''] = added.recoveryCodes ?? []
    expect((await send<SessionInfo>('POST', '/session/factor', { recovery })).stage).toBe('in')
    fake.claims = right => right
  })

  it('keeps what it needs in a cookie that no script reads and no other site’s frame sends', async () => {
    const answer = await new Wanderer(fake.tls.cert).step(`${hub.origin}${START}`)
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toContain(`${TRANSACTION}=`)
    expect(cookie.split('; ').slice(1).sort()).toEqual(['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure'])
  })

  it('refuses a logout token that is none, in any shape', async () => {
    const send = (body: string, type = 'application/x-www-form-urlencoded'): Promise<Response> =>
      fetch(`${hub.origin}${START}/logout`, { method: 'POST', headers: { 'content-type': type }, body })
    const codeOf = async (answer: Response): Promise<unknown> => ((await answer.json()) as { code: string }).code
    expect(await codeOf(await send('logout_token=a.b.c'))).toBe('logout-token-refused')
    expect(await codeOf(await send(''))).toBe('input-invalid')
    expect(await codeOf(await send('logout_token=a&x=b'))).toBe('input-invalid')
    expect(await codeOf(await send('{}', 'application/json'))).toBe('media-type-unsupported')
    expect(await codeOf(await send(`logout_token=${'a'.repeat(30_000)}`))).toBe('body-too-large')
  })

  it('lets each network try ten times, then slows it down', async () => {
    fake.claims = right => ({ ...right, nonce: 'x' })
    const codes: unknown[] = []
    for (let n = 0; n < 14; n += 1) {
      const browser = new Wanderer(fake.tls.cert)
      const back = fake.comeBack((await start(browser)) ?? '')
      const answer = await browser.step(`${hub.origin}${CALLBACK}?${back}`, fake.issuer)
      codes.push(answer.headers.get('location'))
    }
    fake.claims = right => right
    expect(codes.at(-1)).toBe('/?signin=too-many-requests')
  })
})

describe('settings of the provider', () => {
  it('with a file of groups that is wrong: nobody gets in by it, the log names the entry, and the hub says so', async () => {
    const fake = await new FakeProvider().listen()
    const hub = await hubWith(
      settingsFor(folder, fake.issuer, fake.tls.cert, { groups: [{ group: 'Soins', operator: { role: 'chief' } }] }),
    )
    try {
      const line = hub.log.find(l => String(l.msg).includes('directory'))
      expect(String(line?.cause)).toContain('/groups/0/operator/role')
      const { directory } = await hub.get<HubState>('/api/v1/health')
      expect(directory).toEqual({ usable: false, groups: 0 })
      const browser = new Wanderer(fake.tls.cert)
      const url = (await browser.step(`${hub.origin}${START}`)).headers.get('location') ?? ''
      const answer = await browser.step(`${hub.origin}${CALLBACK}?${fake.comeBack(url)}`, fake.issuer)
      expect(answer.headers.get('location')).toBe('/?signin=directory-unusable')
    } finally {
      await hub.close()
      await fake.close()
    }
  }, 60_000)

  it('with zones and roles that the site does not have: the log names them, and the rest counts', async () => {
    const groups = [
      { group: 'Soins', operator: { role: 'nurse', zones: ['ward', 'cellar'] }, roles: ['nurse', 'cook'] },
    ]
    const hub = await hubWith({ VIGIE_DIRECTORY_FILE: settingsFor(folder, 'x', '', { groups }).VIGIE_DIRECTORY_FILE! })
    try {
      const line = await until('the warning', () => hub.log.find(l => Array.isArray(l.fields)))
      expect(line.fields).toEqual(['/groups/0/operator/zones/1', '/groups/0/roles/1'])
      expect((await hub.get<HubState>('/api/v1/health')).directory).toEqual({ usable: true, groups: 1 })
    } finally {
      await hub.close()
    }
  }, 60_000)

  it('that point to no file: the hub runs, and offers no such sign-in', async () => {
    const hub = await hubWith({
      ...{ VIGIE_OIDC_ISSUER: 'https://idp.test', VIGIE_OIDC_CLIENT_ID: 'vigie' },
      VIGIE_OIDC_CLIENT_SECRET_FILE: join(folder, 'missing'),
    })
    try {
      expect(hub.log.some(l => String(l.msg).includes('identity provider is off'))).toBe(true)
      expect(await hub.get('/api/v1/session')).not.toHaveProperty('provider')
      const answer = await hub.fetch(START, { redirect: 'manual' })
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'provider-unset'])
    } finally {
      await hub.close()
    }
  }, 60_000)

  it.each([
    ['VIGIE_OIDC_ISSUER', 'http://idp.hospital.test'],
    ['VIGIE_OIDC_ISSUER', 'https://idp.test/?x=1'],
    ['VIGIE_OIDC_ISSUER', 'https://a:b@idp.test'],
    ['VIGIE_OIDC_ISSUER', 'file:///etc/passwd'],
    ['VIGIE_OIDC_CA', 'relative.pem'],
    ['VIGIE_OIDC_NAME', 'a\nb'],
  ])('%s=%s keep the hub from starting, and are named', async (name, value) => {
    writeFileSync(join(folder, 'x'), '')
    const { readConfig } = await import('../config.ts')
    expect(() => readConfig({ [name]: value })).toThrow(name)
  })
})
