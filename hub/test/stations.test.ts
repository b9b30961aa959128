/** A badge and a PIN at a workstation, on a real hub: a browser is a cookie, a badge comes by MQTT over TLS. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionInfo, StationInfo, StationList, StationMade } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { run, sql } from '../record/sql.ts'
import { NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'
import type { Seat } from './seat.ts'

const PATIENT = { timeout: 120_000 }
const PIN = '4071'
const DURESS = '9150'
const SECOND = '04AABBCCDDEE02'
const MANAGER = '04AABBCCDDEE03'
const PLAIN = '04AABBCCDDEE04'
const hub = new TestHub()
const door = new TestDevice('door-1', 'test-site')
let nurse: Seat
let second: Seat

const PEOPLE = [
  { id: 'n-second', uid: SECOND },
  { id: 'i-manager', uid: MANAGER },
  { id: 'p-plain', uid: PLAIN },
]

beforeAll(async () => {
  const site = smallSite()
  for (const { id, uid } of PEOPLE) {
    site.people.push({ id, name: id.toUpperCase(), roles: ['nurse'] })
    site.badges.push({ uid, person: id, status: 'active' })
  }
  await hub.apply(site)
  await hub.start()
  await hub.setUp()
  await hub.addDevice('door-1', 'door')
  await door.connect(hub)
  nurse = await hub.signInAs('nurse')
  second = await hub.signInAs('nurse')
  const manager = await hub.signInAs('it')
  for (const [seat, person] of [
    [nurse, 'c-marchand'],
    [second, 'n-second'],
    [manager, 'i-manager'],
  ] as const)
    await hub.admin.ask('PUT', `/api/v1/operators/${seat.who.login}/person`, { person })
  for (const person of ['c-marchand', 'n-second', 'i-manager', 'p-plain'])
    await hub.admin.ask('PUT', `/api/v1/people/${person}/pin`, { pin: PIN, duressPin: DURESS })
}, 120_000)
afterAll(async () => {
  await door.close()
  await hub.close()
})

/** A browser with a jar of its own. */
class Browser {
  readonly jar = new Map<string, string>()
  number: number | undefined

