/** Erasing somebody leaves a chain that verifies, and nothing of them on the disk. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Registry } from '../flows/registry.ts'
import { verify } from '../record/chain-verify.ts'
import { openErasures } from '../record/ops-privacy.ts'
import { readChanges, readRegistry } from '../record/registry.ts'
import { scan } from './byte-scan.ts'
import { DAY, NAME, PERSON, PrivacyStage, TRACES, UIDS } from './privacy-stage.ts'
import { NOON } from './stage.ts'

const wish = { person: PERSON, by: 'cli:test', withdraw: true }

it('a byte scan of every page, log and file finds the person before the erasure, and nothing of them after it', async () => {
  const s = await PrivacyStage.open()
  await s.fill()
  const look = () => scan(s.dir, s.stage.folder.key, TRACES)
  const before = look()
  expect([...new Set(before.map(f => f.text))].sort()).toEqual([...TRACES].sort())
  for (const file of ['vigie.db', 'search.db', 'e-1.csv', 'spool.bad.jsonl'])
    expect(before.some(f => f.file.includes(file))).toBe(true)

  const registry = new Registry(readRegistry(s.stage.db, NOON))
  const since = registry.revision
  const pseudonym = s.p()
  const done = await s.acts().erase(wish)
  expect(done).toMatchObject({ done: true, kept: [] })
  expect(done.erased).toBeGreaterThan(30)
  expect(look()).toEqual([])
  expect(verify(s.stage.db)).toMatchObject({ ok: true, erased: done.erased })

  const changed = registry.changed(readChanges(s.stage.db, since))
  expect(changed.nameOf(pseudonym)).toBeUndefined()
  expect(changed.pseudonymOf('person', PERSON)).toBeUndefined()
  expect(changed.pseudonymOf('badge', UIDS[0] ?? '')).toBeUndefined()
  expect(s.stage.events().filter(e => e.kind.startsWith('privacy.'))).toEqual([
    { kind: 'privacy.erased', by: 'cli:test', id: done.id, count: done.erased },
  ])
  await s.close()
})

it('what the law keeps waits with its name, says until when, and goes the night after', async () => {
  const s = await PrivacyStage.open()
  await s.fill({ drugs: true })
  const pseudonym = s.p()
  const until = NOON - DAY + 3650 * DAY
  const done = await s.acts().erase({ ...wish, statedReason: 'Left the house' })
  expect(done).toMatchObject({ done: false, kept: [{ purpose: 'controlled-drugs', rows: 1, until, holds: [] }] })
  const left = s.stage.events().filter(e => JSON.stringify(e).includes(pseudonym))
  expect(left.map(e => e.kind)).toEqual(['access.granted', 'privacy.erasure-asked'])
  expect(new Registry(readRegistry(s.stage.db)).nameOf(pseudonym)?.name).toBe(NAME)
  expect(scan(s.dir, s.stage.folder.key, [PERSON, 'mégarde'])).toEqual([])
  // The id is free: whoever is entered under it now is somebody else.
  const registry = new Registry(readRegistry(s.stage.db))
  expect(registry.pseudonymOf('person', PERSON)).toBeUndefined()

  s.now = until - 1
  expect((await s.acts().purging.run()).erasures).toBe(0)
  expect(openErasures(s.stage.db)).toHaveLength(1)
  s.now = until
  expect((await s.acts().purging.run()).erasures).toBe(1)
  expect(openErasures(s.stage.db)).toEqual([])
  expect(scan(s.dir, s.stage.folder.key, TRACES)).toEqual([])
  expect(verify(s.stage.db)).toMatchObject({ ok: true })
  await s.close()
})

it('a hold keeps what it names from the erasure and from the night, until it is released', async () => {
  const s = await PrivacyStage.open()
  await s.fill()
  const acts = s.acts()
  const id = await acts.placeHold({ person: PERSON, accessPoint: 'medicines', statedReason: 'Enquête', by: 'cli:test' })
  const done = await s.acts().erase(wish)
  expect(done.done).toBe(false)
  expect(done.kept).toEqual([{ purpose: 'medicines', rows: 30, holds: [id] }])
  s.now = NOON + 5000 * DAY
  await s.acts().purging.run()
  const held = s.stage.events().filter(e => e.kind === 'access.granted')
  expect(held).toHaveLength(30)
  await acts.releaseHold(id, 'cli:test')
  expect((await s.acts().purging.run()).erasures).toBe(1)
  expect(scan(s.dir, s.stage.folder.key, TRACES)).toEqual([])
  await s.close()
})

it('is refused where somebody is of the site still, unknown, holds the last account, or rows wait in the spool', async () => {
  const s = await PrivacyStage.open()
  const acts = s.acts()
  const before = s.stage.contents()
  await expect(acts.erase({ ...wish, withdraw: false })).rejects.toMatchObject({ code: 'erasure-active' })
  await expect(acts.erase({ ...wish, person: 'nobody' })).rejects.toMatchObject({ code: 'person-unknown' })
  expect(s.stage.contents()).toEqual(before)

  const spool = join(s.dir, 'spool.jsonl')
  writeFileSync(spool, 'x')
  await expect(acts.erase(wish)).rejects.toMatchObject({ code: 'erasure-spooled' })
  rmSync(spool)

  const review = { person: s.p(), accessPoint: 'drugs', zone: 'pharmacy', at: NOON, dueAt: NOON, escalations: 0 }
  const open = { kind: 'review', key: 'e-1', value: { ...review, statedReason: 'x' } } as const
  s.stage.op('act', { at: NOON, situations: [open], events: [] })
  await expect(acts.erase(wish)).rejects.toMatchObject({ code: 'erasure-review' })
  s.stage.op('act', { at: NOON, situations: [{ kind: 'review', key: 'e-1' }], events: [] })

  s.stage.op('keepSetupToken', { hash: 'h' })
  const account = { id: 'o-1', login: 'helene', name: NAME, role: 'administrator', passwordHash: 'x', createdAt: NOON }
  s.stage.op('createFirstOperator', { operator: account, setupTokenHash: 'h' })
  s.stage.op('linkOperator', { at: NOON, login: 'helene', person: PERSON })
  await expect(acts.erase(wish)).rejects.toMatchObject({ code: 'erasure-last-administrator' })
  await s.close()
})
