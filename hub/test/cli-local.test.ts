/** The command line beside a hub that runs: what it does is done by the hub, over a socket that only its owner may open. */
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem, ReviewList } from '../api.ts'
import type { Recorded } from '../events.ts'
import { LOCAL_SOCKET } from '../http/local-door.ts'
import { TestHub, until } from './harness.ts'
import { fullSite } from './small-site.ts'

const SLOW_START_MS = 180_000
/** On a busy machine. */
const PATIENT = { timeout: 120_000 }
const BY = `cli:${userInfo().username}`

const hub = new TestHub()
const socket = join(hub.dir, LOCAL_SOCKET)

beforeAll(async () => {
  await hub.apply(fullSite() as never)
  await hub.start()
}, SLOW_START_MS)
afterAll(() => hub.close())

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** A request over the socket itself, as the command line sends them. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body?: object): Promise<Answer> {
  const text = body && JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ socketPath: socket, method, path },
        headers: { host: 'localhost', ...(text && { 'content-type': 'application/json' }), ...headers },
      },
      answer => {
        let said = ''
        answer.setEncoding('utf8').on('data', part => {
          said += part
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: said && JSON.parse(said) }))
      },
    )
    sent.on('error', reject)
    sent.end(text)
  })
}
const rows = async (kind: string): Promise<Recorded[]> => (await hub.journal()).filter(r => r.event.kind === kind)
const hour = (): string => new Date(Date.now() + 3_600_000).toISOString()

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}
/** The real command, in a locale, with what it reads from standard input. */
function vigie(args: readonly string[], locale = 'C', input = ''): Promise<Ended> {
  const env = { ...hub.env, LC_ALL: locale }
  return new Promise(resolve => {
    const child = execFile(
      process.execPath,
      [join(import.meta.dirname, '../cli.ts'), ...args],
      { env },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), stdout: out, stderr: err }),
    )
    child.stdin?.end(input)
  })
}

describe('the socket', PATIENT, () => {
  it('is open to its owner only, and lies in a folder that is', () => {
    expect(statSync(socket).mode & 0o777).toBe(0o600)
    expect(statSync(hub.dir).mode & 0o077).toBe(0)
  })

  it('asks for no cookie and no Origin, and who sits there is in the row; over TCP the same words open nothing', async () => {
    const user = { 'vigie-user': encodeURIComponent('é. martin') }
    expect(
      await ask('POST', '/api/v1/lockdowns/pharmacy', { ...user, origin: 'http://elsewhere.example' }),
    ).toMatchObject({
      status: 201,
    })
    expect((await rows('lockdown.started')).map(r => r.event)).toEqual([
      expect.objectContaining({ plan: 'pharmacy', by: 'cli:é. martin' }),
    ])
    const answer = await fetch(`${hub.origin}/api/v1/lockdowns/pharmacy`, { method: 'DELETE', headers: user })
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([401, 'not-signed-in'])
    expect((await ask('DELETE', '/api/v1/lockdowns/pharmacy', user)).status).toBe(200)
  })

  it('has no way to sign in, and gives nobody what takes an account: reviews are closed and approvals given elsewhere', async () => {
    const refused = async (method: string, path: string, body?: object): Promise<unknown> => {
      const { status, body: said } = await ask(method, path, {}, body)
      return [status, (said as Problem).code]
    }
    expect(await refused('POST', '/api/v1/session', { login: 'x', password: 'y' })).toEqual([404, 'not-found'])
    expect(await refused('GET', '/api/v1/session')).toEqual([404, 'not-found'])
    expect(await refused('GET', '/healthz')).toEqual([404, 'not-found'])
    expect(await refused('GET', '/api/v1/nothing')).toEqual([404, 'not-found'])
    expect(await refused('GET', '/api/v1/account')).toEqual([403, 'not-allowed'])
    const closing = { finding: 'justified' }
    expect(await refused('POST', '/api/v1/reviews/e-1/closing', closing)).toEqual([403, 'not-allowed'])
    expect(await refused('POST', '/api/v1/approvals/a-1/approve')).toEqual([403, 'not-allowed'])
    expect((await ask('GET', '/api/v1/reviews')).body).toEqual({ reviews: [] } satisfies ReviewList)
  })

  it('takes a name that is none for the owner’s', async () => {
    for (const name of ['%', 'a%00b', 'x'.repeat(65), ''])
      expect((await ask('POST', '/api/v1/passback/reset', { 'vigie-user': name }, {})).status).toBe(200)
    expect(new Set((await rows('passback.reset')).map(r => (r.event as { by: string }).by))).toEqual(new Set([BY]))
  })
})

