/** Somebody is erased while rows are exported: no file that is younger names them, and searches for them go too. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { type ExportWish, JournalExported } from '../flows/journal-exported.ts'
import { checkpointOf, checkpointView, makeCheckpoint } from '../record/checkpoints.ts'
import { openDatabase } from '../record/database.ts'
import { lastSeq } from '../record/reading.ts'
import { openSigner } from '../record/signing.ts'
import { exportingIn } from '../wiring/exporting.ts'
import { personFiles } from '../wiring/person-files.ts'
import { writePersonFile } from '../wiring/person-writing.ts'
import { NAME, PERSON, PrivacyStage, UIDS } from './privacy-stage.ts'
import { NOON } from './stage.ts'

type Step = 'write' | 'record' | 'publish'
const erasure = { person: PERSON, by: 'o-1', withdraw: true }
const WISH: Omit<ExportWish, 'file' | 'filter'> = {
  ...{ id: 'e-1', format: 'csv', hidden: [], names: true, language: 'fr', bom: false, by: 'cli:test' },
  ...{ statedReason: 'Audit', askedAt: NOON, to: 'folder', replace: true, beside: true },
}
let s: PrivacyStage
let folder: string

beforeEach(async () => {
  s = await PrivacyStage.open()
  await s.fill()
  folder = join(s.dir, 'away')
  mkdirSync(folder)
})
afterEach(() => s.close())

function signed() {
  const made = makeCheckpoint(s.stage.db, openSigner(s.stage.db, join(s.dir, 'checkpoint.key.pem')), NOON)
  s.stage.op('keepCheckpoint', made)
  return checkpointView(s.stage.db, checkpointOf(s.stage.db, lastSeq(s.stage.db))!)
}
/** @param during once, right before that step comes to its end, or in the case of publish, right before it begins */
async function exported(filter: ExportWish['filter'], during?: Step): Promise<string> {
  const writing = exportingIn(s.stage.folder, s.stage.db)
  let waiting = during
  const at = async (step: Step): Promise<void> => {
    if (waiting !== step) return
    waiting = undefined
    await s.acts().erase(erasure)
  }
  const flow = new JournalExported({
    check: writing.check,
    sign: async () => signed(),
    write: async (wish, note, checkpoint) => {
      const written = await writing.write({ wish, note, checkpoint })
      await at('write')
      return written
    },
    isCurrent: writing.isCurrent,
    record: async event => {
      await s.stage.journal.append({ at: NOON, event })
      await at('record')
    },
    tell: event => s.stage.journal.append({ at: NOON, event }),
    publish: async asked => writing.publish(asked),
    discard: async parts => writing.discard(parts),
  })
  const file = join(folder, 'out.csv')
  try {
    await (await flow.ask({ ...WISH, filter, file }))()
    return readFileSync(file, 'utf8')
  } finally {
    writing.close()
  }
}
const told = (kind: string) => s.stage.events().filter(e => e.kind === kind)

it('an export names everybody; one that an erasure overtakes is written anew, without the person', async () => {
  expect(await exported({})).toContain(NAME)
  const text = await exported({}, 'write')
  expect(text).toContain('Prénom')
  expect(text).not.toContain(NAME)
  expect(told('journal.exported')).toHaveLength(2)
})

it('one that was recorded already when the person was erased leaves no file, says so, and spares an earlier one', async () => {
  const earlier = join(folder, 'out.csv')
  writeFileSync(earlier, 'last month')
  await expect(exported({}, 'record')).rejects.toMatchObject({ code: 'export-overtaken' })
  expect(readFileSync(earlier, 'utf8')).toBe('last month')
  expect(readdirSync(folder)).toEqual(['out.csv'])
  expect(told('journal.export-failed')).toMatchObject([{ error: 'export-overtaken' }])
})

