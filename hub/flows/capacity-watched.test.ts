import { describe, expect, it } from 'vitest'
import type { StorageEvent } from '../events.ts'
import { CapacityWatched, type Room } from './capacity-watched.ts'

const MB = 1024 * 1024

/** A disk of 100 MB, and everything that is done about it, in order. */
function disk() {
  const done: string[] = []
  const state = { used: 0, reserveFits: true, fails: false, writerGone: false }
  const room = (): Room => ({
    usedBytes: state.used * MB,
    quotaBytes: 100 * MB,
    freeBytes: Math.max(0, 100 - state.used) * MB,
  })
  const watched = new CapacityWatched({
    measure: async () => {
      if (state.fails) throw new Error('no answer')
      return room()
    },
    limit: full => {
      if (state.writerGone) throw new Error('no writer')
      done.push(full ? 'refuse rows' : 'take rows')
    },
    giveReserve: async () => void done.push('give reserve'),
    takeReserve: async () => state.reserveFits,
    tell: (event: StorageEvent) => void done.push(event.kind),
    onTrouble: cause => void done.push(cause),
  })
  const at = async (used: number): Promise<string[]> => {
    done.length = 0
    state.used = used
    await watched.look()
    return [...done]
  }
  return { at, state, watched }
}

describe('room on the disk', () => {
  it('is warned of once at 80 %, and again only after it was below 75 %', async () => {
    const { at, watched } = disk()
    expect(await at(79)).toEqual([])
    expect(await at(80)).toEqual(['storage.warning'])
    expect(watched.view?.state).toBe('warning')
    expect(await at(90)).toEqual([])
    expect(await at(76)).toEqual([])
    expect(await at(85)).toEqual([])
    expect(await at(74)).toEqual([])
    expect(watched.view?.state).toBe('ok')
    expect(await at(81)).toEqual(['storage.warning'])
  })

  it('that is used up: rows of devices are refused first, then the reserve is given, then it is told', async () => {
    const { at, watched } = disk()
    expect(await at(100)).toEqual(['refuse rows', 'give reserve', 'storage.full'])
    expect(watched.view?.state).toBe('full')
    expect(await at(100)).toEqual(['refuse rows', 'give reserve'])
  })

  it('counts a file system with less than 2 MB as full', async () => {
    const { at } = disk()
    expect(await at(98.5)).toContain('storage.full')
  })

  it('takes rows again only with room for the reserve and 2 % more', async () => {
    const { at, state } = disk()
    await at(100)
    expect(await at(98.5)).toContain('refuse rows')
    state.reserveFits = false
    expect(await at(60)).toContain('refuse rows')
    state.reserveFits = true
    expect(await at(60)).toEqual(['take rows', 'storage.recovered'])
  })

  it('that can’t be measured changes nothing, and is looked at again', async () => {
    const { at, state } = disk()
    state.fails = true
    expect(await at(100)).toEqual(['no answer'])
    state.fails = false
    expect(await at(100)).toContain('storage.full')
  })

  it('that is full while the writer is being started anew is told of once the writer is back', async () => {
    const { at, state } = disk()
    state.writerGone = true
    expect(await at(100)).toEqual(['no writer'])
    state.writerGone = false
    expect(await at(100)).toContain('storage.full')
  })
})
