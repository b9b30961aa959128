import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountState } from '../events.ts'
import { hashOf } from '../http/secrets.ts'
import { invitedBy } from '../record/accounts-factors.ts'
import { createSession, sessionsOf } from '../record/accounts-sessions.ts'
import { openDatabase } from '../record/database.ts'
import { operatorRow } from '../record/operators-admin.ts'
import { type Db, run, sql } from '../record/sql.ts'
import type { Role } from '../rules/roles.ts'
import { smallSite } from '../test/small-site.ts'
import { NOON, Stage } from '../test/stage.ts'
import { operatorAdmin } from '../wiring/operators.ts'

const DAY = 86_400_000
let stage: Stage
/** Beside the hub's, as another process has one. */
let db: Db
let admin: ReturnType<typeof operatorAdmin>
let ended: string[]
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply(smallSite())
  ended = []
  db = openDatabase(stage.folder)
  admin = operatorAdmin({
    db: stage.db,
    op: (name, args) => Promise.resolve(stage.op(name, args)),
    zones: () => stage.registry().site.zones,
    inForce: () => undefined,
    endSessions: id => ended.push(id),
    now: () => NOON,
  })
})
afterEach(() => {
  db.close()
  return stage.close()
})

/** An account that can sign in. */
function account(login: string, role: Role, more: { zones?: string; status?: string } = {}): string {
  const row = { id: `o-${login}`, login, name: login.toUpperCase(), role, password_hash: 'x', created_at: 1 }
  run(db, sql.insertInto('operator').values({ ...row, zones: null, ...more }))
  return row.id
}
const refused = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )
const change = (login: string, wish: Partial<Parameters<typeof admin.change>[1]>, by = 'o-boss') =>
  admin.change(login, { reason: 'a good one', ...wish }, { expected: admin.view(login).revision, by })
const rows = (): object[] => stage.events().filter(e => /^(operator|token)\./.test(e.kind))

describe('an invitation', () => {
  it('makes an account that waits for its link, and a row of what it may do', async () => {
    const wish = {
      login: 'nora',
      name: 'Nora Petit',
      role: 'ward-manager',
      zones: ['ward'],
      email: 'n@x.test',
    } as const
    const made = await admin.invite(wish, 'o-boss')
    const { id } = operatorRow(stage.db, 'nora')!
    expect(made).toMatchObject({ login: 'nora', expiresAt: NOON + 7 * DAY, mailed: false, revision: 1 })
    const token = /^\/invitation#token=([\w-]{43})$/.exec(made.link)?.[1] ?? ''
    expect([
      invitedBy(stage.db, hashOf(token), NOON + 7 * DAY - 1),
      invitedBy(stage.db, hashOf(token), NOON + 7 * DAY),
    ]).toEqual([id, undefined])
    expect(admin.view('nora')).toEqual({
      ...wish,
      status: 'invited',
      createdAt: NOON,
      totp: false,
      passkeys: 0,
      external: false,
      revision: 1,
    })
    expect(rows()).toEqual([
      {
        kind: 'operator.invited',
        operator: id,
        by: 'o-boss',
        after: { role: 'ward-manager', zones: ['ward'], status: 'invited' },
      },
    ])
    expect(JSON.stringify(stage.events())).not.toMatch(/Nora|n@x/)
  })

  it.each([
    ['operator-exists', { login: 'boss' }],
    ['role-unknown', { role: 'root' }],
    ['role-unknown', { role: '__proto__' }],
    ['zone-unknown', { zones: ['ward', 'attic'] }],
  ])('is refused with %s for %j, and nothing is written', async (code, wrong) => {
    account('boss', 'administrator')
    const wish = { login: 'nora', name: 'Nora', role: 'nurse' as Role, ...(wrong as object) }
    expect(await refused(admin.invite(wish, 'o-boss'))).toBe(code)
    expect(rows()).toEqual([])
  })

  it('goes to one of two who ask for the same login at once', async () => {
    const wish = { login: 'nora', name: 'Nora', role: 'nurse' } as const
    const both = await Promise.all([1, 2].map(() => refused(admin.invite(wish, 'o-boss'))))
    expect(both.sort()).toEqual(['done', 'operator-exists'])
  })
})

