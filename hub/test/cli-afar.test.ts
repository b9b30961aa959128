/** The command line on another machine: over TLS, with an API token, and without a data folder. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Capability, GrantList, LiveEvent, TokenMade } from '../api.ts'
import { smallSite, TestHub, until } from './harness.ts'

const CLI = join(import.meta.dirname, '../cli.ts')
const SLOW_START_MS = 180_000
/** On a busy machine. */
const PATIENT = { timeout: 120_000 }
const DAY_MS = 86_400_000

const hub = new TestHub()
const away = mkdtempSync(join(tmpdir(), 'vigie-afar-'))
const children: ChildProcess[] = []

beforeAll(async () => {
  const plans = { lockdownPlans: [{ id: 'hall', name: 'Hall', zones: ['hall'], rank: 1, revertAfterMinutes: 60 }] }
  await hub.apply({ ...smallSite(), ...plans } as never)
  await hub.addDevice('door-1', 'door')
  await hub.start()
  await hub.setUp()
  await keyFor('all', ['events.read', 'site.read', 'devices.read', 'situations.read', 'lockdown', 'grants.write'])
  await keyFor('edits', ['site.read', 'rights.edit', 'badges.issue', 'badges.lost', 'rights.read', 'journal.read'])
}, SLOW_START_MS)
afterAll(async () => {
  for (const child of children) child.kill()
  await hub.close()
  rmSync(away, { recursive: true })
})

/** A token in a file of its own. */
async function keyFor(name: string, capabilities: readonly Capability[]): Promise<void> {
  const wish = { name, capabilities, expiresAt: Date.now() + DAY_MS }
  const { token } = await hub.admin.post<TokenMade>('/api/v1/tokens', wish)
  writeFileSync(join(away, name), `${token}\n`, { mode: 0o600 })
}
const origin = (port = hub.ready.httpsPort): string => `https://localhost:${port}`
const envFor = (more: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  LC_ALL: 'C',
  VIGIE_DATA_DIR: join(away, 'none'),
  VIGIE_HUB: origin(),
  VIGIE_TOKEN_FILE: join(away, 'all'),
  VIGIE_CA: join(hub.certs, 'ca.cert.pem'),
  ...more,
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}
function vigie(args: readonly string[], more: Record<string, string> = {}): Promise<Ended> {
  return new Promise(resolve =>
    execFile(process.execPath, [CLI, ...args], { env: envFor(more) }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    ),
  )
}
const EDITS = { VIGIE_TOKEN_FILE: join(away, 'edits') }
const loan = ['--origin', 'loan', '--until', new Date(Date.now() + 3_600_000).toISOString()]
const add = (person: string): string[] => ['grant', 'add', '--person', person, '--point', 'door-1', ...loan]
const grants = async (): Promise<GrantList['grants']> => (await hub.get<GrantList>('/api/v1/grants')).grants

