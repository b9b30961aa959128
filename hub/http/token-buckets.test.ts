import { expect, it } from 'vitest'
import { TokenBuckets } from './token-buckets.ts'

it('gives a burst, then a steady rate, each key its own; a clock set back neither blocks nor gives', () => {
  let now = 1_000_000
  const buckets = new TokenBuckets({ perSecond: 2, burst: 3 }, () => now)
  const take = (): number => buckets.take('a')
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 500])
  expect(buckets.take('b')).toBe(0)
  now += 250
  expect(take()).toBe(250)
  now += 250
  expect([take(), take()]).toEqual([0, 500])
  now -= 900_000
  expect(take()).toBe(500)
  now += 500
  expect([take(), take()]).toEqual([0, 500])
  now += 900_000
  expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 500])
})

it('forgets the one used longest ago, not the busy one', () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, () => 0)
  buckets.take('idle')
  buckets.take('busy')
  for (let i = 0; i < 10_000; i++) {
    buckets.take(`k${i}`)
    buckets.take('busy')
  }
  expect([buckets.take('busy'), buckets.take('idle')]).toEqual([1000, 0])
})
