/** Privacy over HTTP and by the command line, on a real hub. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApprovalAsked, HoldView, RetentionView } from '../api.ts'
import { scan } from './byte-scan.ts'
import { NURSE, smallSite, TestHub } from './harness.ts'

const hub = new TestHub()
beforeAll(async () => {
  await hub.start()
  await hub.setUp()
  await hub.continueAs('data-protection')
  await hub.apply(smallSite())
}, 90_000)
afterAll(() => hub.close())

const post = (path: string, body: object): Promise<Response> =>
  hub.fetch(path, { method: 'POST', body: JSON.stringify(body) })

it('terms and the record of processing are told in the language asked for', async () => {
  const { purposes } = await hub.get<RetentionView>('/api/v1/privacy/retention')
  expect(purposes.find(p => p.purpose === 'passages')).toMatchObject({ days: 90, required: false })
  const record = await hub.fetch('/api/v1/privacy/record?format=md')
  expect(await record.text()).toContain('Registre des activités de traitement')
  expect(await hub.vigie('privacy', 'record')).toContain('Record of processing activities')
  expect(await hub.vigie('privacy', 'terms')).toContain('controlled-drugs')
})

it('a hold is placed, listed with the name, and released; each is a row', async () => {
  const [person] = smallSite().people
  const placed = await post('/api/v1/privacy/holds', { person: person?.id, statedReason: 'Inquiry 12' })
  expect(placed.status).toBe(201)
  const { id } = (await placed.json()) as { id: string }
  const { holds } = await hub.get<{ holds: HoldView[] }>('/api/v1/privacy/holds')
  expect(holds).toMatchObject([{ id, statedReason: 'Inquiry 12', person: { name: person?.name } }])
  expect(await hub.vigie('hold', 'list')).toContain('Inquiry 12')
  expect((await hub.vigieFails('hold', 'release', 'h-none')).stderr).toContain('No legal hold')
  await hub.vigie('hold', 'release', id)
  expect((await hub.fetch(`/api/v1/privacy/holds/${id}`, { method: 'DELETE' })).status).toBe(404)
  const kinds = (await hub.journal()).map(r => r.event.kind)
  expect(kinds.filter(k => k.startsWith('hold.'))).toEqual(['hold.placed', 'hold.released'])
})

it('what is held on a person is given as a file, and that is a row before it is given', async () => {
  const [person] = smallSite().people
  const answer = await post('/api/v1/privacy/access-requests', { person: person?.id })
  expect(answer.headers.get('content-type')).toContain('text/html')
  expect(await answer.text()).toContain(person?.name)
  const out = join(hub.dir, 'person.json')
  await hub.vigie('privacy', 'access', person?.id ?? '', '--out', out, '--json')
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ person: { id: person?.id } })
  const rows = (await hub.journal()).filter(r => r.event.kind === 'privacy.access-given')
  expect(rows).toHaveLength(2)
  expect((await post('/api/v1/privacy/access-requests', { person: 'nobody' })).status).toBe(404)
  expect(existsSync(join(hub.dir, 'exports', 'nobody.html'))).toBe(false)
})

it('a person is erased in a running hub: of the site no more, and nothing of them on the disk', async () => {
  const person = smallSite().people.find(p => smallSite().badges.some(b => b.uid === NURSE && b.person === p.id))
  const id = person?.id ?? ''
  const refused = await post('/api/v1/privacy/erasures', { person: id })
  expect(refused.status).toBe(409)
  const asked = await post('/api/v1/privacy/erasures', { person: id, withdraw: true, statedReason: 'Left' })
  expect(asked.status).toBe(202)
  const { approval } = (await asked.json()) as ApprovalAsked
  const second = await hub.signInAs('data-protection')
  expect(await second.post(`/api/v1/approvals/${approval.id}/approve`)).toMatchObject({ state: 'done' })
  expect(await hub.get('/api/v1/privacy/erasures')).toEqual({ erasures: [] })
  expect((await hub.admin.fetch(`/api/v1/site/items/person/${id}`)).status).toBe(404)
  expect((await hub.vigieFails('privacy', 'erase', id)).stderr).toContain('No person')
  const found = scan(hub.dir, readFileSync(join(hub.dir, 'journal.key'), 'utf8').trim(), [person?.name ?? '?', NURSE])
  expect(found.filter(f => /\.db|spool|exports/.test(f.file))).toEqual([])
  expect(await hub.vigie('journal', 'verify')).toContain('complete and untouched')
}, 60_000)

it('the command line purges beside a running hub, and says what would go first', async () => {
  expect(await hub.vigie('privacy', 'purge', '--dry-run')).toContain('To be erased: 0')
  expect(await hub.vigieJson('privacy', 'purge')).toMatchObject({ total: 0 })
  expect(await hub.vigie('privacy', 'terms')).not.toContain('never')
})
