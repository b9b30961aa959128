import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Entry } from '../ports.ts'
import { Owed } from './owed.ts'

const row = (version: string): Entry => ({ event: { kind: 'hub.started', version }, at: 1 })
let failing: boolean
let spooled: string[]
let failures: number
let owed: Owed
beforeEach(() => {
  vi.useFakeTimers()
  failing = true
  spooled = []
  failures = 0
  const spool = async (entries: readonly Entry[]): Promise<void> => {
    if (failing) throw new Error('disk full')
    spooled.push(...entries.map(({ event }) => (event.kind === 'hub.started' ? event.version : '')))
  }
  owed = new Owed({ spool, onFailure: () => void failures++ })
})
afterEach(() => vi.useRealTimers())

it('rows that the spool refused are told to be unsafe, and are in it as soon as it takes them, in their order', async () => {
  await expect(owed.add([row('a')])).rejects.toThrow('disk full')
  await expect(owed.add([row('b')])).rejects.toThrow('disk full')
  await vi.advanceTimersByTimeAsync(3_000)
  expect([spooled, failures]).toEqual([[], 3])
  failing = false
  await vi.advanceTimersByTimeAsync(1_000)
  expect(spooled).toEqual(['a', 'b'])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(spooled).toEqual(['a', 'b'])
})

it('they are offered once more when the hub stops', async () => {
  await owed.add([row('a')]).catch(() => undefined)
  failing = false
  await owed.stop()
  expect(spooled).toEqual(['a'])
})
