/** The thread that proves and cosigns: hashes of many rows, a key read from its file, the list of what is revoked. Reads only. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import { cosign } from '../record/cosign.ts'
import { openDatabase } from '../record/database.ts'
import { consistency } from '../record/proofs.ts'
import { revocationDigest, revocations } from '../record/revocations.ts'
import { openSigner } from '../record/signing.ts'
import type { KeeperData } from './keeper-worker.ts'
import { serve } from './thread-side.ts'

const { folder, keyFile } = workerData as KeeperData
const db = openDatabase(folder, { readonly: true })

const handlers = {
  /** Base64 hashes, RFC 9162, 2.1.4. */
  proof: ({ from, to }: { from: number; to: number }): readonly string[] => consistency(db, from, to).proof,
  /** Every badge and every grant is looked at. `text`: one string, which crosses threads faster than its lines. */
  revoked: (): { readonly text: string; readonly count: number; readonly sha256: string } => {
    const lines = revocations(db)
    return { text: lines.map(line => `${line}\n`).join(''), ...revocationDigest(lines) }
  },
  cosign: ({ text, at }: { text: string; at: number }): string => cosign(text, openSigner(db, keyFile), at),
}
export type WitnessHandlers = typeof handlers
serve(handlers, () => db.close())
