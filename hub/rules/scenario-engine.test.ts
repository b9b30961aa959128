import { describe, expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import { type Conclusion, ScenarioEngine } from './scenario-engine.ts'
import type { SiteNow } from './scenario-facts.ts'
import type { Scenario, ThingTrigger } from './scenarios.ts'
import { inForce, SHIPPED } from './shipped-scenarios.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 86_400_000
const ABOVE: Readonly<Record<string, readonly string[]>> = { drugs: ['drugs', 'ward'], ward: ['ward'], hall: ['hall'] }

/** A site whose answers a test sets, and rows as devices would have made them. */
class Bench {
  armed = new Set<string>()
  duty = new Set<string>()
  worked = new Set<string>()
  open = new Set<string>()
  isDark = false
  readonly engine: ScenarioEngine
  readonly told: Conclusion[] = []
  #seq = 0

  constructor(...scenarios: Scenario[]) {
    const site: SiteNow = {
      above: zone => ABOVE[zone] ?? [zone],
      zoneOf: device => (device === 'pir-hall' ? 'hall' : 'ward'),
      armed: zone => this.armed.has(zone),
      maintained: ({ device }) => this.worked.has(device ?? ''),
      dark: () => this.isDark,
      onDuty: zone => this.duty.has(zone),
      scheduleOpen: schedule => this.open.has(schedule),
      // A wall clock in UTC, on the first day of 1970.
      nextTime: (when, after) => {
        const time = 'at' in when ? when.at : '06:00'
        const of = (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE
        return of + (Math.floor((after - of) / DAY) + 1) * DAY
      },
    }
    this.engine = new ScenarioEngine(site, scenarios)
  }
  row(at: number, event: object): this {
    this.told.push(...this.engine.take({ event: event as VigieEvent, at, seq: ++this.#seq }))
    return this
  }
  reads(at: number, quantity: string, value: number, device = 'pir-ward', skewMs?: number): this {
    const readings = [{ quantity, value, unit: '1' }]
    return this.row(at, { kind: 'readings', messages: [{ device, readings, ...(skewMs !== undefined && { skewMs }) }] })
  }
  tick(at: number): this {
    this.told.push(...this.engine.tick(at))
    return this
  }
  /** `begun intrusion pir-ward/`, as told since the last look. */
  get news(): string[] {
    return this.told
      .splice(0)
      .map(c => `${c.what} ${c.scenario.id} ${c.subject.accessPoint ?? c.subject.device}@${c.at}`)
  }
}
const scenario = (when: ThingTrigger, more: Partial<Scenario> = {}): Scenario => ({
  ...{ id: 's', name: 'S', when, acts: [] },
  ...more,
})
const door = (kind: string, accessPoint = 'door-1', cls = 'door'): object => ({
  ...{ kind, device: accessPoint, point: 'door', accessPoint, zone: 'ward', class: cls, deviceSeq: 1, state: {} },
})

describe('what begins', () => {
  const forced = scenario({ begins: { kinds: ['point.forced'] }, ends: { kinds: ['point.closed'] } })
  it('does so once for each thing, and again after it has ended', () => {
    const bench = new Bench(forced).row(1, door('point.forced')).row(2, door('point.forced'))
    expect(bench.news).toEqual(['begun s door-1@1'])
    bench.row(3, door('point.forced', 'door-2')).row(4, door('point.closed')).row(5, door('point.forced'))
    expect(bench.news).toEqual(['begun s door-2@3', 'ended s door-1@4', 'begun s door-1@5'])
  })
  it('names the row that it came from', () => {
    const bench = new Bench(forced).row(1, door('point.closed')).row(2, door('point.forced'))
    expect(bench.told[0]).toMatchObject({ seq: 2, subject: { zone: 'ward', class: 'door' } })
  })
  it('is for places that are watched: zones with those below them, classes, devices', () => {
    const where = [{ zones: ['hall'] }, { classes: ['medicines'] as const }, { devices: ['other'] }, { zones: [] }]
    for (const w of where) expect(new Bench({ ...forced, where: w }).row(1, door('point.forced')).news).toEqual([])
    const below = new Bench({ ...forced, where: { zones: ['ward'], classes: ['door'] } })
    expect(below.row(1, { ...door('point.forced'), zone: 'drugs' }).news).toHaveLength(1)
  })
  it('is nothing while the scenario is off, and what is taken out of force waits for nothing', () => {
    expect(new Bench({ ...forced, enabled: false }).row(1, door('point.forced')).news).toEqual([])
    const held = scenario({ begins: { kinds: ['point.opened'] }, ends: { kinds: ['point.closed'] }, forMs: MINUTE })
    const bench = new Bench(held).row(1, door('point.opened'))
    bench.engine.use([])
    expect([bench.tick(2 * MINUTE).news, bench.engine.nextAt()]).toEqual([[], undefined])
  })
})

describe('what lasts', () => {
  const held = scenario({ begins: { kinds: ['point.opened'] }, ends: { kinds: ['point.closed'] }, forMs: MINUTE })
  it('begins when it has lasted so long, and says since when to look', () => {
    const bench = new Bench(held).row(1_000, door('point.opened'))
    expect(bench.engine.nextAt()).toBe(61_000)
    expect(bench.tick(60_999).news).toEqual([])
    expect(bench.tick(90_000).news).toEqual(['begun s door-1@61000'])
    expect(bench.row(95_000, door('point.closed')).news).toEqual(['ended s door-1@95000'])
    expect(bench.engine.nextAt()).toBeUndefined()
  })
  it('never began where it ended before', () => {
    expect(new Bench(held).row(0, door('point.opened')).row(59_000, door('point.closed')).tick(MINUTE).news).toEqual([])
  })
  it('is asked about again each minute while a condition keeps it back', () => {
    const bench = new Bench({ ...held, if: [{ onDuty: false }] })
    bench.duty.add('ward')
    expect(bench.row(0, door('point.opened')).tick(MINUTE).news).toEqual([])
    bench.duty.clear()
    expect(bench.tick(90_000).news).toEqual([])
    expect(bench.tick(2 * MINUTE).news).toEqual(['begun s door-1@120000'])
  })
  it('ends by quiet: the last time counts', () => {
    const bench = new Bench(scenario({ begins: { quantity: 'occupancy', above: 0 }, quietMs: MINUTE }))
    bench.reads(0, 'occupancy', 1).reads(50_000, 'occupancy', 1).reads(55_000, 'occupancy', 0)
    expect(bench.tick(MINUTE).news).toEqual(['begun s pir-ward@0'])
    expect(bench.tick(110_000).news).toEqual(['ended s pir-ward@110000'])
  })
  it('has its own end and beginning: a value between the two changes nothing', () => {
    const low = scenario({
      begins: { quantity: 'illuminance', below: 50 },
      ends: { quantity: 'illuminance', above: 80 },
    })
    const bench = new Bench(low)
    for (const [i, lux] of [60, 49, 60, 79, 49, 81, 60, 40].entries()) bench.reads(i, 'illuminance', lux)
    expect(bench.news).toEqual(['begun s pir-ward@1', 'ended s pir-ward@5', 'begun s pir-ward@7'])
  })
})

describe('what comes often', () => {
  const often = scenario({
    begins: { kinds: ['access.denied'] },
    times: { count: 3, withinMs: MINUTE },
    quietMs: MINUTE,
  })
  const denied = (at: number, bench: Bench, accessPoint = 'door-1'): Bench =>
    bench.row(at, door('access.denied', accessPoint))
  it('begins at that time, at one place', () => {
    const bench = new Bench(often)
    for (const at of [0, 1_000]) denied(at, bench)
    denied(2_000, bench, 'door-2')
    expect(bench.news).toEqual([])
    expect(denied(3_000, bench).news).toEqual(['begun s door-1@3000'])
    for (const at of [4_000, 5_000, 6_000]) denied(at, bench)
    expect(bench.news).toEqual([])
  })
  it('does not where it came more slowly', () => {
    const bench = new Bench(often)
    for (const at of [0, 50_000, 100_000, 150_000]) denied(at, bench)
    expect(bench.news).toEqual([])
  })
})

describe('conditions', () => {
  const motion = (...conditions: NonNullable<Scenario['if']>): Bench =>
    new Bench(scenario({ begins: { quantity: 'occupancy', above: 0 }, quietMs: MINUTE }, { if: conditions }))
  it('are asked for the zone, when it would begin, and again the next time', () => {
    const bench = motion({ armed: true })
    expect(bench.reads(0, 'occupancy', 1).news).toEqual([])
    bench.armed.add('ward')
    expect(bench.reads(1, 'occupancy', 1).news).toEqual(['begun s pir-ward@1'])
  })
  it.each([
    [
      'a value of the zone',
      { quantity: 'illuminance', below: 100 } as const,
      (b: Bench): unknown => b.reads(0, 'illuminance', 40, 'lux'),
    ],
    ['dark', { dark: true }, (b: Bench): unknown => Object.assign(b, { isDark: true })],
    ['a schedule', { schedule: 'night', open: true }, (b: Bench): unknown => b.open.add('night')],
    ['nobody on duty', { onDuty: true }, (b: Bench): unknown => b.duty.add('ward')],
  ] as const)('%s', (_, condition, make) => {
    const [without, with_] = [motion(condition), motion(condition)]
    make(with_)
    expect(without.reads(1, 'occupancy', 1).news).toEqual([])
    expect(with_.reads(1, 'occupancy', 1).news).toHaveLength(1)
  })
})

describe('what was settled', () => {
  const motion = scenario({ begins: { quantity: 'occupancy', above: 0 }, quietMs: MINUTE }, { if: [{ armed: true }] })
  it('begins again when it comes again', () => {
    const bench = new Bench(motion)
    bench.armed.add('ward')
    bench.reads(0, 'occupancy', 1).reads(1, 'occupancy', 1)
    bench.engine.forget('s', { zone: 'ward', device: 'pir-ward' })
    expect(bench.reads(2, 'occupancy', 1).news).toEqual(['begun s pir-ward@0', 'begun s pir-ward@2'])
  })
  it('is looked at afresh when a zone, or one over it, is armed or not', () => {
    const bench = new Bench(motion)
    bench.armed.add('drugs')
    const moves = (at: number): object => ({
      messages: [{ device: 'p', zone: 'drugs', readings: [{ quantity: 'occupancy', value: 1, unit: '1' }] }],
      kind: 'readings',
      at,
    })
    bench.row(0, moves(0))
    bench.engine.armingChanged('hall')
    bench.row(1, moves(1))
    bench.engine.armingChanged('ward')
    expect(bench.row(2, moves(2)).news).toEqual(['begun s p@0', 'begun s p@2'])
  })
})

describe('maintenance', () => {
  const forced = (kind: 'door-forced' | 'duress'): Scenario =>
    scenario(
      { begins: { kinds: ['point.forced'] }, ends: { kinds: ['point.closed'] } },
      { acts: [{ do: 'alert', kind, severity: 'critical' }] },
    )
  it('keeps alerts back, and what still goes on when it is over begins at once', () => {
    const bench = new Bench(forced('door-forced'))
    bench.worked.add('door-1')
    bench.row(1, door('point.forced')).row(2, door('point.forced', 'door-2'))
    expect(bench.news).toEqual(['begun s door-2@2'])
    expect(bench.tick(MINUTE + 1).news).toEqual([])
    bench.worked.clear()
    bench.engine.askAgain(MINUTE + 5)
    expect(bench.tick(MINUTE + 5).news).toEqual(['begun s door-1@60005'])
  })
  it('forgets what ended meanwhile', () => {
    const bench = new Bench(forced('door-forced'))
    bench.worked.add('door-1')
    bench.row(1, door('point.forced')).row(2, door('point.closed'))
    bench.worked.clear()
    bench.engine.askAgain(3)
    expect(bench.tick(10 * MINUTE).news).toEqual([])
  })
  it('does not hasten what has not lasted long enough', () => {
    const held = scenario({ begins: { kinds: ['point.opened'] }, ends: { kinds: ['point.closed'] }, forMs: MINUTE })
    const bench = new Bench(held).row(1, door('point.opened'))
    bench.engine.askAgain(5)
    expect(bench.tick(5).news).toEqual([])
    expect(bench.tick(MINUTE + 1).news).toEqual(['begun s door-1@60001'])
  })
  it('keeps back nobody in danger, and no lamp', () => {
    const lamp = scenario({ begins: { kinds: ['point.opened'] } }, { id: 'lamp', acts: [{ do: 'light', on: true }] })
    const bench = new Bench(forced('duress'), lamp)
    bench.worked.add('door-1')
    bench.row(1, door('point.forced')).row(2, door('point.opened'))
    expect(bench.news).toEqual(['begun s door-1@1', 'begun lamp door-1@2'])
  })
})

describe('what goes wrong', () => {
  it('a scenario that begins without end is held back at 60 a minute, and shown so once', () => {
    const bench = new Bench(scenario({ begins: { kinds: ['state.changed'] } }))
    for (let i = 0; i < 200; i++) bench.row(i, { kind: 'state.changed', device: `lamp-${i}`, point: 'lamp', state: {} })
    const news = bench.news
    expect(news.filter(n => n.startsWith('begun'))).toHaveLength(60)
    expect(news.filter(n => n.startsWith('flapping'))).toHaveLength(1)
    expect(bench.row(61_000, { kind: 'state.changed', device: 'x', point: 'lamp', state: {} }).news).toHaveLength(1)
  })
  it('two scenarios that set each other off come to rest in the same way', () => {
    const bench = new Bench(
      scenario({ begins: { kinds: ['point.opened'] } }, { id: 'a' }),
      scenario({ begins: { kinds: ['point.closed'] } }, { id: 'b' }),
    )
    for (let i = 0; i < 500; i++) bench.row(i, door(i % 2 ? 'point.opened' : 'point.closed', `door-${i}`))
    expect(bench.news.filter(n => n.startsWith('begun'))).toHaveLength(120)
  })
  it('a row without a zone, a device or a state is looked at all the same', () => {
    const bench = new Bench(...SHIPPED)
    for (const kind of ['hub.started', 'journal.read', 'rights.changed', 'device.offline'])
      expect(() => bench.row(1, { kind })).not.toThrow()
  })
})

describe('as shipped', () => {
  const cabinet = (kind: string) => door(kind, 'cab-1', 'medicines')
  it.each<[string, (b: Bench) => unknown]>([
    ['intrusion', b => b.armed.add('ward') && b.reads(0, 'occupancy', 1)],
    ['presence-lights', b => b.reads(0, 'illuminance', 10, 'lux').reads(1, 'occupancy', 1)],
    ['door-forced', b => b.row(0, door('point.forced'))],
    ['door-held', b => b.row(0, door('point.opened')).tick(MINUTE)],
    ['cabinet-left-open', b => b.row(0, cabinet('point.opened')).tick(2 * MINUTE)],
    ['granted-not-opened', b => b.row(0, cabinet('access.granted')).tick(MINUTE)],
    ['repeated-refusals', b => [0, 1, 2, 3, 4].map(at => b.row(at, door('access.denied')))],
    ['tamper', b => b.row(0, door('tamper.raised'))],
    ['duress', b => b.row(0, door('duress.raised'))],
    ['wrong-pins', b => b.row(0, door('pin.alarm'))],
    ['break-glass', b => b.row(0, door('break-glass.opened'))],
    ['audit-unavailable', b => b.row(0, door('audit.unavailable'))],
    ['lock-silent', b => b.row(0, door('lock.silent'))],
    ['device-silent', b => b.row(0, { kind: 'device.offline', device: 'd' }).tick(2 * MINUTE)],
    ['battery-low', b => b.row(0, { ...door('state.changed'), state: { battery: 9 } })],
    ['clock-off', b => b.reads(0, 'occupancy', 0, 'd', 45_000).tick(MINUTE)],
    ['flooding', b => b.row(0, { kind: 'device.refused', device: 'd', refusal: 'rate', count: 9 })],
  ])('%s', (id, happens) => {
    const bench = new Bench(...SHIPPED)
    happens(bench)
    expect(bench.told.filter(c => c.what === 'begun').map(c => c.scenario.id)).toEqual([id])
  })
  it('light-too-low watches the zones that a site names, and no other', () => {
    const own = { ...SHIPPED.find(s => s.id === 'light-too-low')!, where: { zones: ['drugs'] } }
    const bench = new Bench(...inForce([own]))
    bench.row(0, {
      kind: 'readings',
      messages: [{ device: 'l', zone: 'drugs', readings: [{ quantity: 'illuminance', value: 9, unit: 'lx' }] }],
    })
    bench.reads(0, 'illuminance', 9, 'other')
    expect(bench.tick(MINUTE).news).toEqual(['begun light-too-low l@30000'])
    expect(inForce([own]).filter(s => s.id === own.id)).toEqual([own])
  })
})

describe('a time of day', () => {
  const arm = (id: string, at: string, armed: boolean, more: Partial<Scenario> = {}): Scenario => ({
    ...{ id, name: id, when: { at }, where: { zones: ['ward', 'hall'] }, acts: [{ do: 'arm', armed }] },
    ...more,
  })
  const HOUR = 60 * MINUTE

  it('begins for each zone that is named, once a day, and says when it is next', () => {
    const bench = new Bench(arm('night', '21:00', true))
    bench.engine.clockFrom(20 * HOUR)
    expect(bench.engine.nextAt()).toBe(21 * HOUR)
    expect(bench.tick(21 * HOUR - 1).news).toEqual([])
    const begun = bench.tick(22 * HOUR).told.map(c => [c.subject.zone, c.at])
    expect(begun).toEqual([
      ['ward', 21 * HOUR],
      ['hall', 21 * HOUR],
    ])
    expect(bench.tick(23 * HOUR).told).toHaveLength(2)
    expect(bench.engine.nextAt()).toBe(DAY + 21 * HOUR)
  })
  it('that passed while nobody looked comes in its order: the last word counts', () => {
    const bench = new Bench(arm('day', '06:00', false), arm('night', '21:00', true))
    bench.engine.clockFrom(20 * HOUR)
    bench.tick(DAY + 7 * HOUR)
    expect(bench.told.map(c => c.scenario.id)).toEqual(['night', 'night', 'day', 'day'])
  })
  it('asks its conditions for each zone, and without zones begins once', () => {
    const bench = new Bench(arm('night', '21:00', true, { if: [{ onDuty: false }] }))
    bench.duty.add('ward')
    bench.engine.clockFrom(0)
    expect(bench.tick(22 * HOUR).told.map(c => c.subject)).toEqual([{ zone: 'hall' }])
    const { where: _, ...anywhere } = arm('tell', '21:00', true)
    const other = new Bench(anywhere)
    other.engine.clockFrom(0)
    expect(other.tick(22 * HOUR).told.map(c => c.subject)).toEqual([{}])
  })
  it('is of no account before the clock is set, and from then on for scenarios that come later', () => {
    const bench = new Bench(arm('night', '21:00', true))
    expect(bench.tick(22 * HOUR).told).toEqual([])
    expect(bench.engine.nextAt()).toBeUndefined()
    bench.engine.clockFrom(22 * HOUR)
    bench.engine.use([arm('late', '23:00', true)])
    expect(bench.tick(23 * HOUR).told.map(c => c.scenario.id)).toEqual(['late', 'late'])
  })
  it('may be that of the sun', () => {
    const bench = new Bench({ ...arm('dawn', '21:00', false), when: { sun: 'sunrise' } })
    bench.engine.clockFrom(0)
    expect(bench.tick(DAY - 1).news).toEqual(Array(2).fill('begun dawn undefined@21600000'))
  })

  it('never comes where the wall has no clock', () => {
    const stopped = { ...NOWHERE, nextTime: () => Number.NaN }
    const engine = new ScenarioEngine(stopped, [arm('night', '21:00', true)])
    engine.clockFrom(0)
    expect([engine.tick(10 * DAY), engine.nextAt()]).toEqual([[], undefined])
  })
})
const NOWHERE: SiteNow = {
  ...{ above: zone => [zone], zoneOf: () => undefined, armed: () => false, dark: () => false, onDuty: () => false },
  ...{ scheduleOpen: () => false, nextTime: () => Number.NaN, maintained: () => false },
}
