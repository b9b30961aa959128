import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isVigieError } from '../errors.ts'
import type { ReadingsStored, VigieEvent } from '../events.ts'
import type { Entry } from '../ports.ts'
import { until } from '../test/stage.ts'
import { verify } from './chain-verify.ts'
import { type DataFolder, openDatabase, openFolder, takeHubLock } from './database.ts'
import { Journal } from './journal.ts'
import { events, received } from './reading.ts'

let dir: string
let folder: DataFolder
let journal: Journal

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-journal-'))
  folder = openFolder(dir, '')
  journal = new Journal(folder)
  await journal.start()
})
afterEach(async () => {
  await journal.stop()
  rmSync(dir, { recursive: true })
})

const online = (device: string, seq?: number): Entry => ({
  event: { kind: 'device.online', device } as VigieEvent,
  at: 1_000,
  ...(seq === undefined ? {} : { inbox: { device, seq, id: `m${seq}` } }),
})
const reading = (seq: number): Entry => {
  const message = {
    device: 'lux-1',
    message: `m${seq}`,
    deviceSeq: seq,
    deviceAt: 1,
    readings: [{ quantity: 'illuminance', value: seq, unit: 'lx' }],
  }
  return {
    event: { kind: 'readings', messages: [message] } satisfies ReadingsStored,
    at: 1_000,
    inbox: { device: 'lux-1', seq, id: `m${seq}` },
  }
}

describe('group commit', () => {
  it('gives 3,000 rows appended at once consecutive numbers in the order they were asked for', async () => {
    const recorded = await Promise.all(Array.from({ length: 3_000 }, (_, i) => journal.append(online(`d-${i}`))))
    expect(recorded.map(r => r.seq)).toEqual(Array.from({ length: 3_000 }, (_, i) => i + 1))
    const db = openDatabase(folder, { readonly: true })
    expect(verify(db)).toMatchObject({ ok: true, rows: 3_000 })
    db.close()
  })

  it('puts the readings of one batch into one row and moves each device number in the same commit', async () => {
    const recorded = await Promise.all([reading(1), online('d-1'), reading(2), reading(3)].map(e => journal.append(e)))
    expect(new Set([recorded[0]?.seq, recorded[2]?.seq, recorded[3]?.seq]).size).toBe(1)
    const db = openDatabase(folder, { readonly: true })
    const stored = events(db, { limit: 10 }).map(r => r.event)
    expect(stored.filter(e => e.kind === 'readings').flatMap(e => e.messages.map(m => m.deviceSeq))).toEqual([1, 2, 3])
    expect(received(db, 10)).toEqual([{ device: 'lux-1', seq: 3, ids: ['m1', 'm2', 'm3'] }])
    db.close()
  })

  it('gathers a rush of readings into few rows; a badge among them waits for none, and a stop for all', async () => {
    const told: Promise<unknown>[] = []
    for (let i = 1; i <= 4_000; i++) {
      told.push(journal.append(reading(i)))
      if (i % 40 === 0) await new Promise(resolve => setImmediate(resolve))
    }
    const rush = Promise.all(told)
    const badge = await journal.append(online('door-1'))
    told.push(journal.append(reading(4_001)))
    await journal.stop()
    await Promise.all([rush, ...told])
    const db = openDatabase(folder, { readonly: true })
    const all = events(db, { after: 0, limit: 10_000 })
    expect(verify(db)).toMatchObject({ ok: true, rows: all.length })
    expect(received(db, 10)).toMatchObject([{ device: 'lux-1', seq: 4_001 }])
    const messages = all.flatMap(r => (r.event.kind === 'readings' ? r.event.messages : []))
    expect(messages.map(m => m.deviceSeq)).toEqual(Array.from({ length: 4_001 }, (_, i) => i + 1))
    expect(all.length).toBeLessThan(1_000)
    expect(all.find(r => r.event.kind === 'device.online')?.seq).toBe(badge.seq)
    db.close()
  })

  it('shows a row to another connection only after it was promised', async () => {
    const { seq } = await journal.append(online('d-1'))
    const db = openDatabase(folder, { readonly: true })
    expect(events(db, { limit: 1 })[0]?.seq).toBe(seq)
    db.close()
  })

  it('continues the chain that another process has lengthened meanwhile', async () => {
    await journal.append(online('d-1'))
    const other = new Journal(folder)
    await other.start()
    await other.append(online('d-2'))
    await other.stop()
    expect((await journal.append(online('d-3'))).seq).toBe(3)
    const db = openDatabase(folder, { readonly: true })
    expect(verify(db)).toMatchObject({ ok: true, rows: 3 })
    db.close()
  })

  it('rejects with journal-unavailable while another process holds the database, and recovers without repair', async () => {
    const blocker = openDatabase(folder)
    blocker.exec('begin exclusive')
    const error = await journal.append(online('d-1')).catch((e: unknown) => e)
    expect(isVigieError(error) && error.code).toBe('journal-unavailable')
    expect(journal.health.writable).toBe(false)
    blocker.exec('rollback')
    blocker.close()
    await journal.append(online('d-2'))
    expect(journal.health).toMatchObject({ writable: true, rows: 1 })
  })
})

