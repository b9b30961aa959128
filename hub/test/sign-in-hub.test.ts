/** Accounts in a whole hub: what is kept over a restart, and what another process changes. */
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AccountView, SessionInfo } from '../api.ts'
import { codeAt } from '../http/totp.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { run, sql } from '../record/sql.ts'
import { ADMIN, smallSite, TestHub } from './harness.ts'
import { Seat } from './seat.ts'

const hub = new TestHub()
beforeAll(async () => {
  await hub.start()
  await hub.apply(smallSite())
  await hub.setUp()
}, 120_000)
afterAll(() => hub.close())

async function half(): Promise<Seat> {
  const seat = new Seat(ADMIN, hub.origin)
  const { login, password } = ADMIN
  expect(await seat.post<SessionInfo>('/api/v1/session', { login, password })).toMatchObject({ stage: 'factor' })
  return seat
}

it('a code that was used stays used over a restart, a session stays a session', async () => {
  const proof = { totp: codeAt(hub.admin.totpSecret, Date.now() + 30_000) }
  const first = await half()
  expect(await first.post<SessionInfo>('/api/v1/session/factor', proof)).toMatchObject({ stage: 'in' })
  await hub.end()
  await hub.start()
  const again = await half()
  const refused = await again.fetch('/api/v1/session/factor', { method: 'POST', body: JSON.stringify(proof) })
  expect([refused.status, await refused.json()]).toEqual([401, expect.objectContaining({ code: 'factor-refused' })])
  expect(await hub.get<AccountView>('/api/v1/account')).toMatchObject({ totp: true, recoveryCodesLeft: 10 })
}, 120_000)

it('roles and zones are those of the invitation, at once and with what they may do', async () => {
  const nurse = await hub.signInAs('nurse')
  expect(await nurse.get<SessionInfo>('/api/v1/session')).toMatchObject({ stage: 'in', operator: { role: 'nurse' } })
  expect((await nurse.fetch('/api/v1/site')).status).toBe(403)
  const manager = await hub.signInAs('ward-manager', ['ward'])
  expect(await manager.get<SessionInfo>('/api/v1/session')).toMatchObject({ operator: { zones: ['ward'] } })
  await manager.stepUp()
  expect((await manager.get<SessionInfo>('/api/v1/session')).steppedUpUntil).toBeGreaterThan(Date.now())
}, 60_000)

it('an account that another process disables loses session and socket within a second', async () => {
  const guard = await hub.signInAs('security')
  const headers = { origin: hub.origin, cookie: guard.cookie }
  const socket = io(hub.origin, { transports: ['websocket'], reconnection: false, extraHeaders: headers })
  await new Promise<void>((resolve, reject) => {
    socket.once('hello', () => resolve())
    socket.once('connect_error', reject)
  })
  const gone = new Promise<void>(resolve => socket.once('disconnect', () => resolve()))
  const db = openDatabase(openFolder(hub.dir, ''))
  const from = performance.now()
  run(db, sql.updateTable('operator').set({ status: 'disabled' }).where('login', '=', guard.who.login))
  expect((await guard.fetch('/api/v1/account')).status).toBe(401)
  await gone
  expect(performance.now() - from).toBeLessThan(1_000)
  db.close()
}, 60_000)

it('no secret stands in the database as it was given, and none in the journal or the log', async () => {
  const db = openDatabase(openFolder(hub.dir, ''), { readonly: true })
  const tables = db.prepare("select name from sqlite_master where type = 'table'").all() as { name: string }[]
  const { totpSecret, recoveryCodes, cookie } = hub.admin
  const contents = JSON.stringify(tables.map(({ name }) => db.prepare(`select * from "${name}"`).all()))
  db.close()
  const logged = JSON.stringify(hub.log)
  for (const secret of [ADMIN.password, recoveryCodes[0] ?? '?', cookie.split('=')[1] ?? '?']) {
    expect(contents).not.toContain(secret)
    expect(logged).not.toContain(secret)
  }
  expect(contents.split(totpSecret)).toHaveLength(2) // the generator's own secret, once
  expect(logged).not.toContain(totpSecret)
})
