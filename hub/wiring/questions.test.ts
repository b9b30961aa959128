import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Site } from '../access/site.ts'
import type { Snapshot } from '../access/snapshot.ts'
import { askedSite } from '../access/testing/asked-site.ts'
import type { WhyQuestion } from '../api.ts'
import { isVigieError } from '../errors.ts'
import type { AccessDenied, AccessGranted } from '../events.ts'
import { NOON, Stage } from '../test/stage.ts'
import { type Asking, askingIn, journaled } from './questions.ts'
import { QuestionsThread } from './questions-thread.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let stage: Stage
let revision: number
let snapshot: Snapshot
beforeEach(async () => {
  stage = await Stage.open()
  revision = await stage.apply(askedSite())
  ;({ snapshot } = stage.registry())
})
afterEach(() => stage.close())

const asking = (now = NOON + HOUR): Asking => askingIn(stage.db, () => now)
const pseudonym = (person: string): string => snapshot.badges.get(uidOf(person))!.holder.person
const credential = (uid: string): string => snapshot.badges.get(uid)!.credential
const uidOf = (person: string): string => askedSite().badges.find(b => b.person === person)!.uid

const base = { device: 'cabinet-1', message: 'm1', deviceSeq: 1, deviceAt: NOON }
const who = (person: string, uid = uidOf(person)) => ({ person: pseudonym(person), credential: credential(uid) })
const drugs = { point: 'drawer-1', accessPoint: 'drugs', zone: 'pharmacy' }
const medicines = { point: 'drawer-2', accessPoint: 'medicines', zone: 'pharmacy' }
const denied = (over: Partial<AccessDenied>): AccessDenied => ({
  ...base,
  ...drugs,
  ...who('anna'),
  kind: 'access.denied',
  reason: 'no-right',
  rights: revision,
  ...over,
})
const granted = (over: Partial<AccessGranted> = {}): AccessGranted => ({
  ...base,
  ...medicines,
  ...who('anna'),
  kind: 'access.granted',
  rights: revision,
  command: 'c',
  unlockMs: 5_000,
  via: { kind: 'rule', role: 'nurse', right: 0 },
  ...over,
})
const write = async (event: AccessDenied | AccessGranted, at = NOON): Promise<number> =>
  (await stage.journal.append({ event, at })).seq
const failure = async (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    error => (isVigieError(error) ? [error.code, error.details.field] : error),
  )
const withRole = (id: string, over: Partial<Site['roles'][number]>): Site => {
  const site = askedSite()
  return { ...site, roles: site.roles.map(r => (r.id === id ? { ...r, ...over } : r)) }
}
const loan = (id: string, person: string, from: number, until: number, over = {}) => ({
  id,
  person,
  target: { accessPoint: 'drugs' },
  from,
  until,
  origin: 'loan' as const,
  by: 'cli:test',
  ...over,
})
const issue = (grant: ReturnType<typeof loan>, at: number): number => {
  const { id, person, origin, from, until } = grant
  const event = {
    kind: 'grant.issued',
    grant: id,
    person: pseudonym(person),
    by: 'cli:test',
    origin,
    from,
    until,
  } as const
  return stage.op('issueGrant', { at, grant, event })
}

