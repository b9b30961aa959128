/**
 * Lines of the spool, each sealed with a key of its own that is derived from the journal's: what somebody else wrote
 * into the file, or a crash cut short, never becomes a row of the journal.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Entry } from '../ports.ts'

const INFO = 'vigie spool v1'
const SEALED = /^([0-9a-f]{64}) (.+)$/

export class Seal {
  readonly #key: Buffer

  /** @param journalKey 64 hexadecimal digits */
  constructor(journalKey: string) {
    this.#key = Buffer.from(hkdfSync('sha256', Buffer.from(journalKey, 'hex'), '', INFO, 32))
  }

  /** HMAC-SHA-256 (RFC 2104) in hexadecimal, a space, the entry as JSON; no line break. */
  close(entry: Entry): string {
    const text = JSON.stringify(entry)
    return `${this.#mac(text).toString('hex')} ${text}`
  }

  /** @returns undefined unless this hub wrote the line, and all of it */
  open(line: string): Entry | undefined {
    const [, mac, text] = SEALED.exec(line) ?? []
    if (mac === undefined || text === undefined) return undefined
    if (!timingSafeEqual(Buffer.from(mac, 'hex'), this.#mac(text))) return undefined
    const value: unknown = JSON.parse(text) // this hub's own words
    return isEntry(value) ? value : undefined
  }

  #mac(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest()
  }
}

function isEntry(value: unknown): value is Entry {
  if (!isObject(value)) return false
  const { event, at, inbox, situations } = value
  if (!isObject(event) || typeof event.kind !== 'string' || !isCount(at)) return false
  return (inbox === undefined || isMark(inbox)) && (situations === undefined || areSituations(situations))
}

const areSituations = (value: unknown): boolean =>
  Array.isArray(value) && value.every(s => isObject(s) && typeof s.kind === 'string' && typeof s.key === 'string')

const isMark = (value: unknown): boolean =>
  isObject(value) && typeof value.device === 'string' && isCount(value.seq) && typeof value.id === 'string'

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