it('one that is overtaken in the very moment in which it gets its name loses it again', async () => {
  const writing = exportingIn(s.stage.folder, s.stage.db)
  const wish: ExportWish = { ...WISH, filter: {}, file: join(folder, 'out.csv') }
  const written = await writing.write({ wish, note: {}, checkpoint: signed() })
  let names: string[] = []
  const parts = {
    ...written.parts,
    at: (i: number) => written.parts.at(i),
    *[Symbol.iterator]() {
      yield* written.parts
      if (names.length === 0) {
        names = readdirSync(folder)
        s.stage.op('askErasure', { at: NOON, id: 'e-2', person: PERSON, by: 'cli:test', count: 0 })
      }
    },
  }
  const asked = { parts: parts as unknown as typeof written.parts, mark: written.mark, replace: true }
  expect(() => writing.publish(asked)).toThrow(expect.objectContaining({ code: 'export-overtaken' }))
  expect(names.sort()).toEqual(['out.csv', 'out.csv.checkpoint.txt'])
  expect(readdirSync(folder)).toEqual([])
  writing.close()
})

it('one that looks for the person themselves ends there: nobody is known by that id any more', async () => {
  await expect(exported({ person: PERSON }, 'write')).rejects.toMatchObject({ code: 'filter-invalid' })
  expect(readdirSync(folder)).toEqual([])
})

it('the file of a person who is erased while it is written goes, and tells nothing', async () => {
  const file = join(folder, 'person.html')
  const files = personFiles({
    ...{ config: readConfig({ VIGIE_DATA_DIR: s.dir }), db: s.stage.db, now: () => NOON },
    record: event => s.stage.journal.append({ at: NOON, event }),
    write: async asked => {
      const written = await writePersonFile(s.stage.db, asked)
      await s.acts().erase(erasure)
      return written
    },
  })
  await expect(files.write(PERSON, 'html', 'cli:test', file)).rejects.toMatchObject({ code: 'person-unknown' })
  expect(existsSync(file)).toBe(false)
  expect(told('privacy.access-given')).toEqual([])
  rmSync(folder, { recursive: true })
})

it.each(['reason', 'origin', 'by'] as const)(
  'a name typed where a code belongs (%s) does not stand in the row of the export; a code does',
  async field => {
    const typed = field === 'by' ? 'cli:helene.marchand' : 'helene.marchand'
    await exported({ [field]: typed })
    const real = { reason: 'no-right', origin: 'rule', by: 'cli:test' }[field]
    await exported({ [field]: real })
    const [strange, known] = told('journal.exported')
    expect(strange).toMatchObject({ filter: { [field]: true } })
    expect(JSON.stringify(s.stage.events())).not.toContain('helene.marchand')
    expect(known).toMatchObject({ filter: { [field]: field === 'reason' ? true : real } })
  },
)

it('saved searches and scheduled exports for the login, the badge or the name of who is erased go; others stay', async () => {
  const db = openDatabase(s.stage.folder)
  db.exec(`insert into operator (id, login, name, role, password_hash, created_at)
    values ('o-9', 'hmd', '${NAME}', 'auditor', 'x', 1)`)
  db.close()
  s.stage.op('linkOperator', { at: NOON, login: 'hmd', person: PERSON, by: 'cli:test' })
  const filters = { a: { by: 'HMD' }, b: { badge: UIDS[0]?.toLowerCase() }, c: { by: 'cli:hmd' }, d: { zone: 'ward' } }
  for (const [id, filter] of Object.entries(filters))
    s.stage.op('saveSearch', { operator: 'o-1', search: { id, name: id, filter: filter as object } })
  const schedules = {
    's-1': { filter: { by: 'hmd' } },
    's-2': { mail: ['helene.marchand-dubreuil@hospital.test'] },
    's-3': { statedReason: `for ${NAME}` },
    's-4': { filter: { by: 'anna' }, statedReason: 'audit' },
  }
  for (const [id, body] of Object.entries(schedules))
    s.stage.op('addExportSchedule', { at: NOON, id, by: 'o-1', body: JSON.stringify(body), nextAt: NOON })
  expect((await s.acts().erase(erasure)).done).toBe(true)
  const left = (table: string) => s.stage.db.prepare(`select id from ${table} order by id`).pluck().all()
  expect(left('saved_search')).toEqual(['c', 'd'])
  expect(left('export_schedule')).toEqual(['s-4'])
  const removed = told('rights.changed').flatMap(e =>
    'item' in e && e.item?.kind === 'export-schedule' && e.removed === 1 ? [[e.item.id, e.origin]] : [],
  )
  expect(removed).toEqual(['s-1', 's-2', 's-3'].map(id => [id, 'o-1']))
})