describe('why, from the journal', () => {
  it('is answered with the rights of that revision, not those of today', async () => {
    const seq = await write(denied({ ...medicines, reason: 'outside-hours' }), NOON + 14 * HOUR)
    const allDay = withRole('nurse', { rights: [{ zone: 'ward', schedule: 'always' }] })
    await stage.apply(allDay)
    const { answer, rows } = await asking().why({ seq })
    expect(rows).toBe(1)
    expect(answer.events).toMatchObject([
      {
        seq,
        person: { id: 'anna', name: 'Anna' },
        accessPoint: { id: 'medicines', name: 'Medicines' },
        journaled: { granted: false, reason: 'outside-hours', text: { fr: 'hors horaire', en: 'outside hours' } },
        remade: { granted: false, reason: 'outside-hours' },
        rights: revision,
        verdict: 'same',
        notes: [],
      },
    ])
    const [event] = answer.events
    expect(event?.steps.some(s => s.outcome === 'stopped' && s.text.fr !== '' && s.text.en !== '')).toBe(true)
    expect(JSON.stringify(answer)).not.toContain(pseudonym('anna'))
  })

  it('finds the badge events of a person around a time of today, on the clock of the site', async () => {
    const at7 = Date.UTC(2026, 5, 10, 5, 2)
    await write(denied({}), at7 - 11 * MINUTE)
    const wanted = await write(denied({}), at7 + 9 * MINUTE)
    await write(denied(who('bela')), at7)
    const { answer } = await asking().why({ person: 'anna', at: '07:02' })
    expect(answer.events.map(e => e.seq)).toEqual([wanted])
    expect([answer.from, answer.until]).toEqual([at7 - 10 * MINUTE, at7 + 10 * MINUTE])
    expect((await asking().why({ person: 'anna', at: '07:02', minutes: 11 })).answer.events).toHaveLength(2)
  })

  it('takes a time of day that is still to come for yesterday, and a badge by its number', async () => {
    const yesterday = Date.UTC(2026, 5, 9, 20)
    const seq = await write(denied({ ...who('anna', '04AA0005'), reason: 'badge-lost' }), yesterday)
    const { answer } = await asking().why({ badge: '04aa0005', at: '22:00' })
    expect(answer.events.map(e => [e.seq, e.verdict])).toEqual([[seq, 'same']])
    expect((await asking().why({ badge: '04AA0001', at: '22:00' })).answer.events).toEqual([])
  })

  it('is answered with the grants of that time, revoked since', async () => {
    const grant = loan('g-00000000000000aa', 'anna', NOON, NOON + HOUR)
    const rights = issue(grant, NOON)
    const via = { kind: 'grant', grant: grant.id } as const
    const seq = await write(granted({ ...drugs, via, rights }), NOON + MINUTE)
    const { id, person, origin, from, until } = grant
    const event = { kind: 'grant.revoked', grant: id, person, by: 'cli:test', origin, from, until } as const
    stage.op('revokeGrant', { at: NOON + 2 * MINUTE, id, event })
    const late = await write(granted({ ...drugs, via, rights: stage.registry().revision }), NOON + 3 * MINUTE)
    expect((await asking().why({ seq })).answer.events[0]).toMatchObject({ remade: { granted: true }, verdict: 'same' })
    const [differing] = (await asking().why({ seq: late })).answer.events
    expect(differing).toMatchObject({ remade: { reason: 'no-right' }, verdict: 'differs' })
    expect(differing?.notes[0]?.en).toMatch(/^Disagreement/)
  })

  it('gives the reason of a situation as the journal has it, with what stood in the way by its name', async () => {
    const site = askedSite()
    const zones = site.zones.map(z => (z.id === 'garden' ? { ...z, antiPassback: { mode: 'hard' as const } } : z))
    const accessPoints = site.accessPoints.map(a =>
      a.id === 'garden-door' ? { ...a, passage: { from: 'ward', to: 'garden' } } : a,
    )
    const rights = await stage.apply({ ...site, zones, accessPoints })
    const door = { device: 'door-2', point: 'door', accessPoint: 'garden-door', zone: 'garden' }
    const row = denied({ ...door, ...who('cleo', '04AA0003'), reason: 'passback', because: 'garden', rights })
    const seq = await write(row)
    const [event] = (await asking().why({ seq })).answer.events
    expect(event).toMatchObject({ verdict: 'situation', journaled: { text: { en: 'already inside (Garden)' } } })
    expect(event?.notes).toHaveLength(2)
    expect(event?.steps.find(s => s.code === 'passback')?.text.en).toBe('Cleo is already inside Garden.')
    expect(event?.steps.find(s => s.code === 'decision')?.text.en).toBe('Refused: already inside.')
  })

  it('names the field that does not fit', async () => {
    const wrong: readonly (readonly [WhyQuestion, string])[] = [
      [{ seq: 1 }, 'seq'],
      [{ seq: 9_999 }, 'seq'],
      [{ person: 'zoe', at: '07:02' }, 'person'],
      [{ badge: '04FFFFFF', at: '07:02' }, 'badge'],
      [{ person: 'anna', badge: '04AA0001', at: '07:02' }, 'person'],
      [{ person: 'anna', at: '7 o’clock' }, 'at'],
      [{ person: 'anna', at: '2026-02-30 07:00' }, 'at'],
    ]
    for (const [question, field] of wrong)
      expect([question, await failure(asking().why(question))]).toEqual([question, ['input-invalid', field]])
  })
})

describe('who and may', () => {
  it('know a grant to come, and a time gone by with the rights of that time', async () => {
    issue(loan('g-00000000000000aa', 'cleo', NOON + DAY, NOON + DAY + HOUR), NOON)
    await stage.apply(withRole('nurse', { rights: [] }))
    const at = '2026-06-11 10:00'
    const names = (answer: { may: readonly { person: { id: string } }[] }) => answer.may.map(m => m.person.id)
    expect(names((await asking().who({ accessPoint: 'drugs', at })).answer)).toEqual(['cleo', 'dora'])
    expect(names((await asking().who({ accessPoint: 'ward-door' })).answer)).toEqual([])
    const cleo = (await asking().may({ person: 'cleo' })).answer
    expect(cleo.points.map(p => p.accessPoint.id)).toEqual(['drugs', 'garden-door'])
    expect(await failure(asking().who({ accessPoint: 'attic' }))).toEqual(['input-invalid', 'accessPoint'])
    expect(await failure(asking().may({ person: 'zoe' }))).toEqual(['input-invalid', 'person'])
    expect(await failure(asking().may({ person: 'anna', at: '25:00' }))).toEqual(['input-invalid', 'at'])
  })
})

