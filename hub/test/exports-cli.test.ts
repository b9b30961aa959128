/** `vigie export` beside a running hub and without one: every format, what stands in its way, and what is left of one that dies. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportJob, ExportSchedule } from '../api.ts'
import { newIdentity, recipientOf } from '../export/age.ts'
import { Stand } from './evidence-stand.ts'
import { smallSite, TestHub, until } from './harness.ts'
import { runVerifier } from './run-verifier.ts'
import { hospitalYear } from './year.ts'

const run = promisify(execFile)
const CLI = join(import.meta.dirname, '../cli.ts')
const out = mkdtempSync(join(tmpdir(), 'vigie-out-'))
const at = (name: string): string => join(out, name)
interface Made {
  readonly id: string
  readonly file: string
  readonly rows: number
  readonly checkpoint: number
  readonly note: string
}
let hub: TestHub
const exported = (...args: string[]): Promise<Made> =>
  hub.vigieJson<Made>('export', '--reason', 'Contrôle annuel', ...args)
const fails = (...args: string[]) => hub.vigieFails('export', '--reason', 'Contrôle annuel', ...args)

beforeAll(async () => {
  hub = new TestHub()
  await hub.apply(smallSite())
}, 60_000)
afterAll(async () => {
  await hub.close()
  rmSync(out, { recursive: true })
}, 60_000)

describe.each(['stopped', 'running'])('with a hub that is %s', state => {
  beforeAll(async () => {
    if (state === 'stopped') return
    await hub.start()
    await hub.setUp()
    await hub.continueAs('auditor')
  }, 60_000)

  it.each(['csv', 'jsonl', 'pdf', 'fhir'])('writes %s, and a row before it', async format => {
    const { id, file, rows, checkpoint, note } = await exported('--format', format, '--out', out)
    expect(rows).toBeGreaterThan(0)
    const beside = readdirSync(out).includes(`vigie-test-site-${id}.${format}.checkpoint.txt`)
    expect([file.startsWith(at('vigie-test-site-')), beside]).toEqual([true, format === 'csv' || format === 'pdf'])
    if (beside) expect(readFileSync(`${file}.checkpoint.txt`, 'utf8')).toContain(note)
    const told = (await hub.journal(5)).find(r => r.event.kind === 'journal.exported' && r.event.export === id)
    expect(told?.event).toMatchObject({ format, rows, checkpoint, to: 'command-line', statedReason: 'Contrôle annuel' })
  })

  it('writes evidence: complete of a span, contained of a selection', async () => {
    const whole = await exported('--format', 'jsonl', '--out', at(`whole-${state}.jsonl`))
    expect((await runVerifier([whole.file])).said).toMatch(/^Complete and untouched from row 1 to row/)
    const some = await exported('--format', 'jsonl', '--out', at(`some-${state}.jsonl`), '--kind', 'rights.changed')
    const { code, said } = await runVerifier([some.file])
    expect([code, said]).toEqual([0, expect.stringMatching(/^Each of these \d+ rows is in the journal, unchanged/)])
    const none = await exported('--format', 'jsonl', '--out', at(`none-${state}.jsonl`), '--until', '2020-01-01')
    expect(none.rows).toBe(0)
  })
})

it('is served by the running hub over HTTP, from a thread of its own', async () => {
  const posted = await hub.fetch('/api/v1/exports', {
    method: 'POST',
    body: JSON.stringify({ format: 'jsonl', filter: {}, statedReason: 'Contrôle' }),
  })
  const { id } = (await posted.json()) as ExportJob
  const job = await until('the export', async () => {
    const now = await hub.get<ExportJob>(`/api/v1/exports/${id}`)
    return now.state !== 'running' && now
  })
  expect(job).toMatchObject({ state: 'done', fileName: `vigie-test-site-${id}.jsonl` })
  writeFileSync(at('http.jsonl'), await (await hub.fetch(`/api/v1/exports/${id}/file`)).text())
  expect((await runVerifier([at('http.jsonl')])).said).toMatch(/^Complete and untouched/)
})

describe('what stands in the way', () => {
  it('is a file that is there: nothing is overwritten', async () => {
    writeFileSync(at('mine.csv'), 'mine')
    expect((await fails('--format', 'csv', '--out', at('mine.csv'))).stderr).toMatch(/is there already/)
    expect(readFileSync(at('mine.csv'), 'utf8')).toBe('mine')
  })

  it.each([
    ['a folder that is missing', ['--format', 'csv', '--out', at('none/a.csv')], /does not exist/],
    ['a folder that is a file', ['--format', 'csv', '--out', at('mine.csv/a.csv')], /part of the path is not a folder/],
    ['an unknown recipient', ['--format', 'csv', '--out', at('r.csv'), '--recipient', 'age1nobody'], /no age key/],
    ['an unknown format', ['--format', 'doc', '--out', at('d.doc')], /--format is one of/],
    ['no place', ['--format', 'csv'], /--out/],
    ['an unknown person', ['--format', 'csv', '--out', at('p.csv'), '--person', 'nobody'], /person/],
    [
      'an inverted span',
      ['--format', 'csv', '--out', at('i.csv'), '--from', '2026-02-01', '--until', '2026-01-01'],
      /end of the span/,
    ],
  ])('is %s', async (_, args, words) => {
    const before = readdirSync(out)
    expect((await fails(...args)).stderr).toMatch(words)
    expect(readdirSync(out)).toEqual(before)
  })

  it('is no reason', async () => {
    expect((await hub.vigieFails('export', '--format', 'csv', '--out', out)).stderr).toMatch(/--reason/)
  })
})

describe('a schedule', () => {
  it('is added, listed over HTTP too, and removed; each is a row', async () => {
    const recipient = await recipientOf(await newIdentity())
    const how = ['--format', 'csv', '--reason', 'Audit', '--recipient', recipient, '--time', '03:00']
    const added = await hub.vigieJson<ExportSchedule>(
      'export',
      'schedule',
      'add',
      '--day',
      '5',
      '--folder',
      out,
      ...how,
    )
    expect(await hub.get<ExportSchedule[]>('/api/v1/export-schedules')).toEqual([added])
    const wrong = await hub.vigieFails('export', 'schedule', 'add', '--day', '29', '--folder', out, ...how)
    expect(wrong.stderr).toMatch(/day of the month from 1 to 28/)
    const body = { day: 1, time: '00:00', format: 'csv', statedReason: 'Audit', recipient, mail: ['a@b.test'] }
    const mail = await hub.fetch('/api/v1/export-schedules', { method: 'POST', body: JSON.stringify(body) })
    expect([mail.status, ((await mail.json()) as { code: string }).code]).toEqual([409, 'mail-unset'])
    const answer = await hub.fetch(`/api/v1/export-schedules/${added.id}`, { method: 'DELETE', body: '{}' })
    expect(answer.status).toBe(204)
    expect(await hub.vigieJson('export', 'schedule', 'list')).toEqual([])
    const changes = (await hub.journal(20)).filter(
      r => r.event.kind === 'rights.changed' && r.event.item?.id === added.id,
    )
    expect(changes).toHaveLength(2)
  })
})

describe('of a long journal', () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigie-long-'))
  const env = { ...process.env, VIGIE_DATA_DIR: dir, LC_ALL: 'C' }
  const args = (file: string): string[] => [CLI, 'export', '--format', 'csv', '--reason', 'Audit', '--out', file]
  beforeAll(() => {
    const stand = new Stand(dir)
    stand.append(hospitalYear(20_000))
    stand.sign()
    stand.close()
  }, 60_000)
  afterAll(() => rmSync(dir, { recursive: true }))

  it('an export that fills the disk says so, leaves nothing, and is told in the journal', async () => {
    const folder = at('full')
    mkdirSync(folder)
    const script = `trap '' XFSZ; ulimit -S -f 1024; exec "$0" "$@"`
    const failed = run('bash', ['-c', script, process.execPath, ...args(join(folder, 'a.csv'))], { env })
    await expect(failed).rejects.toMatchObject({ stderr: expect.stringMatching(/could not be written to .*a\.csv/) })
    expect(readdirSync(folder)).toEqual([])
    const { stdout } = await run(process.execPath, [CLI, 'journal', 'tail', '--lines', '3', '--json'], { env })
    expect(stdout).toContain('"kind":"journal.export-failed"')
    expect(stdout).toContain('"error":"export-unwritable"')
  })

  it('one that is killed leaves no file of its name, and the next one clears up after it', async () => {
    const folder = at('killed')
    mkdirSync(folder)
    const child = spawn(process.execPath, args(join(folder, 'a.csv')), { env, stdio: 'ignore' })
    await until('it writes', () => readdirSync(folder).some(name => name.endsWith('.part')), 30_000)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^a\.csv\..*\.part$/)])
    await run(process.execPath, args(join(folder, 'b.csv')), { env })
    expect(readdirSync(folder).sort()).toEqual(['b.csv', 'b.csv.checkpoint.txt'])
  })
})
