/** What a scenario is made of: people, and steps in order, each with what must be seen. Data only; player.ts plays it. */
import type { Trade } from '../hospital-staff.ts'
import type { Happening } from '../models/behaviour.ts'

export interface Words {
  readonly fr: string
  readonly en: string
}
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Somebody at work now, the n-th of that trade from 0; or a certain person, with another badge than the usual one. */
export type Part = { readonly trade: Trade; readonly nth: number } | { readonly person: string; readonly uid?: string }

export interface BadgeStep extends Words {
  readonly do: 'badge'
  /** A name of the cast. */
  readonly who: string
  /** `device/point` of the reader. */
  readonly at: string
  readonly pin?: 'right' | 'wrong' | 'duress'
  readonly reason?: string
  readonly reference?: { readonly kind: 'patient' | 'prescription'; readonly id: string }
  /** The emergency button is pressed. */
  readonly emergency?: true
  /** A reason of the closed list, or `granted`. */
  readonly expect: string
  /** Once it is released: opened, and shut again after so many milliseconds. */
  readonly opens?: number
  /** How far to wait before the next step; default `closed` where it opens. */
  readonly until?: 'opened' | 'closed'
  /** Answers to wait out: the same badge again after the time the answer names, or a second. For at most 30 s. */
  readonly while?: 'interlock' | 'pin-locked'
  /** Keeps the answer under a name; or compares it, member for member, with one that was kept. */
  readonly keep?: string
  readonly same?: string
}
/** An operator at the command line. `$nurse` in a word is that person's id, `$nurse.badge` their badge. */
export interface OperatorStep extends Words {
  readonly do: 'vigie'
  readonly run: readonly string[]
  readonly exit?: number
  /** Members that the answer has at least; of a list, elements that are in it. */
  readonly shows?: Json
  /** The same, and it must not fit. */
  readonly hides?: Json
}
/** Something that devices do of themselves or because the hub told them. */
export interface SeeStep extends Words {
  readonly do: 'see'
  readonly what: Happening
  /** `device/point`, each of them. */
  readonly at: readonly string[]
}
/** Rows that the journal has got since the scenario began, each kind at least once; and kinds it must not have got. */
export interface JournalStep extends Words {
  readonly do: 'journal'
  readonly has: readonly string[]
  readonly lacks?: readonly string[]
}
export type Step = BadgeStep | OperatorStep | SeeStep | JournalStep

export interface Scenario {
  readonly name: string
  readonly title: Words
  readonly cast: Readonly<Record<string, Part>>
  readonly steps: readonly Step[]
  /** Operator's calls that put everything back, whatever came before; their outcome is not looked at. */
  readonly afterwards?: readonly (readonly string[])[]
}

/** Whether `actual` has at least what `pattern` says. */
export function fits(actual: unknown, pattern: Json): boolean {
  if (Array.isArray(pattern)) return Array.isArray(actual) && pattern.every(p => actual.some(a => fits(a, p as Json)))
  if (typeof pattern !== 'object' || pattern === null) return actual === pattern
  if (typeof actual !== 'object' || actual === null) return false
  return Object.entries(pattern).every(([key, value]) => fits((actual as Record<string, unknown>)[key], value))
}
