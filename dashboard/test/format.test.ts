import { describe, expect, it } from 'vitest'
import {
  clock,
  daysUntil,
  duration,
  initials,
  inSentence,
  measure,
  openFor,
  shortName,
  skew,
  watchEnd,
  watchStart,
  when,
} from '../src/format.ts'

const PARIS = 'Europe/Paris'
const at = (iso: string): number => Date.parse(iso)

describe('times on the site’s wall clock', () => {
  it('writes seconds, in the site’s zone and not the reader’s', () => {
    expect(clock(at('2026-03-18T01:46:31Z'), PARIS)).toBe('02:46:31')
    expect(clock(at('2026-03-17T23:00:00Z'), PARIS)).toBe('00:00:00')
  })
  it('adds the date on another day and the year in another year', () => {
    const now = at('2026-03-18T01:47:00Z')
    expect(when(at('2026-03-18T01:46:31Z'), now, PARIS)).toBe('02:46:31')
    expect(when(at('2026-03-17T21:40:44Z'), now, PARIS)).toBe('17/03 22:40:44')
    expect(when(at('2025-12-31T21:40:44Z'), now, PARIS)).toBe('31/12/2025 22:40:44')
  })
  it('begins the watch at 08:00 or 20:00, and lets it last 11 or 13 hours when the clock changes', () => {
    const start = watchStart(at('2026-03-18T01:47:00Z'), PARIS)
    expect(start).toBe(at('2026-03-17T19:00:00Z'))
    expect(watchEnd(start, PARIS)).toBe(at('2026-03-18T07:00:00Z'))
    expect(watchStart(at('2026-03-18T07:00:00Z'), PARIS)).toBe(at('2026-03-18T07:00:00Z'))
    const spring = watchStart(at('2026-03-29T01:30:00Z'), PARIS)
    expect((watchEnd(spring, PARIS) - spring) / 3_600_000).toBe(11)
    const autumn = watchStart(at('2026-10-25T01:30:00Z'), PARIS)
    expect((watchEnd(autumn, PARIS) - autumn) / 3_600_000).toBe(13)
  })
})

describe('durations and measures', () => {
  it.each([
    [84, '84\u00a0ms'],
    [1250, '1,3\u00a0s'],
    [41_000, '41\u00a0s'],
    [160_000, '2\u00a0min 40\u00a0s'],
    [120_000, '2\u00a0min'],
    [11_100_000, '3\u00a0h 05\u00a0min'],
    [4 * 86_400_000, '4\u00a0j'],
    [-5, '0\u00a0ms'],
  ])('writes %d ms as %s', (ms, words) => expect(duration(ms, 'fr')).toBe(words))
  it.each([
    [903, '0,9\u00a0s', '0.9\u00a0s'],
    [40, '<\u00a00,1\u00a0s', '<\u00a00.1\u00a0s'],
    [999, '0,9\u00a0s', '0.9\u00a0s'],
    [41_000, '41\u00a0s', '41\u00a0s'],
  ])('writes that something was open for %d ms in seconds', (ms, french, english) => {
    expect(openFor(ms, 'fr')).toBe(french)
    expect(openFor(ms, 'en')).toBe(english)
  })
  it('uses each language’s own signs', () => {
    expect(measure(12, '%', 'fr')).toBe('12\u202f%')
    expect(measure(12, '%', 'en')).toBe('12%')
    expect(measure(84.26, 'lx', 'fr')).toBe('84,3\u00a0lx')
    expect(measure(1, '1', 'en')).toBe('1')
    expect(skew(-1400, 'en')).toBe('\u22121.4\u00a0s')
  })
  it('counts the whole days a certificate has left, and says when it has none', () => {
    expect(daysUntil(10 * 86_400_000 + 1, 0)).toBe(10)
    expect(daysUntil(-1, 0)).toBe(-1)
  })
})

describe('names', () => {
  it('shortens the first name to its initial and leaves titles and single words alone', () => {
    expect(shortName('Claire Marchand')).toBe('C.\u00a0Marchand')
    expect(shortName('Élodie de la Tour')).toBe('É.\u00a0de la Tour')
    expect(shortName('Dr Petit')).toBe('Dr Petit')
    expect(shortName('Sibylle')).toBe('Sibylle')
  })
  it('writes a title after a name in small letters, and leaves an abbreviation', () => {
    expect(inSentence('Infirmière de nuit')).toBe('infirmière de nuit')
    expect(inSentence('IDE')).toBe('IDE')
  })
  it('makes a square of two letters, whatever the alphabet', () => {
    expect(initials('Bruno Kessler')).toBe('BK')
    expect(initials('𝒜lix')).toBe('𝒜')
    expect(initials('')).toBe('')
  })
})
