/** What is past its term goes at night, with a row that vouches for it; what a hold keeps stays. */
import { expect, it } from 'vitest'
import type { PayloadsErased, VigieEvent } from '../events.ts'
import { PayloadsPurged } from '../flows/payloads-purged.ts'
import { verify } from '../record/chain-verify.ts'
import { openDatabase } from '../record/database.ts'
import { rangesText } from '../record/erasing.ts'
import { siteAt } from '../record/past.ts'
import { privacyIn } from '../wiring/privacying.ts'
import { DAY, PERSON, PrivacyStage, UIDS, wardSite } from './privacy-stage.ts'
import { NOON } from './stage.ts'

const kept = (s: PrivacyStage): VigieEvent[] =>
  s.stage.events().filter(e => e.kind === 'access.granted' || e.kind === 'hub.started')
const vouchers = (s: PrivacyStage): PayloadsErased[] =>
  s.stage.events().filter(e => e.kind === 'payloads.erased') as PayloadsErased[]

/** 900 passages and one of controlled drugs, a hundred days ago; a passage of yesterday. */
async function years(): Promise<PrivacyStage> {
  const s = await PrivacyStage.open()
  const doors = Array.from({ length: 900 }, () => s.granted(PERSON, UIDS[0] ?? '', 'ward-door'))
  await s.append(NOON - 100 * DAY, doors)
  await s.append(NOON - 100 * DAY, [s.granted(PERSON, UIDS[0] ?? '', 'drugs')])
  await s.append(NOON - DAY, [s.granted(PERSON, UIDS[0] ?? '', 'ward-door')])
  return s
}

it('900 passages of a hundred days ago go in slices; the register of controlled drugs and yesterday stay', async () => {
  const s = await years()
  const { purging } = s.acts()
  expect(await purging.dryRun()).toEqual({ payloads: { passages: 900 }, total: 900 })
  expect(kept(s)).toHaveLength(902)
  expect(await purging.run()).toMatchObject({ payloads: { passages: 900 }, total: 900 })
  expect(kept(s).map(e => 'accessPoint' in e && e.accessPoint)).toEqual(['drugs', 'ward-door'])
  // Each is a transaction that a badge may have to wait behind.
  expect(vouchers(s).map(v => [v.cause, v.purpose, v.count])).toEqual(Array(9).fill(['term', 'passages', 100]))
  expect(verify(s.stage.db)).toMatchObject({ ok: true, erased: 900 })
  expect(await s.acts().purging.run()).toMatchObject({ total: 0 })
  await s.close()
})

it('a purge broken off goes on the next night, and nothing goes twice', async () => {
  const s = await years()
  const looking = privacyIn(openDatabase(s.stage.folder, { readonly: true }))
  let slices = 0
  const broken = new PayloadsPurged({
    policy: () => looking.policy(),
    find: (after, now) => looking.due({ after, now }),
    erase: a => {
      if (++slices > 1) throw new Error('the power went')
      return s.stage.op('erasePayloads', a)
    },
    dropPastTerm: () => 0,
    finish: async () => 0,
    unnamed: async () => [],
    forgetSubjects: () => 0,
    clean: async () => undefined,
    now: () => NOON,
  })
  await expect(broken.run()).rejects.toThrow('the power went')
  expect(await s.acts().purging.run()).toMatchObject({ total: 800 })
  expect(verify(s.stage.db)).toMatchObject({ ok: true, erased: 900 })
  await s.close()
})

it('a hold that is placed in the middle of a purge counts from that slice on', async () => {
  const s = await years()
  const looking = privacyIn(openDatabase(s.stage.folder, { readonly: true }))
  const acts = s.acts()
  const slice = await looking.due({ after: 0, now: NOON })
  const [[, seqs]] = slice.due as [[string, number[]]]
  await acts.placeHold({ zone: 'ward', statedReason: 'Inquiry into the pharmacy', by: 'cli:test' })
  const late = s.stage.op('erasePayloads', { at: NOON, cause: 'term', seqs: seqs.slice(0, 400), basis: slice.basis })
  expect(late).toBe(false)
  // The rows are of the pharmacy, which lies in the ward.
  expect(await acts.purging.run()).toMatchObject({ total: 0 })
  expect(kept(s)).toHaveLength(902)
  await s.close()
})

