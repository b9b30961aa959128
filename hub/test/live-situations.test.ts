/** Pages hear of lockdowns, evacuations and the like as they are now: first thing, then only when something is new. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CALM } from '../access/situations.ts'
import type { VigieEvent } from '../events.ts'
import { CALM_VIEW } from '../notify/situations.ts'
import { heard, startHub, type TestHub } from './http-hub.ts'

let hub: TestHub
let cookie: string
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing' })
  cookie = await hub.setUp()
})
afterEach(() => hub.stop())

const lockdown = () => new Map([['south', { since: hub.now, until: hub.now + 60_000, by: 'cli:root' }]])
const told = () => [{ plan: 'south', since: hub.now, until: hub.now + 60_000, by: 'cli:root' }]

it('says first how things stand', async () => {
  expect((await heard(hub.connect(cookie), 'hello')).situations).toEqual(CALM_VIEW)
  hub.situations = { ...CALM, lockdown: lockdown() }
  expect((await heard(hub.connect(cookie), 'hello')).situations.lockdowns).toEqual(told())
})

it('tells a page of a change once, with the event or without one', async () => {
  const client = hub.connect(cookie)
  await heard(client, 'hello')
  const started = heard(client, 'frame')
  hub.situations = { ...CALM, lockdown: lockdown() }
  const event: VigieEvent = { kind: 'lockdown.started', plan: 'south', by: 'cli:root', until: hub.now + 60_000 }
  hub.live.observe({ seq: 1, at: hub.now, event })
  expect(await started).toMatchObject({
    events: [{ plan: 'south', by: 'cli:root' }],
    situations: { lockdowns: told() },
  })

  const other = heard(client, 'frame')
  hub.live.observe({ seq: 2, at: hub.now, event: { kind: 'device.offline', device: 'cabinet-1' } })
  expect(await other).not.toHaveProperty('situations')

  const ended = heard(client, 'frame')
  hub.situations = CALM
  hub.live.situationsChanged()
  expect(await ended).toMatchObject({ events: [], situations: CALM_VIEW })
})

it('tells of rows that an act has written, each once, whether it hears of them by the bus before, after or never', async () => {
  const client = hub.connect(cookie)
  await heard(client, 'hello')
  const seen: number[] = []
  client.on('frame', frame => seen.push(...frame.events.map(e => e.seq)))
  const row = (seq: number) =>
    ({ seq, at: hub.now, event: { kind: 'lockdown.ended', plan: 'south', by: 'o-1' } }) as const
  hub.acted.push(row(1), row(2), row(3))
  hub.live.observe(row(2))
  hub.live.situationsChanged()
  hub.live.observe(row(3))
  hub.live.situationsChanged()
  const last = heard(client, 'frame')
  hub.live.observe({ seq: 4, at: hub.now, event: { kind: 'device.offline', device: 'cabinet-1' } })
  if (!seen.includes(4)) await last
  expect(seen.toSorted()).toEqual([1, 2, 3, 4])
})
