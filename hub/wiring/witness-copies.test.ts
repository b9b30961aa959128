/** Copies at a file, from a real journal and through the real thread. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CheckpointsCopied } from '../flows/checkpoints-copied.ts'
import { readCheckpoint } from '../record/checkpoints.ts'
import { revocationDigest } from '../record/revocations.ts'
import type { Db } from '../record/sql.ts'
import { SignedJournal } from '../record/testing/signed-journal.ts'
import { until } from '../test/harness.ts'
import type { LaterNeeds } from './services.ts'
import { Thread } from './thread.ts'
import { copyToFile } from './witness-copies.ts'
import type { WitnessHandlers } from './witness-worker.ts'

const GONE = 5_000
let journal: SignedJournal
let thread: Thread<WitnessHandlers>
let folder: string
let asked: string[]
beforeEach(async () => {
  journal = new SignedJournal()
  folder = mkdtempSync(join(tmpdir(), 'vigie-copies-'))
  asked = []
  journal.append(3)
  journal.db.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${GONE})
    insert into pseudonym (kind, id, pseudonym) select 'badge', 'uid ' || i, 'b-' || printf('%016x', i) from n`)
  await journal.sign()
  thread = new Thread<WitnessHandlers>({
    url: new URL('./witness-worker.ts', import.meta.url),
    workerData: { folder: journal.folder, keyFile: journal.keyFile },
    atOnce: 8,
  })
})
afterEach(async () => {
  await thread.stop()
  journal.close()
  rmSync(folder, { recursive: true })
})

/** What the hub's own thread asks the database for. */
const watchedDb = (): Db =>
  new Proxy(journal.db, {
    get: (db, name) => {
      const value = Reflect.get(db, name) as unknown
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        if (name === 'prepare') asked.push(String(args[0]))
        return value.apply(db, args) as unknown
      }
    },
  })

const copyTo = (file: string): CheckpointsCopied => {
  const needs = {
    db: watchedDb(),
    op: async (name: never, args: never) => journal.op(name, args),
    tell: async () => undefined,
    now: () => journal.at,
    log: { info: () => undefined, warn: () => undefined },
    checkpoints: { now: () => journal.sign() },
  }
  return copyToFile(needs as unknown as LaterNeeds, file, thread)
}
const listAt = (file: string): string[] => readFileSync(`${file}.revoked`, 'utf8').split('\n').slice(0, -1)
const newestAt = (file: string): string =>
  /[^\n]+\n\d+\n(?:[^\n]+\n)*\n— [^\n]+\n\n*$/.exec(readFileSync(file, 'utf8'))?.[0] ?? ''

it('thousands of badges that are gone are listed beside the doors, never by the thread that opens them', async () => {
  const file = join(folder, 'x.notes')
  const copy = copyTo(file)
  copy.begin()
  await until('the list', () => existsSync(`${file}.revoked`))
  copy.stop()
  await copy.last()
  const { count, sha256 } = revocationDigest(listAt(file))
  expect(readCheckpoint(newestAt(file).trimEnd().concat('\n'))?.revoked).toEqual({ count, sha256 })
  expect(count).toBe(GONE)
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.filter(text => /pseudonym|access_grant|certificate/.test(text))).toEqual([])
})

it('what is signed after the end was called is handed over once, and no more is begun', async () => {
  const file = join(folder, 'x.notes')
  const copy = copyTo(file)
  copy.begin()
  copy.stop()
  await copy.last()
  journal.append(1)
  const { note } = await journal.sign()
  copy.signed()
  expect(readFileSync(file, 'utf8')).not.toContain(note)
  await copy.last()
  await copy.last()
  expect(readFileSync(file, 'utf8').split(note)).toHaveLength(2)
  journal.append(1)
  await journal.sign()
  rmSync(file)
  await expect(copy.last()).rejects.toMatchObject({ code: 'witness-file-missing' })
})