it('a hold that is placed between two looks keeps what the first one found', async () => {
  const s = await PrivacyStage.open()
  await s.append(
    NOON - 100 * DAY,
    Array.from({ length: 90 }, () => s.granted(PERSON, UIDS[0] ?? '', 'ward-door')),
  )
  const acts = s.acts()
  const looking = privacyIn(openDatabase(s.stage.folder, { readonly: true }))
  let looks = 0
  const purging = new PayloadsPurged({
    ...{ policy: () => looking.policy(), dropPastTerm: () => 0, finish: async () => 0, unnamed: async () => [] },
    ...{ forgetSubjects: () => 0, clean: async () => undefined, now: () => NOON },
    find: async (after, now) => {
      if (++looks === 2) await acts.placeHold({ person: PERSON, statedReason: 'Inquiry', by: 'cli:test' })
      const slice = await looking.due({ after, now })
      return looks === 1 ? { ...slice, next: 45 } : slice
    },
    erase: a => s.stage.op('erasePayloads', a),
  })
  expect(await purging.run()).toMatchObject({ total: 0 })
  expect(kept(s)).toHaveLength(90)
  await s.close()
})

it('a site that keeps passages for thirty days loses them after thirty', async () => {
  const s = await PrivacyStage.open()
  await s.append(NOON - 31 * DAY, [s.granted(PERSON, UIDS[0] ?? '', 'ward-door')])
  expect(await s.acts().purging.dryRun()).toMatchObject({ total: 0 })
  const site = wardSite()
  site.site.policy = { retention: { passages: 30 } }
  await s.stage.apply(site)
  expect(await s.acts().purging.dryRun()).toEqual({ payloads: { passages: 1 }, total: 1 })
  await s.close()
})

it('a term below what the law asks for is refused, naming the field and why', async () => {
  const s = await PrivacyStage.open()
  const site = wardSite()
  site.site.policy = { retention: { 'controlled-drugs': 365 } }
  await expect(s.stage.apply(site)).rejects.toMatchObject({
    code: 'site-invalid',
    details: {
      field: '/site/policy/retention/controlled-drugs',
      expected: {
        en: 'at least 3650 days: the law asks for them',
        fr: 'au moins 3650\u00a0jours\u202f: la loi les demande',
      },
    },
  })
  await s.close()
})

it('people who left more than a year ago, and whom no row names, are known by pseudonym alone; the past begins later', async () => {
  const s = await PrivacyStage.open()
  const first = s.stage.registry().revision - 1
  const gone = wardSite()
  gone.people = gone.people.filter(p => p.id !== PERSON)
  gone.badges = gone.badges.filter(b => b.person !== PERSON)
  const pseudonym = s.p()
  await s.stage.apply(gone)
  expect(siteAt(s.stage.db, first)?.items.length).toBeGreaterThan(0)
  s.now = NOON + 366 * DAY
  const { past, subjects } = await s.acts().purging.run()
  expect([past >= 4, subjects]).toEqual([true, 3])
  const left = s.stage.db.prepare('select id, label from pseudonym where pseudonym = ?').get(pseudonym)
  expect(left).toEqual({ id: pseudonym, label: null })
  expect(siteAt(s.stage.db, first)).toBeUndefined()
  expect(siteAt(s.stage.db, s.stage.registry().revision)?.items.length).toBeGreaterThan(0)
  await s.close()
})

it('ranges are written short', () => {
  expect(rangesText([1, 2, 3, 5, 8, 9])).toBe('1-3,5,8-9')
})
