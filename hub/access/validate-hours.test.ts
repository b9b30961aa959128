import { describe, expect, test } from 'vitest'
import { fullSite, knows } from '../test/small-site.ts'
import { EXPECTED } from './expected.ts'
import { said } from './french.ts'
import type { Calendar, Site } from './site.ts'
import { validate } from './validate.ts'

function problemsAfter(change: (site: Site) => void) {
  const site = fullSite()
  change(site)
  return validate(site, knows).map(p => [p.pointer, p.expected])
}

test('a site with something of every kind has no problem', () => {
  expect(validate(fullSite(), knows)).toEqual([])
})

describe('days of a calendar', () => {
  const problems = (days: Calendar['days']) =>
    problemsAfter(s => {
      s.calendars![0]!.days = days
    })

  test.each([
    ['that do not exist', [{ date: '2026-02-30' }], '0/date', 'day'],
    ['that no year has', [{ date: '--02-30' }], '0/date', 'day'],
    ['of a month 13', [{ date: '--13-01' }], '0/date', 'day'],
    ['ending on one that does not exist', [{ date: '2026-02-01', until: '2026-02-29' }], '0/until', 'day'],
    ['that end before they begin', [{ date: '2026-02-02', until: '2026-02-01' }], '0/until', 'lastDay'],
    ['longer than a year', [{ date: '2026-01-01', until: '2027-01-02' }], '0/until', 'longRun'],
    ['of every year with an end', [{ date: '--12-24', until: '2026-12-26' }], '0/until', 'yearly'],
    ['named twice', [{ date: '2026-05-14' }, { date: '2026-05-14' }], '1', 'freeDays'],
    ['named twice for every year', [{ date: '--12-25' }, { date: '--12-25' }], '1', 'freeDays'],
    ['inside others', [{ date: '2026-07-01', until: '2026-07-31' }, { date: '2026-07-31' }], '1', 'freeDays'],
  ] as const)('%s', (_, days, place, expected) => {
    expect(problems([...days])).toEqual([[`/calendars/0/days/${place}`, EXPECTED[expected]]])
  })

  test('that are not well formed are not told to overlap as well', () => {
    expect(problems([{ date: '2026-02-30' }, { date: '2026-02-30' }]).map(([, expected]) => expected)).toEqual([
      EXPECTED.day,
      EXPECTED.day,
    ])
  })

  test.each([
    ['next to each other', [{ date: '2026-07-01', until: '2026-07-30' }, { date: '2026-07-31' }]],
    ['a year long', [{ date: '2026-01-01', until: '2027-01-01' }]],
    ['one day of several', [{ date: '2026-07-01', until: '2026-07-01' }]],
    ['29 February', [{ date: '--02-29' }, { date: '2028-02-29' }]],
    ['of every year inside a run', [{ date: '2026-12-20', until: '2026-12-31' }, { date: '--12-25' }]],
    ['none', []],
  ] as const)('may be %s', (_, days) => {
    expect(problems([...days])).toEqual([])
  })

  test('a calendar id used twice', () => {
    expect(
      problemsAfter(s => {
        s.calendars!.push({ id: 'holidays', name: 'Again', days: [] })
      }),
    ).toEqual([['/calendars/1/id', EXPECTED.unused]])
  })
})

test.each(['00:00', '07:00'])('a weekly window from %s to the same means neither a whole day nor nothing', time => {
  const problems = problemsAfter(s => {
    s.schedules[0]!.weekly[0] = { ...s.schedules[0]!.weekly[0]!, from: time, to: time }
  })
  expect(problems).toEqual([['/schedules/0/weekly/0/to', EXPECTED.windowEnd]])
  expect(said(EXPECTED.windowEnd)).toEqual({
    en: 'another end than the start; 00:00 to 24:00 for a whole day',
    fr: 'une fin autre que le début\u202f; 00:00 à 24:00 pour une journée entière',
  })
})

describe('special days of a schedule', () => {
  const special = (site: Site) => site.schedules[1]!.specialDays!

  test.each([
    [
      'of an unknown calendar',
      '0/calendar',
      'calendar',
      (s: Site) => {
        special(s)[0]!.calendar = 'none'
      },
    ],
    [
      'of one calendar twice',
      '1/calendar',
      'unused',
      (s: Site) => {
        special(s).push({ calendar: 'holidays', hours: [] })
      },
    ],
    [
      'from 24:00',
      '0/hours/0/from',
      'windowStart',
      (s: Site) => {
        special(s)[0]!.hours = [{ from: '24:00', to: '12:00' }]
      },
    ],
    [
      'from a time to the same',
      '0/hours/0/to',
      'windowEnd',
      (s: Site) => {
        special(s)[0]!.hours = [{ from: '08:00', to: '08:00' }]
      },
    ],
    [
      'with hours that overlap',
      '0/hours/1',
      'freeSpecialHours',
      (s: Site) => {
        special(s)[0]!.hours.push({ from: '11:59', to: '13:00' })
      },
    ],
    [
      'with a night that a later window begins in',
      '0/hours/1',
      'freeSpecialHours',
      (s: Site) => {
        special(s)[0]!.hours = [
          { from: '20:00', to: '06:00' },
          { from: '23:00', to: '23:30' },
        ]
      },
    ],
  ] as const)('%s', (_, place, expected, change) => {
    expect(problemsAfter(change)).toEqual([[`/schedules/1/specialDays/${place}`, EXPECTED[expected]]])
  })

  test('may touch, and run past midnight into hours that belong to another day', () => {
    expect(
      problemsAfter(s => {
        special(s)[0]!.hours = [
          { from: '00:00', to: '07:00' },
          { from: '07:00', to: '12:00' },
          { from: '22:00', to: '06:00' },
        ]
      }),
    ).toEqual([])
  })

  test('need a list of calendars', () => {
    expect(
      problemsAfter(s => {
        delete s.calendars
      }),
    ).toEqual([['/schedules/1/specialDays/0/calendar', EXPECTED.calendar]])
  })
})
