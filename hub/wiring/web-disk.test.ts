/** An operator at the desk while the database is held: the real edge, record and acts, with a clock held by hand. */
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { Standing } from '../flows/standing.ts'
import { Unlocks } from '../flows/unlocks.ts'
import { codeAt } from '../http/totp.ts'
import { openAuthority } from '../pki/authority.ts'
import type { Entry } from '../ports.ts'
import { operatorById } from '../record/accounts.ts'
import { smallSite } from '../test/small-site.ts'
import { Link, NOON, Stage } from '../test/stage.ts'
import { makeActing } from './acts.ts'
import { makeWeb, type Web } from './web.ts'

const DAY_MS = 86_400_000
const STEP_MS = 30_000
const PASSWORD = 'correct horse battery staple'
let stage: Stage
let link: Link
let web: Web
let stop: () => void
let clock: number
let port: number
let cookie: string
let secret: string
let spooled: Entry[]

beforeEach(async () => {
  clock = NOON
  spooled = []
  stage = await Stage.open()
  const fire = { id: 'fire', name: 'Fire', zones: ['ward'], release: ['ward-door'], muster: [] }
  await stage.apply({ ...smallSite(), evacuationPlans: [fire] })
  link = new Link(() => [])
  const registry = stage.registry()
  const standing = new Standing()
  const now = (): number => clock
  const log = { warn: () => undefined, error: () => undefined }
  const spool = async (entries: readonly Entry[]): Promise<void> => void spooled.push(...entries)
  const unlocks = new Unlocks(() => undefined)
  const common = { registry: () => registry, journal: stage.journal, spool, now, onFailure: () => undefined }
  const acting = makeActing({ ...common, unlocks, link, notify: () => undefined, expiryMs: 5_000 })
  const authority = await openAuthority(join(stage.folder.dir, 'pki'), { now, serverLifeMs: DAY_MS })
  const { key, cert } = await authority.ensureServerCertificate([])
  web = makeWeb({
    ...common,
    config: readConfig({ VIGIE_HTTP_PORT: '0', VIGIE_HTTPS_PORT: '0' }),
    db: stage.db,
    op: (name, args) => stage.journal.op(name, args),
    authority,
    tls: { key, cert, ca: authority.caPem, crl: await authority.crl([]) },
    situations: () => standing,
    withoutDisk: {
      apply: changes => standing.merge(changes),
      onActs: changes => acting.onActs(changes),
      loseBadge: () => undefined,
      spool,
      onFailure: () => undefined,
    },
    hub: () => ({ version: '', startedAt: 0, journal: stage.journal.health, devicesOnline: 0, devicesKnown: 0 }),
    refusedAt: () => undefined,
    refusalsOf: () => ({}),
    foundBehind: () => [],
    log,
  })
  port = (await web.server.start()).httpPort
  stop = () => {
    acting.stop()
    unlocks.stop()
  }
  const account = { login: 'claire', name: 'Claire Marchand', password: PASSWORD }
  cookie = (await ask('POST', '/setup', { ...account, token: await web.setupToken() })).cookie
  const offered = await ask('POST', '/account/totp')
  secret = String(offered.body.secret)
  cookie = (await ask('PUT', '/account/totp', { code: codeAt(secret, clock) })).cookie
  clock += STEP_MS
})
afterEach(async () => {
  stop()
  stage.unblock()
  await web.live.stop()
  await web.server.stop()
  await stage.close()
})

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly cookie: string
}
function ask(method: string, path: string, body?: object, as = cookie): Promise<Answer> {
  const sent = body && JSON.stringify(body)
  const origin = `http://localhost:${port}`
  const headers = {
    host: `localhost:${port}`,
    origin,
    ...(as && { cookie: as }),
    ...(sent && { 'content-type': 'application/json' }),
  }
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: `/api/v1${path}`, method, headers, agent: false })
    asked.on('error', reject)
    asked.on('response', async response => {
      const text = (await response.toArray()).join('')
      const set = (response.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? ''
      resolve({ status: response.statusCode ?? 0, body: text ? JSON.parse(text) : {}, cookie: set })
    })
    asked.end(sent)
  })
}
const byPassword = (): Promise<Answer> => ask('POST', '/session', { login: 'claire', password: PASSWORD }, '')
const byCode = (as: string, code = codeAt(secret, clock)): Promise<Answer> =>
  ask('POST', '/session/factor', { totp: code }, as)

describe('while the database is held', () => {
  it('an operator who has been idle for minutes starts an evacuation, and the doors are released', async () => {
    stage.block()
    clock += 5 * 60_000
    const began = performance.now()
    const begun = await ask('POST', '/evacuations/fire')
    expect([begun.status, begun.body.plan]).toEqual([201, 'fire'])
    expect(performance.now() - began).toBeLessThan(2_500)
    expect(link.commands).toMatchObject([{ action: 'unlock', point: 'door' }])
  })

  it('idle time counts from what was last seen, stored or not', async () => {
    stage.block()
    for (let i = 0; i < 3; i++) {
      clock += 25 * 60_000
      expect((await ask('GET', '/situations')).status).toBe(200)
    }
    clock += 30 * 60_000
    expect((await ask('GET', '/situations')).status).toBe(401)
  })

  it('whoever signs out is out, also once the store has heard of it', async () => {
    stage.block()
    expect((await ask('DELETE', '/session')).status).toBe(204)
    expect((await ask('GET', '/situations')).status).toBe(401)
    stage.unblock()
    await expect.poll(() => stage.contents().session, { timeout: 10_000 }).toEqual([])
    expect((await ask('GET', '/situations')).status).toBe(401)
  })

  it('an operator signs in and acts; the session is stored when it can be, its row waits in the spool', async () => {
    stage.block()
    const begun = await byPassword()
    expect([begun.status, begun.body.stage]).toEqual([200, 'factor'])
    const entered = await byCode(begun.cookie)
    expect([entered.status, entered.body.stage]).toEqual([200, 'in'])
    expect(spooled.map(e => e.event)).toMatchObject([{ kind: 'operator.signed-in', factor: 'totp' }])
    expect((await ask('POST', '/evacuations/fire', undefined, entered.cookie)).status).toBe(201)
    stage.unblock()
    await expect.poll(() => stage.contents().session?.length, { timeout: 10_000 }).toBe(2)
    expect((await ask('GET', '/situations', undefined, entered.cookie)).status).toBe(200)
  })

  it('a code lets one in all the same, and the store hears of it: once, now and later', async () => {
    stage.block()
    const [first, second] = [await byPassword(), await byPassword()]
    const code = codeAt(secret, clock)
    expect((await byCode(first.cookie, code)).status).toBe(200)
    const again = await byCode(second.cookie, code)
    expect([again.status, again.body.code]).toEqual([401, 'factor-refused'])
    stage.unblock()
    const step = Math.floor(clock / STEP_MS)
    await expect
      .poll(
        () =>
          operatorById(stage.db, String((stage.contents().operator?.[0] as { id?: string } | undefined)?.id))?.totpStep,
        {
          timeout: 10_000,
        },
      )
      .toBe(step)
  })

  it('a wrong password is still wrong', async () => {
    stage.block()
    const answer = await ask('POST', '/session', { login: 'claire', password: 'not the password' }, '')
    expect([answer.status, answer.body.code]).toEqual([401, 'sign-in-refused'])
    expect(spooled.map(e => e.event)).toMatchObject([{ kind: 'operator.refused', reason: 'password' }])
  })
})
