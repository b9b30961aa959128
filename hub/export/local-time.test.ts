import { describe, expect, it } from 'vitest'
import { LocalTime } from './local-time.ts'

describe('LocalTime', () => {
  it('turns with the clocks, to the millisecond', () => {
    const paris = new LocalTime('Europe/Paris')
    const spring = Date.UTC(2026, 2, 29, 1)
    expect(paris.stamp(spring - 1)).toBe('2026-03-29T01:59:59.999+01:00')
    expect(paris.stamp(spring)).toBe('2026-03-29T03:00:00.000+02:00')
    const autumn = Date.UTC(2026, 9, 25, 1)
    expect(paris.stamp(autumn - 1)).toBe('2026-10-25T02:59:59.999+02:00')
    expect(paris.stamp(autumn)).toBe('2026-10-25T02:00:00.000+01:00')
  })

  it('knows zones at halves and quarters of an hour, west of Greenwich, and Greenwich itself', () => {
    const at = Date.UTC(2026, 0, 15, 0, 10)
    expect(new LocalTime('Asia/Kathmandu').stamp(at)).toBe('2026-01-15T05:55:00.000+05:45')
    expect(new LocalTime('America/St_Johns').stamp(at)).toBe('2026-01-14T20:40:00.000-03:30')
    expect(new LocalTime('America/St_Johns').day(at)).toBe('2026-01-14')
    expect(new LocalTime('Africa/Abidjan').stamp(at)).toBe('2026-01-15T00:10:00.000+00:00')
  })

  it('says the same as Intl for a year of hours', () => {
    const ours = new LocalTime('Europe/Paris')
    const theirs = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Paris',
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3_599_000)
      expect(ours.stamp(at).slice(0, 19).replace('T', ' ')).toBe(theirs.format(at))
  })
})
