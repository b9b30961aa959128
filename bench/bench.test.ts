/** That the benchmark measures what it says: against the real hub, never how fast. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cleanEnv, ROOT } from './processes.ts'
import { RATES, type Round, type Stream } from './results.ts'
import { isMet, type Row } from './rows.ts'
import { largest } from './search.ts'
import { median, percentile, seeded } from './stats.ts'

interface Report {
  readonly rows: readonly Row[]
  readonly rounds: readonly Round[]
}

function run(args: readonly string[]) {
  return spawn(process.execPath, ['bench/bench.ts', ...args], {
    cwd: ROOT,
    env: cleanEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function textOf(child: ReturnType<typeof run>): Promise<{ out: string; err: string; code: number | null }> {
  const said = { out: '', err: '' }
  child.stdout.on('data', chunk => {
    said.out += chunk
  })
  child.stderr.on('data', chunk => {
    said.err += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { ...said, code }
}

const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a short sample against the real hub', () => {
  let report: Report
  let round: Round

  beforeAll(async () => {
    const { out, err, code } = await textOf(run(['--quick', '--json', '--folder', folder]))
    expect(code, err).toBe(0)
    report = JSON.parse(out) as Report
    round = report.rounds[0] as Round
  }, 180_000)

  it.each(['bare', 'ours'] as const)('%s answers every badge with exactly one decision, and grants it', side => {
    const all = [...RATES.map(rate => round[side].streams?.[rate] as Stream), round[side].quiet]
    expect(all).toHaveLength(3)
    for (const r of all)
      expect(r).toMatchObject({ complete: true, strays: 0, answered: r?.sent, granted: r?.sent, acks: r?.sent })
    expect(all[0]?.sent).toBeGreaterThan(50)
  })

  it('the hub orders one unlock for each grant, the baseline none', () => {
    for (const rate of RATES) {
      expect(round.ours.streams?.[rate].commands).toBe(round.ours.streams?.[rate].sent)
      expect(round.bare.streams?.[rate].commands).toBe(0)
    }
  })

  it('fills every row of the table with figures', () => {
    expect(report.rows).toHaveLength(18)
    expect(report.rows.filter(r => /NaN|undefined/.test(r.ours + r.beside)).map(r => r.what)).toEqual([])
  })

  it('leaves no folder behind', () => {
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('interrupted', () => {
  it('ends at once on SIGINT, without its folder', async () => {
    const child = run(['--quick', '--folder', folder])
    const ended = textOf(child)
    child.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('round 1')) child.kill('SIGINT')
    })
    expect(await ended).toMatchObject({ code: 130, out: '' })
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('bad input', () => {
  it.each([
    [['--rounds', '0'], '--rounds takes a whole number from 1 to 100'],
    [['--only', 'coffee'], '--only takes badges, sustained, telemetry, crowd, decisions'],
  ])('refuses %j and says what it takes', async (args, words) => {
    const { err, code } = await textOf(run(args))
    expect({ code, words: err.trim() }).toEqual({ code: 1, words: `bench: ${words}` })
  })
})

describe('figures', () => {
  it('takes percentiles by nearest rank and the middle of an even number of samples', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile([7], 0.99)]).toEqual([50, 99, 7])
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, Number.NaN])
  })

  it('draws the same arrivals for the same seed, evenly spread', () => {
    const draw = (seed: number) => Array.from({ length: 10_000 }, seeded(seed))
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    expect(draw(3).filter(x => x < 0.25).length / 10_000).toBeCloseTo(0.25, 1)
  })

  it.each([30, 75, 999, 5_400])('finds a limit of %d within a tenth, and never above it', async limit => {
    const tried: number[] = []
    const holds = (rate: number) => Promise.resolve(tried.push(rate) > 0 && rate <= limit)
    const found = await largest(holds, { from: 1_000, to: 64_000, within: 1.1 })
    expect(found).toBeLessThanOrEqual(limit)
    if (limit >= 50) expect(found * 1.1).toBeGreaterThanOrEqual(limit)
    else expect(found).toBe(0)
    expect(tried.length).toBeLessThan(12)
  })

  it('calls a target met at its very value, and not measurable what the system does not tell', () => {
    const row = { what: '', ours: '', beside: '' }
    const target = { bound: 'at most', ratio: 2 } as const
    expect(isMet({ ...row, ratio: 2, target })).toBe(true)
    expect(isMet({ ...row, ratio: 2.01, target })).toBe(false)
    expect(isMet({ ...row, ratio: 0.4, target: { bound: 'at least', ratio: 0.5 } })).toBe(false)
    expect(isMet({ ...row, ratio: Number.NaN, target })).toBeUndefined()
    expect(isMet({ ...row, ratio: 1 })).toBeUndefined()
  })
})
