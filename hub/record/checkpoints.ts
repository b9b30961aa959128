/**
 * Checkpoints: what the journal was when it had so many rows, signed, in C2SP form (c2sp.org/tlog-checkpoint): origin, size,
 * root of the Merkle tree; then `chain`, the hash of the last row; `time`; and, where anything was revoked, how much and the
 * digest of the list. A checkpoint is no row of the journal: one that nothing is added to is not signed again.
 */
import type { CheckpointView } from '../api.ts'
import { head } from './chain.ts'
import type { Node } from './merkle.ts'
import { rootOf } from './merkle-nodes.ts'
import { fromBase64, readNote } from './note.ts'
import { revocationDigest, revocations } from './revocations.ts'
import { journalKeys, originOf, type Signer } from './signing.ts'
import { all, type Db, first, sql } from './sql.ts'

export interface StoredCheckpoint {
  readonly size: number
  /** When it was signed, ms. */
  readonly at: number
  readonly root: Buffer
  /** Chain hash of row `size`. */
  readonly head: Buffer
  readonly note: string
}
/** What a checkpoint's text says. */
export interface CheckpointText {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  readonly chain: Buffer
  readonly time: number
  readonly revoked?: { readonly count: number; readonly sha256: string }
}
/** Signed, on its way to be kept; may have crossed from another thread. */
export interface MadeCheckpoint {
  readonly size: number
  readonly at: number
  readonly root: Uint8Array
  readonly head: Uint8Array
  readonly note: string
  readonly vkey: string
}

export function checkpointText(c: CheckpointText): string {
  const revoked = c.revoked
    ? `revoked ${c.revoked.count} ${Buffer.from(c.revoked.sha256, 'hex').toString('base64')}\n`
    : ''
  const lines = `${c.origin}\n${c.size}\n${c.root.toString('base64')}\nchain ${c.chain.toString('base64')}\n`
  return `${lines}time ${c.time}\n${revoked}`
}

const TEXT =
  /^([^\n]+)\n(0|[1-9]\d{0,14})\n(\S{44})\nchain (\S{44})\ntime (0|[1-9]\d{0,14})\n(?:revoked ([1-9]\d{0,9}) (\S{44})\n)?$/

/** @returns undefined where it is not exactly what a hub of this version writes */
export function readCheckpointText(text: string): CheckpointText | undefined {
  const [, origin, size, root, chain, time, count, digest] = TEXT.exec(text) ?? []
  const hashes = [root, chain].map(h => fromBase64(h ?? ''))
  if (origin === undefined || !hashes[0] || !hashes[1]) return undefined
  const sha256 = digest === undefined ? undefined : fromBase64(digest)?.toString('hex')
  if (digest !== undefined && sha256 === undefined) return undefined
  return {
    origin,
    size: Number(size),
    root: hashes[0],
    chain: hashes[1],
    time: Number(time),
    ...(sha256 !== undefined && { revoked: { count: Number(count), sha256 } }),
  }
}

/** Its text, without its signatures being looked at. @returns undefined where it is no checkpoint */
export function readCheckpoint(note: string): CheckpointText | undefined {
  const read = readNote(note)
  return read && readCheckpointText(read.text)
}

const NOTES = /^[^\n]+\n\d+\n[A-Za-z0-9+/]{43}=\n(?:[^\n]+\n)*\n(?:— \S+ \S+\n)+/gmu
/** Every checkpoint in a file where several stand, whatever stands between them. */
export const notesIn = (text: string): readonly string[] => text.match(NOTES) ?? []

const COLUMNS = ['size', 'at', 'root', 'head', 'note'] as const

export const newestCheckpoint = (db: Db): StoredCheckpoint | undefined =>
  first(db, sql.selectFrom('checkpoint').select(COLUMNS).orderBy('size', 'desc').limit(1))

export const checkpointOf = (db: Db, size: number): StoredCheckpoint | undefined =>
  first(db, sql.selectFrom('checkpoint').select(COLUMNS).where('size', '=', size))

/** The oldest one that covers row `seq`. */
export const checkpointFrom = (db: Db, seq: number): StoredCheckpoint | undefined =>
  first(db, sql.selectFrom('checkpoint').select(COLUMNS).where('size', '>=', seq).orderBy('size').limit(1))

/**
 * Of sizes from `fromSize` to `toSize`, both included, smallest first; where there are more than `limit`, evenly thinned, the
 * first and the last among them.
 */
export function checkpointsBetween(db: Db, fromSize: number, toSize: number, limit: number): StoredCheckpoint[] {
  const within = sql.selectFrom('checkpoint').where('size', '>=', fromSize).where('size', '<=', toSize)
  const count = first(db, within.select(sql.fn.countAll<number>().as('n')))?.n ?? 0
  if (count <= limit) return all(db, within.select(COLUMNS).orderBy('size'))
  const at = db.prepare<[number, number, number], StoredCheckpoint>(
    'select size, at, root, head, note from checkpoint where size >= ? and size <= ? order by size limit 1 offset ?',
  )
  const step = limit > 1 ? (count - 1) / (limit - 1) : 0
  return Array.from({ length: limit }, (_, i) => at.get(fromSize, toSize, Math.round(i * step))!)
}

export const checkpointView = (db: Db, { size, at, root, note }: StoredCheckpoint): CheckpointView => ({
  size,
  at,
  root: root.toString('base64'),
  note,
  keys: journalKeys(db).map(k => k.vkey),
})

/** Of everything that stands in the journal in this moment: one consistent read. @param signer read before this, so that a key rotated meanwhile is noticed */
export function makeCheckpoint(db: Db, signer: Signer, at: number): MadeCheckpoint {
  return db
    .transaction(() => {
      const { seq: size, hash: chain } = head(db)
      const root = rootOf(db, size)
      const revoked = revocationDigest(revocations(db))
      const text = checkpointText({
        ...{ origin: originOf(db), size, root, chain, time: at },
        ...(revoked.count > 0 && { revoked }),
      })
      return { size, at, root, head: chain, note: signer.sign(text), vkey: signer.by.vkey }
    })
    .deferred()
}

/** As it crosses threads. */
export type KeptNode = Omit<Node, 'hash'> & { readonly hash: Uint8Array }

type Awaitable<T> = T | Promise<T>
/** In a hub the first two run in a thread of their own and the last two in the writer's; on the command line all at once. */
export interface SigningPorts {
  missing(limit: number): Awaitable<readonly KeptNode[]>
  make(at: number): Awaitable<MadeCheckpoint>
  keepNodes(nodes: readonly KeptNode[]): Awaitable<unknown>
  /** @returns false, with nothing kept, where the key has been rotated meanwhile */
  keep(made: MadeCheckpoint): Awaitable<boolean>
  now(): number
}

/** Hashes handed over at once: a few milliseconds of the writer. */
const SLICE = 200
const ATTEMPTS = 3

/**
 * Signs what stands in the journal now; a size that was signed before keeps the note it has.
 * @returns its size
 * @throws VigieError journal-unavailable, and those of openSigner
 */
export async function signCheckpoint(ports: SigningPorts): Promise<number> {
  for (;;) {
    const nodes = await ports.missing(SLICE)
    if (nodes.length === 0) break
    await ports.keepNodes(nodes)
  }
  for (let attempt = 1; ; attempt++) {
    const made = await ports.make(ports.now())
    if ((await ports.keep(made)) || attempt === ATTEMPTS) return made.size
  }
}
