import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canLimit, limitedRound, seedFolder } from './write-fails-round.ts'

const required = process.env.VIGIE_TEST_REQUIRE === 'all'
let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'vigie-write-fails-'))
  seedFolder(join(home, 'seed'))
})
afterAll(() => rmSync(home, { recursive: true }))

describe.skipIf(!canLimit && !required)('a write of the database that the kernel refuses (prlimit)', () => {
  // The whole of it, write by write: npm run campaign:write-fails.
  it.each([4, 36, 104, 300, 612])(
    'beyond %i KiB loses nothing that was promised, keeps nothing that was refused, and needs no repair',
    async limitKib => {
      const round = await limitedRound(join(home, 'seed'), join(home, 'data'), limitKib)
      expect(round.faults).toEqual([])
      expect(round.failed).toBe(true)
      expect(round.promised).toBeGreaterThanOrEqual(5)
    },
  )
})
