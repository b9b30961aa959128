import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { killRound, type Round, seeded } from '../test/kill-round.ts'

const ROUNDS = 5
const dir = mkdtempSync(join(tmpdir(), 'vigie-kill-'))
afterAll(() => rmSync(dir, { recursive: true }))

describe('kill -9 at a random moment', () => {
  it('leaves every acknowledged message in the journal exactly once, and a chain that verifies: 5 rounds', async () => {
    const random = seeded(20_260_610)
    const rounds: Round[] = []
    for (let round = 1; round <= ROUNDS; round++) rounds.push(await killRound(dir, round, random))
    expect(rounds.flatMap(r => r.faults)).toEqual([])
    expect(rounds.reduce((sum, r) => sum + r.acknowledged, 0)).toBeGreaterThan(5)
    // They died while checkpoints were signed and payloads erased, too: each checkpoint matches its tree.
    expect(rounds.at(-1)?.checkpoints).toBeGreaterThan(2)
    expect(rounds.at(-1)?.erased).toBeGreaterThan(2)
  })
})
