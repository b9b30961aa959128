/** What every outside store of time series can do. */
import type { Point } from '../rules/points.ts'
import type { CurveAsked, CurvePoint } from '../rules/series.ts'

export const STORES = ['influx1', 'influx2'] as const
export type StoreName = (typeof STORES)[number]

export interface OutsideStore {
  readonly name: StoreName
  /**
   * Resolves when they are stored. A point that is sent twice is there once: its measurement, tags and time to the nanosecond
   * are the same each time.
   * @throws VigieError store-unreachable, store-refused, store-missing, store-busy, store-too-large, store-rejected
   */
  write(points: readonly Point[]): Promise<void>
  /** As the embedded store would answer. @throws VigieError as `write` does, but for store-rejected */
  curve(asked: CurveAsked, timeZone: string): Promise<readonly CurvePoint[]>
  close(): void
}
export interface StoreOptions {
  readonly url: string
  /** PEM of the authorities. */
  readonly ca?: string
  /** A whole request, milliseconds. */
  readonly timeoutMs?: number
}
export const USUAL_TIMEOUT_MS = 10_000
/** Of an answer: a thousand points of a curve are 50 KB. */
export const MOST_BYTES = 8_388_608

/** Nanoseconds since 1970, in decimal: more digits than a number of JavaScript holds. */
export const nanoseconds = ({ at, nth }: Pick<Point, 'at' | 'nth'>): string => `${at}${String(nth).padStart(6, '0')}`
