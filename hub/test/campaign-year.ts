/**
 * `npm run campaign:year -- [--rows 1000000]`: an export of a clean year of a hospital must raise no alarm, as an auditor runs
 * the verifier: with the key and with the checkpoints of a witness. Prints rows a second and memory.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { evidenceOfSpan } from '../record/evidence.ts'
import { liveYear, notesOf, Stand, writeEvidence } from './evidence-stand.ts'
import { runVerifier } from './run-verifier.ts'

const SIGN_EACH = 5_000
/** Payloads at their term: the oldest tenth, in portions as the nightly purge takes them. */
const PORTION = 500

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } })
const rows = Number(values.rows)
const home = mkdtempSync(join(tmpdir(), 'vigie-year-'))
const stand = new Stand(join(home, 'data'))
const rate = (from: number): string =>
  `${Math.round((rows / (performance.now() - from)) * 1000).toLocaleString('en-US')} rows/s`

let began = performance.now()
liveYear(stand, rows, SIGN_EACH)
console.log(`appended and signed: ${rate(began)}`)
for (let seq = 1; seq <= rows / 10; seq += PORTION)
  stand.erase(Array.from({ length: Math.min(PORTION, rows / 10) }, (_, i) => seq + i))
stand.sign()
began = performance.now()
const file = join(home, 'export.jsonl')
await writeEvidence(file, evidenceOfSpan(stand.db, { from: 1, to: stand.rows }))
console.log(`exported: ${rate(began)}`)
const notes = join(home, 'witness.notes')
writeFileSync(notes, notesOf(stand.db).join('\n'))
const { code, said, ms, rssMb } = await runVerifier([file, '--checkpoints', notes, '--key', stand.keys[0]!])
stand.close()
process.stdout.write(said)
console.log(
  `verified: ${Math.round((rows / ms) * 1000).toLocaleString('en-US')} rows/s, ${rssMb.toFixed(0)} MB resident`,
)
rmSync(home, { recursive: true })
process.exitCode = code === 0 ? 0 : 1
