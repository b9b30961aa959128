/** A map that is handed out and never altered afterwards: changes gather in a copy, made at the first of them. */
export class DraftMap<K, V> {
  #published: ReadonlyMap<K, V> = new Map()
  #draft: Map<K, V> | undefined

  get(key: K): V | undefined {
    return (this.#draft ?? this.#published).get(key)
  }

  /** `undefined` takes the entry away. */
  set(key: K, value: V | undefined): void {
    if (this.get(key) === value) return
    this.#draft ??= new Map(this.#published)
    if (value === undefined) this.#draft.delete(key)
    else this.#draft.set(key, value)
  }

  /** The map as it stands now; the same object as last time if nothing changed. */
  publish(): ReadonlyMap<K, V> {
    this.#published = this.#draft ?? this.#published
    this.#draft = undefined
    return this.#published
  }
}
