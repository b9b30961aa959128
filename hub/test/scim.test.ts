/** A directory provisions a whole hub by SCIM: users, groups, what they open, and how they leave, as Entra ID and Okta do it. */
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GrantList, OperatorView, Problem } from '../api.ts'
import { NURSE, TestDevice, until } from './harness.ts'
import { ENTERPRISE, ERROR, GROUPS, LIST, type Resource, ScimStage, USER } from './scim-stage.ts'

const SLOW_START_MS = 180_000
const PATIENT = { timeout: 60_000 }
const HOUR = 3_600_000
const stage = new ScimStage()
const { hub } = stage
const door = new TestDevice('door-1', 'test-site')

beforeAll(async () => {
  await stage.start()
  await door.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  await door.close()
  await stage.close()
})

const operator = (login: string): Promise<OperatorView> => hub.get<OperatorView>(`/api/v1/operators/${login}`)
const hasAccount = async (login: string): Promise<boolean> =>
  (await hub.admin.fetch(`/api/v1/operators/${login}`)).status === 200
let badges = 0
/** Nurses get in at the hall's door. */
const badgeFor = async (person: string): Promise<string> => {
  badges += 1
  const uid = `04BB00000000${String(badges).padStart(2, '0')}`
  await stage.badge(uid, person)
  return uid
}
const opens = async (uid: string): Promise<boolean> => (await door.badge(uid, 'door')).granted

describe('a user', PATIENT, () => {
  it('is a person of the site, with the name of the directory and no rights yet', async () => {
    const seq = await stage.newest()
    const made = await stage.directory.ask('POST', '/Users', {
      schemas: [USER, ENTERPRISE],
      userName: 'Zoé.Lemoine@chu.example',
      externalId: 'ext-1',
      displayName: 'Zoé Lemoine',
      name: { givenName: 'Zoé', familyName: 'Lemoine' },
      emails: [{ value: 'zoe@chu.example', type: 'work', primary: true }],
      active: true,
      password: 'not-to-be-kept-4711',
      [ENTERPRISE]: { department: 'Urgences' },
    })
    expect(made.status).toBe(201)
    expect(made.headers.get('content-type')).toContain('application/scim+json')
    expect(made.headers.get('location')).toContain(`/scim/v2/Users/${made.body.id}`)
    expect(made.body).toMatchObject({ userName: 'Zoé.Lemoine@chu.example', externalId: 'ext-1', active: true })
    expect(JSON.stringify(made.body)).not.toContain('4711')
    expect(await stage.person('zoe-lemoine')).toEqual({ id: 'zoe-lemoine', name: 'Zoé Lemoine', roles: [] })
    const read = await stage.directory.does('GET', `/Users/${made.body.id}`)
    expect(read).toEqual(made.body)
    const told = await stage.rowsAfter(seq)
    expect(told.find(e => e.kind === 'rights.changed')).toMatchObject({ origin: expect.stringMatching(/^directory:/) })
    expect(JSON.stringify(told)).not.toMatch(/lemoine@|zoe@chu/i)
  })

  it('is found by the filters of directories, and a second one of the same name is refused', async () => {
    const { directory } = stage
    const one = await directory.user('ana.ruiz@chu.example', { externalId: 'ext-ana' })
    for (const filter of ['userName eq "ANA.ruiz@chu.example"', 'externalId eq "ext-ana"', `id eq "${one.id}"`])
      expect((await directory.find('Users', filter)).Resources.map(r => r.id)).toEqual([one.id])
    expect((await directory.find('Users', 'userName sw "ana." and active eq true')).totalResults).toBe(1)
    expect(await directory.find('Users', 'userName eq "nobody@chu.example"')).toMatchObject({
      ...{ schemas: [LIST], totalResults: 0, Resources: [] },
    })
    const again = await directory.ask('POST', '/Users', { schemas: [USER], userName: 'Ana.Ruiz@CHU.example' })
    expect([again.status, again.body.scimType, again.body.schemas]).toEqual([409, 'uniqueness', [ERROR]])
    const part = await directory.find('Users', `id eq "${one.id}"`, '&attributes=userName')
    expect(Object.keys(part.Resources[0] ?? {}).toSorted()).toEqual(['id', 'schemas', 'userName'])
  })

  it('of the same name as somebody of the site is that person; somebody else of that id keeps it', async () => {
    const one = await stage.directory.user('c.marchand@chu.example', { displayName: 'C. Marchand' })
    expect(await stage.person('c-marchand')).toMatchObject({ name: 'C. Marchand', roles: ['nurse'] })
    expect(await opens(NURSE)).toBe(true)
    await stage.directory.patch(`/Users/${one.id}`, { op: 'replace', path: 'title', value: 'IDE' })
    expect(await opens(NURSE)).toBe(true)
    const group = await stage.directory.group('Brancardage', [one.id])
    expect(await stage.person('c-marchand')).toMatchObject({ roles: ['visitor'] })
    expect(await opens(NURSE)).toBe(false)
    await stage.directory.patch(`/Groups/${group.id}`, { op: 'replace', path: 'displayName', value: 'Soins' })
    expect(await opens(NURSE)).toBe(true)
    await stage.directory.does('DELETE', `/Groups/${group.id}`)
    expect(await stage.person('c-marchand')).toMatchObject({ roles: [] })
    await stage.directory.group('Soins', [one.id])
    expect(await opens(NURSE)).toBe(true)
    await stage.directory.does('DELETE', `/Users/${one.id}`)
    expect(await opens(NURSE)).toBe(false)
    await stage.directory.user('t.ferrand@chu.example', { displayName: 'Thérèse Ferrand-Aubert' })
    expect(await stage.person('t-ferrand')).toMatchObject({ name: 'T. Ferrand' })
    expect(await stage.person('t-ferrand-2')).toMatchObject({ name: 'Thérèse Ferrand-Aubert', roles: [] })
  })

  it('is put whole, by the version that was seen', async () => {
    const { directory } = stage
    const { id } = await directory.user('put.me@chu.example')
    const version = (await directory.ask('GET', `/Users/${id}`)).headers.get('etag') ?? ''
    const body = { schemas: [USER], userName: 'put.me@chu.example', displayName: 'Mise À Jour', active: true }
    const put = await directory.ask('PUT', `/Users/${id}`, body, { 'if-match': version })
    expect([put.status, put.body.displayName, put.body.name]).toEqual([200, 'Mise À Jour', undefined])
    expect(await stage.person('put-me')).toMatchObject({ name: 'Mise À Jour' })
    const late = await directory.ask('PUT', `/Users/${id}`, body, { 'if-match': version })
    expect([late.status, late.body.schemas]).toEqual([412, [ERROR]])
  })
})

