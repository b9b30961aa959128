/** What happens at a time of day on the site's wall clock, once, daylight saving or not. */
import { Cron } from 'croner'

export interface Timer {
  stop(): void
}

/**
 * @param at HH:MM
 * @param timeZone IANA; read at each turn, for a site that is applied later
 * @param run never rejects; not begun again while it runs
 */
export function daily(at: string, timeZone: () => string, run: () => Promise<void>): Timer {
  const [hour, minute] = at.split(':').map(Number)
  let job: Cron | undefined
  let planned = ''
  const plan = (): void => {
    if (planned === timeZone()) return
    job?.stop()
    planned = timeZone()
    job = new Cron(`${minute} ${hour} * * *`, { timezone: planned, protect: true, unref: true }, run)
  }
  plan()
  const look = setInterval(plan, LOOK_MS).unref()
  return {
    stop: () => {
      clearInterval(look)
      job?.stop()
    },
  }
}
const LOOK_MS = 60_000
