/** Against the example of RFC 8291 (appendix A), and what a browser does with its half of the keys. */
import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { areKeys, MOST_PAYLOAD_BYTES, makeSenderKeys, sealed, senderProof } from './push-crypt.ts'
import { TestBrowser } from './testing/browser.ts'

const EXAMPLE = {
  plain: 'When I grow up, I want to be a watermelon',
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  given: {
    privateKey: Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'),
    salt: Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url'),
  },
  body:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A' +
    '_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
}

describe('a sealed message', () => {
  it('is that of the RFC’s example, byte for byte', () => {
    const { plain, p256dh, auth, given, body } = EXAMPLE
    expect(sealed(Buffer.from(plain), { p256dh, auth }, given).toString('base64url')).toBe(body)
  })
  it('is read by the browser it is for, and never the same twice', () => {
    const browser = new TestBrowser()
    for (const text of ['', 'Porte forcée', 'x'.repeat(MOST_PAYLOAD_BYTES)])
      expect(browser.reads(sealed(Buffer.from(text), browser.keys))).toBe(text)
    const one = sealed(Buffer.from('a'), browser.keys)
    expect(sealed(Buffer.from('a'), browser.keys).equals(one)).toBe(false)
    expect(() => new TestBrowser().reads(one)).toThrow()
  })
  it('fits into one record, or is refused', () => {
    const browser = new TestBrowser()
    expect(sealed(Buffer.alloc(MOST_PAYLOAD_BYTES), browser.keys).length).toBeLessThanOrEqual(4096)
    expect(() => sealed(Buffer.alloc(MOST_PAYLOAD_BYTES + 1), browser.keys)).toThrow(RangeError)
  })
})

it('keys are a point of the curve and a secret of its length', () => {
  const { p256dh, auth } = new TestBrowser().keys
  expect(areKeys({ p256dh, auth })).toBe(true)
  expect(areKeys({ p256dh, auth: auth.slice(2) })).toBe(false)
  expect(areKeys({ p256dh: p256dh.slice(2), auth })).toBe(false)
  expect(areKeys({ p256dh: Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)]).toString('base64url'), auth })).toBe(
    false,
  )
  expect(areKeys({ p256dh: '', auth: '' })).toBe(false)
})

it('the proof of who sends is signed with the key that browsers subscribed to, for that push service, for half a day', () => {
  const keys = makeSenderKeys()
  const proof = senderProof('https://push.example:8443/send/abc?x=1', keys, 'it@hospital.test', 1_000_500)
  const [, token = '', key] = /^vapid t=([^,]+), k=(.+)$/.exec(proof) ?? []
  expect(key).toBe(keys.publicKey)
  const [head = '', claims = '', signature = ''] = token.split('.')
  const plain = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString())
  expect([plain(head), plain(claims)]).toEqual([
    { typ: 'JWT', alg: 'ES256' },
    { aud: 'https://push.example:8443', exp: 1000 + 43_200, sub: 'mailto:it@hospital.test' },
  ])
  const point = Buffer.from(keys.publicKey, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map(b => b.toString('base64url')) as [string, string]
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const of = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
  expect(verify('sha256', Buffer.from(`${head}.${claims}`), of, Buffer.from(signature, 'base64url'))).toBe(true)
})
