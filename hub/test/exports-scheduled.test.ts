/** Monthly exports of a real hub: what it missed while it was off, into a folder and by mail over TLS, and a folder that is away. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExportSchedule } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { decrypt, newIdentity, recipientOf } from '../export/age.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { TestAuthority } from '../transport/testing/certificates.ts'
import { smallSite, TestHub, until } from './harness.ts'

const SECRET = 'mot-de-passe-du-courriel'
const PATIENCE_MS = 60_000
const authority = new TestAuthority('Mail authority')
const dir = mkdtempSync(join(tmpdir(), 'vigie-monthly-'))
const folder = join(dir, 'exports')
const mails: string[] = []
const server = new SMTPServer({
  ...authority.issue('localhost'),
  ...{ secure: true, logger: false, onAuth: (auth, _, done) => done(null, { user: auth.username }) },
  onData: (stream, _, done) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      mails.push(Buffer.concat(chunks).toString())
      done()
    })
  },
})
let hub: TestHub
let identity: string
let inFolder: ExportSchedule
let byMail: ExportSchedule
let away: ExportSchedule

/** As if it had been due two hours ago. */
function overdue(ids: readonly string[]): void {
  const db = openDatabase(openFolder(hub.dir, ''))
  for (const id of ids)
    db.prepare('update export_schedule set next_at = ? where id = ?').run(Date.now() - 7_200_000, id)
  db.close()
}
const add = (format: string, ...to: string[]): Promise<ExportSchedule> =>
  hub.vigieJson('export', 'schedule', 'add', '--day', '5', '--time', '03:00', '--format', format, ...to)
const told = async (kind: VigieEvent['kind']): Promise<VigieEvent[]> =>
  (await hub.journal(200)).map(r => r.event).filter(e => e.kind === kind)
const plain = async (bytes: Buffer): Promise<string> =>
  new Response(await decrypt(new Blob([Uint8Array.from(bytes)]).stream(), identity)).text()

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  writeFileSync(join(dir, 'ca.pem'), authority.cert)
  mkdirSync(folder)
  mkdirSync(join(dir, 'away'))
  hub = new TestHub({
    VIGIE_SMTP_URL: `smtps://vigie:${SECRET}@localhost:${port}`,
    VIGIE_SMTP_CA: join(dir, 'ca.pem'),
    VIGIE_MAIL_FROM: 'vigie@hospital.test',
  })
  await hub.apply(smallSite())
  identity = await newIdentity()
  const common = ['--reason', 'Audit', '--recipient', await recipientOf(identity), '--language', 'fr']
  inFolder = await add('csv', '--folder', folder, ...common)
  byMail = await add('jsonl', '--mail', 'audit@hospital.test', ...common)
  away = await add('csv', '--folder', join(dir, 'away'), ...common)
  overdue([inFolder.id, byMail.id, away.id])
  renameSync(join(dir, 'away'), join(dir, 'gone'))
  await hub.start()
}, 120_000)
afterAll(async () => {
  await hub.close()
  await new Promise<void>(resolve => server.close(resolve))
  rmSync(dir, { recursive: true })
}, 60_000)

describe('a month that was missed while the hub was off', () => {
  it('is made up for, into the folder, encrypted, under a name that tells schedule and month', async () => {
    const files = await until(
      'the file',
      () => readdirSync(folder).some(n => n.endsWith('.age')) && readdirSync(folder),
      PATIENCE_MS,
    )
    const name = files.find(n => n.endsWith('.age'))!
    expect(name).toMatch(new RegExp(`^vigie-test-site-${inFolder.id}-\\d{4}-\\d\\d\\.csv\\.age$`))
    expect(files.sort()).toEqual([name, `${name}.checkpoint.txt`])
    expect(await plain(readFileSync(join(folder, name)))).toMatch(/^Ligne|^"?N/)
  })

  it('goes by mail over TLS, and nothing of it stays in the data folder', async () => {
    const mail = await until('the mail', () => mails[0], PATIENCE_MS)
    const [, body = ''] = /filename=\S+\.jsonl\.age[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(mail) ?? []
    expect(await plain(Buffer.from(body, 'base64'))).toMatch(/^\{"vigie":"journal export"/)
    await until('the next date', async () => (await next(byMail.id)) > Date.now())
    expect(readdirSync(join(hub.dir, 'exports'))).toEqual([])
    expect(mails).toHaveLength(1)
  })

  it('is told once where its folder is away: a failed export, a failed destination', async () => {
    const failed = await until('the failure', async () => (await told('destination.failed'))[0], PATIENCE_MS)
    expect(failed).toMatchObject({
      destination: `${away.id} ${join(dir, 'away')}`,
      purpose: 'export',
      error: 'export-unwritable',
    })
  })

  it('is in the journal with its schedule, and the password of the mail account nowhere', async () => {
    const rows = await until('both rows', async () => {
      const all = await told('journal.exported')
      return all.length >= 2 && all
    })
    expect(rows).toContainEqual(expect.objectContaining({ by: 'hub', to: 'folder', schedule: inFolder.id }))
    expect(rows).toContainEqual(expect.objectContaining({ by: 'hub', to: 'mail', schedule: byMail.id }))
    expect(JSON.stringify(hub.log)).not.toContain(SECRET)
    expect(JSON.stringify(await hub.journal(200))).not.toContain(SECRET)
  })

  it('takes its own place if the hub dies between writing and marking; what failed works again and says so once', async () => {
    await hub.end('SIGKILL')
    renameSync(join(dir, 'gone'), join(dir, 'away'))
    const before = readdirSync(folder)
    overdue([inFolder.id])
    await hub.start()
    await until('the second run', async () => (await told('journal.exported')).length >= 4, PATIENCE_MS)
    expect(readdirSync(folder).sort()).toEqual(before.sort())
    await until('it is well again', async () => (await told('destination.recovered')).length === 1, PATIENCE_MS)
    expect(await told('destination.failed')).toHaveLength(1)
  }, 120_000)
})

async function next(id: string): Promise<number> {
  const all = await hub.vigieJson<ExportSchedule[]>('export', 'schedule', 'list')
  return all.find(s => s.id === id)?.nextAt ?? 0
}
