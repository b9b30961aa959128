/** What nobody does alone: asked for by one operator, approved by another, on a real hub. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ApprovalAsked, ApprovalList, ApprovalView, SiteItem, TokenMade } from '../api.ts'
import type { EventKind, VigieEvent } from '../events.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { run, sql } from '../record/sql.ts'
import { smallSite, TestHub, until } from './harness.ts'
import type { Seat } from './seat.ts'

const PATIENT = { timeout: 120_000 }
const hub = new TestHub()
let [first, second, third]: Seat[] = []
const asker = (): Seat => first as Seat
const approver = (): Seat => second as Seat

beforeAll(async () => {
  await hub.apply({ ...smallSite(), zones: [...smallSite().zones, ...emptyZones] })
  await hub.start()
  await hub.setUp()
  ;[first, second, third] = await Promise.all([hub.signInAs('it'), hub.signInAs('it'), hub.signInAs('it')])
}, 90_000)
afterAll(() => hub.close())

const emptyZones = Array.from({ length: 14 }, (_, i) => ({ id: `annex-${i}`, name: `Annexe ${i}` }))
let zones = 0
const nextZone = (): string => `annex-${zones++}`

const etagOf = async (path: string): Promise<string> => (await asker().fetch(path)).headers.get('etag') ?? ''
const remove = async (zone: string, who = asker()): Promise<Response> => {
  const path = `/api/v1/site/items/zone/${zone}`
  return who.fetch(path, { method: 'DELETE', headers: { 'if-match': await etagOf(path) } })
}
const askedBy = async (answer: Response): Promise<ApprovalAsked['approval']> => {
  expect(answer.status, await answer.clone().text()).toBe(202)
  return ((await answer.json()) as ApprovalAsked).approval
}
const decide = (who: Seat, id: string, how: string, reason?: string): Promise<Response> =>
  who.fetch(`/api/v1/approvals/${id}/${how}`, { method: 'POST', body: JSON.stringify(reason ? { reason } : {}) })
const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code
const zoneIds = async (): Promise<string[]> => (await asker().get<{ ids: string[] }>('/api/v1/site/items/zone')).ids
const rowsOf = async (id: string): Promise<VigieEvent[]> =>
  (await hub.journal(3_000)).map(r => r.event).filter(e => 'approval' in e && e.approval === id)
const kindsOf = async (id: string): Promise<EventKind[]> => (await rowsOf(id)).map(e => e.kind)

describe('removing a zone', PATIENT, () => {
  it('waits, and is done when another operator approves; the decision is a row before the act’s own', async () => {
    const zone = nextZone()
    const answer = await remove(zone)
    const location = answer.headers.get('location')
    const { id, act, expiresAt } = await askedBy(answer)
    expect([act, location]).toEqual(['zone-removed', `/api/v1/approvals/${id}`])
    expect(Math.abs(expiresAt - Date.now() - 86_400_000)).toBeLessThan(60_000)
    expect(await zoneIds()).toContain(zone)
    const seen = await approver().get<ApprovalView>(`/api/v1/approvals/${id}`)
    expect(seen).toMatchObject({
      ...{ id, state: 'pending', own: false, mayDecide: true, asker: 'N. it' },
      subject: { kind: 'zone', id: zone, name: `Annexe ${zone.slice(6)}` },
    })
    const done = await decide(approver(), id, 'approve', 'Vérifié sur place')
    expect((await done.json()) as ApprovalView).toMatchObject({ state: 'done', decisionReason: 'Vérifié sur place' })
    expect(await zoneIds()).not.toContain(zone)
    const rows = await hub.journal(3_000)
    const given = rows.find(r => r.event.kind === 'approval.given' && r.event.approval === id)
    const changed = rows.find(r => r.event.kind === 'rights.changed' && r.event.item?.id === zone)
    expect(given?.seq).toBeLessThan(changed?.seq ?? 0)
    expect(given?.event).toMatchObject({ asker: `o-${asker().who.login}`, by: `o-${approver().who.login}` })
    expect(changed?.event).toMatchObject({ origin: `o-${asker().who.login}` })
    expect((await rowsOf(id))[0]).toMatchObject({
      kind: 'approval.asked',
      subject: zone,
      before: { name: expect.any(String) },
    })
  })

  it('is not approved by who asked, by who may not, by a token, without a fresh second factor, or for somebody’s own zones', async () => {
    const { id } = await askedBy(await remove(nextZone()))
    const own = await decide(asker(), id, 'approve')
    expect([own.status, await codeOf(own)]).toEqual([403, 'approval-own'])
    for (const role of ['security', 'auditor', 'ward-manager', 'nurse'] as const) {
      const answer = await decide(await hub.signInAs(role), id, 'approve')
      expect([role, answer.status]).toEqual([role, 403])
    }
    const officer = await hub.signInAs('data-protection')
    expect((await decide(officer, id, 'approve')).status).toBe(404)
    const zoned = await hub.signInAs('it', ['ward'])
    expect((await decide(zoned, id, 'approve')).status).toBe(403)
    const wish = { name: 'x', capabilities: ['rights.edit', 'approvals.decide'], expiresAt: Date.now() + 86_400_000 }
    expect((await approver().fetch('/api/v1/tokens', { method: 'POST', body: JSON.stringify(wish) })).status).toBe(422)
    const { token } = await approver().post<TokenMade>('/api/v1/tokens', { ...wish, capabilities: ['rights.edit'] })
    const bearer = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const asked = await fetch(`${hub.origin}/api/v1/approvals/${id}/approve`, {
      method: 'POST',
      headers: bearer,
      body: '{}',
    })
    expect(asked.status).toBe(403)
    const stale = await hub.signInAs('it')
    setStepUp(stale, 0)
    const unproved = await decide(stale, id, 'approve')
    expect([unproved.status, await codeOf(unproved)]).toEqual([403, 'step-up-needed'])
    expect(await kindsOf(id)).toEqual(['approval.asked'])
    expect((await decide(approver(), id, 'refuse', 'encore utilisée')).status).toBe(200)
    expect(await kindsOf(id)).toEqual(['approval.asked', 'approval.refused'])
  })

  it('asked for again by the same is the same request; by somebody else it is said to wait', async () => {
    const zone = nextZone()
    const { id } = await askedBy(await remove(zone))
    expect((await askedBy(await remove(zone))).id).toBe(id)
    const other = await remove(zone, approver())
    expect([other.status, await codeOf(other)]).toEqual([409, 'approval-pending'])
    const foreign = await decide(approver(), id, 'withdraw')
    expect([foreign.status, await codeOf(foreign)]).toEqual([403, 'approval-foreign'])
    expect(((await (await decide(asker(), id, 'withdraw')).json()) as ApprovalView).state).toBe('withdrawn')
    const late = await decide(approver(), id, 'approve')
    expect([late.status, await codeOf(late)]).toEqual([409, 'approval-decided'])
    expect((await askedBy(await remove(zone, approver()))).id).not.toBe(id)
  })

  it('approved by two at the same moment is done once: one wins, the other is told', async () => {
    const zone = nextZone()
    const { id } = await askedBy(await remove(zone))
    const answers = await Promise.all([approver(), third as Seat].map(who => decide(who, id, 'approve')))
    expect(answers.map(a => a.status).sort()).toEqual([200, 409])
    expect(await kindsOf(id)).toEqual(['approval.asked', 'approval.given'])
    const rows = (await hub.journal(3_000)).map(r => r.event)
    expect(rows.filter(e => e.kind === 'rights.changed' && e.item?.id === zone)).toHaveLength(1)
  })

  it('that was changed meanwhile fails, says so to who approves, is a row, and nothing is done', async () => {
    const zone = nextZone()
    const { id } = await askedBy(await remove(zone))
    const path = `/api/v1/site/items/zone/${zone}`
    const { item, revision } = await asker().get<SiteItem>(path)
    const edited = await asker().fetch(path, {
      method: 'PUT',
      headers: { 'if-match': `"${revision}"` },
      body: JSON.stringify({ ...(item as object), name: 'Renommée' }),
    })
    expect(edited.status).toBe(200)
    const answer = await decide(approver(), id, 'approve')
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'edit-conflict'])
    expect(await zoneIds()).toContain(zone)
    expect((await rowsOf(id)).map(e => [e.kind, 'cause' in e ? e.cause : undefined])).toEqual([
      ['approval.asked', undefined],
      ['approval.given', undefined],
      ['approval.failed', 'edit-conflict'],
    ])
    expect(await approver().get(`/api/v1/approvals/${id}`)).toMatchObject({ state: 'failed', cause: 'edit-conflict' })
  })

  it('that could not be done anyway is refused at once, and nothing waits', async () => {
    const used = await remove('ward')
    expect([used.status, await codeOf(used)]).toEqual([422, 'item-invalid'])
    expect(
      (await asker().fetch('/api/v1/site/items/zone/annex-0', { method: 'DELETE', headers: { 'if-match': '"1"' } }))
        .status,
    ).toBe(404)
  })

  it('expires after 24 h, and can be asked for again', async () => {
    const zone = nextZone()
    const { id } = await askedBy(await remove(zone))
    change(db =>
      run(
        db,
        sql
          .updateTable('approval')
          .set({ expires_at: Date.now() - 1 })
          .where('id', '=', id),
      ),
    )
    expect(await approver().get(`/api/v1/approvals/${id}`)).toMatchObject({ state: 'expired', mayDecide: false })
    const late = await decide(approver(), id, 'approve')
    expect([late.status, await codeOf(late)]).toEqual([409, 'approval-decided'])
    expect((await askedBy(await remove(zone))).id).not.toBe(id)
    expect(await kindsOf(id)).toEqual(['approval.asked', 'approval.expired'])
  })

  it('asked for by an account that was disabled, or does something else now, waits no longer', async () => {
    const leaver = await hub.signInAs('it')
    const demoted = await hub.signInAs('it')
    const [one, two] = [
      await askedBy(await remove(nextZone(), leaver)),
      await askedBy(await remove(nextZone(), demoted)),
    ]
    await hub.vigie('operator', 'disable', leaver.who.login, '--reason', 'parti')
    await hub.vigie('operator', 'change', demoted.who.login, '--role', 'auditor', '--reason', 'mutation')
    for (const { id } of [one, two]) {
      expect(await kindsOf(id)).toEqual(['approval.asked', 'approval.withdrawn'])
      expect((await decide(approver(), id, 'approve')).status).toBe(409)
    }
  })
})

describe('an access point', PATIENT, () => {
  const path = '/api/v1/site/items/accessPoint/cab-1-d1'
  const put = async (change: object, at = path): Promise<Response> => {
    const { item, revision } = await asker().get<SiteItem>(path)
    const known = at === path
    const headers = known ? { 'if-match': `"${revision}"` } : { 'if-none-match': '*' }
    return asker().fetch(at, { method: 'PUT', headers, body: JSON.stringify({ ...(item as object), ...change }) })
  }

  it('is renamed by one, also moved to a class that fails the same way', async () => {
    expect((await put({ name: 'Tiroir un' })).status).toBe(200)
    expect((await put({ class: 'it-equipment' })).status).toBe(200)
    expect((await put({ class: 'medicines' })).status).toBe(200)
  })

  it.each([
    ['its failure mode', { failureMode: 'open-with-alarm' }],
    ['its class, and the failure mode with it', { class: 'door' }],
  ])('waits where somebody changes %s', async (_, change) => {
    const { id, act } = await askedBy(await put(change))
    expect(act).toBe('failure-mode-changed')
    expect(await approver().get(`/api/v1/approvals/${id}`)).toMatchObject({
      before: { failureMode: 'secure' },
      after: { failureMode: 'open-with-alarm' },
    })
    await decide(asker(), id, 'withdraw')
  })

  it('does not change its failure mode by being taken away and made again, under its name or another', async () => {
    const etag = await etagOf(path)
    const { item } = await asker().get<SiteItem>(path)
    expect((await asker().fetch(path, { method: 'DELETE', headers: { 'if-match': etag } })).status).toBe(200)
    for (const id of ['cab-1-d1', 'cab-1-other']) {
      const answer = await asker().fetch(`/api/v1/site/items/accessPoint/${id}`, {
        ...{ method: 'PUT', headers: { 'if-none-match': '*' } },
        body: JSON.stringify({ ...(item as object), id, class: 'door' }),
      })
      await decide(asker(), (await askedBy(answer)).id, 'withdraw')
    }
    const back = { method: 'PUT', headers: { 'if-none-match': '*' }, body: JSON.stringify(item) }
    expect((await asker().fetch(path, back)).status).toBe(201)
  })

  it('fails the way that was approved, from then on', async () => {
    const { id } = await askedBy(await put({ failureMode: 'open-with-alarm' }))
    expect((await decide(approver(), id, 'approve')).status).toBe(200)
    expect((await asker().get<SiteItem>(path)).item).toMatchObject({ failureMode: 'open-with-alarm' })
  })
})

describe('the list', PATIENT, () => {
  it('comes page by page, newest first, and shows each what concerns them', async () => {
    const all: string[] = []
    for (let before: number | undefined, pages = 0; pages < 50; pages++) {
      const query = before === undefined ? '' : `&before=${before}`
      const page = await approver().get<ApprovalList>(`/api/v1/approvals?limit=2${query}`)
      all.push(...page.approvals.map(a => a.id))
      if (page.next === undefined) break
      before = page.next
    }
    const whole = await approver().get<ApprovalList>('/api/v1/approvals?limit=200')
    expect(all).toEqual(whole.approvals.map(a => a.id))
    expect(new Set(all).size).toBe(all.length)
    const pending = await approver().get<ApprovalList>('/api/v1/approvals?state=pending')
    expect(pending.approvals.every(a => a.state === 'pending')).toBe(true)
    const officer = await hub.signInAs('data-protection')
    expect((await officer.get<ApprovalList>('/api/v1/approvals')).approvals).toEqual([])
  })
})

describe('the command line', PATIENT, () => {
  it('asks too, lists and withdraws, and can approve nothing', async () => {
    const zone = nextZone()
    const { revision } = await asker().get<SiteItem>(`/api/v1/site/items/zone/${zone}`)
    const gone = ['item', 'remove', 'zone', zone, '--revision', String(revision)]
    const { approval } = await hub.vigieJson<ApprovalAsked>(...gone)
    expect(await hub.vigie('approval', 'list')).toContain(approval.id)
    expect((await hub.vigieFails('approval', 'approve', approval.id)).code).not.toBe(0)
    expect((await decide(approver(), approval.id, 'approve')).status).toBe(200)
    expect(await zoneIds()).not.toContain(zone)
    const again = await hub.vigieJson<ApprovalAsked>(...(await removal(nextZone())))
    await hub.vigie('approval', 'withdraw', again.approval.id)
    expect(await kindsOf(again.approval.id)).toEqual(['approval.asked', 'approval.withdrawn'])
  })
  const removal = async (zone: string): Promise<string[]> => {
    const { revision } = await asker().get<SiteItem>(`/api/v1/site/items/zone/${zone}`)
    return ['item', 'remove', 'zone', zone, '--revision', String(revision)]
  }

  it('applies no file that takes a zone away or changes how a lock fails, and names them', async () => {
    const file = JSON.parse(await hub.vigie('site', 'export')) as ReturnType<typeof smallSite>
    const missing = nextZone()
    const points = file.accessPoints.map(p => (p.id === 'door-1' ? { ...p, failureMode: 'secure' as const } : p))
    await expect(hub.apply({ ...file, zones: file.zones.filter(z => z.id !== missing) })).rejects.toThrow(missing)
    await expect(hub.apply({ ...file, accessPoints: points })).rejects.toThrow('door-1')
    expect(await zoneIds()).toContain(missing)
  })
})

describe('erasing a person', PATIENT, () => {
  it('is asked for by one officer and approved by another; then nothing names them in what waited', async () => {
    const [one, two] = [await hub.signInAs('data-protection'), await hub.signInAs('data-protection')]
    const wish = { person: 't-ferrand', withdraw: true, statedReason: 'A demandé' }
    const { id } = await askedBy(
      await one.fetch('/api/v1/privacy/erasures', { method: 'POST', body: JSON.stringify(wish) }),
    )
    const it = await hub.signInAs('it')
    expect((await it.fetch(`/api/v1/approvals/${id}`)).status).toBe(404)
    expect(await two.get(`/api/v1/approvals/${id}`)).toMatchObject({
      subject: { kind: 'person', id: 't-ferrand', name: 'T. Ferrand' },
      statedReason: 'A demandé',
    })
    expect((await decide(one, id, 'approve')).status).toBe(403)
    const approved = await decide(two, id, 'approve')
    expect(approved.status).toBe(200)
    expect((await approved.json()) as ApprovalView).toMatchObject({ state: 'done', outcome: { done: true, kept: [] } })
    const after = await two.get<ApprovalView>(`/api/v1/approvals/${id}`)
    expect(after).toMatchObject({ state: 'done' })
    expect(JSON.stringify(after)).not.toMatch(/ferrand|demandé/i)
    expect((await hub.admin.fetch('/api/v1/site/items/person/t-ferrand')).status).toBe(404)
    const stored = look(db => db.prepare('select * from approval where id = ?').get(id))
    expect(JSON.stringify(stored)).not.toMatch(/ferrand|demandé/i)
    expect(await kindsOf(id)).toContain('approval.given')
  })

  it('that could not be done is refused at once', async () => {
    const officer = await hub.signInAs('data-protection')
    const wish = { person: 'c-marchand' }
    const answer = await officer.fetch('/api/v1/privacy/erasures', { method: 'POST', body: JSON.stringify(wish) })
    expect([answer.status, await codeOf(answer)]).toEqual([409, 'erasure-active'])
  })

  it('is approved by an administrator too, who can not ask for it; nobody of IT has a say', async () => {
    const officer = await hub.signInAs('data-protection')
    const wish = JSON.stringify({ person: 'c-marchand', withdraw: true, statedReason: 'A demandé' })
    const ask = (who: Seat) => who.fetch('/api/v1/privacy/erasures', { method: 'POST', body: wish })
    expect((await ask(hub.admin)).status).toBe(403)
    const { id } = await askedBy(await ask(officer))
    expect((await decide(await hub.signInAs('it'), id, 'approve')).status).toBe(404)
    expect(await (await decide(hub.admin, id, 'approve')).json()).toMatchObject({
      state: 'done',
      outcome: { done: true },
    })
  })
})

it('what a stop of the hub cut short is told as such at its next start', PATIENT, async () => {
  const { id } = await askedBy(await remove(nextZone()))
  change(db => run(db, sql.updateTable('approval').set({ state: 'approved', args: null }).where('id', '=', id)))
  await hub.end()
  await hub.start()
  await until('the row', async () => (await kindsOf(id)).includes('approval.failed'))
  expect((await rowsOf(id)).at(-1)).toMatchObject({ cause: 'interrupted' })
})

type Db = ReturnType<typeof openDatabase>
function change(work: (db: Db) => void): void {
  const db = openDatabase(openFolder(hub.dir, ''))
  work(db)
  db.close()
}
function look<T>(work: (db: Db) => T): T {
  const db = openDatabase(openFolder(hub.dir, ''), { readonly: true })
  const found = work(db)
  db.close()
  return found
}
function setStepUp(seat: Seat, at: number): void {
  change(db =>
    run(db, sql.updateTable('session').set({ stepped_up_at: at }).where('operator', '=', `o-${seat.who.login}`)),
  )
}
