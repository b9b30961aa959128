import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, openFolder, takeHubLock } from '../record/database.ts'
import { fullSite } from '../test/small-site.ts'

const CLI = join(import.meta.dirname, '../cli.ts')
const folder = mkdtempSync(join(tmpdir(), 'vigie-acts-'))
const data = join(folder, 'data')
const FRENCH = 'fr_FR.UTF-8'
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The real command, in a locale, with what it reads from standard input. */
function vigie(args: readonly string[], { locale = 'C', input = '' } = {}): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: locale, VIGIE_DATA_DIR: data }
  const child = spawn(process.execPath, [CLI, ...args], { env })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', text => {
      said[name] += text
    })
  child.stdin.on('error', () => undefined) // it ended without reading
  child.stdin.end(input)
  return new Promise(resolve => child.on('close', code => resolve({ code, ...said })))
}
async function json<T>(...args: string[]): Promise<T> {
  const { stdout, stderr } = await vigie([...args, '--json'])
  if (stderr !== '') throw new Error(stderr)
  return JSON.parse(stdout) as T
}

beforeAll(async () => {
  const file = join(folder, 'site.json')
  writeFileSync(file, JSON.stringify(fullSite()))
  await vigie(['apply', file])
})

describe('a wrong call says what to name, with exit code 2 and in both languages', () => {
  it.each([
    [
      ['grant', 'add', '--until', '2030-01-01T08:00', '--origin', 'loan'],
      '--person est obligatoire',
      '--person is required',
    ],
    [['grant', 'add', '--person', 'anna'], '--until est obligatoire', '--until is required'],
    [
      ['grant', 'add', '--person', 'anna', '--until', 'noon'],
      '--until attend un moment tel que',
      '--until takes a time such as',
    ],
    [
      ['grant', 'add', '--person', 'anna', '--until', '2030-01-01T08:00'],
      '--origin attend l’un de',
      '--origin takes one of',
    ],
    [
      ['grant', 'add', '--person', 'anna', '--until', '2030-01-01T08:00', '--origin', 'loan', '--class', 'foo'],
      '--class attend une ou plusieurs classes, séparées par des virgules\u202f: controlled-drugs',
      '--class takes one or more of controlled-drugs',
    ],
    [
      ['grant', 'add', '--person', 'anna', '--from', '2027-03-28T02:30', '--until', '2030-01-01T08:00'],
      '--from attend une heure qui existe',
      '--from takes an hour that exists',
    ],
    [
      ['lockdown'],
      'dites quoi faire\u202f: vigie lockdown start, vigie lockdown end, vigie lockdown list\n',
      'say what to do: vigie lockdown start, vigie lockdown end, vigie lockdown list\n',
    ],
    [['grant', 'revoke'], 'nommez l’accès', 'name the grant'],
    [['badge', 'lost'], 'donnez le numéro du badge', 'give the number of the badge'],
    [['pin', 'set'], 'nommez la personne', 'name the person'],
    [['pin', 'set', 'anna', '4719'], 'ne se donne jamais en argument', 'never given as an argument'],
    [['lockdown', 'start'], 'nommez le plan', 'name the plan'],
    [['evacuation', 'safe', 'fire'], 'nommez la personne', 'name the person'],
    [['passback', 'reset'], 'donnez l’un de --zone', 'give one of --zone'],
    [['passback', 'reset', '--all', '--zone', 'ward'], 'donnez l’un de --zone', 'give one of --zone'],
    [['interlock', 'reset'], 'nommez l’accès', 'name the access point'],
    [['item', 'show'], 'nommez le genre', 'name the kind'],
    [['item', 'remove', 'role', 'nurse'], 'donnez --revision', 'give --revision'],
    [['operator', 'link', 'b.kessler'], 'nommez la personne', 'name the person'],
  ])('%j', async (args, fr, en) => {
    const [french, english] = await Promise.all([vigie(args, { locale: FRENCH }), vigie(args)])
    expect(french).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(fr) })
    expect(english).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(en) })
  })
})

describe('a refusal names what is wrong, with exit code 1', () => {
  it.each([
    [['grant', 'add', '--person', 'zoe', '--until', '23:59', '--origin', 'shift'], 'person-unknown', { person: 'zoe' }],
    [
      ['grant', 'add', '--person', 'anna', '--point', 'ward-door', '--until', '2020-01-01T00:00', '--origin', 'loan'],
      'grant-invalid',
      { field: '/until' },
    ],
    [['grant', 'revoke', 'g-1'], 'grant-unknown', { grant: 'g-1' }],
    [['badge', 'lost', '04DEADBEEF'], 'badge-unknown', {}],
    [['lockdown', 'start', 'flood'], 'plan-unknown', { plan: 'flood', expected: 'pharmacy, ward' }],
    [['lockdown', 'end', 'ward'], 'plan-not-running', { plan: 'ward' }],
    [['evacuation', 'resume', 'fire'], 'plan-not-running', { plan: 'fire' }],
    [['passback', 'reset', '--zone', 'cellar'], 'zone-unknown', { zone: 'cellar' }],
    [['interlock', 'reset', 'airlock-in'], 'door-not-open', { accessPoint: 'airlock-in' }],
    [['item', 'show', 'role', 'nun'], 'item-unknown', { kind: 'role', id: 'nun' }],
    [['item', 'remove', 'role', 'nurse', '--revision', '99'], 'item-invalid', { kind: 'accessPoint' }],
    [['item', 'remove', 'evacuationPlan', 'fire', '--revision', '99'], 'edit-conflict', { revision: 1 }],
    [['item', 'put', 'role', 'nun', '--file', '/nowhere.json'], 'file-unreadable', { file: '/nowhere.json' }],
    [['operator', 'link', 'nobody', 'anna'], 'operator-unknown', { login: 'nobody' }],
  ])('%j', async (args, error, details) => {
    const { code, stdout, stderr } = await vigie([...args, '--json'])
    expect([code, stdout, JSON.parse(stderr)]).toMatchObject([1, '', { error, ...details }])
  })
})

