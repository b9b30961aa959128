/**
 * Inclusion proofs for many rows of one tree: rows that lie together share what was read for the one before, so that a
 * selection of a hundred thousand rows does not read 256 rows for each. Memory is bounded.
 */
import { entryOf } from './chain.ts'
import { folded, inclusionPlaces, leafHash, type Place, Range } from './merkle.ts'
import { nodeHashes } from './merkle-nodes.ts'
import type { Db } from './sql.ts'

/** Rows of a block: a subtree of the lowest kept level. */
const BLOCK_LEVEL = 8
const BLOCK = 2 ** BLOCK_LEVEL
/** The one of the row, the ragged last one, and those of neighbours. */
const BLOCKS_KEPT = 8
const NODES_KEPT = 10_000

const nameOf = ({ level, index }: Place): string => `${level} ${index}`

export class Prover {
  readonly #db: Db
  readonly #size: number
  readonly #rows
  readonly #blocks = new Map<number, ReadonlyMap<string, Buffer>>()
  readonly #nodes = new Map<string, Buffer>()

  /** @param size of the checkpoint; the journal has at least so many rows */
  constructor(db: Db, size: number) {
    this.#db = db
    this.#size = size
    this.#rows = db.prepare<[number, number], { seq: number; at: number; kind: string; commitment: Buffer }>(
      'select seq, at, kind, commitment from journal where seq between ? and ? order by seq',
    )
  }

  /** RFC 9162, 2.1.3.1. @throws RangeError unless 1 <= seq <= size */
  proof(seq: number): Buffer[] {
    return inclusionPlaces(seq - 1, this.#size).map(group => folded(group.map(place => this.#hash(place))))
  }

  #hash(place: Place): Buffer {
    const block = Math.floor((place.index * 2 ** place.level) / BLOCK)
    const found = place.level < BLOCK_LEVEL ? this.#block(block).get(nameOf(place)) : this.#above(place)
    if (!found) throw new RangeError(`the journal lacks a row near ${block * BLOCK + 1}`)
    return found
  }

  #above(place: Place): Buffer | undefined {
    const name = nameOf(place)
    const known = this.#nodes.get(name)
    if (known) return known
    const [hash] = nodeHashes(this.#db, [place])
    if (this.#nodes.size >= NODES_KEPT) this.#nodes.clear()
    if (hash) this.#nodes.set(name, hash)
    return hash
  }

  /** Every whole subtree of one block, by level and index. */
  #block(index: number): ReadonlyMap<string, Buffer> {
    const known = this.#blocks.get(index)
    if (known) return known
    const nodes = new Map<string, Buffer>()
    const range = new Range(index * BLOCK, node => nodes.set(nameOf(node), node.hash))
    for (const row of this.#rows.all(index * BLOCK + 1, Math.min((index + 1) * BLOCK, this.#size)))
      range.push(leafHash(entryOf(row.seq, row.at, row.kind, row.commitment)))
    const [oldest] = this.#blocks.keys()
    if (this.#blocks.size >= BLOCKS_KEPT && oldest !== undefined) this.#blocks.delete(oldest)
    this.#blocks.set(index, nodes)
    return nodes
  }
}
