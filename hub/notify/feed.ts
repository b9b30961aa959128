/**
 * The newest events in memory, in the order they were heard, so that a page that was away misses none. One that is not
 * recorded yet has a number below zero: it moves no cursor, and is after no journal seq.
 */
import type { Heard } from './unrecorded.ts'

export class Feed {
  readonly #ring: (Heard | undefined)[]
  /** Seqs of what is held. */
  readonly #seqs = new Set<number>()
  #count = 0
  /** Journal seq up to which nothing is held: before the start, or pushed out since. */
  #floor = 0
  #newest = 0

  /** @param size events held; older ones are in the journal */
  constructor(size: number) {
    this.#ring = new Array<Heard | undefined>(size)
  }

  /** How many were ever pushed: the position a page that has seen everything stands at. */
  get position(): number {
    return this.#count
  }
  /** Journal seq of the newest event heard, shown or not. */
  get cursor(): number {
    return this.#newest
  }

  has(seq: number): boolean {
    return this.#seqs.has(seq)
  }

  /** Everything up to this journal seq happened before we listened. */
  startAt(seq: number): void {
    this.#floor = Math.max(this.#floor, seq)
    this.#newest = Math.max(this.#newest, seq)
  }

  /** An event without a line moves the cursor all the same. */
  pass(seq: number): void {
    this.#newest = Math.max(this.#newest, seq)
  }

  push(recorded: Heard): void {
    const slot = this.#count % this.#ring.length
    const gone = this.#ring[slot]?.seq
    if (gone !== undefined) this.#seqs.delete(gone)
    this.#floor = Math.max(this.#floor, gone ?? 0)
    this.#ring[slot] = recorded
    this.#seqs.add(recorded.seq)
    this.#count += 1
    this.pass(recorded.seq)
  }

  /** Events that name one of these, by pseudonym, are held no more: the position and the cursor stay where they are. */
  forget(pseudonyms: readonly string[]): void {
    for (const [slot, held] of this.#ring.entries()) {
      const body = held && JSON.stringify(held.event)
      if (!body || !pseudonyms.some(p => body.includes(p))) continue
      this.#seqs.delete(held.seq)
      this.#ring[slot] = undefined
    }
  }

  /** What came after a position, oldest first; undefined if some of it is gone. */
  after(position: number): Heard[] | undefined {
    return position < this.#count - this.#ring.length ? undefined : this.#from(position)
  }

  /** What came after a journal seq; undefined if some of it is gone, or if this journal never got so far. */
  since(cursor: number): Heard[] | undefined {
    if (cursor < this.#floor || cursor > this.#newest) return undefined
    return this.held().filter(r => r.seq > cursor)
  }

  held(): Heard[] {
    return this.#from(Math.max(0, this.#count - this.#ring.length))
  }

  #from(position: number): Heard[] {
    const found: Heard[] = []
    for (let i = Math.max(0, position); i < this.#count; i++) {
      const recorded = this.#ring[i % this.#ring.length]
      if (recorded) found.push(recorded)
    }
    return found
  }
}