describe('a command', PATIENT, () => {
  it('is carried out by the hub, once, in the name of who gave it', async () => {
    const begun = await hub.vigieJson<object>('lockdown', 'start', 'ward')
    expect(begun).toMatchObject({ plan: 'ward', name: 'Ward', rank: 2, recorded: 'journal', hub: { cut: 0 } })
    const started = (await rows('lockdown.started')).filter(r => (r.event as { plan: string }).plan === 'ward')
    expect(started.map(r => (r.event as { by: string }).by)).toEqual([BY])
    expect(await hub.vigie('lockdown', 'list')).toMatch(/ward +Ward +2 +\d{4}-/)
    expect(await hub.vigie('lockdown', 'end', 'ward')).toMatch(/^Lockdown ended: Ward\. In force after \d+ ms\.\n$/)
  })

  it('says the same as without a hub', async () => {
    const point = ['--point', 'ward-door', '--origin', 'maintenance', '--until', hour()]
    expect(await hub.vigie('grant', 'add', '--person', 'anna', ...point)).toMatch(
      /^Temporary grant g-[0-9a-f]{16} for Anna, from .+ to .+\. In force after \d+ ms\.\n$/,
    )
    const [grant] = await hub.vigieJson<{ id: string; person: string; by: string }[]>('grant', 'list')
    expect(grant).toMatchObject({ person: 'anna', by: BY })
    expect(await hub.vigie('grant', 'list')).toMatch(/Anna +ward-door/)
    expect(await hub.vigie('grant', 'revoke', grant?.id ?? '')).toContain('of Anna revoked.')
    expect((await vigie(['pin', 'set', 'anna'], 'C', '4719\n\n')).stdout).toContain('PIN of Anna stored.')
    expect(await hub.vigie('pin', 'clear', 'anna')).toContain('PIN of Anna cleared.')
    expect(await hub.vigieJson('badge', 'lost', '04AA0008')).toMatchObject({ person: 'emil', pending: [] })
    expect(await hub.vigieJson('passback', 'reset', '--all')).toMatchObject({ count: 0, hub: { cut: 0 } })
    expect(await hub.vigieJson('review', 'list')).toEqual([])
  })

  it('lets people out, and tells which doors are free and which did not answer', async () => {
    const begun = await hub.vigieJson<object>('evacuation', 'start', 'fire')
    expect(begun).toMatchObject({ plan: 'fire', name: 'Fire', recorded: 'journal' })
    expect(begun).toMatchObject({ released: [] })
    expect(new Set((begun as { silent: string[] }).silent)).toEqual(new Set(['ward-door', 'airlock-out']))
    expect(await hub.vigie('evacuation', 'list')).toContain('releasing doors')
    expect(await hub.vigie('evacuation', 'safe', 'fire', 'anna')).toBe('Anna: safe.\n')
    expect(await hub.vigieJson('evacuation', 'muster', 'fire')).toMatchObject({ safe: [{ name: 'Anna' }] })
    expect(await hub.vigie('evacuation', 'end', 'fire')).toContain('Evacuation ended: Fire')
  })

  it('reads and edits the site, item by item, by the revision that was seen', async () => {
    const { revision, item } = await hub.vigieJson<{ revision: number; item: object }>('item', 'show', 'person', 'anna')
    const file = join(hub.dir, 'anna.json')
    writeFileSync(file, JSON.stringify({ ...item, name: 'Anna B.' }))
    const put = ['item', 'put', 'person', 'anna', '--file', file, '--revision']
    const done = await hub.vigieJson<{ revision: number }>(...put, String(revision))
    expect(done.revision).toBeGreaterThan(revision)
    expect(await hub.vigieFails(...put, String(revision))).toMatchObject({ code: 1 })
    expect(JSON.parse(await hub.vigie('site', 'export'))).toMatchObject({ site: { id: 'test' } })
    expect(await hub.vigie('item', 'show', 'person')).toContain('anna\n')
  })

  it('gives accounts out, and lists them', async () => {
    const login = 'n.weber'
    const invited = await hub.vigieJson<{ link: string; mailed: boolean }>(
      ...['operator', 'invite', login, '--name', 'N. Weber', '--role', 'security'],
    )
    expect([invited.link.startsWith('/invitation#token='), invited.mailed]).toEqual([true, false])
    expect(await hub.vigie('operator', 'link', login, 'dora')).toContain(`Operator ${login} is Dora.`)
    await hub.vigie('operator', 'disable', login, '--reason', 'gone to another house')
    expect(await hub.vigieJson('operator', 'list')).toMatchObject([{ login, status: 'disabled', person: 'dora' }])
    expect((await rows('operator.invited')).map(r => r.event)).toMatchObject([{ by: BY }])
  })

  it('answers questions, and searches the journal with names only where they are asked for', async () => {
    expect(await hub.vigie('who', 'ward-door')).toContain('Can open it:')
    expect(await hub.vigie('may', 'anna')).toContain('Anna')
    expect(await hub.vigieJson('unused')).toHaveProperty('rights')
    const search = ['journal', 'search', '--kind', 'pin.set', '--person', 'anna']
    expect(await hub.vigie(...search)).not.toContain('Anna')
    expect(await hub.vigie(...search, '--names')).toContain('person=Anna B.')
    const days = await hub.vigieJson<{ total: number }>('journal', 'days', '--kind', 'pin.set')
    expect(days.total).toBe(1)
    const reads = (await rows('journal.read')).map(r => r.event as { by: string })
    expect(reads.every(r => r.by === BY)).toBe(true)
  })

  it('tells a refusal as it does without a hub, in either language, with all its details', async () => {
    const args = ['lockdown', 'start', 'flood']
    const [english, french, json] = [
      await vigie(args),
      await vigie(args, 'fr_FR.UTF-8'),
      await vigie([...args, '--json']),
    ]
    expect([english.code, french.code]).toEqual([1, 1])
    expect(english.stderr).toMatch(/^vigie: No .*flood/)
    expect(french.stderr).toMatch(/^vigie\u202f: Aucun.*flood/)
    expect(JSON.parse(json.stderr)).toMatchObject({ error: 'plan-unknown', plan: 'flood' })
  })
})

