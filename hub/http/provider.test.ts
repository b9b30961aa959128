/** What is taken from an identity provider, and what is not, over real TLS. */
import { generateKeyPair } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import { type Claims, FakeProvider } from '../test/fake-provider.ts'
import { makeMaterial } from '../test/http-hub.ts'
import { Provider, provesTwoFactors } from './provider.ts'

const REDIRECT = 'https://hub.test/api/v1/session/provider/callback'

let fake: FakeProvider
let provider: Provider
let now: number
const said: string[] = []
const make = (more: Partial<ConstructorParameters<typeof Provider>[0]> = {}): Provider =>
  new Provider({
    ...{ issuer: fake.issuer, clientId: fake.clientId, clientSecret: 's', ca: fake.tls.cert },
    ...{ groupsClaim: 'groups', acr: [], now: () => now },
    log: { warn: details => void said.push(JSON.stringify(details)), error: () => undefined },
    ...more,
  })
beforeEach(async () => {
  now = Date.now()
  said.length = 0
  fake = await new FakeProvider().listen()
  provider = make()
})
afterEach(() => fake.close())

async function sign(more: Record<string, string> = {}, fresh = false) {
  const { url, begun } = await provider.begin(REDIRECT, fresh)
  return provider.finish(fake.comeBack(url, more), begun)
}
async function refusal(act: Promise<unknown>): Promise<string> {
  try {
    await act
  } catch (error) {
    if (error instanceof VigieError) return error.code
    throw error
  }
  return 'taken'
}
const inS = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds

describe('an answer as it should be', () => {
  it('says who it is, and their groups', async () => {
    expect(await sign()).toEqual({
      ...{ subject: 'u-1', username: 'c.marchand', name: 'Claire Marchand', groups: ['Soins'], twoFactors: false },
    })
  })
  it('is asked for with PKCE S256, state and nonce, never twice the same', async () => {
    const [one, other] = [await provider.begin(REDIRECT, false), await provider.begin(REDIRECT, false)]
    const asked = new URL(one.url).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(asked.get('response_type')).toBe('code')
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(asked.get(name)?.length).toBeGreaterThan(40)
      expect(new URL(other.url).searchParams.get(name)).not.toBe(asked.get(name))
    }
    expect(one.url).not.toContain(one.begun.verifier)
  })
  it('is taken from a clock that is 20 s ahead', async () => {
    fake.claims = right => ({ ...right, iat: inS(20), auth_time: inS(20) })
    expect(await refusal(sign())).toBe('taken')
  })
  it('takes one group that is no list, and drops what is no text', async () => {
    fake.claims = right => ({ ...right, groups: 'Soins' })
    expect((await sign()).groups).toEqual(['Soins'])
    fake.claims = right => ({ ...right, groups: ['Soins', 7, null, { a: 1 }] })
    expect((await sign()).groups).toEqual(['Soins'])
    fake.claims = ({ groups: _, ...right }) => right
    expect((await sign()).groups).toEqual([])
  })
  it('is asked what it is once, however many come', async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => provider.begin(REDIRECT, false)))
    expect(fake.asked).toEqual(['/.well-known/openid-configuration'])
  })
})

