import { describe, expect, it } from 'vitest'
import { Inbox } from './inbox.ts'

const stored = Promise.resolve()

/** Admits and settles in one go. */
function take(inbox: Inbox, seq: number, result: Promise<unknown> = stored, id = `m${seq}`) {
  const admission = inbox.admit('d', seq, id)
  if (admission.verdict !== 'duplicate') inbox.settle('d', seq, id, result)
  return admission.verdict
}
async function lose(inbox: Inbox, seq: number): Promise<string> {
  const verdict = take(inbox, seq, Promise.reject(new Error('disk full')))
  await new Promise(setImmediate)
  return verdict
}

describe('what a device has sent', () => {
  it('is new once, in rising order, with the number of messages that are missing', () => {
    const inbox = new Inbox()
    expect(inbox.admit('d', 5, 'm5')).toEqual({ verdict: 'new', missing: 0 }) // nothing is known of what came before
    expect(inbox.admit('d', 6, 'm6')).toEqual({ verdict: 'new', missing: 0 })
    expect(inbox.admit('d', 9, 'm9')).toEqual({ verdict: 'new', missing: 2 })
    expect(inbox.admit('other', 1, 'm1')).toEqual({ verdict: 'new', missing: 0 })
  })

  it('is a duplicate by its id, whatever number it comes with, and settles with the first copy', async () => {
    const inbox = new Inbox()
    let commit = (): void => undefined
    take(inbox, 1, new Promise<void>(resolve => (commit = resolve)))
    const again = inbox.admit('d', 7, 'm1')
    if (again.verdict !== 'duplicate') throw new Error('admitted twice')
    let settled = false
    void again.settled.then(() => (settled = true))
    await new Promise(setImmediate)
    expect(settled).toBe(false)
    commit()
    await again.settled
    expect(take(inbox, 2)).toBe('new') // the duplicate's own number counted for nothing
  })

  it('is late if its number is not higher, and a late one that is lost stays late', async () => {
    const inbox = new Inbox()
    take(inbox, 10)
    expect(take(inbox, 9)).toBe('late')
    expect(take(inbox, 10, stored, 'other')).toBe('late')
    expect(await lose(inbox, 8)).toBe('late')
    expect(take(inbox, 8)).toBe('late')
  })

  it('is new again when it could not be stored, in the same order', async () => {
    const inbox = new Inbox()
    take(inbox, 1)
    for (const seq of [2, 3, 4]) expect(await lose(inbox, seq)).toBe('new')
    for (const seq of [2, 3, 4]) expect(inbox.admit('d', seq, `m${seq}`)).toEqual({ verdict: 'new', missing: 0 })
  })

  it('is late when it could not be stored and something newer was taken since', async () => {
    const inbox = new Inbox()
    take(inbox, 1)
    await lose(inbox, 2)
    take(inbox, 3)
    expect(take(inbox, 2)).toBe('late')
    await lose(inbox, 4)
    inbox.admit('d', 5, 'm5')
    inbox.settle('d', 5, 'm5', new Promise(() => undefined)) // on its way to the disk
    expect(take(inbox, 4)).toBe('late')
  })

  it('is a duplicate when it was given up and turned out to be stored after all', async () => {
    const inbox = new Inbox()
    await lose(inbox, 1)
    inbox.storedAfterAll('d', 1, 'm1')
    expect(take(inbox, 1)).toBe('duplicate')
    expect(take(inbox, 2)).toBe('new')
  })

  it('is known from before the start by the newest ids, and by number beyond them', () => {
    const inbox = new Inbox([{ device: 'd', seq: 500, ids: ['m499', 'm500'] }])
    expect(take(inbox, 500)).toBe('duplicate')
    expect(take(inbox, 499)).toBe('duplicate')
    expect(take(inbox, 3)).toBe('late')
    expect(inbox.admit('d', 502, 'm502')).toEqual({ verdict: 'new', missing: 1 })
  })

  it('remembers 256 ids of a device; an older one is late, never new', () => {
    const inbox = new Inbox()
    for (let seq = 1; seq <= 300; seq++) take(inbox, seq)
    expect(take(inbox, 45)).toBe('duplicate')
    expect(take(inbox, 44)).toBe('late')
  })

  it('starts again for new hardware under an old name', () => {
    const inbox = new Inbox([{ device: 'd', seq: 500, ids: [] }])
    inbox.forget('d')
    expect(take(inbox, 1)).toBe('new')
  })
})
