/** Pure formatters. Instants are milliseconds since 1970, UTC; they are shown on the site's wall clock. */
import type { Words } from './words/types.ts'

const NBSP = '\u00a0'
const formats = new Map<string, Intl.DateTimeFormat>()

function partsOf(at: number, timeZone: string): Record<string, string> {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(timeZone, format)
  }
  return Object.fromEntries(format.formatToParts(at).map(p => [p.type, p.value]))
}

/** `02:46:31`. */
export function clock(at: number, timeZone: string): string {
  const p = partsOf(at, timeZone)
  return `${p.hour}:${p.minute}:${p.second}`
}
/** `02:46`. */
export const hourMinute = (at: number, timeZone: string): string => clock(at, timeZone).slice(0, 5)
/** `17/03/2026`. */
export function date(at: number, timeZone: string): string {
  const p = partsOf(at, timeZone)
  return `${p.day}/${p.month}/${p.year}`
}

/** `02:46:31` on the same day as `now`, `17/03 22:40:44` within the year, `17/03/2025 22:40:44` otherwise. */
/** `08:00`, with its date on another day: of what begins and ends by the minute. */
export const minute = (at: number, now: number, timeZone: string): string => when(at, now, timeZone).slice(0, -3)
export function when(at: number, now: number, timeZone: string): string {
  const [day, today] = [date(at, timeZone), date(now, timeZone)]
  if (day === today) return clock(at, timeZone)
  return `${day.slice(6) === today.slice(6) ? day.slice(0, 5) : day} ${clock(at, timeZone)}`
}

/** `84 ms`, `1,2 s`, `41 s`, `2 min 40 s`, `3 h 05 min`, `4 j`. Negative durations count as 0. */
export function duration(ms: number, locale: Words['locale']): string {
  const v = Math.max(0, ms)
  if (v < 1000) return `${Math.round(v)}${NBSP}ms`
  const s = Math.floor(v / 1000)
  if (s < 10) return `${decimal(v / 1000, 1, locale)}${NBSP}s`
  if (s < 60) return `${s}${NBSP}s`
  if (s < 3600) return `${Math.floor(s / 60)}${NBSP}min${s % 60 ? ` ${s % 60}${NBSP}s` : ''}`
  if (s < 86_400)
    return `${Math.floor(s / 3600)}${NBSP}h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')}${NBSP}min`
  return days(Math.floor(s / 86_400), locale)
}

/** How long something was open: in seconds, never finer than a tenth: `0,9 s`, `41 s`, `< 0,1 s`. */
export function openFor(ms: number, locale: Words['locale']): string {
  if (ms >= 1000) return duration(ms, locale)
  const tenths = Math.floor(Math.max(0, ms) / 100)
  return tenths === 0 ? `<${NBSP}${decimal(0.1, 1, locale)}${NBSP}s` : `${decimal(tenths / 10, 1, locale)}${NBSP}s`
}

/** `74 j` or `74 d`. */
export const days = (n: number, locale: Words['locale']): string => `${n}${NBSP}${locale === 'fr' ? 'j' : 'd'}`
/** Whole days until an instant, 0 on its last day, negative once past. */
export const daysUntil = (at: number, now: number): number => Math.floor((at - now) / 86_400_000)

/** `84`, `1,2`, `12 400`: at most `digits` decimals, grouped as the language does. */
export const decimal = (value: number, digits: number, locale: Words['locale']): string =>
  new Intl.NumberFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { maximumFractionDigits: digits }).format(value)

/** `84 lx`, `40 %`. The unit `1` (a count or a yes) is not written. */
export function measure(value: number, unit: string, locale: Words['locale']): string {
  const figure = decimal(value, 1, locale)
  if (unit === '1') return figure
  if (unit === '%' && locale === 'fr') return `${figure}\u202f%`
  return unit === '%' ? `${figure}%` : `${figure}${NBSP}${unit}`
}

/** Hub minus device clock: `+1,4 s` means that the device is late. */
export function skew(ms: number, locale: Words['locale']): string {
  const sign = ms < 0 ? '\u2212' : '+'
  return `${sign}${duration(Math.abs(ms), locale)}`
}

/** `Claire Marchand` becomes `C. Marchand`, which no line end parts; a single word stays as it is. */
export function shortName(name: string): string {
  const [first, ...rest] = name.trim().split(/\s+/)
  if (!first || rest.length === 0) return name.trim()
  return first.endsWith('.') || first.length < 3 ? name.trim() : `${[...first][0]}.${NBSP}${rest.join(' ')}`
}

/** A title after a name: `Infirmière de nuit` becomes `infirmière de nuit`, `IDE` stays. */
export const inSentence = (title: string): string =>
  /^\p{Lu}\p{Ll}/u.test(title) ? title.charAt(0).toLocaleLowerCase() + title.slice(1) : title

/** Up to two letters for the square beside a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const last = words.length > 1 ? words[words.length - 1] : undefined
  return [words[0], last]
    .map(w => (w ? ([...w][0] ?? '') : ''))
    .join('')
    .toLocaleUpperCase()
}

/** Lower case without accents, so that `reanimation` finds `Réanimation`. */
export const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()

const HOUR = 3_600_000
/** Start of the watch `now` falls in: 08:00 or 20:00 on the site's wall clock, also on days when the clock changes. */
export function watchStart(now: number, timeZone: string): number {
  for (let at = Math.floor(now / (HOUR / 4)) * (HOUR / 4); ; at -= HOUR / 4) {
    const hm = hourMinute(at, timeZone)
    if (hm === '08:00' || hm === '20:00') return at
  }
}
/** The first 08:00 or 20:00 after a start. */
export function watchEnd(start: number, timeZone: string): number {
  return watchStart(start + 13.25 * HOUR, timeZone)
}

/** `mercredi 18 mars 2026, 02:31:12,408`: to the millisecond, for one row. */
export function exactTime(at: number, timeZone: string, locale: Words['locale']): string {
  const day = new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', { timeZone, dateStyle: 'full' }).format(at)
  const ms = String(((at % 1000) + 1000) % 1000).padStart(3, '0')
  return `${day}, ${clock(at, timeZone)}${locale === 'fr' ? ',' : '.'}${ms}`
}
/** `18/03/2026`, of a day written 2026-03-18; `18/03` where the year goes without saying. */
export function dayWords(day: string, short = false): string {
  const [y, m, d] = day.split('-')
  return short ? `${d}/${m}` : `${d}/${m}/${y}`
}
