/** Exports over the real HTTP server and a real journal: who gets what, and that taking rows out is a row before it is a file. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportJob, OperatorRole, Problem } from '../api.ts'
import { decrypt, newIdentity, recipientOf } from '../export/age.ts'
import { JournalExported } from '../flows/journal-exported.ts'
import { exportRoutes } from '../http/routes/exports.ts'
import { checkpointOf, checkpointView, makeCheckpoint, signCheckpoint } from '../record/checkpoints.ts'
import { missingNodes } from '../record/merkle-nodes.ts'
import { openSigner } from '../record/signing.ts'
import { ExportJobs } from '../wiring/export-jobs.ts'
import { exportingIn } from '../wiring/exporting.ts'
import { until } from './harness.ts'
import { startHub, type TestHub } from './http-hub.ts'
import { smallSite } from './small-site.ts'
import { NOON, Stage } from './stage.ts'

let stage: Stage
let hub: TestHub
let jobs: ExportJobs
let writing: ReturnType<typeof exportingIn>
let anna: { readonly person: string; readonly credential: string }
let refuse = false
let held: Promise<void> | undefined
let clock = NOON + 10_000
const cookies: Partial<Record<OperatorRole, string>> = {}
const folder = (): string => join(stage.folder.dir, 'exports')

async function sign() {
  const size = await signCheckpoint({
    missing: limit => missingNodes(stage.db, limit),
    make: at => makeCheckpoint(stage.db, openSigner(stage.db, join(stage.folder.dir, 'checkpoint.key.pem')), at),
    keepNodes: nodes => stage.op('keepNodes', { nodes }),
    keep: made => stage.op('keepCheckpoint', made),
    now: () => clock,
  })
  return checkpointView(stage.db, checkpointOf(stage.db, size)!)
}

beforeAll(async () => {
  stage = await Stage.open()
  await stage.apply(smallSite())
  anna = { person: stage.pseudonym('person', 'anna'), credential: stage.pseudonym('badge', '04AA0001') }
  const about = { device: 'cabinet-1', point: 'drawer-1', accessPoint: 'drugs', zone: 'pharmacy' } as const
  const origin = { message: 'm', deviceSeq: 1, deviceAt: NOON, rights: 1 }
  const said = { statedReason: '=cmd()', reference: { kind: 'patient', id: 'IPP-7' } } as const
  await stage.journal.appendAll([
    { at: NOON, event: { kind: 'access.denied', ...about, ...origin, ...anna, ...said, reason: 'no-right' } },
    { at: NOON + 1_000, event: { kind: 'duress.raised', ...about, ...anna } },
  ])
  writing = exportingIn(stage.folder, stage.db)
  jobs = new ExportJobs({
    dataDir: stage.folder.dir,
    export: new JournalExported({
      check: writing.check,
      sign,
      write: async (wish, note, checkpoint) => {
        await held
        return writing.write({ wish, note, checkpoint })
      },
      record: event => {
        if (refuse) throw new Error('the disk is gone')
        return stage.journal.append({ event, at: clock })
      },
      tell: event => stage.journal.append({ event, at: clock }),
      isCurrent: writing.isCurrent,
      publish: async asked => writing.publish(asked),
      discard: async parts => writing.discard(parts),
    }),
    cancel: async id => writing.cancel(id),
    progress: async id => writing.progress(id),
    site: () => ({ id: 'test', timeZone: 'Europe/Paris' }),
    now: () => clock,
    onFailure: () => undefined,
  })
  jobs.clear()
  hub = await startHub({ plugins: [exportRoutes(jobs)] })
  cookies.administrator = await hub.setUp()
  for (const role of ['security', 'auditor'] as const) cookies[role] = await hub.signInAs(role)
})
afterAll(async () => {
  await hub.stop()
  writing.close()
  await stage.close()
})

const ask = (path: string, role: OperatorRole = 'auditor', more: object = {}) =>
  hub.ask(`/api/v1/exports${path}`, { cookie: cookies[role], ...more })
const WISH = { format: 'csv', filter: {}, statedReason: 'Yearly audit', language: 'en' } as const
const post = (wish: object, role?: OperatorRole) => ask('', role, { method: 'POST', body: { ...WISH, ...wish } })
const done = (id: string, role?: OperatorRole): Promise<ExportJob> =>
  until('the export', async () => {
    const job = (await ask(`/${id}`, role)).json<ExportJob>()
    return job.state !== 'running' && job
  })
async function made(wish: object, role?: OperatorRole): Promise<{ job: ExportJob; text: string; type: string }> {
  const answer = await post(wish, role)
  expect([answer.status, answer.text]).toEqual([202, expect.stringContaining('running')])
  const job = await done(answer.json<ExportJob>().id, role)
  const file = await ask(`/${job.id}/file`, role)
  return { job, text: file.text, type: String(file.headers['content-type']) }
}
const exported = () => stage.events().filter(e => e.kind === 'journal.exported')

describe('an export', () => {
  it('is a journal row with its digest and its checkpoint, and then a file that is called after the site', async () => {
    const { job, text, type } = await made({ filter: { person: 'anna', kinds: ['access.denied'] } })
    expect(job).toMatchObject({ state: 'done', rows: 1, fileName: `vigie-test-${job.id}.csv` })
    expect(type).toMatch(/^text\/csv/)
    expect(text).toContain('Anna')
    expect(createHash('sha256').update(text).digest('hex')).toBe(job.sha256)
    expect(job.note).toContain(`\n${job.checkpoint}\n`)
    expect(exported().at(-1)).toEqual({
      kind: 'journal.exported',
      by: 'op-auditor',
      export: job.id,
      format: 'csv',
      filter: { person: anna.person, kind: 'access.denied' },
      rows: 1,
      checkpoint: job.checkpoint,
      names: true,
      sha256: job.sha256,
      statedReason: 'Yearly audit',
      to: 'download',
    })
    const { headers } = await ask(`/${job.id}/file`)
    expect(headers['content-disposition']).toBe(`attachment; filename="${job.fileName}"`)
    expect([headers['x-content-type-options'], headers['cache-control']]).toEqual(['nosniff', 'no-store'])
    expect([statSync(folder()).mode & 0o777, statSync(join(folder(), job.fileName!)).mode & 0o777]).toEqual([
      0o700, 0o600,
    ])
  })

  it('is without names where that is asked for, in every format', async () => {
    for (const format of ['csv', 'jsonl', 'fhir']) {
      const { job, text } = await made({ format, names: false })
      expect([format, job.state, text.includes('Anna'), text.includes(anna.person)]).toEqual([
        format,
        'done',
        false,
        true,
      ])
    }
  })

  it('does not tell an auditor of a cry for help: left out of tables, withheld in evidence', async () => {
    for (const format of ['csv', 'fhir', 'jsonl'])
      expect([format, (await made({ format })).text.includes('duress')]).toEqual([format, false])
    const { text } = await made({ format: 'jsonl' })
    expect(text).toContain('"withheld":true')
    expect((await post({ filter: { kinds: ['duress.raised'] } })).status).toBe(403)
  })

  it('is a PDF', async () => {
    const { text, type } = await made({ format: 'pdf', language: 'fr' })
    expect([type, text.slice(0, 5)]).toEqual(['application/pdf', '%PDF-'])
  })

  it('is encrypted to whoever is named', async () => {
    const identity = await newIdentity()
    const { job } = await made({ recipient: await recipientOf(identity) })
    expect(job.fileName).toMatch(/\.csv\.age$/)
    const { readFileSync } = await import('node:fs')
    const bytes = new Blob([readFileSync(join(folder(), job.fileName!))]).stream()
    expect(await new Response(await decrypt(bytes, identity)).text()).toContain('Anna')
  })
})

describe('whose it is', () => {
  it('is whoever’s asked for it; nobody else learns that it is there', async () => {
    const { job } = await made({})
    const other = await hub.signInAs('auditor', undefined, 'auditor-2')
    const asOther = (path: string, more: object = {}) => hub.ask(`/api/v1/exports${path}`, { cookie: other, ...more })
    for (const path of [`/${job.id}`, `/${job.id}/file`]) {
      const foreign = await asOther(path)
      expect([foreign.status, foreign.json<Problem>().code]).toEqual([404, 'export-unknown'])
    }
    expect((await asOther(`/${job.id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await asOther('')).json<ExportJob[]>().map(j => j.id)).not.toContain(job.id)
    for (const role of ['security', 'administrator'] as const) {
      for (const path of ['', `/${job.id}`, `/${job.id}/file`]) expect((await ask(path, role)).status).toBe(403)
      expect((await post({}, role)).status).toBe(403)
    }
    expect((await hub.ask('/api/v1/exports')).status).toBe(401)
  })

  it('is unknown, and listed no more, once its file went with the erasure of a person', async () => {
    const { job } = await made({})
    rmSync(join(folder(), job.fileName!))
    expect((await ask(`/${job.id}/file`)).status).toBe(404)
    expect((await ask('')).json<ExportJob[]>().map(e => e.id)).not.toContain(job.id)
    expect((await ask(`/${job.id}`)).status).toBe(404)
  })

  it('is gone when it is deleted, and after a day', async () => {
    const { job } = await made({})
    const { job: other } = await made({})
    expect((await ask(`/${job.id}`, 'auditor', { method: 'DELETE' })).status).toBe(204)
    expect([(await ask(`/${job.id}`)).status, existsSync(join(folder(), job.fileName!))]).toEqual([404, false])
    clock += 24 * 3_600_000 + 1
    expect((await ask(`/${other.id}/file`)).status).toBe(404)
    expect(readdirSync(folder())).toEqual([])
  })
})

describe('what can not be', () => {
  it.each([
    [{ format: 'doc' }, 'input-invalid', '/format'],
    [{ statedReason: 'x' }, 'input-invalid', '/statedReason'],
    [{ statedReason: '   ' }, 'input-invalid', 'statedReason'],
    [{ filter: { colour: 'red' } }, 'input-invalid', '/filter/colour'],
    [{ filter: { person: 'nobody' } }, 'filter-invalid', 'person'],
    [{ filter: { from: 2, until: 1 } }, 'range-inverted', undefined],
    [{ filter: { from: 'yesterday' } }, 'filter-invalid', 'from'],
    [{ recipient: 'age1qqqqqq' }, 'age-key-invalid', undefined],
  ])('%j is refused with %s %s, and is no failed export', async (wish, code, field) => {
    const failed = stage.kinds().filter(k => k === 'journal.export-failed').length
    const answer = await post(wish)
    expect([answer.status, answer.json<Problem>().code, answer.json<Problem>().field]).toEqual([422, code, field])
    expect(stage.kinds().filter(k => k === 'journal.export-failed')).toHaveLength(failed)
  })

  it('is handed out by nobody where it can’t be recorded: no file, and a row that says so', async () => {
    refuse = true
    try {
      const { id } = (await post({})).json<ExportJob>()
      const job = await done(id)
      expect(job).toMatchObject({ state: 'failed', error: 'internal' })
      expect((await ask(`/${id}/file`)).status).toBe(404)
      expect(readdirSync(folder())).toEqual([])
      expect(stage.events().at(-1)).toMatchObject({ kind: 'journal.export-failed', export: id, error: 'internal' })
    } finally {
      refuse = false
    }
  })

  it('is more than two at once; one that is deleted while it runs leaves nothing', async () => {
    let release = (): void => undefined
    held = new Promise(resolve => {
      release = resolve
    })
    const running = [await post({}), await post({})].map(a => a.json<ExportJob>().id)
    const third = await post({})
    expect([third.status, third.json<Problem>().code]).toEqual([429, 'too-many-requests'])
    expect((await ask(`/${running[0]}/file`)).json<Problem>().code).toBe('export-unfinished')
    expect((await ask(`/${running[0]}`, 'auditor', { method: 'DELETE' })).status).toBe(204)
    held = undefined
    release()
    const other = await done(running[1]!)
    await until('the deleted one is over', () => exported().some(e => e.export === running[0]))
    await until('nothing of it', () => readdirSync(folder()).every(name => name === other.fileName))
  })
})