describe('with VIGIE_HUB and an API token', PATIENT, () => {
  it('acts in the name of the operator whose token it is, and the row names the token', async () => {
    expect((await vigie(['lockdown', 'start', 'hall'])).stdout).toMatch(
      /^Lockdown Hall until .*\. In force after \d+ ms\.\n$/,
    )
    expect((await vigie(['lockdown', 'list', '--json'])).stdout).toMatch(/"plan":"hall","name":"Hall","rank":1,"since"/)
    const row = (await hub.journal()).find(r => r.event.kind === 'lockdown.started')?.event
    expect(row).toMatchObject({ by: expect.stringMatching(/^o-/), token: expect.stringMatching(/^t-/) })
    expect((await vigie(['lockdown', 'end', 'hall'])).code).toBe(0)
    expect((await vigie(add('c-marchand'))).stdout).toMatch(/^Temporary grant g-/)
    const [grant] = await grants()
    expect((await vigie(['grant', 'revoke', grant?.id ?? ''])).stdout).toContain('revoked')
  })

  it('names people for whoever may see them, else by their ids', async () => {
    expect((await vigie(add('c-marchand'))).stdout).toContain(' for c-marchand, ')
    const lost = await vigie(['badge', 'lost', '04FFFFFFFFFF01'], EDITS)
    expect(lost.stdout).toContain('Badge of T. Ferrand reported lost')
  })

  it('reads devices, the site, rights and the journal', async () => {
    const shown = JSON.parse((await vigie(['device', 'show', 'door-1', '--json'])).stdout) as object
    expect(shown).toMatchObject({ id: 'door-1', site: 'test-site', model: 'door', status: 'enrolled', online: false })
    expect((await vigie(['device', 'list'])).stdout).toMatch(/door-1 +door +enrolled +- +\d{4}-/)
    expect((await vigie(['who', 'door-1'], EDITS)).stdout).toContain('C. Marchand')
    expect((await vigie(['journal', 'search', '--kind', 'badge.lost'], EDITS)).stdout).toContain('badge.lost')
    expect(JSON.parse((await vigie(['site', 'export'], EDITS)).stdout)).toMatchObject({ site: { id: 'test-site' } })
    const lines = (await vigie(['journal', 'tail', '-n', '250', '--json'])).stdout.trim().split('\n')
    const seqs = lines.map(line => (JSON.parse(line) as LiveEvent).seq)
    expect(seqs.length).toBeGreaterThan(5)
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  })

  it('is refused what the token does not name, and told so in its own language', async () => {
    const english = await vigie(['badge', 'lost', '04FFFFFFFFFF01'])
    expect([english.code, english.stderr]).toEqual([
      1,
      expect.stringMatching(/^vigie: Your role does not|^vigie: .*allow/),
    ])
    const french = await vigie(['badge', 'lost', '04FFFFFFFFFF01'], { LC_ALL: 'fr_FR.UTF-8' })
    expect(french.stderr).toMatch(/^vigie\u202f: /)
    expect(french.stderr).not.toBe(english.stderr)
    const json = JSON.parse((await vigie(['operator', 'list', '--json'])).stderr) as object
    expect(json).toMatchObject({ error: 'not-allowed', message: expect.any(String) })
  })

  it('says where a revision was overtaken that a change was made from', async () => {
    const { revision } = JSON.parse((await vigie(['item', 'show', 'zone', 'hall', '--json'], EDITS)).stdout) as {
      revision: number
    }
    const file = join(away, 'hall.json')
    const put = (name: string): Promise<Ended> => {
      writeFileSync(file, JSON.stringify({ ...smallSite().zones[1], name }))
      return vigie(['item', 'put', 'zone', 'hall', '--file', file, '--revision', String(revision)], EDITS)
    }
    expect((await put('Entrance')).code).toBe(0)
    expect(JSON.parse((await vigie(['item', 'show', 'zone', 'hall', '--json'], EDITS)).stdout)).toMatchObject({
      item: { name: 'Entrance' },
    })
    const late = await put('Lobby')
    expect([late.code, late.stderr]).toEqual([1, expect.stringMatching(/^vigie: .*changed/)])
  })
})

