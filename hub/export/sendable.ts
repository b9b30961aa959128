/**
 * What of an event may leave the hub for a log server: pseudonyms, ids, codes, numbers. A field that is not listed here stays
 * (default deny): what somebody wrote in their own words, and the reference to a patient or a prescription. So does a value
 * with a space in it, whatever its field.
 */
import type { VigieEvent } from '../events.ts'

export type Sendable = Readonly<Record<string, unknown>>

const FIELDS: ReadonlySet<string> = new Set([
  // where from
  ...['device', 'message', 'deviceSeq', 'deviceAt', 'skewMs', 'late', 'request', 'newest', 'missing', 'serial'],
  // where
  ...['point', 'accessPoint', 'zone', 'class', 'classes', 'area'],
  // who
  ...['person', 'credential', 'witness', 'operator', 'by'],
  // what, and how it came to that
  ...[
    'kind',
    'id',
    'reason',
    'because',
    'rights',
    'pin',
    'breakGlass',
    'via',
    'role',
    'right',
    'grant',
    'command',
    'unlockMs',
  ],
  ...['until', 'from', 'wrong', 'lockedUntil', 'why', 'dueAt', 'escalation', 'finding', 'plan', 'released', 'silent'],
  ...['origin', 'count', 'ended', 'tookMs', 'openMs', 'state', 'refusal', 'field', 'outcome', 'item', 'version'],
  ...['revision', 'added', 'changed', 'removed'],
  // what happens to the journal itself
  ...['rows', 'what', 'filter', 'export', 'format', 'checkpoint', 'names', 'sha256', 'schedule', 'to', 'error'],
  ...[
    'destination',
    'purpose',
    'behind',
    'cause',
    'ranges',
    'bytes',
    'revoked',
    'known',
    'lost',
    'usedBytes',
    'quotaBytes',
  ],
])
/** Below these every name counts: what a device reports of itself, and the fields of a search. */
const OPEN: ReadonlySet<string> = new Set(['state', 'filter'])
/** No space, no control character, no lone surrogate. */
const WORD = /^[^\s\p{C}]{1,512}$/u
/** Bytes of the event as JSON. A receiver must take 2 KiB and should take 8 KiB (RFC 5425, 4.3.1), its header included. */
const MOST_BYTES = 4_000

/** @returns the event as far as it may be sent; `cut` names fields that were left out because it was too long */
export function sendable(event: VigieEvent): Sendable {
  const kept = objectOf(event, FIELDS)
  if (sizeOf(kept) <= MOST_BYTES) return kept
  const long = Object.keys(kept).filter(name => sizeOf(kept[name]) > MOST_BYTES / 10)
  return { ...Object.fromEntries(Object.entries(kept).filter(([name]) => !long.includes(name))), cut: long }
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

function objectOf(value: object, names?: ReadonlySet<string>): Sendable {
  const fields = Object.entries(value).filter(([name]) => (names ? names.has(name) : WORD.test(name)))
  return Object.fromEntries(
    fields.flatMap(([name, field]) => {
      const kept = keptOf(field, OPEN.has(name) ? undefined : FIELDS)
      return kept === undefined ? [] : [[name, kept]]
    }),
  )
}

function keptOf(value: unknown, names: ReadonlySet<string> | undefined): unknown {
  if (typeof value === 'string') return WORD.test(value) ? value : undefined
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map(v => keptOf(v, names)).filter(v => v !== undefined)
  return typeof value === 'object' && value !== null ? objectOf(value, names) : undefined
}
