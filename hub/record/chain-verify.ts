/**
 * Whether the whole journal is what was written: every row, every payload that is not rightly gone, the Merkle root of every
 * signed checkpoint, and the keys that signed them. Names the first bad row; memory stays flat. Stretches are checked one
 * after the other, or in several threads, and joined in order here.
 */

import { head as headOf } from './chain.ts'
import type { Bad } from './chain-damage.ts'
import { checkSpan, SPAN_LEVEL, SPAN_ROWS, type Span, type SpanPlan, type SpanResult } from './chain-span.ts'
import { folded, type Node, Range } from './merkle.ts'
import { formerJournals } from './new-origin.ts'
import { journalKeys, originOf } from './signing.ts'
import { type Db, first, sql } from './sql.ts'

export type { Bad, Damage } from './chain-damage.ts'

export type Verdict =
  | {
      readonly ok: true
      readonly rows: number
      /** Chain hash of the last row, hexadecimal. */
      readonly head: string
      /** Payloads that are gone, each vouched for. */
      readonly erased: number
      /** How many were checked, and the size of the newest: what comes after it is not signed yet. */
      readonly checkpoints: number
      readonly signed: number
    }
  | Bad

/** In this thread. @param others notes of witnesses: of this journal, signed by its keys */
export const verify = (db: Db, others: SpanPlan['others'] = []): Verdict =>
  db
    .transaction(() => {
      const check = new Verification(db, others)
      for (const span of check.spans()) if (!check.join(checkSpan(db, check.plan, span))) break
      return check.verdict()
    })
    .deferred()

export class Verification {
  readonly plan: SpanPlan
  readonly #db: Db
  readonly #last: number
  readonly #head: string
  readonly #end: Bad | undefined
  readonly #tree: Range
  #bad: Bad | undefined
  #erased = 0
  #checkpoints = 0
  #signed = 0

  /** Reads how far the journal goes in this moment: call it in a transaction. */
  constructor(db: Db, others: SpanPlan['others'] = []) {
    const { seq, hash } = headOf(db)
    this.#db = db
    this.#last = seq
    this.#head = hash.toString('hex')
    this.plan = { origin: originOf(db), keys: journalKeys(db), others, before: formerJournals(db) }
    this.#end = this.#wrongAtEnd()
    this.#tree = new Range(0, node => this.#kept(node))
  }

  /** In order; `join` takes their results in the same order. */
  *spans(): Generator<Span> {
    for (let from = 1; from <= this.#last; from += SPAN_ROWS)
      yield { from, to: Math.min(from + SPAN_ROWS - 1, this.#last) }
  }

  /** @returns false if it is bad: the next ones need not be looked at */
  join({ bad, checkpoints, fold, erased }: SpanResult): boolean {
    this.#erased += erased
    for (const { size, fold: own, root } of checkpoints) {
      const made = folded([...this.#tree.nodes.map(n => n.hash), Buffer.from(own, 'base64')])
      if (made.toString('base64') !== root) {
        this.#bad = this.#rewritten(size)
        return false
      }
      this.#checkpoints += 1
      this.#signed = size
    }
    if (bad) this.#bad = bad.until === undefined ? bad : { ...bad, row: this.#signed + 1 }
    else if (fold !== undefined) this.#add(Buffer.from(fold, 'base64'))
    return this.#bad === undefined
  }

  verdict(): Verdict {
    return (
      this.#bad ??
      this.#end ?? {
        ...{ ok: true, rows: this.#last, head: this.#head, erased: this.#erased },
        ...{ checkpoints: this.#checkpoints, signed: this.#signed },
      }
    )
  }

  #rewritten(until: number): Bad {
    const cause = 'a signed checkpoint does not match: the rows were written anew'
    return { ok: false, row: this.#signed + 1, until, cause }
  }

  /** The last stretch is not whole, and nothing comes after it. */
  #add(hash: Buffer): void {
    const index = this.#tree.to / SPAN_ROWS
    if ((index + 1) * SPAN_ROWS <= this.#last) this.#tree.add({ level: SPAN_LEVEL, index, hash })
  }

  #kept({ level, index, hash }: Node): void {
    if (level !== 16 && level !== 24) return
    const query = sql.selectFrom('merkle_node').select('hash').where('level', '=', level).where('idx', '=', index)
    const kept = first(this.#db, query)
    if (!kept || kept.hash.equals(hash)) return
    this.#bad = { ok: false, row: index * 2 ** level + 1, cause: 'a stored hash of the tree does not match its rows' }
  }

  #wrongAtEnd(): Bad | undefined {
    const last = this.#last
    const stray = first(
      this.#db,
      sql
        .selectFrom('journal_payload')
        .select('seq')
        .where(eb => eb.or([eb('seq', '>', last), eb('seq', '<', 1)]))
        .limit(1),
    )
    if (stray) return { ok: false, row: last + 1, cause: 'the tail was cut: a later payload remains' }
    const top = first(this.#db, sql.selectFrom('checkpoint').select(sql.fn.max('size').as('size')))?.size
    const until = Math.max(top ?? 0, ...this.plan.others.map(o => o.size))
    if (until > last)
      return { ok: false, row: last + 1, until, cause: 'the tail was cut: a signed checkpoint counts more rows' }
    if ((top === undefined || top === null) && this.plan.keys.length > 0)
      return { ok: false, row: 1, cause: 'all signed checkpoints are gone' }
    const unknown = this.plan.keys.find(k => k.since > last)
    return (
      unknown && {
        ok: false,
        row: last + 1,
        until: unknown.since,
        cause: 'the tail was cut: a signed checkpoint counts more rows',
      }
    )
  }
}
