import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileSchedule, isOpen, STOPPED, unionOf, type WallClock, WEEK_MINUTES, wallClock } from './calendar.ts'
import type { Schedule } from './site.ts'

const MINUTE = 60_000
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const EVERY_DAY = [...DAYS]
type Line = Schedule['weekly'][number]

function clockOf(timeZone: string): WallClock {
  const zone = wallClock(timeZone)
  if (!zone.ok) throw new Error(`no ${timeZone} in this runtime`)
  return zone.clock
}

const daily = (from: string, to: string): Line => ({ days: EVERY_DAY, from, to })
const openAt = (clock: WallClock, line: Line, at: number) => isOpen(compileSchedule([line]), clock.minuteOfWeek(at))

/** Minutes open between two instants, and how many separate stretches they form. */
function sweep(timeZone: string, line: Line, from: string, until: string): { minutes: number; stretches: number } {
  const clock = clockOf(timeZone)
  let [minutes, stretches, last] = [0, 0, false]
  for (let at = Date.parse(from); at < Date.parse(until); at += MINUTE) {
    const open = openAt(clock, line, at)
    if (open) minutes++
    if (open && !last) stretches++
    last = open
  }
  return { minutes, stretches }
}

/**
 * The oracle: asks Intl for the date and time on the wall, minute by minute, and judges a line by calendar days. Shares
 * neither offsets, minutes of the week nor compiled borders with what it checks.
 */
