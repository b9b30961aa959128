/**
 * What each device has sent: new, late, or the same again. A message is new once; sent again it moves nothing, and is
 * acknowledged only when its first copy is stored.
 */
const REMEMBERED_IDS = 256
const REMEMBERED_LOSSES = 1_000

export type Admission =
  | { readonly verdict: 'new'; readonly missing: number }
  | { readonly verdict: 'late' }
  | { readonly verdict: 'duplicate'; readonly settled: Promise<unknown> }

interface Box {
  /** Highest that was admitted, and highest that is stored. */
  seq: number
  stored: number
  /** Message id -> settled when that message is stored. Oldest first; bounded. */
  readonly ids: Map<string, Promise<unknown>>
  /** Admitted as new and not settled yet, by message id. */
  readonly pending: Map<string, number>
  /** Admitted as new but not stored: sent again they are new, unless something newer was taken in between. */
  readonly lost: Set<number>
}

const STORED = Promise.resolve()
const boxOf = (seq: number, ids: readonly string[]): Box => ({
  seq,
  stored: seq,
  ids: new Map(ids.slice(-REMEMBERED_IDS).map(id => [id, STORED])),
  pending: new Map(),
  lost: new Set(),
})

export class Inbox {
  readonly #boxes = new Map<string, Box>()

  /** What the journal remembers from before the start. */
  constructor(
    received: readonly { readonly device: string; readonly seq: number; readonly ids: readonly string[] }[] = [],
  ) {
    for (const r of received) this.#boxes.set(r.device, boxOf(r.seq, r.ids))
  }

  admit(device: string, seq: number, id: string): Admission {
    const box = this.#box(device)
    const settled = box.ids.get(id)
    if (settled) return { verdict: 'duplicate', settled }
    const again = box.lost.delete(seq) && seq > newestKept(box)
    if (!again && seq <= box.seq) return { verdict: 'late' }
    const missing = again || box.seq === 0 ? 0 : seq - box.seq - 1
    box.seq = Math.max(box.seq, seq)
    box.pending.set(id, seq)
    return { verdict: 'new', missing }
  }

  /** Highest number taken from it; 0: none. */
  newest(device: string): number {
    return this.#boxes.get(device)?.seq ?? 0
  }

  /** Names the promise that a duplicate of this message has to wait for. A message that was not stored is forgotten. */
  settle(device: string, seq: number, id: string, stored: Promise<unknown>): void {
    const box = this.#box(device)
    remember(box, id, stored)
    stored.then(
      () => this.#keep(box, seq, id),
      () => this.#lose(box, id),
    )
  }

  /** It was given up, and then turned out to be stored all the same. */
  storedAfterAll(device: string, seq: number, id: string): void {
    const box = this.#box(device)
    box.lost.delete(seq)
    remember(box, id, STORED)
    this.#keep(box, seq, id)
  }

  /** New hardware under an old name: its numbers start again. */
  forget(device: string): void {
    this.#boxes.delete(device)
  }

  #keep(box: Box, seq: number, id: string): void {
    box.pending.delete(id)
    box.stored = Math.max(box.stored, seq)
  }

  /** A late message that is lost stays late: only what was new can be new again. */
  #lose(box: Box, id: string): void {
    const seq = box.pending.get(id)
    box.ids.delete(id)
    box.pending.delete(id)
    if (seq !== undefined && box.lost.size < REMEMBERED_LOSSES) box.lost.add(seq)
  }

  #box(device: string): Box {
    const known = this.#boxes.get(device)
    if (known) return known
    const box = boxOf(0, [])
    this.#boxes.set(device, box)
    return box
  }
}

function remember(box: Box, id: string, stored: Promise<unknown>): void {
  box.ids.set(id, stored)
  if (box.ids.size > REMEMBERED_IDS) box.ids.delete(box.ids.keys().next().value as string)
}

const newestKept = (box: Box): number => Math.max(box.stored, ...box.pending.values())
