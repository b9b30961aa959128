/**
 * `npm run bench:journal -- [--sizes 10000,100000,1000000] [--ten-million] [--quick] [--cache <folder>]`: the journal as evidence, at
 * sizes that show what grows with it and what doesn't. Journals are made once and kept in the cache.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runVerifier } from '#hub/test/run-verifier.ts'
import { type Ground, ground } from './journal-ground.ts'
import type { Measured } from './journal-part.ts'
import { cleanEnv, ROOT } from './processes.ts'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000,1000000' },
    'ten-million': { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    cache: { type: 'string', default: join(ROOT, 'node_modules/.cache/vigie-journal') },
  },
})
const SIZES = values.quick
  ? [2_000]
  : [...values.sizes.split(',').map(Number), ...(values['ten-million'] ? [10_000_000] : [])]

interface Figure {
  readonly what: string
  readonly ours: string
  readonly beside?: string
  readonly value: number
  /** At least, or at most. */
  readonly target?: { readonly bound: '>=' | '<'; readonly value: number; readonly words: string }
}

const thousands = (n: number): string => Math.round(n).toLocaleString('en-US')
const rate = (what: string, { ms, rows }: Measured, least?: number): Figure => {
  const value = (rows / ms) * 1000
  const target = least && { bound: '>=' as const, value: least, words: `>= ${thousands(least)} rows/s` }
  return { what, ours: `${thousands(value)} rows/s`, value, ...(target && { target }) }
}

async function part(what: string, { dir, rows }: Ground): Promise<Measured> {
  const args = ['bench/journal-part.ts', '--what', what, '--dir', dir, '--rows', String(rows)]
  const child = spawn(process.execPath, args, { cwd: ROOT, env: cleanEnv(), stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', chunk => (said += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${what} ended with ${code}`)
  return JSON.parse(said) as Measured
}

/** @throws Error on a false alarm */
async function verified(file: string): Promise<Measured> {
  const { said, ...ran } = await runVerifier([file, '--json'])
  const verdict = JSON.parse(said) as { ok: boolean; rows: number }
  if (!verdict.ok) throw new Error(`false alarm: ${said}`)
  return { ...ran, rows: verdict.rows }
}

/** Highest resident memory, above what the process held before it began. */
const memory = (what: string, { rssMb, idleMb }: Measured, most: number): Figure => {
  const value = rssMb - idleMb
  const target = { bound: '<' as const, value: most, words: `< ${most} MB` }
  return { what, ours: `${value.toFixed(0)} MB above idle`, beside: `${rssMb.toFixed(0)} MB in all`, value, target }
}

async function figures(at: Ground): Promise<Figure[]> {
  const ratio = at.appended / at.plain
  const evidence = await part('evidence', at)
  const checked = await verified(join(at.dir, 'export.jsonl'))
  rmSync(join(at.dir, 'export.jsonl'))
  const csv = await part('csv', at)
  const indexed = await part('index', at)
  const found = await part('search', at)
  return [
    {
      what: 'append, 1,000 a commit, synchronous=FULL',
      ours: `${thousands(at.appended)} rows/s`,
      beside: `plain inserts ${thousands(at.plain)} rows/s`,
      value: ratio,
      target: { bound: '>=', value: 0.5, words: 'ratio >= 0.5' },
    },
    rate('full verify', await part('verify', at), 200_000),
    rate('CSV export', csv, 100_000),
    memory('CSV export, memory', csv, 200),
    rate('evidence export (JSON Lines)', evidence),
    memory('evidence export, memory', evidence, 200),
    rate('verify.mjs', checked),
    memory('verify.mjs, memory', checked, 200),
    rate('search index, made anew', indexed),
    {
      what: `search by person and month (${found.rows} rows)`,
      ours: `${found.ms.toFixed(1)} ms`,
      value: found.ms,
      target: { bound: '<', value: 50, words: '< 50 ms' },
    },
  ]
}

function line({ what, ours, beside = '', value, target }: Figure): string {
  const met = target && (target.bound === '<' ? value < target.value : value >= target.value)
  const verdict = met === undefined ? '' : met ? 'met' : 'NOT met'
  const ratio = target?.words.startsWith('ratio') ? value.toFixed(2) : ''
  return `| ${what} | ${ours} | ${beside} | ${ratio} | ${target?.words ?? ''} | ${verdict} |`
}

async function main(): Promise<void> {
  const [cpu] = cpus()
  const say = (text: string): void => void process.stdout.write(`${text}\n`)
  say(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores ${cpu?.model ?? ''}, Node ${process.versions.node}.`,
  )
  if (values.quick)
    say('A sample of a few seconds: it shows that everything runs; its figures and verdicts mean nothing.')
  for (const size of SIZES) {
    const at = ground(values.cache, size)
    say(`\n${thousands(size)} rows\n\n| what | ours | beside | ratio | target | verdict |\n|---|---|---|---|---|---|`)
    for (const figure of await figures(at)) say(line(figure))
  }
}

await main()
