import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ActsStage, BY } from '../test/acts-stage.ts'
import { fullSite } from '../test/small-site.ts'
import { Link, NOON, until } from '../test/stage.ts'
import { type Acting, makeActing } from '../wiring/acting.ts'
import { type Unlock, Unlocks } from './unlocks.ts'

const PLAN = { id: 'intruder', name: 'Intruder', zones: ['ward'], rank: 3, revertAfterMinutes: 30 }
const HALF_HOUR = 30 * 60_000

let on: ActsStage
beforeEach(async () => {
  const site = fullSite()
  const escapeDoor = { ...site.accessPoints[2]!, id: 'escape', class: 'escape-door' as const, device: 'door-3' }
  site.devices.push({ id: 'door-3', model: 'door', name: 'Escape', zone: 'ward' })
  site.accessPoints.push(escapeDoor)
  site.lockdownPlans = [PLAN]
  site.evacuationPlans = [
    { id: 'fire', name: 'Fire', zones: ['ward'], release: ['ward-door'], muster: ['garden-door'] },
  ]
  on = await ActsStage.open(() => ({}), site)
})
afterEach(() => on.close())

describe('a lockdown', () => {
  it('begins with its end known, as one situation and one journal row', async () => {
    const begun = await on.acts.startLockdown('intruder', BY)
    expect(begun).toMatchObject({ plan: 'intruder', rank: 3, since: NOON, until: NOON + HALF_HOUR, by: BY })
    expect(on.stage.situations()).toEqual({ 'lockdown intruder': { since: NOON, until: NOON + HALF_HOUR, by: BY } })
    expect(on.stage.events().at(-1)).toEqual({
      ...{ kind: 'lockdown.started', plan: 'intruder', by: BY, until: NOON + HALF_HOUR },
    })
  })

  it('cannot begin twice, but begins again once its time is over', async () => {
    await on.acts.startLockdown('intruder', BY)
    await expect(on.acts.startLockdown('intruder', BY)).rejects.toMatchObject({ code: 'plan-running' })
    on.now = NOON + HALF_HOUR
    expect(on.acts.lockdowns()).toEqual([{ plan: 'intruder', name: 'Intruder', rank: 3 }])
    expect((await on.acts.startLockdown('intruder', BY)).until).toBe(NOON + 2 * HALF_HOUR)
  })

  it('ends before its time, once', async () => {
    await on.acts.startLockdown('intruder', BY)
    await on.acts.endLockdown('intruder', BY)
    expect(on.stage.situations()).toEqual({})
    expect(on.stage.events().at(-1)).toEqual({ kind: 'lockdown.ended', plan: 'intruder', by: BY })
    await expect(on.acts.endLockdown('intruder', BY)).rejects.toMatchObject({ code: 'plan-not-running' })
  })

  it('of two that begin in the same moment the second is refused, and writes no row', async () => {
    const rows = on.stage.rows().length
    const outcomes = await Promise.allSettled([1, 2].map(() => on.acts.startLockdown('intruder', BY)))
    expect(outcomes.map(o => o.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(on.stage.rows()).toHaveLength(rows + 1)
  })

  it('names the plans there are to somebody who asks for another', async () => {
    await expect(on.acts.startLockdown('flood\u001b', BY)).rejects.toMatchObject({
      ...{ code: 'plan-unknown', details: { plan: 'flood?', expected: 'intruder' } },
    })
  })
})

describe('the locks, in a running hub', () => {
  let link: Link
  let unlocks: Unlocks
  let acting: Acting
  beforeEach(() => {
    link = new Link(() => [])
    unlocks = new Unlocks(() => undefined)
    acting = makeActing({
      registry: () => on.stage.registry(),
      unlocks,
      link,
      journal: on.stage.journal,
      spool: () => Promise.reject(new Error('nothing to spool')),
      notify: () => undefined,
      expiryMs: 200,
      onFailure: error => on.failures.push(error),
      now: () => on.now,
    })
  })
  afterEach(() => {
    acting.stop()
    unlocks.stop()
    expect(on.failures).toEqual([])
  })

  const released = (accessPoint: string, device: string, point: string, over: Partial<Unlock> = {}): void =>
    unlocks.sent(
      { command: `u-${device}-${point}`, device, point, accessPoint, badgeAt: NOON, openUntil: NOON + 13_000, ...over },
      60_000,
    )
  const sent = () => link.commands.map(c => c.action)
  const lockdown = { kind: 'lockdown', key: 'intruder', value: { since: NOON, until: NOON + 1, by: BY } } as const

  it('that are released in its zones are called back; escape doors, other zones and locked ones are left alone', () => {
    released('ward-door', 'door-1', 'door')
    released('medicines', 'cabinet-1', 'drawer-2')
    released('escape', 'door-3', 'door')
    released('garden-door', 'door-2', 'door')
    acting.onActs([lockdown])
    expect(link.sent.map(s => s.kind === 'command' && [s.device, s.message.action, s.message.point])).toEqual([
      ['cabinet-1', 'lock', 'drawer-2'],
      ['door-1', 'lock', 'door'],
    ])
    const [first, second] = link.commands
    expect(first?.id).not.toBe(second?.id)
    expect(Date.parse(first?.expiresAt ?? '')).toBe(NOON + 200)
  })

  it('are not called back when it ends, nor twice by one that goes on', () => {
    released('ward-door', 'door-1', 'door')
    acting.onActs([{ kind: 'lockdown', key: 'intruder' }])
    expect(sent()).toEqual([])
    acting.onActs([lockdown])
    acting.onActs([lockdown])
    expect(sent()).toEqual(['lock'])
  })

  it('that an evacuation holds open stay open', () => {
    acting.onActs([{ kind: 'evacuation', key: 'fire', value: { since: NOON, by: BY, releasing: true } }])
    acting.onActs([lockdown])
    expect(sent()).toEqual(['unlock'])
  })

  it('that do not answer are told of in the journal', async () => {
    released('ward-door', 'door-1', 'door')
    acting.onActs([lockdown])
    await until(() => on.stage.kinds().includes('lock.silent'))
    expect(on.stage.events().at(-1)).toMatchObject({
      ...{ kind: 'lock.silent', device: 'door-1', point: 'door', accessPoint: 'ward-door', zone: 'ward' },
      command: link.commands[0]?.id,
    })
  })

  it('that a lost badge has released are called back, whoever reported it; those of other badges are not', async () => {
    released('ward-door', 'door-1', 'door', { credential: on.stage.pseudonym('badge', '04AA0001') })
    released('medicines', 'cabinet-1', 'drawer-2', { credential: on.stage.pseudonym('badge', '04AA0002') })
    acting.onActs([])
    expect(sent()).toEqual([])
    await on.acts.badgeLost('04AA0001', BY)
    acting.onActs([])
    expect(link.sent.map(s => [s.device, s.kind])).toEqual([['door-1', 'command']])
  })
})
