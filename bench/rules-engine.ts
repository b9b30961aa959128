/**
 * What scenarios cost by themselves: the same readings decoded, which has to be anyway, and then through 50 scenarios and
 * through none. On one core, in process, no disk.
 */

import type { Reading } from '#devices/messages.ts'
import { decodeUp, type ModelRules, modelRules } from '#devices/registry.ts'
import type { VigieEvent } from '#hub/events.ts'
import { ScenarioEngine } from '#hub/rules/scenario-engine.ts'
import type { SiteNow } from '#hub/rules/scenario-facts.ts'
import { inForce } from '#hub/rules/shipped-scenarios.ts'
import { ROOMS, scenarios } from './rules-site.ts'

export interface EngineRound {
  /** Microseconds for one message. */
  readonly decodeUs: number
  readonly scenariosUs: number
  readonly noneUs: number
  readonly begun: number
}

/** Readings of one journal row, as the hub gathers them at such a rate. */
const GATHERED = 40
const SENSORS = 200
/** One message in so many is an alarm or its end. */
const ALARM_EVERY = 1_000

const SITE: SiteNow = {
  above: zone => [zone, 'building'],
  zoneOf: device => `room-${Number(device.slice(4)) % ROOMS}`,
  armed: () => false,
  dark: () => false,
  onDuty: () => true,
  scheduleOpen: () => true,
  maintained: () => false,
  nextTime: () => Number.NaN,
}

export function engineRound(messages: number): EngineRound {
  const payloads = Array.from({ length: messages }, (_, i) => Buffer.from(payload(i)))
  const rules = modelRules('light-sensor') as ModelRules
  const decoded: Reading[] = []
  const decodeUs = timed(messages, () => {
    for (const bytes of payloads) {
      const answer = decodeUp(rules, 'reading', bytes)
      if (!answer.ok) throw new Error(`not decoded: ${answer.refusal}`)
      decoded.push(answer.message as Reading)
    }
  })
  const rows = rowsOf(decoded)
  let begun = 0
  const through = (own: Parameters<typeof inForce>[0] | undefined): number => {
    const engine = new ScenarioEngine(SITE, own ? inForce(own) : [])
    return timed(messages, () => {
      for (const row of rows) for (const c of engine.take(row)) if (c.what === 'begun') begun++
    })
  }
  const noneUs = through(undefined)
  begun = 0
  const scenariosUs = through(scenarios() as Parameters<typeof inForce>[0])
  return { decodeUs, scenariosUs, noneUs, begun }
}

function timed(messages: number, work: () => void): number {
  const started = performance.now()
  work()
  return ((performance.now() - started) * 1000) / messages
}

function payload(i: number): string {
  const phase = i % (2 * ALARM_EVERY)
  const value = phase === 0 ? 5 : phase === ALARM_EVERY ? 300 : 100 + (i % 50)
  return `{"id":"r-${i}","at":"2026-11-24T08:00:00Z","seq":${i + 1},"readings":[{"quantity":"illuminance","value":${value},"unit":"lx"}]}`
}

function rowsOf(decoded: readonly Reading[]) {
  const rows: { seq: number; at: number; event: VigieEvent }[] = []
  for (let i = 0; i < decoded.length; i += GATHERED) {
    const messages = decoded.slice(i, i + GATHERED).map(({ id, seq, readings }, j) => {
      const device = `lux-${(i + j) % SENSORS}`
      return { device, message: id, deviceSeq: seq, deviceAt: i, zone: SITE.zoneOf(device) as string, readings }
    })
    rows.push({ seq: rows.length + 1, at: i, event: { kind: 'readings', messages } })
  }
  return rows
}
