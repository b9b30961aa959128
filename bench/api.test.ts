/** That the benchmark of the API measures what it says: against the real hub, never how fast. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { ApiRound } from './api.ts'
import { cleanEnv, ROOT } from './processes.ts'
import type { Row } from './rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-api-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function bench(...args: string[]): Promise<{ out: string; err: string; code: number | null }> {
  const child = spawn(process.execPath, ['bench/api.ts', ...args], {
    cwd: ROOT,
    env: cleanEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', chunk => (said.out += chunk))
  child.stderr.on('data', chunk => (said.err += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { ...said, code }
}

it('a sample answers every request with 200 and every badge with a decision, and leaves nothing behind', async () => {
  const { out, err, code } = await bench('--quick', '--json', '--folder', folder)
  expect(code, err).toBe(0)
  const { rows, rounds } = JSON.parse(out) as { rows: Row[]; rounds: ApiRound[] }
  const [round] = rounds as [ApiRound]
  expect(round.bare.answered).toBeGreaterThan(10)
  expect(round.ours.answered).toBeGreaterThan(10)
  const { requests, badges } = round.beside
  expect(requests.sent).toBeGreaterThan(20)
  expect(requests.answered).toBe(requests.sent)
  for (const b of [round.quiet, badges]) expect(b).toMatchObject({ complete: true, answered: b.sent, granted: b.sent })
  expect(rows.map(r => r.target?.ratio)).toEqual([0.6, undefined, 1, 1.3])
  expect(rows.filter(r => /NaN|undefined/.test(r.ours + r.beside))).toEqual([])
  expect(readdirSync(folder)).toEqual([])
}, 180_000)

it('says what --rounds takes', async () => {
  const { err, code } = await bench('--rounds', '0')
  expect({ code, words: err.trim() }).toEqual({
    code: 1,
    words: 'bench: --rounds takes a whole number from 1 to 100',
  })
})