describe('a batch that waited too long', () => {
  /** Two operations that each wait 1.5 s for the held database stand before it. */
  function slowDisk(): void {
    for (let i = 0; i < 2; i++)
      journal.op('record', { at: 1_000, event: { kind: 'hub.started', version: 'slow' } }).catch(() => undefined)
  }

  it('is given up for good: the disk back, it is not written, and later ones are', async () => {
    const late: unknown[] = []
    journal.onLateCommit(rows => late.push(...rows))
    const blocker = openDatabase(folder)
    blocker.exec('begin exclusive')
    slowDisk()
    const given = await Promise.allSettled([journal.append(online('d-1', 1)), journal.append(online('d-2'))])
    expect(given.map(g => g.status)).toEqual(['rejected', 'rejected'])
    blocker.exec('rollback')
    blocker.close()
    let back = false
    await until(() => {
      if (!back)
        journal
          .append(online('d-3'))
          .then(() => (back = true))
          .catch(() => undefined)
      return back
    })
    const db = openDatabase(folder, { readonly: true })
    const devices = events(db, { limit: 10 }).flatMap(r => (r.event.kind === 'device.online' ? [r.event.device] : []))
    expect(new Set(devices)).toEqual(new Set(['d-3']))
    expect(received(db, 10)).toEqual([])
    expect(verify(db).ok).toBe(true)
    db.close()
    expect(late).toEqual([])
  })
})

describe('the writer thread', () => {
  it('ended without an error is started again, and what was asked of it meanwhile is answered', async () => {
    const other = new Journal(folder)
    const started = once(process, 'worker')
    await other.start()
    const [worker] = (await started) as [Worker]
    await other.append(online('d-1'))
    const answers = Promise.allSettled([other.append(online('d-2')), other.op('drain', { rows: [] })])
    await worker.terminate()
    await answers // none of them waits forever; which of them came in time is the thread's luck
    await until(() => !other.health.writable)
    await expect(other.append(online('d-3'))).rejects.toMatchObject({ code: 'journal-unavailable' })
    await until(() => other.health.writable)
    expect((await other.append(online('d-4'))).event).toMatchObject({ device: 'd-4' })
    await other.stop()
  })
})

describe('the data folder', () => {
  it('keeps key and database to their owner', () => {
    for (const file of ['journal.key', 'vigie.db', 'vigie.db-wal'])
      expect(statSync(join(dir, file)).mode & 0o077).toBe(0)
  })

  it('refuses a key file that others may read', () => {
    chmodSync(join(dir, 'journal.key'), 0o644)
    expect(() => openFolder(dir, '')).toThrow(/chmod 600/)
  })

  it('refuses a wrong key and a missing one instead of starting anew', async () => {
    await journal.append(online('d-1'))
    expect(() => openDatabase({ ...folder, key: 'ab'.repeat(32) })).toThrow(/does not open/)
    rmSync(join(dir, 'journal.key'))
    expect(() => openFolder(dir, '')).toThrow(/key is missing/)
  })

  it('is one hub’s at a time', () => {
    const first = takeHubLock(dir)
    expect(first).toBeDefined()
    expect(takeHubLock(dir)).toBeUndefined()
    first?.release()
    const again = takeHubLock(dir)
    expect(again).toBeDefined()
    again?.release()
  })
})
