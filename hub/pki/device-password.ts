/** Passwords of gateways: made here, shown once, kept as a hash. 160 random bits need no slow hash. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export interface DevicePassword {
  readonly password: string
  /** SHA-256, lower-case hex. */
  readonly hash: string
  /** Names it in the list of credentials. */
  readonly serial: string
}

const hashOf = (password: string): Buffer => createHash('sha256').update(password).digest()

/** Letters and digits that gateways' forms and ESPHome's YAML take as they are. */
export function makeDevicePassword(): DevicePassword {
  const password = randomBytes(20).toString('hex')
  return { password, hash: hashOf(password).toString('hex'), serial: `password-${randomBytes(8).toString('hex')}` }
}

/** The same time for every password. */
export const isDevicePassword = (password: string, hash: string): boolean =>
  timingSafeEqual(hashOf(password), Buffer.from(hash.padEnd(64, '0').slice(0, 64), 'hex'))
