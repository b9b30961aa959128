import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { canDo, modelRules } from '#devices/registry.ts'
import { type Planned, planDay } from './day.ts'
import { INSTALLED } from './hospital-devices.ts'
import { STAFF } from './hospital-staff.ts'
import { badgeOf, Life } from './life.ts'
import type { Act } from './models/behaviour.ts'
import { nextDay, onDuty, startOfDay, wallClock } from './site-clock.ts'

const ZONE = 'Europe/Paris'
const HOUR = 3_600_000
const MONDAY = Date.parse('2026-06-15T00:00:00+02:00')
const SATURDAY = MONDAY - 2 * 24 * HOUR

describe('a day in the field hospital', () => {
  const monday = planDay(1, MONDAY, ZONE)
  const badges = (plan: readonly Planned[], from: number, to: number) =>
    plan.filter(p => p.plan.kind === 'badge' && p.at >= MONDAY + from * HOUR && p.at < MONDAY + to * HOUR).length

  it('is the same for the same seed, to the last millisecond, and another for another seed or date', () => {
    expect(planDay(1, MONDAY, ZONE)).toEqual(monday)
    expect(planDay(2, MONDAY, ZONE)).not.toEqual(monday)
    expect(planDay(1, MONDAY + 24 * HOUR, ZONE).map(p => p.at - 24 * HOUR)).not.toEqual(monday.map(p => p.at))
  })

  it('runs from midnight to midnight in order, on days of 23, 24 and 25 hours', () => {
    for (const [date, hours] of [
      ['2026-03-29T00:00:00+01:00', 23],
      ['2026-06-15T00:00:00+02:00', 24],
      ['2026-10-25T00:00:00+02:00', 25],
    ] as const) {
      const start = Date.parse(date)
      const plan = planDay(1, start, ZONE)
      expect(nextDay(start, ZONE) - start).toBe(hours * HOUR)
      expect(
        plan.every((p, i) => p.at >= start && p.at < start + hours * HOUR && (i === 0 || p.at >= plan[i - 1]!.at)),
      ).toBe(true)
    }
  })

  it('asks of every device only what it is and has', () => {
    const known = new Map(INSTALLED.map(d => [d.id, d]))
    let swept = 0
    for (const { device: id, plan } of monday) {
      const device = known.get(id)!
      const rules = modelRules(device.model)!
      if (plan.kind === 'badge') {
        expect(device.points.map(p => p.point)).toContain(plan.point)
        expect(rules.points.get(plan.point)!.says.has('badge')).toBe(true)
        expect(canDo(device.model, plan.point, 'unlock')).toBe(true)
      } else
        expect({ exit: 'door', motion: 'pir', daylight: 'light-sensor', switch: 'light' }[plan.kind]).toBe(device.model)
      swept += 1
    }
    expect(swept).toBe(monday.length)
    expect(swept).toBeGreaterThan(1_000)
    expect(new Set(monday.map(p => p.device)).size).toBe(INSTALLED.length)
  })

  it('is calm at night and busy around the rounds', () => {
    expect(badges(monday, 0, 5)).toBeLessThan(badges(monday, 7, 9))
    expect(badges(monday, 7, 19)).toBeGreaterThan(2 * badges(monday, 19, 24))
  })

  it('has deliveries at the pharmacy’s rear door on weekdays only', () => {
    const rear = (plan: readonly Planned[]) =>
      plan.filter(
        p =>
          p.device === 'door-t15-rear' &&
          p.plan.kind === 'badge' &&
          'trades' in p.plan.who &&
          p.plan.who.trades.includes('logistique'),
      )
    expect(rear(monday).length).toBe(2)
    expect(rear(planDay(1, SATURDAY, ZONE)).length).toBe(0)
  })

  it('takes everybody out of the pharmacy by the rear who went in by the front, long after the front has locked', () => {
    const through = monday.flatMap(p =>
      p.plan.kind === 'badge' && p.plan.opens && 'chance' in p.plan.who && !p.plan.who.trades.includes('logistique')
        ? [{ at: p.at, device: p.device, who: p.plan.who }]
        : [],
    )
    const fronts = through.filter(p => p.device === 'door-t15-front')
    expect(fronts.length).toBeGreaterThan(8)
    for (const { at, who } of fronts) {
      const out = through.find(p => p.device === 'door-t15-rear' && p.who === who)
      expect(out!.at - at).toBeGreaterThanOrEqual(8 * 60_000)
      expect(through.filter(p => p.who === who && p.at > at && p.at < out!.at)).toEqual([])
    }
  })

  it('has a few people without rights in every week: wrong hours, wrong trade, lost badge', () => {
    const week = Array.from({ length: 7 }, (_, i) => planDay(1, MONDAY + i * 24 * HOUR, ZONE)).flat()
    const who = week.flatMap(p => (p.plan.kind === 'badge' ? [p.plan.who] : []))
    expect(who.filter(w => 'uid' in w).length).toBeGreaterThan(3)
    expect(who.filter(w => 'offDuty' in w).length).toBeGreaterThan(6)
  })

  it('is light at noon and dark at night, in summer more than in winter', () => {
    const lux = (plan: readonly Planned[], start: number, hour: number) => {
      const seen = plan.filter(
        p => p.device === 'lux-t21' && p.plan.kind === 'daylight' && Math.abs(p.at - start - hour * HOUR) < HOUR / 2,
      )
      return Math.max(...seen.map(p => (p.plan.kind === 'daylight' ? p.plan.lux : 0)))
    }
    const december = Date.parse('2026-12-15T00:00:00+01:00')
    const winter = planDay(1, december, ZONE)
    expect(lux(monday, MONDAY, 2)).toBeLessThanOrEqual(2)
    expect(lux(monday, MONDAY, 12)).toBeGreaterThan(200)
    expect(lux(winter, december, 12)).toBeGreaterThan(20)
    expect(lux(winter, december, 19)).toBeLessThanOrEqual(2)
    expect(lux(monday, MONDAY, 19)).toBeGreaterThan(lux(winter, december, 19))
  })
})

