/** Times as people ask about them: on the clock of the site, or with a zone. */
import { type WallClock, wallClock } from '../access/calendar.ts'
import { instantOf } from '../access/instant.ts'
import { type Said, VigieError } from '../errors.ts'

const MINUTE = 60_000
const DAY_MINUTES = 1_440
/** No clock is further than this from UTC. */
const FURTHEST = 26 * 60 * MINUTE

const EXPECTED: Said = {
  en: 'a time such as 07:02, 2026-12-25 03:00 or 2026-12-25T03:00:00+01:00',
  fr: 'un moment tel que 07:02, 2026-12-25 03:00 ou 2026-12-25T03:00:00+01:00',
}

/**
 * @param text absent: now. `07:02`: today. `2026-12-25 03:00`: that day. Both on the wall clock of the site; a time that
 *   comes twice is its first coming, one that is skipped is refused. Or RFC 3339 with a zone
 * @param past a time of day that is still to come is yesterday's
 * @throws VigieError input-invalid naming `at`
 */
export function instantAsked(text: string | undefined, now: number, timeZone: string, past = false): number {
  if (text === undefined) return now
  const zone = wallClock(timeZone)
  const at = zone.ok ? parsed(text.trim(), now, zone.clock, past) : Number.NaN
  if (at === SKIPPED) throw new VigieError('input-invalid', { field: 'at', expected: NO_SUCH_HOUR })
  if (!(at >= 0 && at < 253_402_300_800_000)) throw new VigieError('input-invalid', { field: 'at', expected: EXPECTED })
  return at
}

const NO_SUCH_HOUR: Said = {
  en: 'an hour that exists: that one is skipped on that day, when the clocks go forward',
  fr: 'une heure qui existe\u202f: celle-là est sautée ce jour-là, au passage à l’heure d’été',
}

function parsed(text: string, now: number, clock: WallClock, past: boolean): number {
  const today = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (today) {
    const midnight = Math.floor(clock.minuteOf(now) / DAY_MINUTES) * DAY_MINUTES
    const minute = midnight + Number(today[1]) * 60 + Number(today[2])
    const at = instantOfMinute(minute, clock)
    return past && at > now ? instantOfMinute(minute - DAY_MINUTES, clock) : at
  }
  const local = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)$/.exec(text)
  if (local) return instantOfMinute(instantOf(`${local[1]}T${local[2]}Z`) / MINUTE, clock)
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? instantOf(text) : Number.NaN
}

/** No instant at all: the clock on the wall goes from before it to after it. */
const SKIPPED = Number.NEGATIVE_INFINITY

/** The first instant at which the clock on the wall shows that minute; SKIPPED if it never does. */
function instantOfMinute(minute: number, clock: WallClock): number {
  if (Number.isNaN(minute)) return Number.NaN
  let before = Math.max(0, minute * MINUTE - FURTHEST)
  let after = minute * MINUTE + FURTHEST
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (clock.minuteOf(middle) >= minute) after = middle
    else before = middle
  }
  return clock.minuteOf(after) === minute ? after : SKIPPED
}