describe('a group', PATIENT, () => {
  it('gives its members the roles of the site at once, and takes them', async () => {
    const { directory } = stage
    const { id: user } = await directory.user('ines.roy@chu.example')
    const uid = await badgeFor('ines-roy')
    expect(await opens(uid)).toBe(false)
    const seq = await stage.newest()
    const group = await directory.group('Soins', [user])
    expect(await stage.person('ines-roy')).toMatchObject({ roles: ['nurse'] })
    expect(await opens(uid)).toBe(true)
    expect((await stage.rowsAfter(seq)).find(e => e.kind === 'directory.group-changed')).toMatchObject({
      ...{ added: 1, removed: 0, group: group.id },
    })
    const gone = await directory.patch(`/Groups/${group.id}`, { op: 'remove', path: `members[value eq "${user}"]` })
    expect(gone.status).toBeLessThan(300)
    expect(await opens(uid)).toBe(false)
    await directory.patch(`/Groups/${group.id}`, { op: 'Add', path: 'members', value: [{ value: user }] })
    expect(await opens(uid)).toBe(true)
    await directory.patch(`/Groups/${group.id}`, { op: 'replace', path: 'members', value: [] })
    expect(await opens(uid)).toBe(false)
    await directory.patch(`/Groups/${group.id}`, { op: 'add', value: { members: [{ value: user }] } })
    await directory.does('DELETE', `/Groups/${group.id}`)
    expect(await opens(uid)).toBe(false)
  })

  it('gives an account its role and zones, follows both, and ends it', async () => {
    const { directory } = stage
    const { id: user } = await directory.user('omar.sy@chu.example')
    expect(await hasAccount('omar.sy@chu.example')).toBe(false)
    const heads = await directory.group('Cadres', [user])
    expect(await operator('omar.sy@chu.example')).toMatchObject({
      ...{ role: 'ward-manager', zones: ['ward'], status: 'active', external: true, person: 'omar-sy' },
    })
    const it_ = await directory.group('Vigie IT', [user])
    expect(await operator('omar.sy@chu.example')).toMatchObject({ role: 'it' })
    await directory.does('DELETE', `/Groups/${it_.id}`)
    expect(await operator('omar.sy@chu.example')).toMatchObject({ role: 'ward-manager' })
    await directory.patch(`/Groups/${heads.id}`, { op: 'Remove', path: 'members', value: [{ value: user }] })
    expect(await operator('omar.sy@chu.example')).toMatchObject({ status: 'disabled' })
    await directory.patch(`/Groups/${heads.id}`, { op: 'Add', path: 'members', value: [{ value: user }] })
    expect(await operator('omar.sy@chu.example')).toMatchObject({ status: 'active' })
    await directory.does('DELETE', `/Groups/${heads.id}`)
  })

  it('never touches an account that was made in Vigie', async () => {
    const local = await hub.signInAs('security')
    const { id: user } = await stage.directory.user(local.who.login)
    const group = await stage.directory.group('Vigie IT', [user])
    expect(await operator(local.who.login)).toMatchObject({ role: 'security', external: false, status: 'active' })
    await stage.directory.does('DELETE', `/Users/${user}`)
    expect(await operator(local.who.login)).toMatchObject({ role: 'security', status: 'active' })
    expect((await local.fetch('/api/v1/site')).status).toBe(200)
    await stage.directory.does('DELETE', `/Groups/${group.id}`)
  })

  it('is listed with its members, and by them', async () => {
    const { directory } = stage
    const { id } = await directory.user('pia.vol@chu.example')
    const group = await directory.group('Brancardage', [id])
    const read = await directory.does('GET', `/Groups/${group.id}`)
    expect(read.members?.map(m => m.value)).toEqual([id])
    const light = await directory.find('Groups', 'displayName eq "brancardage"', '&excludedAttributes=members')
    expect([light.totalResults, light.Resources[0]?.members]).toEqual([1, undefined])
    const by = await directory.find('Groups', `members.value eq "${id}" and id eq "${group.id}"`)
    expect(by.totalResults).toBe(1)
    const { groups } = (await directory.does('GET', `/Users/${id}`)) as unknown as { groups: { value: string }[] }
    expect(groups.map(g => g.value)).toEqual([group.id])
    const odd = await directory.ask('POST', '/Groups', { displayName: 'X', members: [{ value: 'nobody' }] })
    expect([odd.status, odd.body.scimType]).toEqual([400, 'invalidValue'])
  })
})

