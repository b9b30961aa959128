import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JournalRead } from '../events.ts'
import { JournalReads } from './reads.ts'

describe('readings of the journal', () => {
  let rows: JournalRead[]
  let broken: boolean
  const logged: string[] = []
  const log = {
    warn: (_: object, words: string) => void logged.push(words),
    error: (_: object, words: string) => void logged.push(words),
  }
  const reads = () =>
    new JournalReads(event => {
      if (broken) throw new Error('disk full')
      rows.push(event)
    }, log)

  beforeEach(() => {
    vi.useFakeTimers()
    rows = []
    broken = false
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('are written at once, then once a minute and operator with the count, then not at all', async () => {
    const held = reads()
    for (let i = 0; i < 30; i++) await held.note('op-1', 10)
    await held.note('op-2', 5)
    expect(rows.map(r => [r.by, r.rows])).toEqual([
      ['op-1', 10],
      ['op-2', 5],
    ])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(rows.slice(2).map(r => [r.by, r.rows])).toEqual([['op-1', 290]])
    await vi.advanceTimersByTimeAsync(600_000)
    expect(rows).toHaveLength(3)
  })

  it('that cannot be recorded are not handed out', async () => {
    const held = reads()
    broken = true
    await expect(held.note('op-1', 10)).rejects.toThrow('disk full')
    await expect(held.note('op-1', 10)).rejects.toThrow('disk full')
    broken = false
    await held.note('op-1', 10)
    expect(rows.map(r => r.rows)).toEqual([10])
  })

  it('counted while the journal failed are written when it is back', async () => {
    const held = reads()
    await held.note('op-1', 1)
    await held.note('op-1', 20)
    broken = true
    await vi.advanceTimersByTimeAsync(60_000)
    expect(logged).toHaveLength(1)
    broken = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(rows.map(r => r.rows)).toEqual([1, 20])
  })
})
