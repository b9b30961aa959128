import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SituationChange } from '../access/situations.ts'
import { VigieError } from '../errors.ts'
import type { Entry } from '../ports.ts'
import { ActsStage, BY } from '../test/acts-stage.ts'
import { fullSite } from '../test/small-site.ts'
import { NOON, until } from '../test/stage.ts'
import { pauseEvacuations, storedFacts } from '../wiring/acts.ts'
import type { WriteAct } from './acting.ts'
import { Evacuation } from './evacuation.ts'
import { Standing } from './standing.ts'
import { DISK_PATIENCE_MS, type WithoutDisk } from './without-disk.ts'

const FIRE = { id: 'fire', name: 'Fire', zones: ['ward'], release: ['ward-door'], muster: ['garden-door'] }

let on: ActsStage
beforeEach(async () => {
  on = await ActsStage.open(() => ({}), { ...fullSite(), evacuationPlans: [FIRE] })
})
afterEach(() => on.close())

const now = () => on.stage.situations()
const kinds = (from = 1) => on.stage.kinds().slice(from)

describe('an evacuation', () => {
  it('begins as one situation that releases, and one journal row', async () => {
    const begun = await on.acts.startEvacuation('fire', BY)
    expect(begun).toMatchObject({ plan: 'fire', name: 'Fire', since: NOON, releasing: true, recorded: 'journal' })
    expect(now()).toEqual({ 'evacuation fire': { since: NOON, by: BY, releasing: true } })
    expect(kinds()).toEqual(['evacuation.started'])
    await expect(on.acts.startEvacuation('fire', BY)).rejects.toMatchObject({ code: 'plan-running' })
  })

  it('stands after a restart and releases nothing, until somebody resumes it', async () => {
    await on.acts.startEvacuation('fire', BY)
    const needs = {
      db: on.stage.db,
      op: on.stage.op.bind(on.stage),
      expiryMs: 1,
      onFailure: () => undefined,
      now: () => NOON,
    }
    await pauseEvacuations(needs)
    await pauseEvacuations(needs)
    expect(now()).toMatchObject({ 'evacuation fire': { since: NOON, by: BY, releasing: false } })
    expect(on.acts.evacuations()).toMatchObject([{ plan: 'fire', releasing: false }])
    await on.acts.resumeEvacuation('fire', 'o-1')
    expect(now()).toMatchObject({ 'evacuation fire': { since: NOON, by: BY, releasing: true } })
    expect(kinds()).toEqual(['evacuation.started', 'evacuation.paused', 'evacuation.resumed'])
  })

  it('that stands and does not release is resumed by whoever presses start', async () => {
    const paused = { since: NOON - 9, by: BY, releasing: false }
    on.put({ kind: 'evacuation', key: 'fire', value: paused })
    const begun = await on.acts.startEvacuation('fire', 'o-1')
    expect(begun).toMatchObject({ plan: 'fire', since: NOON - 9, releasing: true, recorded: 'journal' })
    expect(now()).toEqual({ 'evacuation fire': { ...paused, releasing: true } })
    expect(kinds()).toEqual(['evacuation.resumed'])
    await expect(on.acts.startEvacuation('fire', BY)).rejects.toMatchObject({ code: 'plan-running' })
  })

  it('ends once, and forgets who was safe', async () => {
    await expect(on.acts.endEvacuation('fire', BY)).rejects.toMatchObject({ code: 'plan-not-running' })
    await on.acts.startEvacuation('fire', BY)
    await on.acts.accountFor('fire', 'anna', BY)
    await on.acts.endEvacuation('fire', BY)
    expect(now()).toEqual({})
    expect(kinds()).toEqual(['evacuation.started', 'muster.counted', 'evacuation.ended'])
  })

  it('counts a person as safe once, by whoever saw them first', async () => {
    await expect(on.acts.accountFor('fire', 'anna', BY)).rejects.toMatchObject({ code: 'plan-not-running' })
    await on.acts.startEvacuation('fire', BY)
    await on.acts.accountFor('fire', 'anna', BY)
    on.now += 1_000
    expect(await on.acts.accountFor('fire', 'anna', 'o-1')).toEqual({ at: NOON })
    expect(now()).toMatchObject({ [`mustered fire/${on.person('anna')}`]: { at: NOON, by: BY } })
    await expect(on.acts.accountFor('fire', 'zoe', BY)).rejects.toMatchObject({ code: 'person-unknown' })
  })
})

