/** How often each scenario came to an alert, week by week: a rule that cries wolf shows. Pure. */
import type { Incident } from './incidents.ts'

export interface WeekCount {
  /** A week is seven days, the newest up to now. Milliseconds since 1970, UTC. */
  readonly from: number
  readonly signals: number
  /** That they are of, and how many of these were found to be false alarms. */
  readonly incidents: number
  readonly falseAlarms: number
}
export const WEEK_MS = 7 * 86_400_000

/** Counts of the weeks before `now`, the newest first. */
export class ScenarioCounts {
  readonly #now: number
  readonly #weeks: number
  readonly #of = new Map<string, { from: number; signals: number; incidents: number; falseAlarms: number }[]>()

  constructor(now: number, weeks: number) {
    this.#now = now
    this.#weeks = weeks
  }

  /** A signal counts in the week in which it first came, an incident once for each scenario and week. */
  add({ signals, finding }: Pick<Incident, 'signals' | 'finding'>): void {
    const seen = new Set<string>()
    for (const { scenario, at, count } of signals) {
      const week = Math.floor((this.#now - at) / WEEK_MS)
      const line = this.#line(scenario)[week]
      if (!line) continue
      line.signals += count
      if (seen.has(`${week} ${scenario}`)) continue
      seen.add(`${week} ${scenario}`)
      line.incidents++
      if (finding === 'false-alarm') line.falseAlarms++
    }
  }
  of(scenario: string): readonly WeekCount[] {
    return this.#line(scenario)
  }

  #line(scenario: string) {
    const known = this.#of.get(scenario)
    if (known) return known
    const line = Array.from({ length: this.#weeks }, (_, week) => ({
      from: this.#now - (week + 1) * WEEK_MS,
      ...{ signals: 0, incidents: 0, falseAlarms: 0 },
    }))
    this.#of.set(scenario, line)
    return line
  }
}
