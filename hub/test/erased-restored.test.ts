/** Somebody is erased; what is made afterwards, a backup, its restore, exports of the restored hub, holds nothing of them, and still verifies. */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApprovalAsked, CheckpointView } from '../api.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { revocations } from '../record/revocations.ts'
import { scan } from './byte-scan.ts'
import { NURSE, smallSite, TestDevice, TestHub } from './harness.ts'
import { runVerifier } from './run-verifier.ts'

const base = mkdtempSync(join(tmpdir(), 'vigie-erased-'))
const usb = join(base, 'usb')
const keyFile = join(base, 'key.txt')
const witness = join(base, 'witness.txt')
const hub = new TestHub()
const restored = new TestHub()
rmSync(restored.dir, { recursive: true })
const person = smallSite().people.find(p => smallSite().badges.some(b => b.uid === NURSE && b.person === p.id))
const [id, name] = [person?.id ?? '?', person?.name ?? '?']
const WORDS = 'Kaliumpermanganat verschüttet'
const TRACES = [id, name, NURSE, WORDS]
const keyOf = (dir: string): string => readFileSync(join(dir, 'journal.key'), 'utf8').trim()

async function witnessed(of: TestHub): Promise<void> {
  const db = openDatabase(openFolder(of.dir, ''), { readonly: true })
  writeFileSync(`${witness}.revoked`, revocations(db).join('\n'))
  db.close()
  appendFileSync(witness, `${(await of.vigieJson<CheckpointView>('journal', 'checkpoint')).note}\n`)
}

beforeAll(async () => {
  mkdirSync(usb)
  await hub.start()
  await hub.setUp()
  const site = smallSite()
  await hub.apply(site)
  for (const device of site.devices) await hub.addDevice(device.id, device.model)
  const door = new TestDevice('door-1', 'test-site')
  await door.connect(hub)
  for (let i = 0; i < 5; i++) expect((await door.badge(NURSE, 'door')).granted).toBe(true)
  await door.close()
  const until = new Date(Date.now() + 3_600_000).toISOString()
  await hub.vigie('grant', 'add', '--person', id, '--point', 'door-1', '--origin', 'maintenance', '--until', until)
  await hub.vigie('hold', 'release', await placed())
  const { identity } = await hub.vigieJson<{ identity: string }>('backup', 'key')
  writeFileSync(keyFile, identity)
  await witnessed(hub)
}, 90_000)
afterAll(async () => {
  await hub.close()
  await restored.close()
  rmSync(base, { recursive: true, force: true })
})
const placed = async (): Promise<string> =>
  (await hub.vigieJson<{ id: string }>('hold', 'place', '--person', id, '--reason', WORDS)).id

it('the backup made afterwards, restored, and every export of it hold nothing of them; verifier and witness find it untouched', async () => {
  expect(scan(hub.dir, keyOf(hub.dir), TRACES).length).toBeGreaterThan(0)
  const { approval } = await hub.vigieJson<ApprovalAsked>('privacy', 'erase', id, '--withdraw')
  const officer = await hub.signInAs('data-protection')
  expect(await officer.post(`/api/v1/approvals/${approval.id}/approve`)).toMatchObject({ state: 'done' })
  const made = await hub.vigieJson<{ file: string }>('backup', usb)
  await witnessed(hub)
  await restored.vigie('restore', join(usb, made.file), '--key', keyFile, '--witness', witness)
  expect(scan(restored.dir, keyOf(restored.dir), TRACES)).toEqual([])

  const out = (format: string): string => join(base, `all.${format}`)
  for (const format of ['csv', 'jsonl', 'fhir'])
    await restored.vigie('export', '--reason', 'Contrôle', '--format', format, '--out', out(format))
  for (const file of readdirSync(base).filter(f => f.startsWith('all.')))
    expect(TRACES.filter(text => readFileSync(join(base, file)).includes(text))).toEqual([])
  const { code, said } = await runVerifier([out('jsonl')])
  expect([code, said]).toEqual([0, expect.stringMatching(/^Complete and untouched from row 1 to row/)])

  await witnessed(restored)
  const verified = await restored.vigie('journal', 'verify', '--checkpoint', witness)
  expect(verified).toContain('complete and untouched')
  // The first hub went on for some rows after its backup: that note has nothing to be compared with.
  expect(verified).toContain('2 of them a witness’s')
  expect(verified).toContain('Not compared: 1 checkpoints')
  writeFileSync(witness, readFileSync(witness, 'utf8').replace(/^(— \S+ \S{30})..../mu, '$1AAAA'))
  expect((await restored.vigieFails('journal', 'verify', '--checkpoint', witness)).stderr).toContain(
    'not signed by its key',
  )
}, 90_000)
