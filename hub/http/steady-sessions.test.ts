import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SessionStore, StoredSession } from './ports.ts'
import { SteadySessions } from './steady-sessions.ts'

const CLAIRE = { id: 'o-1', login: 'claire', name: 'Claire', role: 'administrator' } as const
const ABOUT = {
  hash: 'h',
  createdAt: 1,
  seenAt: 1,
  expiresAt: 99,
  stage: 'in',
  client: 'Firefox',
  address: '::1',
} as const
const created = { ...ABOUT, operator: 'o-1' }
let rows: Map<string, StoredSession>
let known: (typeof CLAIRE)[]
/** What the store does when it is written. */
let disk: () => Promise<void>
let sessions: SteadySessions

const works = async (): Promise<void> => undefined
const fails = (): Promise<void> => Promise.reject(new Error('database is locked'))

beforeEach(() => {
  vi.useFakeTimers()
  rows = new Map()
  known = [CLAIRE]
  disk = works
  const store: SessionStore = {
    create: async session => {
      await disk()
      rows.set(session.hash, { ...session, operator: CLAIRE })
    },
    find: hash => (known.length > 0 ? rows.get(hash) : undefined),
    listOf: () => [...rows.values()],
    operator: id => known.find(o => o.id === id),
    touch: async (hash, seenAt) => {
      await disk()
      const row = rows.get(hash)
      if (row) rows.set(hash, { ...row, seenAt })
    },
    end: async hash => {
      await disk()
      rows.delete(hash)
    },
    endAllOf: async () => rows.clear(),
  }
  sessions = new SteadySessions(store, { warn: () => undefined, error: () => undefined })
})
afterEach(() => {
  sessions.stop()
  vi.useRealTimers()
})

it('a session that could not be stored counts, with the account as it stands, until it is stored', async () => {
  disk = fails
  await sessions.create(created)
  sessions.touch('h', 5)
  expect(await sessions.find('h')).toEqual({ ...ABOUT, operator: CLAIRE, seenAt: 5 })
  known = []
  expect(await sessions.find('h')).toBeUndefined()
  known = [CLAIRE]
  disk = works
  await vi.advanceTimersByTimeAsync(5_000)
  expect(rows.get('h')).toMatchObject({ seenAt: 5 })
})

it('an end counts at once and for good, also one that overtakes its own beginning', async () => {
  let carryOn = (): void => undefined
  disk = () => new Promise(resolve => (carryOn = resolve))
  const begun = sessions.create(created)
  await vi.advanceTimersByTimeAsync(1_000)
  await begun // a store that does not answer keeps nobody waiting
  const ended = sessions.end('h')
  expect(await sessions.find('h')).toBeUndefined()
  carryOn()
  await vi.advanceTimersByTimeAsync(0)
  expect(rows.has('h')).toBe(true)
  expect(await sessions.find('h')).toBeUndefined()
  carryOn()
  await vi.advanceTimersByTimeAsync(0)
  await ended
  expect(rows.has('h')).toBe(false)
})

it('an end that fails is tried again', async () => {
  await sessions.create(created)
  disk = fails
  await sessions.end('h')
  expect([rows.has('h'), await sessions.find('h')]).toEqual([true, undefined])
  await vi.advanceTimersByTimeAsync(5_000)
  disk = works
  await vi.advanceTimersByTimeAsync(5_000)
  expect(rows.has('h')).toBe(false)
})

it('an account that is closed takes its sessions with it, stored or not', async () => {
  disk = fails
  await sessions.create(created)
  await sessions.endAllOf('o-1')
  expect(await sessions.find('h')).toBeUndefined()
})
