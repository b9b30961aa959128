/** Erasing somebody takes what is theirs, all of it, and nothing of anybody else's: whatever happens in between. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import { Registry } from '../flows/registry.ts'
import { verify } from '../record/chain-verify.ts'
import { takeHubLock } from '../record/database.ts'
import { openErasures } from '../record/ops-privacy.ts'
import { readChanges, readRegistry } from '../record/registry.ts'
import { scan } from './byte-scan.ts'
import { DAY, NAME, PERSON, PrivacyStage, TRACES, UIDS, wardSite } from './privacy-stage.ts'
import { NOON } from './stage.ts'

const wish = { person: PERSON, by: 'cli:test', withdraw: true }
const [FIRST = '', SECOND = ''] = UIDS
const about = (s: PrivacyStage, text: string): VigieEvent[] =>
  s.stage.events().filter(e => JSON.stringify(e).includes(text))

it('a badge that somebody else carries now stays theirs, with its rows: only her own passages with it go', async () => {
  const s = await PrivacyStage.open()
  await s.append(NOON - DAY, [s.granted(PERSON, FIRST, 'ward-door'), s.granted(PERSON, FIRST, 'medicines')])
  const site = wardSite()
  const handed = site.badges.find(b => b.uid === FIRST)
  if (handed) Object.assign(handed, { person: 'anna' })
  await s.stage.apply(site)
  await s.append(NOON, [s.granted('anna', FIRST, 'ward-door')])
  const badge = s.stage.pseudonym('badge', FIRST)
  const hers = s.p()
  expect((await s.acts().erase(wish)).done).toBe(true)
  expect(about(s, hers)).toEqual([])
  expect(about(s, badge).map(e => 'person' in e && e.person)).toEqual([s.p('anna')])
  expect(s.stage.pseudonym('badge', FIRST)).toBe(badge)
  expect(new Registry(readRegistry(s.stage.db)).pseudonymOf('badge', FIRST)).toBe(badge)
  expect(scan(s.dir, s.stage.folder.key, [NAME, PERSON, SECOND])).toEqual([])
  await s.close()
})

it('a badge that was somebody else’s before leaves the site with her, and the other’s rows stay', async () => {
  const s = await PrivacyStage.open()
  const site = wardSite()
  const theirs = site.badges.find(b => b.person === 'anna')
  const uid = theirs?.uid ?? ''
  await s.append(NOON - DAY, [s.granted('anna', uid, 'ward-door')])
  if (theirs) theirs.person = PERSON
  await s.stage.apply(site)
  await s.append(NOON, [s.granted(PERSON, uid, 'ward-door')])
  expect((await s.acts().erase(wish)).done).toBe(true)
  expect(about(s, s.stage.pseudonym('badge', uid)).map(e => 'person' in e && e.person)).toEqual([s.p('anna')])
  expect(s.stage.db.prepare("select count(*) n from site_item where kind = 'badge' and id = ?").get(uid)).toEqual({
    n: 0,
  })
  await s.close()
})

it('a hub that dies after the request and before anything else forgets everything the night after, beside the journal too', async () => {
  const s = await PrivacyStage.open()
  await s.fill()
  const gone = wardSite()
  gone.people = gone.people.filter(p => p.id !== PERSON)
  gone.badges = gone.badges.filter(b => b.person !== PERSON)
  await s.stage.apply(gone)
  s.stage.op('askErasure', { at: NOON, id: 'e-1', person: PERSON, by: 'cli:test', count: 0 })
  expect((await s.acts().purging.run()).erasures).toBe(1)
  expect(scan(s.dir, s.stage.folder.key, TRACES)).toEqual([])
  expect(verify(s.stage.db)).toMatchObject({ ok: true })
  await s.close()
})

it('somebody who could not be withdrawn is not erased behind their back at night: they still open doors, under their name', async () => {
  const s = await PrivacyStage.open()
  await s.fill()
  const rows = about(s, s.p()).length
  s.stage.op('askErasure', { at: NOON, id: 'e-1', person: PERSON, by: 'cli:test', count: 0 })
  expect((await s.acts().purging.run()).erasures).toBe(0)
  const registry = new Registry(readRegistry(s.stage.db))
  expect(registry.nameOf(s.p())?.name).toBe(NAME)
  expect(about(s, s.p())).toHaveLength(rows + 1)
  expect((await s.acts().erase(wish)).done).toBe(true)
  await s.acts().purging.run()
  expect(openErasures(s.stage.db)).toEqual([])
  expect(scan(s.dir, s.stage.folder.key, TRACES)).toEqual([])
  await s.close()
})

it('a hold on a person keeps rows that name their badge alone, after the rest of them was erased too', async () => {
  const s = await PrivacyStage.open()
  await s.fill()
  const { person: _, ...nobody } = s.granted(PERSON, FIRST, 'ward-door') as VigieEvent & { person: string }
  await s.append(NOON, [{ ...nobody, kind: 'access.denied', reason: 'pin-wrong' } as unknown as VigieEvent])
  const acts = s.acts()
  const badge = s.stage.pseudonym('badge', FIRST)
  const id = await acts.placeHold({ person: PERSON, statedReason: 'Enquête', by: 'cli:test' })
  const before = about(s, badge).length
  expect((await s.acts().erase(wish)).done).toBe(false)
  s.now = NOON + 5000 * DAY
  await s.acts().purging.run()
  await s.acts().purging.run()
  expect(about(s, badge)).toHaveLength(before)
  await acts.releaseHold(id, 'cli:test')
  await s.acts().purging.run()
  expect(scan(s.dir, s.stage.folder.key, TRACES)).toEqual([])
  await s.close()
})

it('whoever is entered under the id of somebody erased is known by their own pseudonym, though a hub hears of both at once', async () => {
  const s = await PrivacyStage.open()
  const registry = new Registry(readRegistry(s.stage.db, NOON))
  const since = registry.revision
  await s.acts().erase(wish)
  await s.stage.apply(wardSite('Somebody Else'))
  const changed = registry.changed(readChanges(s.stage.db, since))
  expect(changed.pseudonymOf('person', PERSON)).toBe(s.p())
  expect(changed.nameOf(s.p())?.name).toBe('Somebody Else')
  await s.close()
})

it('copies that an interrupted backup or restore left go with the erasure; one that is being made stays', async () => {
  const s = await PrivacyStage.open()
  const [left, held] = [join(s.dir, '.backup-left'), join(s.dir, '.backup-held')]
  const restored = join(dirname(s.dir), `.${basename(s.dir)}.restoring-left`)
  for (const folder of [left, held, restored]) mkdirSync(folder)
  writeFileSync(join(left, 'vigie.db'), NAME)
  const making = takeHubLock(held)
  expect((await s.acts().erase(wish)).done).toBe(true)
  expect([left, restored, held].map(folder => existsSync(folder))).toEqual([false, false, true])
  making?.release()
  await s.close()
})

it('whoever is entered again while the night looks for people nobody names keeps name and pseudonym', async () => {
  const s = await PrivacyStage.open()
  const [anna, hers] = [s.p('anna'), s.p()]
  expect(s.stage.op('forgetSubjects', { at: NOON, pseudonyms: [anna, hers, 'p-0000000000000000'] })).toBe(0)
  expect([s.p('anna'), s.p()]).toEqual([anna, hers])
  await s.close()
})
