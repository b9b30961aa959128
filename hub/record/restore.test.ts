/** Backups written, damaged and restored in this process: every region of the file, full and missing destinations, witnesses. */
import { execFileSync } from 'node:child_process'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isVigieError } from '../errors.ts'
import { decrypt, encrypt, newIdentity, recipientOf } from '../export/age.ts'
import { makeBackup } from './backup.ts'
import { isBackupName } from './backup-file.ts'
import { SPARE_BYTES } from './backup-room.ts'
import { Appender } from './chain.ts'
import { verify } from './chain-verify.ts'
import { makeCheckpoint } from './checkpoints.ts'
import { type DataFolder, openDatabase, openFolder, takeHubLock } from './database.ts'
import { perform } from './ops.ts'
import { type Known, type Restored, restore } from './restore.ts'
import { readRevoked, readWitness } from './restore-witness.ts'
import { revocations } from './revocations.ts'
import { openSigner, originOf } from './signing.ts'
import { item } from './site.ts'
import { all, type Db, sql } from './sql.ts'
import { addTenant, tenantName, tenantWith } from './tenants.ts'
import { addWebhook, webhookRow } from './webhooks.ts'

const base = mkdtempSync(join(tmpdir(), 'vigie-restore-'))
const usb = join(base, 'usb')
const AT = Date.UTC(2026, 10, 22, 3)
const UID = '04A2B3C4D5E6F7'
const TENANT_HASH = 'h-1'
const HOOK = {
  ...{ id: 'w-1', name: 'Register', url: 'https://register.example/', kinds: '[]', zones: null, tenant: null },
  ...{ operator: 'o-1', guarded: 0, secret: 'whsec_AAAA' },
}
let identity = ''
let recipient = ''
let folder: DataFolder
let db: Db
let file = ''

const stated: Known = { how: 'list', lines: [] }
const keyFile = (): string => join(folder.dir, 'checkpoint.key.pem')
const record = (count: number): void => {
  for (let i = 0; i < count; i++)
    perform({ db, appender: new Appender(db) }, 'record', { at: AT + i, event: { kind: 'hub.started', version: '1' } })
}
const backUp = (destinations: readonly string[] = [usb], at = AT) =>
  makeBackup({ folder, keyFile: keyFile(), destinations, at }, plain => encrypt(plain, [recipient]))

async function restoreBytes(bytes: Uint8Array, name: string, known: Known | undefined = stated): Promise<Restored> {
  const plain = await decrypt(ReadableStream.from<Uint8Array>([bytes]), identity)
  return restoreFrom(plain, name, known)
}
const restoreFrom = (plain: ReadableStream<Uint8Array>, name: string, known?: Known): Promise<Restored> =>
  restore({
    ...{ file: 'x.backup.age', plain, into: join(base, name), keyFromEnvironment: '', signingKeyFile: '' },
    ...{ by: 'cli:test', at: AT + 1_000_000, known: async () => known },
  })
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'done'
  } catch (error) {
    return isVigieError(error) ? error.code : `not of the table: ${String(error)}`
  }
}
const restoredDb = (name: string): Db => openDatabase(openFolder(join(base, name), ''))

beforeAll(async () => {
  identity = await newIdentity()
  recipient = await recipientOf(identity)
  folder = openFolder(join(base, 'data'), '')
  db = openDatabase(folder)
  mkdirSync(usb)
  mkdirSync(join(folder.dir, 'pki'))
  writeFileSync(join(folder.dir, 'pki', 'ca.key.pem'), 'a key of the authority')
  const body = JSON.stringify({ uid: UID, person: 'anna', status: 'active' })
  const changes = [{ kind: 'badge' as const, id: UID, body }]
  perform({ db, appender: new Appender(db) }, 'applySite', { at: AT, changes, base: 0, withdrawn: [], events: [] })
  addTenant(db, { id: 'planning', name: 'Planning', scope: '{}', hash: TENANT_HASH, expiresAt: AT * 2 }, AT, 'o-1')
  addWebhook(db, HOOK, AT, 0)
  record(300)
  const [outcome] = await backUp()
  if (!outcome || 'cause' in outcome) throw new Error(JSON.stringify(outcome))
  file = join(usb, outcome.file)
}, 30_000)
afterAll(() => {
  db.close()
  rmSync(base, { recursive: true, force: true })
})

