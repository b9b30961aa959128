/**
 * Scenarios at work: rows of the journal and the clock in, what begins and ends out. Nothing here acts, and nothing looks at
 * a clock: the same run over recorded rows is the dry run, and how a hub knows after a restart what it was waiting for.
 *
 *   value    readings, numbers of states and clocks that are off become newest values of device and zone
 *   match    scenarios that wait for this kind or quantity, and that watch the place
 *   hold     so long, or so often; what ends meanwhile never began
 *   ask      the conditions, at the moment it would begin; where something is being worked on it rests, and is asked again
 *   clock    times of the day, in their order
 *   begin    once for each thing it is about, at most 60 times a minute for each scenario
 */
import type { Recorded, VigieEvent } from '../events.ts'
import {
  fitsEvent,
  fitsValue,
  holds,
  isQuantity,
  isWatched,
  keyOf,
  type SiteNow,
  type Subject,
  subjectOf,
} from './scenario-facts.ts'
import { ZoneValues } from './scenario-values.ts'
import {
  type ClockTrigger,
  isClock,
  MINUTE_MS,
  MOST_A_MINUTE,
  restsInMaintenance,
  type Scenario,
  type ThingTrigger,
} from './scenarios.ts'

/** `flapping`: it would have begun, and was held back; told once for each minute. */
export interface Conclusion {
  readonly what: 'begun' | 'ended' | 'flapping'
  readonly scenario: Scenario
  readonly subject: Subject
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  /** The row that it came from, where it came from one. */
  readonly seq?: number
}
interface Waiting {
  readonly scenario: Scenario
  readonly trigger: ThingTrigger
}
interface Clocked {
  readonly scenario: Scenario
  readonly when: ClockTrigger
  /** Milliseconds since 1970, UTC. */
  dueAt: number
}
interface Episode extends Waiting {
  readonly subject: Subject
  readonly seq: number | undefined
  isOn: boolean
  /** It would have begun, but for its conditions. */
  asked?: boolean
  /** When it begins, if it has not ended by then. */
  dueAt: number | undefined
  /** When it ends, if it does not come again. */
  quietAt: number | undefined
  /** When it came, newest last; only where it is counted. */
  came: number[]
}
/** Between two looks at the conditions of what goes on. */
const AGAIN_MS = 60_000
type Value = { readonly quantity: string; readonly value: number; readonly subject: Subject }

export class ScenarioEngine {
  readonly #site: SiteNow
  readonly #values = new ZoneValues()
  #beginsBy = new Map<string, Waiting[]>()
  #endsBy = new Map<string, Waiting[]>()
  readonly #episodes = new Map<string, Episode>()
  /** Scenario -> when it began lately. */
  readonly #began = new Map<string, number[]>()
  readonly #flapping = new Map<string, number>()
  #clocks: Clocked[] = []
  /** Times of the day up to here have been; undefined: the clock stands. */
  #clockAt: number | undefined

  constructor(site: SiteNow, scenarios: readonly Scenario[]) {
    this.#site = site
    this.use(scenarios)
  }

