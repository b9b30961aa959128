/** Passkeys on the hub's side, against an authenticator in software; a real browser's are the dashboard's tests. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountView, FactorAdded, PasskeyOptions, Problem, SessionInfo } from '../api.ts'
import { SESSION_COOKIE } from '../http/sessions.ts'
import { type Answer, cookieOf, PASSWORD, startHub, type TestHub } from './http-hub.ts'
import { type Bent, SoftwareAuthenticator } from './software-authenticator.ts'

let hub: TestHub
let cookie: string
let host: string
let key: SoftwareAuthenticator
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing' })
  cookie = await hub.setUp()
  host = `localhost:${hub.httpPort}`
  key = new SoftwareAuthenticator(`http://${host}`)
})
afterEach(() => hub.stop())

const code = (answer: Answer): [number, string] => [answer.status, answer.json<Problem>().code]
const send = (method: string, path: string, body?: object, from = cookie, headers: Record<string, string> = {}) =>
  hub.ask(`/api/v1${path}`, { method, cookie: from, headers: { host, ...headers }, ...(body && { body }) })
interface Options {
  readonly challenge: string
  readonly rp?: object
  readonly rpId?: string
  readonly user?: { readonly id: string }
  readonly allowCredentials?: readonly { readonly id: string }[]
  readonly userVerification?: string
  readonly authenticatorSelection?: object
}
const optionsFrom = async (path: string, from: string): Promise<Options> =>
  (await send('POST', path, undefined, from)).json<PasskeyOptions>().options as Options
const creation = (from = cookie): Promise<Options> => optionsFrom('/account/passkeys/options', from)
const asking = (from = ''): Promise<Options> => optionsFrom('/session/passkey/options', from)
const add = async (bent: Bent = {}, options?: Options): Promise<Answer> =>
  send('POST', '/account/passkeys', { name: 'Clé bleue', passkey: key.create(options ?? (await creation()), bent) })
const alone = async (bent: Bent = {}, options?: Options): Promise<Answer> =>
  send('POST', '/session/passkey', { passkey: key.get(options ?? (await asking()), bent) }, '')
const half = async (): Promise<string> => cookieOf(await hub.signIn())

describe('adding a passkey', () => {
  it('asks for one that its owner unlocks, under the name the page has, and keeps the pseudonym inside', async () => {
    const options = await creation()
    expect(options).toMatchObject({
      rp: { name: 'Vigie', id: 'localhost' },
      user: { name: 'claire', displayName: 'Claire Marchand' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    expect(Buffer.from(options.user?.id ?? '', 'base64url')).toHaveLength(32)
    expect(JSON.stringify(options)).not.toContain('op-claire')
  })

  it('is in the account, a row, and comes with no new recovery codes where there are some', async () => {
    const added = await add()
    expect(added.status).toBe(201)
    expect(added.json<FactorAdded>()).toEqual({ session: expect.objectContaining({ stage: 'in' }) as unknown })
    const { passkeys } = (await send('GET', '/account')).json<AccountView>()
    expect(passkeys).toEqual([{ id: key.id, name: 'Clé bleue', createdAt: hub.now }])
    expect(hub.accounts.byLogin('claire')?.passkeys[0]).toMatchObject({ counter: 1, transports: ['internal'] })
  })

  it.each<[string, Bent]>([
    ['made for another site', { origin: 'http://localhost:1' }],
    ['made for another name', { rpId: 'evil.example' }],
    ['that is an assertion', { type: 'webauthn.get' }],
    ['to a challenge of nobody', { challenge: 'AAAA' }],
    ['whose owner did not unlock it', { flags: 1 | 64 }],
    ['without a credential', { flags: 1 | 4 }],
  ])('refuses an answer %s', async (_, bent) => {
    expect(code(await add(bent))).toEqual([422, 'passkey-refused'])
    expect(hub.accounts.byLogin('claire')?.passkeys).toEqual([])
  })

  it('takes a challenge once, for five minutes, for the account it was made for, and for nothing else', async () => {
    const options = await creation()
    expect((await add({}, options)).status).toBe(201)
    key = new SoftwareAuthenticator(`http://${host}`)
    expect(code(await add({}, options))).toEqual([422, 'passkey-refused'])
    expect(code(await add({}, await asking(cookie)))).toEqual([422, 'passkey-refused'])
    const others = await creation(await hub.signInAs('nurse'))
    expect(code(await add({}, others))).toEqual([422, 'passkey-refused'])
    const late = await creation()
    hub.now += 5 * 60_000
    cookie = await hub.signInWhole()
    expect(code(await add({}, late))).toEqual([422, 'passkey-refused'])
  })

  it.each([
    {},
    { name: '' },
    { passkey: { id: 'x', rawId: 'x', type: 'public-key', response: {}, clientExtensionResults: {} } },
    { passkey: { id: '<', rawId: 'x', type: 'public-key', response: { clientDataJSON: '' } } },
    { passkey: 'x'.repeat(10_000) },
  ])('refuses %j by its shape', async bent => {
    const body = { name: 'x', passkey: {}, ...bent }
    expect(code(await send('POST', '/account/passkeys', body))).toEqual([422, 'input-invalid'])
  })

  it.each(['AA', 'oA', '_____w', 'W'.repeat(4_000)])('refuses bytes that are no CBOR: %s', async attestationObject => {
    const { challenge } = await creation()
    const made = key.create({ challenge }) as { response: object }
    const passkey = { ...made, response: { ...made.response, attestationObject } }
    expect(code(await send('POST', '/account/passkeys', { name: 'x', passkey }))).toEqual([422, 'passkey-refused'])
  })

  it('says that an address is no name', async () => {
    const asks = [
      ['/account/passkeys/options', cookie],
      ['/session/passkey/options', ''],
    ] as const
    for (const address of [`127.0.0.1:${hub.httpPort}`, `[::1]:${hub.httpPort}`])
      for (const [path, from] of asks)
        expect(code(await send('POST', path, undefined, from, { host: address }))).toEqual([422, 'passkey-needs-name'])
  })

  it('holds twenty for an account, each of which can be taken away', async () => {
    for (let i = 0; i < 20; i++) {
      key = new SoftwareAuthenticator(`http://${host}`)
      expect((await add()).status).toBe(201)
    }
    expect(code(await send('POST', '/account/passkeys/options'))).toEqual([409, 'passkeys-full'])
    expect((await send('DELETE', `/account/passkeys/${key.id}`)).status).toBe(204)
    expect(code(await send('DELETE', `/account/passkeys/${key.id}`))).toEqual([404, 'factor-none'])
    await creation()
  })

  it('is enough for a new administrator', async () => {
    hub.accounts.add({ login: 'bob', role: 'it', passwordHash: hub.accounts.byLogin('claire')!.passwordHash })
    cookie = cookieOf(await hub.signIn(PASSWORD, 'bob'))
    const added = await add()
    expect(added.json<FactorAdded>()).toMatchObject({ session: { stage: 'in' } })
    expect(added.json<FactorAdded>().recoveryCodes).toHaveLength(10)
    cookie = cookieOf(added)
    expect(code(await send('DELETE', `/account/passkeys/${key.id}`))).toEqual([409, 'factor-needed'])
  })
})

describe('a passkey', () => {
  beforeEach(async () => {
    await add()
    hub.recorded.length = 0
  })

  it('signs in alone, with a new id, and counts as a fresh proof', async () => {
    const options = await asking()
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' })
    expect(options.allowCredentials).toBeUndefined()
    const done = await alone({}, options)
    expect(done.json<SessionInfo>()).toMatchObject({ stage: 'in', operator: { login: 'claire' } })
    expect(done.json<SessionInfo>().steppedUpUntil).toBeGreaterThan(hub.now)
    expect((await send('GET', '/site', undefined, cookieOf(done))).status).toBe(200)
    expect(hub.recorded).toEqual([{ kind: 'operator.signed-in', operator: 'op-claire', factor: 'passkey' }])
    expect(hub.accounts.byLogin('claire')?.passkeys[0]).toMatchObject({ counter: 2, usedAt: hub.now })
  })

  it('of an account that lives by the identity provider signs in nobody alone: it is a second factor there', async () => {
    const claire = hub.accounts.rows.get('claire')!
    hub.accounts.rows.set('claire', { ...claire, external: 'oidc:x:claire' })
    expect(code(await alone())).toEqual([403, 'provider-only'])
    const from = await half()
    const done = await send('POST', '/session/factor', { passkey: key.get(await asking(from)) }, from)
    expect(done.json<SessionInfo>().stage).toBe('in')
    hub.accounts.rows.set('claire', { ...claire, external: 'scim:1' })
    expect((await alone()).status).toBe(200)
  })

  it('is a second factor, and a fresh proof, of its own account', async () => {
    const from = await half()
    const options = await asking(from)
    expect(options.allowCredentials).toMatchObject([{ id: key.id }])
    const done = await send('POST', '/session/factor', { passkey: key.get(options) }, from)
    expect(done.json<SessionInfo>().stage).toBe('in')
    const up = { passkey: key.get(await asking(cookie)) }
    expect((await send('POST', '/session/step-up', up)).status).toBe(200)
    const nurse = await hub.signInAs('nurse')
    const asked = await asking(cookieOf(done))
    expect(code(await send('POST', '/session/step-up', { passkey: key.get(asked) }, nurse))).toEqual([
      401,
      'factor-refused',
    ])
  })

  it.each<[string, Bent]>([
    ['for another site', { origin: 'https://localhost' }],
    ['for another name', { rpId: '127.0.0.1' }],
    ['that is a registration', { type: 'webauthn.create' }],
    ['to a challenge of nobody', { challenge: 'A'.repeat(75) }],
    ['whose owner did not unlock it', { flags: 1 }],
    ['whose owner was not there', { flags: 4 }],
    ['with another signature', { signature: Buffer.alloc(70, 1) }],
  ])('signs nobody in by an answer %s', async (_, bent) => {
    expect(code(await alone(bent))).toEqual([401, 'factor-refused'])
    expect(hub.recorded).toEqual([{ kind: 'operator.refused', operator: 'op-claire', reason: 'factor' }])
  })

  it('counts once: neither the same answer, nor one of a copy whose counter stands still', async () => {
    const shown = { passkey: key.get(await asking()) }
    const both = await Promise.all([
      send('POST', '/session/passkey', shown, ''),
      send('POST', '/session/passkey', shown, ''),
    ])
    expect(both.map(a => a.status).sort()).toEqual([200, 401])
    key.counter = 1
    expect(code(await alone())).toEqual([401, 'factor-refused'])
    expect((await alone()).status).toBe(200)
  })

  it('may keep no counter at all', async () => {
    key = new SoftwareAuthenticator(`http://${host}`, 0)
    await add()
    expect([(await alone()).status, (await alone()).status]).toEqual([200, 200])
  })

  it('signs in while the store can not be written, and its counter holds all the same', async () => {
    hub.accounts.disk = () => Promise.reject(new Error('database is locked'))
    expect((await alone()).status).toBe(200)
    key.counter = 1
    expect(code(await alone())).toEqual([401, 'factor-refused'])
  })

  it('answers an unknown credential, a disabled account and a wrong signature alike', async () => {
    const answers = [await alone({ signature: Buffer.alloc(70, 1) })]
    const stranger = new SoftwareAuthenticator(`http://${host}`)
    answers.push(await send('POST', '/session/passkey', { passkey: stranger.get(await asking()) }, ''))
    hub.accounts.add({ ...hub.accounts.byLogin('claire')!, status: 'disabled' })
    answers.push(await alone())
    expect(new Set(answers.map(a => `${a.status} ${a.text}`)).size).toBe(1)
    expect(code(answers[0]!)).toEqual([401, 'factor-refused'])
  })

  it('slows a network that tries many', async () => {
    const seen: number[] = []
    for (let i = 0; i < 13; i++) seen.push((await alone({ challenge: 'AAAA' })).status)
    expect(seen).toEqual([...Array.from({ length: 11 }, () => 401), 429, 429])
  })

  it('signs in over TLS under the name in the address', async () => {
    const page = `localhost:${hub.httpsPort}`
    const over = (path: string, from: string, body?: object) =>
      hub.ask(`/api/v1${path}`, {
        method: 'POST',
        tls: true,
        cookie: from,
        headers: { host: page },
        ...(body && { body }),
      })
    const tlsKey = new SoftwareAuthenticator(`https://${page}`)
    const made = (await over('/account/passkeys/options', cookie)).json<PasskeyOptions>().options as Options
    expect((await over('/account/passkeys', cookie, { name: 'x', passkey: tlsKey.create(made) })).status).toBe(201)
    const asked = (await over('/session/passkey/options', '')).json<PasskeyOptions>().options as Options
    const done = await over('/session/passkey', '', { passkey: tlsKey.get(asked) })
    expect(done.headers['set-cookie']?.[0]).toContain(SESSION_COOKIE)
  })
})
