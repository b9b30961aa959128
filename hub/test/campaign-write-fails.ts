/**
 * `npm run campaign:write-fails -- [--from 4] [--step 4]`: the same run again and again, and each time another write of the
 * database's files (a page and its header in the log: 4,120 bytes) is the first that the kernel refuses, until one run ends without. Needs Linux; no rights of root.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { canLimit, limitedRound, seedFolder } from './write-fails-round.ts'

const { values } = parseArgs({
  options: { from: { type: 'string', default: '4' }, step: { type: 'string', default: '4' } },
})
if (!canLimit) throw new Error('prlimit (util-linux) is not installed')
const home = mkdtempSync(join(tmpdir(), 'vigie-write-fails-'))
const seed = join(home, 'seed')
seedFolder(seed)
let rounds = 0
let promised = 0
let refused = 0
for (let limit = Number(values.from); ; limit += Number(values.step)) {
  const round = await limitedRound(seed, join(home, 'data'), limit)
  if (round.faults.length > 0) {
    console.error(`limit ${limit} KiB, data kept in ${home}\n${round.faults.join('\n')}`)
    process.exit(1)
  }
  if (!round.failed) break
  rounds += 1
  promised += round.promised
  refused += round.refused
  if (rounds % 50 === 0) console.log(`limit ${limit} KiB: ${rounds} runs, ${promised} promised, ${refused} refused`)
}
console.log(
  `${rounds} runs, each with another write refused: ${promised} rows promised and all there exactly once, ${refused} refused and none there`,
)
rmSync(home, { recursive: true })
