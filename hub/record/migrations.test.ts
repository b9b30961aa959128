import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3-multiple-ciphers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { linkOperator, operators, peopleOfOperator } from './accounts.ts'
import { Appender, commit, GENESIS, link } from './chain.ts'
import { verify } from './chain-verify.ts'
import { type DataFolder, openDatabase, openFolder } from './database.ts'
import { MIGRATIONS, migrate } from './migrations.ts'
import { perform } from './ops.ts'
import { revisionAt, siteAt } from './past.ts'
import { events, received } from './reading.ts'
import { readChanges, readRegistry } from './registry.ts'
import type { Db } from './sql.ts'

let folder: DataFolder
beforeEach(() => {
  folder = openFolder(mkdtempSync(join(tmpdir(), 'vigie-migrations-')), '')
})
afterEach(() => rmSync(folder.dir, { recursive: true }))

/** The file as the first version made it. */
function firstVersion(): Db {
  const db = new Database(folder.file)
  db.pragma("cipher = 'sqlcipher'")
  db.pragma(`key = "x'${folder.key}'"`)
  db.pragma('journal_mode = WAL')
  migrate(db, 1)
  return db
}

const ROWS: readonly (readonly [at: number, body: { readonly kind: string; readonly [field: string]: unknown }])[] = [
  [100, { kind: 'rights.changed', revision: 3, added: 2, changed: 0, removed: 0, origin: 'cli:root' }],
  [200, { kind: 'rights.changed', revision: 5, added: 0, changed: 1, removed: 0, origin: 'cli:root' }],
  [300, { kind: 'access.granted', device: 'door-1', message: 'm1', deviceSeq: 7, deviceAt: 300, person: 'p-1' }],
]
/** As the first version filled it: a site, an operator, a journal. */
function fill(db: Db): void {
  let previous = GENESIS
  for (const [i, [at, event]] of ROWS.entries()) {
    const [seq, salt, body] = [i + 1, Buffer.alloc(16, i), JSON.stringify(event)]
    const commitment = commit(salt, body)
    previous = link(previous, seq, at, event.kind, commitment)
    db.prepare('insert into journal values (?, ?, ?, ?, ?)').run(seq, at, event.kind, commitment, previous)
    db.prepare('insert into journal_payload values (?, ?, ?)').run(seq, salt, body)
  }
  db.exec(`insert into inbox values ('door-1', 7);
    insert into meta values ('registry_revision', '9'), ('site_id', 'old-site');
    insert into site_item values ('role', 'nurse', '{"id":"nurse","name":"Nurse","rights":[]}', 3);
    insert into site_item values ('person', 'anna', '{"id":"anna","name":"Anna","roles":["nurse"]}', 5);
    insert into pseudonym values ('p-1', 'person', 'anna', 'Anna', 'nurse');
    insert into device values ('door-1', 'door', 'Door', 'enrolled', 'site', 90);
    insert into certificate values ('s1', 'door-1', 0, 999, 'ff', 95, null, null);
    insert into operator values ('o-1', 'olga', 'Olga', 'administrator', 'argon2', 50);
    insert into session values ('h', 'o-1', 50, 60, 70);`)
}
function upgraded(with_: (db: Db) => void = fill): Db {
  const old = firstVersion()
  with_(old)
  old.close()
  return openDatabase(folder)
}

