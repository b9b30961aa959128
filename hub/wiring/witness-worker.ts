/** The thread that proves and cosigns: hashes of many rows, and a key read from its file. Reads only. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import { cosign } from '../record/cosign.ts'
import { openDatabase } from '../record/database.ts'
import { consistency } from '../record/proofs.ts'
import { openSigner } from '../record/signing.ts'
import type { KeeperData } from './keeper-worker.ts'
import { serve } from './thread-side.ts'

const { folder, keyFile } = workerData as KeeperData
const db = openDatabase(folder, { readonly: true })

const handlers = {
  /** Base64 hashes, RFC 9162, 2.1.4. */
  proof: ({ from, to }: { from: number; to: number }): readonly string[] => consistency(db, from, to).proof,
  cosign: ({ text, at }: { text: string; at: number }): string => cosign(text, openSigner(db, keyFile), at),
}
export type WitnessHandlers = typeof handlers
serve(handlers, () => db.close())