describe('the muster list', () => {
  const position = (id: string, zone: string, since: number): SituationChange => ({
    ...{ kind: 'position', key: on.person(id), value: { zone, since, accessPoint: 'ward-door' } },
  })

  it('names who is inside, who is safe, and who is on duty and was seen nowhere; reading it is a row', async () => {
    on.stage.grant({ person: 'emil', origin: 'shift' })
    on.stage.grant({ person: 'anna', origin: 'shift' })
    on.put(position('anna', 'pharmacy', NOON - 60_000), position('bela', 'ward', NOON - 90_000))
    on.put(position('cleo', 'garden', NOON))
    await on.acts.startEvacuation('fire', BY)
    await on.acts.accountFor('fire', 'bela', BY)
    const list = await on.acts.muster('fire', 'o-1')
    expect(list).toEqual({
      ...{ plan: 'fire', name: 'Fire', since: NOON },
      inside: [{ id: 'anna', name: 'Anna', zone: 'pharmacy', since: NOON - 60_000, accessPoint: 'ward-door' }],
      safe: [{ id: 'bela', name: 'Bela', at: NOON, by: BY }],
      onDutyUnknown: [{ id: 'emil', name: 'Emil' }],
    })
    expect(on.stage.events().at(-1)).toEqual({ kind: 'journal.read', by: 'o-1', rows: 3 })
  })

  it('still names somebody who was taken out of the site meanwhile', async () => {
    on.put(position('dora', 'ward', NOON))
    const site = fullSite()
    await on.stage.apply({
      ...site,
      evacuationPlans: [FIRE],
      people: site.people.filter(p => p.id !== 'dora'),
      badges: site.badges.filter(b => b.person !== 'dora'),
    })
    expect((await on.acts.muster('fire', BY)).inside).toMatchObject([{ name: 'Dora' }])
  })

  it('is shown in an evacuation even if the reading cannot be recorded, and not otherwise', async () => {
    await expect(withoutRecord().muster('fire', BY)).rejects.toThrow('disk')
    await on.acts.startEvacuation('fire', BY)
    expect(await withoutRecord().muster('fire', BY)).toMatchObject({ since: NOON })
  })

  const withoutRecord = () => on.actsWith({ op: () => Promise.reject(new Error('disk')) })
})

describe('in a hub whose disk fails', () => {
  const act = (write: () => Promise<number>) => {
    const applied: SituationChange[] = []
    const released: SituationChange[] = []
    const spooled: Entry[] = []
    const without: WithoutDisk = {
      apply: changes => applied.push(...changes),
      onActs: changes => released.push(...changes),
      loseBadge: () => undefined,
      spool: async entries => void spooled.push(...entries),
      onFailure: error => on.failures.push(error),
    }
    const facts = () => storedFacts(on.stage.db, NOON)
    return { flow: new Evacuation({ facts, write, now: () => NOON }, without), applied, released, spooled }
  }
  const change = { kind: 'evacuation', key: 'fire', value: { since: NOON, by: 'o-1', releasing: true } }

  it('doors are released all the same, and the row waits in the spool with its situation', async () => {
    const full = () => Promise.reject(new VigieError('journal-unavailable', { cause: 'disk full' }))
    const { flow, applied, released, spooled } = act(full)
    expect(await flow.start('fire', 'o-1')).toMatchObject({ releasing: true, recorded: 'spool' })
    expect([applied, released]).toEqual([[change], [change]])
    const event = { kind: 'evacuation.started', plan: 'fire', by: 'o-1' }
    expect(spooled).toEqual([{ event, at: NOON, situations: [change] }])
  })

  it('that does not answer, they are released within a second or so, and the row is not written twice', async () => {
    let answer: (revision: number) => void = () => undefined
    const { flow, released, spooled } = act(() => new Promise(resolve => (answer = resolve)))
    const began = performance.now()
    expect(await flow.start('fire', 'o-1')).toMatchObject({ recorded: 'pending' })
    expect(performance.now() - began).toBeLessThan(DISK_PATIENCE_MS + 1_000)
    expect(released).toEqual([change])
    answer(7)
    await new Promise(resolve => setImmediate(resolve))
    expect(spooled).toEqual([])
  })

  it('that answers too late that it failed, the row goes to the spool then', async () => {
    let fail: (error: Error) => void = () => undefined
    const { flow, spooled } = act(() => new Promise((_, reject) => (fail = reject)))
    await flow.start('fire', 'o-1')
    fail(new Error('I/O error'))
    await until(() => spooled.length === 1)
  })

  it('it ends, and begins again, whatever the rows on disk still say', async () => {
    let writes: Parameters<WriteAct>[0][] = []
    let broken = true
    const standing = new Standing()
    const without: WithoutDisk = {
      apply: changes => standing.merge(changes),
      onActs: () => undefined,
      loseBadge: () => undefined,
      spool: () => Promise.resolve(),
      onFailure: () => undefined,
    }
    const write: WriteAct = async act => {
      if (broken) throw new VigieError('journal-unavailable', { cause: 'disk full' })
      writes.push(act)
      standing.merge(act.situations)
      return 7
    }
    const facts = () => ({ ...storedFacts(on.stage.db, NOON), situations: standing })
    const flow = new Evacuation({ facts, write, now: () => NOON }, without)
    await flow.start('fire', 'o-1')
    expect(await flow.safe('fire', 'anna', 'o-1')).toMatchObject({ at: NOON, recorded: 'spool' })
    broken = false
    expect(await flow.end('fire', 'o-1')).toEqual({ plan: 'fire', revision: 7, recorded: 'journal' })
    expect(writes[0]?.expect).toEqual([])
    expect(standing.mustered.size).toBe(0)
    writes = []
    await flow.start('fire', 'o-1')
    expect(writes[0]?.expect).toEqual([{ kind: 'evacuation', key: 'fire', present: false }])
  })

  it('a conflict is still a conflict: nothing is released', async () => {
    const { flow, released } = act(() => Promise.reject(new VigieError('situation-changed')))
    await expect(flow.start('fire', 'o-1')).rejects.toMatchObject({ code: 'situation-changed' })
    expect(released).toEqual([])
  })
})