describe('a backup file', () => {
  it('has a name of its own, is its owner’s only, and nothing lies beside it', () => {
    expect(readdirSync(usb)).toEqual([file.slice(usb.length + 1)])
    expect(isBackupName(readdirSync(usb)[0] ?? '')).toBe(true)
    expect(readdirSync(folder.dir).filter(f => f.startsWith('.backup-'))).toEqual([])
  })

  it('comes back whole: rows, certificate authority, keys; the chain and the first checkpoint of its new name verify', async () => {
    const { rows, before, origin } = await restoreBytes(readFileSync(file), 'whole')
    expect([rows, before, origin !== before]).toEqual([300, originOf(db), true])
    expect(readFileSync(join(base, 'whole/pki/ca.key.pem'), 'utf8')).toBe('a key of the authority')
    const restored = restoredDb('whole')
    expect(verify(restored)).toMatchObject({ ok: true, rows: 301, signed: 301 })
    restored.close()
  })

  it('brings no application’s token back: it may have been replaced or cut off since', async () => {
    await restoreBytes(readFileSync(file), 'tokens')
    const restored = restoredDb('tokens')
    expect([tenantWith(db, TENANT_HASH, AT)?.id, tenantName(restored, 'planning')]).toEqual(['planning', 'Planning'])
    expect(tenantWith(restored, TENANT_HASH, AT)).toBeUndefined()
    restored.close()
  })

  it('tells no webhook anything until somebody has looked: it may have been removed since', async () => {
    await restoreBytes(readFileSync(file), 'webhooks')
    const restored = restoredDb('webhooks')
    expect(webhookRow(db, 'w-1')).toMatchObject({ status: 'active' })
    expect(webhookRow(restored, 'w-1')).toMatchObject({ status: 'paused', pausedBecause: 'restored' })
    restored.close()
  })

  it('that was changed in any region, cut anywhere or lengthened is refused, and nothing is left behind', async () => {
    const bytes = readFileSync(file)
    const places = [
      0,
      10,
      40,
      120,
      200,
      240,
      300,
      65_000,
      70_000,
      131_000,
      Math.floor(bytes.length / 2),
      bytes.length - 20,
      bytes.length - 1,
    ]
    const changed = places.map(at => Buffer.from(bytes).fill((bytes[at] ?? 0) ^ 0x55, at, at + 1))
    const cut = [0, 1, 100, 199, 230, 4_096, 65_800, Math.floor(bytes.length / 2), bytes.length - 1].map(n =>
      bytes.subarray(0, n),
    )
    const longer = [Buffer.concat([bytes, Buffer.from('x')]), Buffer.concat([bytes, bytes])]
    const codes: string[] = []
    for (const [i, bad] of [...changed, ...cut, ...longer].entries())
      codes.push(await codeOf(restoreBytes(bad, `bad-${i}`)))
    expect(codes).toHaveLength(24)
    expect(codes.filter(c => !['age-damaged', 'age-key-wrong', 'restore-damaged'].includes(c))).toEqual([])
    expect(readdirSync(base).filter(f => f.includes('bad-'))).toEqual([])
  }, 30_000)

  it('is not made of a journal that does not verify', async () => {
    const other = openFolder(join(base, 'forged'), '')
    const forged = openDatabase(other)
    perform({ db: forged, appender: new Appender(forged) }, 'record', {
      at: AT,
      event: { kind: 'hub.started', version: '1' },
    })
    const made = makeCheckpoint(forged, openSigner(forged, join(other.dir, 'checkpoint.key.pem')), AT)
    perform({ db: forged, appender: new Appender(forged) }, 'keepCheckpoint', made)
    forged.exec('drop trigger journal_no_update; update journal set at = at + 1')
    forged.close()
    const wish = { folder: other, keyFile: join(other.dir, 'checkpoint.key.pem'), destinations: [usb], at: AT + 5_000 }
    expect(await codeOf(makeBackup(wish, plain => encrypt(plain, [recipient])))).toBe('journal-damaged')
  })

  it('needs the journal key from the environment where that was never in the folder', async () => {
    const key = 'ab'.repeat(32)
    const apart = openFolder(join(base, 'apart'), key)
    openDatabase(apart).close()
    const wish = { folder: apart, keyFile: join(apart.dir, 'checkpoint.key.pem'), destinations: [usb], at: AT + 10_000 }
    const [made] = await makeBackup(wish, plain => encrypt(plain, [recipient]))
    if (!made || 'cause' in made) throw new Error(made?.cause)
    expect(await codeOf(restoreBytes(readFileSync(join(usb, made.file)), 'no-key'))).toBe('restore-key-needed')
    expect(readdirSync(base)).not.toContain('no-key')
  })
})

