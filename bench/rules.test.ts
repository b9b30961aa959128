/** That the benchmark of the scenarios measures what it says: against the real hub and a real socket, never how fast. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { cleanEnv, ROOT } from './processes.ts'
import type { Row } from './rows.ts'
import type { RulesRound } from './rules.ts'
import { makeRulesSite, ROOMS, SCENARIOS } from './rules-site.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-rules-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function bench(...args: string[]): Promise<{ out: string; err: string; code: number | null }> {
  const stdio = ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe']
  const child = spawn(process.execPath, ['bench/rules.ts', ...args], { cwd: ROOT, env: cleanEnv(), stdio })
  const said = { out: '', err: '' }
  child.stdout.on('data', chunk => (said.out += chunk))
  child.stderr.on('data', chunk => (said.err += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { ...said, code }
}

it('has as many scenarios as it says, one for each room beside those that ship', () => {
  expect(makeRulesSite(1, 1).scenarios).toHaveLength(ROOMS)
  expect(SCENARIOS).toBe(50)
})

it('a sample sees every alarm on the page and every badge decided, and leaves nothing behind', async () => {
  const { out, err, code } = await bench('--quick', '--json', '--folder', folder)
  expect(code, err).toBe(0)
  const { rows, rounds } = JSON.parse(out) as { rows: Row[]; rounds: RulesRound[] }
  const [round] = rounds as [RulesRound]
  for (const one of [round.calm, round.storm]) {
    expect(one).toMatchObject({ seen: 6, expected: 6, acknowledged: one.sent })
    expect(one.badges).toMatchObject({ complete: true, answered: one.badges.sent, granted: one.badges.sent })
  }
  expect(round.engine.begun).toBeGreaterThan(5)
  expect(rows.filter(r => /NaN|undefined/.test(r.ours + r.beside))).toEqual([])
  expect(readdirSync(folder)).toEqual([])
}, 180_000)

it('says what --readings takes', async () => {
  const { err, code } = await bench('--readings', '0')
  expect({ code, words: err.trim() }).toEqual({
    code: 1,
    words: 'bench: --readings takes a whole number from 1 to 100000',
  })
})
