import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Appender, entryOf, type Row } from './chain.ts'
import { verify } from './chain-verify.ts'
import { openDatabase, openFolder } from './database.ts'
import { type Db, transaction } from './sql.ts'

const ROWS = 40
let dir: string
let db: Db

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-chain-'))
  db = openDatabase(openFolder(dir, ''))
  const appender = new Appender(db)
  const rows: Row[] = Array.from({ length: ROWS }, (_, i) => ({
    at: 1_000 + i,
    kind: 'device.online',
    body: `{"n":${i}}`,
    inbox: [],
  }))
  transaction(db, () => appender.append(rows))
})
afterEach(() => {
  db.close()
  rmSync(dir, { recursive: true })
})

/** As an intruder with the key would: without the triggers. */
function tamper(sql: string): void {
  const names = db.prepare<[], string>("select name from sqlite_master where type = 'trigger'").pluck().all()
  for (const name of names) db.exec(`drop trigger ${name}`)
  db.exec(sql)
}

describe('the hash chain', () => {
  it('verifies an untouched journal of 40 rows', () => {
    expect(verify(db)).toMatchObject({ ok: true, rows: ROWS })
  })

  it('verifies while a hub writes on: a row that comes between two reads is no damage', () => {
    const writer = openDatabase(openFolder(dir, ''))
    const appender = new Appender(writer)
    let added = 0
    const reader = new Proxy(db, {
      get: (target, name: keyof Db) => {
        if (name === 'prepare')
          return (text: string) => {
            const statement = target.prepare(text)
            const row: Row = { at: 2_000, kind: 'device.online', body: '{}', inbox: [] }
            transaction(writer, () => appender.append([row]))
            added += 1
            return statement
          }
        const value: unknown = target[name]
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    // The first row comes before the first read, and counts.
    expect(verify(reader)).toMatchObject({ ok: true, rows: ROWS + 1 })
    expect(added).toBeGreaterThan(3)
    expect(verify(writer)).toMatchObject({ ok: true, rows: ROWS + added })
    writer.close()
  })

  it('refuses UPDATE and DELETE on journal rows', () => {
    expect(() => db.exec('update journal set at = 1 where seq = 3')).toThrow(/never changed/)
    expect(() => db.exec('delete from journal where seq = 3')).toThrow(/never changed/)
    expect(() => db.exec("update journal_payload set body = '{}' where seq = 3")).toThrow(/never changed/)
    expect(verify(db).ok).toBe(true)
  })

  it('hashes times and seqs beyond 32 bits as 64-bit numbers', () => {
    const entry = entryOf(2 ** 40 + 5, 2 ** 41 + 7, 'é', Buffer.alloc(32, 9))
    expect(entry.readBigUInt64BE(0)).toBe(2n ** 40n + 5n)
    expect(entry.readBigUInt64BE(8)).toBe(2n ** 41n + 7n)
    expect(entry.readUInt16BE(16)).toBe(2)
    expect(entry.subarray(18).equals(Buffer.concat([Buffer.from('é'), Buffer.alloc(32, 9)]))).toBe(true)
    expect(() => entryOf(1, -1, 'k', Buffer.alloc(32))).toThrow(RangeError)
  })

  it.each([
    ['time', 'update journal set at = at + 1 where seq = 7', 7],
    ['kind', "update journal set kind = 'device.offline' where seq = 7", 7],
    ['commitment', 'update journal set commitment = zeroblob(32) where seq = 7', 7],
    ['hash', 'update journal set hash = zeroblob(32) where seq = 7', 7],
    ['body', `update journal_payload set body = '{"n":99}' where seq = 7`, 7],
    ['salt', 'update journal_payload set salt = zeroblob(16) where seq = 7', 7],
    ['row deleted', 'delete from journal where seq = 7', 7],
    [
      'rows swapped',
      'update journal set seq = -1 where seq = 7; update journal set seq = 7 where seq = 8; update journal set seq = 8 where seq = -1',
      7,
    ],
    ['tail cut, payload left', `delete from journal where seq > ${ROWS - 2}`, ROWS - 1],
  ])('names row %s when the %s was tampered with', (_, sql, row) => {
    tamper(sql)
    expect(verify(db)).toMatchObject({ ok: false, row })
  })

  it('does not call a journal complete whose payloads were deleted', () => {
    expect(() => db.exec('delete from journal_payload where seq in (3, 4)')).toThrow(/vouches/)
    tamper('delete from journal_payload where seq in (3, 4)')
    expect(verify(db)).toMatchObject({ ok: false, row: 3, cause: 'its content is gone' })
  })

  it('stores nothing readable on disk: no page of the file or its WAL holds a plain body', async () => {
    const { readFileSync } = await import('node:fs')
    const bytes = Buffer.concat(['vigie.db', 'vigie.db-wal'].map(f => readFileSync(join(dir, f))))
    expect(bytes.length).toBeGreaterThan(4096)
    expect(bytes.includes('device.online')).toBe(false)
    expect(bytes.subarray(0, 15).toString()).not.toBe('SQLite format 3')
  })
})
