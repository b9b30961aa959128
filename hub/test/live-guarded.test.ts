/** A cry for help is for those who can come: an auditor learns neither by the live page nor by the journal that there was one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventPage, LiveEvent, OperatorRole, Problem } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { type Frame, heard, startHub, type TestHub } from './http-hub.ts'

let hub: TestHub
let cookie: string
let seq: number
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing', held: 20 })
  cookie = await hub.setUp()
  seq = 0
})
afterEach(() => hub.stop())

const as = (role: OperatorRole): void => {
  hub.accounts.rows.set('claire', { ...hub.accounts.rows.get('claire')!, role })
}
const DURESS: VigieEvent = {
  kind: 'duress.raised',
  device: 'cabinet-1',
  point: 'drawer-1',
  accessPoint: 'morphine',
  zone: 'ward',
  person: 'p-1',
  credential: 'b-1',
}
const OFFLINE: VigieEvent = { kind: 'device.offline', device: 'cabinet-1' }
function happens(event: VigieEvent): void {
  const row = { seq: ++seq, at: hub.now, event }
  hub.journal.push({ seq, at: hub.now, kind: event.kind })
  hub.live.observe(row)
}
const kinds = (events: readonly LiveEvent[]): string[] => events.map(e => e.kind)
/** Every frame until one tells of a device that is offline, so that nothing is still on its way. */
async function until(frames: Frame[], count: number, next: () => Promise<Frame>): Promise<string[]> {
  const told = (): string[] => frames.flatMap(f => kinds(f.events))
  while (told().filter(k => k === 'device.offline').length < count) await next()
  return told()
}

describe.each([
  ['auditor', false],
  ['security', true],
  ['administrator', true],
] as const)('a duress PIN, for the role %s', (role, sees) => {
  beforeEach(() => as(role))
  const shown = (...all: string[]): string[] => all.filter(k => sees || k !== 'duress.raised')

  it(`is ${sees ? 'told' : 'not told'} in frames, beside others in one frame or alone`, async () => {
    const client = hub.connect(cookie)
    const frames: Frame[] = []
    await heard(client, 'hello')
    client.on('frame', frame => frames.push(frame))
    const next = () => heard(client, 'frame')
    happens(DURESS)
    happens(OFFLINE)
    await until(frames, 1, next)
    happens(DURESS)
    happens(OFFLINE)
    expect(await until(frames, 2, next)).toEqual(
      shown('duress.raised', 'device.offline', 'duress.raised', 'device.offline'),
    )
  })

  it(`is ${sees ? 'among' : 'not among'} what a page missed, from memory, from the journal, and when it is greeted anew`, async () => {
    happens(OFFLINE)
    happens(DURESS)
    happens(OFFLINE)
    const all = shown('device.offline', 'duress.raised', 'device.offline')
    expect(kinds((await heard(hub.connect(cookie, { cursor: 0 }), 'hello')).missed)).toEqual(all)
    expect(kinds((await heard(hub.connect(cookie), 'hello')).missed)).toEqual(all)
    expect(kinds((await heard(hub.connect(cookie, { cursor: 999 }), 'hello')).missed)).toEqual(all)

    const client = hub.connect(cookie)
    await heard(client, 'hello')
    const anew = heard(client, 'hello')
    happens(DURESS)
    happens(OFFLINE)
    hub.live.siteChanged(hub.live.model.site(), [])
    expect(kinds((await anew).missed)).toEqual(shown('duress.raised', 'device.offline'))
  })

  it(`is ${sees ? 'told' : 'not told'} before it is recorded`, async () => {
    hub.live.observe({ seq: 0, at: hub.now, event: DURESS, unrecorded: true })
    expect(kinds((await heard(hub.connect(cookie), 'hello')).missed)).toEqual(shown('duress.raised'))
  })

  it(`is ${sees ? 'on' : 'not on'} the pages of the journal, whose kinds ${sees ? 'include' : 'do not include'} it`, async () => {
    happens(DURESS)
    happens(OFFLINE)
    const page = await hub.ask('/api/v1/events', { cookie })
    expect(kinds(page.json<EventPage>().events)).toEqual(shown('device.offline', 'duress.raised'))
    const asked = await hub.ask('/api/v1/events?kind=duress.raised', { cookie })
    expect(sees ? asked.status : asked.json<Problem>().code).toBe(sees ? 200 : 'not-allowed')
  })
})

it('pages of both roles are told side by side, each what is theirs', async () => {
  const guard = hub.connect(cookie)
  await heard(guard, 'hello')
  as('auditor')
  const auditor = hub.connect(cookie)
  await heard(auditor, 'hello')
  const frames = [heard(guard, 'frame'), heard(auditor, 'frame')]
  happens(DURESS)
  happens(OFFLINE)
  expect((await Promise.all(frames)).map(f => kinds(f.events))).toEqual([
    ['duress.raised', 'device.offline'],
    ['device.offline'],
  ])
})