describe('who is at work', () => {
  const at = (text: string) => Date.parse(text)

  it.each([
    ['jour', '2026-06-15T06:59:59+02:00', false],
    ['jour', '2026-06-15T07:00:00+02:00', true],
    ['jour', '2026-06-15T19:00:00+02:00', false],
    ['nuit', '2026-06-15T03:00:00+02:00', true],
    ['nuit', '2026-06-15T12:00:00+02:00', false],
    ['heures-ouvrees', '2026-06-15T08:00:00+02:00', true],
    ['heures-ouvrees', '2026-06-14T10:00:00+02:00', false],
    ['toujours', '2026-06-14T04:00:00+02:00', true],
    ['jour', '2026-12-15T07:30:00+01:00', true],
    ['heures-ouvrees', '2026-07-13T10:00:00+02:00', true],
    ['heures-ouvrees', '2026-07-14T10:00:00+02:00', false],
    ['heures-ouvrees', '2026-12-24T15:59:59+01:00', true],
    ['heures-ouvrees', '2026-12-24T16:00:00+01:00', false],
    ['heures-ouvrees', '2027-03-29T10:00:00+02:00', false],
    ['nuit', '2026-12-25T03:00:00+01:00', true],
  ] as const)('%s at %s: %s', (shift, text, expected) => {
    expect(onDuty(shift, at(text), ZONE)).toBe(expected)
  })

  it('holds the badge of somebody of the trade, at work then, or on purpose not at work', () => {
    const noon = at('2026-06-15T12:00:00+02:00')
    for (const chance of [0, 0.5, 0.999]) {
      const shiftOf = (uid: string | undefined) => STAFF.find(m => m.uid === uid && m.trade === 'infirmiere')?.shift
      expect(shiftOf(badgeOf({ trades: ['infirmiere'], chance }, noon, ZONE))).toBe('jour')
      expect(shiftOf(badgeOf({ trades: ['infirmiere'], chance, offDuty: true }, noon, ZONE))).toBe('nuit')
    }
    expect(badgeOf({ trades: ['logistique'], chance: 0.5 }, at('2026-06-15T03:00:00+02:00'), ZONE)).toBeUndefined()
    expect(badgeOf({ uid: '04AABBCC' }, noon, ZONE)).toBe('04AABBCC')
  })

  it('knows midnight, also on the days the clock changes', () => {
    for (const text of [
      '2026-03-29T12:00:00+02:00',
      '2026-10-25T12:00:00+01:00',
      '2026-06-15T00:00:00+02:00',
      '2026-12-31T23:59:59+01:00',
    ]) {
      const wall = wallClock(startOfDay(at(text), ZONE), ZONE)
      expect([wall.minutes, wall.day]).toEqual([0, wallClock(at(text), ZONE).day])
    }
  })
})

