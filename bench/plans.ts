/** The full benchmark, about ten minutes, and the short sample that tests run. */
import type { Plan } from './results.ts'

export const FULL: Plan = {
  rounds: 5,
  readers: 100,
  sensors: 100,
  warm: { rate: 1_000, seconds: 3 },
  streamSeconds: 6,
  quiet: { count: 200, gapMs: 5 },
  sustained: { from: 1_000, to: 64_000, within: 1.1, rounds: 3, seconds: 2.5, p99Ms: 100 },
  telemetry: { seconds: 4, window: 64 },
  crowd: { devices: 1_000, idleMs: 3_000 },
  diskSeconds: 1,
  decisions: 1_000_000,
}

export const QUICK: Plan = {
  rounds: 1,
  readers: 10,
  sensors: 5,
  warm: { rate: 100, seconds: 0.2 },
  streamSeconds: 0.4,
  quiet: { count: 10, gapMs: 1 },
  sustained: { from: 100, to: 100, within: 2, rounds: 1, seconds: 0.3, p99Ms: 10_000 },
  telemetry: { seconds: 0.3, window: 8 },
  crowd: { devices: 20, idleMs: 100 },
  diskSeconds: 0.1,
  decisions: 20_000,
}
