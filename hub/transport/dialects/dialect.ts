/**
 * How the words of bought devices become ours: tables of keys, each with the field it is and how its value is read. Pure.
 * A value that says nothing (null, "unavailable") is no value; one that can't be read is named, and the rest still counts.
 */
import type { DialectName } from '#devices/define.ts'
import type { CommandMessage, Refusal } from '#devices/messages.ts'
import type { Heard, HeardField, HeardValue } from '#hub/ports.ts'

/** Undefined: can't be read. Null: says nothing. */
type Reader = (raw: unknown) => HeardValue['value'] | null | undefined

const numberOf = (raw: unknown): number | undefined => {
  const value = typeof raw === 'string' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(raw) ? Number(raw) : raw
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
const flagOf = (raw: unknown): boolean | undefined => (typeof raw === 'boolean' ? raw : WORDS.get(raw))
const WORDS = new Map<unknown, boolean>([
  ['ON', true],
  ['OFF', false],
  ['on', true],
  ['off', false],
])
const ofFlag =
  (yes: HeardValue['value'] | null, no: HeardValue['value'] | null): Reader =>
  raw => {
    const flag = flagOf(raw)
    return flag === undefined ? undefined : flag ? yes : no
  }
const scaled =
  (full: number): Reader =>
  raw => {
    const value = numberOf(raw)
    return value === undefined ? undefined : Math.round((value / full) * 100)
  }

/** What a battery counts as that only says that it is low, percent: under every limit that alerts use. */
const LOW_PERCENT = 5

/** Closed list of ways to read a value; tables name them. */
export const READERS = {
  closedWhenTrue: ofFlag('closed', 'open'),
  openWhenTrue: ofFlag('open', 'closed'),
  yesNo: ofFlag(true, false),
  presence: ofFlag(1, 0),
  lowBattery: ofFlag(LOW_PERCENT, null),
  number: numberOf,
  percent: scaled(100),
  of254: scaled(254),
  of255: scaled(255),
} as const satisfies Readonly<Record<string, Reader>>

export interface Rule {
  readonly field: HeardField
  readonly as: keyof typeof READERS
}

/** Collects what one message says: of a field and part the first value counts, so tables name the better key first. */
export class Collected {
  readonly #values = new Map<string, HeardValue>()
  readonly #unreadable = new Set<HeardField>()

  add({ field, as }: Rule, raw: unknown, part?: string): void {
    if (raw === undefined || raw === null || SILENT.has(raw)) return
    const value = READERS[as](raw)
    if (value === undefined) this.#unreadable.add(field)
    if (value === undefined || value === null) return
    const key = `${field} ${part ?? ''}`
    if (!this.#values.has(key)) this.#values.set(key, { field, value, ...(part !== undefined && { part }) })
  }

  heard(address: string): Heard {
    return { address, values: [...this.#values.values()], unreadable: [...this.#unreadable] }
  }
}
/** What gateways write where they know nothing. */
const SILENT: ReadonlySet<unknown> = new Set(['', 'unknown', 'unavailable', 'nan', 'NaN'])

export const online = (address: string, isOnline: boolean): Heard => ({
  address,
  online: isOnline,
  values: [],
  unreadable: [],
})

/** What a message was: said by a device, of no concern to us, or wrong. */
export type Read = Heard | 'ignored' | Refusal

/** To whom an order goes: as the site file has it. */
export interface Target {
  readonly address: string
  readonly part?: string | undefined
}
export interface Publish {
  readonly topic: string
  readonly payload: string
}

export interface Dialect {
  readonly name: DialectName
  /** Largest PUBLISH of such a gateway, bytes. */
  readonly maxPublishBytes: number
  /** Filters that its devices listen under for orders are theirs to choose; orders go where `order` says. */
  read(topic: string, payload: Buffer, memory: Map<string, string>): Read
  /** A light, on or off or so bright. Undefined: there is no way to say that to it. */
  order(target: Target, command: Pick<CommandMessage, 'on' | 'brightness'>): Publish | undefined
}

const LONGEST_TEXT = 64 * 1024
/** @returns undefined if it is no JSON object. Texts that are too long to be a device's words aren't looked at. */
export function objectIn(payload: Buffer): Readonly<Record<string, unknown>> | undefined {
  if (payload.length > LONGEST_TEXT) return undefined
  try {
    return asObject(JSON.parse(payload.toString('utf8')))
  } catch {
    return undefined // what is no JSON is refused as such by whoever asks; the parser's words quote the payload
  }
}
export const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined

/** A short text, as it stands. */
export const textOf = (payload: Buffer): string => payload.subarray(0, 200).toString('utf8').trim()
