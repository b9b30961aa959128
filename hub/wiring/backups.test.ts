/** The service of a hub with a clock held by hand: which folder is late, when that is said, and what comes of a missing key. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import type { VigieEvent } from '../events.ts'
import { newIdentity, recipientOf } from '../export/age.ts'
import { keepRecipient } from '../record/backup-recipient.ts'
import { Stage } from '../test/stage.ts'
import { backups } from './backups.ts'
import type { LaterNeeds, Service } from './services.ts'

const HOUR = 3_600_000
const BEGAN = Date.UTC(2026, 10, 1)
let stage: Stage
let base: string
let now = BEGAN
let service: Service | undefined

function begin(): Service {
  const [usb, nas] = [join(base, 'usb'), join(base, 'nas')]
  const needs: Partial<LaterNeeds> = {
    config: readConfig({ VIGIE_DATA_DIR: stage.folder.dir, VIGIE_BACKUP_TO: `${usb},${nas}` }),
    folder: stage.folder,
    db: stage.db,
    op: async (name, args) => stage.op(name, args),
    tell: async event => void stage.op('record', { at: now, event }),
    registry: () => ({ site: { site: { timeZone: 'Europe/Paris' } } }) as ReturnType<LaterNeeds['registry']>,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => now,
    checkpoints: { now: () => Promise.reject(new Error('none here')), onSigned: () => undefined },
  }
  return backups(needs as LaterNeeds)
}
const said = (kind: VigieEvent['kind']) => stage.events().filter(e => e.kind === kind)
const destinations = () => service?.health?.().backups?.map(d => d.overdue)
/** Stops it and begins again, as a hub does that is started anew. */
async function restart(): Promise<void> {
  await service?.stop?.()
  service = begin()
  await service.start?.()
}
const rows = (kind: VigieEvent['kind'], count: number) =>
  expect.poll(() => said(kind).length, { timeout: 20_000 }).toBe(count)

beforeEach(async () => {
  now = BEGAN
  base = mkdtempSync(join(tmpdir(), 'vigie-backups-'))
  mkdirSync(join(base, 'usb'))
  stage = await Stage.open()
  stage.op('record', { at: BEGAN, event: { kind: 'hub.started', version: '1' } })
})
afterEach(async () => {
  await service?.stop?.()
  service = undefined
  await stage.close()
  rmSync(base, { recursive: true, force: true })
})

describe('backups of a hub', () => {
  it('a folder without a good one for 26 h is said once a day, by itself, and shown; a hub that was off makes one at its start', async () => {
    keepRecipient(stage.folder.dir, await recipientOf(await newIdentity()))
    now = BEGAN + 27 * HOUR
    await restart()
    expect(destinations()).toEqual([true, true])
    await rows('backup.overdue', 1)
    expect(said('backup.overdue')).toMatchObject([{ destination: join(base, 'nas') }])
    expect(said('backup.made')).toMatchObject([{ destination: join(base, 'usb'), by: 'hub' }])
    expect(said('backup.failed')).toMatchObject([{ destination: join(base, 'nas'), error: 'backup-unwritable' }])
    expect(readdirSync(join(base, 'usb'))).toHaveLength(1)
    expect(destinations()).toEqual([false, true])
    now += 2 * HOUR
    await restart()
    await rows('backup.failed', 2)
    expect(said('backup.overdue')).toHaveLength(1)
    now += 23 * HOUR
    mkdirSync(join(base, 'nas'))
    await restart()
    await rows('backup.made', 4)
    expect(destinations()).toEqual([false, false])
    expect(said('backup.overdue')).toHaveLength(1)
  }, 60_000)

  it('begins with clearing away the copy that an interrupted backup left', async () => {
    const left = join(stage.folder.dir, '.backup-abc123')
    mkdirSync(left)
    writeFileSync(join(left, 'vigie.db'), 'half a copy')
    await restart()
    await expect.poll(() => existsSync(left)).toBe(false)
  })

  it('without a recovery key none is made, and each folder is told as failed', async () => {
    now = BEGAN + HOUR
    await restart()
    await rows('backup.failed', 2)
    expect(said('backup.failed')).toMatchObject([{ error: 'backup-key-missing' }, { error: 'backup-key-missing' }])
    expect(said('backup.overdue')).toEqual([])
    expect(readdirSync(join(base, 'usb'))).toEqual([])
  }, 30_000)
})
