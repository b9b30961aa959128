/** Arrivals and departures on a whole hub: forms become tasks, tasks are done here or elsewhere, leavers leave by themselves. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobView, MovementFiled, MovementInvited, MovementList, MovementView, Problem, SiteItem } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { EventReader } from './event-reader.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'
import type { Seat } from './seat.ts'

const SLOW_START_MS = 180_000
const DAY = 86_400_000
const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000' })
const door = new TestDevice('door-1', 'test-site')
let it1: Seat
let manager: Seat

beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  it1 = await hub.signInAs('it')
  manager = await hub.signInAs('ward-manager')
  await door.connect(hub)
  const body = {
    name: 'Infirmière',
    roles: ['nurse'],
    account: { role: 'nurse' },
    equipment: ['Casier'],
    tasks: ['Visite'],
  }
  await it1.fetch('/api/v1/jobs/nurse', {
    method: 'PUT',
    headers: { 'if-none-match': '*' },
    body: JSON.stringify(body),
  })
}, SLOW_START_MS)
afterAll(async () => {
  await door.close()
  await hub.close()
})

const asked = async (seat: Seat, method: string, path: string, body?: object, headers = {}) => {
  const answer = await seat.fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return [answer.status, ((await answer.json()) as Problem).code] as const
}
const one = (id: string): Promise<MovementView> => it1.get<MovementView>(`/api/v1/movements/${id}`)
const openTasks = ({ tasks }: MovementView): string[] => tasks.filter(t => t.doneAt === undefined).map(t => t.id)
const arrives = (name: string, more: object = {}): Promise<MovementFiled> =>
  manager.post<MovementFiled>('/api/v1/movements/arrivals', { name, at: Date.now(), ...more })
const press = (id: string, what: string, body: object = {}, who = it1): Promise<MovementView> =>
  who.post<MovementView>(`/api/v1/movements/${id}/${what}`, body)
const rowsOf = async (id: string): Promise<VigieEvent[]> =>
  (await hub.journal(5_000)).map(r => r.event).filter(e => 'movement' in e && e.movement === id)

describe('an arrival', () => {
  it('goes from the form to done: each press does what its flow does anywhere else, and is ticked off by itself', async () => {
    const { movement } = await arrives('Zoé Lemaître', { job: 'nurse', equipment: ['Téléphone'], note: 'Nuit' })
    const { id } = movement
    expect([movement.person, openTasks(movement)]).toEqual([
      { id: 'zoe-lemaitre', name: 'Zoé Lemaître' },
      ['person', 'badge', 'account', 'equipment-1', 'equipment-2', 'other-1'],
    ])
    expect((await door.badge('04CC000001', 'door')).granted).toBe(false)
    await press(id, 'person')
    await press(id, 'badge', { uid: '04cc000001' })
    expect((await door.badge('04CC000001', 'door')).granted).toBe(true)
    await hub.admin.stepUp()
    const { invitation } = await hub.admin.post<MovementInvited>(`/api/v1/movements/${id}/account`, {
      login: 'z.lemaitre',
    })
    expect(invitation.link).toMatch(/^\/invitation#token=/)
    for (const task of ['equipment-1', 'equipment-2']) await press(id, `tasks/${task}`, { done: true })
    expect(await press(id, 'tasks/other-1', { done: true })).toMatchObject({ state: 'done' })
    const rows = await rowsOf(id)
    expect(rows.map(r => r.kind)).toEqual([
      'movement.filed',
      ...Array.from({ length: 6 }, () => 'movement.task-done'),
      'movement.done',
    ])
    expect(JSON.stringify(rows)).not.toMatch(/Lema|Zo/)
    expect(await asked(it1, 'POST', `/api/v1/movements/${id}/tasks/other-1`, { done: false })).toEqual([
      409,
      'movement-over',
    ])
  })

  it('sees what is done elsewhere', async () => {
    const { movement } = await arrives('Abel', { roles: ['nurse'] })
    const item = { id: 'abel', name: 'Abel', roles: ['nurse'] }
    const put = { method: 'PUT', headers: { 'if-none-match': '*' }, body: JSON.stringify(item) }
    expect((await it1.fetch('/api/v1/site/items/person/abel', put)).status).toBe(201)
    await until('the person is seen', async () => openTasks(await one(movement.id)).join() === 'badge', 40_000)
  })

  it('gives two of the same name two identifiers, and refuses one that is taken', async () => {
    const [first, second] = [await arrives('Eva Roux'), await arrives('Éva  ROUX')]
    expect([first.movement.person.id, second.movement.person.id]).toEqual(['eva-roux', 'eva-roux-2'])
    const body = { name: 'X', id: 'eva-roux', at: Date.now() }
    expect(await asked(manager, 'POST', '/api/v1/movements/arrivals', body)).toEqual([409, 'person-taken'])
  })

  it('that is cancelled takes its departure with it, and its reason is in the journal', async () => {
    const { movement, departure } = await arrives('Tom', { leavesAt: Date.now() + 30 * DAY })
    const reason = { reason: 'Ne vient pas' }
    expect(await manager.post(`/api/v1/movements/${movement.id}/cancel`, reason)).toMatchObject({ state: 'cancelled' })
    expect(await one(departure ?? '')).toMatchObject({ state: 'cancelled', direction: 'departure' })
    expect((await rowsOf(movement.id)).at(-1)).toMatchObject({
      kind: 'movement.cancelled',
      statedReason: 'Ne vient pas',
    })
    expect(await asked(it1, 'POST', `/api/v1/movements/${movement.id}/person`, {})).toEqual([409, 'movement-over'])
  })

  it('changes for whoever has seen it, and for nobody else', async () => {
    const { movement } = await arrives('Lise')
    const path = `/api/v1/movements/${movement.id}`
    const at = Date.now() + 3 * DAY
    expect(await asked(manager, 'PATCH', path, { at })).toEqual([428, 'precondition-required'])
    const patch = {
      method: 'PATCH',
      headers: { 'if-match': `"${movement.revision}"` },
      body: JSON.stringify({ at, note: 'Jour' }),
    }
    const changed = (await (await manager.fetch(path, patch)).json()) as MovementView
    expect([changed.at, changed.note, changed.tasks[0]?.dueAt]).toEqual([at, 'Jour', at])
    expect((await manager.fetch(path, patch)).status).toBe(412)
    expect((await rowsOf(movement.id)).at(-1)).toMatchObject({ kind: 'movement.changed', after: { at } })
  })
})

describe('a departure', () => {
  async function here(id: string, uid: string): Promise<void> {
    const { movement } = await arrives(id, { id, roles: ['nurse'], equipment: ['Clé'] })
    await press(movement.id, 'person')
    await press(movement.id, 'badge', { uid })
    await press(movement.id, 'tasks/equipment-1', { done: true })
    expect((await door.badge(uid, 'door')).granted).toBe(true)
  }
  const leaves = (person: string, at: number, who = manager): Promise<MovementView> =>
    who.post<MovementView>('/api/v1/movements/departures', { person, at })

  it('ends everything at its minute by itself, once, and lists what is to come back', async () => {
    await here('nora', '04CC0000A1')
    const { id, tasks } = await leaves('nora', Date.now() + 1_500)
    expect(tasks.map(t => [t.kind, t.label])).toEqual([
      ['return', undefined],
      ['equipment', 'Clé'],
      ['rights', undefined],
    ])
    const seen = await until('it is carried out', async () => {
      const now = await one(id)
      return now.carriedOutAt !== undefined && now
    })
    expect(openTasks(seen)).toEqual(['return-1', 'equipment-1'])
    expect((await door.badge('04CC0000A1', 'door')).granted).toBe(false)
    for (const task of ['return-1', 'equipment-1']) await press(id, `tasks/${task}`, { done: true })
    expect((await one(id)).state).toBe('done')
    const departed = (await hub.journal(5_000)).filter(r => r.event.kind === 'person.departed')
    expect(departed.filter(r => (r.event as { statedReason?: string }).statedReason === `movement ${id}`)).toHaveLength(
      1,
    )
  })

  it('of somebody whose hub was off over the minute happens when it is back, kill or not', async () => {
    await here('omar', '04CC0000A2')
    const { id } = await leaves('omar', Date.now() + 1_000)
    await door.close()
    await hub.end('SIGKILL')
    await new Promise(resolve => setTimeout(resolve, 1_100))
    const { httpPort, mqttPort, httpsPort } = hub.ready
    await hub.start({
      VIGIE_HTTP_PORT: `${httpPort}`,
      VIGIE_MQTT_PORT: `${mqttPort}`,
      VIGIE_HTTPS_PORT: `${httpsPort}`,
    })
    await until('it is carried out', async () => (await one(id)).carriedOutAt !== undefined)
    await door.connect(hub)
    expect((await door.badge('04CC0000A2', 'door')).granted).toBe(false)
  }, 60_000)

  it('can be pressed before its day; the card goes to somebody else then, and not before', async () => {
    await here('paul', '04CC0000A3')
    const { movement: next } = await arrives('Quentin', { id: 'quentin', roles: ['nurse'] })
    await press(next.id, 'person')
    const giving = { uid: '04CC0000A3' }
    expect(await asked(it1, 'POST', `/api/v1/movements/${next.id}/badge`, giving)).toEqual([409, 'badge-taken'])
    const { id } = await leaves('paul', Date.now() + 20 * DAY)
    const ended = await press(id, 'departure', { reason: 'Parti plus tôt' })
    expect(ended.carriedOutAt).toBeDefined()
    expect((await door.badge('04CC0000A3', 'door')).granted).toBe(false)
    expect((await press(next.id, 'badge', giving)).state).toBe('done')
    expect((await door.badge('04CC0000A3', 'door')).granted).toBe(true)
    const item = await it1.get<SiteItem>('/api/v1/site/items/badge/04CC0000A3')
    expect(item.item).toMatchObject({ person: 'quentin', status: 'active' })
  })

  it('is filed once, of somebody of the site, and of nobody by themselves', async () => {
    await here('rose', '04CC0000A4')
    await leaves('rose', Date.now() + DAY)
    const body = { person: 'rose', at: Date.now() + DAY }
    expect(await asked(manager, 'POST', '/api/v1/movements/departures', body)).toEqual([409, 'movement-open'])
    const nobody = { person: 'nobody', at: Date.now() + DAY }
    expect(await asked(manager, 'POST', '/api/v1/movements/departures', nobody)).toEqual([404, 'person-unknown'])
    await hub.admin.stepUp()
    await hub.admin.ask('PUT', `/api/v1/operators/${manager.who.login}/person`, { person: 'abel' })
    const own = { person: 'abel', at: Date.now() + DAY }
    expect((await asked(manager, 'POST', '/api/v1/movements/departures', own))[1]).toBe('operator-own')
  })
})

describe('who may', () => {
  it('file in their zones, and see nothing of the others', async () => {
    const ward = await hub.signInAs('ward-manager', ['ward'])
    const at = Date.now()
    const filed = await ward.post<MovementFiled>('/api/v1/movements/arrivals', { name: 'Sam', zone: 'ward', at })
    const { movements } = await ward.get<MovementList>('/api/v1/movements')
    expect(movements.map(m => m.id)).toEqual([filed.movement.id])
    const other = await arrives('Uma', { zone: 'hall' })
    expect(await asked(ward, 'GET', `/api/v1/movements/${other.movement.id}`)).toEqual([404, 'movement-unknown'])
    for (const zone of [{ zone: 'hall' }, {}])
      expect((await asked(ward, 'POST', '/api/v1/movements/arrivals', { name: 'X', at, ...zone }))[0]).toBe(403)
    expect((await asked(ward, 'POST', '/api/v1/movements/departures', { person: 'nora', at }))[0]).toBe(403)
  })

  it('do what a task does: filing gives nobody anything', async () => {
    const { movement } = await arrives('Vera', { job: 'nurse' })
    const path = `/api/v1/movements/${movement.id}`
    for (const [seat, what, body] of [
      [manager, 'person', {}],
      [manager, 'badge', { uid: '04CC0000B1' }],
      [it1, 'account', { login: 'vera' }],
      [it1, 'cancel', { reason: 'non non' }],
    ] as const)
      expect(await asked(seat, 'POST', `${path}/${what}`, body), what).toEqual([403, 'not-allowed'])
    const nurse = await hub.signInAs('nurse')
    expect(await asked(nurse, 'GET', '/api/v1/movements')).toEqual([403, 'not-allowed'])
  })

  it('tick off by hand what can’t be seen, and nothing else', async () => {
    const { movement } = await arrives('Will')
    const path = `/api/v1/movements/${movement.id}/tasks`
    expect(await asked(it1, 'POST', `${path}/badge`, { done: true })).toEqual([409, 'movement-task-seen'])
    expect(await asked(it1, 'POST', `${path}/other-9`, { done: true })).toEqual([404, 'movement-task-unknown'])
  })
})

describe('bad input', () => {
  const now = Date.now()
  it.each([
    ['no name', { at: now }, 422],
    ['a day long ago', { name: 'A', at: now - 10 * DAY }, 422],
    ['a day far away', { name: 'A', at: now + 800 * DAY }, 422],
    ['leaving before coming', { name: 'A', at: now + 2 * DAY, leavesAt: now + DAY }, 422],
    ['a job that is none', { name: 'A', at: now, job: 'surgeon' }, 404],
    ['a role that is none', { name: 'A', at: now, roles: ['root'] }, 404],
    ['a zone that is none', { name: 'A', at: now, zone: 'moon' }, 404],
    ['somebody back who was never there', { name: 'A', at: now, id: 'ghost', returning: true }, 404],
    ['an extra field', { name: 'A', at: now, admin: true }, 422],
    ['controls in a name', { name: 'A\u0000B', at: now }, 422],
  ] as const)('%s is told, and nothing is filed', async (_, body, status) => {
    const count = async () => (await it1.get<MovementList>('/api/v1/movements?limit=200')).movements.length
    const before = await count()
    expect((await asked(manager, 'POST', '/api/v1/movements/arrivals', body))[0]).toBe(status)
    expect(await count()).toBe(before)
  })

  it('two presses at once make one person, one badge', async () => {
    const { movement } = await arrives('Xavier', { id: 'xavier' })
    const both = await Promise.all([1, 2].map(() => asked(it1, 'POST', `/api/v1/movements/${movement.id}/person`, {})))
    expect(both.some(([status]) => status === 200)).toBe(true)
    expect(both.every(([status]) => status === 200 || status === 412 || status === 409)).toBe(true)
    expect((await it1.get<SiteItem>('/api/v1/site/items/person/xavier')).item).toMatchObject({ id: 'xavier' })
  })

  it('pages go on where they ended', async () => {
    const seen: string[] = []
    let next: number | undefined
    do {
      const page: MovementList = await it1.get(
        `/api/v1/movements?limit=5${next === undefined ? '' : `&before=${next}`}`,
      )
      seen.push(...page.movements.map(m => m.id))
      next = page.next
    } while (next !== undefined)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThan(10)
  })
})

describe('templates of jobs', () => {
  const put = (id: string, body: object, headers: object, who = it1) =>
    asked(who, 'PUT', `/api/v1/jobs/${id}`, body, headers)
  const body = { name: 'Agent', roles: ['nurse'], equipment: [], tasks: [] }

  it('are written by whoever edits rights, each change told with before and after', async () => {
    expect((await put('agent', body, { 'if-none-match': '*' }))[0]).toBe(201)
    const { revision } = await it1.get<JobView>('/api/v1/jobs/agent')
    expect((await put('agent', { ...body, name: 'Agente' }, { 'if-match': `"${revision}"` }))[0]).toBe(200)
    expect((await put('agent', body, { 'if-match': `"${revision}"` }))[0]).toBe(412)
    const row = (await hub.journal(500)).map(r => r.event).findLast(e => e.kind === 'job.changed')
    expect(row).toMatchObject({ job: 'agent', before: { name: 'Agent' }, after: { name: 'Agente' } })
    expect((await put('x', { ...body, roles: ['root'] }, { 'if-none-match': '*' }))[0]).toBe(404)
    expect((await put('x', body, { 'if-none-match': '*' }, manager))[0]).toBe(403)
    const headers = { 'if-match': '"2"' }
    expect((await it1.fetch('/api/v1/jobs/agent', { method: 'DELETE', headers })).status).toBe(204)
    expect(await asked(it1, 'GET', '/api/v1/jobs/agent')).toEqual([404, 'job-unknown'])
  })
})

it('tells whoever follows the events, without a name', async () => {
  const reader = await EventReader.open(`${hub.origin}/api/v1/events/stream`, { cookie: hub.admin.cookie })
  await arrives('Yann')
  const line = await until('it is told', () => reader.lines.find(l => l.kind === 'movement.filed'))
  expect(line.by).toBe('N. ward-manager')
  expect(JSON.stringify(line)).not.toContain('Yann')
  await reader.close()
})
