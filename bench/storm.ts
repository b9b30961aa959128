/** Sensors at a steady rate that waits for nobody, now and then one that alarms, and badges in between. */
import { topics } from '#devices/messages.ts'
import type { Fleet } from './fleet.ts'
import { type BadgeResult, poisson, spin } from './patterns.ts'
import { SITE_ID } from './site.ts'
import { percentile, seeded } from './stats.ts'

export interface Storm {
  /** Readings and badges, per second over all devices. */
  readonly readings: number
  readonly rate: number
  readonly seconds: number
  readonly seed: number
  /** Alarms in all, spread over the time; the first so many sensors alarm in turn, and calm down half a turn later. */
  readonly alarms: number
  readonly alarming: number
}
export interface StormResult {
  readonly badges: BadgeResult
  readonly sent: number
  /** Stored by the hub while the storm lasted and right after. */
  readonly acknowledged: number
  readonly perSecond: number
  /** How late the generator itself sent, 99 %, milliseconds. */
  readonly lateP99: number
  /** Which sensor alarmed when, ms since 1970. */
  readonly alarms: readonly { readonly sensor: number; readonly at: number }[]
}

const [DARK, LIGHT] = [5, 300]
const DRAIN_MS = 20_000

export async function storming(sensors: Fleet, badges: Fleet, storm: Storm): Promise<StormResult> {
  const { readings, rate, seconds, seed, alarms, alarming } = storm
  sensors.reset()
  const started = performance.now()
  const end = started + seconds * 1000
  const random = seeded(seed + 7)
  const told: { sensor: number; at: number }[] = []
  const late: number[] = []
  let sent = 0
  let due = started
  // Half of the turns are alarms, half of them the calm after one.
  const turnMs = (seconds * 1000) / (alarms * 2 + 2)
  let turn = 0
  const say = (sensor: number, value: number): void => {
    const client = sensors.clients[sensor]
    if (!client) throw new Error(`no sensor ${sensor}`)
    client.publish(topics.up(SITE_ID, client.id, 'reading'), reading(sensors.nextSeq(client.id), value))
    sent++
  }
  const alarm = (now: number): void => {
    if (now < started + (turn + 1) * turnMs || turn >= alarms * 2) return
    const isAlarm = turn % 2 === 0
    const sensor = Math.floor(turn / 2) % alarming
    if (isAlarm) told.push({ sensor, at: performance.timeOrigin + now })
    say(sensor, isAlarm ? DARK : LIGHT)
    turn++
  }
  const flow = spin(now => {
    alarm(now)
    for (; due <= now && due < end; due += 1000 / readings) {
      // The alarming ones say nothing else: what they said last stands.
      const calm = alarming + Math.floor(random() * (sensors.clients.length - alarming))
      say(calm, 200 + (sent % 50))
      late.push(now - due)
    }
    return due >= end
  })
  const [badgeResult] = await Promise.all([poisson(badges, { rate, seconds, seed }), flow])
  const limit = performance.now() + DRAIN_MS
  while (sensors.tally.acks < sent && performance.now() < limit) await new Promise(resolve => setTimeout(resolve, 5))
  const elapsed = (performance.now() - started) / 1000
  const acknowledged = sensors.tally.acks
  return {
    badges: badgeResult,
    ...{ sent, acknowledged, perSecond: acknowledged / Math.max(seconds, elapsed) },
    lateP99: percentile(late, 0.99),
    alarms: told,
  }
}

const reading = (seq: number, value: number): string =>
  `{"id":"r-${seq}","at":"${new Date().toISOString()}","seq":${seq},"readings":[{"quantity":"illuminance","value":${value},"unit":"lx"}]}`