describe('the hospital’s time, faster than ours', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-06-15T10:00:00+02:00') }))
  afterEach(() => void vi.useRealTimers())

  function live(speed: number, from: number): { played: Planned[]; acts: Act[]; life: Life } {
    const played: Planned[] = []
    const acts: Act[] = []
    const actors = new Map(INSTALLED.map(d => [d.id, { perform: (act: Act) => void acts.push(act) }]))
    const life = new Life({ actors, seed: 1, speed, timeZone: ZONE, from, onPlayed: p => void played.push(p) })
    life.start()
    return { played, acts, life }
  }

  it('plays a day of 24 h in 24 s at speed 3600, over midnight, every entry once and in order', () => {
    const from = MONDAY + 12 * HOUR
    const { played, life } = live(3_600, from)
    const scene = played.length
    vi.advanceTimersByTime(24_000)
    life.stop()
    const planned = [...planDay(1, MONDAY, ZONE), ...planDay(1, MONDAY + 24 * HOUR, ZONE)]
    expect(played.slice(scene).map(p => [p.at, p.device, p.plan.kind])).toEqual(
      planned.filter(p => p.at >= from && p.at <= from + 24 * HOUR).map(p => [p.at, p.device, p.plan.kind]),
    )
  })

  it('starts with every lamp and light sensor set, and plays nothing after stop', () => {
    const { played, life } = live(3_600, MONDAY + 12 * HOUR)
    expect(new Set(played.map(p => p.plan.kind))).toEqual(new Set(['daylight', 'switch']))
    expect(new Set(played.map(p => p.device)).size).toBe(11)
    life.stop()
    const before = played.length
    vi.advanceTimersByTime(60_000)
    expect(played).toHaveLength(before)
  })

  it('brings to each drawer what the site asks for there: PIN, reason, reference, and a colleague for controlled drugs', () => {
    const { acts, played, life } = live(3_600, MONDAY + 7 * HOUR)
    vi.advanceTimersByTime(12_000)
    life.stop()
    const drawers = new Map<string, Set<string>>()
    for (const [i, { device, plan }] of played.entries()) {
      const act = acts[i]!
      if (act.kind !== 'badge' || plan.kind !== 'badge' || !STAFF.some(m => m.uid === act.uid)) continue
      const brought = Object.keys(act).filter(k => ['pin', 'reason', 'reference', 'offer'].includes(k))
      const key = `${device}/${plan.point}`
      drawers.set(key, (drawers.get(key) ?? new Set()).add(brought.sort().join(' ')))
      if (act.offer) expect(act.offer.witness).toMatch(/^04[0-9A-F]{12}$/)
      expect(act.offer?.witness).not.toBe(act.uid)
    }
    expect(drawers.get('cab-04-a/drawer-6')).toEqual(new Set(['offer pin']))
    expect(drawers.get('cab-08-a/drawer-6')).toEqual(new Set(['offer pin reason']))
    expect(drawers.get('cab-10-a/drawer-5')).toEqual(new Set(['offer pin reference']))
    expect(drawers.get('cab-11-a/drawer-4')).toEqual(new Set(['reference']))
    expect(drawers.get('cab-04-a/drawer-1')).toEqual(new Set(['']))
  })

  it('shortens how long drawers are open, but never below what a hand can do', () => {
    const { acts, life } = live(60, MONDAY + 7.4 * HOUR)
    vi.advanceTimersByTime(60_000)
    life.stop()
    const hands = acts.flatMap(a => (a.kind === 'badge' && a.hand ? [a.hand] : []))
    expect(hands.length).toBeGreaterThan(10)
    for (const { dwellMs } of hands) expect(dwellMs).toBeGreaterThanOrEqual(900)
    for (const { dwellMs } of hands) expect(dwellMs).toBeLessThanOrEqual(5_000)
  })
})
