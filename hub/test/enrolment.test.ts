import { execFile } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuthority } from '../pki/authority.ts'
import {
  curl,
  DAY,
  type EnrolmentHub,
  enrolDevice,
  keepCertificate,
  makeRequest,
  openssl,
  post,
  startHub,
} from './enrolment-hub.ts'

const run = promisify(execFile)
let hub: EnrolmentHub

/** Each group has a hub of its own: what one does to the clock is not the next one's business. */
function ownHub(): void {
  beforeAll(async () => {
    hub = await startHub()
  })
  afterAll(() => hub.stop())
}

const fileOf = (name: string) => join(hub.dir, name)
const certificateOf = async (name: string) => new X509Certificate(await readFile(fileOf(`${name}.cert.pem`)))
const serialOf = (certificate: X509Certificate) => certificate.serialNumber.toLowerCase()

describe('a device with nothing but openssl and curl', () => {
  ownHub()

  it('fetches the authority, enrols with its code and renews with its certificate', async () => {
    const chain = await curl(hub, 'cacerts')
    expect(chain.status).toBe(200)
    expect(chain.headers).toContain('content-type: application/pkcs7-mime')
    expect(chain.headers).toContain('content-transfer-encoding: base64')
    await keepCertificate(hub.dir, 'fetched-ca', chain)
    expect(
      createHash('sha256')
        .update((await certificateOf('fetched-ca')).raw)
        .digest('hex'),
    ).toBe(hub.authority.fingerprint)

    const identity = await enrolDevice(hub, 'cabinet-1')
    const first = await certificateOf('cabinet-1')
    expect(
      await openssl(
        hub.dir,
        'verify',
        '-x509_strict',
        '-purpose',
        'sslclient',
        '-CAfile',
        'fetched-ca.cert.pem',
        'cabinet-1.cert.pem',
      ),
    ).toContain('OK')
    expect(first.subject).toBe('CN=cabinet-1')

    const renewed = await post(hub, 'simplereenroll', await makeRequest(hub.dir, 'next', 'cabinet-1'), ...identity)
    expect(renewed.status).toBe(200)
    expect(renewed.headers).toContain('smime-type=certs-only')
    await keepCertificate(hub.dir, 'next', renewed)
    const second = await certificateOf('next')
    expect(second.subject).toBe('CN=cabinet-1')
    expect(hub.registry.events).toEqual([
      { kind: 'device.enrolled', device: 'cabinet-1', serial: serialOf(first) },
      { kind: 'device.renewed', device: 'cabinet-1', serial: serialOf(second) },
    ])
    for (const certificate of [first, second]) {
      expect(hub.registry.certificate(serialOf(certificate))).toMatchObject({ device: 'cabinet-1', revoked: false })
    }
  })

  it('sends its request as PEM, as base64 or as DER, and the code in small letters without hyphens', async () => {
    await makeRequest(hub.dir, 'forms')
    await openssl(hub.dir, 'req', '-inform', 'DER', '-in', 'forms.p10', '-out', 'forms.pem')
    await writeFile(fileOf('forms.b64'), (await readFile(fileOf('forms.p10'))).toString('base64'))
    for (const file of ['forms.p10', 'forms.pem', 'forms.b64']) {
      hub.invite('forms', 'AB1O-9LXT-4HDV-WB3N')
      expect((await post(hub, 'simpleenroll', file, '--user', 'forms:ab10-91xt4hdvwb3n')).status).toBe(200)
    }
  })

  it.each([
    ['EC P-384', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['RSA 2048', ['-newkey', 'rsa:2048']],
  ])('may bring a key of %s', async (_, key) => {
    await openssl(
      hub.dir,
      'req',
      '-new',
      ...key,
      '-nodes',
      '-keyout',
      'k.pem',
      '-subj',
      '/CN=kinds',
      '-out',
      'kinds.p10',
    )
    hub.invite('kinds', 'CODE-1234')
    const answer = await post(hub, 'simpleenroll', 'kinds.p10', '--user', 'kinds:CODE-1234')
    expect(answer.status).toBe(200)
    await keepCertificate(hub.dir, 'kinds', answer)
    expect(await openssl(hub.dir, 'verify', '-CAfile', 'ca.cert.pem', 'kinds.cert.pem')).toContain('OK')
  })

  it.each(['docs/enrolment.md', 'docs/fr/enrolement.md'])('follows %s to the letter', async page => {
    const text = await readFile(new URL(`../../${page}`, import.meta.url), 'utf8')
    const [values, ...blocks] = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(m => m[1])
    expect(values).toContain('CODE=')
    expect(blocks).toHaveLength(5)
    const device = page.includes('fr') ? 'armoire-7' : 'cabinet-7'
    hub.invite(device, '7K2M-9QXT-4HDV-WB3N')
    const cwd = fileOf(device)
    const env = {
      PATH: process.env.PATH,
      HUB: `localhost:${hub.port}`,
      DEVICE: device,
      CODE: '7K2M-9QXT-4HDV-WB3N',
      NO_PROXY: '*',
    }
    const { stdout } = await run('sh', ['-euc', `mkdir ${device}; cd ${device}; ${blocks.join('\n')}`], {
      cwd: hub.dir,
      env,
    })
    expect(stdout.replaceAll(':', '').toLowerCase()).toContain(hub.authority.fingerprint)
    expect(stdout.match(/cert\.pem: OK/g)).toHaveLength(2)
    expect(new X509Certificate(await readFile(join(cwd, `${device}.cert.pem`))).subject).toBe(`CN=${device}`)
    expect(hub.registry.events.filter(e => e.device === device).map(e => e.kind)).toEqual([
      'device.enrolled',
      'device.renewed',
    ])
  })

  it('is told the same commands in French as in English', async () => {
    const [en, fr] = await Promise.all(
      ['enrolment.md', 'fr/enrolement.md'].map(async f => {
        const text = await readFile(new URL(`../../docs/${f}`, import.meta.url), 'utf8')
        return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(m => m[1]).slice(1)
      }),
    )
    expect(fr).toEqual(en)
  })
})

describe('enrolling is refused', () => {
  ownHub()

  const enrol = (file: string, user: string) => post(hub, 'simpleenroll', file, '--user', user)

  it('without a code: 401 and a challenge, before the body is looked at', async () => {
    const answer = await post(hub, 'simpleenroll', await makeRequest(hub.dir, 'anon'))
    expect(answer).toMatchObject({
      status: 401,
      body: 'Give the device id as user and its one-time code as password.\n',
    })
    expect(answer.headers).toContain('www-authenticate: basic')
    expect(answer.headers).toContain('content-type: text/plain')
    const french = await post(hub, 'simpleenroll', 'anon.p10', '--header', 'Accept-Language: fr-FR')
    expect(french.body).toBe(
      'Donnez l’identifiant de l’appareil comme utilisateur et son code à usage unique comme mot de passe.\n',
    )
    expect(french.headers).toContain('content-language: fr')
  })

  it('with a wrong code, a used code, an expired code, and for a device nobody knows: one and the same answer', async () => {
    hub.invite('door-1', 'GOOD-CODE')
    await makeRequest(hub.dir, 'door-1')
    const wrong = await enrol('door-1.p10', 'door-1:BAD-CODE')
    expect((await enrol('door-1.p10', 'door-1:GOOD-CODE')).status).toBe(200)
    const used = await enrol('door-1.p10', 'door-1:GOOD-CODE')
    hub.invite('door-1', 'LATE-CODE', 60_000)
    hub.advance(60_000)
    const expired = await enrol('door-1.p10', 'door-1:LATE-CODE')
    const unknown = await enrol('door-1.p10', 'door-0:GOOD-CODE')
    for (const answer of [wrong, used, expired]) expect(answer).toMatchObject({ status: 401, body: wrong.body })
    expect(wrong.body).toBe(
      'This one-time code is unknown, used or expired. Make a new one with: vigie device code door-1\n',
    )
    expect(unknown).toMatchObject({ status: 401, body: wrong.body.replace('door-1', 'door-0') })
    hub.advance(61 * 60_000) // these failures are forgotten
  })

  it('twice with one code, even at the same moment: one certificate', async () => {
    hub.invite('door-2', 'ONLY-ONCE')
    const csr = await readFile(fileOf(await makeRequest(hub.dir, 'door-2')))
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => hub.enrolled.enrol('door-2', 'ONLY-ONCE', csr)),
    )
    expect(tries.filter(t => t.status === 'fulfilled')).toHaveLength(1)
    expect(hub.registry.events.filter(e => e.device === 'door-2')).toHaveLength(1)
  })

  it('for a bad request, in words that say what to do, and the code stays good for the right one', async () => {
    hub.invite('door-3', 'KEEP-CODE')
    await makeRequest(hub.dir, 'door-3')
    await makeRequest(hub.dir, 'foreign', 'door-4')
    await makeRequest(hub.dir, 'odd-curve', 'door-3', ['-name', 'secp256k1'])
    const body = ['req', '-new', '-nodes', '-keyout', 'k.pem', '-outform', 'DER']
    await openssl(hub.dir, ...body, '-newkey', 'rsa:1024', '-subj', '/CN=door-3', '-out', 'rsa1024.p10')
    await openssl(hub.dir, ...body, '-newkey', 'ed25519', '-subj', '/CN=door-3', '-out', 'ed.p10')
    await openssl(hub.dir, ...body, '-newkey', 'rsa:2048', '-subj', '/CN=door-3/CN=door-4', '-out', 'two-names.p10')
    await openssl(hub.dir, ...body, '-newkey', 'rsa:2048', '-sha1', '-subj', '/CN=door-3', '-out', 'sha1.p10')
    const forged = await readFile(fileOf('door-3.p10'))
    forged[forged.length - 1]! ^= 1
    await writeFile(fileOf('forged.p10'), forged)
    await writeFile(fileOf('garbage.p10'), Buffer.alloc(900, 0x30))
    await writeFile(fileOf('nested.p10'), Buffer.alloc(16_000, Buffer.from('3080', 'hex')))
    await writeFile(fileOf('empty.p10'), '')
    const expected = {
      'foreign.p10': 'its common name (CN) must be exactly door-3',
      'two-names.p10': 'its common name (CN) must be exactly door-3',
      'odd-curve.p10': 'the key must be EC P-256, EC P-384, or RSA of 2048 to 4096 bits',
      'rsa1024.p10': 'the key must be EC P-256, EC P-384, or RSA of 2048 to 4096 bits',
      'ed.p10': 'the key must be EC P-256, EC P-384, or RSA of 2048 to 4096 bits',
      'sha1.p10': 'it must be signed with SHA-256, SHA-384 or SHA-512',
      'forged.p10': 'its signature does not match its key',
      'garbage.p10': 'a PKCS#10 request in DER, base64 or PEM is expected, as made by: openssl req -new',
      'nested.p10': 'a PKCS#10 request in DER, base64 or PEM is expected, as made by: openssl req -new',
      'empty.p10': 'the body is empty',
    }
    for (const [file, words] of Object.entries(expected)) {
      const answer = await enrol(file, 'door-3:KEEP-CODE')
      expect(answer, file).toMatchObject({
        status: 400,
        body: `The certificate request is not acceptable: ${words}.\n`,
      })
    }
    expect((await enrol('door-3.p10', 'door-3:KEEP-CODE')).status).toBe(200)
  })

  it('with a body of 1 MB (413) or of another type (415)', async () => {
    hub.invite('door-5', 'SOME-CODE')
    await writeFile(fileOf('big'), Buffer.alloc(1_000_000, 0x4d))
    expect(await enrol('big', 'door-5:SOME-CODE')).toMatchObject({
      status: 413,
      body: expect.stringContaining('16384 bytes'),
    })
    const typed = await curl(hub, 'simpleenroll', '--data', 'x=1', '--user', 'door-5:SOME-CODE')
    expect(typed).toMatchObject({ status: 415, body: 'Send the body as application/pkcs10.\n' })
    expect((await curl(hub, 'cacerts')).status).toBe(200)
  })

  it('for a while after six wrong codes from one address, then again longer', async () => {
    hub.invite('door-6', 'RIGHT-ONE')
    await makeRequest(hub.dir, 'door-6')
    for (let i = 0; i < 6; i++) expect((await enrol('door-6.p10', 'door-6:WRONG')).status).toBe(401)
    const held = await enrol('door-6.p10', 'door-6:RIGHT-ONE')
    expect(held).toMatchObject({ status: 429, body: 'Too many requests. Try again in 1 s.\n' })
    expect(held.headers).toContain('retry-after: 1')
    hub.advance(1000)
    expect((await enrol('door-6.p10', 'door-6:WRONG')).status).toBe(401)
    expect((await enrol('door-6.p10', 'door-6:RIGHT-ONE')).body).toBe('Too many requests. Try again in 2 s.\n')
    hub.advance(2000)
    expect((await enrol('door-6.p10', 'door-6:RIGHT-ONE')).status).toBe(200)
    expect(hub.refusals.filter(r => r === 'too-many-requests')).toHaveLength(2)
    hub.advance(61 * 60_000)
  })

  it('for a revoked device, even with a good code', async () => {
    await enrolDevice(hub, 'door-7')
    await hub.revoked.revoke('door-7')
    hub.invite('door-7', 'LEFT-OVER')
    expect((await enrol('door-7.p10', 'door-7:LEFT-OVER')).status).toBe(409)
  })
})

