/** How load arrives: a quiet door, a Poisson stream that waits for nobody, telemetry as fast as it is acknowledged. */
import { topics } from '#devices/messages.ts'
import type { Client } from './client.ts'
import { type Fleet, type Tally, until } from './fleet.ts'
import { SITE_ID } from './site.ts'
import { percentile, seeded } from './stats.ts'

/** Milliseconds; counts as in Tally. */
export interface BadgeResult extends Omit<Tally, 'latencies'> {
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  /** How late the generator itself sent, 99 %: above a millisecond it measures itself. */
  readonly lateP99: number
  /** Every badge had its decision before the limit. */
  readonly complete: boolean
}

export interface TelemetryResult {
  readonly acknowledged: number
  readonly seconds: number
  readonly perSecond: number
  /** Share of a core that the generator used. */
  readonly generatorCpu: number
}

const DRAIN_MS = 20_000

function resultOf(fleet: Fleet, seconds: number, late: readonly number[], complete: boolean): BadgeResult {
  const { latencies, ...counts } = fleet.tally
  const times = { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), lateP99: percentile(late, 0.99) }
  return { ...counts, ...times, seconds, complete }
}

/** One badge at a time with a pause between, all at one reader: closed loop. @param gapMs at least 1 */
export async function quiet(fleet: Fleet, count: number, gapMs: number): Promise<BadgeResult> {
  fleet.reset()
  const started = performance.now()
  let complete = true
  for (let i = 0; i < count && complete; i++) {
    await new Promise(resolve => setTimeout(resolve, gapMs))
    fleet.present(0, performance.now())
    complete = await fleet.drained(DRAIN_MS)
  }
  return resultOf(fleet, (performance.now() - started) / 1000, [0], complete)
}

export interface Stream {
  /** Badges per second over all readers. */
  readonly rate: number
  readonly seconds: number
  readonly seed: number
  /** Stops sending when so many wait: the server is overrun, and the rest would only add to the queue. */
  readonly giveUpAt?: number
}

/** Open loop: arrivals are drawn beforehand, and latency counts from when a badge was due, not from when it was sent. */
export async function poisson(
  fleet: Fleet,
  { rate, seconds, seed, giveUpAt = Number.POSITIVE_INFINITY }: Stream,
): Promise<BadgeResult> {
  const random = seeded(seed)
  const late: number[] = []
  const gap = (): number => (-Math.log(1 - random()) * 1000) / rate
  fleet.reset()
  const started = performance.now()
  const end = started + seconds * 1000
  let due = started + gap()
  await spin(now => {
    for (; due <= now && due < end; due += gap()) {
      fleet.present(Math.floor(random() * fleet.clients.length), due)
      late.push(now - due)
    }
    return due >= end || fleet.waiting > giveUpAt
  })
  const overrun = due < end
  const complete = (await fleet.drained(DRAIN_MS)) && !overrun
  return resultOf(fleet, (performance.now() - started) / 1000, late, complete)
}

/** Never sleeps, because timers are a millisecond coarse; sockets are served between two steps. */
export function spin(step: (now: number) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const turn = (): void => {
      try {
        if (step(performance.now())) resolve()
        else setImmediate(turn)
      } catch (error) {
        reject(error)
      }
    }
    turn()
  })
}

/** Light readings, QoS 1, `window` unacknowledged ones per sensor at any time. */
export async function telemetry(fleet: Fleet, seconds: number, window: number): Promise<TelemetryResult> {
  fleet.reset()
  const { clients } = fleet
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  const end = started + seconds * 1000
  let sent = 0
  let acked = 0
  const send = (client: Client): void => {
    client.publish(topics.up(SITE_ID, client.id, 'reading'), reading(fleet, client.id))
    sent++
  }
  const answered = (client: Client): void => {
    acked++
    if (performance.now() < end) send(client)
  }
  for (const client of clients) {
    client.onPuback = answered
    for (let i = 0; i < window; i++) send(client)
  }
  await new Promise(resolve => setTimeout(resolve, seconds * 1000))
  const elapsed = (performance.now() - started) / 1000
  const acknowledged = acked
  const cpu = process.cpuUsage(cpuBefore)
  await until(() => {
    fleet.check()
    return acked >= sent
  }, DRAIN_MS)
  return {
    acknowledged,
    seconds: elapsed,
    perSecond: acknowledged / elapsed,
    generatorCpu: (cpu.user + cpu.system) / 1e6 / elapsed,
  }
}

function reading(fleet: Fleet, device: string): string {
  const seq = fleet.nextSeq(device)
  const value = 200 + (seq % 50)
  return `{"id":"r-${seq}","at":"${new Date().toISOString()}","seq":${seq},"readings":[{"quantity":"illuminance","value":${value},"unit":"lx"}]}`
}