describe('an ID token', () => {
  const wrong: readonly (readonly [string, (right: Claims) => Claims])[] = [
    ['for somebody else', right => ({ ...right, aud: 'another-client' })],
    ['for several, of whom we are not the one it was made for', right => ({ ...right, aud: ['vigie', 'x'], azp: 'x' })],
    ['of another issuer', right => ({ ...right, iss: 'https://evil.test' })],
    ['with another nonce', right => ({ ...right, nonce: 'n' })],
    ['without a nonce', ({ nonce: _, ...right }) => right],
    ['without a subject', ({ sub: _, ...right }) => right],
    ['that has run out', right => ({ ...right, iat: inS(-600), exp: inS(-60) })],
    ['that never runs out', ({ exp: _, ...right }) => right],
    ['that is not good yet', right => ({ ...right, nbf: inS(600) })],
  ]
  it.each(wrong)('%s is refused', async (_, claims) => {
    fake.claims = claims
    expect(await refusal(sign())).toBe('provider-refused')
  })

  it('that nobody signed is refused', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    fake.token = async right => `${part({ alg: 'none' })}.${part(right)}.`
    expect(await refusal(sign())).toBe('provider-refused')
  })
  it('that another key signed is refused', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    fake.token = right => fake.sign(right, {}, privateKey)
    expect(await refusal(sign())).toBe('provider-refused')
  })
  it('signed with the client’s secret, or with the public key as if it were one, is refused', async () => {
    const jwk = Buffer.from(JSON.stringify(await fake.publicJwk()))
    for (const secret of [Buffer.from('s'.repeat(32)), jwk]) {
      fake.token = right => fake.sign(right, { alg: 'HS256' }, secret)
      expect(await refusal(sign())).toBe('provider-refused')
    }
  })
  it('that is missing, or is none, is refused', async () => {
    fake.token = async () => undefined
    expect(await refusal(sign())).toBe('provider-refused')
    fake.token = async () => 'a.b.c'
    expect(await refusal(sign())).not.toBe('taken')
  })
  it('that was not proved afresh does not count where that was asked for', async () => {
    fake.claims = right => ({ ...right, auth_time: inS(-600) })
    expect(await refusal(sign({}, true))).toBe('provider-refused')
    fake.claims = right => right
    expect(await refusal(sign({}, true))).toBe('provider-refused')
    fake.claims = right => ({ ...right, auth_time: inS(0) })
    expect(await refusal(sign({}, true))).toBe('taken')
  })
})

describe('the way back', () => {
  it('from another issuer is refused: an honest provider’s code for a dishonest one (RFC 9207)', async () => {
    expect(await refusal(sign({ iss: 'https://evil.test' }))).toBe('provider-refused')
    const { url, begun } = await provider.begin(REDIRECT, false)
    const answer = fake.comeBack(url)
    answer.delete('iss')
    expect(await refusal(provider.finish(answer, begun))).toBe('provider-refused')
    expect(fake.asked).not.toContain('/token')
  })
  it('with another state, with two, or without any is refused, and the code goes nowhere', async () => {
    expect(await refusal(sign({ state: 'another' }))).toBe('provider-refused')
    const { url, begun } = await provider.begin(REDIRECT, false)
    const twice = fake.comeBack(url)
    twice.append('state', begun.state)
    expect(await refusal(provider.finish(twice, begun))).toBe('provider-refused')
    twice.delete('state')
    expect(await refusal(provider.finish(twice, begun))).toBe('provider-refused')
    expect(fake.asked).not.toContain('/token')
  })
  it('with a code that was used is refused', async () => {
    const { url, begun } = await provider.begin(REDIRECT, false)
    const answer = fake.comeBack(url)
    await provider.finish(answer, begun)
    expect(await refusal(provider.finish(answer, begun))).toBe('provider-refused')
  })
  it('with a code that was made for another verifier is refused', async () => {
    const { url } = await provider.begin(REDIRECT, false)
    const { begun } = await provider.begin(REDIRECT, false)
    const answer = fake.comeBack(url)
    answer.set('state', begun.state)
    expect(await refusal(provider.finish(answer, begun))).toBe('provider-refused')
  })
})

