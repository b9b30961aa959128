/** What somebody gets of what is held on them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { processingRecord } from '../export/processing-record.ts'
import { writePersonFile } from '../wiring/person-writing.ts'
import { processingFacts } from '../wiring/processing.ts'
import { NAME, OLD_NAME, PERSON, PrivacyStage, UIDS, WORDS } from './privacy-stage.ts'

const config = readConfig({ VIGIE_BACKUP_TO: '/mnt/backup', VIGIE_SYSLOG: 'tls://logs.example' })

it('everything held on a person is in one file, with nobody else in it, in French and English, without a script', async () => {
  const s = await PrivacyStage.open()
  await s.fill({ drugs: true })
  const other = s.p('anna')
  const hostile = { kind: 'prescription', id: '<script>alert(1)</script>' }
  await s.append(s.now, [s.granted(PERSON, UIDS[0] ?? '', 'drugs', { witness: other, reference: hostile })])
  const file = join(s.dir, 'person.html')
  const asked = { person: PERSON, now: s.now, recipients: [] } as const
  const { rows } = await writePersonFile(s.stage.db, { ...asked, format: 'html', file })
  const page = readFileSync(file, 'utf8')
  for (const text of [NAME, OLD_NAME, ...UIDS, WORDS, 'Drugs', 'Stupéfiants', 'Controlled drugs', 'Nurse'])
    expect(page).toContain(text)
  expect(page.match(/<tr><td>[^<]*<small>n° /g)).toHaveLength(rows)
  for (const text of [other, 'Anna', 'Prénom12', '<script', '2947']) expect(page).not.toContain(text)
  expect(page).toContain('avec une autre personne')

  await writePersonFile(s.stage.db, { ...asked, format: 'json', file })
  const data = JSON.parse(readFileSync(file, 'utf8')) as { count: number; rows: object[]; person: { pinSince: number } }
  expect(data.count).toBe(rows)
  expect(data.rows).toHaveLength(rows)
  expect(data.person.pinSince).toBe(s.now)
  await s.close()
})

it('a person nobody knows, and a folder that is not there, leave no file behind', async () => {
  const s = await PrivacyStage.open()
  const asked = { format: 'html', now: s.now, recipients: [] } as const
  const file = join(s.dir, 'x.html')
  await expect(writePersonFile(s.stage.db, { ...asked, person: 'nobody', file })).rejects.toMatchObject({
    code: 'person-unknown',
  })
  const nowhere = join(s.dir, 'none', 'x.html')
  await expect(writePersonFile(s.stage.db, { ...asked, person: PERSON, file: nowhere })).rejects.toMatchObject({
    code: 'file-unwritable',
  })
  expect([existsSync(file), existsSync(nowhere)]).toEqual([false, false])
  await s.close()
})

it('the record of processing names the terms and recipients as configured', async () => {
  const s = await PrivacyStage.open()
  const schedule = (id: string, to: object): void => {
    const body = JSON.stringify({ format: 'csv', statedReason: 'Audit', ...to })
    s.stage.op('addExportSchedule', { at: s.now, id, by: 'o-1', body, nextAt: s.now })
  }
  const smtpUrl = 'smtps://vigie:mot-de-passe@mail.example:465'
  const written = () => processingRecord(processingFacts(s.stage.db, { ...config, smtpUrl }, s.now), 'md', 'en')
  schedule('s-1', { folder: '/mnt/audit' })
  expect(written()).toContain('/mnt/audit')
  expect(written()).not.toContain('mail.example')
  schedule('s-2', { mail: ['jeanne.martin@hospital.example', 'x@hospital.example'] })
  expect(written()).toContain('The mail server mail.example:465')
  expect(written()).toContain('2 address(es), hospital.example')
  expect(written()).not.toMatch(/mot-de-passe|jeanne/)
  const facts = processingFacts(s.stage.db, config, s.now)
  for (const language of ['fr', 'en'] as const) {
    const md = processingRecord(facts, 'md', language)
    for (const text of ['/mnt/backup', 'tls://logs.example', '3650', 'R5132-36', '90']) expect(md).toContain(text)
    expect(processingRecord(facts, 'html', language)).toContain(`<html lang="${language}">`)
  }
  await s.close()
})
