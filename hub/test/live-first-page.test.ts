/** The lines of a first live page, where the journal is read in stretches and most of them hold nothing for it. */
import { expect, it } from 'vitest'
import type { EventPage, EventQuery } from '../api.ts'
import { heard, startHub } from './http-hub.ts'

const NIGHTS: readonly EventPage[] = [
  { events: [], next: 900 },
  { events: [], next: 500 },
  { events: [{ seq: 499, at: 0, kind: 'point.opened' }], next: 499 },
]

it('a first page reads on past stretches without a line, for the operator who opened it', async () => {
  const asked: [EventQuery, string | undefined][] = []
  const hub = await startHub({
    dashboard: 'missing',
    events: (query, operator) => NIGHTS[asked.push([query, operator]) - 1] ?? { events: [] },
  })
  try {
    const cookie = await hub.setUp()
    hub.live.prime({
      site: {
        site: { name: 'Field', timeZone: 'Europe/Paris' },
        zones: [],
        devices: [],
        accessPoints: [],
        lockdownPlans: [],
        evacuationPlans: [],
      },
      devices: [],
      points: [],
      cursor: 1_000,
    })
    const hello = await heard(hub.connect(cookie), 'hello')
    expect([hello.missed.map(e => e.seq), hello.gap]).toEqual([[499], false])
    expect(asked).toEqual([
      [{ limit: 200 }, 'op-claire'],
      [{ limit: 200, before: 900 }, 'op-claire'],
      [{ limit: 200, before: 500 }, 'op-claire'],
    ])
  } finally {
    await hub.stop()
  }
})