describe('it says what to do', PATIENT, () => {
  it.each([
    [['backup', 'key']],
    [['device', 'add', 'x', '--model', 'door']],
    [['key', 'rotate']],
    [['apply', 'site.json']],
    [['restore', 'backup.tar.age']],
  ])('%j is for the hub’s own machine', async args => {
    const { code, stderr } = await vigie(args)
    expect([code, stderr]).toEqual([1, expect.stringContaining('give the command on the hub’s own machine')])
  })

  it('without a token, with one that others may read, or with one that opens nothing', async () => {
    expect((await vigie(['lockdown', 'list'], { VIGIE_TOKEN_FILE: '' })).stderr).toContain('VIGIE_TOKEN_FILE')
    const file = join(away, 'open')
    writeFileSync(file, `vigie_${'x'.repeat(43)}`)
    chmodSync(file, 0o644)
    const open = { VIGIE_TOKEN_FILE: file }
    expect((await vigie(['lockdown', 'list'], open)).stderr).toContain(`chmod 600 ${file}`)
    chmodSync(file, 0o600)
    expect(JSON.parse((await vigie(['lockdown', 'list', '--json'], open)).stderr)).toMatchObject({
      error: 'token-refused',
    })
    writeFileSync(file, 'mot de passe')
    expect((await vigie(['lockdown', 'list'], open)).stderr).not.toContain('mot de passe')
  })

  it('where the certificate is of no authority it knows, nobody listens, or something else answers', async () => {
    const error = async (more: Record<string, string>): Promise<unknown> =>
      (JSON.parse((await vigie(['lockdown', 'list', '--json'], more)).stderr) as { error: string }).error
    expect(await error({ VIGIE_CA: '' })).toBe('hub-unreachable')
    expect(await error({ VIGIE_CA: join(away, 'nothing.pem') })).toBe('file-unreadable')
    expect(await error({ VIGIE_HUB: 'https://localhost:1' })).toBe('hub-unreachable')
    expect(await error({ VIGIE_HUB: 'http://hub.example:8080' })).toBe('config-invalid')
    const other = createServer(socket =>
      socket.end('HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nhi'),
    )
    const port = await listening(other)
    expect(await error({ VIGIE_HUB: `http://127.0.0.1:${port}` })).toBe('hub-answer')
    other.close()
  })
})

const listening = (server: Server): Promise<number> =>
  new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

/** Between the command line and the hub: keeps the first answer to `method` to itself, and cuts the connection. */
async function cutting(method: string): Promise<{ hub: string; asked: () => number; close: () => void }> {
  let asked = 0
  const server = createServer(near => {
    const far = connect(hub.ready.httpPort, '127.0.0.1')
    let cut = false
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.on('data', part => {
      if (part.toString('latin1').startsWith(`${method} `)) {
        asked += 1
        cut = asked === 1
      }
      far.write(part)
    })
    far.on('data', part => (cut ? near.destroy() : near.write(part)))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  const port = await listening(server)
  return { hub: `http://127.0.0.1:${port}`, asked: () => asked, close: () => server.close() }
}

describe('a connection that is lost', PATIENT, () => {
  it('before the answer came: it is asked once more, and done once', async () => {
    const before = (await grants()).length
    const between = await cutting('POST')
    const { code, stdout, stderr } = await vigie(add('t-ferrand'), { VIGIE_HUB: between.hub })
    expect([code, stdout.startsWith('Temporary grant'), stderr]).toEqual([0, true, ''])
    expect([between.asked(), (await grants()).length - before]).toEqual([2, 1])
    between.close()
  })

  it('and it could happen twice: it says that it may have happened', async () => {
    const [grant] = await grants()
    const between = await cutting('DELETE')
    const { code, stderr } = await vigie(['grant', 'revoke', grant?.id ?? ''], { VIGIE_HUB: between.hub })
    expect([code, stderr]).toEqual([1, expect.stringContaining('may or may not be done: look before you ask again')])
    expect([between.asked(), (await grants()).some(g => g.id === grant?.id)]).toEqual([1, false])
    between.close()
  })

  it('while it follows the journal: it goes on where it was, across a restart of the hub, none twice and none left out', async () => {
    const lines: LiveEvent[] = []
    const fixed = { VIGIE_HTTPS_PORT: String(hub.ready.httpsPort) }
    const follower = spawn(process.execPath, [CLI, 'journal', 'tail', '-f', '-n', '1', '--json'], { env: envFor() })
    children.push(follower)
    createInterface({ input: follower.stdout }).on('line', line => lines.push(JSON.parse(line) as LiveEvent))
    await until('it follows', () => lines.length > 0, 60_000)
    const resets = (): LiveEvent[] => lines.filter(l => l.kind === 'passback.reset')
    await hub.vigie('passback', 'reset', '--all')
    await until('a row while it follows', () => resets().length === 1, 60_000)
    await hub.end()
    await hub.vigie('passback', 'reset', '--all')
    await hub.start(fixed)
    await hub.vigie('passback', 'reset', '--all')
    await until('the rows of meanwhile and after', () => resets().length === 3, 90_000)
    const seqs = lines.map(l => l.seq)
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b))
    expect(follower.exitCode).toBe(null)
  })
})