describe('simulate', () => {
  const nightOnly = [
    { kind: 'role', id: 'nurse', item: { id: 'nurse', name: 'Nurse', rights: [{ zone: 'ward', schedule: 'night' }] } },
  ]

  it('replays the days asked for, and names who is let in no more', async () => {
    await write(granted(), NOON - 2 * DAY)
    const first = await write(granted(), NOON - DAY + HOUR)
    await write(granted(), NOON)
    await write(denied({}), NOON)
    const { answer, rows } = await asking().simulate({ changes: nightOnly, days: 1 })
    expect(answer).toMatchObject({ events: 3, lost: 2, otherwise: 1, gained: 0, days: 1, morePairs: 0 })
    expect(answer.pairs[0]).toEqual({
      person: { id: 'anna', name: 'Anna' },
      accessPoint: { id: 'medicines', name: 'Medicines' },
      lost: 2,
      gained: 0,
      otherwise: 0,
      first: { seq: first, at: NOON - DAY + HOUR, before: 'granted', after: 'outside-hours' },
    })
    expect(rows).toBe(3)
    expect(stage.registry().revision).toBe(revision)
  })

  it('names people on shift who would lose a point before they go home', async () => {
    const { target: _, ...shift } = loan('g-00000000000000aa', 'bela', NOON, NOON + 8 * HOUR, { origin: 'shift' })
    stage.op('issueGrant', {
      at: NOON,
      grant: { ...shift, origin: 'shift' },
      event: {
        kind: 'grant.issued',
        grant: shift.id,
        person: pseudonym('bela'),
        by: 'cli:test',
        origin: 'shift',
        from: shift.from,
        until: shift.until,
      },
    })
    await write(granted())
    const { onDuty } = (await asking().simulate({ changes: nightOnly })).answer
    expect(onDuty).toMatchObject({ basis: 'shift', people: 1, more: 0 })
    expect(onDuty.changes.map(c => [c.person.name, c.accessPoint.id, c.effect, c.now])).toEqual([
      ['Bela', 'medicines', 'loses', true],
      ['Bela', 'ward-door', 'loses', true],
    ])
  })

  it('without any shift looks at whoever was let in in the last 12 h, and says so', async () => {
    await write(granted(who('dora')), NOON - 12 * HOUR)
    await write(granted(), NOON)
    const { onDuty, notes } = (await asking().simulate({ changes: nightOnly })).answer
    expect([onDuty.basis, onDuty.people]).toEqual(['granted-12h', 1])
    expect(new Set(onDuty.changes.map(c => c.person.id))).toEqual(new Set(['anna']))
    expect(notes.map(n => n.en)).toContainEqual(expect.stringContaining('No shift is known'))
  })

  it('decides a past event by the grant it had, revoked since', async () => {
    const grant = loan('g-00000000000000aa', 'anna', NOON, NOON + HOUR)
    const rights = issue(grant, NOON)
    await write(granted({ ...drugs, via: { kind: 'grant', grant: grant.id }, rights }), NOON + MINUTE)
    const event = { kind: 'grant.revoked', grant: grant.id, person: pseudonym('anna'), by: 'cli:test' } as const
    stage.op('revokeGrant', {
      at: NOON + 2 * MINUTE,
      id: grant.id,
      event: { ...event, origin: 'loan', from: grant.from, until: grant.until },
    })
    const noDrugs = [
      { kind: 'person', id: 'anna', item: null },
      ...askedSite()
        .badges.filter(b => b.person === 'anna')
        .map(b => ({ kind: 'badge', id: b.uid, item: null })),
    ]
    expect((await asking().simulate({ changes: noDrugs })).answer).toMatchObject({ lost: 1 })
    expect((await asking().simulate({ changes: nightOnly })).answer).toMatchObject({ lost: 0, same: 1 })
  })

  it('answers a bad change with its error and leaves everything as it was', async () => {
    const changes = [{ kind: 'schedule', id: 'day', item: null }]
    expect(await failure(asking().simulate({ changes }))).toEqual(['input-invalid', '/role/gardener/rights/0/schedule'])
    expect(stage.registry().revision).toBe(revision)
  })

  it('gives others their turn every few milliseconds, however long the journal', async () => {
    const event = granted()
    const entries = Array.from({ length: 4_000 }, (_, i) => ({ event, at: NOON + i }))
    await stage.journal.appendAll(entries)
    let turns = 0
    let asked = true
    const count = (): void => {
      turns++
      if (asked) setImmediate(count)
    }
    setImmediate(count)
    const { answer } = await asking().simulate({ changes: nightOnly })
    asked = false
    expect(answer.lost).toBe(4_000)
    expect(turns).toBeGreaterThan(8)
  })
})