describe('a change', () => {
  beforeEach(() => {
    account('boss', 'administrator')
    account('sam', 'security')
  })

  it('is a row with before, after and why, ends the sessions, and raises the revision', async () => {
    open('o-sam')
    const after = await change('sam', { role: 'it', zones: ['ward'] })
    expect(after).toMatchObject({ role: 'it', zones: ['ward'], revision: 2, name: 'SAM' })
    const states: AccountState[] = [
      { role: 'security', status: 'active' },
      { role: 'it', zones: ['ward'], status: 'active' },
    ]
    const told = { before: states[0], after: states[1], statedReason: 'a good one' }
    expect(rows()).toEqual([{ kind: 'operator.changed', operator: 'o-sam', by: 'o-boss', ...told }])
    expect([ended, sessionsOf(stage.db, 'o-sam')]).toEqual([['o-sam'], []])
    expect((await change('sam', { zones: null })).zones).toBeUndefined()
  })

  it('of the name alone leaves the sessions, and is a row all the same', async () => {
    open('o-sam')
    await change('sam', { name: 'Sam Reed', email: 's@x.test' })
    expect([ended, sessionsOf(stage.db, 'o-sam').length, rows().length]).toEqual([[], 1, 1])
    expect(admin.view('sam')).toMatchObject({ name: 'Sam Reed', email: 's@x.test' })
    expect((await change('sam', { email: null })).email).toBeUndefined()
  })

  it.each([{ role: 'security' as Role }, { zones: ['ward'] }, { status: 'disabled' as const }, { name: 'Me' }])(
    'of one’s own account is refused: %j',
    async wish => {
      account('other', 'administrator')
      expect(await refused(change('boss', wish))).toBe('operator-own')
      expect(await refused(admin.reset('boss', 'for me', 'o-boss'))).toBe('operator-own')
      expect(rows()).toEqual([])
    },
  )

  it.each([{ role: 'security' as Role }, { zones: ['ward'] }, { status: 'disabled' as const }])(
    'never takes the last administrator away, not even from the command line: %j',
    async wish => {
      account('zoned', 'administrator', { zones: '["ward"]' })
      account('gone', 'administrator', { status: 'disabled' })
      account('new', 'administrator', { status: 'invited' })
      expect(await refused(change('boss', wish, 'cli:root'))).toBe('operator-last')
      expect([rows(), admin.view('boss').revision]).toEqual([[], 1])
      account('second', 'administrator')
      expect(await refused(change('boss', wish, 'cli:root'))).toBe('done')
    },
  )

  it('by two administrators, each of the other, leaves one', async () => {
    account('second', 'administrator')
    const both = [
      change('boss', { status: 'disabled' }, 'o-second'),
      change('second', { status: 'disabled' }, 'o-boss'),
    ]
    expect((await Promise.all(both.map(refused))).sort()).toEqual(['done', 'operator-last'])
  })

  it('that was overtaken changes nothing', async () => {
    const expected = admin.view('sam').revision
    await change('sam', { name: 'Sam Reed' })
    const late = admin.change('sam', { role: 'administrator', reason: 'late' }, { expected, by: 'o-boss' })
    expect(await refused(late)).toBe('edit-conflict')
    expect(admin.view('sam')).toMatchObject({ role: 'security', revision: 2 })
  })

  it.each([
    ['operator-unknown', 'nobody', {}],
    ['role-unknown', 'sam', { role: 'root' as Role }],
    ['zone-unknown', 'sam', { zones: ['attic'] }],
  ])('is refused with %s', async (code, login, wish) => {
    const edit = { expected: 1, by: 'o-boss' }
    expect(await refused(admin.change(login, { name: 'x', reason: 'why', ...wish }, edit))).toBe(code)
  })
})

