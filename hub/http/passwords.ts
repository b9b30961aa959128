/** Passwords: how strong, how hashed. The only importer of argon2. */
import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { VigieError } from '../errors.ts'
import { isBreached } from './breached.ts'

/** argon2id, 46 MiB, 2 passes: above the OWASP minimum (46 MiB, 1 pass), 50 to 100 ms of one core. */
const COST = { memoryCost: 47_104, timeCost: 2, parallelism: 1 } as const
/** At once: each takes 46 MiB and a thread of the pool that also serves files. */
const AT_ONCE = 2
const WAITING = 32
export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 128

/** @throws VigieError password-weak, password-breached */
export function requireStrong(password: string, login: string, name: string): void {
  const length = [...password].length
  const plain = fold(password)
  if (length < PASSWORD_MIN || length > PASSWORD_MAX || plain === fold(login) || plain === fold(name))
    throw new VigieError('password-weak')
  if (isBreached(password)) throw new VigieError('password-breached')
}
const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')

export class Passwords {
  /** Verified against when there is no account, so that an unknown login costs and takes the same. */
  readonly #dummy = hash(randomBytes(32), COST)
  #running = 0
  readonly #queue: (() => void)[] = []

  /** @throws VigieError too-many-requests when too many wait already */
  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password.normalize('NFKC'), COST))
  }

  /** False without a hash, after the same work. @throws VigieError too-many-requests when too many wait already */
  async verify(passwordHash: string | undefined, password: string): Promise<boolean> {
    const against = passwordHash ?? (await this.#dummy)
    const right = await this.#inTurn(() => verify(against, password.normalize('NFKC')))
    return right && passwordHash !== undefined
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) await this.#turn()
    else this.#running += 1
    try {
      return await work()
    } finally {
      const next = this.#queue.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #turn(): Promise<void> {
    if (this.#queue.length >= WAITING) throw new VigieError('too-many-requests', { seconds: 2 })
    return new Promise(resolve => this.#queue.push(resolve))
  }
}
