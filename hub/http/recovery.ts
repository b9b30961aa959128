/** Recovery codes: ten of 80 random bits, each good once, in letters and digits that nobody confuses. */
import { randomBytes } from 'node:crypto'
import { hashOf } from './secrets.ts'

const COUNT = 10
const BYTES = 10
/** Without I, L, O and U. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUP = /.{4}(?=.)/g

/** @returns such as 7GQ2-M0XK-91CD-VE4T: the only time they are seen */
export const newRecoveryCodes = (): string[] => Array.from({ length: COUNT }, () => words(randomBytes(BYTES)))

const words = (bytes: Buffer): string =>
  [...bytes.toString('hex').matchAll(/.{5}/g)]
    .map(([hex]) => Number.parseInt(hex, 16))
    .map(bits => [15, 10, 5, 0].map(shift => LETTERS[(bits >> shift) & 31]).join(''))
    .join('')
    .replace(GROUP, '$&-')

/** SHA-256 is enough for 80 random bits. However it was typed: small letters, spaces, O for 0. */
export const recoveryHash = (code: string): string =>
  hashOf(code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1'))