describe('a leaver', PATIENT, () => {
  const leaver = async (userName: string): Promise<{ user: Resource; uid: string; person: string }> => {
    const user = await stage.directory.user(userName)
    const person = userName.split('@')[0]?.replace('.', '-') ?? ''
    return { user, uid: await badgeFor(person), person }
  }

  it.each([
    ['Entra ID', 'eva.entra@chu.example', { op: 'Replace', path: 'active', value: 'False' }],
    ['Okta', 'oda.okta@chu.example', { op: 'replace', value: { active: false } }],
  ])(
    'of %s: badge, grant and PIN end within a second, and a return gives no badge back',
    async (_, name, operation) => {
      const { directory } = stage
      const { user, uid, person } = await leaver(name)
      const group = await directory.group('Soins', [user.id])
      expect(await opens(uid)).toBe(true)
      await hub.admin.ask('PUT', `/api/v1/people/${person}/pin`, { pin: '7294' })
      const from = Date.now()
      await hub.admin.post('/api/v1/grants', { person, origin: 'shift', from, until: from + HOUR })
      const seq = await stage.newest()
      const began = performance.now()
      const patched = await directory.patch(`/Users/${user.id}`, operation)
      expect([patched.status, patched.body.active]).toEqual([200, false])
      expect(await opens(uid)).toBe(false)
      expect(performance.now() - began).toBeLessThan(1_000)
      const { grants } = await hub.admin.get<GrantList>('/api/v1/grants')
      expect(grants.filter(g => g.person === person)).toEqual([])
      const told = await stage.rowsAfter(seq)
      expect(told.filter(e => e.kind === 'person.departed')).toEqual([
        expect.objectContaining({ badges: 1, grants: 1, by: expect.stringMatching(/^directory:/) }),
      ])
      expect(told.some(e => e.kind === 'pin.cleared')).toBe(true)
      expect((await stage.person(person))?.validUntil).toBeDefined()
      await directory.patch(`/Users/${user.id}`, { op: 'replace', path: 'active', value: true })
      const back = await stage.person(person)
      expect([back?.validUntil, back?.roles]).toEqual([undefined, ['nurse']])
      expect(await opens(uid)).toBe(false)
      expect(await opens(await badgeFor(person))).toBe(true)
      await directory.does('DELETE', `/Groups/${group.id}`)
    },
  )

  it('with an account loses it, and gets it back on return', async () => {
    const { directory } = stage
    const { user } = await leaver('lou.petit@chu.example')
    const group = await directory.group('Vigie IT', [user.id])
    await directory.patch(`/Users/${user.id}`, { op: 'replace', path: 'active', value: false })
    expect(await operator('lou.petit@chu.example')).toMatchObject({ status: 'disabled' })
    await directory.patch(`/Users/${user.id}`, { op: 'replace', path: 'active', value: true })
    expect(await operator('lou.petit@chu.example')).toMatchObject({ status: 'active', role: 'it' })
    await hub.admin.stepUp()
    const { revision } = await operator('lou.petit@chu.example')
    await hub.admin.fetch('/api/v1/operators/lou.petit@chu.example', {
      ...{ method: 'PATCH', headers: { 'if-match': `"${revision}"` } },
      body: JSON.stringify({ status: 'disabled', reason: 'à la main' }),
    })
    await directory.patch(`/Users/${user.id}`, { op: 'replace', path: 'displayName', value: 'Lou P.' })
    expect(await operator('lou.petit@chu.example')).toMatchObject({ status: 'disabled' })
    await directory.does('DELETE', `/Groups/${group.id}`)
  })

  it('who is deleted is not found, and the person stays with an end', async () => {
    const { directory } = stage
    const { user, uid, person } = await leaver('del.eted@chu.example')
    const group = await directory.group('Soins', [user.id])
    expect(await opens(uid)).toBe(true)
    expect((await directory.ask('DELETE', `/Users/${user.id}`)).status).toBe(204)
    expect(await opens(uid)).toBe(false)
    expect((await stage.person(person))?.validUntil).toBeDefined()
    const gone = await directory.ask('GET', `/Users/${user.id}`)
    expect([gone.status, gone.body.schemas, gone.body.status]).toEqual([404, [ERROR], '404'])
    expect((await directory.ask('DELETE', `/Users/${user.id}`)).status).toBe(404)
    const again = await directory.user('del.eted@chu.example')
    expect(again.id).not.toBe(user.id)
    expect(await stage.person(person)).not.toHaveProperty('validUntil')
    expect(await opens(uid)).toBe(false)
    await directory.does('DELETE', `/Groups/${group.id}`)
  })
})

