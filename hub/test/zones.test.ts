/** A role that counts in one zone: nothing of another is seen or done, whichever way it is tried. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventPage, Grant, Problem, Review, SiteView } from '../api.ts'
import type { Recorded, VigieEvent } from '../events.ts'
import type { OperatorActs } from '../http/ports.ts'
import { questionRoutes } from '../http/routes/questions.ts'
import { Places } from '../http/within-zones.ts'
import type { Situations } from '../ports.ts'
import { peopleFinder } from '../wiring/people-found.ts'
import { type Frame, type Hello, heard, startHub, type TestHub } from './http-hub.ts'

const point = (id: string, zone: string) =>
  ({ id, name: id, zone, class: 'door', device: `d-${id}`, point: 'p' }) as const
const SITE: SiteView = {
  site: { name: 'Field', timeZone: 'Europe/Paris' },
  zones: [
    { id: 'house', name: 'House' },
    { id: 'ward', name: 'Ward', parent: 'house' },
    { id: 'store', name: 'Store', parent: 'ward' },
    { id: 'lab', name: 'Lab', parent: 'house' },
  ],
  devices: [
    { id: 'd-store-door', model: 'door', name: 'Store', zone: 'store' },
    { id: 'd-lab-door', model: 'door', name: 'Lab', zone: 'lab' },
  ],
  accessPoints: [point('store-door', 'store'), point('lab-door', 'lab')],
  lockdownPlans: [
    { id: 'ward-only', name: 'Ward', zones: ['ward'], rank: 5, revertAfterMinutes: 30 },
    { id: 'all', name: 'All', zones: ['ward', 'lab'], rank: 5, revertAfterMinutes: 30 },
    { id: 'lab-only', name: 'Lab', zones: ['lab'], rank: 5, revertAfterMinutes: 30 },
  ],
  evacuationPlans: [
    { id: 'ward-out', name: 'Out', zones: ['ward'], release: ['store-door'], muster: [] },
    { id: 'side-out', name: 'Out by the side', zones: ['ward'], release: ['store-door', 'lab-door'], muster: [] },
  ],
}
const deviceState = (id: string, zone?: string) =>
  ({
    id,
    model: 'door',
    name: id,
    status: 'enrolled',
    online: true,
    readings: {},
    refused: {},
    messages: 0,
    ...(zone && { zone }),
  }) as const
const grant = (id: string, target?: Grant['target']): Grant => ({
  ...{ id: `g-${id.padStart(16, '0')}`, person: 'anna', from: 0, until: 1, origin: 'loan', by: 'o-1' },
  ...(target && { target }),
})
const GRANTS = [
  grant('1', { accessPoint: 'store-door' }),
  grant('2', { accessPoint: 'lab-door' }),
  grant('3', { zone: 'ward' }),
  grant('4', { classes: ['door'] }),
  grant('5'),
  grant('6', { zone: 'ward', accessPoint: 'lab-door' }),
]
const review = (id: string, zone: string): Review => ({
  ...{ id, zone, person: { name: 'Anna' }, accessPoint: 'x', at: 0, dueAt: 1, overdue: false, escalations: 0 },
  ...{ statedReason: 'why', own: false, needsPerson: false },
})

const done: string[] = []
const did =
  <T>(what: string, answer: T) =>
  async (...args: readonly unknown[]): Promise<T> => {
    done.push(`${what} ${JSON.stringify(args[0])}`)
    return answer
  }
const ACTS = {
  grants: () => ({ grants: GRANTS }),
  reviews: () => ({ reviews: [review('r-ward', 'store'), review('r-lab', 'lab')] }),
  closeReview: did('closed', { id: 'r', revision: 1 }),
  issueGrant: did('granted', { revision: 1 }),
  revokeGrant: did('revoked', { revision: 1 }),
  startLockdown: did('lockdown', { plan: 'x' }),
  endLockdown: did('unlocked', { plan: 'x' }),
  startEvacuation: did('evacuation', { plan: 'x' }),
  muster: did('muster', {}),
  accountFor: did('safe', { at: 1 }),
  resetPassback: did('passback', { revision: 1, count: 1 }),
  resetInterlock: did('interlock', { revision: 1 }),
  badgeLost: did('lost', { person: 'anna', ended: 0, pending: [] }),
} as unknown as OperatorActs

let hub: TestHub
let ward: string
let everywhere: string
let seq = 10
const queries: object[] = []

const place = (name: string) =>
  ({ id: name, name, zone: { id: name.replace('-door', ''), name }, class: 'door' }) as const
const QUESTIONS = {
  why: async () => ({
    timeZone: 'Europe/Paris',
    events: ['store-door', 'lab-door'].map(id => ({ seq: 1, accessPoint: { id, name: id } })),
  }),
  may: async () => ({
    points: [{ accessPoint: place('store-door') }, { accessPoint: place('lab-door') }],
    breakGlass: [place('lab-door')],
  }),
  who: async () => ({}),
  unused: async () => ({}),
} as unknown as Parameters<typeof questionRoutes>[0]

beforeAll(async () => {
  const events = (query: object): EventPage => {
    queries.push(query)
    return { events: [] }
  }
  const places = new Places(() => hub.live.model.site())
  hub = await startHub({
    dashboard: 'missing',
    acts: ACTS,
    events,
    plugins: [
      questionRoutes(
        QUESTIONS,
        places,
        peopleFinder(() => ({ people: [] })),
      ),
    ],
  })
  await hub.setUp()
  const points = ['store', 'lab'].map(zone => ({ device: `d-${zone}-door`, point: 'p', zone, since: 1 }))
  const devices = [deviceState('d-store-door', 'store'), deviceState('d-lab-door', 'lab'), deviceState('d-nowhere')]
  hub.live.prime({ site: SITE, devices, points, cursor: seq })
  ward = await hub.signInAs('administrator', ['ward'])
  everywhere = await hub.signInAs('security')
})
afterAll(() => hub.stop())

const get = async <T>(path: string, cookie = ward): Promise<T> => (await hub.ask(path, { cookie })).json<T>()
/** What became of it: the code of the refusal, or what was done. */
async function act(method: string, path: string, body?: object, cookie = ward): Promise<string> {
  done.length = 0
  const answer = await hub.ask(path, { method, cookie, ...(body && { body }) })
  return answer.status < 400 ? done.join() : `${answer.status} ${answer.json<Problem>().code}`
}

