/**
 * The long run of the fuzzer: `npm run campaign:api -- --minutes 30 --seed 7`. Rounds with one seed after the other, against
 * one hub, until the time is over or an answer is wrong; then it says the seed and the smallest request.
 */
import { parseArgs } from 'node:util'
import { fuzz } from './api-fuzz.ts'
import { ApiStage, ENDING, KNOWN } from './api-stage.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
})
const RUNS = 40
/** A proof counts for five minutes. */
const PROOF_MS = 60_000

const stage = await ApiStage.open()
try {
  const until = performance.now() + Number(values.minutes) * 60_000
  let proven = performance.now()
  let requests = 0
  for (let seed = Number(values.seed); performance.now() < until; seed++) {
    const { statuses } = await fuzz(stage.api, call => stage.able(call), {
      seed,
      runs: RUNS,
      known: KNOWN,
      except: ENDING,
    })
    for (const of of statuses.values()) for (const count of of.values()) requests += count
    process.stdout.write(`seed ${seed}: ${requests} requests so far, all answered as the document says\n`)
    if (performance.now() - proven < PROOF_MS) continue
    await stage.refresh()
    proven = performance.now()
  }
} finally {
  await stage.close()
}
