/** Somebody leaves a whole hub, over HTTP and from the command line: what they could come in by ends at once. */
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DepartureDone, GrantList, OperatorView, Problem, SiteItem, TokenMade } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { EventReader } from './event-reader.ts'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'
import type { Seat } from './seat.ts'

const SLOW_START_MS = 180_000
const PATIENT = { timeout: 60_000 }
const HOUR = 3_600_000
const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000' })
const door = new TestDevice('door-1', 'test-site')
const PEOPLE = ['ida', 'jan', 'kim', 'lou', 'mia', 'ned']
const uidOf = (person: string): string => `04AA0000000${PEOPLE.indexOf(person)}`

const site = () => {
  const base = smallSite()
  return {
    ...base,
    people: [...base.people, ...PEOPLE.map(id => ({ id, name: id.toUpperCase(), roles: ['nurse'] }))],
    badges: [...base.badges, ...PEOPLE.map(person => ({ uid: uidOf(person), person, status: 'active' as const }))],
  }
}

beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await door.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  await door.close()
  await hub.close()
})

const leaving = (person: string, who: Seat = hub.admin, reason = 'Fin de contrat'): Promise<Response> =>
  who.fetch(`/api/v1/people/${person}/departure`, { method: 'POST', body: JSON.stringify({ reason }) })
const leave = async (person: string): Promise<DepartureDone> => {
  const answer = await leaving(person)
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as DepartureDone
}
const link = async (seat: Seat, person: string): Promise<void> => {
  await hub.admin.stepUp()
  await hub.admin.ask('PUT', `/api/v1/operators/${seat.who.login}/person`, { person })
}
const codeOf = async (answer: Response): Promise<readonly [number, string]> => [
  answer.status,
  ((await answer.json()) as Problem).code,
]
const rows = async (from: number): Promise<VigieEvent[]> =>
  (await hub.journal(5_000)).filter(r => r.seq > from).map(r => r.event)
const newest = async (): Promise<number> => (await hub.journal(1)).at(-1)?.seq ?? 0
const badge = async (uid: string) => (await hub.admin.get<SiteItem>(`/api/v1/site/items/badge/${uid}`)).item
const itemOf = (id: string) => hub.admin.get<SiteItem>(`/api/v1/site/items/person/${id}`)
const open = (cookie: string): Promise<Socket> =>
  new Promise(resolve => {
    const socket = io(hub.origin, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false },
      extraHeaders: { origin: hub.origin, cookie },
    })
    socket.once('hello', () => resolve(socket))
  })