  /** Others from here on. What was waited for by those that are gone is not waited for any more. */
  use(scenarios: readonly Scenario[]): void {
    this.#beginsBy = new Map()
    this.#endsBy = new Map()
    const live = scenarios.filter(s => s.enabled !== false)
    this.#clocks = live.flatMap(s => (isClock(s.when) ? [{ scenario: s, when: s.when, dueAt: Number.NaN }] : []))
    for (const scenario of live) if (!isClock(scenario.when)) this.#index({ scenario, trigger: scenario.when })
    if (this.#clockAt !== undefined) this.clockFrom(this.#clockAt)
    const kept = new Set(live.map(s => s.id))
    for (const [key, { scenario }] of this.#episodes) if (!kept.has(scenario.id)) this.#episodes.delete(key)
  }

  /** Times of the day count from here on; before this is said they don't. */
  clockFrom(at: number): void {
    this.#clockAt = at
    for (const clocked of this.#clocks) clocked.dueAt = this.#site.nextTime(clocked.when, at)
  }

  take({ event, at, seq }: Pick<Recorded, 'event' | 'at'> & { readonly seq?: number }): Conclusion[] {
    const told: Conclusion[] = []
    const subject = subjectOf(event, this.#site.zoneOf)
    for (const value of valuesOf(event, subject, this.#site.zoneOf)) this.#value(value, at, seq, told)
    for (const w of this.#endsBy.get(event.kind) ?? [])
      if (!isQuantity(w.trigger.ends!) && fitsEvent(w.trigger.ends!, event)) this.#end(w, subject, at, told)
    for (const w of this.#beginsBy.get(event.kind) ?? [])
      if (!isQuantity(w.trigger.begins) && fitsEvent(w.trigger.begins, event)) this.#come(w, subject, at, seq, told)
    return told
  }

  /** What has been long enough by now, and what has been quiet for long enough. */
  tick(now: number): Conclusion[] {
    const told: Conclusion[] = []
    this.#clock(now, told)
    for (const [key, episode] of this.#episodes) {
      if (!episode.isOn && episode.dueAt !== undefined && episode.dueAt <= now)
        this.#begin(key, episode, episode.dueAt, told)
      if (episode.quietAt !== undefined && episode.quietAt <= now) this.#finish(key, episode, episode.quietAt, told)
    }
    return told
  }

  /** Somebody has settled it: when it comes again, it begins again. */
  forget(scenario: string, subject: Subject): void {
    this.#episodes.delete(`${scenario} ${keyOf(subject)}`)
  }
  /** The zone was armed, or is not any more: what asks for that is looked at afresh, with those zones below it. */
  armingChanged(zone: string): void {
    for (const [key, { scenario, subject }] of this.#episodes)
      if (
        scenario.if?.some(c => 'armed' in c) &&
        subject.zone !== undefined &&
        this.#site.above(subject.zone).includes(zone)
      )
        this.#episodes.delete(key)
  }

  /** Work is done somewhere: what goes on is asked about at once. */
  askAgain(now: number): void {
    for (const episode of this.#episodes.values())
      if (episode.asked && !episode.isOn && episode.dueAt !== undefined) episode.dueAt = Math.min(episode.dueAt, now)
  }

  /** When there is something to tick for; undefined: nothing is waited for. */
  nextAt(): number | undefined {
    let next: number | undefined
    for (const { dueAt } of this.#clocks) if (!Number.isNaN(dueAt) && (next === undefined || dueAt < next)) next = dueAt
    for (const { isOn, dueAt, quietAt } of this.#episodes.values())
      for (const at of [isOn ? undefined : dueAt, quietAt])
        if (at !== undefined && (next === undefined || at < next)) next = at
    return next
  }

  #clock(now: number, told: Conclusion[]): void {
    if (this.#clockAt === undefined) return
    for (;;) {
      const [first] = this.#clocks.filter(c => c.dueAt <= now).sort((a, b) => a.dueAt - b.dueAt)
      if (!first) break
      const { scenario, when, dueAt: at } = first
      first.dueAt = this.#site.nextTime(when, at)
      const zones = scenario.where?.zones ?? []
      for (const subject of zones.length === 0 ? [{}] : zones.map(zone => ({ zone })))
        if ((scenario.if ?? []).every(c => holds(c, subject, at, this.#site, this.#values)))
          told.push({ what: 'begun', scenario, subject, at })
    }
    this.#clockAt = Math.max(this.#clockAt, now)
  }

  #index(waiting: Waiting): void {
    const { begins, ends } = waiting.trigger
    for (const [by, match] of [
      [this.#beginsBy, begins],
      [this.#endsBy, ends],
    ] as const)
      for (const name of match === undefined ? [] : isQuantity(match) ? [match.quantity] : match.kinds)
        by.set(name, [...(by.get(name) ?? []), waiting])
  }

  #value({ quantity, value, subject }: Value, at: number, seq: number | undefined, told: Conclusion[]): void {
    this.#values.set(subject, quantity, value)
    for (const w of this.#endsBy.get(quantity) ?? [])
      if (isQuantity(w.trigger.ends!) && fitsValue(w.trigger.ends, value)) this.#end(w, subject, at, told)
    for (const w of this.#beginsBy.get(quantity) ?? [])
      if (isQuantity(w.trigger.begins) && fitsValue(w.trigger.begins, value)) this.#come(w, subject, at, seq, told)
  }

  #come(
    { scenario, trigger }: Waiting,
    subject: Subject,
    at: number,
    seq: number | undefined,
    told: Conclusion[],
  ): void {
    if (!isWatched(scenario.where, subject, this.#site.above)) return
    const { forMs = 0, times, quietMs } = trigger
    const key = `${scenario.id} ${keyOf(subject)}`
    const episode: Episode = this.#episodes.get(key) ?? {
      ...{ scenario, trigger, subject, seq, isOn: false, quietAt: undefined, came: [] },
      dueAt: undefined,
    }
    this.#episodes.set(key, episode)
    if (quietMs !== undefined) episode.quietAt = at + quietMs
    if (times) this.#count(episode, times, at + forMs, at)
    else if (!episode.isOn) episode.dueAt ??= at + forMs
    if (!episode.isOn && episode.dueAt !== undefined && episode.dueAt <= at) this.#begin(key, episode, at, told)
  }

  #count(episode: Episode, { count, withinMs }: NonNullable<ThingTrigger['times']>, due: number, at: number): void {
    episode.came = [...episode.came.filter(t => t > at - withinMs), at].slice(-count)
    if (episode.came.length >= count) episode.dueAt ??= due
  }

  #begin(key: string, episode: Episode, at: number, told: Conclusion[]): void {
    const { scenario, subject, seq, trigger } = episode
    const rests = restsInMaintenance(scenario) && this.#site.maintained(subject, at)
    const fits = !rests && (scenario.if ?? []).every(c => holds(c, subject, at, this.#site, this.#values))
    episode.asked = true
    episode.isOn = fits && this.#mayBegin(scenario, subject, at, told)
    if (episode.isOn) told.push({ what: 'begun', scenario, subject, at, ...(seq !== undefined && { seq }) })
    // What goes on is asked about again: the zone may be armed by then, the last on duty gone.
    episode.dueAt = episode.isOn || trigger.quietMs !== undefined ? undefined : at + AGAIN_MS
    if (trigger.ends === undefined && trigger.quietMs === undefined) this.#episodes.delete(key)
  }

  #mayBegin(scenario: Scenario, subject: Subject, at: number, told: Conclusion[]): boolean {
    const lately = (this.#began.get(scenario.id) ?? []).filter(t => t > at - MINUTE_MS)
    const may = lately.length < MOST_A_MINUTE
    this.#began.set(scenario.id, may ? [...lately, at] : lately)
    if (may || at - (this.#flapping.get(scenario.id) ?? Number.NEGATIVE_INFINITY) < MINUTE_MS) return may
    this.#flapping.set(scenario.id, at)
    told.push({ what: 'flapping', scenario, subject, at })
    return false
  }

  #end({ scenario }: Waiting, subject: Subject, at: number, told: Conclusion[]): void {
    const key = `${scenario.id} ${keyOf(subject)}`
    const episode = this.#episodes.get(key)
    if (episode) this.#finish(key, episode, at, told)
  }
  #finish(key: string, { isOn, scenario, subject }: Episode, at: number, told: Conclusion[]): void {
    this.#episodes.delete(key)
    if (isOn) told.push({ what: 'ended', scenario, subject, at })
  }
}

/** Numbers that a row brings, each with the place it is of. */
function valuesOf(event: VigieEvent, subject: Subject, zoneOf: SiteNow['zoneOf']): Value[] {
  if (event.kind === 'readings')
    return event.messages.flatMap(({ device, zone = zoneOf(device), readings, skewMs = 0 }) => {
      const of = { device, ...(zone !== undefined && { zone }) }
      return [
        ...readings.map(({ quantity, value }) => ({ quantity, value, subject: of })),
        { quantity: SKEW, value: Math.abs(skewMs) / 1_000, subject: of },
      ]
    })
  const values: Value[] = []
  if ('state' in event)
    for (const [quantity, value] of Object.entries(event.state))
      if (typeof value === 'number') values.push({ quantity, value, subject })
  // Of its clock the device is the subject, whatever point it spoke of.
  if ('deviceSeq' in event)
    values.push({
      quantity: SKEW,
      value: Math.abs('skewMs' in event ? (event.skewMs ?? 0) : 0) / 1_000,
      subject: deviceOf(subject),
    })
  return values
}
const SKEW = 'clock-skew'
const deviceOf = ({ device, zone }: Subject): Subject => ({
  ...(device !== undefined && { device }),
  ...(zone !== undefined && { zone }),
})
