/** What every outside store of time series can do. */
import { readFileSync } from 'node:fs'
import type { Point } from '../rules/points.ts'
import type { CurveAsked, CurvePoint, StoreName } from '../rules/series.ts'

export interface OutsideStore {
  readonly name: StoreName
  /** What it is and where: another place is another store. No account, no password. */
  readonly place: string
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
  /** File with the PEM of the authorities. Empty: those of the system. */
  readonly caFile: string
  /** A whole request, milliseconds. */
  readonly timeoutMs?: number
}
export const USUAL_TIMEOUT_MS = 10_000
/** Of an answer: a thousand points of a curve are 50 KB. */
export const MOST_BYTES = 8_388_608

/** Nanoseconds since 1970, in decimal: more digits than a number of JavaScript holds. */
export const nanoseconds = ({ at, nth }: Pick<Point, 'at' | 'nth'>): string => `${at}${String(nth).padStart(6, '0')}`

/** Read with each try, as passwords are. */
export const caIn = (file: string): string | undefined => (file === '' ? undefined : readFileSync(file, 'utf8'))
