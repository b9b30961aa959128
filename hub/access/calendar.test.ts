import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileTimetable, endOfLocalDay, isOpen, STOPPED, type WallClock, wallClock } from './calendar.ts'
import type { Calendar, Schedule } from './site.ts'

const MINUTE = 60_000
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const EVERY_DAY = [...DAYS]
type Line = Schedule['weekly'][number]
type Hours = Omit<Line, 'days'>
type Special = readonly { readonly days: Calendar['days']; readonly hours: Hours[] }[]

function clockOf(timeZone: string): WallClock {
  const zone = wallClock(timeZone)
  if (!zone.ok) throw new Error(`no ${timeZone} in this runtime`)
  return zone.clock
}

const daily = (from: string, to: string): Line => ({ days: EVERY_DAY, from, to })
const openAt = (clock: WallClock, line: Line, at: number) => isOpen(weekly([line]), clock.minuteOf(at))
const weekly = (lines: Line[]) => compileTimetable({ weekly: lines }, [])
const ALWAYS = weekly([daily('00:00', '24:00')])

/** A timetable of weekly lines and special days, each of them from a calendar of its own. */
const timetable = (lines: Line[], special: Special) =>
  compileTimetable(
    { weekly: lines, specialDays: special.map(({ hours }, i) => ({ calendar: `c-${i}`, hours })) },
    special.map(({ days }, i) => ({ id: `c-${i}`, name: 'C', days })),
  )

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

  minuteOf(at: number): number {
    return this.counted(at).getTime() / MINUTE
  }

  open(lines: readonly Line[], at: number, special: Special = []): boolean {
    const now = this.counted(at)
    const time = now.toISOString().slice(11, 16)
    const today = hoursOfDay(now, lines, special)
    const yesterday = hoursOfDay(new Date(now.getTime() - 1_440 * MINUTE), lines, special)
    return (
      today.some(({ from, to }) => time >= from && (to <= from || time < to)) ||
      yesterday.some(({ from, to }) => to <= from && time < to)
    )
  }
}

/** By the words on the calendar: dates compared as text. */
function hoursOfDay(day: Date, lines: readonly Line[], special: Special): readonly Hours[] {
  const date = day.toISOString().slice(0, 10)
  const first = special.find(({ days }) =>
    days.some(d =>
      d.date.startsWith('--') ? date.endsWith(d.date.slice(1)) : date >= d.date && date <= (d.until ?? d.date),
    ),
  )
  return first?.hours ?? lines.filter(line => line.days.includes(DAYS[(day.getUTCDay() + 6) % 7]!))
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
    expect(openAt(paris, line, summer('06:59', '06'))).toBe(true)
    expect(openAt(paris, line, summer('23:00', '06'))).toBe(false)
  })

  test('joins windows that touch and is never open without a window', () => {
    const minute = paris.minuteOf(summer('12:00'))
    expect(isOpen(weekly([daily('00:00', '12:00'), daily('12:00', '24:00')]), minute)).toBe(true)
    expect(isOpen(weekly([daily('08:00', '20:00'), daily('09:00', '10:00')]), minute)).toBe(true)
    expect(isOpen(weekly([]), minute)).toBe(false)
  })
})

