/** Each entry runs once, in order, in one transaction; the version is SQLite's own user_version. Never edit one that shipped. */
import { randomBytes } from 'node:crypto'
import { type Compilable, sql as raw } from 'kysely'
import { BROWSER_KEY } from './accounts.ts'
import { seventh } from './migration-7.ts'
import { eighth } from './migration-8.ts'
import { ninth } from './migration-9.ts'
import { tenth } from './migration-10.ts'
import { eleventh } from './migration-11.ts'
import { twelfth } from './migration-12.ts'
import { thirteenth } from './migration-13.ts'
import { setMeta } from './site.ts'
import { type Db, run, sql } from './sql.ts'

const s = sql.schema

const first: readonly Compilable[] = [
  s
    .createTable('journal')
    .addColumn('seq', 'integer', c => c.primaryKey())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('commitment', 'blob', c => c.notNull())
    .addColumn('hash', 'blob', c => c.notNull()),
  s
    .createTable('journal_payload')
    .addColumn('seq', 'integer', c => c.primaryKey())
    .addColumn('salt', 'blob', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull()),
  s
    .createTable('inbox')
    .addColumn('device', 'text', c => c.primaryKey())
    .addColumn('seq', 'integer', c => c.notNull()),
  s
    .createTable('meta')
    .addColumn('key', 'text', c => c.primaryKey())
    .addColumn('value', 'text', c => c.notNull()),
  s
    .createTable('site_item')
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('id', 'text', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('revision', 'integer', c => c.notNull())
    .addPrimaryKeyConstraint('site_item_pk', ['kind', 'id']),
  s
    .createTable('pseudonym')
    .addColumn('pseudonym', 'text', c => c.primaryKey())
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('id', 'text', c => c.notNull())
    .addColumn('label', 'text')
    .addColumn('role', 'text')
    .addUniqueConstraint('pseudonym_subject', ['kind', 'id']),
  s
    .createTable('device')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('model', 'text', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('origin', 'text', c => c.notNull())
    .addColumn('added_at', 'integer', c => c.notNull()),
  s
    .createTable('certificate')
    .addColumn('serial', 'text', c => c.primaryKey())
    .addColumn('device', 'text', c => c.notNull())
    .addColumn('not_before', 'integer', c => c.notNull())
    .addColumn('not_after', 'integer', c => c.notNull())
    .addColumn('fingerprint', 'text', c => c.notNull())
    .addColumn('issued_at', 'integer', c => c.notNull())
    .addColumn('revoked_at', 'integer')
    .addColumn('reason', 'text'),
  s.createIndex('certificate_device').on('certificate').column('device'),
  s
    .createTable('enrol_code')
    .addColumn('hash', 'text', c => c.primaryKey())
    .addColumn('device', 'text', c => c.notNull())
    .addColumn('expires_at', 'integer', c => c.notNull())
    .addColumn('used_at', 'integer'),
  s
    .createTable('operator')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('login', 'text', c => c.notNull().unique())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('role', 'text', c => c.notNull())
    .addColumn('password_hash', 'text', c => c.notNull())
    .addColumn('created_at', 'integer', c => c.notNull()),
  s
    .createTable('session')
    .addColumn('hash', 'text', c => c.primaryKey())
    .addColumn('operator', 'text', c => c.notNull().references('operator.id'))
    .addColumn('created_at', 'integer', c => c.notNull())
    .addColumn('seen_at', 'integer', c => c.notNull())
    .addColumn('expires_at', 'integer', c => c.notNull()),
]

/** The chain is append-only for every program that opens the file, not only for ours. */
const guards = ['update', 'delete'].map(act =>
  raw.raw(
    `create trigger journal_no_${act} before ${act} on journal begin select raise(abort, 'journal rows are never changed'); end`,
  ),
)

const second: readonly Compilable[] = [
  s
    .createTable('situation')
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('key', 'text', c => c.notNull())
    .addColumn('body', 'text')
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('revision', 'integer')
    .addPrimaryKeyConstraint('situation_pk', ['kind', 'key']),
  // Partial: what badges write carries no revision, and pays for no index.
  s.createIndex('situation_revision').on('situation').column('revision').where('revision', 'is not', null),
  s
    .createTable('access_grant')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('person', 'text', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('from_at', 'integer', c => c.notNull())
    .addColumn('until_at', 'integer', c => c.notNull())
    .addColumn('created_revision', 'integer', c => c.notNull())
    .addColumn('revoked_revision', 'integer')
    .addColumn('revoked_at', 'integer'),
  s.createIndex('access_grant_person').on('access_grant').column('person'),
  s.createIndex('access_grant_until').on('access_grant').column('until_at'),
  s.createIndex('access_grant_created').on('access_grant').column('created_revision'),
  s.createIndex('access_grant_revoked').on('access_grant').column('revoked_revision'),
  s
    .createTable('pin')
    .addColumn('person', 'text', c => c.primaryKey())
    .addColumn('salt', 'text', c => c.notNull())
    .addColumn('hash', 'text', c => c.notNull())
    .addColumn('duress_hash', 'text', c => c.notNull())
    .addColumn('changed_at', 'integer', c => c.notNull()),
  s
    .createTable('site_item_past')
    .addColumn('kind', 'text', c => c.notNull())
    .addColumn('id', 'text', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('since', 'integer', c => c.notNull())
    .addColumn('until', 'integer', c => c.notNull())
    .addPrimaryKeyConstraint('site_item_past_pk', ['kind', 'id', 'since']),
  s.createIndex('site_item_past_until').on('site_item_past').column('until'),
  s.createIndex('site_item_revision').on('site_item').column('revision'),
  s
    .createTable('revision_log')
    .addColumn('revision', 'integer', c => c.primaryKey())
    .addColumn('at', 'integer', c => c.notNull()),
  s.alterTable('operator').addColumn('person', 'text'),
]

/** The site has stood as it is since rights last changed: from then on the past is on record. */
function beginHistory(db: Db): void {
  const row = db
    .prepare<[], { at: number; body: string | null }>(
      "select j.at, p.body from journal j left join journal_payload p on p.seq = j.seq where j.kind = 'rights.changed' order by j.seq desc limit 1",
    )
    .get()
  const told = row?.body == null ? 0 : (JSON.parse(row.body) as { revision: number }).revision
  const put = db.prepare<[], { revision: number | null }>('select max(revision) as revision from site_item').get()
  db.prepare('insert into revision_log (revision, at) values (?, ?)').run(
    Math.max(told, put?.revision ?? 0),
    row?.at ?? 0,
  )
}

/** Who an operator has been, when: a review must not be closed by whoever was its subject a moment ago. */
const third: readonly Compilable[] = [
  s
    .createTable('operator_link')
    .addColumn('operator', 'text', c => c.notNull())
    .addColumn('person', 'text', c => c.notNull())
    .addColumn('since', 'integer', c => c.notNull())
    .addColumn('until', 'integer'),
  s.createIndex('operator_link_operator').on('operator_link').column('operator'),
  // Since when is not on record: always is the safe side.
  sql
    .insertInto('operator_link')
    .columns(['operator', 'person', 'since'])
    .expression(
      sql
        .selectFrom('operator as o')
        .innerJoin('pseudonym as p', j => j.onRef('p.id', '=', 'o.person').on('p.kind', '=', 'person'))
        .select(['o.id', 'p.pseudonym', raw.lit(0).as('since')]),
    ),
]

const fourth: readonly Compilable[] = [
  s
    .createTable('merkle_node')
    .addColumn('level', 'integer', c => c.notNull())
    .addColumn('idx', 'integer', c => c.notNull())
    .addColumn('hash', 'blob', c => c.notNull())
    .addPrimaryKeyConstraint('merkle_node_pk', ['level', 'idx']),
  s
    .createTable('checkpoint')
    .addColumn('size', 'integer', c => c.primaryKey())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('root', 'blob', c => c.notNull())
    .addColumn('head', 'blob', c => c.notNull())
    .addColumn('note', 'text', c => c.notNull()),
  s
    .createTable('erased')
    .addColumn('seq', 'integer', c => c.primaryKey())
    .addColumn('row', 'integer', c => c.notNull()),
  s
    .createTable('hold')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('placed_at', 'integer', c => c.notNull())
    .addColumn('released_at', 'integer'),
  s
    .createTable('erasure')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('person', 'text')
    .addColumn('asked_at', 'integer', c => c.notNull())
    .addColumn('done_at', 'integer'),
  s
    .createTable('saved_search')
    .addColumn('id', 'text', c => c.notNull())
    .addColumn('operator', 'text', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('body', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('saved_search_pk', ['operator', 'id']),
  s
    .createTable('export_schedule')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('next_at', 'integer', c => c.notNull())
    .addColumn('last_at', 'integer'),
  s
    .createTable('forwarded')
    .addColumn('destination', 'text', c => c.primaryKey())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull()),
  s
    .createTable('backup')
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('destination', 'text', c => c.notNull())
    .addColumn('file', 'text', c => c.notNull())
    .addColumn('rows', 'integer', c => c.notNull())
    .addColumn('bytes', 'integer', c => c.notNull())
    .addColumn('sha256', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('backup_pk', ['destination', 'file']),
]

/** What other hubs' journals have shown, and what other hubs say of this one. */
const witnessing: readonly Compilable[] = [
  s
    .createTable('witness_key')
    .addColumn('vkey', 'text', c => c.primaryKey())
    .addColumn('origin', 'text', c => c.notNull())
    .addColumn('added_at', 'integer', c => c.notNull()),
  s
    .createTable('witness_log')
    .addColumn('origin', 'text', c => c.primaryKey())
    .addColumn('size', 'integer', c => c.notNull())
    .addColumn('note', 'text', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull()),
  s
    .createTable('cosignature')
    .addColumn('destination', 'text', c => c.primaryKey())
    .addColumn('size', 'integer', c => c.notNull())
    .addColumn('line', 'text', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull()),
]

/** Invited and disabled accounts, second factors, sessions that say where they are, keys for programs. */
const accounts: readonly Compilable[] = [
  s.alterTable('operator').addColumn('status', 'text', c => c.notNull().defaultTo('active')),
  s.alterTable('operator').addColumn('zones', 'text'),
  s.alterTable('operator').addColumn('email', 'text'),
  s.alterTable('operator').addColumn('revision', 'integer', c => c.notNull().defaultTo(1)),
  s.alterTable('operator').addColumn('password_at', 'integer'),
  s.alterTable('operator').addColumn('totp_secret', 'text'),
  s.alterTable('operator').addColumn('totp_step', 'integer'),
  s.alterTable('operator').addColumn('external', 'text'),
  s.alterTable('operator').addColumn('signed_in_at', 'integer'),
  // Sessions from before have shown no second factor.
  sql.deleteFrom('session'),
  s.alterTable('session').addColumn('stage', 'text', c => c.notNull().defaultTo('in')),
  s.alterTable('session').addColumn('stepped_up_at', 'integer'),
  s.alterTable('session').addColumn('client', 'text', c => c.notNull().defaultTo('')),
  s.alterTable('session').addColumn('address', 'text', c => c.notNull().defaultTo('')),
  s
    .createTable('passkey')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('operator', 'text', c => c.notNull().references('operator.id'))
    .addColumn('public_key', 'blob', c => c.notNull())
    .addColumn('counter', 'integer', c => c.notNull())
    .addColumn('transports', 'text', c => c.notNull())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('created_at', 'integer', c => c.notNull())
    .addColumn('used_at', 'integer'),
  s.createIndex('passkey_operator').on('passkey').column('operator'),
  s
    .createTable('recovery_code')
    .addColumn('hash', 'text', c => c.primaryKey())
    .addColumn('operator', 'text', c => c.notNull().references('operator.id')),
  s
    .createTable('invitation')
    .addColumn('hash', 'text', c => c.primaryKey())
    .addColumn('operator', 'text', c => c.notNull().references('operator.id'))
    .addColumn('expires_at', 'integer', c => c.notNull()),
  s
    .createTable('api_token')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('hash', 'text', c => c.notNull().unique())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('operator', 'text', c => c.notNull().references('operator.id'))
    .addColumn('capabilities', 'text', c => c.notNull())
    .addColumn('zones', 'text')
    .addColumn('created_at', 'integer', c => c.notNull())
    .addColumn('expires_at', 'integer', c => c.notNull())
    .addColumn('used_at', 'integer')
    .addColumn('revoked_at', 'integer'),
]

/** For every program that opens the file: what is signed stays, and a payload goes only where a row vouches for it. */
const evidenceGuards = [
  "create trigger checkpoint_no_update before update on checkpoint begin select raise(abort, 'checkpoints are never changed'); end",
  "create trigger checkpoint_no_delete before delete on checkpoint begin select raise(abort, 'checkpoints are never changed'); end",
  "create trigger payload_no_update before update on journal_payload begin select raise(abort, 'payloads are never changed'); end",
  `create trigger payload_no_delete before delete on journal_payload
     when not exists (select 1 from erased where seq = old.seq)
     begin select raise(abort, 'a payload goes only where a row vouches for it'); end`,
  "create trigger erased_no_update before update on erased begin select raise(abort, 'what is erased stays erased'); end",
  "create trigger erased_no_delete before delete on erased begin select raise(abort, 'what is erased stays erased'); end",
]

/** In order; each leaves the database one version higher. */
export const MIGRATIONS: readonly ((db: Db) => void)[] = [
  db => {
    for (const statement of first) run(db, statement)
    for (const guard of guards) db.exec(guard.compile(sql).sql)
  },
  db => {
    for (const statement of second) run(db, statement)
    beginHistory(db)
  },
  db => {
    for (const statement of third) run(db, statement)
  },
  db => {
    for (const statement of fourth) run(db, statement)
    for (const guard of evidenceGuards) db.exec(guard)
    // What this journal is called in what it signs: two hubs never share it, and a changed site id does not change it.
    setMeta(db, 'journal_origin', `vigie-journal/${randomBytes(8).toString('hex')}`)
  },
  db => {
    for (const statement of witnessing) run(db, statement)
  },
  db => {
    for (const statement of accounts) run(db, statement)
  },
  db => {
    for (const statement of seventh) run(db, statement)
    setMeta(db, BROWSER_KEY, randomBytes(32).toString('hex'))
  },
  db => {
    for (const statement of eighth) run(db, statement)
  },
  db => {
    for (const statement of ninth) run(db, statement)
  },
  db => {
    for (const statement of tenth) run(db, statement)
  },
  db => {
    for (const statement of eleventh) run(db, statement)
  },
  db => {
    for (const statement of twelfth) run(db, statement)
  },
  db => {
    for (const statement of thirteenth) run(db, statement)
  },
]

/**
 * A database that is up to date is read, and not written: a hub starts while nothing can be written.
 * @param upTo the version wanted; a database that has it already stays as it is
 */
export function migrate(db: Db, upTo = MIGRATIONS.length): void {
  if (versionOf(db) >= upTo) return
  db.transaction(() => {
    const version = versionOf(db)
    for (const step of MIGRATIONS.slice(version, upTo)) step(db)
    if (version < upTo) db.pragma(`user_version = ${upTo}`)
  }).exclusive()
}

const versionOf = (db: Db): number => Number(db.pragma('user_version', { simple: true }))