describe('unused', () => {
  const now = NOON + 100 * DAY
  it('lists rights, memberships and grants nobody used for 90 days, and leaves out what opened', async () => {
    await write(granted(), NOON)
    issue(loan('g-00000000000000aa', 'anna', NOON + 20 * DAY, NOON + 20 * DAY + HOUR), NOON + 20 * DAY)
    await write(granted({ ...who('bela'), via: { kind: 'rule', role: 'night-nurse', right: 0 } }), NOON + 50 * DAY)
    const { answer, rows } = await asking(now).unused({})
    expect(answer).not.toHaveProperty('journalSince')
    expect(answer.rights.map(r => `${r.role.id}/${r.right} ${r.pointer}`)).toEqual([
      'charge/0 /roles/1/rights/0',
      'gardener/0 /roles/2/rights/0',
      'nurse/0 /roles/4/rights/0',
      'nurse/1 /roles/4/rights/1',
    ])
    expect(answer.memberships.map(m => `${m.person.id}:${m.role.id}`)).not.toContain('bela:night-nurse')
    expect(answer.memberships.map(m => `${m.person.id}:${m.role.id}`)).toContain('bela:nurse')
    expect(answer.grants.map(g => [g.grant, g.ended])).toEqual([['g-00000000000000aa', true]])
    expect(rows).toBe(1)
  })

  it('says since when the journal reaches back where that is shorter, and judges by that', async () => {
    await write(granted(), NOON + HOUR)
    const { answer } = await asking(NOON + 10 * DAY).unused({})
    expect(answer).toMatchObject({ days: 90, since: NOON, journalSince: NOON })
    expect(answer.rights.map(r => r.role.id)).toContain('gardener')
    expect(answer.rights.map(r => `${r.role.id}/${r.right}`)).not.toContain('nurse/0')
  })

  it('lists nothing that has not been in force for so long', async () => {
    const site = askedSite()
    const fresh = { id: 'fresh', name: 'Fresh', rights: [{ zone: 'garden', schedule: 'always' }] }
    const event = { kind: 'rights.changed', revision: 0, added: 1, changed: 0, removed: 0, origin: 'test' } as const
    const base = stage.registry().revision
    const changes = [{ kind: 'role' as const, id: 'fresh', body: JSON.stringify(fresh) }]
    stage.op('applySite', { at: NOON + 50 * DAY, changes, base, withdrawn: [], events: [event] })
    const listed = async (days: number) => (await asking(now).unused({ days })).answer.rights.map(r => r.role.id)
    expect(site.roles.some(r => r.id === 'fresh')).toBe(false)
    expect(await listed(90)).not.toContain('fresh')
    expect(await listed(40)).toContain('fresh')
  })
})

describe('asking', () => {
  it('is written down before the answer is out where it reads people’s history, and only there', async () => {
    const seq = await write(denied({}))
    const noted: unknown[] = []
    const questions = journaled(asking(), (by, rows) => noted.push([by, rows]))
    await questions.who({ accessPoint: 'drugs' })
    await questions.may({ person: 'anna' })
    expect(noted).toEqual([])
    await questions.why({ seq }, 'op-1')
    await questions.simulate(
      {
        changes: [
          { kind: 'role', id: 'barred', item: null },
          { kind: 'person', id: 'emil', item: null },
          { kind: 'badge', id: '04AA0011', item: null },
        ],
      },
      'op-2',
    )
    await questions.unused({ days: 1 }, 'op-3')
    expect(noted).toEqual([
      ['op-1', 1],
      ['op-2', 1],
      ['op-3', 1],
    ])
    const refusing = journaled(asking(), () => Promise.reject(new Error('disk full')))
    await expect(refusing.why({ seq }, 'op-1')).rejects.toThrow('disk full')
  })

  it('in a thread of its own gives the same answers and the same errors, and ends with the hub', async () => {
    const seq = await write(denied({}))
    const thread = new QuestionsThread(stage.folder)
    expect(await thread.why({ seq })).toEqual(await asking().why({ seq }))
    const at = '2026-12-25 03:00'
    expect(await thread.who({ accessPoint: 'drugs', at })).toEqual(await asking().who({ accessPoint: 'drugs', at }))
    expect(await failure(thread.may({ person: 'zoe' }))).toEqual(['input-invalid', 'person'])
    const tooMany = Array.from({ length: 9 }, () => thread.may({ person: 'anna' }))
    expect(await failure(tooMany.at(-1)!)).toEqual(['too-many-requests', undefined])
    await Promise.all(tooMany.slice(0, -1))
    const last = failure(thread.why({ seq }))
    await thread.stop()
    expect(await last).toEqual(new Error('the hub is stopping'))
  })
})
