/** A stock broker with the access rules of the hub's: mutual TLS 1.3, a device writes below its own name only. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Credentials } from '../link.ts'

const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`
const found = (program: string, flag: string): boolean =>
  spawnSync(program, [flag], { env: { ...process.env, PATH } }).error === undefined

/** Tests that need a broker are skipped by name without one, but not where everything must run. */
export const brokerMissing =
  !(found('mosquitto', '-h') && found('openssl', 'version')) && process.env.VIGIE_TEST_REQUIRE !== 'all'

const ACL = `user hub
topic readwrite vigie/v1/#
pattern write vigie/v1/+/%u/status
pattern write vigie/v1/+/%u/up/#
pattern read vigie/v1/+/%u/down/#
`

export class TestBroker {
  readonly folder: string
  readonly port: number
  readonly log: string[] = []
  #child: ChildProcess | undefined

  private constructor(folder: string, port: number) {
    this.folder = folder
    this.port = port
  }

  static async start(devices: readonly string[]): Promise<TestBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'vigie-sim-'))
    const broker = new TestBroker(folder, await freePort())
    makeAuthority(folder)
    for (const name of ['server', 'hub', ...devices]) makeCertificate(folder, name)
    await writeFile(join(folder, 'acl'), ACL)
    await writeFile(join(folder, 'mosquitto.conf'), broker.#settings())
    await broker.up()
    return broker
  }

  get url(): string {
    return `mqtts://127.0.0.1:${this.port}`
  }

  async credentials(name: string): Promise<Credentials> {
    const [key, cert, ca] = await Promise.all(
      [`${name}.key.pem`, `${name}.cert.pem`, 'ca.cert.pem'].map(f => readFile(join(this.folder, f), 'utf8')),
    )
    return { key: key!, cert: cert!, ca: ca! }
  }

  async up(): Promise<void> {
    const child = spawn('mosquitto', ['-c', join(this.folder, 'mosquitto.conf')], {
      env: { ...process.env, PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', code => reject(new Error(`mosquitto ended (${code}): ${this.log.slice(-3).join(' | ')}`)))
      createInterface({ input: child.stderr! }).on('line', line => {
        this.log.push(line)
        if (/mosquitto version .* running/.test(line)) resolve()
      })
    })
  }

  async down(): Promise<void> {
    if (!this.#child || this.#child.exitCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await gone
  }

  async remove(): Promise<void> {
    await this.down()
    await rm(this.folder, { recursive: true, force: true })
  }

  #settings(): string {
    const file = (name: string) => join(this.folder, name)
    return [
      `listener ${this.port} 127.0.0.1`,
      `cafile ${file('ca.cert.pem')}`,
      `certfile ${file('server.cert.pem')}`,
      `keyfile ${file('server.key.pem')}`,
      'tls_version tlsv1.3',
      'require_certificate true',
      'use_identity_as_username true',
      `acl_file ${file('acl')}`,
      'persistence false',
      'log_dest stderr',
      'log_type all',
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      '',
    ].join('\n')
  }
}

const openssl = (...args: string[]): void => {
  execFileSync('openssl', args, { stdio: 'pipe' })
}
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

function makeAuthority(folder: string): void {
  openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-days',
    '2',
    '-subj',
    '/CN=Test CA',
    '-keyout',
    join(folder, 'ca.key.pem'),
    '-out',
    join(folder, 'ca.cert.pem'),
  )
}

/** Self-signed first, then signed again by the authority: one openssl command each, on any version of it. */
function makeCertificate(folder: string, name: string): void {
  const file = (ending: string) => join(folder, `${name}.${ending}`)
  openssl('req', '-x509', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', file('key.pem'), '-out', file('self.pem'))
  writeFileSync(file('ext'), name === 'server' ? 'subjectAltName=IP:127.0.0.1\n' : 'extendedKeyUsage=clientAuth\n')
  const authority = [
    '-CA',
    join(folder, 'ca.cert.pem'),
    '-CAkey',
    join(folder, 'ca.key.pem'),
    '-CAcreateserial',
    '-days',
    '2',
  ]
  openssl('x509', '-in', file('self.pem'), ...authority, '-clrext', '-extfile', file('ext'), '-out', file('cert.pem'))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}