describe('a database of the first version', () => {
  it('has none of the new tables, so that this test is about something', () => {
    const db = firstVersion()
    expect(() => db.prepare('select * from situation')).toThrow(/no such table/)
    expect(db.pragma('user_version', { simple: true })).toBe(1)
    db.close()
  })

  it('is upgraded with every row in place', () => {
    const db = upgraded()
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length)
    expect(verify(db)).toMatchObject({ ok: true, rows: 3 })
    expect(events(db, { after: 0, limit: 9 }).map(r => [r.at, r.event])).toEqual(ROWS)
    expect(received(db, 9)).toEqual([{ device: 'door-1', seq: 7, ids: ['m1'] }])
    expect(operators(db)).toMatchObject([{ id: 'o-1', name: 'Olga', role: 'administrator', person: null }])
    expect(readRegistry(db, 400)).toMatchObject({
      revision: 9,
      siteId: 'old-site',
      items: [
        { kind: 'person', revision: 5 },
        { kind: 'role', revision: 3 },
      ],
      subjects: [{ pseudonym: 'p-1' }],
      certificates: [{ serial: 's1' }],
      grants: [],
      situations: [],
    })
    expect(readChanges(db, 9)).toMatchObject({ items: [], grants: [], situations: [] })
    db.close()
  })

  it('knows its site from the last change of rights on, and guesses nothing of before', () => {
    const db = upgraded()
    expect([99, 199, 200, 500].map(t => revisionAt(db, t))).toEqual([undefined, undefined, 5, 5])
    expect([3, 4].map(r => siteAt(db, r))).toEqual([undefined, undefined])
    for (const r of [5, 9]) expect(siteAt(db, r)?.items.map(i => i.id)).toEqual(['anna', 'nurse'])
    db.close()
  })

  it('goes on from there: the next change keeps what it replaces', () => {
    const db = upgraded()
    const context = { db, appender: new Appender(db) }
    const event = { kind: 'rights.changed', revision: 0, added: 0, changed: 0, removed: 1, origin: 'o-1' } as const
    const edit = { at: 600, kind: 'role', id: 'nurse', expected: 3, events: [event] } as const
    expect(perform(context, 'editItem', edit)).toBe(10)
    expect(siteAt(db, 9)?.items.map(i => [i.id, i.revision])).toEqual([
      ['anna', 5],
      ['nurse', 3],
    ])
    expect(siteAt(db, 10)?.items.map(i => i.id)).toEqual(['anna'])
    expect(revisionAt(db, 600)).toBe(10)
    expect(verify(db)).toMatchObject({ ok: true, rows: 4 })
    db.close()
  })

  it('without a site begins its record with the empty one', () => {
    const db = upgraded(old => old.exec("insert into meta values ('registry_revision', '2')"))
    expect([revisionAt(db, 1), siteAt(db, 0)?.items, siteAt(db, 2)?.items]).toEqual([0, [], []])
    db.close()
  })

  it('whose payloads are gone is upgraded all the same', () => {
    const db = upgraded(old => {
      fill(old)
      old.exec('delete from journal_payload')
    })
    expect([revisionAt(db, 199), revisionAt(db, 200)]).toEqual([undefined, 5])
    db.close()
  })

  it('stays of the first version where the upgrade fails half-way, and is upgraded at the next try', () => {
    const old = firstVersion()
    fill(old)
    old.exec('create table pin (in_the_way text)')
    old.close()
    expect(() => openDatabase(folder)).toThrow(/already exists/)
    const repaired = new Database(folder.file)
    repaired.pragma("cipher = 'sqlcipher'")
    repaired.pragma(`key = "x'${folder.key}'"`)
    expect(repaired.pragma('user_version', { simple: true })).toBe(1)
    expect(() => repaired.prepare('select * from situation')).toThrow(/no such table/)
    repaired.exec('drop table pin')
    repaired.close()
    const db = openDatabase(folder)
    expect(verify(db)).toMatchObject({ ok: true, rows: 3 })
    db.close()
  })

  it('still refuses a changed row of the journal', () => {
    const db = upgraded()
    expect(() => db.exec('update journal set at = 1')).toThrow(/never changed/)
    expect(() => db.exec('delete from journal')).toThrow(/never changed/)
    db.close()
  })
})

describe('a database of the second version', () => {
  it('that says who an operator is counts them as that person since always', () => {
    const db = upgraded(old => {
      fill(old)
      migrate(old, 2)
      old.exec("update operator set person = 'anna'")
    })
    expect(peopleOfOperator(db, 'o-1', 0)).toEqual(['p-1'])
    linkOperator(db, 'o-1', undefined, 700)
    expect([peopleOfOperator(db, 'o-1', 700), peopleOfOperator(db, 'o-1', 701)]).toEqual([['p-1'], []])
    db.close()
  })
})

describe('opening', () => {
  it('is opened while another program holds it, unless it has to be upgraded first: then a sentence says why not', () => {
    const old = firstVersion()
    old.exec('begin exclusive')
    expect(() => openDatabase(folder)).toThrow(expect.objectContaining({ code: 'journal-unavailable' }))
    old.exec('rollback')
    openDatabase(folder).close()
    old.exec('begin exclusive')
    openDatabase(folder).close()
    old.close()
  })

  it('an upgraded database changes nothing more, also when two open it at once', () => {
    const one = upgraded()
    const two = openDatabase(folder)
    const log = (db: Db): unknown[] => db.prepare('select * from revision_log').all()
    expect([log(one), log(two)]).toEqual([[{ revision: 5, at: 200 }], [{ revision: 5, at: 200 }]])
    one.close()
    two.close()
  })
})

/** Of the tables, indexes and triggers that each version makes. */
const SHIPPED = [
  'ac20e8a74581928e',
  'd509ac8a6e9d0e8b',
  '8e55b26f65b7a57b',
  'dd8bc94c73d81c1a',
  'b168d9b612a3f55a',
  'af0df7dc74c9f676',
  '9d482fee41c7e0ca',
  '4488c664874c6416',
  '9801aae3b6342c86',
  '37a65869b7a05027',
  '3fb438233b290bad',
  '5ad83931153a5f81',
  '3aa53d1c1b9a9f16',
] as const
it('a version that shipped is never edited: a data folder that has it would lack what was added', () => {
  const made = MIGRATIONS.map((_, i) => {
    const db = new Database(':memory:')
    migrate(db, i + 1)
    const all = db.prepare('select sql from sqlite_master where sql is not null order by type, name').pluck().all()
    db.close()
    return createHash('sha256').update(all.join('\n')).digest('hex').slice(0, 16)
  })
  // A new version is added at the end; what stands here stays.
  expect(made.slice(0, SHIPPED.length)).toEqual(SHIPPED)
  expect(MIGRATIONS.length).toBe(SHIPPED.length)
})