class Oracle {
  readonly #format: Intl.DateTimeFormat
  readonly #shown = new Map<number, number>()
  readonly #counted = new Map<number, Date>()

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
  }

  #wall(at: number): number {
    const known = this.#shown.get(at)
    if (known !== undefined) return known
    const part = Object.fromEntries(this.#format.formatToParts(at).map(p => [p.type, Number(p.value)]))
    const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!)
    this.#shown.set(at, wall)
    return wall
  }

  /** A time that comes twice counts at its first coming: so what counts is the latest time shown in the last hours. */
  counted(at: number): Date {
    const minute = Math.floor(at / MINUTE) * MINUTE
    const known = this.#counted.get(minute)
    if (known !== undefined) return known
    const latest = new Date(Math.max(...Array.from({ length: 181 }, (_, ago) => this.#wall(minute - ago * MINUTE))))
    this.#counted.set(minute, latest)
    return latest
  }

  minuteOfWeek(at: number): number {
    const now = this.counted(at)
    return ((now.getUTCDay() + 6) % 7) * 1_440 + now.getUTCHours() * 60 + now.getUTCMinutes()
  }

  open(lines: readonly Line[], at: number): boolean {
    const now = this.counted(at)
    const time = now.toISOString().slice(11, 16)
    const today = DAYS[(now.getUTCDay() + 6) % 7]!
    const yesterday = DAYS[(now.getUTCDay() + 5) % 7]!
    return lines.some(({ days, from, to }) =>
      to > from
        ? days.includes(today) && time >= from && time < to
        : (days.includes(today) && time >= from) || (days.includes(yesterday) && time < to),
    )
  }
}

describe('a weekly schedule', () => {
  const paris = clockOf('Europe/Paris')
  // 2026-07-01 is a Wednesday, UTC+2.
  const summer = (time: string, day = '01') => Date.parse(`2026-07-${day}T${time}:00+02:00`)

  test.each([
    [daily('07:00', '19:00'), '06:59', false],
    [daily('07:00', '19:00'), '07:00', true],
    [daily('07:00', '19:00'), '18:59', true],
    [daily('07:00', '19:00'), '19:00', false],
    [daily('22:00', '07:00'), '21:59', false],
    [daily('22:00', '07:00'), '23:59', true],
    [daily('22:00', '07:00'), '00:00', true],
    [daily('22:00', '07:00'), '06:59', true],
    [daily('22:00', '07:00'), '07:00', false],
    [daily('20:00', '24:00'), '23:59', true],
    [daily('20:00', '24:00'), '00:00', false],
    [{ days: ['tue'], from: '22:00', to: '07:00' } satisfies Line, '06:59', true],
    [{ days: ['wed'], from: '22:00', to: '07:00' } satisfies Line, '06:59', false],
    [{ days: ['wed'], from: '08:00', to: '08:00' } satisfies Line, '08:00', true],
    [{ days: ['tue'], from: '08:00', to: '08:00' } satisfies Line, '07:59', true],
    [{ days: ['tue'], from: '08:00', to: '08:00' } satisfies Line, '08:00', false],
  ] as const)('%j on a Wednesday at %s: %s', (line, time, open) => {
    expect(openAt(paris, line, summer(time))).toBe(open)
  })

  test('runs from Sunday night into Monday', () => {
    const line: Line = { days: ['sun'], from: '22:00', to: '07:00' }
    expect(compileSchedule([line])).toEqual([0, 420, WEEK_MINUTES - 120, WEEK_MINUTES])
    expect(openAt(paris, line, summer('06:59', '06'))).toBe(true)
    expect(openAt(paris, line, summer('23:00', '06'))).toBe(false)
  })

  test('joins windows that touch and is never open without a window', () => {
    expect(compileSchedule([daily('00:00', '12:00'), daily('12:00', '24:00')])).toEqual([0, WEEK_MINUTES])
    expect(compileSchedule([])).toEqual([])
    expect(isOpen([], 0)).toBe(false)
  })

  test('a union is open exactly when one of its parts is', () => {
    const weeks = fc.array(
      fc.uniqueArray(fc.nat(WEEK_MINUTES), { maxLength: 12 }).map(b => b.sort((x, y) => x - y).slice(0, b.length & ~1)),
      { minLength: 1, maxLength: 4 },
    )
    fc.assert(
      fc.property(weeks, fc.nat(WEEK_MINUTES - 1), (parts, minute) => {
        expect(isOpen(unionOf(parts), minute)).toBe(parts.some(p => isOpen(p, minute)))
      }),
    )
  })
})

describe('when clocks change in Paris', () => {
  const spring = ['2026-03-28T00:00:00+01:00', '2026-03-30T00:00:00+02:00'] as const
  const autumn = ['2026-10-24T00:00:00+02:00', '2026-10-26T00:00:00+01:00'] as const
  const once = (line: { from: string; to: string }, day: 'sat' | 'sun'): Line => ({ days: [day], ...line })

  test.each([
    ['a night over the gap is 8 hours and unbroken', once({ from: '22:00', to: '07:00' }, 'sat'), spring, 8 * 60, 1],
    [
      'a night over the repeated hour is 10 hours and unbroken',
      once({ from: '22:00', to: '07:00' }, 'sat'),
      autumn,
      10 * 60,
      1,
    ],
    ['the hour that does not exist is empty', once({ from: '02:00', to: '03:00' }, 'sun'), spring, 0, 0],
    ['a window into the gap ends where the clock jumps', once({ from: '01:30', to: '02:30' }, 'sun'), spring, 30, 1],
    [
      'a window out of the gap begins where the clock jumps',
      once({ from: '02:30', to: '03:30' }, 'sun'),
      spring,
      30,
      1,
    ],
    ['the repeated hour lasts two', once({ from: '02:00', to: '03:00' }, 'sun'), autumn, 120, 1],
    [
      'a window ending in the repeated hour ends once, at its first coming',
      once({ from: '01:30', to: '02:30' }, 'sun'),
      autumn,
      60,
      1,
    ],
    [
      'a window beginning in the repeated hour is not interrupted',
      once({ from: '02:30', to: '03:30' }, 'sun'),
      autumn,
      120,
      1,
    ],
    ['the whole Sunday is 23 hours', once({ from: '00:00', to: '24:00' }, 'sun'), spring, 23 * 60, 1],
    ['the whole Sunday is 25 hours', once({ from: '00:00', to: '24:00' }, 'sun'), autumn, 25 * 60, 1],
  ])('%s', (_, line, [from, until], minutes, stretches) => {
    expect(sweep('Europe/Paris', line, from, until)).toEqual({ minutes, stretches })
  })

  test('the change happens at its millisecond', () => {
    const clock = clockOf('Europe/Paris')
    const jump = Date.parse('2026-03-29T01:00:00Z')
    expect([jump - 1, jump].map(at => clock.minuteOfWeek(at) % 1_440)).toEqual([119, 180])
  })
})

/** Zone, and the days around its changes: whole and half hours, north and south, at midnight, and one of three hours. */
const CHANGES = [
  ['Europe/Paris', '2026-03-29'],
  ['Europe/Paris', '2026-10-25'],
  ['America/Santiago', '2026-04-05'],
  ['America/Santiago', '2026-09-06'],
  ['Australia/Sydney', '2026-04-05'],
  ['Australia/Sydney', '2026-10-04'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/Havana', '2026-11-01'],
  ['Asia/Beirut', '2026-10-25'],
  ['Antarctica/Troll', '2026-10-25'],
  ['Antarctica/Casey', '2018-03-11'],
] as const

describe.each(CHANGES)('in %s around %s', (timeZone, day) => {
  const clock = clockOf(timeZone)
  const oracle = new Oracle(timeZone)
  const start = Date.parse(`${day}T00:00:00Z`) - 36 * 60 * MINUTE
  const minutes = Array.from({ length: 72 * 60 }, (_, i) => start + i * MINUTE)

  test('a night shift agrees with the oracle at every minute of three days', () => {
    const night = daily('22:00', '07:00')
    const wrong = minutes.filter(at => openAt(clock, night, at) !== oracle.open([night], at))
    expect(wrong.map(at => new Date(at).toISOString())).toEqual([])
  })

  test('the clock agrees with the oracle, asked forwards and backwards', () => {
    const wrong = (asked: number[]) => asked.filter(at => clock.minuteOfWeek(at) !== oracle.minuteOfWeek(at))
    expect(wrong(minutes)).toEqual([])
    expect(wrong(minutes.map(at => at + MINUTE - 1).reverse())).toEqual([])
  })

  test('any schedule agrees with the oracle, asked in any order', () => {
    const time = fc
      .nat(1_439)
      .map(m => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
    const line = fc.record({
      days: fc.subarray([...DAYS], { minLength: 1 }),
      from: time,
      to: fc.oneof(time, fc.constant('24:00')),
    })
    const instant = fc.integer({ min: start, max: start + 72 * 60 * MINUTE - 1 })
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 3 }),
        fc.array(instant, { minLength: 1, maxLength: 5 }),
        (lines, instants) => {
          const week = compileSchedule(lines)
          for (const at of instants) expect(isOpen(week, clock.minuteOfWeek(at))).toBe(oracle.open(lines, at))
        },
      ),
      { numRuns: 100 },
    )
  })

  test('two shifts that touch leave no hole and no double', () => {
    const borders = ['00:30', '01:45', '02:15', '02:30', '23:15']
    for (const border of borders) {
      const both = minutes.filter(
        at => openAt(clock, daily('12:00', border), at) === openAt(clock, daily(border, '12:00'), at),
      )
      expect(both).toEqual([])
    }
  })
})

