/** Version 7: the directory, applications, webhooks, approvals, workstations. One array for each. */
import { type Compilable, sql as raw } from 'kysely'
import { sql } from './sql.ts'

const s = sql.schema

export const directory: readonly Compilable[] = [
  // Whom the identity provider vouches for: also of an account that SCIM made, whose `external` is another.
  s.alterTable('operator').addColumn('subject', 'text'),
  s.createIndex('operator_subject').unique().on('operator').column('subject').where('subject', 'is not', null),
  s.createIndex('operator_external').on('operator').column('external').where('external', 'is not', null),
  // Whose a badge is, among hundreds of thousands: whoever leaves must not wait for a look at all of them.
  s
    .createIndex('site_item_holder')
    .on('site_item')
    .expression(raw`(body ->> 'person')`)
    .where(raw<boolean>`kind = 'badge'`),
  s
    .createTable('scim_user')
    .addColumn('number', 'integer', c => c.primaryKey())
    .addColumn('id', 'text', c => c.notNull().unique())
    .addColumn('user_key', 'text', c => c.notNull().unique())
    .addColumn('external_id', 'text')
    .addColumn('body', 'text', c => c.notNull())
    .addColumn('person', 'text', c => c.unique())
    .addColumn('account_ended', 'integer', c => c.notNull())
    .addColumn('created_at', 'integer', c => c.notNull())
    .addColumn('changed_at', 'integer', c => c.notNull())
    .addColumn('revision', 'integer', c => c.notNull()),
  s.createIndex('scim_user_external').on('scim_user').column('external_id').where('external_id', 'is not', null),
  s
    .createTable('scim_group')
    .addColumn('number', 'integer', c => c.primaryKey())
    .addColumn('id', 'text', c => c.notNull().unique())
    .addColumn('name_key', 'text', c => c.notNull())
    .addColumn('display_name', 'text', c => c.notNull())
    .addColumn('external_id', 'text')
    .addColumn('created_at', 'integer', c => c.notNull())
    .addColumn('changed_at', 'integer', c => c.notNull())
    .addColumn('revision', 'integer', c => c.notNull()),
  s.createIndex('scim_group_name').on('scim_group').column('name_key'),
  s
    .createTable('scim_member')
    .addColumn('group', 'text', c => c.notNull())
    .addColumn('user', 'text', c => c.notNull())
    .addPrimaryKeyConstraint('scim_member_key', ['group', 'user']),
  s.createIndex('scim_member_user').on('scim_member').column('user'),
]
/** Connected applications; and of their grants, whose they are and by which key. */
export const tenants: readonly Compilable[] = [
  s
    .createTable('tenant')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('scope', 'text', c => c.notNull())
    .addColumn('token_hash', 'text', c => c.unique())
    .addColumn('expires_at', 'integer', c => c.notNull())
    .addColumn('created_at', 'integer', c => c.notNull())
    .addColumn('created_by', 'text', c => c.notNull())
    .addColumn('used_at', 'integer')
    .addColumn('cut_off_at', 'integer')
    .addColumn('revision', 'integer', c => c.notNull()),
  s.alterTable('access_grant').addColumn('tenant', 'text'),
  s.alterTable('access_grant').addColumn('key', 'text'),
  s
    .createIndex('access_grant_tenant')
    .on('access_grant')
    .columns(['tenant', 'until_at'])
    .where('tenant', 'is not', null),
  s.createIndex('access_grant_key').unique().on('access_grant').columns(['tenant', 'key']).where('key', 'is not', null),
]
/** Whom the hub tells; how far in the journal each has been told is `seq`. What was set aside, and how deliveries went. */
export const webhooks: readonly Compilable[] = [
  s
    .createTable('webhook')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('url', 'text', c => c.notNull())
    .addColumn('kinds', 'text', c => c.notNull())
    .addColumn('zones', 'text')
    .addColumn('tenant', 'text')
    .addColumn('operator', 'text')
    .addColumn('guarded', 'integer', c => c.notNull())
    .addColumn('secret', 'text', c => c.notNull())
    .addColumn('old_secret', 'text')
    .addColumn('old_secret_until', 'integer')
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('paused_because', 'text')
    .addColumn('paused_at', 'integer')
    .addColumn('created_at', 'integer', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('delivered_at', 'integer')
    .addColumn('failing_since', 'integer')
    .addColumn('row_since', 'integer')
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('next_at', 'integer')
    .addColumn('revision', 'integer', c => c.notNull()),
  s
    .createTable('webhook_delivery')
    .addColumn('number', 'integer', c => c.primaryKey())
    .addColumn('hook', 'text', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('attempt', 'integer', c => c.notNull())
    .addColumn('outcome', 'text', c => c.notNull())
    .addColumn('status', 'integer')
    .addColumn('cause', 'text')
    .addColumn('ms', 'integer', c => c.notNull()),
  s.createIndex('webhook_delivery_hook').on('webhook_delivery').columns(['hook', 'number']),
  s
    .createTable('webhook_dead')
    .addColumn('hook', 'text', c => c.notNull())
    .addColumn('seq', 'integer', c => c.notNull())
    .addColumn('at', 'integer', c => c.notNull())
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('status', 'integer')
    .addColumn('cause', 'text')
    .addPrimaryKeyConstraint('webhook_dead_row', ['hook', 'seq']),
]
/** Acts that wait for a second operator. `args` is there while it waits, and for people nothing else is either afterwards. */
export const approvals: readonly Compilable[] = [
  s
    .createTable('approval')
    .addColumn('number', 'integer', c => c.primaryKey())
    .addColumn('id', 'text', c => c.notNull().unique())
    .addColumn('act', 'text', c => c.notNull())
    .addColumn('subject', 'text')
    .addColumn('args', 'text')
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .addColumn('asker', 'text', c => c.notNull())
    .addColumn('stated_reason', 'text')
    .addColumn('asked_at', 'integer', c => c.notNull())
    .addColumn('expires_at', 'integer', c => c.notNull())
    .addColumn('state', 'text', c => c.notNull())
    .addColumn('decided_by', 'text')
    .addColumn('decided_at', 'integer')
    .addColumn('decision_reason', 'text')
    .addColumn('cause', 'text'),
  s
    .createIndex('approval_pending')
    .unique()
    .on('approval')
    .columns(['act', 'subject'])
    .where(raw<boolean>`state = 'pending'`),
  s.createIndex('approval_state').on('approval').columns(['state', 'number']),
]
/** Browsers beside a reader, by hash of what their cookie holds. `code_hash`: of the one-time code that pairs one. */
export const stations: readonly Compilable[] = [
  s
    .createTable('station')
    .addColumn('id', 'text', c => c.primaryKey())
    .addColumn('name', 'text', c => c.notNull())
    .addColumn('access_point', 'text', c => c.notNull())
    .addColumn('hash', 'text', c => c.unique())
    .addColumn('code_hash', 'text', c => c.unique())
    .addColumn('code_expires_at', 'integer')
    .addColumn('created_at', 'integer', c => c.notNull())
    .addColumn('created_by', 'text', c => c.notNull())
    .addColumn('paired_at', 'integer')
    .addColumn('expires_at', 'integer')
    .addColumn('used_at', 'integer'),
  s.alterTable('session').addColumn('station', 'text'),
]

export const seventh: readonly Compilable[] = [...directory, ...tenants, ...webhooks, ...approvals, ...stations]
