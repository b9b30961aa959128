/** That the journal's benchmark runs and verifies what it wrote: never how fast. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { cleanEnv, ROOT } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const FIGURES = [
  'append, 1,000 a commit, synchronous=FULL',
  'full verify',
  'CSV export',
  'CSV export, memory',
  'evidence export (JSON Lines)',
  'evidence export, memory',
  'verify.mjs',
  'verify.mjs, memory',
  'search index, made anew',
]

it('a sample of the journal’s benchmark appends, verifies, exports and searches, and leaves no export behind', async () => {
  const args = ['bench/journal.ts', '--quick', '--cache', folder]
  const child = spawn(process.execPath, args, { cwd: ROOT, env: cleanEnv(), stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', chunk => (said += chunk))
  expect((await once(child, 'close'))[0], said).toBe(0)
  const rows = said
    .split('\n')
    .flatMap(line => line.match(/^\| (.+?) \| ([\d,.]+) (rows\/s|MB above idle|ms) \|/) ?? [])
  for (const figure of FIGURES) expect(rows, said).toContain(figure)
  expect(said).toMatch(/search by person and month \(\d+ rows\) \| [\d.]+ ms/)
  expect(readdirSync(join(folder, 'rows-2000')).filter(name => name.startsWith('export'))).toEqual([])
}, 120_000)