describe('a time zone', () => {
  test.each(['', 'Europe/Pari', 'Mars/Olympus', '+01:00', '\u0000', '__proto__', 'Europe/Paris '])(
    '%j is refused as a value',
    timeZone => {
      expect(wallClock(timeZone)).toEqual({ ok: false, expected: 'an IANA time zone such as Europe/Paris' })
    },
  )

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 253_402_300_800_000, 1e300])(
    'at %s nothing is open',
    at => {
      const minute = clockOf('Europe/Paris').minuteOfWeek(at)
      expect(minute).toBeNaN()
      expect(isOpen([0, WEEK_MINUTES], minute)).toBe(false)
    },
  )

  test('a stopped clock finds nothing open', () => {
    expect(isOpen([0, WEEK_MINUTES], STOPPED.minuteOfWeek(Date.parse('2026-07-01T12:00:00Z')))).toBe(false)
  })

  test('UTC, half-hour and west-of-Greenwich zones count from Monday midnight', () => {
    expect(clockOf('UTC').minuteOfWeek(Date.parse('2026-06-29T00:00:30.5Z'))).toBe(0)
    expect(clockOf('Asia/Kolkata').minuteOfWeek(Date.parse('2026-06-29T00:00:00+05:30'))).toBe(0)
    expect(clockOf('America/New_York').minuteOfWeek(Date.parse('2026-06-28T23:59:59-04:00'))).toBe(WEEK_MINUTES - 1)
    expect(clockOf('America/New_York').minuteOfWeek(0)).toBe(2 * 1_440 + 19 * 60)
  })
})