describe('the vigie command', () => {
  it('names people by name, and by id with --json; without a hub it says when it will be in force', async () => {
    const add = [
      'grant',
      'add',
      '--person',
      'cleo',
      '--point',
      'garden-door',
      '--until',
      soon(),
      '--origin',
      'maintenance',
    ]
    const { stdout } = await vigie(add, { locale: FRENCH })
    expect(stdout).toMatch(/^Accès temporaire g-[0-9a-f]{16} pour Cleo, de .* Aucun hub en marche\u202f: /)
    const [grant] = await json<{ id: string; person: string }[]>('grant', 'list')
    expect(grant).toMatchObject({ person: 'cleo', origin: 'maintenance' })
    expect((await vigie(['grant', 'list'])).stdout).toMatch(/Cleo +garden-door/)
    expect((await vigie(['grant', 'revoke', grant?.id ?? ''])).stdout).toContain('of Cleo revoked')
    expect(await json('grant', 'list')).toEqual([])
  })

  it('reads PINs from two lines, and shows them nowhere', async () => {
    const set = await vigie(['pin', 'set', 'anna', '--json'], { input: '4719\n8824\n' })
    expect(JSON.parse(set.stdout)).toMatchObject({ person: 'anna', duress: true })
    const weak = await vigie(['pin', 'set', 'anna'], { input: '1111\n' })
    expect((await vigie(['pin', 'clear', 'anna'], { locale: FRENCH })).stdout).toContain('Code PIN d’Anna effacé.')
    expect(weak).toMatchObject({ code: 1, stderr: expect.stringContaining('pin: choose 4 to 8 digits') })
    const { stdout } = await vigie(['journal', 'tail', '--json'])
    expect(stdout).toContain('pin.set')
    for (const said of [set, weak, { stdout, stderr: '' }])
      expect(said.stdout + said.stderr).not.toMatch(/(?<![0-9a-f])(4719|8824|1111)(?![0-9a-f])/)
  })

  it('says loudly that an evacuation without a hub releases nothing', async () => {
    const { stdout } = await vigie(['evacuation', 'start', 'fire'])
    expect(stdout).toContain('NO door is released')
    expect((await vigie(['evacuation', 'list'], { locale: FRENCH })).stdout).toContain('rien n’est libéré')
    expect((await vigie(['evacuation', 'safe', 'fire', 'anna'])).stdout).toBe('Anna: safe.\n')
    expect((await vigie(['evacuation', 'muster', 'fire'], { locale: FRENCH })).stdout).toContain(
      'En sécurité\u202f: 1\n  Anna',
    )
    expect((await vigie(['evacuation', 'end', 'fire'])).code).toBe(0)
  })

  it('says what to do instead where an evacuation cannot be written', async () => {
    const blocker = openDatabase(openFolder(data, ''))
    blocker.exec('begin immediate')
    const { code, stderr } = await vigie(['evacuation', 'start', 'fire'])
    blocker.exec('rollback')
    blocker.close()
    expect([code, stderr]).toEqual([1, expect.stringContaining('The evacuation was NOT started')])
    expect(stderr).toContain('open the doors by hand')
  })

  it('reports that a hub which runs does not take a change over', async () => {
    const lock = takeHubLock(data)
    const { code, stderr } = await vigie(['lockdown', 'start', 'ward', '--json'])
    lock?.release()
    expect([code, JSON.parse(stderr)]).toMatchObject([1, { error: 'not-in-force' }])
    const plans = await json<{ plan: string; until?: number }[]>('lockdown', 'list')
    expect(plans.filter(p => p.until !== undefined).map(p => p.plan)).toEqual(['ward'])
    expect((await vigie(['lockdown', 'end', 'ward'], { locale: FRENCH })).stdout).toContain(
      'Confinement levé\u202f: Ward.',
    )
  }, 20_000)

  it('edits one item from a file or from standard input, and exports the site for its owner only', async () => {
    const { revision, item } = await json<{ revision: number; item: object }>('item', 'show', 'zone', 'garden')
    const put = ['item', 'put', 'zone', 'garden', '--revision', String(revision)]
    expect((await vigie(put, { input: JSON.stringify({ ...item, name: 'Park' }) })).stdout).toContain(
      'zone garden stands at revision',
    )
    expect((await vigie(put, { input: '{' })).stderr).toContain('stdin:1:2: not JSON: expected a field name')
    const file = join(folder, 'out.json')
    await vigie(['site', 'export', file])
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain('"Park"')
    expect((await vigie(['plan', file])).stdout).toBe('Nothing to change.\n')
  })

  it('explains every command in both languages', async () => {
    const [fr, en] = await Promise.all([vigie(['help'], { locale: FRENCH }), vigie(['help'])])
    const wrong = await vigie(['nothing'])
    const commands = /no such command\. (.*); vigie help/.exec(wrong.stderr)?.[1]?.split(', ') ?? []
    expect(commands.length).toBeGreaterThan(30)
    for (const { stdout } of [fr, en]) {
      const lines = stdout.split('\n').filter(l => l.startsWith('  vigie '))
      const missing = commands.filter(c => !lines.some(l => c.split(' ').every(word => l.includes(word))))
      expect(missing).toEqual([])
    }
  })
})

/** In an hour, on a clock with a zone. */
const soon = (): string => `${new Date(Date.now() + 3_600_000).toISOString().slice(0, 16)}Z`
