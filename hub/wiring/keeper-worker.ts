/** The thread that hashes the journal: what a checkpoint needs, and proofs. Reads only; what is to be kept goes to the writer. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import type { CheckpointView, ConsistencyProof, RowProof } from '../api.ts'
import { VigieError } from '../errors.ts'
import {
  checkpointOf,
  checkpointView,
  type KeptNode,
  type MadeCheckpoint,
  makeCheckpoint,
  newestCheckpoint,
} from '../record/checkpoints.ts'
import { type DataFolder, openDatabase } from '../record/database.ts'
import { missingNodes } from '../record/merkle-nodes.ts'
import { consistency, rowProof } from '../record/proofs.ts'
import { openSigner } from '../record/signing.ts'
import { serve } from './thread-side.ts'

export interface KeeperData {
  readonly folder: DataFolder
  readonly keyFile: string
}
const { folder, keyFile } = workerData as KeeperData
const db = openDatabase(folder, { readonly: true })

const handlers = {
  missing: (limit: number): readonly KeptNode[] => missingNodes(db, limit),
  /** The key is read each time: the command line may have rotated it. */
  make: (at: number): MadeCheckpoint => makeCheckpoint(db, openSigner(db, keyFile), at),
  view: (size: number): CheckpointView | undefined => {
    const stored = checkpointOf(db, size)
    return stored && checkpointView(db, stored)
  },
  /** In the newest checkpoint. @throws VigieError row-unknown */
  proof: (seq: number): RowProof => {
    const newest = newestCheckpoint(db)
    if (!newest) throw new VigieError('row-unknown', { row: seq })
    return rowProof(db, seq, newest)
  },
  consistency: ({ from, to }: { from: number; to: number }): ConsistencyProof => consistency(db, from, to),
}
export type KeeperHandlers = typeof handlers
serve(handlers, () => db.close())
