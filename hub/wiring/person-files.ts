/** The file that a person gets of what is held on them: written, recorded, then handed out. What can't be recorded is not handed out. */
import { randomBytes } from 'node:crypto'
import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Config } from '../config.ts'
import { VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'
import type { PersonFormat } from '../export/person-file.ts'
import { forgottenSince } from '../record/forgetting.ts'
import { revision } from '../record/site.ts'
import type { Db } from '../record/sql.ts'
import type { PersonAsked, PersonWritten } from './person-writing.ts'
import { recipientsOf } from './processing.ts'

interface Needs {
  readonly config: Config
  readonly db: Db
  readonly record: (event: VigieEvent) => unknown
  readonly write: (asked: PersonAsked) => Promise<PersonWritten>
  readonly now: () => number
}
export interface PersonFiles {
  /** @returns the file's content, which is gone when it has been read @throws VigieError person-unknown, file-unwritable, journal-unavailable */
  give(person: string, format: PersonFormat, by: string): Promise<Readable>
  /** The same into a file. @returns how many rows */
  write(person: string, format: PersonFormat, by: string, file: string): Promise<number>
}

export function personFiles({ config, db, record, write, now }: Needs): PersonFiles {
  const written = async (person: string, format: PersonFormat, by: string, file: string): Promise<number> => {
    const recipients = recipientsOf(db, config)
    const since = revision(db)
    const { pseudonym, rows } = await write({ person, format, file, now: now(), recipients })
    try {
      // Erased while it was written.
      if (forgottenSince(db, since).includes(pseudonym)) throw new VigieError('person-unknown', { person })
      await record({ kind: 'journal.read', by, rows, what: 'access-request', filter: { person: pseudonym } })
      const id = `a-${randomBytes(4).toString('hex')}`
      await record({ kind: 'privacy.access-given', by, id, person: pseudonym, count: rows })
    } catch (error) {
      rmSync(file, { force: true })
      throw error
    }
    return rows
  }
  return {
    write: written,
    give: async (person, format, by) => {
      // Among exports: an erasure takes whatever lies there.
      const folder = join(config.dataDir, 'exports')
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const file = join(folder, `person-${randomBytes(8).toString('hex')}.part`)
      await written(person, format, by, file)
      const stream = createReadStream(file)
      stream.once('close', () => rmSync(file, { force: true }))
      return stream
    },
  }
}
