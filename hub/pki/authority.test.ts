import { execFile, spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAuthority } from './authority.ts'

const run = promisify(execFile)
const DAY = 86_400_000
let root: string
let folders = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vigie-pki-'))
})
afterAll(() => rm(root, { recursive: true }))

const newFolder = () => join(root, `pki-${++folders}`)
const open = (dir = newFolder(), now: () => number = Date.now, serverLifeMs = 90 * DAY) =>
  openAuthority(dir, { now, serverLifeMs, ownHosts: () => ['localhost', '127.0.0.1', '::1'] })
const permissions = async (file: string) => ((await stat(file)).mode & 0o777).toString(8)
const openssl = async (...args: string[]) => (await run('openssl', args, { cwd: root })).stdout
const save = (name: string, text: string | Buffer) => writeFile(join(root, name), text)

describe('the authority', () => {
  it('is made at the first start, for its owner only, and is the same at the next', async () => {
    const dir = newFolder()
    const first = await open(dir)
    await first.ensureServerCertificate([])
    await first.crl([])
    expect(await permissions(dir)).toBe('700')
    const files = await readdir(dir)
    expect(files.sort()).toEqual(['ca.pem', 'crl.pem', 'server.pem'])
    for (const file of files) expect(await permissions(join(dir, file))).toBe('600')
    expect((await open(dir)).caPem).toBe(first.caPem)
  })

  it('is an ECDSA P-256 authority of ten years that can sign nothing but end certificates and lists', async () => {
    const { caPem, notAfter } = await open()
    await save('ca.pem', caPem)
    const text = await openssl('x509', '-in', 'ca.pem', '-noout', '-text')
    for (const words of ['prime256v1', 'CA:TRUE, pathlen:0', 'Certificate Sign, CRL Sign'])
      expect(text).toContain(words)
    expect(Math.round((notAfter - Date.now()) / DAY)).toBe(3652)
  })

  it('refuses a key that others can read, and says how to mend it', async () => {
    const dir = newFolder()
    await open(dir)
    for (const mode of [0o640, 0o604, 0o620]) {
      await chmod(join(dir, 'ca.pem'), mode)
      await expect(open(dir)).rejects.toMatchObject({
        code: 'data-permissions',
        message: expect.stringContaining('chmod 600'),
      })
    }
  })

  it('refuses a damaged file and a key of another certificate, and leaves the file alone', async () => {
    const dir = newFolder()
    const file = join(dir, 'ca.pem')
    await open(dir)
    const good = await readFile(file, 'utf8')
    const other = newFolder()
    await open(other)
    const foreignKey = (await readFile(join(other, 'ca.pem'), 'utf8')).split('-----BEGIN PRIVATE KEY-----')[1]
    const mixed = `${good.split('-----BEGIN PRIVATE KEY-----')[0]}-----BEGIN PRIVATE KEY-----${foreignKey}`
    for (const bad of ['', 'nonsense', good.slice(0, 300), good.replace('MI', 'MA'), mixed]) {
      await writeFile(file, bad)
      await expect(open(dir)).rejects.toMatchObject({ code: 'authority-damaged' })
      expect(await readFile(file, 'utf8')).toBe(bad)
    }
  })

  it('is one, however many open it at once in one process', async () => {
    const dir = newFolder()
    const all = await Promise.all(Array.from({ length: 10 }, () => open(dir)))
    expect(new Set(all.map(a => a.fingerprint)).size).toBe(1)
    expect(await readdir(dir)).toEqual(['ca.pem'])
  })

  it('is one, however many processes start at once', async () => {
    const dir = newFolder()
    const script = `
      import { openAuthority } from ${JSON.stringify(new URL('authority.ts', import.meta.url).href)}
      process.stdout.write('up')
      process.stdin.once('data', async () => {
        const authority = await openAuthority(${JSON.stringify(dir)}, { now: Date.now })
        process.stdout.write(authority.fingerprint, () => process.exit())
      })`
    const start = () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    const processes = Array.from({ length: 4 }, start)
    const outputs = processes.map(() => '')
    for (const [i, p] of processes.entries()) {
      p.stdout.on('data', chunk => {
        outputs[i] += String(chunk)
      })
    }
    await Promise.all(processes.map(p => once(p.stdout, 'data')))
    const ended = processes.map(p => once(p, 'close'))
    for (const p of processes) p.stdin.write('go')
    await Promise.all(ended)
    const { fingerprint } = await open(dir)
    expect(outputs).toEqual(processes.map(() => `up${fingerprint}`))
    expect(await readdir(dir)).toEqual(['ca.pem'])
  })

  it('signs nothing after its own end', async () => {
    const dir = newFolder()
    const { makeDeviceKey } = await open(dir)
    const { publicKey } = await makeDeviceKey()
    const late = await open(dir, () => Date.now() + 3700 * DAY)
    await expect(late.issueDevice('door-1', publicKey, DAY)).rejects.toMatchObject({ code: 'authority-expired' })
    const nearly = await open(dir, () => Date.now() + 3600 * DAY)
    expect((await nearly.issueDevice('door-1', publicKey, 90 * DAY)).notAfter).toBe(nearly.notAfter)
  })
})