describe('a provider in trouble', () => {
  const tokenAnswers = (act: FakeProvider['instead']): void => {
    fake.instead = (request, response) => request.url === '/token' && act(request, response)
  }
  const trouble: readonly (readonly [string, FakeProvider['instead']])[] = [
    ['answers 500', (_, response) => !!response.writeHead(500).end('oops')],
    ['answers 503 in JSON', (_, r) => !!r.writeHead(503, { 'content-type': 'application/json' }).end('{"error":"x"}')],
    ['answers garbage', (_, r) => !!r.writeHead(200, { 'content-type': 'application/json' }).end('{"access_')],
    ['answers with a page', (_, r) => !!r.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Bonjour</h1>')],
    ['hangs up', (_, response) => !!response.destroy()],
    ['answers 4 MB', (_, r) => !!r.writeHead(200, { 'content-type': 'application/json' }).end('x'.repeat(4_000_000))],
    ['leads elsewhere', (_, r) => !!r.writeHead(302, { location: `${fake.issuer}/keys` }).end()],
  ]
  it.each(trouble)('that %s lets nobody in, and is said to be in trouble', async (_, act) => {
    tokenAnswers(act)
    expect(await refusal(sign())).toBe('provider-unreachable')
    expect(fake.asked.at(-1)).toBe('/token')
    expect(said.join()).not.toContain('Bonjour')
  })
  it('that says nothing is waited for 5 s', async () => {
    tokenAnswers(() => true)
    const begun = performance.now()
    expect(await refusal(sign())).toBe('provider-unreachable')
    expect(performance.now() - begun).toBeGreaterThan(4_000)
  }, 12_000)
  it('that drips its answer is waited for no longer', async () => {
    tokenAnswers((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 200)
      response.on('close', () => clearInterval(drip))
      return true
    })
    expect(await refusal(sign())).toBe('provider-unreachable')
  }, 12_000)

  it('that was away is left alone for 3 s, then asked again', async () => {
    fake.instead = (_, response) => !!response.destroy()
    expect(await refusal(provider.begin(REDIRECT, false))).toBe('provider-unreachable')
    fake.instead = () => false
    expect(await refusal(provider.begin(REDIRECT, false))).toBe('provider-unreachable')
    expect(fake.asked).toHaveLength(1)
    now += 3_001
    expect(await refusal(provider.begin(REDIRECT, false))).toBe('taken')
  })
  it('goes on counting as it was while it can’t be asked again', async () => {
    await provider.begin(REDIRECT, false)
    now += 3_600_001
    fake.instead = (_, response) => !!response.destroy()
    expect(await refusal(provider.begin(REDIRECT, false))).toBe('taken')
  })
  it('that calls itself by another name is none of ours', async () => {
    fake.metadata = right => ({ ...right, issuer: 'https://evil.test' })
    expect(await refusal(provider.begin(REDIRECT, false))).toBe('provider-unreachable')
  })
  it('whose certificate is from nobody we know gets no word from us', async () => {
    provider = make({ ca: makeMaterial('another').cert })
    expect(await refusal(provider.begin(REDIRECT, false))).toBe('provider-unreachable')
    expect(fake.asked).toEqual([])
  })
  it('that wants the code in clear text does not get it', async () => {
    fake.metadata = right => ({ ...right, token_endpoint: 'http://192.0.2.1/token' })
    expect(await refusal(sign())).not.toBe('taken')
  })
})

describe('two factors', () => {
  it.each([
    [['pwd'], false],
    [['pwd', 'pin', 'kba'], false],
    [['otp', 'hwk'], false],
    [['pwd', 'otp'], true],
    [['hwk', 'fpt'], true],
    [['pwd', 'mfa'], true],
    ['mfa', false],
    [undefined, false],
    [['__proto__', 3, null], false],
  ])('by the methods %j: %s', (amr, proved) => {
    expect(provesTwoFactors({ amr }, [])).toBe(proved)
  })
  it('by a level that the site takes for two', () => {
    expect(provesTwoFactors({ acr: '2' }, ['2', 'gold'])).toBe(true)
    expect(provesTwoFactors({ acr: '1' }, ['2', 'gold'])).toBe(false)
    expect(provesTwoFactors({ acr: ['2'] }, ['2'])).toBe(false)
  })
  it('are asked for by those levels, and by proving afresh', async () => {
    provider = make({ acr: ['gold', '2'] })
    const asked = new URL((await provider.begin(REDIRECT, true)).url).searchParams
    expect([asked.get('acr_values'), asked.get('prompt'), asked.get('max_age')]).toEqual(['gold 2', 'login', '0'])
  })
})
