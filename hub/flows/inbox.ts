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
  seq: number
  /** Message id -> settled when that message is stored. Oldest first; bounded. */
  readonly ids: Map<string, Promise<unknown>>
  /** Admitted but not stored: the device will send them again, and then they are new although lower. */
  readonly lost: Set<number>
}

const STORED = Promise.resolve()

export class Inbox {
  readonly #boxes = new Map<string, Box>()

  /** What the journal remembers from before the start. */
  constructor(
    received: readonly { readonly device: string; readonly seq: number; readonly ids: readonly string[] }[] = [],
  ) {
    for (const r of received)
      this.#boxes.set(r.device, {
        seq: r.seq,
        ids: new Map(r.ids.slice(-REMEMBERED_IDS).map(id => [id, STORED])),
        lost: new Set(),
      })
  }

  admit(device: string, seq: number, id: string): Admission {
    const box = this.#box(device)
    const settled = box.ids.get(id)
    if (settled) return { verdict: 'duplicate', settled }
    if (box.lost.delete(seq)) return { verdict: 'new', missing: 0 }
    if (seq <= box.seq) return { verdict: 'late' }
    const missing = box.seq === 0 ? 0 : seq - box.seq - 1
    box.seq = seq
    return { verdict: 'new', missing }
  }

  /** Names the promise that a duplicate of this message has to wait for. A message that was not stored is forgotten. */
  settle(device: string, seq: number, id: string, stored: Promise<unknown>): void {
    const box = this.#box(device)
    box.ids.set(id, stored)
    if (box.ids.size > REMEMBERED_IDS) box.ids.delete(box.ids.keys().next().value as string)
    stored.catch(() => this.#lose(box, seq, id))
  }

  /** New hardware under an old name: its numbers start again. */
  forget(device: string): void {
    this.#boxes.delete(device)
  }

  #lose(box: Box, seq: number, id: string): void {
    box.ids.delete(id)
    if (box.lost.size < REMEMBERED_LOSSES) box.lost.add(seq)
  }

  #box(device: string): Box {
    const known = this.#boxes.get(device)
    if (known) return known
    const box: Box = { seq: 0, ids: new Map(), lost: new Set() }
    this.#boxes.set(device, box)
    return box
  }
}
