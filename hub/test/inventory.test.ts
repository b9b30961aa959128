/** Who holds what, on a whole hub: from badges at a reader, accounts, grants, and the journal that knows when each was used. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Inventory, InventoryLine, Problem } from '../api.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'

const SLOW_START_MS = 180_000
const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000' })
const door = new TestDevice('door-1', 'test-site')

const site = () => {
  const base = smallSite()
  const left = { id: 'gone', name: 'Odile Partie', roles: [], validUntil: '2026-01-31T18:00:00Z' }
  return {
    ...base,
    people: [...base.people, left, { id: 'formula', name: '=HYPERLINK("x";"y")', roles: [] }],
    badges: [...base.badges, { uid: '04AA0000000001', person: 'gone', status: 'active' as const }],
  }
}
beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await door.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  await door.close()
  await hub.close()
})

const PATH = '/api/v1/inventory'
const all = (query = ''): Promise<Inventory> => hub.admin.get<Inventory>(`${PATH}?limit=200${query}`)
const lineOf = async (id: string, query = ''): Promise<InventoryLine | undefined> =>
  (await all(query)).lines.find(l => l.person?.id === id)

it('names everybody of the site with what they hold, and the accounts of nobody', async () => {
  const { lines, total } = await all()
  expect(lines.flatMap(l => l.person?.id ?? []).sort()).toEqual(
    site()
      .people.map(p => p.id)
      .sort(),
  )
  expect(lines.filter(l => l.person === undefined)).toMatchObject([
    {
      accounts: [{ login: hub.admin.who.login, role: 'administrator', secondFactor: true, status: 'active' }],
      flags: ['no-holder'],
    },
  ])
  expect(total).toBe(lines.length)
})

it('knows when a badge was last at a reader, and not from rows that only speak of it', async () => {
  const uid = '04A2B3C4D5E6F7'
  const holder = site().badges.find(b => b.uid === uid)?.person ?? ''
  expect((await lineOf(holder))?.badges[0]).not.toHaveProperty('lastUsedAt')
  const before = Date.now()
  await door.badge(uid, 'door')
  const at = await until('the use is known', async () => (await lineOf(holder))?.badges[0]?.lastUsedAt)
  expect(at).toBeGreaterThanOrEqual(before - 1_000)
  await hub.admin.ask('GET', `/api/v1/journal?badge=${uid}`).catch(() => undefined)
  expect((await lineOf(holder))?.badges[0]?.lastUsedAt).toBe(at)
})

it('flags who has left and still has a badge, and finds them by that', async () => {
  expect((await lineOf('gone'))?.flags).toEqual(['departed'])
  const { lines, counts, total } = await all('&flag=departed')
  expect(lines.map(l => l.key)).toEqual(['gone'])
  expect(counts.departed).toBe(1)
  expect(total).toBeGreaterThan(1)
})

it('finds by beginnings of names, logins and numbers, whatever their accents', async () => {
  const keys = async (q: string) => (await all(`&q=${encodeURIComponent(q)}`)).lines.map(l => l.key)
  expect(await keys('odile par')).toEqual(['gone'])
  expect(await keys('ODILE')).toEqual(['gone'])
  expect(await keys('04aa')).toEqual(['gone'])
  expect(await keys('administr')).toEqual([`~${hub.admin.who.login}`])
  expect(await keys('nobody-of-that-name')).toEqual([])
})

it('pages without leaving anybody out or naming anybody twice', async () => {
  const whole = (await all()).lines.map(l => l.key)
  const seen: string[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: Inventory = await hub.admin.get(
      `${PATH}?limit=2${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
    )
    seen.push(...page.lines.map(l => l.key))
    after = page.next
  }
  expect(seen).toEqual(whole)
})

it('shows an account of a person beside their badges, and one without a second factor', async () => {
  const person = site().people[0]?.id ?? ''
  await hub.admin.stepUp()
  await hub.admin.post('/api/v1/operators', { login: 'soignante', name: 'Soignante', role: 'nurse' })
  await hub.admin.ask('PUT', '/api/v1/operators/soignante/person', { person })
  const line = await lineOf(person)
  expect(line?.accounts).toMatchObject([{ login: 'soignante', status: 'invited', secondFactor: false, tokens: 0 }])
  expect(line?.flags).not.toContain('never-signed-in')
  await hub.signInAs('nurse')
  expect((await all('&flag=no-second-factor')).lines.flatMap(l => l.accounts).map(a => a.role)).toEqual(['nurse'])
})

it('as a table says the same, and gives no spreadsheet a formula', async () => {
  const answer = await hub.admin.fetch(`${PATH}.csv`)
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const text = await answer.text()
  const rows = text.trim().split('\r\n')
  expect(rows).toHaveLength((await all()).total + 1)
  expect(rows[0]).toMatch(/^\uFEFF?person,name,/)
  expect(text).toContain('04AA0000000001 (active)')
  expect(text).not.toMatch(/(^|[,;\t\n"])[=+@]/)
})

describe('who may', () => {
  it('auditors see all but the numbers of badges', async () => {
    const auditor = await hub.signInAs('auditor')
    const page = await auditor.get<Inventory>(`${PATH}?limit=200`)
    expect(page.lines.find(l => l.key === 'gone')?.badges[0]?.uid).toBe('…0001')
    expect(await (await auditor.fetch(`${PATH}.csv`)).text()).not.toContain('04AA0000000001')
    expect((await auditor.get<Inventory>(`${PATH}?q=04AA0000`)).lines).toEqual([])
  })
  it('not: nurses, security', async () => {
    for (const role of ['nurse', 'security'] as const)
      expect((await (await hub.signInAs(role)).fetch(PATH)).status, role).toBe(403)
  })
})

it('that it was read is in the journal, with how much', async () => {
  await all('&flag=departed')
  const reads = (await hub.journal(5_000))
    .map(r => r.event)
    .filter(e => e.kind === 'journal.read' && e.what === 'inventory')
  expect(reads.at(-1)).toMatchObject({ rows: 1, by: expect.any(String) })
})

it.each(['unused=0', 'unused=3651', 'unused=x', 'flag=mine', 'limit=0', 'colour=red', `q=${'x'.repeat(101)}`])(
  'bad input: %s is told',
  async query => {
    const answer = await hub.admin.fetch(`${PATH}?${query}`)
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([422, 'input-invalid'])
  },
)
