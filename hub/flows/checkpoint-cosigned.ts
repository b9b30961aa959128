/**
 * This hub as the witness of another's journal (c2sp.org/tlog-witness, add-checkpoint): nobody signs in, what is signed
 * speaks for itself.
 *
 *   1 read      the request: size seen last, consistency proof, signed checkpoint
 *   2 known     the journal is one that this hub was told to watch (404), signed by its key (403)
 *   3 seen      the proof begins at what was seen last (409 with its size)
 *   4 continues the tree goes on from there, nothing before it was changed (422)
 *   5 keep      in one step with 3, before anything is answered
 *   6 cosign
 *
 * A signed checkpoint that contradicts what was seen is told once: it shows that rows were changed or rolled back. It
 * stands for an hour at least, and until the journal has gone on from what was seen: what was seen already, handed in again
 * by anybody, takes nothing back.
 */
import type { Destination } from './destination.ts'

/** A refusal is a value. */
export type WitnessAnswer =
  | { readonly outcome: 'cosigned'; readonly lines: string }
  | { readonly outcome: 'elsewhere'; readonly size: number }
  | { readonly outcome: 'malformed' | 'unknown' | 'untrusted' }
  | { readonly outcome: 'inconsistent'; readonly journal: string }

export interface CosigningPorts<Key> {
  /** The text of a signed note. Undefined where it is none. */
  textOf(note: string): string | undefined
  keys(origin: string): readonly Key[]
  /** Signed by one of them, and by none of them wrongly. */
  isSigned(note: string, keys: readonly Key[]): boolean
  seen(origin: string): { readonly size: number; readonly note: string } | undefined
  isConsistent(first: number, second: number, firstRoot: Buffer, secondRoot: Buffer, proof: readonly Buffer[]): boolean
  /** @returns the size seen last, where it is not `old` any more; and then nothing was kept */
  keep(seen: { origin: string; old: number; size: number; note: string }): Promise<number | undefined>
  cosign(text: string): Promise<string>
  /** Where what is wrong with a journal is told. */
  destination(origin: string): Destination
  /** Monotonic, ms. */
  now(): number
}

interface Tree {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  /** When it was signed, ms, where it says so. */
  readonly time: number | undefined
}
interface Submitted {
  readonly old: number
  readonly proof: readonly Buffer[]
  readonly note: string
  readonly text: string
  readonly tree: Tree
}

const NUMBER = '(0|[1-9]\\d{0,14})'
const OLD = new RegExp(`^old ${NUMBER}$`)
const CHECKPOINT = new RegExp(`^([^\\n]+)\\n${NUMBER}\\n([A-Za-z0-9+/]{43}=)\\n(?:[^\\n]+\\n)*$`)
const HASH = /^[A-Za-z0-9+/]{43}=$/
const MOST_HASHES = 63
/** Whoever holds a journal's key could else fill this one with rows, one refusal and one agreement after the other. */
const STANDS_MS = 60 * 60_000

export class CheckpointCosigned<Key> {
  readonly #p: CosigningPorts<Key>
  /** When something wrong was last told of a journal. */
  readonly #toldAt = new Map<string, number>()

  constructor(ports: CosigningPorts<Key>) {
    this.#p = ports
  }

  /** @param body of the request, as the standard writes it */
  async add(body: string): Promise<WitnessAnswer> {
    const submitted = this.#read(body)
    if (!submitted) return { outcome: 'malformed' }
    const { tree, note, text, old } = submitted
    const keys = this.#p.keys(tree.origin)
    if (keys.length === 0) return { outcome: 'unknown' }
    if (!this.#p.isSigned(note, keys)) return { outcome: 'untrusted' }
    if (old > tree.size) return { outcome: 'malformed' }
    const refusal = this.#refusal(submitted)
    if (refusal) return refusal
    const elsewhere = await this.#p.keep({ origin: tree.origin, old, size: tree.size, note })
    if (elsewhere !== undefined) return { outcome: 'elsewhere', size: elsewhere }
    const lines = await this.#p.cosign(text)
    this.#wentOn(tree, old)
    return { outcome: 'cosigned', lines }
  }

  /** 1 */
  #read(body: string): Submitted | undefined {
    const gap = body.indexOf('\n\n')
    const [first = '', ...lines] = gap < 0 ? [] : body.slice(0, gap).split('\n')
    const old = OLD.exec(first)?.[1]
    const note = body.slice(gap + 2)
    const text = this.#p.textOf(note)
    const tree = text === undefined ? undefined : treeOf(text)
    if (old === undefined || !tree || text === undefined) return undefined
    if (lines.length > MOST_HASHES || !lines.every(line => HASH.test(line))) return undefined
    return { old: Number(old), proof: lines.map(line => Buffer.from(line, 'base64')), note, text, tree }
  }

  /** 3, 4 */
  #refusal({ old, proof, tree }: Submitted): WitnessAnswer | undefined {
    const seen = this.#p.seen(tree.origin)
    const last = seen && treeOf(this.#p.textOf(seen.note) ?? '')
    if (last && contradicts(tree, last)) {
      this.#tell(tree, last.size)
      return { outcome: 'elsewhere', size: last.size }
    }
    if (old !== (last?.size ?? 0)) return { outcome: 'elsewhere', size: last?.size ?? 0 }
    if (!last) return proof.length === 0 ? undefined : { outcome: 'inconsistent', journal: tree.origin }
    const fits = old === 0 ? proof.length === 0 : this.#p.isConsistent(old, tree.size, last.root, tree.root, proof)
    if (fits) return undefined
    this.#tell(tree, last.size)
    return { outcome: 'inconsistent', journal: tree.origin }
  }

  #wentOn({ origin, size }: Tree, old: number): void {
    const standsUntil = (this.#toldAt.get(origin) ?? Number.NEGATIVE_INFINITY) + STANDS_MS
    if (size > old && this.#p.now() >= standsUntil) this.#p.destination(origin).served()
  }

  #tell({ origin, size }: Tree, seen: number): void {
    this.#toldAt.set(origin, this.#p.now())
    const cause = `a checkpoint of ${size} rows does not continue the one of ${seen} rows seen before`
    this.#p.destination(origin).failed('witness-inconsistent', Math.abs(seen - size), cause)
  }
}

/** Two signed checkpoints that can't both be true: one size with two roots, or fewer rows at a later time. */
const contradicts = (tree: Tree, last: Tree): boolean =>
  (tree.size === last.size && !tree.root.equals(last.root)) ||
  (tree.size < last.size && tree.time !== undefined && last.time !== undefined && tree.time > last.time)

function treeOf(text: string): Tree | undefined {
  const [, origin, size, root] = CHECKPOINT.exec(text) ?? []
  if (origin === undefined || size === undefined || root === undefined) return undefined
  const time = /\ntime (\d{1,15})\n/.exec(text)?.[1]
  return {
    origin,
    size: Number(size),
    root: Buffer.from(root, 'base64'),
    time: time === undefined ? undefined : Number(time),
  }
}
