/** A short sample of `npm run campaign:api`: the same fuzzer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fuzz } from './api-fuzz.ts'
import { ApiStage, ENDING, KNOWN } from './api-stage.ts'

const RUNS = 6

describe('whatever is sent to a route', () => {
  let stage: ApiStage
  beforeAll(async () => {
    stage = await ApiStage.open()
  }, 120_000)
  afterAll(() => stage?.close())

  it('is answered as the document says: no 5xx, nothing of the inside, every body of its declared shape', async () => {
    const { api } = stage
    const options = { seed: 20_261_123, runs: RUNS, known: KNOWN, except: ENDING }
    const { statuses } = await fuzz(api, call => stage.able(call), options)
    expect(statuses.size).toBe(api.calls.length - ENDING.size)
    const done = [...statuses.values()].filter(of => [...of.keys()].some(status => status < 300))
    expect(done.length).toBeGreaterThan(statuses.size * 0.4) // it gets past the checks of shapes
    expect(stage.hub.log.filter(line => line.msg === 'a request failed')).toEqual([])
  }, 300_000)
})