describe('a restore that was killed', () => {
  it('left a folder that the next one into the same place removes: no other, and none that is being worked in', async () => {
    const names = ['.again.restoring-abc123', '.again.restoring-held12', '.other.restoring-abc123']
    const folders = names.map(name => join(base, name))
    for (const dir of folders) mkdirSync(dir)
    writeFileSync(join(folders[0] ?? '', 'vigie.db'), 'half of it')
    const held = takeHubLock(folders[1] ?? '')
    await restoreBytes(readFileSync(file), 'again')
    expect(folders.map(dir => existsSync(dir))).toEqual([false, true, true])
    held?.release()
    await restoreBytes(readFileSync(file), 'other')
    expect(folders.map(dir => existsSync(dir))).toEqual([false, true, false])
    rmSync(folders[1] ?? '', { recursive: true })
  })

  it('into a disk of its own left it inside: the folder counts as empty again, and is held while it is brought up', async () => {
    const into = join(base, 'disk')
    mkdirSync(join(into, '.restoring-abc123'), { recursive: true })
    writeFileSync(join(into, '.restoring-abc123', 'vigie.db'), 'half of it')
    let others: boolean[] = []
    const known = async (): Promise<Known> => {
      const work = readdirSync(base).filter(n => n.startsWith('.disk.restoring-'))
      others = work.map(n => takeHubLock(join(base, n)) === undefined)
      return stated
    }
    const plain = await decrypt(ReadableStream.from<Uint8Array>([readFileSync(file)]), identity)
    const wish = { file: 'x', plain, into, keyFromEnvironment: '', signingKeyFile: '', by: 'cli:test', at: AT, known }
    await restore(wish)
    expect(others).toEqual([true])
    expect(readdirSync(into)).not.toContain('.restoring-abc123')
    takeHubLock(into)?.release()
  })
})

describe('a destination', () => {
  const root = process.getuid?.() === 0
  it.each([
    ['for the copy alone', 1, ['backup-unwritable', 'made', 'backup-unwritable']],
    ['for the copy and one backup', 2, ['made', 'made', 'backup-unwritable']],
    ['for everything', 3, ['made', 'made', 'made']],
  ])('onto the disk of the data, with room %s, begins nothing that does not fit', async (_, times, expected) => {
    const folders = ['same-1', 'other', 'same-2'].map(name => join(base, `${name}-${times}`))
    for (const dir of folders) mkdirSync(dir)
    const database = ['', '-wal'].reduce((sum, s) => sum + statSync(folder.file + s).size, 0)
    // A quarter of a copy more: for the keys, and what this very call adds to the log.
    const free = SPARE_BYTES + database * 1.1 * (times + 0.25)
    const wish = { folder, keyFile: keyFile(), destinations: folders, at: AT + times }
    const outcomes = await makeBackup(
      wish,
      plain => encrypt(plain, [recipient]),
      async dir => ({ id: dir.includes('/other-') ? 2 : 1, free }),
    )
    expect(outcomes.map(o => ('cause' in o ? o.code : 'made'))).toEqual(expected)
    expect(folders.map(dir => readdirSync(dir).length)).toEqual(expected.map(e => (e === 'made' ? 1 : 0)))
    const none = makeBackup(
      wish,
      () => Promise.reject(new Error('not begun')),
      async () => ({ id: 1, free: database }),
    )
    expect(await codeOf(none)).toBe('backup-copy-failed')
  })

  it.skipIf(!root && process.env.VIGIE_TEST_REQUIRE !== 'all')(
    'that is full, or missing, gets nothing under a final name, and does not keep others from theirs (needs root: a small tmpfs)',
    async () => {
      const full = join(base, 'full')
      const good = join(base, 'good')
      mkdirSync(full)
      mkdirSync(good)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', full])
      try {
        const outcomes = await backUp([full, join(base, 'nowhere'), good], AT + 20_000)
        expect(outcomes.map(o => ('code' in o ? o.code : 'made'))).toEqual([
          'backup-unwritable',
          'backup-unwritable',
          'made',
        ])
        expect(JSON.stringify(outcomes[0])).toContain('the disk is full')
        expect(readdirSync(full)).toEqual([])
        expect(readdirSync(good)).toHaveLength(1)
        expect(readdirSync(base)).not.toContain('nowhere')
      } finally {
        execFileSync('umount', [full])
      }
    },
  )

  it('that gives back something else than was written is found out, and the file is gone', async () => {
    const odd = join(base, 'odd')
    mkdirSync(odd)
    const wish = { folder, keyFile: keyFile(), destinations: [odd], at: AT + 30_000 }
    const [outcome] = await makeBackup(wish, async plain => {
      const sealed = await encrypt(plain, [recipient])
      const flipped = async (read: ReadableStream<Uint8Array>) => {
        let seen = 0
        const pieces = read.pipeThrough(
          new TransformStream<Uint8Array, Uint8Array>({
            transform: (piece, to) => {
              const copy = Buffer.from(piece)
              if (seen <= 1_000 && seen + piece.length > 1_000)
                copy.writeUInt8((copy[1_000 - seen] ?? 0) ^ 1, 1_000 - seen)
              seen += piece.length
              to.enqueue(copy)
            },
          }),
        )
        return sealed.readBack(pieces)
      }
      return { stream: sealed.stream, readBack: flipped }
    })
    expect(outcome).toMatchObject({ code: 'backup-differs' })
    expect(readdirSync(odd)).toEqual([])
  })
})