  get cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  }
  async fetch(path: string, method = 'GET', body?: object): Promise<Response> {
    const headers = { origin: hub.origin, cookie: this.cookie, ...(body && { 'content-type': 'application/json' }) }
    const answer = await fetch(`${hub.origin}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';')[0] ?? '').split('=')
      this.jar.set(name, value)
    }
    return answer
  }
  async look(seen?: number): Promise<StationInfo> {
    const answer = await this.fetch(`/api/v1/station${seen === undefined ? '' : `?seen=${seen}`}`)
    return (await answer.json()) as StationInfo
  }
  pin(pin = PIN): Promise<Response> {
    return this.fetch('/api/v1/session/badge', 'POST', { pin })
  }
  async me(): Promise<string | undefined> {
    return ((await (await this.fetch('/api/v1/session')).json()) as SessionInfo).operator?.login
  }
  get session(): string {
    return this.jar.get('__Host-vigie') ?? ''
  }
}

const made = (name = 'Poste 1'): Promise<StationMade> =>
  hub.admin.post<StationMade>('/api/v1/stations', { name, accessPoint: 'door-1' })
async function workstation(): Promise<Browser & { readonly id: string }> {
  const { station, code } = await made()
  const browser = new Browser()
  const answer = await browser.fetch('/api/v1/station/pairing', 'POST', { code: code.toLowerCase() })
  expect(answer.status, await answer.clone().text()).toBe(200)
  return Object.assign(browser, { id: station.id })
}
const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code
const events = async (): Promise<VigieEvent[]> => (await hub.journal(3_000)).map(r => r.event)
const badge = async (uid = NURSE): Promise<void> => {
  expect((await door.badge(uid, 'door')).granted).toBe(true)
}
/** Until the hub's memory of failed PINs allows the next. */
const patiently = (browser: Browser, pin = PIN, uid = NURSE): Promise<Response> =>
  until(
    'the next PIN is allowed',
    async () => {
      await badge(uid)
      const answer = await browser.pin(pin)
      return answer.status !== 429 && answer
    },
    30_000,
  )

describe('pairing', PATIENT, () => {
  it('asks for a code that IT is shown once; the browser is known by its cookie from then on', async () => {
    const { station, code, expiresAt } = await made('Salle de soins')
    expect(code).toMatch(/^[A-HJ-NP-Z2-9]{8}$/)
    expect(Math.abs(expiresAt - Date.now() - 900_000)).toBeLessThan(60_000)
    expect(station).toMatchObject({ state: 'waiting', accessPoint: { id: 'door-1', name: 'Porte du hall' } })
    const browser = new Browser()
    expect(await browser.look()).toEqual({ paired: false, number: 0 })
    const answer = await browser.fetch('/api/v1/station/pairing', 'POST', { code })
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-vigie-station=[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(await browser.look()).toMatchObject({ paired: true, name: 'Salle de soins', reader: 'Porte du hall' })
    const again = await new Browser().fetch('/api/v1/station/pairing', 'POST', { code })
    expect([again.status, await codeOf(again)]).toEqual([401, 'station-code-refused'])
    const { stations } = await hub.admin.get<StationList>('/api/v1/stations')
    expect(stations.find(s => s.id === station.id)).toMatchObject({ state: 'paired', usedAt: expect.any(Number) })
    expect(JSON.stringify(stations)).not.toContain(code)
    const row = (await events()).find(e => e.kind === 'station.paired' && e.station === station.id)
    expect(row).toMatchObject({ accessPoint: 'door-1', by: expect.stringMatching(/^o-/) })
  })

  it('ends at once when IT removes it, and moves with a new code', async () => {
    const browser = await workstation()
    const looking = browser.look((await browser.look()).number)
    expect(await hub.admin.ask('DELETE', `/api/v1/stations/${browser.id}`)).toBeUndefined()
    await badge(NURSE)
    expect(await looking).toEqual({ paired: false, number: 0 })
    expect((await browser.pin()).status).toBe(401)
    expect((await events()).some(e => e.kind === 'station.unpaired' && e.station === browser.id)).toBe(true)

    const [old, next] = [await workstation(), new Browser()]
    const { code } = await hub.admin.post<StationMade>(`/api/v1/stations/${old.id}/code`)
    expect((await old.look()).paired).toBe(true)
    await next.fetch('/api/v1/station/pairing', 'POST', { code })
    expect([(await old.look()).paired, (await next.look()).paired]).toEqual([false, true])
  })

  it('is for IT and administrators with a fresh second factor, beside a reader only, and guessed by nobody', async () => {
    const wish = { name: 'x', accessPoint: 'door-1' }
    for (const role of ['nurse', 'security', 'auditor', 'ward-manager'] as const) {
      const seat = await hub.signInAs(role)
      expect((await seat.fetch('/api/v1/stations', { method: 'POST', body: JSON.stringify(wish) })).status).toBe(403)
    }
    const nowhere = await hub.admin.fetch('/api/v1/stations', {
      method: 'POST',
      body: JSON.stringify({ name: 'x', accessPoint: 'moon' }),
    })
    expect([nowhere.status, await codeOf(nowhere)]).toEqual([422, 'station-reader'])
    const browser = new Browser()
    const statuses: number[] = []
    for (let i = 0; i < 8; i++)
      statuses.push((await browser.fetch('/api/v1/station/pairing', 'POST', { code: 'AAAAAAAA' })).status)
    expect(statuses[0]).toBe(401)
    expect(statuses.at(-1)).toBe(429)
  })
})

describe('a badge at the reader and a PIN', PATIENT, () => {
  let station: Browser
  beforeAll(async () => {
    station = await until('codes may be typed again', async () => workstation().catch(() => undefined), 60_000)
  })

  it('sign a nurse in to what is hers, once, and say so in the journal', async () => {
    const before = await station.look()
    const looking = station.look(before.number)
    await badge()
    const seen = await looking
    expect(seen.badgeUntil).toBeGreaterThan(Date.now())
    expect(JSON.stringify(seen)).not.toMatch(/marchand/i)
    const answer = await station.pin()
    expect(answer.status, await answer.clone().text()).toBe(200)
    const info = (await answer.json()) as SessionInfo
    expect(info).toMatchObject({ stage: 'in', operator: { login: nurse.who.login, role: 'nurse' } })
    expect(info.steppedUpUntil).toBeUndefined()
    expect(await station.look()).toMatchObject({ signedIn: true })
    const again = await station.pin()
    expect([again.status, await codeOf(again)]).toEqual([401, 'badge-needed'])
    const row = (await events()).findLast(e => e.kind === 'operator.signed-in')
    expect(row).toMatchObject({ operator: `o-${nurse.who.login}`, factor: 'badge' })
  })

  it('end the session before: the same badge again signs out, another one’s too', async () => {
    const first = station.session
    expect(await station.me()).toBe(nurse.who.login)
    await badge()
    await until('signed out', async () => (await station.me()) === undefined)
    expect((await station.look()).badgeUntil).toBeUndefined()
    await badge()
    expect((await station.pin()).status).toBe(200)
    expect(station.session).not.toBe(first)
    await badge(SECOND)
    await until('signed out', async () => (await station.me()) === undefined)
    expect((await station.pin()).status).toBe(200)
    expect(await station.me()).toBe(second.who.login)
    await badge(SECOND)
    await until('signed out', async () => (await station.me()) === undefined)
  })

  it('are needed both: no badge, no paired browser, another reader’s badge', async () => {
    const none = await station.pin()
    expect([none.status, await codeOf(none)]).toEqual([401, 'badge-needed'])
    await badge()
    const stranger = await new Browser().pin()
    expect([stranger.status, await codeOf(stranger)]).toEqual([401, 'station-unpaired'])
    const forged = new Browser()
    forged.jar.set('__Host-vigie-station', 'A'.repeat(43))
    expect((await forged.pin()).status).toBe(401)
    const foreign = await fetch(`${hub.origin}/api/v1/session/badge`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', cookie: station.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ pin: PIN }),
    })
    expect(foreign.status).toBe(403)
    expect((await station.pin()).status).toBe(200)
    await badge()
  })

  it('of fifty PINs at once, one signs in', async () => {
    await badge()
    const answers = await Promise.all(Array.from({ length: 50 }, () => station.pin()))
    expect(answers.filter(a => a.status === 200)).toHaveLength(1)
    await badge()
    await until('signed out', async () => (await station.me()) === undefined)
  })

  it('under duress sign in all the same, and raise the alarm', async () => {
    const answer = await patiently(station, DURESS)
    expect(answer.status).toBe(200)
    const row = (await events()).findLast(e => e.kind === 'duress.raised')
    expect(row).toMatchObject({ device: 'door-1', accessPoint: 'door-1', point: 'door' })
    await badge()
  })

  it('end with three wrong PINs; each one delays the next', async () => {
    const wrong = await patiently(station, '1357', SECOND)
    expect([wrong.status, await codeOf(wrong)]).toEqual([401, 'badge-refused'])
    const early = await station.pin()
    expect([early.status, await codeOf(early)]).toEqual([429, 'too-many-requests'])
    const next = (pin: string): Promise<Response> =>
      until('allowed', async () => {
        const answer = await station.pin(pin)
        return answer.status !== 429 && answer
      })
    expect(await codeOf(await next('1358'))).toBe('badge-refused')
    expect(await codeOf(await next('1359'))).toBe('badge-refused')
    expect((await station.look()).badgeUntil).toBeUndefined()
    expect(await codeOf(await station.pin())).toBe('badge-needed')
    expect((await events()).filter(e => e.kind === 'operator.refused' && e.reason === 'pin').length).toBeGreaterThan(2)
  })

  it('are refused alike for a role that needs a second factor, and for somebody without an account', async () => {
    const answers = [await patiently(station, PIN, MANAGER), await patiently(station, PIN, PLAIN)]
    expect(await Promise.all(answers.map(async a => [a.status, await codeOf(a)]))).toEqual([
      [401, 'badge-refused'],
      [401, 'badge-refused'],
    ])
  })

  it('end when the badge is reported lost, within a second, and it opens nothing then', async () => {
    expect((await patiently(station, PIN, SECOND)).status).toBe(200)
    await hub.vigie('badge', 'lost', SECOND)
    await until('the session is dead', async () => (await station.me()) === undefined, 2_000)
    expect((await door.badge(SECOND, 'door')).granted).toBe(false)
  })

  it('end two minutes after the last request, and at a restart of the hub', async () => {
    expect((await patiently(station)).status).toBe(200)
    const looking = station.look((await station.look()).number)
    change(db =>
      run(
        db,
        sql
          .updateTable('session')
          .set({ seen_at: Date.now() - 121_000 })
          .where('station', '=', 'door-1'),
      ),
    )
    expect((await looking).signedIn).toBeUndefined()
    expect(await station.me()).toBeUndefined()
    expect((await patiently(station)).status).toBe(200)
    await hub.end()
    await hub.start()
    expect((await station.look()).paired).toBe(true)
    expect(await station.me()).toBeUndefined()
  })
})

function change(work: (db: ReturnType<typeof openDatabase>) => void): void {
  const db = openDatabase(openFolder(hub.dir, ''))
  work(db)
  db.close()
}
