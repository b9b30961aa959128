/** Certificates over the network and over time, against a whole hub: enrolment with openssl and curl, renewal, expiry. */
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'

const run = promisify(execFile)
const hub = new TestHub({ VIGIE_CERTIFICATE_SECONDS: '60' })

beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.start()
  mkdirSync(hub.certs, { recursive: true })
})
afterAll(() => hub.close())

const at = (name: string): string => join(hub.certs, name)
const est = (path: string): string => `https://localhost:${hub.ready.httpsPort}/.well-known/est/${path}`

async function request(device: string): Promise<void> {
  await run('openssl', [
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    at(`${device}.key.pem`),
    '-subj',
    `/CN=${device}`,
    '-outform',
    'DER',
    '-out',
    at('csr.der'),
  ])
  writeFileSync(at('csr.b64'), readFileSync(at('csr.der')).toString('base64'))
}

async function keep(device: string, answer: string): Promise<void> {
  writeFileSync(at('answer.der'), Buffer.from(answer, 'base64'))
  const { stdout } = await run('openssl', ['pkcs7', '-inform', 'DER', '-in', at('answer.der'), '-print_certs'])
  writeFileSync(at(`${device}.cert.pem`), stdout)
}

const body = ['-H', 'Content-Type: application/pkcs10', '--data-binary', `@${at('csr.b64')}`]
const curl = async (...args: string[]): Promise<string> =>
  (await run('curl', ['-sS', '--fail-with-body', '--cacert', at('ca.cert.pem'), ...args])).stdout

describe('a device with nothing but openssl and curl', () => {
  it('fetches the authority, enrols with a one-time code, badges, renews with its present certificate, and both are good', async () => {
    writeFileSync(
      at('ca.der'),
      Buffer.from((await run('curl', ['-sS', '--insecure', est('cacerts')])).stdout, 'base64'),
    )
    const { stdout } = await run('openssl', ['pkcs7', '-inform', 'DER', '-in', at('ca.der'), '-print_certs'])
    writeFileSync(at('ca.cert.pem'), stdout)
    const { code, fingerprint } = await hub.vigieJson<{ code: string; fingerprint: string }>('device', 'code', 'cab-1')
    const printed = (await run('openssl', ['x509', '-in', at('ca.cert.pem'), '-noout', '-fingerprint', '-sha256']))
      .stdout
    expect(printed.replaceAll(':', '').toLowerCase()).toContain(fingerprint)

    await request('cab-1')
    await keep('cab-1', await curl('-u', `cab-1:${code}`, ...body, est('simpleenroll')))
    const cabinet = new TestDevice('cab-1', 'test-site')
    await until('the hub knows the certificate', () => cabinet.connect(hub).catch(() => undefined))
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })

    await keep(
      'cab-1',
      await curl('--cert', at('cab-1.cert.pem'), '--key', at('cab-1.key.pem'), ...body, est('simplereenroll')),
    )
    const renewed = new TestDevice('cab-1', 'test-site', 10)
    await until('the hub knows the new certificate', () => renewed.connect(hub).catch(() => undefined))
    expect(await renewed.badge(NURSE)).toMatchObject({ granted: true })
    await cabinet.close()
    await renewed.close()
    const shown = await hub.vigieJson<{ certificates: { status: string }[] }>('device', 'show', 'cab-1')
    expect(shown.certificates.map(c => c.status)).toEqual(['valid', 'valid'])
  })

  it('is refused with a used code', async () => {
    await expect(curl('-u', 'cab-1:0000-0000-0000-0000', ...body, est('simpleenroll'))).rejects.toMatchObject({
      stdout: expect.stringMatching(/code/),
    })
  })
})

describe('a certificate that runs out', () => {
  it('cuts the open socket at its end and is refused from then on', async () => {
    const short = new TestHub({ VIGIE_CERTIFICATE_SECONDS: '6' })
    try {
      await short.apply(smallSite())
      await short.start()
      await short.addDevice('door-9', 'door')
      const door = new TestDevice('door-9', 'test-site')
      const client = await door.connect(short)
      const until_ = (await short.vigieJson<{ certificateUntil: string }>('device', 'show', 'door-9')).certificateUntil
      await new Promise<void>(resolve => void client.once('close', () => resolve()))
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until_) - 1_000)
      expect(Date.now()).toBeLessThan(Date.parse(until_) + 2_000)
      await expect(door.connect(short)).rejects.toThrow()
    } finally {
      await short.close()
    }
  })
})