describe('renewing is refused', () => {
  ownHub()

  const NEEDED = 'Renewing needs the present, valid client certificate.\n'

  it('without a certificate, and with a code instead of one', async () => {
    await makeRequest(hub.dir, 'pir-1')
    hub.invite('pir-1', 'CODE-1234')
    expect(await post(hub, 'simplereenroll', 'pir-1.p10')).toMatchObject({ status: 401, body: NEEDED })
    expect((await post(hub, 'simplereenroll', 'pir-1.p10', '--user', 'pir-1:CODE-1234')).status).toBe(401)
  })

  it('with a revoked certificate, at the TLS layer and by the registry', async () => {
    const identity = await enrolDevice(hub, 'pir-2')
    const serial = serialOf(await certificateOf('pir-2'))
    const csr = await readFile(fileOf('pir-2.p10'))
    expect((await post(hub, 'simplereenroll', 'pir-2.p10', ...identity)).status).toBe(200)
    await hub.revoked.revoke('pir-2', 'key-compromise')
    expect(await post(hub, 'simplereenroll', 'pir-2.p10', ...identity)).toMatchObject({ status: 401, body: NEEDED })
    await expect(hub.enrolled.reenrol(serial, 'pir-2', csr)).rejects.toMatchObject({
      code: 'client-certificate-required',
    })
  })

  it('in a loop: four at once, then one a second', async () => {
    const identity = await enrolDevice(hub, 'pir-6')
    const renew = () => post(hub, 'simplereenroll', 'pir-6.p10', ...identity)
    for (let i = 0; i < 4; i++) {
      expect((await renew()).status).toBe(200)
      hub.advance(-30_000) // however slow this machine is, no second has passed for the hub
    }
    const held = await renew()
    expect(held).toMatchObject({ status: 429, body: 'Too many requests. Try again in 1 s.\n' })
    expect(held.headers).toContain('retry-after: 1')
    hub.advance(1000)
    expect((await renew()).status).toBe(200)
  })

  it('with a certificate of a foreign authority for the same name', async () => {
    const foreign = await openAuthority(fileOf('foreign-pki'), { now: Date.now })
    const key = await foreign.makeDeviceKey()
    await writeFile(fileOf('foreign.key.pem'), key.keyPem)
    await writeFile(fileOf('foreign.cert.pem'), (await foreign.issueDevice('cabinet-1', key.publicKey, DAY)).certPem)
    hub.invite('cabinet-1', 'CODE-1234')
    await makeRequest(hub.dir, 'stranger', 'cabinet-1')
    const answer = await post(
      hub,
      'simplereenroll',
      'stranger.p10',
      '--cert',
      'foreign.cert.pem',
      '--key',
      'foreign.key.pem',
    )
    expect(answer).toMatchObject({ status: 401, body: NEEDED })
  })

  it('with a self-made certificate that copies name and serial of a real one', async () => {
    await enrolDevice(hub, 'pir-5')
    const copied = ['-subj', '/CN=pir-5', '-set_serial', `0x${serialOf(await certificateOf('pir-5'))}`]
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'copy.key.pem']
    await openssl(hub.dir, 'req', '-x509', ...key, ...copied, '-out', 'copy.cert.pem')
    await openssl(
      hub.dir,
      'req',
      '-new',
      '-key',
      'copy.key.pem',
      '-subj',
      '/CN=pir-5',
      '-outform',
      'DER',
      '-out',
      'copy.p10',
    )
    const answer = await post(hub, 'simplereenroll', 'copy.p10', '--cert', 'copy.cert.pem', '--key', 'copy.key.pem')
    expect(answer).toMatchObject({ status: 401, body: NEEDED })
  })

  it('with the hub’s own server certificate, which is no client certificate', async () => {
    const server = await hub.authority.ensureServerCertificate([])
    await writeFile(fileOf('server.cert.pem'), server.cert)
    await writeFile(fileOf('server.key.pem'), server.key)
    const answer = await post(
      hub,
      'simplereenroll',
      'pir-1.p10',
      '--cert',
      'server.cert.pem',
      '--key',
      'server.key.pem',
    )
    expect(answer).toMatchObject({ status: 401, body: NEEDED })
  })

  it('for another device’s name, or when the certificate has expired', async () => {
    const identity = await enrolDevice(hub, 'pir-3')
    await makeRequest(hub.dir, 'other', 'pir-4')
    const answer = await post(hub, 'simplereenroll', 'other.p10', ...identity)
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('must be exactly pir-3') })
    hub.advance(90 * DAY)
    const late = await post(hub, 'simplereenroll', 'pir-3.p10', ...identity)
    hub.advance(-90 * DAY)
    expect(late).toMatchObject({ status: 401, body: NEEDED })
  })
})
