/**
 * The Merkle tree over the journal, read from the database: whole subtrees of 2^8, 2^16 and 2^24 rows are kept beside it, so
 * that any hash costs a few hundred rows or kept hashes, whatever the length of the journal. What is not kept yet is worked
 * out from the rows.
 */
import { entryOf } from './chain.ts'
import { covering, EMPTY_ROOT, folded, leafHash, type Node, type Place, Range } from './merkle.ts'
import type { Db } from './sql.ts'
import { first, sql } from './sql.ts'

/** Each keeps 256 of the one below. */
export const KEPT_LEVELS = [8, 16, 24] as const
const STEP = 8

/** Hashes of whole subtrees, each within the journal. @throws RangeError where rows are missing */
export const nodeHashes = (db: Db, places: readonly Place[]): Buffer[] => {
  const reader = new NodeReader(db)
  return places.map(place => reader.hash(place))
}

/** Root of the tree over the first `size` rows. @throws RangeError where the journal has fewer */
export const rootOf = (db: Db, size: number): Buffer =>
  size === 0 ? EMPTY_ROOT : folded(nodeHashes(db, covering(0, size)))

/**
 * What can be kept and is not yet: subtrees of one level, in order; none when all are. What is kept of a level is always
 * the first so many of it.
 * @param limit at most so many
 */
export function missingNodes(db: Db, limit: number): Node[] {
  const rows = first(db, sql.selectFrom('journal').select(sql.fn.max('seq').as('last')))?.last ?? 0
  const reader = new NodeReader(db)
  for (const level of KEPT_LEVELS) {
    const next = keptOf(db, level)
    const count = Math.min(Math.floor(rows / 2 ** level) - next, limit)
    if (count > 0)
      return Array.from({ length: count }, (_, i) => {
        const place = { level, index: next + i }
        return { ...place, hash: reader.hash(place) }
      })
  }
  return []
}

const keptOf = (db: Db, level: number): number => {
  const query = sql.selectFrom('merkle_node').select(sql.fn.max('idx').as('last')).where('level', '=', level)
  const last = first(db, query)?.last
  return last === undefined || last === null ? 0 : last + 1
}

interface Leaf {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly commitment: Buffer
}

class NodeReader {
  readonly #rows
  readonly #kept

  constructor(db: Db) {
    this.#rows = db.prepare<[number, number], Leaf>(
      'select seq, at, kind, commitment from journal where seq between ? and ? order by seq',
    )
    this.#kept = db.prepare<[number, number, number], { idx: number; hash: Buffer }>(
      'select idx, hash from merkle_node where level = ? and idx between ? and ? order by idx',
    )
  }

  hash(place: Place): Buffer {
    const below = KEPT_LEVELS.findLast(level => level <= place.level)
    if (below === undefined) return this.#ofRows(place)
    const count = 2 ** (place.level - below)
    const from = place.index * count
    const kept = new Map(this.#kept.all(below, from, from + count - 1).map(n => [n.idx, n.hash]))
    if (count === 1) return kept.get(from) ?? this.#made(place)
    const range = new Range(from)
    for (let index = from; index < from + count; index++)
      range.push(kept.get(index) ?? this.#made({ level: below, index }))
    return range.nodes[0]!.hash
  }

  /** A subtree that could be kept and is not: of what is kept below it, or of rows. */
  #made({ level, index }: Place): Buffer {
    if (level === KEPT_LEVELS[0]) return this.#ofRows({ level, index })
    const range = new Range(index * 2 ** STEP)
    for (let i = 0; i < 2 ** STEP; i++) range.push(this.hash({ level: level - STEP, index: index * 2 ** STEP + i }))
    return range.nodes[0]!.hash
  }

  #ofRows({ level, index }: Place): Buffer {
    const [from, count] = [index * 2 ** level, 2 ** level]
    const range = new Range(from)
    for (const row of this.#rows.all(from + 1, from + count)) {
      if (row.seq !== range.to + 1) throw missing(range.to + 1)
      range.push(leafHash(entryOf(row.seq, row.at, row.kind, row.commitment)))
    }
    if (range.to !== from + count) throw missing(range.to + 1)
    return range.nodes[0]!.hash
  }
}

const missing = (seq: number): RangeError => new RangeError(`the journal has no row ${seq}`)
