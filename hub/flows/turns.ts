/** First come, first decided: at one reader a badge whose PIN is being looked into is not overtaken by the next one. */
export class Turns {
  /** By reader: resolves when the last one of the queue has its facts. Empty while nobody waits for anything. */
  readonly #last = new Map<string, Promise<unknown>>()

  /**
   * Does `work` when everyone before at this reader has begun theirs: at once if nobody is before and no `facts` are asked
   * for. `facts` never rejects, and is looked into one at a time for each reader.
   */
  take<F, T>(
    reader: string,
    facts: (() => Promise<F>) | undefined,
    work: (facts: F | undefined) => Promise<T>,
  ): Promise<T> {
    const before = this.#last.get(reader)
    if (!before && !facts) return work(undefined)
    const turn = (before ?? Promise.resolve()).then(() => facts?.())
    this.#last.set(reader, turn)
    const done = turn.then(work) // before anybody else hears of `turn`: the next one comes after this has begun
    turn.finally(() => {
      if (this.#last.get(reader) === turn) this.#last.delete(reader)
    })
    return done
  }
}
