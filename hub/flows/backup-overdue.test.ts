import { describe, expect, it } from 'vitest'
import { backupDone, type MadeBackup } from './backup-done.ts'
import { isOverdue, overdueNow } from './backup-overdue.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 22, 12)
const YEAR_AGO = NOW - 365 * 24 * HOUR

describe('a backup that is overdue', () => {
  it('is one older than 26 h, to the millisecond', () => {
    const at = (newest: number) => isOverdue({ destination: '/usb', newest }, YEAR_AGO, NOW)
    expect([at(NOW - 26 * HOUR), at(NOW - 26 * HOUR - 1)]).toEqual([false, true])
  })

  it('is also one that was never made, 26 h after the hub began', () => {
    expect(isOverdue({ destination: '/usb' }, NOW - 25 * HOUR, NOW)).toBe(false)
    expect(isOverdue({ destination: '/usb' }, NOW - 27 * HOUR, NOW)).toBe(true)
  })

  it('is said for each folder by itself, once a day', () => {
    const newest = NOW - 30 * HOUR
    const facts = (said?: number) => [
      { destination: '/usb', newest, ...(said !== undefined && { said }) },
      { destination: '/nas', newest: NOW - HOUR },
    ]
    expect(overdueNow(facts(), YEAR_AGO, NOW)).toEqual([
      { kind: 'backup.overdue', destination: '/usb', by: 'hub', newest },
    ])
    expect(overdueNow(facts(NOW - 23 * HOUR), YEAR_AGO, NOW)).toEqual([])
    expect(overdueNow(facts(NOW - 24 * HOUR), YEAR_AGO, NOW)).toHaveLength(1)
  })
})

describe('rotation', () => {
  const made = (n: number): MadeBackup => ({
    ...{ at: n, destination: '/usb', file: `f${n}`, rows: n, bytes: 1, sha256: 'ab' },
  })

  it('keeps the newest, forgets only what is gone, and never touches a folder where the backup failed', async () => {
    const forgotten: string[] = []
    const told: string[] = []
    const kept = [made(5), made(4), made(3), made(2)]
    await backupDone([made(5), { destination: '/nas', error: 'backup-unwritable' }], 'hub', 2, {
      keep: (one, event) => void told.push(`${event.kind} ${one.file}`),
      tell: event => void told.push(event.kind),
      kept: destination => (destination === '/usb' ? kept : kept.map(k => ({ ...k, destination }))),
      remove: async (_, file) => file !== 'f3',
      forget: (destination, files) => void forgotten.push(`${destination} ${files.join()}`),
    })
    expect(told).toEqual(['backup.made f5', 'backup.failed'])
    expect(forgotten).toEqual(['/usb f2'])
  })
})