describe('who asks', PATIENT, () => {
  it('is a token of an administrator with directory.sync, and nobody else', async () => {
    for (const headers of [{}, { authorization: 'Bearer vigie_no' }]) {
      const answer = await fetch(`${hub.origin}/scim/v2/Users`, { headers })
      expect(answer.status).toBe(401)
      expect(((await answer.json()) as { schemas?: string[] }).schemas).toEqual([ERROR])
    }
    const { token } = await hub.admin.post<{ token: string }>('/api/v1/tokens', {
      ...{ name: 'x', capabilities: ['events.read'], expiresAt: Date.now() + HOUR },
    })
    const other = await fetch(`${hub.origin}/scim/v2/Users`, { headers: { authorization: `Bearer ${token}` } })
    expect(other.status).toBe(403)
    expect((await hub.admin.fetch('/scim/v2/Users')).status).toBeGreaterThanOrEqual(401)
    const it_ = await hub.signInAs('it')
    const wish = { name: 'x', capabilities: ['directory.sync'], expiresAt: Date.now() + HOUR }
    const refused = await it_.fetch('/api/v1/tokens', { method: 'POST', body: JSON.stringify(wish) })
    expect([refused.status < 500, refused.ok]).toEqual([true, false])
    expect(((await refused.json()) as Problem).code).toBeDefined()
  })

  it('is told what there is', async () => {
    const config = await stage.directory.does('GET', '/ServiceProviderConfig')
    expect(config).toMatchObject({
      ...{ patch: { supported: true }, bulk: { supported: false }, filter: { supported: true } },
      ...{ etag: { supported: true }, changePassword: { supported: false } },
    })
    for (const path of ['/ResourceTypes', '/Schemas']) {
      const { Resources } = await stage.directory.does('GET', path)
      expect(Resources.length).toBeGreaterThan(1)
      for (const { id } of Resources) expect((await stage.directory.ask('GET', `${path}/${id}`)).body.id).toBe(id)
    }
  })
})

