/** A real encrypted journal in a temporary folder, with what signs it: for tests of evidence. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Appender } from '../chain.ts'
import { checkpointOf, makeCheckpoint, type StoredCheckpoint, signCheckpoint } from '../checkpoints.ts'
import { type DataFolder, openDatabase, openFolder } from '../database.ts'
import { missingNodes } from '../merkle-nodes.ts'
import { type OpArgs, type OpName, type OpResult, perform } from '../ops.ts'
import { openSigner, prepareRotation } from '../signing.ts'
import { type Db, transaction } from '../sql.ts'

const BATCH = 1_000

export class SignedJournal {
  readonly dir: string
  readonly folder: DataFolder
  readonly db: Db
  readonly appender: Appender
  readonly keyFile: string
  at = 1_750_000_000_000

  constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'vigie-signed-'))
    this.folder = openFolder(this.dir, '')
    this.db = openDatabase(this.folder)
    this.appender = new Appender(this.db)
    this.keyFile = join(this.dir, 'checkpoint.key.pem')
  }

  close(): void {
    this.db.close()
    rmSync(this.dir, { recursive: true })
  }

  op<N extends OpName>(name: N, args: OpArgs<N>): OpResult<N> {
    return perform({ db: this.db, appender: this.appender }, name, args)
  }

  append(count: number): void {
    for (let done = 0; done < count; done += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, count - done) }, () => {
        this.at += 1_000
        const body = `{"kind":"device.online","device":"d","n":${this.at}}`
        return { at: this.at, kind: 'device.online', body, inbox: [] }
      })
      transaction(this.db, () => this.appender.append(rows))
    }
  }

  async sign(): Promise<StoredCheckpoint> {
    const size = await signCheckpoint({
      missing: limit => missingNodes(this.db, limit),
      make: at => makeCheckpoint(this.db, openSigner(this.db, this.keyFile), at),
      keepNodes: nodes => this.op('keepNodes', { nodes }),
      keep: made => this.op('keepCheckpoint', made),
      now: () => this.at,
    })
    return checkpointOf(this.db, size)!
  }

  /** @returns the row that tells of it */
  async rotate(): Promise<number> {
    const { size } = await this.sign()
    const { from, to, note, finish } = prepareRotation(this.db, this.keyFile, size)
    const event = { kind: 'journal.key-rotated', by: 'cli:test', from, to, note } as const
    const since = this.op('rotateKey', { at: this.at, event, file: this.keyFile })
    finish()
    if (since === undefined) throw new Error('another checkpoint was signed meanwhile')
    return since
  }

  /** Payloads go as the nightly purge lets them go. @returns the row that vouches for it */
  erase(seqs: readonly number[], ranges = seqs.join(',')): number {
    return transaction(this.db, () => {
      const body = JSON.stringify({ kind: 'payloads.erased', cause: 'term', ranges, count: seqs.length })
      const row = this.appender.append([{ at: this.at, kind: 'payloads.erased', body, inbox: [] }])
      const mark = this.db.prepare('insert into erased (seq, row) values (?, ?)')
      const drop = this.db.prepare('delete from journal_payload where seq = ?')
      for (const seq of seqs) {
        mark.run(seq, row)
        drop.run(seq)
      }
      return row
    })
  }

  /** As an intruder with the database key would: without the triggers. */
  tamper(sql: string): void {
    const names = this.db.prepare<[], string>("select name from sqlite_master where type = 'trigger'").pluck().all()
    for (const name of names) this.db.exec(`drop trigger ${name}`)
    this.db.exec(sql)
  }
}