describe('an account that is disabled', () => {
  beforeEach(() => {
    account('boss', 'administrator')
    account('ines', 'it')
  })

  it('loses its sessions, its link and its tokens, each token with a row', async () => {
    open('o-ines')
    token('t-1', NOON + DAY)
    token('t-2', NOON + DAY)
    token('t-old', NOON - DAY)
    await change('ines', { status: 'disabled' })
    expect(rows().map(r => Object.entries(r).slice(0, 2))).toEqual([
      Object.entries({ kind: 'operator.changed', operator: 'o-ines' }),
      Object.entries({ kind: 'token.revoked', token: 't-1' }),
      Object.entries({ kind: 'token.revoked', token: 't-2' }),
    ])
    expect([ended, sessionsOf(stage.db, 'o-ines')]).toEqual([['o-ines'], []])
    const live = stage.db.prepare('select count(*) from api_token where revoked_at is null').pluck().get()
    expect(live).toBe(0)
  })

  it('begins again with the password it had, or waits for a link if it never had one', async () => {
    await change('ines', { status: 'disabled' })
    expect((await change('ines', { status: 'active' })).status).toBe('active')
    await admin.invite({ login: 'nora', name: 'Nora', role: 'nurse' }, 'o-boss')
    expect((await change('nora', { status: 'active' })).status).toBe('invited')
    await change('nora', { status: 'disabled' })
    expect((await change('nora', { status: 'active' })).status).toBe('invited')
  })

  it('gets no new link before it is enabled', async () => {
    await change('ines', { status: 'disabled' })
    expect(await refused(admin.reset('ines', 'lost phone', 'o-boss'))).toBe('operator-disabled')
  })
})

describe('a reset', () => {
  it('takes password, second factors and sessions away, and the link before it', async () => {
    account('boss', 'administrator')
    const first = await admin.invite({ login: 'nora', name: 'Nora', role: 'nurse' }, 'o-boss')
    const { id } = operatorRow(stage.db, 'nora')!
    stage.op('acceptInvitation', { tokenHash: tokenHash(first.link), passwordHash: 'x', at: NOON })
    stage.op('setTotp', { operator: id, totp: { secret: 'S', step: 1 }, at: NOON })
    open(id)
    expect(admin.view('nora')).toMatchObject({ status: 'active', totp: true })

    const second = await admin.reset('nora', 'lost phone', 'o-boss')
    const third = await admin.reset('nora', 'lost mail', 'o-boss')
    expect(admin.view('nora')).toMatchObject({ status: 'invited', totp: false, revision: 3 })
    expect([ended, sessionsOf(stage.db, id)]).toEqual([[id, id], []])
    const opens = [first, second, third].map(made => invitedBy(stage.db, tokenHash(made.link), NOON) ?? 'none')
    expect(opens).toEqual(['none', 'none', id])
    const [told] = rows().filter(r => 'kind' in r && r.kind === 'operator.reset')
    expect(told).toEqual({
      ...{ kind: 'operator.reset', operator: id, by: 'o-boss', statedReason: 'lost phone' },
      ...{ before: { role: 'nurse', status: 'active' }, after: { role: 'nurse', status: 'invited' } },
    })
  })
})

const tokenHash = (link: string): string => hashOf(link.split('=')[1] ?? '')

function open(operator: string): void {
  const times = { createdAt: NOON, seenAt: NOON, expiresAt: NOON + DAY, steppedUpAt: null }
  createSession(db, { hash: `s-${operator}`, operator, stage: 'in', client: '', address: '', ...times })
}
function token(id: string, expires_at: number): void {
  const row = { id, hash: id, name: id, operator: 'o-ines', capabilities: '[]', zones: null, created_at: 1, expires_at }
  run(db, sql.insertInto('api_token').values({ ...row, used_at: null, revoked_at: null }))
}