describe('sessions', PATIENT, () => {
  it('of a leaver and their sockets end with it', async () => {
    const { directory } = stage
    const seat = await hub.signInAs('it')
    const { id } = await directory.user('mia.local@chu.example')
    await hub.admin.stepUp()
    await hub.admin.ask('PUT', `/api/v1/operators/${seat.who.login}/person`, { person: 'mia-local' })
    const socket = await new Promise<Socket>(resolve => {
      const opened = io(hub.origin, {
        ...{ transports: ['websocket'], forceNew: true, reconnection: false },
        extraHeaders: { origin: hub.origin, cookie: seat.cookie },
      })
      opened.once('hello', () => resolve(opened))
    })
    await directory.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })
    // An account that was made in Vigie is not the directory's: `vigie person leave` ends it.
    expect((await seat.fetch('/api/v1/site')).status).toBe(200)
    await hub.vigie('person', 'leave', 'mia-local', '--reason', 'Fin de contrat')
    await until('the socket is closed', () => !socket.connected, 1_500)
    expect((await seat.fetch('/api/v1/site')).status).toBe(401)
  })
})

it(
  'an entry that is gone from the file of groups gives nothing any more, and a new one gives at once',
  PATIENT,
  async () => {
    const { directory } = stage
    const users = await Promise.all(['fay.old', 'gil.new', 'hal.both'].map(n => directory.user(`${n}@chu.example`)))
    const [fay = '', gil = '', hal = ''] = users.map(u => u.id)
    await directory.group('Soins', [fay, hal])
    await directory.group('Renfort', [gil])
    await directory.group('Vigie IT', [hal])
    expect((await stage.person('fay-old'))?.roles).toEqual(['nurse'])
    const groups = [{ group: 'Renfort', roles: ['nurse'] }, ...GROUPS.groups.filter(g => !/Soins|IT/.test(g.group))]
    await stage.restartWith({ groups })
    await until('the new entry counts', async () => (await stage.person('gil-new'))?.roles.includes('nurse'))
    await until('the old one does not', async () => (await stage.person('fay-old'))?.roles.length === 0)
    await until('nor for the account', async () => (await operator('hal.both@chu.example')).status === 'disabled')
    await stage.restartWith({ groups: [{ group: 'Soins', operator: { role: 'king' } }] })
    const refused = await directory.ask('PATCH', `/Users/${fay}`, {
      Operations: [{ op: 'replace', path: 'displayName', value: 'Fay' }],
    })
    expect([refused.status, refused.body.schemas]).toEqual([503, [ERROR]])
    expect((await directory.patch(`/Users/${fay}`, { op: 'replace', path: 'active', value: false })).status).toBe(200)
    expect((await stage.person('fay-old'))?.validUntil).toBeDefined()
  },
)