describe('the server certificate', () => {
  const life = 90 * DAY

  it('names this machine and the further hosts, and stays the same while they do', async () => {
    const authority = await open()
    const first = await authority.ensureServerCertificate(['hub.example', '192.0.2.7'])
    const certificate = new X509Certificate(first.cert)
    for (const host of ['localhost', 'hub.example']) expect(certificate.checkHost(host)).toBe(host)
    for (const ip of ['127.0.0.1', '::1', '192.0.2.7']) expect(certificate.checkIP(ip)).toBe(ip)
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(await authority.ensureServerCertificate(['192.0.2.7', 'HUB.example'])).toEqual(first)
    expect((await authority.ensureServerCertificate(['hub.example'])).cert).not.toBe(first.cert)
  })

  it('takes the machine’s own names by default and leaves out what is no name', async () => {
    const authority = await openAuthority(newFolder(), { now: Date.now })
    const { cert } = await authority.ensureServerCertificate(['-bad-', 'a..b', 'x'.repeat(70)])
    expect(new X509Certificate(cert).subjectAltName).toMatch(/DNS:localhost/)
    expect(new X509Certificate(cert).subjectAltName).not.toMatch(/bad|a\.\.b|xxx/)
  })

  it('is made anew when less than a third of its life is left, also when that is a minute', async () => {
    for (const lifeMs of [life, 60_000]) {
      let now = Date.now()
      const authority = await open(newFolder(), () => now, lifeMs)
      const first = await authority.ensureServerCertificate([])
      now += lifeMs * 0.6
      expect((await authority.ensureServerCertificate([])).cert).toBe(first.cert)
      now += lifeMs * 0.1
      expect(now).toBeGreaterThan(first.renewAt)
      const second = await authority.ensureServerCertificate([])
      expect(second.notAfter).toBeGreaterThan(first.notAfter)
      expect(now).toBeLessThan(second.renewAt)
    }
  })

  it('is made anew when it is of a future that a clock a year ahead has shown, and not for five minutes', async () => {
    let now = Date.now()
    const authority = await open(newFolder(), () => now)
    await authority.ensureServerCertificate([])
    now += 365 * DAY
    const ahead = await authority.ensureServerCertificate([])
    now -= 4 * 60_000
    expect(await authority.ensureServerCertificate([])).toEqual(ahead)
    now -= 365 * DAY - 4 * 60_000
    const right = await authority.ensureServerCertificate([])
    expect(right.notBefore).toBeLessThanOrEqual(now)
    expect(new X509Certificate(right.cert).validFromDate.getTime()).toBe(right.notBefore)
    expect(await authority.ensureServerCertificate([])).toEqual(right)
  })

  it('is made anew when the file is damaged or of another authority', async () => {
    const [one, other] = [newFolder(), newFolder()]
    const authority = await open(one)
    await (await open(other)).ensureServerCertificate([])
    for (const bad of ['nonsense', await readFile(join(other, 'server.pem'), 'utf8')]) {
      await authority.ensureServerCertificate([])
      await writeFile(join(one, 'server.pem'), bad)
      const { cert } = await authority.ensureServerCertificate([])
      expect(new X509Certificate(cert).verify(new X509Certificate(authority.caPem).publicKey)).toBe(true)
    }
  })
})

describe('a device certificate', () => {
  it('is accepted by openssl as a client certificate and nothing else', async () => {
    const authority = await open()
    const { publicKey } = await authority.makeDeviceKey()
    const device = await authority.issueDevice('cabinet-1', publicKey, 60_000)
    await Promise.all([save('ca.pem', authority.caPem), save('d.pem', device.certPem)])
    const verify = ['verify', '-x509_strict', '-CAfile', 'ca.pem']
    expect(await openssl(...verify, '-purpose', 'sslclient', 'd.pem')).toContain('OK')
    await expect(openssl(...verify, '-purpose', 'sslserver', 'd.pem')).rejects.toThrow('purpose')
    const text = await openssl('x509', '-in', 'd.pem', '-noout', '-text')
    for (const words of [
      'Subject: CN = cabinet-1\n',
      'CA:FALSE',
      'Digital Signature\n',
      'TLS Web Client Authentication\n',
    ])
      expect(text).toContain(words)
    for (const words of ['Subject Key Identifier', 'Authority Key Identifier']) expect(text).toContain(words)
  })

  it('begins five minutes early, ends when asked, and says of itself what stands in it', async () => {
    const now = 1_800_000_000_999
    const authority = await open(newFolder(), () => now)
    const device = await authority.issueDevice('door-1', (await authority.makeDeviceKey()).publicKey, 60_000)
    const read = new X509Certificate(device.certPem)
    expect(device).toMatchObject({ notBefore: 1_799_999_700_000, notAfter: 1_800_000_060_000 })
    expect([read.validFromDate.getTime(), read.validToDate.getTime()]).toEqual([device.notBefore, device.notAfter])
    expect(read.serialNumber.toLowerCase()).toBe(device.serial)
    expect(read.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(device.fingerprint)
  })

  it('has a serial of 32 hex digits, positive, never the same', async () => {
    const authority = await open()
    const { publicKey } = await authority.makeDeviceKey()
    const made = await Promise.all(Array.from({ length: 100 }, () => authority.issueDevice('door-1', publicKey, DAY)))
    for (const { serial } of made) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/)
    expect(new Set(made.map(m => m.serial)).size).toBe(100)
  })

  it('is not made for a name that is no device id', async () => {
    const authority = await open()
    const { publicKey } = await authority.makeDeviceKey()
    for (const id of ['', 'Door', 'a b', 'door,O=x', '../x', 'a'.repeat(64)]) {
      await expect(authority.issueDevice(id, publicKey, DAY)).rejects.toMatchObject({ code: 'device-id-invalid' })
    }
  })
})

