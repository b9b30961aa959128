/**
 * A year of a hospital, row by row, faster than it would happen: shifts, medicine rounds, refusals, readings, devices that
 * go and come back, night rounds, controlled drugs. Repeats with its seed. Bodies are those the hub itself writes.
 */
import type { VigieEvent } from '../events.ts'
import { seeded } from './kill-round.ts'

/** 1 January 2026, 00:00 UTC. */
const START = Date.UTC(2026, 0, 1)
const YEAR_MS = 365 * 86_400_000
const PEOPLE = 800
const WARDS = 24
const REFUSED_FOR = ['no-right', 'outside-hours', 'badge-expired', 'lockdown', 'badge-unknown'] as const

export interface YearRow {
  readonly at: number
  readonly event: VigieEvent
}

/**
 * @param count rows in all; they spread over the whole year, busier by day than by night
 * @param start ms
 */
export function* hospitalYear(count: number, seed = 2026, start = START): Generator<YearRow> {
  const year = new Year(seed, count, start)
  let told = 0
  while (told < count)
    for (const row of year.next()) {
      if (told === count) return
      told += 1
      yield row
    }
}

/** A day's rush by the hour: shift changes at 7, 14 and 21. */
const RUSH = [2, 1, 1, 1, 1, 2, 6, 14, 10, 9, 8, 8, 9, 10, 13, 8, 7, 7, 6, 6, 8, 12, 4, 3]
const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0')

class Year {
  readonly #random: () => number
  readonly #step: number
  #at: number
  readonly #seqs = new Map<string, number>()

  constructor(seed: number, count: number, start: number) {
    this.#at = start
    this.#random = seeded(seed)
    this.#step = YEAR_MS / count
  }

  /** What happens next: a few rows that belong together. */
  *next(): Generator<YearRow> {
    const hour = Math.floor((this.#at % 86_400_000) / 3_600_000)
    this.#pass((this.#step * 32) / (RUSH[hour] ?? 6))
    const dice = this.#random()
    if (dice < 0.3) yield* this.#door()
    else if (dice < 0.42) yield* this.#cabinet('controlled-drugs')
    else if (dice < 0.55) yield* this.#cabinet('medicines')
    else if (dice < 0.63) yield* this.#refusal()
    else if (dice < 0.92) yield* this.#readings()
    else if (dice < 0.96) yield* this.#deviceAway()
    else yield* this.#nightRound()
  }

  #pass(ms: number): void {
    this.#at = Math.round(this.#at + ms * this.#random())
  }
  #pick(below: number): number {
    return Math.floor(this.#random() * below)
  }
  #row(event: VigieEvent, ms = 40): YearRow {
    this.#pass(ms)
    return { at: this.#at, event }
  }
  #origin(device: string) {
    const deviceSeq = (this.#seqs.get(device) ?? 0) + 1
    this.#seqs.set(device, deviceSeq)
    return { device, message: `${device}-${deviceSeq}`, deviceSeq, deviceAt: this.#at }
  }
  #person(): string {
    return `p-${hex(this.#pick(PEOPLE) * 0x9e3779b1, 16)}`
  }
  #badge(person: string): string {
    return `b-${person.slice(2)}`
  }
  #command(): string {
    return `c-${hex(this.#pick(2 ** 30), 8)}${hex(this.#pick(2 ** 30), 8)}`
  }

  *#door(): Generator<YearRow> {
    const ward = this.#pick(WARDS)
    yield* this.#opened(`reader-${ward}`, {
      point: 'door',
      accessPoint: `ward-${ward}-door`,
      zone: `ward-${ward}`,
      class: 'door',
    })
  }
  *#cabinet(kind: 'controlled-drugs' | 'medicines'): Generator<YearRow> {
    const ward = this.#pick(WARDS)
    const accessPoint = `ward-${ward}-${kind}`
    yield* this.#opened(`cabinet-${ward}-${kind}`, { point: 'door', accessPoint, zone: `ward-${ward}`, class: kind })
  }

  *#opened(
    device: string,
    place: { point: string; accessPoint: string; zone: string; class: 'door' | 'controlled-drugs' | 'medicines' },
  ) {
    const person = this.#person()
    const command = this.#command()
    const origin = this.#origin(device)
    const via = { kind: 'rule', role: 'nurse', right: 1 } as const
    const who = { person, credential: this.#badge(person) }
    yield this.#row({
      kind: 'access.granted',
      ...origin,
      ...place,
      ...who,
      rights: 7,
      command,
      unlockMs: 5000,
      via,
    })
    yield this.#row({
      kind: 'lock.unlocked',
      ...this.#origin(device),
      ...place,
      command,
      person,
      tookMs: 30 + this.#pick(90),
    })
    yield this.#row(
      { kind: 'point.opened', ...this.#origin(device), ...place, person, state: { contact: 'open' } },
      2_000,
    )
    const openMs = 1_000 + this.#pick(20_000)
    yield this.#row(
      { kind: 'point.closed', ...this.#origin(device), ...place, person, state: { contact: 'closed' }, openMs },
      5_000,
    )
  }

  *#refusal(): Generator<YearRow> {
    const ward = this.#pick(WARDS)
    const person = this.#person()
    const place = {
      point: 'door',
      accessPoint: `ward-${ward}-medicines`,
      zone: `ward-${ward}`,
      class: 'medicines' as const,
    }
    const reason = REFUSED_FOR[this.#pick(REFUSED_FOR.length)]!
    const who = reason === 'badge-unknown' ? {} : { person, credential: this.#badge(person) }
    yield this.#row({
      kind: 'access.denied',
      ...this.#origin(`reader-${ward}`),
      ...place,
      reason,
      ...who,
      rights: 7,
    })
  }

  *#readings(): Generator<YearRow> {
    const messages = Array.from({ length: 1 + this.#pick(6) }, () => {
      const ward = this.#pick(WARDS)
      const value = Math.round(this.#random() * 60) / 10 + 2
      const readings = [{ quantity: 'temperature', value, unit: 'Cel' }]
      return { ...this.#origin(`fridge-${ward}`), zone: `ward-${ward}`, readings }
    })
    yield this.#row({ kind: 'readings', messages })
  }

  *#deviceAway(): Generator<YearRow> {
    const ward = this.#pick(WARDS)
    yield this.#row({ kind: 'device.offline', device: `reader-${ward}`, zone: `ward-${ward}` })
    yield this.#row({ kind: 'device.online', device: `reader-${ward}`, zone: `ward-${ward}` }, 60_000)
  }

  *#nightRound(): Generator<YearRow> {
    const first = this.#pick(WARDS)
    for (let i = 0; i < 3; i++) {
      const ward = (first + i) % WARDS
      const place = {
        point: 'door',
        accessPoint: `ward-${ward}-exit`,
        zone: `ward-${ward}`,
        class: 'escape-door' as const,
      }
      yield this.#row(
        { kind: 'exit.requested', ...this.#origin(`exit-${ward}`), ...place, state: { pressed: true } },
        30_000,
      )
    }
  }
}
