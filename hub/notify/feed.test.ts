import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Recorded } from '../events.ts'
import { Feed } from './feed.ts'

const at = (seq: number): Recorded => ({ seq, at: seq, event: { kind: 'hub.started', version: 'test' } })
const seqs = (list: readonly Recorded[] | undefined): number[] | undefined => list?.map(r => r.seq)

describe('the feed', () => {
  it('holds the newest, and knows what it no longer holds', () => {
    const feed = new Feed(3)
    feed.startAt(10)
    for (const seq of [11, 12, 13, 14]) feed.push(at(seq))
    expect(seqs(feed.held())).toEqual([12, 13, 14])
    expect(seqs(feed.since(10))).toBeUndefined()
    expect(seqs(feed.since(11))).toEqual([12, 13, 14])
    expect(seqs(feed.since(14))).toEqual([])
    expect(seqs(feed.since(15))).toBeUndefined()
    expect(seqs(feed.after(0))).toBeUndefined()
    expect(seqs(feed.after(1))).toEqual([12, 13, 14])
  })

  it('forgets what names somebody who was erased, and misses nothing else of it', () => {
    const feed = new Feed(3)
    const named = { kind: 'pin.set', person: 'p-0123456789abcdef', by: 'cli:test' } as const
    for (const seq of [1, 2, 3]) feed.push(seq === 2 ? { seq, at: seq, event: named } : at(seq))
    feed.forget(['p-0123456789abcdef'])
    expect([seqs(feed.since(0)), feed.cursor, feed.position]).toEqual([[1, 3], 3, 3])
    expect(JSON.stringify(feed.held())).not.toContain('p-')
    for (const seq of [4, 5]) feed.push(at(seq))
    expect([seqs(feed.since(0)), seqs(feed.held())]).toEqual([undefined, [3, 4, 5]])
  })

  it('moves its cursor over rows without a line', () => {
    const feed = new Feed(3)
    feed.push(at(1))
    feed.pass(2)
    expect([feed.cursor, feed.position, seqs(feed.since(1))]).toEqual([2, 1, []])
  })

  it('gives every reader every event once and in order, or says that some are gone', () => {
    const steps = fc.array(
      fc.oneof(fc.constant('push' as const), fc.constant('row' as const), fc.constant('read' as const)),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), steps, (size, list) => {
        const feed = new Feed(size)
        const pushed: number[] = []
        let [seq, cursor, position] = [0, 0, 0]
        for (const step of list) {
          if (step === 'push') pushed.push(feed.push(at(++seq)) ?? seq)
          else if (step === 'row') feed.pass(++seq)
          else {
            const expected = pushed.filter(n => n > cursor)
            const gone = expected.length > size
            expect(seqs(feed.since(cursor))).toEqual(gone ? undefined : expected)
            expect(seqs(feed.after(position))).toEqual(gone ? undefined : expected)
            ;[cursor, position] = [feed.cursor, feed.position]
          }
        }
      }),
    )
  })
})
