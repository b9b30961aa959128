/**
 * One-time enrolment codes: made to be read from a screen and typed on a ladder, stored only as a hash. 80 random bits, so
 * a plain hash is enough: there is nothing to guess from.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a code is good for, milliseconds. */
export const CODE_LIFE_MS = 60 * 60 * 1000

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ' // without I, L, O and U, which are misread
const LENGTH = 16

/** A new code in four groups of four, such as 7K2M-9QXT-4HDV-WB3N. */
export function makeCode(): string {
  const characters = [...randomBytes(LENGTH)].map(byte => ALPHABET[byte & 31]).join('')
  return characters.replace(/.{4}(?=.)/g, '$&-')
}

/** What is stored of a code: SHA-256 in lower-case hex, bound to its device. Case, spaces and hyphens don't matter. */
export function hashCode(device: string, code: string): string {
  return createHash('sha256')
    .update(`${device}\n${normal(code)}`)
    .digest('hex')
}

/** True if the code is the one stored. Takes as long for a device without a code as for a wrong one. */
export function codeMatches(device: string, code: string, stored: string | undefined): boolean {
  const given = Buffer.from(hashCode(device, code), 'hex')
  const expected = Buffer.from(stored ?? '0'.repeat(64), 'hex')
  return expected.length === given.length && timingSafeEqual(expected, given) && stored !== undefined
}

const normal = (code: string): string =>
  code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
