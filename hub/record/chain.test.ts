import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Appender, type Row, verify } from './chain.ts'
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
  db.exec('drop trigger journal_no_update; drop trigger journal_no_delete')
  db.exec(sql)
}

describe('the hash chain', () => {
  it('verifies an untouched journal of 40 rows', () => {
    expect(verify(db)).toMatchObject({ ok: true, rows: ROWS })
  })

  it('verifies while a hub writes on: a row that comes between two reads is no damage', () => {
    const writer = openDatabase(openFolder(dir, ''))
    const appender = new Appender(writer)
    const reader = new Proxy(db, {
      get: (target, name: keyof Db) => {
        if (name === 'prepare')
          return (text: string) => {
            const statement = target.prepare(text)
            const row: Row = { at: 2_000, kind: 'device.online', body: '{}', inbox: [] }
            if (!text.includes('join')) transaction(writer, () => appender.append([row]))
            return statement
          }
        const value: unknown = target[name]
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    expect(verify(reader)).toMatchObject({ ok: true, rows: ROWS })
    expect(verify(writer)).toMatchObject({ ok: true, rows: ROWS + 1 })
    writer.close()
  })

  it('refuses UPDATE and DELETE on journal rows', () => {
    expect(() => db.exec('update journal set at = 1 where seq = 3')).toThrow(/never changed/)
    expect(() => db.exec('delete from journal where seq = 3')).toThrow(/never changed/)
    expect(verify(db).ok).toBe(true)
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
    db.exec('delete from journal_payload where seq in (3, 4)')
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
