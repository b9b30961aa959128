/** `why`, asked of the rows that a hub has written: real badges, a real journal, the answer for people. */
import { afterEach, describe, expect, it } from 'vitest'
import type { WhyEvent } from '../access/ask.ts'
import type { Site } from '../access/site.ts'
import type { VigieEvent } from '../events.ts'
import { askingIn } from '../wiring/questions.ts'
import { ANNA, BELA, House, houseSite, PIN } from './house.ts'

let house: House
afterEach(() => house.close())

const opened = async (change: (site: Site) => Site = site => site): Promise<House> => {
  house = await House.open(change(houseSite()))
  return house
}
const BADGE = /^access\.(?:granted|denied|awaiting|withdrawn)$/
/** The last badge row, explained. */
async function lastWhy(): Promise<WhyEvent> {
  const seq = house.stage.rows().findLast(r => BADGE.test(r.event.kind))!.seq
  const { answer } = await askingIn(house.stage.db, () => house.now).why({ seq })
  return answer.events[0]!
}
const last = (kind: VigieEvent['kind']): unknown => house.stage.events().findLast(e => e.kind === kind)
const asking = (site: Site, id: string, requires: object): Site => ({
  ...site,
  accessPoints: site.accessPoints.map(a => (a.id === id ? { ...a, requires } : a)),
})

const ALL_THREE = { witness: { role: 'nurse', withinS: 30 }, pin: true, reason: true, reference: 'patient' } as const
const BROUGHT = { pin: PIN, reason: 'pain', reference: { kind: 'patient', id: 'p-77' } } as const

describe('an opening by two people', () => {
  it('with a PIN, a reason and a reference: the row has what the first one brought, and why agrees', async () => {
    await opened(site => asking(site, 'drugs', ALL_THREE))
    expect(await house.badge(ANNA, 'drugs', BROUGHT)).toMatchObject({ reason: 'witness-awaited' })
    expect(await lastWhy()).toMatchObject({ verdict: 'same', journaled: { reason: 'witness-awaited' } })
    expect(await house.badge(BELA, 'drugs')).toMatchObject({ granted: true })
    const { anna: person, bela: witness } = house
    const presented = { pin: 'right', statedReason: 'pain', reference: BROUGHT.reference }
    expect(last('access.granted')).toMatchObject({ person, witness, ...presented })
    const why = await lastWhy()
    expect(why).toMatchObject({
      verdict: 'same',
      remade: { granted: true },
      person: { id: 'anna' },
      witness: { id: 'bela' },
    })
    expect(why.steps.at(-1)?.text.en).toBe('Granted: Anna opens drugs, with Bela.')
  })

  it('has nothing in its row of what the second one entered', async () => {
    await opened()
    await house.badge(ANNA, 'drugs')
    await house.badge(BELA, 'drugs', { pin: PIN, reason: 'hers' })
    const row = last('access.granted')
    expect(row).toMatchObject({ person: house.anna, witness: house.bela })
    for (const field of ['pin', 'statedReason', 'reference']) expect(row).not.toHaveProperty(field)
    expect(await lastWhy()).toMatchObject({ verdict: 'same' })
  })

  it('refused for the first one: the row has what the first one brought', async () => {
    await opened(site => asking(site, 'drugs', ALL_THREE))
    await house.badge(ANNA, 'drugs', BROUGHT)
    await house.act(
      { kind: 'lockdown', key: 'storm', value: { since: house.now, until: house.now + 60_000, by: 'cli:test' } },
      { kind: 'lockdown.started', plan: 'storm', by: 'cli:test' },
    )
    expect(await house.badge(BELA, 'drugs')).toMatchObject({ reason: 'lockdown' })
    expect(last('access.denied')).toMatchObject({ person: house.anna, pin: 'right', statedReason: 'pain' })
    expect(await lastWhy()).toMatchObject({ verdict: 'situation', remade: { reason: 'lockdown' } })
  })
})

describe('a refusal by what was going on', () => {
  const ends = ({ steps }: WhyEvent) =>
    steps.filter(s => s.outcome === 'stopped' || s.code === 'remedy').map(s => [s.code, s.text.en])

  it('lockdown: ends refused, with the advice for it, and says that it is taken from the journal', async () => {
    await opened()
    await house.act(
      { kind: 'lockdown', key: 'storm', value: { since: house.now, until: house.now + 60_000, by: 'cli:test' } },
      { kind: 'lockdown.started', plan: 'storm', by: 'cli:test' },
    )
    await house.badge(ANNA, 'medicines')
    const why = await lastWhy()
    expect(why).toMatchObject({ verdict: 'situation', remade: { granted: false, reason: 'lockdown' } })
    expect(why.notes.map(n => n.en)).toEqual([
      expect.stringContaining('taken from the journal'),
      'Without it, the rights of that time come to: Granted.',
    ])
    expect(ends(why)).toEqual([
      ['lockdown', 'Lockdown Storm (rank 3): the rank of Anna is 0, and none of their roles is exempt.'],
      ['decision', 'Refused: lockdown.'],
      ['remedy', expect.stringContaining('Storm')],
    ])
  })

  it.each<[string, string, () => Promise<unknown>]>([
    ['zone-full', 'occupancy', () => inside(house.bela)],
    ['interlock', 'interlock', () => doorOpen()],
  ])('%s: stops at %s', async (reason, code, begin) => {
    await opened()
    await begin()
    const point = reason === 'interlock' ? 'trap-a' : 'lab-door'
    expect(await house.badge(ANNA, point)).toMatchObject({ reason })
    const why = await lastWhy()
    expect(why).toMatchObject({ verdict: 'situation', remade: { granted: false, reason } })
    expect(ends(why).map(([c]) => c)).toEqual([code, 'decision', 'remedy'])
  })

  it('a message that came too late ends refused for that, whatever the rights say', async () => {
    await opened()
    await house.send(
      'cabinet',
      'badge',
      { point: 'drawer-5', credential: { kind: 'uid', uid: ANNA } },
      house.now - 600_000,
    )
    const why = await lastWhy()
    expect(why).toMatchObject({
      verdict: 'situation',
      journaled: { reason: 'stale-message' },
      remade: { granted: true },
    })
    expect(ends(why).map(([c]) => c)).toEqual(['decision', 'remedy'])
    expect(why.steps.at(-2)?.text.en).toMatch(/^Refused: /)
  })
})

const inside = (person: string): Promise<void> =>
  house.act(
    { kind: 'position', key: person, value: { zone: 'lab', since: house.now, accessPoint: 'lab-door' } },
    { kind: 'passback.reset', by: 'cli:test', count: 0 },
  )
const doorOpen = (): Promise<void> =>
  house.act(
    { kind: 'door', key: 'trap-b', value: { open: true, releasedUntil: 0 } },
    { kind: 'passback.reset', by: 'cli:test', count: 0 },
  )
