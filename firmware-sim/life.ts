/** Plays the planned days on the devices, faster or slower than ours. People are those at work by the hub's clock. */
import { type Plan, type Planned, planDay, type Who } from './day.ts'
import { broughtTo } from './holder.ts'
import { STAFF } from './hospital-staff.ts'
import type { Act, Hand } from './models/behaviour.ts'
import { nextDay, onDuty, startOfDay } from './site-clock.ts'

/** Whatever can be made to happen to a device; VirtualDevice is one. */
export interface Actor {
  perform(act: Act): void
}
export interface LifeOptions {
  readonly actors: ReadonlyMap<string, Actor>
  readonly seed: number
  /** Hospital seconds per real second. */
  readonly speed: number
  readonly timeZone: string
  /** The hospital's time at the start, ms since 1970 UTC; default now. */
  readonly from?: number
  readonly onPlayed?: (played: Planned) => void
}

/** No drawer opens and shuts faster than this, however fast time runs. Real milliseconds. */
const LEAST_DWELL_MS = 900
/** The longest a timer sleeps, so that a stopped laptop catches up in small steps. */
const LONGEST_SLEEP_MS = 1_000

export class Life {
  readonly #options: LifeOptions
  #timer: NodeJS.Timeout | undefined
  #realStart = 0
  #virtualStart = 0
  #dayStart = 0
  #plan: readonly Planned[] = []
  #next = 0

  constructor(options: LifeOptions) {
    this.#options = options
  }

  /** The hospital's time, ms since 1970 UTC. */
  now(): number {
    return this.#virtualStart + (Date.now() - this.#realStart) * this.#options.speed
  }

  start(): void {
    const { from, timeZone } = this.#options
    this.#realStart = Date.now()
    this.#virtualStart = from ?? this.#realStart
    this.#load(startOfDay(this.#virtualStart, timeZone))
    this.#next = this.#plan.findIndex(p => p.at >= this.#virtualStart)
    if (this.#next < 0) this.#next = this.#plan.length
    this.#setTheScene()
    this.#step()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #load(dayStart: number): void {
    this.#dayStart = dayStart
    this.#plan = planDay(this.#options.seed, dayStart, this.#options.timeZone)
    this.#next = 0
  }

  /** The last of each lamp and light sensor before the start: nobody waits ten minutes for the first value. */
  #setTheScene(): void {
    const last = new Map<string, Planned>()
    for (const planned of this.#plan.slice(0, this.#next)) {
      if (planned.plan.kind === 'switch' || planned.plan.kind === 'daylight') last.set(planned.device, planned)
    }
    for (const planned of last.values()) this.#play(planned)
  }

  #step(): void {
    const now = this.now()
    for (let due = this.#due(now); due; due = this.#due(now)) {
      this.#next += 1
      this.#play(due)
    }
    const upcoming = this.#plan[this.#next]?.at ?? nextDay(this.#dayStart, this.#options.timeZone)
    const sleepMs = Math.min(LONGEST_SLEEP_MS, Math.max(1, (upcoming - now) / this.#options.speed))
    this.#timer = setTimeout(() => this.#step(), sleepMs)
  }

  /** The next entry if its time has come; turns the page of the calendar on the way. */
  #due(now: number): Planned | undefined {
    if (this.#next >= this.#plan.length) {
      const tomorrow = nextDay(this.#dayStart, this.#options.timeZone)
      if (now < tomorrow) return undefined
      this.#load(tomorrow)
    }
    const planned = this.#plan[this.#next]
    return planned && planned.at <= now ? planned : undefined
  }

  #play(planned: Planned): void {
    const actor = this.#options.actors.get(planned.device)
    const act = actor && toAct(planned, this.#options)
    if (!act) return
    this.#options.onPlayed?.(planned)
    actor.perform(act)
  }
}

function toAct({ device, plan }: Planned, options: LifeOptions): Act | undefined {
  const { speed } = options
  if (plan.kind === 'daylight' || plan.kind === 'switch') return plan
  if (plan.kind === 'motion') return { kind: 'motion', holdMs: realMs(plan.holdS, speed) }
  if (plan.kind === 'exit') return { kind: 'exit', point: plan.point, hand: hand(plan.dwellS, speed) }
  return badgeAct(device, plan, options)
}

function badgeAct(
  device: string,
  { point, who, opens, dwellS }: Extract<Plan, { kind: 'badge' }>,
  { seed, speed, timeZone }: LifeOptions,
): Act | undefined {
  const at = Date.now()
  const uid = badgeOf(who, at, timeZone)
  if (uid === undefined) return undefined
  const chance = 'chance' in who ? who.chance : 0
  const brought = broughtTo({ device, point }, uid, { seed, at, chance })
  return { kind: 'badge', point, uid, ...brought, ...(opens ? { hand: hand(dwellS, speed) } : {}) }
}

const realMs = (seconds: number, speed: number): number => Math.max(LEAST_DWELL_MS, (seconds * 1000) / speed)
const hand = (dwellS: number, speed: number): Hand => ({ afterMs: 600, dwellMs: realMs(dwellS, speed) })

/** The badge held to the reader. Undefined if nobody of that trade is there at that hour. */
export function badgeOf(who: Who, at: number, timeZone: string): string | undefined {
  if ('uid' in who) return who.uid
  const there = STAFF.filter(
    m => who.trades.includes(m.trade) && onDuty(m.shift, at, timeZone) !== (who.offDuty ?? false),
  )
  return there[Math.floor(who.chance * there.length)]?.uid
}