describe('while the hub hangs', PATIENT, () => {
  it('what is urgent is written into the data folder and in force when it wakes; all else is refused in words', async () => {
    process.kill(hub.ready.pid, 'SIGSTOP')
    try {
      const [list, urgent] = await Promise.all([vigie(['grant', 'list']), vigie(['lockdown', 'start', 'pharmacy'])])
      expect([list.code, list.stderr]).toEqual([1, expect.stringMatching(/has not answered within 20 s/)])
      expect(urgent.stderr).toContain('The running hub does not answer. It is written into the data folder instead.')
      expect([urgent.code, urgent.stderr]).toEqual([1, expect.stringContaining('does not')])
    } finally {
      process.kill(hub.ready.pid, 'SIGCONT')
    }
    await until(
      'the lockdown is in force',
      async () => /pharmacy +Pharmacy +5 +\d{4}/.test(await hub.vigie('lockdown', 'list')),
      60_000,
    )
  })
})

describe('when the hub ends', PATIENT, () => {
  it('its socket goes; one that a killed hub left is none, and is replaced', async () => {
    await hub.end()
    expect(existsSync(socket)).toBe(false)
    await hub.start()
    await hub.end('SIGKILL')
    expect(existsSync(socket)).toBe(true)
    expect(await hub.vigie('passback', 'reset', '--all')).toContain('No hub is running')
    await hub.start()
    expect(await hub.vigie('passback', 'reset', '--all')).toContain('In force after')
    expect(statSync(socket).mode & 0o777).toBe(0o600)
  })

  it('a folder whose path is too long for a socket keeps no hub from running: the command line works on the folder', async () => {
    const long = join(mkdtempSync(join(tmpdir(), 'vigie-long-')), 'x'.repeat(120))
    mkdirSync(long)
    chmodSync(long, 0o700)
    const far = new TestHub({ VIGIE_DATA_DIR: long })
    try {
      await far.apply(fullSite() as never)
      await far.start()
      expect(far.log.some(l => String(l.msg).startsWith('the command line can not reach this hub'))).toBe(true)
      expect(await far.vigie('passback', 'reset', '--all')).toContain('In force after')
    } finally {
      await far.close()
      rmSync(join(long, '..'), { recursive: true })
    }
  })
})
