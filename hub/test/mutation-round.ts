/** The mutation campaign, one row after another, against the verifier that auditors get. Used by the campaign and by npm test. */

import { liveYear, Stand } from './evidence-stand.ts'
import { seeded } from './kill-round.ts'
import { type Base, type Mutation, mutationsAt } from './mutations.ts'

export type Verdict = { readonly ok: boolean; readonly code?: string; readonly row?: number; readonly until?: number }
export interface Verifier {
  verify(lines: readonly (string | Buffer)[], options?: object): Verdict
  verifyFile(path: string, options?: object): Verdict
  readKey(vkey: string): object | undefined
  readNotes(text: string): string[] | undefined
}
/** No code of the hub's: loaded as an auditor's Node would. */
export const verifier = (await import(new URL('../../docs/verify/verify.mjs', import.meta.url).href)) as Verifier

const CHECKPOINT_EACH = 100
const HIDDEN = new Set(['duress.raised'])

/** A journal with everything that makes verifying hard: erased payloads, withheld rows, a rotated key. @param rows at least 200 */
export async function mutable(rows: number): Promise<{ readonly stand: Stand; readonly base: Base }> {
  const stand = new Stand()
  liveYear(stand, Math.floor(rows / 2), CHECKPOINT_EACH)
  for (let i = 0; i < 3; i++)
    stand.tell({ kind: 'duress.raised', device: 'r', person: 'p-1', credential: 'b-1', point: 'door' })
  stand.rotate()
  stand.erase(Array.from({ length: Math.floor(rows / 40) }, (_, i) => 2 + i * 7))
  const voucher = stand.rows
  stand.sign()
  liveYear(stand, rows - stand.rows, CHECKPOINT_EACH, 7)
  return { stand, base: { lines: await stand.lines({ hidden: HIDDEN }), db: stand.db, voucher } }
}

export interface Outcome {
  readonly tried: number
  readonly undetected: readonly string[]
  readonly misnamed: readonly string[]
}

/** Everything that can be done at one row. */
export function mutateRow(base: Base, keys: readonly string[], seq: number, seed: number): Outcome {
  const options = { keys: keys.map(k => verifier.readKey(k)) }
  let tried = 0
  const undetected: string[] = []
  const misnamed: string[] = []
  for (const mutation of mutationsAt(base, seq, seeded(seed * 1_000_003 + seq))) {
    const verdict = verifier.verify(mutation.lines, options)
    tried += 1
    if (verdict.ok) undetected.push(`row ${seq}, ${mutation.what}`)
    else if (!isNamed(verdict, mutation)) misnamed.push(`row ${seq}, ${mutation.what}: ${JSON.stringify(verdict)}`)
  }
  return { tried, undetected, misnamed }
}

function isNamed({ row = Number.NaN, until = row }: Verdict, mutation: Mutation): boolean {
  if (!mutation.span) return row === mutation.row && until === row
  return row <= mutation.row && mutation.row <= until && until - row < CHECKPOINT_EACH
}
