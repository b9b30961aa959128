/** That the benchmark of the time series measures what it says: against real servers, never how fast. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { noInfluxd } from '#hub/test/store-servers.ts'
import { cleanEnv, ROOT } from './processes.ts'
import type { Row } from './rows.ts'
import type { SeriesRound } from './series.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-series-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a sample stores every point, charts a year and decides every badge, and leaves nothing behind', async () => {
  const args = ['bench/series.ts', '--quick', '--json', '--folder', folder]
  const child = spawn(process.execPath, args, { cwd: ROOT, env: cleanEnv(), stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', chunk => (said.out += chunk))
  child.stderr.on('data', chunk => (said.err += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  expect(code, said.err).toBe(0)
  const { rows, rounds } = JSON.parse(said.out) as { rows: Row[]; rounds: SeriesRound[] }
  const [round] = rounds as [SeriesRound]
  expect(round.embedded).toBeGreaterThan(0)
  expect(round.charts[0]?.points).toBe(365)
  for (const b of [round.quiet, round.dead])
    expect(b).toMatchObject({ complete: true, answered: b.sent, granted: b.sent })
  const targets = [1, undefined, ...(noInfluxd ? [] : [0.8]), 1, 1.1]
  expect(rows.map(r => r.target?.ratio)).toEqual(targets)
  expect(rows.filter(r => /NaN|undefined/.test(r.ours + r.beside))).toEqual([])
  expect(readdirSync(folder)).toEqual([])
}, 180_000)
