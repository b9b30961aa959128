/** Backups of a real hub while badges are badging, and the restore drill: what comes back, and what never does. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BackupsView, HubState } from '../api.ts'
import type { Recorded } from '../events.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { revocations } from '../record/revocations.ts'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'

const base = mkdtempSync(join(tmpdir(), 'vigie-backup-'))
const usb = join(base, 'usb')
const nas = join(base, 'nas')
const gone = join(base, 'not-mounted')
const witness = join(base, 'witness.txt')
mkdirSync(usb)
mkdirSync(nas)

const hub = new TestHub({
  VIGIE_BACKUP_TO: `${usb},${gone},${nas}`,
  VIGIE_BACKUP_KEEP: '2',
  VIGIE_WITNESS_FILES: witness,
})
const door = new TestDevice('door-1', 'test-site')
const cabinet = new TestDevice('cab-1', 'test-site')
const keyFile = join(base, 'key.txt')
const SPARE = '04A2B3C4D5E6F8'

interface Made {
  readonly file: string
  readonly rows: number
  readonly sha256: string
}
interface Restored {
  readonly rows: number
  readonly revoked: number
  readonly lost?: number
  readonly origin: string
  readonly before: string
}

const backups = (folder: string): string[] => readdirSync(folder).sort()
const restoredHubs: TestHub[] = []

/** The command of a hub that has no data yet. */
function newHub(): TestHub {
  const other = new TestHub()
  rmSync(other.dir, { recursive: true })
  restoredHubs.push(other)
  return other
}
const restore = (into: TestHub, file: string, ...how: string[]): Promise<Restored> =>
  into.vigieJson<Restored>('restore', file, '--key', keyFile, ...how)

/** Lines of what is revoked, as a witness has them beside its checkpoints. */
function revokedNow(): string {
  const db = openDatabase(openFolder(hub.dir, ''), { readonly: true })
  const lines = revocations(db)
  db.close()
  const file = join(base, 'revoked.txt')
  writeFileSync(file, lines.map(l => `${l}\n`).join(''))
  return file
}

async function connectTo(target: TestHub, device: TestDevice): Promise<TestDevice> {
  const again = new TestDevice(device.id, device.site, 1_000_000)
  await again.connect(target)
  return again
}

beforeAll(async () => {
  await hub.start()
  await hub.setUp()
  const site = smallSite()
  await hub.apply({
    ...site,
    badges: [...site.badges, { uid: SPARE, person: 'c-marchand', status: 'active' as const }],
  })
  for (const { id, model } of site.devices) await hub.addDevice(id, model)
  await door.connect(hub)
  await cabinet.connect(hub)
}, 60_000)
afterAll(async () => {
  await door.close()
  await cabinet.close()
  await hub.close()
  for (const h of restoredHubs) await h.close()
  rmSync(base, { recursive: true, force: true })
})