describe('special days', () => {
  const paris = clockOf('Europe/Paris')
  // 2026-12-25 is a Friday.
  const christmas: Calendar['days'] = [{ date: '--12-25' }]
  const at = (text: string) => paris.minuteOf(Date.parse(`2026-12-${text}:00+01:00`))

  test.each([
    ['closed all day without hours', daily('07:00', '19:00'), [], '25T12:00', false],
    ['not so the day before', daily('07:00', '19:00'), [], '24T12:00', true],
    ['nor the day after', daily('07:00', '19:00'), [], '26T12:00', true],
    ['with hours of their own', daily('07:00', '19:00'), [{ from: '09:00', to: '12:00' }], '25T11:59', true],
    ['and not those of the week', daily('07:00', '19:00'), [{ from: '09:00', to: '12:00' }], '25T12:00', false],
    ['a night begun on Christmas Eve runs into the morning', daily('22:00', '07:00'), [], '25T06:59', true],
    ['and ends as it would', daily('22:00', '07:00'), [], '25T07:00', false],
    ['no night begins on the day itself', daily('22:00', '07:00'), [], '25T22:00', false],
    ['so none runs into the next morning', daily('22:00', '07:00'), [], '26T06:00', false],
    ['their hours may run past midnight', daily('07:00', '19:00'), [{ from: '20:00', to: '03:00' }], '26T02:59', true],
    ['and end there', daily('07:00', '19:00'), [{ from: '20:00', to: '03:00' }], '26T03:00', false],
    ['a whole day and night', daily('07:00', '19:00'), [{ from: '08:00', to: '08:00' }], '26T06:59', true],
  ])('%s', (_, line, hours, text, open) => {
    expect(isOpen(timetable([line], [{ days: christmas, hours }]), at(text))).toBe(open)
  })

  test('the first calendar that has the day counts', () => {
    const both = (first: string, second: string) =>
      timetable(
        [daily('07:00', '19:00')],
        [
          { days: [{ date: first }], hours: [{ from: '20:00', to: '21:00' }] },
          { days: [{ date: second }], hours: [] },
        ],
      )
    expect(isOpen(both('2026-12-25', '--12-25'), at('25T20:00'))).toBe(true)
    expect(isOpen(both('--12-25', '2026-12-25'), at('25T20:00'))).toBe(true)
    expect(isOpen(both('2026-12-24', '--12-25'), at('25T20:00'))).toBe(false)
  })

  test('of a calendar that does not exist are ordinary ones', () => {
    const schedule = { weekly: [daily('07:00', '19:00')], specialDays: [{ calendar: 'none', hours: [] }] }
    expect(isOpen(compileTimetable(schedule, []), at('25T12:00'))).toBe(true)
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
    expect([jump - 1, jump].map(at => clock.minuteOf(at) % 1_440)).toEqual([119, 180])
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
    const wrong = (asked: number[]) => asked.filter(at => clock.minuteOf(at) !== oracle.minuteOf(at))
    expect(wrong(minutes)).toEqual([])
    expect(wrong(minutes.map(at => at + MINUTE - 1).reverse())).toEqual([])
  })

  test('any schedule with special days agrees with the oracle, asked in any order', () => {
    const time = fc
      .nat(1_439)
      .map(m => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
    const line = fc.record({
      days: fc.subarray([...DAYS], { minLength: 1 }),
      from: time,
      to: fc.oneof(time, fc.constant('24:00')),
    })
    const instant = fc.integer({ min: start, max: start + 72 * 60 * MINUTE - 1 })
    const hours = fc.record({ from: time, to: fc.oneof(time, fc.constant('24:00')) })
    const dates = Array.from({ length: 5 }, (_, i) => new Date(start + i * 1_440 * MINUTE).toISOString().slice(0, 10))
    const date = fc.constantFrom(...dates, ...dates.map(d => `-${d.slice(4)}`))
    const until = fc.constantFrom(...dates)
    const days = fc.array(
      fc
        .tuple(date, fc.option(until))
        .map(([d, u]) => (u && u > d && !d.startsWith('-') ? { date: d, until: u } : { date: d })),
      { minLength: 1, maxLength: 3 },
    )
    const special = fc.array(fc.record({ days, hours: fc.array(hours, { maxLength: 2 }) }), { maxLength: 2 })
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 3 }),
        special,
        fc.array(instant, { minLength: 1, maxLength: 5 }),
        (lines, specialDays, instants) => {
          const table = timetable(lines, specialDays)
          for (const at of instants) expect(isOpen(table, clock.minuteOf(at))).toBe(oracle.open(lines, at, specialDays))
        },
      ),
      { numRuns: 200 },
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

describe('a clock asked about more hours than it remembers', () => {
  // From before clocks are put back in 2026 to after they are put forward in 2027.
  const start = Date.parse('2026-10-20T00:17:00Z')
  const hours = Array.from({ length: 3_900 }, (_, i) => start + i * 60 * MINUTE)
  const clock = clockOf('Europe/Paris')
  const oracle = new Oracle('Europe/Paris')

  test.each([
    ['forwards', hours],
    ['backwards', hours.toReversed()],
    ['back and forth between both ends', hours.map((at, i) => (i % 2 === 0 ? at : hours.at(-i)!))],
  ])('agrees with the oracle, %s', (_, asked) => {
    const wrong = asked.filter(at => clock.minuteOf(at) !== oracle.minuteOf(at))
    expect(wrong.map(at => new Date(at).toISOString())).toEqual([])
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
      const minute = clockOf('Europe/Paris').minuteOf(at)
      expect(minute).toBeNaN()
      expect(isOpen(ALWAYS, minute)).toBe(false)
      expect(endOfLocalDay(at, 'Europe/Paris')).toBeNaN()
    },
  )

  test('a stopped clock finds nothing open', () => {
    expect(isOpen(ALWAYS, STOPPED.minuteOf(Date.parse('2026-07-01T12:00:00Z')))).toBe(false)
  })

  test('UTC, half-hour and west-of-Greenwich zones count from their own midnight of 1970', () => {
    const midnight = Date.parse('2026-06-29T00:00:00Z') / MINUTE
    expect(clockOf('UTC').minuteOf(Date.parse('2026-06-29T00:00:30.5Z'))).toBe(midnight)
    expect(clockOf('Asia/Kolkata').minuteOf(Date.parse('2026-06-29T00:00:00+05:30'))).toBe(midnight)
    expect(clockOf('America/New_York').minuteOf(Date.parse('2026-06-28T23:59:59-04:00'))).toBe(midnight - 1)
    expect(clockOf('America/New_York').minuteOf(0)).toBe(-300)
  })

  test('the first hours of 1970 west of Greenwich are a Wednesday, and its Tuesday night runs into them', () => {
    const line: Line = { days: ['tue'], from: '22:00', to: '20:00' }
    const clock = clockOf('America/New_York')
    expect(openAt(clock, { days: ['wed'], from: '19:00', to: '20:00' }, 0)).toBe(true)
    expect(openAt(clock, line, 0)).toBe(true)
    expect(openAt(clock, line, 60 * MINUTE)).toBe(false)
  })
})
