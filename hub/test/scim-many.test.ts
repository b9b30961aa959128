/** A directory of a thousand users, one that misbehaves, and one that is cut short. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperatorView } from '../api.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { NURSE, TestDevice, until } from './harness.ts'
import { ERROR, GROUP, PATCH, ScimStage, TestDirectory, USER } from './scim-stage.ts'

const SLOW_START_MS = 180_000
const PATIENT = { timeout: 180_000 }
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

describe('a thousand users', PATIENT, () => {
  const ids: string[] = []

  it('come in, are listed by the page and put into a group at once, while doors go on', async () => {
    const { directory } = stage
    for (let from = 0; from < 1_000; from += 50) {
      const many = Array.from({ length: 50 }, (_, i) => directory.user(`user.n${from + i}@chu.example`))
      ids.push(...(await Promise.all(many)).map(u => u.id))
    }
    expect(new Set(ids).size).toBe(1_000)
    const seen: string[] = []
    for (let start = 1; ; ) {
      const page = await directory.does('GET', `/Users?startIndex=${start}&count=150`)
      seen.push(...page.Resources.map(r => r.id))
      start += page.itemsPerPage
      if (page.itemsPerPage === 0 || start > page.totalResults) break
    }
    expect(seen.toSorted()).toEqual(ids.toSorted())
    expect((await directory.find('Users', 'userName co ".n99"')).totalResults).toBe(11)
    const { id } = await directory.group('Soins')
    let adding = true
    const put = directory
      .patch(`/Groups/${id}`, { op: 'add', path: 'members', value: ids.map(value => ({ value })) })
      .finally(() => {
        adding = false
      })
    const waits: number[] = []
    while (adding) {
      const began = performance.now()
      expect((await door.badge(NURSE, 'door')).granted).toBe(true)
      waits.push(performance.now() - began)
    }
    expect((await put).status).toBeLessThan(300)
    expect(Math.max(...waits)).toBeLessThan(2_000)
    expect(await stage.person('user-n999')).toMatchObject({ roles: ['nurse'] })
    expect((await directory.does('GET', `/Groups/${id}`)).members).toHaveLength(1_000)
    expect((await directory.ask('DELETE', `/Groups/${id}`)).status).toBe(204)
    expect(await stage.person('user-n0')).toMatchObject({ roles: [] })
  })

  it('of one part before the @ are as many people', async () => {
    const { directory } = stage
    await Promise.all(['a', 'b', 'c'].map(house => directory.user(`jean.dupont@${house}.example`)))
    const people = await Promise.all(['jean-dupont', 'jean-dupont-2', 'jean-dupont-3'].map(id => stage.person(id)))
    expect(new Set(people.map(p => p?.name)).size).toBe(3)
  })
})

describe('a directory that misbehaves', PATIENT, () => {
  const errors = async (method: string, path: string, body?: unknown): Promise<readonly [number, unknown, unknown]> => {
    const answer = await stage.directory.ask(method, path, body)
    expect([path, answer.body.schemas]).toEqual([path, [ERROR]])
    expect(answer.headers.get('content-type')).toContain('application/scim+json')
    return [answer.status, answer.body.scimType, answer.body.status]
  }

  it.each([
    ['no JSON', '{"userName":', [400, 'invalidSyntax', '400']],
    ['a list', [], [400, 'invalidValue', '400']],
    ['nobody', { schemas: [USER] }, [400, 'invalidValue', '400']],
    ['an odd flag', { userName: 'odd@x', active: 'maybe' }, [400, 'invalidValue', '400']],
    ['an object as a name', { userName: { a: 1 } }, [400, 'invalidValue', '400']],
    ['a very long name', { userName: 'x'.repeat(500) }, [400, 'invalidValue', '400']],
    ['line breaks', { userName: 'a\nb' }, [400, 'invalidValue', '400']],
  ])('as a user sends %s: refused', async (_, body, told) => {
    expect(await errors('POST', '/Users', body)).toEqual(told)
  })

  it('is refused with words, never with an error of the hub', async () => {
    const { id } = await stage.directory.user('some.body@chu.example')
    expect((await errors('GET', '/Users/..%2f..%2fetc'))[0]).toBe(404)
    for (const path of ['/Me', '/Bulk', '/../etc', '/'])
      expect((await stage.directory.ask('GET', path)).status).toBe(404)
    expect((await errors('GET', '/Users?filter=drop'))[1]).toBe('invalidFilter')
    expect((await errors('GET', '/Users?count=x'))[0]).toBe(400)
    expect((await errors('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations: [] }))[1]).toBe('invalidValue')
    const odd = { schemas: [PATCH], Operations: [{ op: 'replace', path: 'shoeSize', value: 1 }] }
    expect((await errors('PATCH', `/Users/${id}`, odd))[1]).toBe('invalidPath')
    expect((await errors('POST', '/Groups', { schemas: [GROUP] }))[1]).toBe('invalidValue')
    expect((await errors('DELETE', '/Groups/nothing'))[0]).toBe(404)
    const deep = `{"userName":"deep@x","name":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`
    expect((await stage.directory.ask('POST', '/Users', deep)).status).toBeLessThan(500)
    const large = JSON.stringify({ userName: 'large@x', title: 'x'.repeat(200_000) })
    expect((await errors('POST', '/Users', large))[0]).toBe(413)
    expect(hub.log.filter(line => line.msg === 'a request failed')).toEqual([])
  })

  it('does not end the last administrator, and nothing of the request is done', async () => {
    const login = 'solo.admin@chu.example'
    const { id } = await stage.directory.user(login)
    const group = await stage.directory.group('Vigie Admins', [id])
    const until_ = new Date(Date.now() + 86_400_000).toISOString()
    const own = ['token', 'create', login, '--name', 'x', '--may', 'directory.sync', '--until', until_]
    const { token } = await hub.vigieJson<{ token: string }>(...own)
    await hub.vigie('operator', 'disable', 'b.kessler', '--reason', 'essai')
    const gone = await stage.directory.ask('GET', '/Users')
    expect([gone.status, gone.body.schemas]).toEqual([401, [ERROR]])
    const alone = new TestDirectory(hub, token)
    const end = { op: 'replace', path: 'active', value: false }
    const [left, deleted] = [await alone.patch(`/Users/${id}`, end), await alone.ask('DELETE', `/Users/${id}`)]
    const dropped = await alone.patch(`/Groups/${group.id}`, { op: 'replace', path: 'members', value: [] })
    for (const { status, body } of [left, deleted, dropped])
      expect([status, body.schemas, body.detail]).toEqual([409, [ERROR], expect.stringContaining(login)])
    expect((await alone.does('GET', `/Users/${id}`)).active).toBe(true)
    expect((await alone.does('GET', `/Groups/${group.id}`)).members).toHaveLength(1)
    await hub.vigie('operator', 'enable', 'b.kessler', '--reason', 'essai')
    await hub.admin.signIn()
    expect(await hub.admin.get<OperatorView>(`/api/v1/operators/${login}`)).toMatchObject({ status: 'active' })
    expect(await stage.person('solo-admin')).not.toHaveProperty('validUntil')
  })
})

describe('while the journal cannot be written', PATIENT, () => {
  it('a leaver of the directory is out all the same, and the directory asks again', async () => {
    const directory = await TestDirectory.connect(hub)
    const { id } = await directory.user('out.now@chu.example')
    const group = await directory.group('Soins', [id])
    await stage.badge('04CC0000000001', 'out-now')
    expect((await door.badge('04CC0000000001', 'door')).granted).toBe(true)
    const holder = openDatabase(openFolder(hub.dir, ''))
    holder.exec('begin exclusive')
    try {
      const answer = await directory.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })
      expect([answer.status, answer.body.schemas]).toEqual([503, [ERROR]])
      expect((await door.badge('04CC0000000001', 'door')).granted).toBe(false)
    } finally {
      holder.exec('rollback')
      holder.close()
    }
    await until(
      'the directory is heard',
      async () =>
        (await directory.patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })).status === 200,
      20_000,
    )
    expect((await stage.person('out-now'))?.validUntil).toBeDefined()
    expect((await door.badge('04CC0000000001', 'door')).granted).toBe(false)
    await directory.does('DELETE', `/Groups/${group.id}`)
  })
})