describe('a backup', () => {
  let first: Made

  it('is not made before there is a recovery key, and says what to do', async () => {
    expect((await hub.vigieFails('backup', usb)).stderr).toContain('vigie backup key')
    const answer = await hub.fetch('/api/v1/backups', { method: 'POST', body: '{}' })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([409, 'backup-key-missing'])
    expect(backups(usb)).toEqual([])
    // A hub that never made one tries soon after its start: that one is over before any is counted.
    await until('the one of the start has failed everywhere', async () => {
      const failed = (await hub.journal()).flatMap(r => (r.event.kind === 'backup.failed' ? [r.event.destination] : []))
      return failed.length === 3
    })
  })

  it('has a key that is shown once; the data folder keeps only the public half', async () => {
    const { identity, recipient } = await hub.vigieJson<{ identity: string; recipient: string }>('backup', 'key')
    writeFileSync(keyFile, `# recovery key\n${identity}\n`)
    expect(readFileSync(join(hub.dir, 'backup.recipient'), 'utf8').trim()).toBe(recipient)
    const held = readdirSync(hub.dir, { withFileTypes: true })
      .filter(f => f.isFile())
      .map(f => readFileSync(join(hub.dir, f.name)))
    expect(held.some(bytes => bytes.includes(identity.slice(-40)))).toBe(false)
    expect((await hub.vigieFails('backup', 'key')).stderr).toContain('--again')
    const made = (await hub.journal()).map(r => r.event).filter(e => e.kind === 'backup.key-made')
    expect(made).toEqual([{ kind: 'backup.key-made', by: expect.stringMatching(/^cli:/), to: recipient }])
  })

  it('is consistent while badges are badging, and none of them waits for it', async () => {
    let badging = true
    const answered: boolean[] = []
    const badges = (async () => {
      while (badging) answered.push((await door.badge(NURSE, 'door')).granted)
    })()
    await until('some badges', () => answered.length > 20)
    first = await hub.vigieJson<Made>('backup', usb)
    const during = answered.length
    badging = false
    await badges
    expect(during).toBeGreaterThan(20)
    expect(answered.every(Boolean)).toBe(true)
    const other = newHub()
    const { rows } = await restore(other, join(usb, first.file), '--revoked', revokedNow())
    expect(rows).toBe(first.rows)
    expect(await other.vigie('journal', 'verify')).toContain('complete and untouched')
  }, 60_000)

  it('says so in the journal, with its size and hash', async () => {
    const row = (await hub.journal()).findLast(r => r.event.kind === 'backup.made')
    expect(row?.event).toMatchObject({ destination: usb, rows: first.rows, sha256: first.sha256 })
  })

  it('that is stolen tells nothing: no name, no badge number, no key, no certificate in its bytes', () => {
    const bytes = readFileSync(join(usb, first.file))
    const key = readFileSync(join(hub.dir, 'journal.key'))
    const known = [
      'Marchand',
      'c-marchand',
      NURSE,
      'vigie.db',
      'SQLite format',
      'PRIVATE KEY',
      'CERTIFICATE',
      'manifest',
    ]
    expect(known.filter(text => bytes.includes(text))).toEqual([])
    expect(bytes.includes(key.subarray(0, 32))).toBe(false)
  })

  it('goes to two folders although a third one is missing; which is said, and shown in health', async () => {
    const answer = await hub.fetch('/api/v1/backups', { method: 'POST', body: '{}' })
    expect(answer.status).toBe(202)
    const view = await until('both are made', async () => {
      const now = await hub.get<BackupsView>('/api/v1/backups')
      return !now.running && now.backups.some(b => b.destination === nas) && now
    })
    expect(backups(nas)).toHaveLength(1)
    expect(view.destinations.map(d => [d.destination, d.newest !== undefined])).toEqual([
      [usb, true],
      [gone, false],
      [nas, true],
    ])
    const failed = (await hub.journal()).findLast(r => r.event.kind === 'backup.failed')
    expect(failed?.event).toMatchObject({ destination: gone, error: 'backup-unwritable' })
    expect((await hub.get<HubState>('/api/v1/health')).backups).toHaveLength(3)
  }, 30_000)

  it('leaves the newest two, and what is not its own', async () => {
    writeFileSync(join(usb, 'holiday.jpg'), 'not ours')
    copyFileSync(
      join(usb, backups(usb).find(f => f.endsWith('.age')) ?? ''),
      join(usb, 'vigie-00000000-20260101T000000Z.backup.age'),
    )
    for (let i = 0; i < 3; i++) await hub.vigie('backup', usb)
    const left = backups(usb)
    expect(left).toContain('holiday.jpg')
    expect(left).toContain('vigie-00000000-20260101T000000Z.backup.age')
    expect(left).not.toContain(first.file)
    expect(left).toHaveLength(4)
    expect(
      (await hub.vigieJson<{ destination: string }[]>('backup', 'list')).filter(b => b.destination === usb),
    ).toHaveLength(2)
  }, 60_000)
})