describe('somebody who leaves', PATIENT, () => {
  it('has no badge, no temporary access, no PIN, no session, no token and no socket within a second', async () => {
    const seat = await hub.signInAs('it')
    await link(seat, 'ida')
    const { token } = await seat.post<TokenMade>('/api/v1/tokens', {
      ...{ name: 'x', capabilities: ['events.read'], expiresAt: Date.now() + 24 * HOUR },
    })
    await hub.admin.ask('PUT', '/api/v1/people/ida/pin', { pin: '7294' })
    const from = Date.now()
    await hub.admin.post('/api/v1/grants', { person: 'ida', origin: 'shift', from, until: from + HOUR })
    const socket = await open(seat.cookie)
    const reader = await EventReader.open(`${hub.origin}/api/v1/events/stream`, { authorization: `Bearer ${token}` })
    expect(await door.badge(uidOf('ida'), 'door')).toMatchObject({ granted: true })
    const seq = await newest()
    const closed = new Promise<number>(resolve => socket.once('disconnect', () => resolve(performance.now())))
    const began = performance.now()
    const done = await leave('ida')
    expect(done).toMatchObject({ person: 'ida', badges: 1, grants: 1, accounts: 1, recorded: 'journal' })
    expect(await door.badge(uidOf('ida'), 'door')).toMatchObject({ granted: false, reason: 'badge-revoked' })
    expect((await seat.fetch('/api/v1/site')).status).toBe(401)
    const asked = await fetch(`${hub.origin}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } })
    expect(asked.status).toBe(401)
    expect((await closed) - began).toBeLessThan(1_000)
    await until('the stream is cut', () => reader.closed, 1_000 - (performance.now() - began))
    expect((await hub.admin.get<GrantList>('/api/v1/grants')).grants.filter(g => g.person === 'ida')).toEqual([])
    const { status } = await hub.admin.get<OperatorView>(`/api/v1/operators/${seat.who.login}`)
    expect(status).toBe('disabled')
    expect(await badge(uidOf('ida'))).toMatchObject({ status: 'revoked' })
    const told = await rows(seq)
    expect(told.filter(e => e.kind === 'person.departed')).toEqual([
      expect.objectContaining({ badges: 1, grants: 1, statedReason: 'Fin de contrat', operator: expect.any(String) }),
    ])
    for (const kind of ['grant.revoked', 'pin.cleared', 'operator.changed', 'token.revoked'])
      expect(told.filter(e => e.kind === kind)).toHaveLength(1)
  })

  it('a second time has nothing left, and no second row', async () => {
    await leave('jan')
    const seq = await newest()
    expect(await leave('jan')).toMatchObject({ badges: 0, grants: 0, accounts: 0 })
    expect((await rows(seq)).filter(e => e.kind === 'person.departed')).toEqual([])
  })

  it('and comes back is valid again, with the old badge still revoked', async () => {
    await leave('kim')
    const { revision, item } = await itemOf('kim')
    const { validUntil, ...person } = item as { validUntil?: string }
    expect(Date.parse(validUntil ?? '')).toBeLessThanOrEqual(Date.now())
    const back = await hub.admin.fetch('/api/v1/site/items/person/kim', {
      ...{ method: 'PUT', headers: { 'if-match': `"${revision}"` } },
      body: JSON.stringify(person),
    })
    expect(back.status).toBe(200)
    expect(await door.badge(uidOf('kim'), 'door')).toMatchObject({ granted: false, reason: 'badge-revoked' })
  })

  it('from the command line', async () => {
    const text = await hub.vigie('person', 'leave', 'lou', '--reason', 'Retraite')
    expect(text).toContain('LOU has left: 1 badge(s), 0 grant(s) and 0 account(s) ended.')
    expect(await door.badge(uidOf('lou'), 'door')).toMatchObject({ granted: false })
    const told = (await hub.journal(50)).map(r => r.event).filter(e => e.kind === 'person.departed')
    expect(told.at(-1)).toMatchObject({ by: expect.stringMatching(/^cli:/), statedReason: 'Retraite' })
    expect((await hub.vigieFails('person', 'leave', 'lou')).stderr).toContain('--reason')
  })
})

describe('it is refused', PATIENT, () => {
  it('for the last administrator, and then nothing has ended', async () => {
    const other = await hub.signInAs('it')
    await hub.vigie('operator', 'link', 'b.kessler', 'mia')
    expect(await codeOf(await leaving('mia', other))).toEqual([409, 'operator-last'])
    expect(await door.badge(uidOf('mia'), 'door')).toMatchObject({ granted: true })
    expect((await hub.admin.fetch('/api/v1/site')).status).toBe(200)
  })

  it('about oneself, for somebody unknown, and for whoever may not', async () => {
    const seat = await hub.signInAs('it')
    await link(seat, 'ned')
    expect(await codeOf(await leaving('ned', seat))).toEqual([403, 'operator-own'])
    expect((await codeOf(await leaving('nobody')))[1]).toBe('person-unknown')
    for (const role of ['nurse', 'ward-manager', 'security', 'auditor', 'data-protection'] as const)
      expect(await codeOf(await leaving('ned', await hub.signInAs(role)))).toEqual([403, 'not-allowed'])
    expect((await leaving('ned', hub.admin, '')).status).toBe(422)
  })
})

describe('while the journal cannot be written', PATIENT, () => {
  it('badges open nothing at once, and the rest follows with the row', async () => {
    const seat = await hub.signInAs('it')
    await link(seat, 'c-marchand')
    const wish = { name: 'x', capabilities: ['events.read'], expiresAt: Date.now() + HOUR }
    const { token } = await seat.post<TokenMade>('/api/v1/tokens', wish)
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${hub.origin}/api/v1/events`, { headers })).status).toBe(200)
    const holder = openDatabase(openFolder(hub.dir, ''))
    holder.exec('begin exclusive')
    try {
      expect(await door.badge(NURSE, 'door')).toMatchObject({ granted: true })
      const done = await leave('c-marchand')
      expect([done.revision, done.badges]).toEqual([undefined, 1])
      expect(['spool', 'pending']).toContain(done.recorded)
      expect(await door.badge(NURSE, 'door')).toMatchObject({ granted: false })
      expect((await seat.fetch('/api/v1/site')).status).toBe(401)
      // The store still calls the account active: nobody gets in with it all the same.
      expect((await fetch(`${hub.origin}/api/v1/events`, { headers })).status).toBe(401)
      await expect(seat.signIn()).rejects.toThrow()
    } finally {
      holder.exec('rollback')
      holder.close()
    }
    await until(
      'the row has come with the rest',
      async () => {
        const { status } = (await badge(NURSE)) as { status: string }
        return status === 'revoked'
      },
      20_000,
    )
    const { status } = await hub.admin.get<OperatorView>(`/api/v1/operators/${seat.who.login}`)
    expect(status).toBe('disabled')
    await hub.vigie('operator', 'enable', seat.who.login, '--reason', 'Retour')
    await until('the account counts again', () =>
      seat.signIn().then(
        () => true,
        () => false,
      ),
    )
    expect(await door.badge(VISITOR, 'door')).toMatchObject({ granted: false, reason: 'no-right' })
  })
})