describe('what is seen', () => {
  it('of the site: the zone and those below it, rooted in nothing above', async () => {
    const site = await get<SiteView>('/api/v1/site')
    expect(site.zones).toEqual([
      { id: 'ward', name: 'Ward' },
      { id: 'store', name: 'Store', parent: 'ward' },
    ])
    expect(site.devices.map(d => d.id)).toEqual(['d-store-door'])
    expect(site.accessPoints.map(p => p.id)).toEqual(['store-door'])
    expect(site.lockdownPlans.map(p => [p.id, p.zones])).toEqual([
      ['ward-only', ['ward']],
      ['all', ['ward']],
    ])
    expect(site.evacuationPlans.map(p => p.release)).toEqual([['store-door'], ['store-door']])
    expect(JSON.stringify(site)).not.toMatch(/lab|house/i)
    expect(await get('/api/v1/site', everywhere)).toEqual(SITE)
  })

  it('of devices: those of the zone; another is not there', async () => {
    expect((await get<{ devices: { id: string }[] }>('/api/v1/devices')).devices.map(d => d.id)).toEqual([
      'd-store-door',
    ])
    for (const id of ['d-lab-door', 'd-nowhere'])
      expect((await get<Problem>(`/api/v1/devices/${id}`)).code).toBe('device-unknown')
  })

  it('of grants and reviews: those of the zone', async () => {
    const { grants } = await get<{ grants: Grant[] }>('/api/v1/grants')
    expect(grants.map(g => g.id.slice(-1))).toEqual(['1', '3'])
    expect((await get<{ reviews: Review[] }>('/api/v1/reviews')).reviews.map(r => r.id)).toEqual(['r-ward'])
  })

  it('of the journal: rows of the zone and of one’s own account, whatever is asked for', async () => {
    queries.length = 0
    await get('/api/v1/events?zone=lab')
    await get('/api/v1/events', everywhere)
    const own = 'op-administrator-ward'
    expect(queries).toEqual([{ limit: 100, zone: 'lab', zones: ['ward', 'store'], own }, { limit: 100 }])
  })

  it('of answers about rights: what concerns the zone', async () => {
    const may = await get<{ points: { accessPoint: { id: string } }[]; breakGlass: unknown[] }>(
      '/api/v1/may?person=anna',
    )
    expect([may.points.map(p => p.accessPoint.id), may.breakGlass]).toEqual([['store-door'], []])
    const why = await get<{ events: { accessPoint: { id: string } }[] }>('/api/v1/explain?person=anna&at=07:00')
    expect(why.events.map(e => e.accessPoint.id)).toEqual(['store-door'])
    const refused = async (path: string): Promise<string> => (await get<Problem>(path)).code
    expect(await refused('/api/v1/who?accessPoint=lab-door')).toBe('not-allowed')
    expect(await refused('/api/v1/unused')).toBe('not-allowed')
    expect(await get('/api/v1/who?accessPoint=store-door')).toEqual({})
  })

  it('of what is going on: plans that concern the zone, emergencies and reviews in it', async () => {
    const rows = (entries: readonly (readonly [string, object])[]) => new Map(entries)
    const since = hub.now - 1
    const until = hub.now + 1
    const breakGlass = (id: string) => ({ id, since, until })
    hub.situations = {
      ...hub.situations,
      lockdown: rows([
        ['lab-only', { since, until, by: 'o-1' }],
        ['all', { since, until, by: 'o-1' }],
      ]),
      'break-glass': rows([
        ['p-1/lab-door', breakGlass('b-lab')],
        ['p-1/store-door', breakGlass('b-store')],
      ]),
      review: rows([
        ['r-lab', { zone: 'lab', dueAt: 0 }],
        ['r-ward', { zone: 'store', dueAt: until }],
      ]),
    } as unknown as Situations
    const client = hub.connect(ward)
    const { situations } = await heard(client, 'hello')
    expect(situations.lockdowns.map(l => l.plan)).toEqual(['all'])
    expect(situations.breakGlass.map(b => b.id)).toEqual(['b-store'])
    expect(situations.reviews).toEqual({ open: 1, overdue: 0 })
    const all = hub.connect(everywhere)
    expect((await heard(all, 'hello')).situations.reviews).toEqual({ open: 2, overdue: 1 })
  })
})

