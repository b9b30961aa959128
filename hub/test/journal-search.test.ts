/** Searching the journal over the real HTTP server: who may look for what, and that looking is a row. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalDays, JournalPage, OperatorRole, Problem, SavedSearch } from '../api.ts'
import type { JournalRead, VigieEvent } from '../events.ts'
import { JournalSearched } from '../flows/journal-searched.ts'
import { journalRoutes } from '../http/routes/journal.ts'
import { savedSearches } from '../record/ops-search.ts'
import { searchingIn } from '../wiring/searching.ts'
import { startHub, type TestHub } from './http-hub.ts'
import { smallSite } from './small-site.ts'
import { NOON, Stage } from './stage.ts'

const ROLES = ['administrator', 'security', 'auditor'] as const
let stage: Stage
let hub: TestHub
let searching: ReturnType<typeof searchingIn>
let anna: { readonly person: string; readonly credential: string }
let refuse = false
let held: Promise<void> | undefined
let hold: () => void
const cookies: Partial<Record<OperatorRole, string>> = {}

beforeAll(async () => {
  stage = await Stage.open()
  await stage.apply(smallSite())
  anna = { person: stage.pseudonym('person', 'anna'), credential: stage.pseudonym('badge', '04AA0001') }
  const about = { device: 'cabinet-1', point: 'drawer-1', accessPoint: 'drugs', zone: 'pharmacy' } as const
  const origin = { message: 'm', deviceSeq: 1, deviceAt: NOON, rights: 1 }
  const said = { statedReason: 'Morphine lit 4', reference: { kind: 'patient', id: 'IPP-7' } } as const
  await stage.journal.appendAll([
    { at: NOON, event: { kind: 'access.denied', ...about, ...origin, ...anna, ...said, reason: 'no-right' } },
    { at: NOON + 86_400_000, event: { kind: 'duress.raised', ...about, ...anna } },
  ])
  searching = searchingIn(stage.folder, stage.db)
  const registry = stage.registry()
  const journal = new JournalSearched({
    timeZone: () => 'Europe/Paris',
    find: async (filter, except, paging, of) => {
      await held
      return searching.page({ filter, except, paging, ...of })
    },
    count: (filter, except, of) => searching.count({ filter, except, ...of }),
    record: event => {
      if (refuse) throw new Error('the disk is gone')
      return stage.journal.append({ event, at: NOON + 1 })
    },
    nameOf: pseudonym => registry.nameOf(pseudonym),
    personOf: operator => (operator === 'op-auditor' ? anna.person : undefined),
  })
  hub = await startHub({
    plugins: [
      journalRoutes(journal, {
        list: operator => savedSearches(stage.db, operator),
        save: (operator, search) => stage.op('saveSearch', { operator, search }),
        drop: (operator, id) => stage.op('dropSearch', { operator, id }),
      }),
    ],
  })
  cookies.administrator = await hub.setUp()
  for (const role of ['security', 'auditor'] as const) cookies[role] = await hub.signInAs(role)
})
afterAll(async () => {
  await hub.stop()
  searching.close()
  await stage.close()
})

const ask = (path: string, role: OperatorRole | undefined = 'auditor', more: object = {}) =>
  hub.ask(`/api/v1${path}`, { cookie: role && cookies[role], ...more })
const refusal = async (path: string, role?: OperatorRole): Promise<readonly unknown[]> => {
  const answer = await ask(path, role)
  const { code, field } = answer.json<Problem>()
  return [answer.status, code, ...(field === undefined ? [] : [field])]
}
const reads = (): JournalRead[] => stage.events().filter(e => e.kind === 'journal.read')

describe('looking for rows', () => {
  it('shows them with names, and is itself a row first, with the filter in pseudonyms and without its words', async () => {
    const before = reads().length
    const answer = await ask('/journal?person=anna&text=morph&kind=access.denied&kind=access.granted&from=2026-06-10')
    expect(answer.status).toBe(200)
    const { rows, next } = answer.json<JournalPage>()
    expect(rows).toMatchObject([
      { kind: 'access.denied', at: NOON, event: { statedReason: 'Morphine lit 4', person: anna.person } },
    ])
    expect([rows[0]?.who, next]).toEqual([{ [anna.person]: { name: 'Anna', role: expect.any(String) } }, undefined])
    expect(reads().slice(before)).toEqual([
      {
        kind: 'journal.read',
        by: 'op-auditor',
        rows: 1,
        what: 'search',
        filter: {
          from: Date.parse('2026-06-10T00:00:00+02:00'),
          person: anna.person,
          kind: 'access.denied,access.granted',
          text: true,
        },
      },
    ])
    expect(JSON.stringify(reads().at(-1))).not.toMatch(/anna|morph/i)
  })

  it('finds somebody by a part of their name, and by the number of their badge', async () => {
    for (const query of ['text=ann', 'badge=04aa0001', 'class=controlled-drugs&reason=no-right']) {
      const { rows } = (await ask(`/journal?${query}&kind=access.denied`)).json<JournalPage>()
      expect([query, rows.map(r => r.kind)]).toEqual([query, ['access.denied']])
    }
  })

  it('of security: by place and time, without what somebody wrote; never by person, badge, actor or words', async () => {
    const { rows } = (await ask('/journal?zone=pharmacy&kind=access.denied', 'security')).json<JournalPage>()
    expect(rows[0]?.event).toMatchObject({ kind: 'access.denied', reason: 'no-right', person: anna.person })
    expect(JSON.stringify(rows)).not.toMatch(/morphine|ipp/i)
    for (const query of ['person=anna', 'badge=04AA0001', 'by=claire', 'text=x'])
      for (const path of [`/journal?${query}`, `/journal/days?${query}`])
        expect(await refusal(path, 'security')).toEqual([403, 'not-allowed'])
  })

  it('of security: not by whoever changed rights either', async () => {
    expect((await ask('/journal?origin=grant', 'security')).status).toBe(200)
    for (const origin of ['cli:claire', 'o-0123456789abcdef'])
      expect(await refusal(`/journal?origin=${origin}`, 'security')).toEqual([403, 'not-allowed'])
  })

  it('writes down no name that somebody typed for a code', async () => {
    const typed = ['reason=Anna.Martin', 'origin=x:Anna.Martin', 'by=cli:anna.martin']
    for (const query of typed)
      for (const path of ['/journal', '/journal/days']) expect((await ask(`${path}?${query}`)).status).toBe(200)
    const notes = reads().slice(-6)
    expect(notes.map(n => n.filter)).toEqual([
      ...[{ reason: true }, { reason: true }, { origin: true }, { origin: true }, { by: true }, { by: true }],
    ])
    expect((await ask('/journal?reason=no-right')).status).toBe(200)
    expect(reads().at(-1)?.filter).toEqual({ reason: 'no-right' })
  })

  it('leaves room for others: one reader has four searches at once', async () => {
    const statuses = async (role: OperatorRole, n: number): Promise<number[]> =>
      (await Promise.all(Array.from({ length: n }, () => ask('/journal', role)))).map(a => a.status).sort()
    const wait = new Promise<void>(resolve => {
      hold = resolve
    })
    held = wait
    const [many, others] = [statuses('auditor', 6), statuses('security', 2)]
    const refused = await Promise.race([many, ask('/journal', 'auditor')])
    hold()
    held = undefined
    expect('status' in refused && [refused.status, refused.json<Problem>().code]).toEqual([429, 'too-many-requests'])
    expect([await many, await others]).toEqual([
      [200, 200, 200, 200, 429, 429],
      [200, 200],
    ])
    expect(await statuses('auditor', 4)).toEqual([200, 200, 200, 200])
  })

  it('does not tell an auditor of cries for help, in rows or in counts', async () => {
    expect(await refusal('/journal?kind=duress.raised')).toEqual([403, 'not-allowed'])
    expect((await ask('/journal?limit=1000')).text).not.toContain('duress')
    const days = (await ask('/journal/days?accessPoint=drugs')).json<JournalDays>()
    expect(days).toEqual({ timezone: 'Europe/Paris', days: [{ day: '2026-06-10', rows: 1 }], total: 1 })
    const all = (await ask('/journal/days?accessPoint=drugs', 'administrator')).json<JournalDays>()
    expect(all.total).toBe(2)
    expect(reads().at(-1)).toMatchObject({ by: 'op-claire', what: 'days', rows: 2, filter: { accessPoint: 'drugs' } })
  })

  it.each([
    ['/journal?colour=red', [422, 'input-invalid', '/colour']],
    ['/journal?kind=nonsense', [422, 'input-invalid', '/kind']],
    ['/journal?limit=1001', [422, 'input-invalid', '/limit']],
    ['/journal?person=nobody', [422, 'filter-invalid', 'person']],
    ['/journal?from=yesterday', [422, 'filter-invalid', 'from']],
    ['/journal?from=2026-06-11&until=2026-06-10', [422, 'range-inverted']],
    ['/journal?cursor=AAAA', [422, 'cursor-invalid']],
  ])('refuses %s', async (path, expected) => {
    expect(await refusal(path)).toEqual(expected)
  })

  it('goes on from a page mark, and refuses one of another search or of another role', async () => {
    const { rows, next } = (await ask('/journal?limit=1', 'administrator')).json<JournalPage>()
    const second = (await ask(`/journal?limit=1&cursor=${next}`, 'administrator')).json<JournalPage>()
    expect(second.rows[0]!.seq).toBe(rows[0]!.seq - 1)
    expect(await refusal(`/journal?zone=pharmacy&cursor=${next}`, 'administrator')).toEqual([422, 'cursor-invalid'])
    expect(await refusal(`/journal?cursor=${next}`, 'auditor')).toEqual([422, 'cursor-invalid'])
  })

  it('shows nothing where the reading can not be recorded', async () => {
    refuse = true
    try {
      const answer = await ask('/journal')
      expect([answer.status, answer.text.includes('rows')]).toEqual([500, false])
    } finally {
      refuse = false
    }
  })

  it('asks for a session', async () => {
    for (const path of ['/journal', '/journal/days', '/journal/searches', '/me/history'])
      expect((await hub.ask(`/api/v1${path}`)).status).toBe(401)
  })
})

describe('one’s own history', () => {
  it('is shown to the person an operator is, without who looked into it, and is a row', async () => {
    const { rows } = (await ask('/me/history')).json<JournalPage>()
    expect(rows.map(r => r.kind)).toEqual(['access.denied'])
    expect(rows[0]?.event).toMatchObject({ statedReason: 'Morphine lit 4' })
    expect(reads().at(-1)).toEqual({
      kind: 'journal.read',
      by: 'op-auditor',
      rows: 1,
      what: 'own',
      filter: { person: anna.person },
    })
  })

  it('does not warn whoever is being inquired into', async () => {
    const hold = { statedReason: 'Soupçon de vol', by: 'op-claire', person: anna.person }
    stage.op('placeHold', { at: NOON, id: 'h-1', hold })
    const { rows } = (await ask('/journal?person=anna&kind=hold.placed')).json<JournalPage>()
    expect(rows).toHaveLength(1)
    expect((await ask('/me/history')).text).not.toMatch(/hold|vol/)
  })

  it('is nobody’s where the account is linked to nobody', async () => {
    expect(await refusal('/me/history', 'security')).toEqual([404, 'history-unlinked'])
  })

  it('takes no other person', async () => {
    expect(await refusal('/me/history?person=anna')).toEqual([422, 'input-invalid', '/person'])
  })
})

describe('saved searches', () => {
  const put = (id: string, body: object, role: OperatorRole = 'auditor') =>
    ask(`/journal/searches/${id}`, role, { method: 'PUT', body })
  const list = async (role: OperatorRole): Promise<SavedSearch[]> =>
    (await ask('/journal/searches', role)).json<SavedSearch[]>()

  it('are each operator’s own: kept, replaced, deleted', async () => {
    const filter = { person: 'anna', from: NOON, kinds: ['access.denied'] }
    expect((await put('drugs', { name: 'Refus', filter })).status).toBe(200)
    expect((await put('drugs', { name: 'Refus d’Anna', filter })).status).toBe(200)
    expect(await list('auditor')).toEqual([{ id: 'drugs', name: 'Refus d’Anna', filter }])
    for (const role of ['administrator', 'security'] as const) expect(await list(role)).toEqual([])
    expect((await ask('/journal/searches/drugs', 'administrator', { method: 'DELETE' })).status).toBe(404)
    expect((await ask('/journal/searches/drugs', 'auditor', { method: 'DELETE' })).status).toBe(204)
    expect(await list('auditor')).toEqual([])
  })

  it('hold badges and logins as the site writes them', async () => {
    await put('x', { name: 'x', filter: { badge: '04aa0001', by: 'Claire' } })
    expect((await list('auditor')).map(s => s.filter)).toEqual([{ badge: '04AA0001', by: 'claire' }])
    await ask('/journal/searches/x', 'auditor', { method: 'DELETE' })
  })

  it('are refused with unknown fields, for what the role may not look for, and beyond 50', async () => {
    expect((await put('x', { name: 'x', filter: { colour: 'red' } })).status).toBe(422)
    expect((await put('x', { name: 'x', filter: { person: 'anna' } }, 'security')).status).toBe(403)
    for (let i = 0; i < 50; i++)
      expect((await put(`s-${i}`, { name: 's', filter: {} }, 'administrator')).status).toBe(200)
    const full = await put('one-more', { name: 's', filter: {} }, 'administrator')
    expect([full.status, full.json<Problem>().code]).toEqual([409, 'searches-full'])
    expect((await put('s-1', { name: 't', filter: {} }, 'administrator')).status).toBe(200)
  })
})

it('every role reads its own kinds only', async () => {
  for (const role of ROLES) {
    const { rows } = (await ask('/journal?accessPoint=drugs', role)).json<JournalPage>()
    expect([role, rows.some(r => r.kind === 'duress.raised')]).toEqual([role, role !== 'auditor'])
  }
})

describe('a role of one zone', () => {
  it('sees of a row of many devices what its own zone has said', async () => {
    const reading = (device: string, zone: string) => ({
      ...{ device, zone, message: 'm', deviceSeq: 9, deviceAt: NOON },
      readings: [{ quantity: 'illuminance', value: 5, unit: 'lx' }],
    })
    const messages = [reading('cabinet-1', 'pharmacy'), reading('garden-1', 'garden')]
    await stage.journal.append({ at: NOON, event: { kind: 'readings', messages } as VigieEvent })
    const cookie = await hub.signInAs('security', ['pharmacy'])
    const rows = async (query: string) =>
      (await hub.ask(`/api/v1/journal${query}`, { cookie })).json<JournalPage>().rows
    expect((await rows('?kind=readings')).map(r => r.event)).toMatchObject([{ messages: [{ zone: 'pharmacy' }] }])
    expect((await rows('?kind=access.denied')).map(r => r.event)).toMatchObject([{ zone: 'pharmacy' }])
    expect(JSON.stringify(await rows('?limit=1000'))).not.toContain('garden')
    const total = async (who: string) =>
      (await hub.ask('/api/v1/journal/days', { cookie: who })).json<JournalDays>().total
    expect(await total(cookie)).toBeLessThan(await total(cookies.auditor ?? ''))
  })
})
