/** What retention and erasure ask of the rest of the hub, as small types. */
import type { Purpose } from '../rules/retention.ts'

/** Rows past their term that no hold keeps. `basis`: what this answer rests on. */
export interface DueSlice {
  readonly due: readonly (readonly [purpose: Purpose, seqs: readonly number[]])[]
  /** `after` of the next slice; absent at the end. */
  readonly next?: number
  readonly basis: string
}
export interface Waiting {
  readonly seq: number
  /** Pseudonyms the row names. */
  readonly names: readonly string[]
  readonly purpose: Purpose
  /** The law lets go of it then, ms since 1970. */
  readonly until?: number
  /** The hold that keeps it. */
  readonly hold?: string
}
/** Rows about somebody. */
export interface AboutSlice {
  readonly goes: readonly number[]
  readonly waits: readonly Waiting[]
  /** Rows that tell of a request by the person, of those that go: each goes last of its request. */
  readonly asks: readonly { readonly seq: number; readonly request: string }[]
  readonly next?: number
  readonly basis: string
}
/** @returns how many payloads went; false if holds or terms have changed since `basis` */
export type Erase = (erasure: {
  readonly at: number
  readonly cause: 'term' | 'request'
  readonly purpose?: Purpose
  readonly request?: string
  readonly seqs: readonly number[]
  readonly basis: string
}) => Promise<number | false> | number | false

/** Payloads in one transaction, which a badge may have to wait behind: some 3 ms. */
export const ERASED_AT_ONCE = 100

/** Holds or terms changed in the middle: what is found is looked for again, so often. */
export const TRIES = 5