describe('the list of revoked certificates', () => {
  const twoDevices = async () => {
    const authority = await open()
    const { publicKey, keyPem } = await authority.makeDeviceKey()
    const [bad, good] = [
      await authority.issueDevice('lost', publicKey, DAY),
      await authority.issueDevice('kept', publicKey, DAY),
    ]
    const crl = await authority.crl([{ serial: bad.serial, revokedAt: Date.now(), reason: 'key-compromise' }])
    return { authority, keyPem, bad, good, crl }
  }

  it('makes openssl refuse what is on it and accept what is not', async () => {
    const { authority, bad, good, crl } = await twoDevices()
    await Promise.all([
      save('ca.pem', authority.caPem),
      save('bad.pem', bad.certPem),
      save('good.pem', good.certPem),
      save('crl.pem', crl),
    ])
    const verify = ['verify', '-x509_strict', '-crl_check_all', '-CRLfile', 'crl.pem', '-CAfile', 'ca.pem']
    await expect(openssl(...verify, 'bad.pem')).rejects.toThrow('certificate revoked')
    expect(await openssl(...verify, 'good.pem')).toContain('OK')
    expect(await openssl('crl', '-in', 'crl.pem', '-noout', '-text')).toContain('Key Compromise')
  })

  it('keeps a TLS 1.3 server from talking to a revoked device', async () => {
    const { authority, keyPem, bad, good, crl } = await twoDevices()
    const { key, cert } = await authority.ensureServerCertificate([])
    const tls = {
      key,
      cert,
      ca: authority.caPem,
      crl,
      minVersion: 'TLSv1.3',
      requestCert: true,
      rejectUnauthorized: true,
    } as const
    const server = createServer(tls, socket => void socket.on('error', () => undefined).end('welcome'))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const heard = async (certPem: string) => {
      const socket = connect({ host: '127.0.0.1', port, ca: authority.caPem, cert: certPem, key: keyPem })
      let text = ''
      socket
        .on('error', () => undefined)
        .on('data', chunk => {
          text += String(chunk)
        })
      await once(socket, 'close')
      return text
    }
    expect(await heard(good.certPem)).toBe('welcome')
    expect(await heard(bad.certPem)).toBe('')
    server.close()
  })

  it('is valid as long as the authority, and its number rises even when the clock is set back or the file is damaged', async () => {
    const dir = newFolder()
    let now = Date.now()
    const authority = await open(dir, () => now)
    const numberOf = async (crl: string) => {
      await save('n.pem', crl)
      return BigInt((await openssl('crl', '-in', 'n.pem', '-noout', '-crlnumber')).trim().replace('crlNumber=', ''))
    }
    const first = await authority.crl([])
    now -= DAY
    const second = await authority.crl([])
    expect(await numberOf(second)).toBe((await numberOf(first)) + 1n)
    const end = await openssl('crl', '-in', 'n.pem', '-noout', '-nextupdate')
    expect(Date.parse(end.replace('nextUpdate=', ''))).toBe(authority.notAfter)
    await writeFile(join(dir, 'crl.pem'), 'nonsense')
    expect(await authority.crl([])).toContain('BEGIN X509 CRL')
  })

  it('takes any reason, and stays readable with hundreds of entries', async () => {
    const authority = await open()
    const revoked = Array.from({ length: 500 }, (_, i) => ({
      serial: `4${i.toString(16).padStart(31, '0')}`,
      revokedAt: Date.now(),
      reason: 'withdrawn',
    }))
    await save('many.pem', await authority.crl(revoked))
    const text = await openssl('crl', '-in', 'many.pem', '-noout', '-text')
    expect(text.match(/Cessation Of Operation/g)).toHaveLength(500)
  })
})

describe('the answer to cacerts', () => {
  it('is a certs-only PKCS#7 that openssl reads, without any content', async () => {
    const authority = await open()
    await save('chain.p7', authority.caChain())
    const text = await openssl('pkcs7', '-inform', 'DER', '-in', 'chain.p7', '-print_certs')
    expect(text).toContain(authority.caPem)
    expect(await openssl('asn1parse', '-inform', 'DER', '-in', 'chain.p7')).not.toContain('OCTET STRING      \n')
  })
})
