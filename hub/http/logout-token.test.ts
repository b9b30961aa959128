/** Which logout tokens of the identity provider are taken. Keys over real TLS. */
import { generateKeyPair } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { boundedFetch } from '../bounded-fetch.ts'
import { type Claims, FakeProvider } from '../test/fake-provider.ts'
import { LogoutTokens } from './logout-token.ts'
import type { ProviderKeys } from './provider.ts'

const EVENT = { 'http://schemas.openid.net/event/backchannel-logout': {} }

let fake: FakeProvider
let keys: ProviderKeys
let tokens: LogoutTokens
let now: number
let made = 0
beforeAll(async () => {
  fake = await new FakeProvider().listen()
  keys = {
    ...{ issuer: fake.issuer, clientId: fake.clientId, jwksUri: `${fake.issuer}/keys` },
    fetch: boundedFetch({ ca: fake.tls.cert, timeoutMs: 5_000 }),
  }
})
afterAll(() => fake.close())
beforeEach(() => {
  now = Date.now()
  tokens = new LogoutTokens({ warn: () => undefined, error: () => undefined }, () => now)
})

function right(): Claims {
  const iat = Math.floor(now / 1000)
  made += 1
  return { iss: fake.issuer, aud: fake.clientId, sub: 'u-1', iat, exp: iat + 120, jti: `t-${made}`, events: EVENT }
}
const without = (field: string): Claims =>
  Object.fromEntries(Object.entries(right()).filter(([name]) => name !== field))
const taken = async (claims: Claims, header = {}): Promise<string> =>
  tokens.subjectOf(await fake.sign(claims, header), keys)
const refused = expect.objectContaining({ code: 'logout-token-refused' })

describe('a logout token', () => {
  it('names the subject whose sessions end', async () => {
    expect(await taken(right(), { typ: 'logout+jwt' })).toBe('u-1')
    expect(await taken({ ...right(), sid: 's' })).toBe('u-1')
  })
  it('counts once, also of ten at the same moment', async () => {
    const token = await fake.sign(right())
    const ten = await Promise.allSettled(Array.from({ length: 10 }, () => tokens.subjectOf(token, keys)))
    expect(ten.filter(one => one.status === 'fulfilled')).toHaveLength(1)
    now += 100_000
    await expect(tokens.subjectOf(token, keys)).rejects.toEqual(refused)
  })
  it.each(['iss', 'aud', 'sub', 'iat', 'jti', 'events'])('without %s is refused', async field => {
    await expect(taken(without(field))).rejects.toEqual(refused)
  })
  const wrong: readonly (readonly [string, (claims: Claims) => Claims])[] = [
    ['of another issuer', claims => ({ ...claims, iss: 'https://evil.test' })],
    ['for another client', claims => ({ ...claims, aud: 'x' })],
    ['with a nonce, which an ID token has', claims => ({ ...claims, nonce: 'n' })],
    ['of another event', claims => ({ ...claims, events: { x: {} } })],
    ['with events in a list', claims => ({ ...claims, events: Object.keys(EVENT) })],
    ['that is three minutes old', claims => ({ ...claims, iat: Math.floor(now / 1000) - 180 })],
    ['from tomorrow', claims => ({ ...claims, iat: Math.floor(now / 1000) + 86_400, exp: undefined })],
    ['that has run out', claims => ({ ...claims, exp: Math.floor(now / 1000) - 60 })],
  ]
  it.each(wrong)('%s is refused', async (_, claims) => {
    await expect(taken(claims(right()))).rejects.toEqual(refused)
  })
  it('that nobody, or somebody else, signed is refused', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const { privateKey } = await generateKeyPair('RS256')
    const publicKey = Buffer.from(JSON.stringify(await fake.publicJwk()))
    const bad = [
      `${part({ alg: 'none' })}.${part(right())}.`,
      await fake.sign(right(), {}, privateKey),
      await fake.sign(right(), { kid: 'another' }),
      await fake.sign(right(), { alg: 'HS256' }, publicKey),
      'a.b.c',
      '',
    ]
    for (const token of bad) await expect(tokens.subjectOf(token, keys)).rejects.toEqual(refused)
  })
})
