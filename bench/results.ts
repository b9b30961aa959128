/** What is measured, how much of it, and what comes out. Types only but for the names. */
import type { LoadGenerator } from './generator.ts'
import type { Ground, Side } from './ground.ts'
import type { BadgeResult, TelemetryResult } from './patterns.ts'
import type { Limits } from './search.ts'

export const PARTS = ['badges', 'sustained', 'telemetry', 'crowd', 'decisions'] as const
export type Part = (typeof PARTS)[number]
export const RATES = [500, 2_000] as const
export type Rate = (typeof RATES)[number]

/** How much of everything. */
export interface Plan {
  readonly rounds: number
  readonly readers: number
  readonly sensors: number
  readonly warm: { readonly rate: number; readonly seconds: number }
  readonly streamSeconds: number
  readonly quiet: { readonly count: number; readonly gapMs: number }
  readonly sustained: Limits & { readonly rounds: number; readonly seconds: number; readonly p99Ms: number }
  readonly telemetry: { readonly seconds: number; readonly window: number }
  readonly crowd: { readonly devices: number; readonly idleMs: number }
  readonly diskSeconds: number
  readonly decisions: number
}

export interface Disk {
  readonly count: number
  readonly p50: number
  readonly p99: number
}
export interface Decisions {
  readonly p50: number
  readonly p99: number
  readonly perSecond: number
}
export interface Stream extends BadgeResult {
  /** The server's user and system time for each badge, milliseconds. */
  readonly cpuMs: number
}
export interface Sustained {
  readonly rate: number
  /** The generator could not send on time at the rate that failed: the server might hold more. */
  readonly limitedByGenerator: boolean
  /** The rate at which connections were lost, if one was tried: overrun, the server did not only answer late. */
  readonly brokeAt?: number
}
export interface Crowd {
  readonly perSecond: number
  /** The server's user and system time for each connection, milliseconds. */
  readonly cpuMs: number
  /** Resident memory for each idle connection, after garbage collection. */
  readonly idleKiB: number
}
export interface Telemetry extends TelemetryResult {
  /** The server's user and system time for each reading, milliseconds. */
  readonly cpuMs: number
  /** The generator was busy all the time: the server might take more. */
  readonly limitedByGenerator: boolean
}
export interface SideResult {
  streams?: Readonly<Record<Rate, Stream>>
  quiet?: BadgeResult
  sustained?: Sustained
  telemetry?: Telemetry
  crowd?: Crowd
}
export interface Round extends Record<Side, SideResult> {
  readonly disk: Disk[]
}

export interface Bench {
  readonly plan: Plan
  readonly ground: Ground
  readonly load: LoadGenerator
  /** What is being done now, for whoever watches. */
  readonly tell: (words: string) => void
}