describe('a restore from an older backup', () => {
  let made: Made
  let file: string
  let grant: string

  beforeAll(async () => {
    const issued = ['grant', 'add', '--person', 't-ferrand', '--point', 'door-1', '--origin', 'maintenance']
    const until = new Date(Date.now() + 3_600_000).toISOString()
    grant = (await hub.vigieJson<{ grant: { id: string } }>(...issued, '--until', until)).grant.id
    expect((await door.badge(VISITOR, 'door')).granted).toBe(true)
    made = await hub.vigieJson<Made>('backup', nas)
    file = join(base, 'old.age')
    copyFileSync(join(nas, made.file), file)
    await hub.vigie('badge', 'lost', SPARE)
    await hub.vigie('device', 'revoke', 'cab-1')
    await hub.vigie('grant', 'revoke', grant)
  }, 60_000)

  it('stops unless somebody says what was revoked since, and leaves nothing behind', async () => {
    const other = newHub()
    const { stderr } = await other.vigieFails('restore', file, '--key', keyFile)
    expect(stderr).toContain('--witness')
    const parent = readdirSync(tmpdir()).filter(f => f.includes(other.dir.split('/').pop() ?? '?'))
    expect(parent).toEqual([])
  })

  it('never brings back a badge, a device or a temporary access', async () => {
    const other = newHub()
    const restored = await restore(other, file, '--revoked', revokedNow())
    expect(restored.revoked).toBe(3)
    await other.start()
    mkdirSync(other.certs, { recursive: true })
    for (const f of readdirSync(hub.certs)) copyFileSync(join(hub.certs, f), join(other.certs, f))
    const there = await connectTo(other, door)
    expect(await there.badge(NURSE, 'door')).toMatchObject({ granted: true })
    expect(await there.badge(SPARE, 'door')).toMatchObject({ granted: false, reason: 'badge-revoked' })
    expect((await there.badge(VISITOR, 'door')).granted).toBe(false)
    await expect(connectTo(other, cabinet)).rejects.toThrow()
    await there.close()
    const row = (await other.journal()).find(r => r.event.kind === 'backup.restored') as Recorded
    expect(row.event).toMatchObject({ rows: made.rows, revoked: 3, known: 'list', origin: restored.before })
    expect(await other.vigie('journal', 'verify')).toContain('complete and untouched')
  }, 60_000)

  it('continues under a name of its own: two restores of one backup are two journals', async () => {
    const [a, b] = [newHub(), newHub()]
    const list = revokedNow()
    const [one, two] = [await restore(a, file, '--revoked', list), await restore(b, file, '--revoked', list)]
    expect(one.before).toBe(two.before)
    expect(new Set([one.origin, two.origin, one.before]).size).toBe(3)
  }, 30_000)

  it('takes the word of an operator who says that nothing was, and writes down whose it was', async () => {
    const other = newHub()
    const nobody = ['restore', file, '--key', keyFile, '--nothing-revoked-since']
    expect((await other.vigieFails(...nobody)).stderr).toContain('--by')
    expect((await other.vigieFails(...nobody, '--by', 'nobody')).stderr).toContain('nobody')
    await restore(other, file, '--nothing-revoked-since', '--by', 'b.kessler')
    const row = (await other.journal()).find(r => r.event.kind === 'backup.restored')
    expect(row?.event).toMatchObject({ known: 'stated', revoked: 0 })
    expect(JSON.stringify(row)).not.toContain('kessler')
  }, 30_000)

  it('refuses a folder that holds anything, that of a running hub first of all', async () => {
    const { stderr } = await hub.vigieFails('restore', file, '--key', keyFile, '--nothing-revoked-since', '--by', 'x')
    expect(stderr).toContain('Another hub is using')
    const used = join(base, 'used')
    mkdirSync(used)
    writeFileSync(join(used, 'a'), '')
    const busy = await hub.vigieFails(
      'restore',
      file,
      '--key',
      keyFile,
      '--into',
      used,
      '--nothing-revoked-since',
      '--by',
      'x',
    )
    expect(busy.stderr).toContain('is not empty')
    expect(readdirSync(used)).toEqual(['a'])
  })

  it('refuses the wrong key, and what is no key', async () => {
    const other = newHub()
    const wrong = join(base, 'wrong.txt')
    const before = readFileSync(join(hub.dir, 'backup.recipient'), 'utf8').trim()
    const { identity, recipient } = await hub.vigieJson<{ identity: string; recipient: string }>(
      'backup',
      'key',
      '--again',
    )
    const row = (await hub.journal()).map(r => r.event).findLast(e => e.kind === 'backup.key-made')
    expect(row).toMatchObject({ from: before, to: recipient })
    writeFileSync(wrong, identity)
    expect((await other.vigieFails('restore', file, '--key', wrong)).stderr).toContain('does not open the file')
    writeFileSync(wrong, 'AGE-SECRET-KEY-1NONSENSE')
    expect((await other.vigieFails('restore', file, '--key', wrong)).stderr).toContain('no age key')
    expect((await other.vigieFails('restore', file)).stderr).toContain('--key')
  }, 30_000)

  it('learns what was revoked, and how much is lost, from the file of a witness', async () => {
    const answer = await hub.fetch('/api/v1/backups', { method: 'POST', body: '{}' })
    expect(answer.status).toBe(202)
    const list = (): string => (existsSync(`${witness}.revoked`) ? readFileSync(`${witness}.revoked`, 'utf8') : '')
    await until('the witness has the list', () => list() === readFileSync(revokedNow(), 'utf8'))
    const other = newHub()
    const restored = await restore(other, file, '--witness', witness)
    expect(restored).toMatchObject({ revoked: 3, rows: made.rows })
    expect(restored.lost).toBeGreaterThan(3)
    const { stderr } = await newHub().vigieFails('restore', file, '--key', keyFile, '--witness', keyFile)
    expect(stderr).toContain('no checkpoint of this journal')
  }, 30_000)
})
