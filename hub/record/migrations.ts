/** Each entry runs once, in order, in one transaction; the version is SQLite's own user_version. Never edit one that shipped. */
import { type Compilable, sql as raw } from 'kysely'
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

const MIGRATIONS: readonly ((db: Db) => void)[] = [
  db => {
    for (const statement of first) run(db, statement)
    for (const guard of guards) db.exec(guard.compile(sql).sql)
  },
]

export function migrate(db: Db): void {
  db.transaction(() => {
    const version = Number(db.pragma('user_version', { simple: true }))
    for (const step of MIGRATIONS.slice(version)) step(db)
    if (version < MIGRATIONS.length) db.pragma(`user_version = ${MIGRATIONS.length}`)
  }).exclusive()
}
