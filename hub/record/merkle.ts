/**
 * Merkle tree hashing of RFC 9162, section 2.1: a leaf is SHA-256(0x00 | entry), an inner node SHA-256(0x01 | left | right).
 * The entry of a journal row is what the chain hashes after the hash before it: seq, at, kind and commitment, so that one
 * row with its proof stands by itself. Leaf i (from 0) is the row with seq i + 1.
 *
 * A range of leaves is kept as the hashes of the largest whole subtrees it is made of: at most two per level, whatever its
 * length. Ranges that touch can be merged; the range from 0 gives the root.
 */
import { DIGEST_BYTES, digest } from './digest.ts'

const LEAF = Buffer.from([0])
/** Of no leaves at all (RFC 9162, 2.1.1). */
export const EMPTY_ROOT: Buffer = digest(Buffer.alloc(0))

export const leafHash = (entry: Buffer): Buffer => digest(Buffer.concat([LEAF, entry]))

/** Filled anew for each node; nothing waits in between. */
const inner = Buffer.alloc(1 + 2 * DIGEST_BYTES, 1)
/** @throws RangeError unless both are 32 bytes */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  if (left.length !== DIGEST_BYTES || right.length !== DIGEST_BYTES) throw new RangeError('a hash has 32 bytes')
  left.copy(inner, 1)
  right.copy(inner, 1 + DIGEST_BYTES)
  return digest(inner)
}

/** A whole subtree: the leaves from `index` * 2^`level` on, 2^`level` of them. */
export interface Node {
  readonly level: number
  readonly index: number
  readonly hash: Buffer
}
export type Place = Omit<Node, 'hash'>

/** The largest whole subtrees that make up the leaves `from` (inclusive) to `to` (exclusive), from left to right. */
export function covering(from: number, to: number): Place[] {
  const places: Place[] = []
  for (let at = from; at < to; ) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1
    places.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return places
}

/** The leaves from `from` (inclusive) to `to` (exclusive), folded as far as they go. Grows at its right end. */
export class Range {
  readonly from: number
  #to: number
  /** Left to right. */
  readonly #nodes: Node[]
  readonly #onNode: ((node: Node) => void) | undefined

  /** @param onNode hears of every whole subtree as it is completed, leaves included */
  constructor(from = 0, onNode?: (node: Node) => void, nodes: readonly Node[] = [], to = from) {
    this.from = from
    this.#to = to
    this.#nodes = [...nodes]
    this.#onNode = onNode
  }

  get to(): number {
    return this.#to
  }
  get nodes(): readonly Node[] {
    return this.#nodes
  }

  /** The next leaf. */
  push(leaf: Buffer): void {
    this.add({ level: 0, index: this.#to, hash: leaf })
  }

  /** A whole subtree that begins where this range ends. @throws RangeError if it does not */
  add(node: Node): void {
    if (node.index * 2 ** node.level !== this.#to)
      throw new RangeError('the subtree does not begin where the range ends')
    this.#to += 2 ** node.level
    let top = node
    this.#onNode?.(top)
    for (;;) {
      const left = this.#nodes.at(-1)
      if (left === undefined || left.level !== top.level || left.index % 2 !== 0) break
      this.#nodes.pop()
      top = { level: top.level + 1, index: left.index / 2, hash: nodeHash(left.hash, top.hash) }
      this.#onNode?.(top)
    }
    this.#nodes.push(top)
  }

  /** The root of the tree of all its leaves. @throws RangeError unless it begins at the first leaf */
  root(): Buffer {
    if (this.from !== 0) throw new RangeError('only the range from the first leaf has a root')
    return this.#nodes.reduceRight<Buffer | undefined>(foldLeft, undefined) ?? EMPTY_ROOT
  }
}

const foldLeft = (right: Buffer | undefined, { hash: left }: Node): Buffer =>
  right === undefined ? left : nodeHash(left, right)

/**
 * Whole subtrees whose hashes, in this order, prove leaf `index` in the tree of `size` leaves (RFC 9162, 2.1.3.1). Where the
 * tree is not whole, a sibling is the fold of several: they come as one group.
 * @throws RangeError unless 0 <= index < size
 */
export function inclusionPlaces(index: number, size: number): Place[][] {
  if (index < 0 || index >= size) throw new RangeError('no such leaf')
  return path(index, 0, size).map(([from, to]) => covering(from, to))
}

/** The leaves of each sibling on the way up, lowest first. */
function path(index: number, from: number, to: number): [number, number][] {
  if (to - from === 1) return []
  const middle = from + split(to - from)
  if (index < middle) return [...path(index, from, middle), [middle, to]]
  return [...path(index, middle, to), [from, middle]]
}

/** The largest power of two below `count` (at least 2). Counted, not by logarithm: that is off by one where floats round. */
function split(count: number): number {
  let half = 1
  while (half * 2 < count) half *= 2
  return half
}

const isPowerOfTwo = (count: number): boolean => count === 1 || split(count) * 2 === count

/** The same that prove that the tree of `first` leaves begins the tree of `second` (RFC 9162, 2.1.4.1). @throws RangeError unless 0 < first <= second */
export function consistencyPlaces(first: number, second: number): Place[][] {
  if (first <= 0 || first > second) throw new RangeError('no such pair of trees')
  return first === second ? [] : subproof(first, 0, second, true).map(([from, to]) => covering(from, to))
}

function subproof(first: number, from: number, to: number, whole: boolean): [number, number][] {
  if (from + first === to) return whole ? [] : [[from, to]]
  const middle = from + split(to - from)
  if (from + first <= middle) return [...subproof(first, from, middle, whole), [middle, to]]
  return [...subproof(from + first - middle, middle, to, false), [from, middle]]
}

/** One hash for a group of whole subtrees that touch, left to right: a sibling at the ragged right edge. @throws TypeError of none */
export const folded = (group: readonly Buffer[]): Buffer => group.reduceRight((right, left) => nodeHash(left, right))

/** @returns the root that a leaf and its proof lead to (RFC 9162, 2.1.3.2), or undefined where the proof can't belong to that leaf and size */
export function rootOfInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
): Buffer | undefined {
  if (index < 0 || index >= size) return undefined
  const ranges = path(index, 0, size)
  if (ranges.length !== proof.length) return undefined
  return proof.reduce(
    (node, sibling, i) => (ranges[i]![0] > index ? nodeHash(node, sibling) : nodeHash(sibling, node)),
    leaf,
  )
}

/** RFC 9162, 2.1.4.2. @returns true if the tree of `second` leaves continues the one of `first` */
export function isConsistent(
  first: number,
  second: number,
  firstRoot: Buffer,
  secondRoot: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (first <= 0 || first > second) return false
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot)
  const steps = [...proof]
  if (isPowerOfTwo(first)) steps.unshift(firstRoot)
  let [fn, sn] = [first - 1, second - 1]
  while (fn % 2 === 1) [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  let [old, fresh] = [steps[0], steps[0]]
  for (const step of steps.slice(1)) {
    if (sn === 0 || old === undefined || fresh === undefined) return false
    if (fn % 2 === 1 || fn === sn) {
      old = nodeHash(step, old)
      fresh = nodeHash(step, fresh)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else fresh = nodeHash(fresh, step)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 && old?.equals(firstRoot) === true && fresh?.equals(secondRoot) === true
}
