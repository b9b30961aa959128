/** Questions about rights over the real HTTP server, answered from a real journal. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askedSite } from '../access/testing/asked-site.ts'
import type { MayAnswer, OperatorRole, Problem, SimulateAnswer, UnusedAnswer, WhoAnswer, WhyAnswer } from '../api.ts'
import { questionRoutes } from '../http/routes/questions.ts'
import { Places } from '../http/within-zones.ts'
import { peopleFinder } from '../wiring/people-found.ts'
import { askingIn, journaled } from '../wiring/questions.ts'
import { startHub, type TestHub } from './http-hub.ts'
import { NOON, Stage } from './stage.ts'

let stage: Stage
let hub: TestHub
let seq: number
const cookies: Partial<Record<OperatorRole, string>> = {}

beforeAll(async () => {
  stage = await Stage.open()
  const rights = await stage.apply(askedSite())
  const { snapshot } = stage.registry()
  const { credential, holder } = snapshot.badges.get('04AA0001')!
  const event = {
    kind: 'access.denied',
    device: 'cabinet-1',
    message: 'm1',
    deviceSeq: 1,
    deviceAt: NOON,
    point: 'drawer-1',
    accessPoint: 'drugs',
    zone: 'pharmacy',
    person: holder.person,
    credential,
    reason: 'no-right',
    rights,
  } as const
  seq = (await stage.journal.append({ event, at: NOON })).seq
  const note = (by: string, rows: number): Promise<unknown> =>
    stage.journal.append({ event: { kind: 'journal.read', by, rows }, at: NOON })
  hub = await startHub({
    plugins: [
      questionRoutes(
        journaled(
          askingIn(stage.db, () => NOON + 60_000),
          note,
        ),
        new Places(() => hub.live.model.site()),
        peopleFinder(askedSite),
      ),
    ],
  })
  cookies.administrator = await hub.setUp()
  for (const role of ['security', 'auditor'] as const) cookies[role] = await hub.signInAs(role)
})
afterAll(async () => {
  await hub.stop()
  await stage.close()
})

const get = (path: string, role: OperatorRole | undefined = 'auditor') =>
  hub.ask(path, { cookie: role && cookies[role] })
const post = (body: object, role: OperatorRole = 'administrator') =>
  hub.ask('/api/v1/simulate', { method: 'POST', body, cookie: cookies[role] })
const reads = (): unknown[] => stage.events().filter(e => e.kind === 'journal.read')
const NIGHT = { id: 'nurse', name: 'Nurse', rights: [{ zone: 'ward', schedule: 'night' }] }

describe('questions over HTTP', () => {
  it('explain: by seq, and by person or badge around a time; each time a reading of the journal', async () => {
    const before = reads().length
    for (const query of [`seq=${seq}`, 'person=anna&at=10:00', 'badge=04aa0001&at=2026-06-10%2010:05&minutes=6']) {
      const answer = await get(`/api/v1/explain?${query}`)
      expect([query, answer.status]).toEqual([query, 200])
      const [event, ...more] = answer.json<WhyAnswer>().events
      expect([event?.seq, event?.verdict, event?.person, more]).toEqual([seq, 'same', { id: 'anna', name: 'Anna' }, []])
    }
    expect(reads().slice(before)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'journal.read', by: 'op-auditor', rows: 1 })),
    )
  })

  it('who and may: without a reading of anybody’s history', async () => {
    const before = reads().length
    const who = (await get('/api/v1/who?accessPoint=drugs&at=2026-12-25T03:00')).json<WhoAnswer>()
    expect(who.may.map(m => m.person.name)).toEqual(['Bela', 'Dora'])
    const may = (await get('/api/v1/may?person=dora')).json<MayAnswer>()
    expect(may.points.map(p => p.accessPoint.id)).toEqual(['drugs', 'medicines', 'ward-door'])
    expect(reads()).toHaveLength(before)
  })

  it('simulate and unused: as numbers and names, read and written down', async () => {
    const before = reads().length
    const simulated = (
      await post({ changes: [{ kind: 'role', id: 'nurse', item: NIGHT }], days: 1 })
    ).json<SimulateAnswer>()
    expect(simulated).toMatchObject({ days: 1, events: 1, lost: 0, otherwise: 1 })
    const unused = (await get('/api/v1/unused?days=30')).json<UnusedAnswer>()
    expect(unused).toMatchObject({ days: 30, journalSince: NOON })
    expect(reads().slice(before)).toEqual([
      { kind: 'journal.read', by: 'op-claire', rows: 1 },
      { kind: 'journal.read', by: 'op-auditor', rows: 1 },
    ])
  })

  it.each<[OperatorRole, number, number]>([
    ['administrator', 200, 200],
    ['security', 200, 403],
    ['auditor', 200, 403],
  ])('%s: reading %i, simulating %i', async (role, reading, simulating) => {
    expect((await get('/api/v1/who?accessPoint=drugs', role)).status).toBe(reading)
    expect((await post({ changes: [{ kind: 'role', id: 'nurse', item: NIGHT }] }, role)).status).toBe(simulating)
  })

  it('refuse whoever is not signed in', async () => {
    for (const path of ['explain?seq=1', 'who?accessPoint=drugs', 'may?person=anna', 'unused'])
      expect([path, (await hub.ask(`/api/v1/${path}`)).status]).toEqual([path, 401])
  })

  it.each<[string, string]>([
    ['explain', 'seq'],
    ['explain?seq=1&person=anna', 'seq'],
    ['explain?person=anna', 'at'],
    ['explain?person=anna&at=noon!', '/at'],
    ['explain?person=anna&at=2026-02-30%2003:00', 'at'],
    ['explain?person=zoe&at=07:02', 'person'],
    ['explain?seq=999999', 'seq'],
    ['explain?person=anna&at=07:02&minutes=721', '/minutes'],
    ['who?accessPoint=attic', 'accessPoint'],
    ['may?person=zoe', 'person'],
    ['unused?days=3651', '/days'],
  ])('%s: 422, naming %s', async (path, field) => {
    const answer = await get(`/api/v1/${path}`)
    const { status, code, field: named } = answer.json<Problem>()
    expect([status, code, named]).toEqual([422, 'input-invalid', field])
  })

  it.each([
    ['who', '/accessPoint', 'ce champ est obligatoire', 'this field is required'],
    ['explain?seq=x', '/seq', 'un texte de la forme ^[1-9]', 'must match pattern'],
    ['may?person=anna&colour=red', '/colour', 'ce champ n’existe pas', 'no such field'],
  ])('%s: what its shape expects is told in the language asked for', async (path, field, fr, en) => {
    const asked = (language: string) =>
      hub.ask(`/api/v1/${path}`, { cookie: cookies.auditor, headers: { 'accept-language': language } })
    const [french, english] = [(await asked('fr')).json<Problem>(), (await asked('en')).json<Problem>()]
    expect([french.field, english.field]).toEqual([field, field])
    expect(french.title).toContain(`${field}\u202f: ${fr}`)
    expect(english.title).toContain(`${field}: ${en}`)
  })

  it('simulate: answers a change that does not fit with its field, in the language asked for', async () => {
    const changes = [{ kind: 'role', id: 'nurse', item: { ...NIGHT, rights: [{ zone: 'attic', schedule: 'night' }] } }]
    const { status, field, title } = (await post({ changes })).json<Problem>()
    expect([status, field]).toEqual([422, '/changes/0/item/rights/0/zone'])
    expect(title).toContain('l’identifiant d’une zone existante')
    expect((await post({ changes: [] })).status).toBe(422)
    expect((await post({ changes, days: 91 })).status).toBe(422)
  })
})
