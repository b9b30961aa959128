/**
 * PINs. Kept as one salted scrypt (RFC 7914) hash for the right one and one for the duress PIN; a person without a duress
 * PIN has random bytes there, so that the record does not tell who has one. Four digits are soon guessed by whoever holds
 * the database and its key; the hash keeps them from whoever merely reads a row.
 *
 * A check costs the same whatever the answer: one derivation, two comparisons in constant time.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { VigieError } from '../errors.ts'
import type { PinCheck, PinFact } from '../ports.ts'
import { all, type Db, first, run, sql } from './sql.ts'

/** Hexadecimal. */
export interface PinRecord {
  readonly salt: string
  readonly hash: string
  readonly duressHash: string
}

/** 8 MiB and some 20 ms on a small machine: a door waits for it. */
const COST: ScryptOptions = { N: 8192, r: 8, p: 1 }
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Derivations at a time. They run in the pool of threads that files are written by: a flood of PINs must leave some of it. */
const AT_ONCE = 2

const hex = (bytes: Buffer): string => bytes.toString('hex')
/** Nobody's: what is checked where there is no record. */
const NOBODY: PinRecord = {
  salt: hex(randomBytes(SALT_BYTES)),
  hash: hex(randomBytes(HASH_BYTES)),
  duressHash: hex(randomBytes(HASH_BYTES)),
}

/**
 * @param pin 4 to 8 digits, not all equal, not a run like 1234, 4321 or 8901
 * @param duressPin as many digits, another one; the same rules
 * @throws VigieError pin-weak, naming the field, never the digits
 */
export async function makePin(pin: string, duressPin?: string): Promise<PinRecord> {
  if (isWeak(pin)) throw new VigieError('pin-weak', { field: 'pin' })
  if (duressPin !== undefined && (isWeak(duressPin) || duressPin === pin || duressPin.length !== pin.length))
    throw new VigieError('pin-weak', { field: 'duressPin' })
  const salt = randomBytes(SALT_BYTES)
  const [hash, duress] = await Promise.all([
    derive(pin, salt),
    duressPin === undefined ? randomBytes(HASH_BYTES) : derive(duressPin, salt),
  ])
  return { salt: hex(salt), hash: hex(hash), duressHash: hex(duress) }
}

/** @param record undefined if none is on record: the answer is `unset`, after the same work */
export async function checkPin(record: PinRecord | undefined, pin: string): Promise<PinFact> {
  const { salt, hash, duressHash } = record ?? NOBODY
  const derived = await derive(pin, Buffer.from(salt, 'hex'))
  const right = timingSafeEqual(derived, Buffer.from(hash, 'hex'))
  const duress = timingSafeEqual(derived, Buffer.from(duressHash, 'hex'))
  if (record === undefined) return 'unset'
  if (right) return 'right'
  return duress ? 'duress' : 'wrong'
}

/** By pseudonym, from the database as it stands: a new PIN counts from the next badge on. */
export const pinCheck =
  (db: Db): PinCheck =>
  (person, pin) =>
    checkPin(pinOf(db, person), pin)

function isWeak(pin: string): boolean {
  if (!/^\d{4,8}$/.test(pin)) return true
  const digits = [...pin].map(Number)
  const steps = digits.slice(1).map((digit, i) => (digit - digits[i]! + 10) % 10)
  return [0, 1, 9].some(run => steps.every(step => step === run))
}

let running = 0
const waiting: (() => void)[] = []

async function derive(pin: string, salt: Buffer): Promise<Buffer> {
  if (running >= AT_ONCE) await new Promise<void>(resolve => waiting.push(resolve))
  else running += 1
  try {
    return await scryptOf(pin, salt)
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

const scryptOf = (pin: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(pin, salt, HASH_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key))),
  )

export function putPin(db: Db, person: string, { salt, hash, duressHash }: PinRecord, at: number): void {
  const row = { salt, hash, duress_hash: duressHash, changed_at: at }
  run(
    db,
    sql
      .insertInto('pin')
      .values({ person, ...row })
      .onConflict(c => c.column('person').doUpdateSet(row)),
  )
}

/** @returns false if there was none */
export const dropPin = (db: Db, person: string): boolean =>
  run(db, sql.deleteFrom('pin').where('person', '=', person)) === 1

/** @param pseudonym of the person */
export const pinOf = (db: Db, pseudonym: string): PinRecord | undefined =>
  first(
    db,
    sql
      .selectFrom('pin')
      .innerJoin('pseudonym as s', 's.id', 'pin.person')
      .select(['pin.salt', 'pin.hash', 'pin.duress_hash as duressHash'])
      .where('s.kind', '=', 'person')
      .where('s.pseudonym', '=', pseudonym),
  )

/** Who has a PIN, by id of the site's people, and since when. */
export const pinHolders = (db: Db): { person: string; changedAt: number }[] =>
  all(db, sql.selectFrom('pin').select(['person', 'changed_at as changedAt']).orderBy('person'))
