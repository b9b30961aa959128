/**
 * What is going on now, in memory: the situations that deciding looks at. A decision's changes are in force the moment it is
 * made, before its row is on disk, so that two badges a millisecond apart never take the same last place. When the row then
 * can't be written and the answer becomes a refusal, `undo` takes the changes back, from under what was put on them since.
 */
import { SITUATION_KINDS, type SituationChange, type SituationKind, type Situations } from '../access/situations.ts'
import type { Entry } from '../ports.ts'

type Row = SituationChange['value']

/** Changes that are in force, and whose journal row is on its way. Exactly one of the two is called, once. */
export interface Pending {
  /** The row is on disk, or in the spool. */
  keep(): void
  /** The row was given up: what was before is in force again, unless something newer is. */
  undo(): void
  /** After `undo`: the row turned out to be stored all the same. What was changed since stays. */
  redo(): void
}
const NOTHING: Pending = { keep: () => undefined, undo: () => undefined, redo: () => undefined }

interface Layer {
  readonly value: Row
}

export class Standing implements Situations {
  readonly witness: Situations['witness'] = new Map()
  readonly position: Situations['position'] = new Map()
  readonly passage: Situations['passage'] = new Map()
  readonly door: Situations['door'] = new Map()
  readonly lockdown: Situations['lockdown'] = new Map()
  readonly evacuation: Situations['evacuation'] = new Map()
  readonly mustered: Situations['mustered'] = new Map()
  readonly 'break-glass': Situations['break-glass'] = new Map()
  readonly uses: Situations['uses'] = new Map()
  readonly review: Situations['review'] = new Map()
  readonly pin: Situations['pin'] = new Map()
  /** By kind and key, only while something is on its way: what is certain, then what was put on it, oldest first. */
  readonly #layers = new Map<string, Layer[]>()
  /** By kind and key: changed since the start, so that memory knows better than an old line of the spool. */
  readonly #known = new Set<string>()
  #acts = 0

  /** @param rows as they stand in the database */
  constructor(rows: readonly SituationChange[] = []) {
    for (const row of rows) this.#put(row, row.value)
  }

  apply(changes: readonly SituationChange[]): Pending {
    if (changes.length === 0) return NOTHING
    const put = changes.map(change => ({ change, layer: this.#cover(change), before: this.#valueBelow(change) }))
    return {
      keep: () => {
        for (const { change, layer } of put) this.#settle(change, layer, true)
      },
      undo: () => {
        for (const { change, layer } of put) this.#settle(change, layer, false)
      },
      redo: () => {
        for (const { change, before } of put) if (this.#get(change) === before) this.#assert(change)
      },
    }
  }

  /** Rises with every act of an operator that changes what is going on: what was decided before has to be looked at again. */
  get acts(): number {
    return this.#acts
  }

  /** Rows that are on disk already: an operator's act. They win over whatever is on its way. */
  merge(rows: readonly SituationChange[]): void {
    if (rows.length > 0) this.#acts++
    for (const row of rows) this.#assert(row)
  }

  /** Rows that have waited, with their situations as they are now: others may have changed the same ones since. */
  asTheyStand(entries: readonly Entry[]): Entry[] {
    return entries.map(entry =>
      entry.situations ? { ...entry, situations: entry.situations.map(row => this.#asItStands(row)) } : entry,
    )
  }

  /**
   * Rows that waited in the spool have been drained. What this process has never touched was left behind by an earlier one,
   * and is in force from here on as it is stored; of everything else memory knows better.
   */
  adopt(entries: readonly Entry[], stored: (kind: SituationKind, key: string) => Row): void {
    for (const { kind, key } of entries.flatMap(e => e.situations ?? []))
      if (!this.#known.has(idOf({ kind, key }))) this.#assert(rowOf(kind, key, stored(kind, key)))
  }

  /** The rows that are meant, as they stand now; each once. */
  current(changes: readonly SituationChange[]): SituationChange[] {
    const rows = new Map(changes.map(({ kind, key }) => [idOf({ kind, key }), { kind, key }]))
    return [...rows.values()].map(({ kind, key }) => rowOf(kind, key, this.#get({ kind, key })))
  }

  /** Everything, such as it is: for tests and for showing. */
  rows(): SituationChange[] {
    return SITUATION_KINDS.flatMap(kind => [...this.#map(kind)].map(([key, value]) => rowOf(kind, key, value)))
  }

  #asItStands(row: SituationChange): SituationChange {
    return this.#known.has(idOf(row)) ? rowOf(row.kind, row.key, this.#get(row)) : row
  }

  #assert(change: SituationChange): void {
    this.#layers.delete(idOf(change))
    this.#known.add(idOf(change))
    this.#put(change, change.value)
  }

  #cover(change: SituationChange): Layer {
    const id = idOf(change)
    const layer: Layer = { value: change.value }
    const layers = this.#layers.get(id)
    if (layers) layers.push(layer)
    else this.#layers.set(id, [{ value: this.#get(change) }, layer])
    this.#known.add(id)
    this.#put(change, change.value)
    return layer
  }

  #valueBelow(change: SituationChange): Row {
    return this.#layers.get(idOf(change))?.at(-2)?.value
  }

  /** Kept, a layer is what is certain, and what was below it is history. Undone, it is as if it had never been. */
  #settle(change: SituationChange, layer: Layer, kept: boolean): void {
    const id = idOf(change)
    const layers = this.#layers.get(id)
    const place = layers?.indexOf(layer) ?? -1
    if (!layers || place < 0) return // something certain has come over it meanwhile
    if (kept) layers.splice(0, place)
    else layers.splice(place, 1)
    this.#put(change, layers.at(-1)?.value)
    if (layers.length === 1) this.#layers.delete(id)
  }

  #get({ kind, key }: Named): Row {
    return this.#map(kind).get(key)
  }

  #put({ kind, key }: SituationChange, value: Row): void {
    if (value === undefined) this.#map(kind).delete(key)
    else this.#map(kind).set(key, value)
  }

  /** The one place where a kind's map is written; outside it is read-only, and typed by its kind. */
  #map(kind: SituationKind): Map<string, NonNullable<Row>> {
    return this[kind] as unknown as Map<string, NonNullable<Row>>
  }
}

type Named = { readonly kind: SituationKind; readonly key: string }
const idOf = ({ kind, key }: Named): string => `${kind} ${key}`
const rowOf = (kind: SituationKind, key: string, value: Row): SituationChange =>
  (value === undefined ? { kind, key } : { kind, key, value }) as SituationChange
