import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CheckpointView } from '../api.ts'
import { readConfig } from '../config.ts'
import { Journal } from '../record/journal.ts'
import { readNote, readVerifierKey, signersOf } from '../record/note.ts'
import { SignedJournal } from '../record/testing/signed-journal.ts'
import { type Checkpoints, checkpoints } from './checkpoints.ts'
import type { ServiceNeeds } from './services.ts'

let stand: SignedJournal
let journal: Journal
let service: Checkpoints
let failing: boolean
let hanging: boolean
let told: string[]
beforeEach(async () => {
  stand = new SignedJournal()
  journal = new Journal(stand.folder)
  await journal.start()
  failing = false
  hanging = false
  told = []
})
afterEach(async () => {
  await service.stop?.()
  await service.settle?.()
  await journal.stop()
  stand.close()
})

function begin(periodMs: number): void {
  service = begun(periodMs)
}
function begun(periodMs = 1_000_000): Checkpoints {
  return checkpoints(
    {
      config: readConfig({ VIGIE_DATA_DIR: stand.dir }),
      folder: stand.folder,
      db: stand.db,
      op: (name: never, args: never) =>
        hanging
          ? new Promise(() => undefined)
          : failing
            ? Promise.reject(new Error('the disk is gone'))
            : journal.op(name, args),
      log: {
        info: (_: object, words: string) => told.push(words),
        warn: () => undefined,
        error: (_: object, words: string) => told.push(words),
      },
      now: () => stand.at,
    } as unknown as ServiceNeeds,
    periodMs,
    SETTLE_MS,
  )
}
const SETTLE_MS = 3_000
const nextSigned = (): Promise<CheckpointView> => new Promise(resolve => service.onSigned(resolve))

describe('checkpoints beside the doors', () => {
  it('come within the period after a row, and none while nothing happens', async () => {
    stand.append(1)
    begin(20)
    const sizes: number[] = []
    service.onSigned(({ size }) => sizes.push(size))
    const first = nextSigned()
    await service.start?.()
    expect(await first).toMatchObject({ size: 1 })
    const second = nextSigned()
    stand.append(4)
    const view = await second
    expect(view.size).toBe(5)
    expect(signersOf(readNote(view.note)!, [readVerifierKey(view.keys[0]!)!])).toHaveLength(1)
    for (let i = 0; i < 3; i++) expect((await service.now()).size).toBe(5)
    expect(sizes).toEqual([1, 5])
  })

  it('are of everything that stands when they are asked for, however many ask at once', async () => {
    begin(1_000_000)
    stand.append(700)
    const early = [service.now(), service.now()]
    stand.append(50)
    const late = [service.now(), service.now()]
    for (const view of await Promise.all(early)) expect(view.size).toBeGreaterThanOrEqual(700)
    for (const view of await Promise.all(late)) expect(view.size).toBe(750)
    expect(stand.db.prepare('select count(*) from merkle_node').pluck().get()).toBe(2)
  })

  it('that can not be signed are told of once, and again when they can', async () => {
    stand.append(1)
    begin(5)
    failing = true
    await service.start?.()
    await expect(service.now()).rejects.toThrow()
    await expect(service.now()).rejects.toThrow()
    failing = false
    expect(await nextSigned()).toMatchObject({ size: 1 })
    await service.stop?.()
    await service.settle?.()
    expect(told).toEqual([
      'a checkpoint of the journal could not be signed',
      'checkpoints of the journal are signed again',
    ])
  })

  it('are made a last time when everything else has stopped', async () => {
    begin(1_000_000)
    stand.append(3)
    await service.stop?.()
    stand.append(2)
    await service.settle?.()
    expect(stand.db.prepare('select max(size) from checkpoint').pluck().get()).toBe(5)
  })

  it('hold up no end: a disk that hangs is waited for only so long, and afterwards nothing is begun', async () => {
    begin(1_000_000)
    stand.append(3)
    hanging = true
    const began = performance.now()
    await service.settle?.()
    expect(performance.now() - began).toBeGreaterThan(SETTLE_MS - 100)
    expect(performance.now() - began).toBeLessThan(5 * SETTLE_MS)
    hanging = false
    const again = begun()
    await again.settle?.()
    await again.stop?.()
    await expect(again.now()).rejects.toThrow('the hub is stopping')
  })
})
