import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { endOfLocalDay, nextTime, STOPPED, type WallClock, wallClock } from './calendar.ts'

function clockOf(timeZone: string): WallClock {
  const zone = wallClock(timeZone)
  if (!zone.ok) throw new Error(`no ${timeZone} in this runtime`)
  return zone.clock
}

describe('a day on the wall ends', () => {
  test.each([
    ['in summer', 'Europe/Paris', '2026-07-01T12:00:00+02:00', '2026-07-02T00:00:00+02:00'],
    [
      'one millisecond after its last one',
      'Europe/Paris',
      '2026-07-01T23:59:59.999+02:00',
      '2026-07-02T00:00:00+02:00',
    ],
    ['a whole day after its first', 'Europe/Paris', '2026-07-02T00:00:00+02:00', '2026-07-03T00:00:00+02:00'],
    ['after 23 hours in spring', 'Europe/Paris', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00'],
    ['after 25 hours in autumn', 'Europe/Paris', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00'],
    [
      'where midnight itself is jumped over',
      'America/Santiago',
      '2026-09-05T12:00:00-04:00',
      '2026-09-06T01:00:00-03:00',
    ],
    [
      'where midnight comes twice, at the first',
      'America/Havana',
      '2026-10-31T12:00:00-04:00',
      '2026-11-01T00:00:00-04:00',
    ],
    ['where the next day is left out', 'Pacific/Apia', '2011-12-29T12:00:00-10:00', '2011-12-31T00:00:00+14:00'],
    ['where offsets had seconds', 'Africa/Monrovia', '1970-06-01T12:00:30Z', '1970-06-02T00:44:30Z'],
    ['at the end of the calendar', 'UTC', '9999-12-31T12:00:00Z', '+010000-01-01T00:00:00Z'],
  ])('%s', (_, timeZone, at, end) => {
    expect(new Date(endOfLocalDay(Date.parse(at), timeZone)).toISOString()).toBe(new Date(end).toISOString())
  })

  test('nowhere without a time zone', () => {
    expect(endOfLocalDay(Date.parse('2026-07-01T12:00:00Z'), 'Mars/Olympus')).toBeNaN()
  })

  test('at the first minute of another date, whatever the zone and the time', () => {
    const zones = ['Europe/Paris', 'America/Santiago', 'Australia/Lord_Howe', 'Antarctica/Troll', 'Asia/Kolkata']
    const clocks = new Map(zones.map(zone => [zone, clockOf(zone)]))
    const instant = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2027-01-01T00:00:00Z') })
    fc.assert(
      fc.property(fc.constantFrom(...zones), instant, (zone, at) => {
        const dayAt = (time: number) => Math.floor(clocks.get(zone)!.minuteOf(time) / 1_440)
        const end = endOfLocalDay(at, zone)
        expect([dayAt(end - 1), dayAt(end)]).toEqual([dayAt(at), dayAt(at) + 1])
      }),
      { numRuns: 300 },
    )
  })
})

describe('a time of day comes next', () => {
  test.each([
    ['later today', '2026-07-01T12:00:00+02:00', '21:00', '2026-07-01T21:00:00+02:00'],
    ['tomorrow, where it has passed', '2026-07-01T22:00:00+02:00', '21:00', '2026-07-02T21:00:00+02:00'],
    ['tomorrow, where it is just now', '2026-07-01T21:00:00+02:00', '21:00', '2026-07-02T21:00:00+02:00'],
    ['over the night in which clocks go back', '2026-10-24T21:00:00+02:00', '06:00', '2026-10-25T06:00:00+01:00'],
    ['right after the hour that is skipped', '2026-03-28T12:00:00+01:00', '02:30', '2026-03-29T03:00:00+02:00'],
    ['once, where the hour comes twice', '2026-10-24T12:00:00+02:00', '02:30', '2026-10-25T02:30:00+02:00'],
  ])('%s', (_, at, time, next) => {
    const found = nextTime(Date.parse(at), time, clockOf('Europe/Paris'))
    expect(new Date(found).toISOString()).toBe(new Date(next).toISOString())
  })
  test('never, where there is no clock', () => {
    expect(nextTime(Date.parse('2026-07-01T12:00:00Z'), '21:00', STOPPED)).toBeNaN()
  })
})
