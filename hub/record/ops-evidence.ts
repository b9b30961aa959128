/** What keeps the evidence: hashes of whole subtrees, signed checkpoints, keys. Part of ops.ts. */
import { VigieError } from '../errors.ts'
import type { KeyRotated } from '../events.ts'
import { type KeptNode, type MadeCheckpoint, newestCheckpoint } from './checkpoints.ts'
import { append, type OpContext } from './op-context.ts'
import { type JournalKey, journalKeys, KEYS_META, rotatedAt } from './signing.ts'
import { setMeta } from './site.ts'
import { run, sql } from './sql.ts'

export const EVIDENCE_OPS = {
  /** A few hundred at most: a badge waits behind them. */
  keepNodes: (c: OpContext, a: { nodes: readonly KeptNode[] }) => {
    const keep = c.db.prepare('insert into merkle_node (level, idx, hash) values (?, ?, ?) on conflict do nothing')
    for (const { level, index, hash } of a.nodes) keep.run(level, index, hash)
  },

  /**
   * The first key that signs is the journal's from then on. A size that is kept keeps its note.
   * @returns false, with nothing written, if the journal's key is another one by now
   */
  keepCheckpoint: (c: OpContext, { vkey, root, head, ...made }: MadeCheckpoint) => {
    const keys = journalKeys(c.db)
    if (keys.length === 0) keepKeys(c, [{ vkey, since: 0 }])
    else if (keys.at(-1)?.vkey !== vkey) return false
    run(
      c.db,
      sql
        .insertInto('checkpoint')
        .values({ ...made, root: Buffer.from(root), head: Buffer.from(head) })
        .onConflict(conflict => conflict.doNothing()),
    )
    return true
  },

  /**
   * @returns the row that tells of it; undefined, with nothing written, where the old key has signed a larger checkpoint
   *   than its note says: whoever checks would not believe that one
   * @throws VigieError signing-key-wrong if the journal's key is another one by now
   */
  rotateKey: (c: OpContext, a: { at: number; event: KeyRotated; file: string }) => {
    const keys = journalKeys(c.db)
    if (keys.at(-1)?.vkey !== a.event.from) throw new VigieError('signing-key-wrong', { file: a.file })
    if ((newestCheckpoint(c.db)?.size ?? 0) !== rotatedAt(a.event.note)) return undefined
    const since = append(c, a.at, a.event)
    keepKeys(c, [...keys, { vkey: a.event.to, since, note: a.event.note }])
    return since
  },
} as const

const keepKeys = (c: OpContext, keys: readonly JournalKey[]): void => setMeta(c.db, KEYS_META, JSON.stringify(keys))