describe('the live socket', () => {
  const origin = { message: 'm', deviceSeq: 1, deviceAt: 0 }
  const opened = (zone: string): VigieEvent => ({
    ...{ kind: 'point.opened', device: `d-${zone}-door`, ...origin, deviceSeq: ++seq },
    ...{ point: 'p', accessPoint: `${zone}-door`, zone, state: { contact: 'open' } },
  })
  const happens = (event: VigieEvent): Recorded => {
    const recorded = { seq: ++seq, at: hub.now, event }
    hub.live.observe(recorded)
    return recorded
  }

  it('tells a page what is in its zone or of its own account, at the start and after', async () => {
    const client = hub.connect(ward)
    const hello: Hello = await heard(client, 'hello')
    expect(hello.points.map(p => p.device)).toEqual(['d-store-door'])
    expect(hello.devices.map(d => d.id)).toEqual(['d-store-door'])

    const frames: Frame[] = []
    client.on('frame', frame => frames.push(frame))
    happens(opened('lab'))
    happens({ kind: 'rights.changed', origin: 'x', added: 1, changed: 0, removed: 0 } as VigieEvent)
    happens({ kind: 'operator.stepped-up', operator: 'op-administrator-ward' })
    const last = happens(opened('store'))
    await until(() => frames.some(f => f.events.some(e => e.seq === last.seq)))
    expect(frames.flatMap(f => f.events).map(e => [e.kind, e.zone])).toEqual([
      ['operator.stepped-up', undefined],
      ['point.opened', 'store'],
    ])
    expect(frames.flatMap(f => f.points).map(p => p.device)).toEqual(['d-store-door'])
    expect(new Set(frames.flatMap(f => f.devices).map(d => d.id))).not.toContain('d-lab-door')
  })

  it('gives a page that returns no more than it would have had', async () => {
    const before = seq
    happens(opened('lab'))
    const own = happens(opened('store'))
    const { missed } = await heard(hub.connect(ward, { cursor: before }), 'hello')
    expect(missed.map(e => e.seq)).toEqual([own.seq])
    const all = await heard(hub.connect(everywhere, { cursor: before }), 'hello')
    expect(all.missed).toHaveLength(2)
  })

  it('lets a zone go when it comes to lie elsewhere', async () => {
    const client = hub.connect(ward)
    await heard(client, 'hello')
    const zones = SITE.zones.map(z => (z.id === 'store' ? { ...z, parent: 'lab' } : z))
    const again = heard(client, 'hello')
    hub.live.siteChanged({ ...SITE, zones }, [deviceState('d-store-door', 'store'), deviceState('d-lab-door', 'lab')])
    expect((await again).devices).toEqual([])
    hub.live.siteChanged(SITE, [deviceState('d-store-door', 'store'), deviceState('d-lab-door', 'lab')])
  })

  async function until(look: () => boolean): Promise<void> {
    const deadline = performance.now() + 5_000
    while (!look()) {
      if (performance.now() > deadline) throw new Error('waited 5 s in vain')
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
})

describe('what is done', () => {
  const G = (n: number): string => `/api/v1/grants/${GRANTS[n - 1]?.id}`
  const wish = (target?: object) => ({ person: 'anna', origin: 'loan', from: 0, until: 1, ...(target && { target }) })

  it.each([
    ['POST', '/api/v1/lockdowns/ward-only', undefined, 'lockdown "ward-only"'],
    ['POST', '/api/v1/lockdowns/all', undefined, '403 not-allowed'],
    ['POST', '/api/v1/lockdowns/lab-only', undefined, '403 not-allowed'],
    ['POST', '/api/v1/lockdowns/no-such', undefined, '403 not-allowed'],
    ['DELETE', '/api/v1/lockdowns/all', undefined, '403 not-allowed'],
    ['POST', '/api/v1/evacuations/ward-out', undefined, 'evacuation "ward-out"'],
    ['POST', '/api/v1/evacuations/side-out', undefined, '403 not-allowed'],
    ['POST', '/api/v1/evacuations/side-out/safe', { person: 'anna' }, '403 not-allowed'],
    ['GET', '/api/v1/evacuations/side-out/muster', undefined, '403 not-allowed'],
    ['POST', '/api/v1/passback/reset', { zone: 'store' }, 'passback {"zone":"store"}'],
    ['POST', '/api/v1/passback/reset', { zone: 'lab' }, '403 not-allowed'],
    ['POST', '/api/v1/passback/reset', {}, '403 not-allowed'],
    ['POST', '/api/v1/passback/reset', { zone: 'store', person: 'anna' }, '403 not-allowed'],
    ['POST', '/api/v1/interlocks/store-door/reset', undefined, 'interlock "store-door"'],
    ['POST', '/api/v1/interlocks/lab-door/reset', undefined, '403 not-allowed'],
    ['POST', '/api/v1/grants', wish({ zone: 'store' }), 'granted'],
    ['POST', '/api/v1/grants', wish({ zone: 'house' }), '403 not-allowed'],
    ['POST', '/api/v1/grants', wish({ accessPoint: 'lab-door' }), '403 not-allowed'],
    ['POST', '/api/v1/grants', wish({ zone: 'ward', accessPoint: 'lab-door' }), '403 not-allowed'],
    ['POST', '/api/v1/grants', wish({ classes: ['door'] }), '403 not-allowed'],
    ['POST', '/api/v1/grants', wish(), '403 not-allowed'],
    ['DELETE', G(1), undefined, 'revoked'],
    ['DELETE', G(2), undefined, '404 grant-unknown'],
    ['DELETE', G(5), undefined, '404 grant-unknown'],
    ['DELETE', G(6), undefined, '404 grant-unknown'],
    ['POST', '/api/v1/reviews/r-ward/closing', { finding: 'justified' }, 'closed "r-ward"'],
    ['POST', '/api/v1/reviews/r-lab/closing', { finding: 'justified' }, '404 review-unknown'],
    ['POST', '/api/v1/badges/04A2B3C4/lost', undefined, 'lost "04A2B3C4"'],
  ] as const)('%s %s %j comes to: %s', async (method, path, body, outcome) => {
    expect(await act(method, path, body)).toMatch(new RegExp(`^${outcome}`))
  })

  it('is not held up for those whose role counts everywhere', async () => {
    for (const path of ['/api/v1/lockdowns/all', '/api/v1/evacuations/side-out', '/api/v1/interlocks/lab-door/reset'])
      expect(await act('POST', path, undefined, everywhere), path).not.toMatch(/^\d{3} /)
    expect(await act('POST', '/api/v1/passback/reset', {}, everywhere)).toBe('passback {}')
  })

  it('counts for whoever’s zones are none at all as nothing', async () => {
    const nobody = await hub.signInAs('administrator', [])
    expect((await get<SiteView>('/api/v1/site', nobody)).accessPoints).toEqual([])
    expect(await act('POST', '/api/v1/lockdowns/ward-only', undefined, nobody)).toBe('403 not-allowed')
  })
})
