/**
 * `npm run campaign:mutate -- [--rows 1000] [--seed 1]`: an export of so many rows, changed in every way at every row; the
 * independent verifier must notice each and name the first bad row. Can be interrupted and goes on where it was.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mutable, mutateRow, verifier } from './mutation-round.ts'

interface Figures {
  readonly rows: number
  readonly tried: number
}

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    dir: { type: 'string', default: join(import.meta.dirname, '../../node_modules/.cache/vigie-mutate') },
  },
})
const rows = Number(values.rows)
const seed = Number(values.seed)
const notes = join(values.dir, `rows-${rows}-seed-${seed}.json`)
mkdirSync(values.dir, { recursive: true })

const load = (): Figures =>
  existsSync(notes) ? (JSON.parse(readFileSync(notes, 'utf8')) as Figures) : { rows: 0, tried: 0 }

function save(figures: Figures): void {
  writeFileSync(`${notes}.new`, JSON.stringify(figures))
  renameSync(`${notes}.new`, notes)
}

const { stand, base } = await mutable(rows)
const keys = stand.keys.slice(0, 1)
const untouched = verifier.verify(base.lines, { keys: keys.map(k => verifier.readKey(k)) })
if (!untouched.ok) throw new Error(`false alarm before anything was changed: ${JSON.stringify(untouched)}`)
let figures = load()
while (figures.rows < stand.rows) {
  const { tried, undetected, misnamed } = mutateRow(base, keys, figures.rows + 1, seed)
  const faults = [...undetected.map(w => `NOT detected: ${w}`), ...misnamed.map(w => `wrongly named: ${w}`)]
  if (faults.length > 0) {
    console.error(`seed ${seed}\n${faults.join('\n')}`)
    process.exit(1)
  }
  figures = { rows: figures.rows + 1, tried: figures.tried + tried }
  save(figures)
  if (figures.rows % 100 === 0)
    console.log(`${figures.rows}/${stand.rows} rows, ${figures.tried} changes, all detected and named`)
}
console.log(`${figures.rows} rows, ${figures.tried} changes: 100 % detected, the first bad row named each time`)
stand.close()
rmSync(notes)