describe('a witness', () => {
  const notes = (): string =>
    all(db, sql.selectFrom('checkpoint').select('note').orderBy('size'))
      .map(n => `${n.note}\n`)
      .join('')
  const sign = (): void => {
    const made = makeCheckpoint(db, openSigner(db, keyFile()), AT + 40_000)
    perform({ db, appender: new Appender(db) }, 'keepCheckpoint', made)
  }
  const witness = (text: string, revoked: string | undefined): Known => ({
    how: 'witness',
    read: (...backup) => readWitness({ file: 'w.txt', notes: text, revoked }, ...backup),
  })

  it('brings what was revoked since the backup, and says how many rows are lost', async () => {
    record(7)
    const body = JSON.stringify({ uid: UID, person: 'anna', status: 'lost' })
    const base0 = Number(
      all(db, sql.selectFrom('meta').select('value').where('key', '=', 'registry_revision'))[0]?.value,
    )
    const changes = [{ kind: 'badge' as const, id: UID, body }]
    perform({ db, appender: new Appender(db) }, 'applySite', {
      at: AT,
      changes,
      base: base0,
      withdrawn: [],
      events: [],
    })
    sign()
    const list = revocations(db)
      .map(l => `${l}\n`)
      .join('')
    const torn = `${notes()}${originOf(db)}\n9999\nhalf a no\n\n${notes()}`
    const restored = await restoreBytes(readFileSync(file), 'seen', witness(torn, list))
    expect(restored).toMatchObject({ revoked: 1, lost: 7 })
    const there = restoredDb('seen')
    expect(JSON.parse(item(there, 'badge', UID)?.body ?? '{}')).toMatchObject({ status: 'revoked' })
    there.close()
  })

  it('is refused with a shortened list, with none, of another journal, unsigned, or empty', async () => {
    const list = revocations(db)
      .map(l => `${l}\n`)
      .join('')
    const other = notes().replaceAll(originOf(db), 'vigie-journal/0123456789abcdef')
    const tries = [
      witness(notes(), ''),
      witness(notes(), undefined),
      witness(notes(), `${list}grant g-0123456789abcdef\n`),
    ]
    tries.push(
      witness(other, list),
      witness(notes().replaceAll(/— (\S+) (\S{8})/g, '— $1 AAAAAAAA'), list),
      witness('', ''),
    )
    const codes: string[] = []
    for (const [i, known] of tries.entries())
      codes.push(await codeOf(restoreBytes(readFileSync(file), `no-${i}`, known)))
    expect(codes).toEqual(tries.map(() => 'restore-witness-invalid'))
    expect(
      await codeOf(
        restoreFrom(await decrypt(ReadableStream.from<Uint8Array>(createReadStream(file)), identity), 'none'),
      ),
    ).toBe('restore-revocations-needed')
    expect(readdirSync(base).filter(f => f.includes('no-') || f.includes('none'))).toEqual([])
  })

  it('that stopped before the backup was made says nothing of what was revoked since: refused, in words that say so', async () => {
    const early = witness(
      notes(),
      revocations(db)
        .map(l => `${l}\n`)
        .join(''),
    )
    record(3)
    const [later] = await backUp([usb], AT + 50_000)
    if (!later || 'cause' in later) throw new Error(JSON.stringify(later))
    const refused = restoreBytes(readFileSync(join(usb, later.file)), 'stale', early)
    await expect(refused).rejects.toMatchObject({ code: 'restore-witness-invalid' })
    await expect(refused).rejects.toThrow('older than the backup')
    expect(readdirSync(base).filter(f => f.includes('stale'))).toEqual([])
  })

  it('a list that is handed in must be one', () => {
    expect(readRevoked('badge b-0123456789abcdef\r\n\n# why\n', 'f')).toEqual(['badge b-0123456789abcdef'])
    expect(() => readRevoked('badge 04A2B3C4D5E6F7\n', 'f')).toThrow('line 1')
  })
})
