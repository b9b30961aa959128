import { describe, expect, it } from 'vitest'
import type { DeviceState, SiteView } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { LiveModel } from './states.ts'

const device = (id: string, more: Partial<DeviceState> = {}): DeviceState => ({
  id,
  model: 'm',
  name: id,
  status: 'enrolled',
  online: false,
  readings: {},
  refused: {},
  messages: 0,
  ...more,
})
const SITE: SiteView = {
  site: { name: 'Field', timeZone: 'Europe/Paris' },
  zones: [],
  devices: [],
  lockdownPlans: [],
  evacuationPlans: [],
  accessPoints: [
    {
      id: 'store',
      name: 'Store',
      zone: 'ward',
      class: 'door',
      device: 'reader-1',
      point: 'reader',
      lock: { device: 'door-1', point: 'door' },
    },
  ],
}
const origin = (id: string, deviceSeq: number) => ({ device: id, message: `m${deviceSeq}`, deviceSeq, deviceAt: 0 })
const place = { accessPoint: 'store', zone: 'ward' }
const granted = (deviceSeq: number): VigieEvent => ({
  kind: 'access.granted',
  ...origin('reader-1', deviceSeq),
  point: 'reader',
  ...place,
  person: 'p',
  credential: 'c',
  command: 'k',
  unlockMs: 5_000,
  rights: 1,
  via: { kind: 'rule', role: 'nurse', right: 0 },
})

function model(): { live: LiveModel; happens(event: VigieEvent, at?: number): void } {
  const live = new LiveModel()
  live.prime({ site: SITE, devices: [device('reader-1'), device('door-1')], points: [] })
  let seq = 0
  return { live, happens: (event, at = 1_000) => live.apply({ seq: ++seq, at, event }) }
}

describe('the live model', () => {
  it('shows an order and its answer at the lock, not at the reader that asked', () => {
    const { live, happens } = model()
    happens(granted(1))
    expect(live.points()).toEqual([{ device: 'door-1', point: 'door', ...place, ordered: true, since: 1_000 }])
    happens({ kind: 'lock.unlocked', ...origin('door-1', 1), point: 'door', ...place, command: 'k' }, 1_030)
    expect(live.points()).toEqual([
      { device: 'door-1', point: 'door', ...place, ordered: false, lock: 'unlocked', since: 1_030 },
    ])
  })

  it('counts one message once, however many events it brings', () => {
    const { live, happens } = model()
    const state = { contact: 'closed', lock: 'locked' }
    for (const kind of ['point.closed', 'point.locked'] as const)
      happens({ kind, ...origin('door-1', 7), point: 'door', ...place, state })
    happens({ kind: 'point.opened', ...origin('door-1', 8), point: 'door', ...place, state: { contact: 'open' } })
    expect(live.device('door-1')?.messages).toBe(2)
  })

  it('tells what changed since any revision, and counts only once they settle', () => {
    const { live, happens } = model()
    const start = live.revision
    happens({
      kind: 'access.denied',
      ...origin('reader-1', 1),
      point: 'reader',
      ...place,
      reason: 'no-right',
      rights: 1,
    })
    expect(live.within(undefined, start)).toEqual({ points: [], devices: [] })
    expect(live.hasQuiet).toBe(true)
    live.settle()
    expect(live.within(undefined, start).devices.map(d => [d.id, d.messages])).toEqual([['reader-1', 1]])
    const later = live.revision
    happens({ kind: 'device.online', device: 'door-1' })
    expect(live.within(undefined, later).devices.map(d => d.id)).toEqual(['door-1'])
    expect(live.within(undefined, live.revision)).toEqual({ points: [], devices: [] })
  })

  it('shows a clock that went wrong, or right, at once', () => {
    const { live, happens } = model()
    const start = live.revision
    const late = { ...origin('reader-1', 1), skewMs: 99_000 }
    happens({ kind: 'access.denied', ...late, point: 'reader', reason: 'stale-message', rights: 1 })
    expect(live.within(undefined, start).devices).toMatchObject([{ skewed: true, skewMs: 99_000 }])
  })

  it('keeps what was seen when the site is declared anew, and drops what is gone', () => {
    const { live, happens } = model()
    happens({ kind: 'device.online', device: 'door-1' })
    happens({ kind: 'point.opened', ...origin('door-1', 1), point: 'door', ...place, state: { contact: 'open' } })
    happens({ kind: 'point.opened', ...origin('reader-1', 1), point: 'reader', ...place, state: { contact: 'open' } })
    live.declare(SITE, [device('door-1', { name: 'Front door', certificateUntil: 9 }), device('new-1')])
    expect(live.devices().map(d => [d.id, d.name, d.online, d.messages, d.certificateUntil])).toEqual([
      ['door-1', 'Front door', true, 1, 9],
      ['new-1', 'new-1', false, 0, undefined],
    ])
    expect(live.points().map(p => p.device)).toEqual(['door-1'])
  })

  it('takes no harm from a device it does not know', () => {
    const { live, happens } = model()
    happens({ kind: 'device.refused', device: '203.0.113.9', refusal: 'certificate', count: 1 })
    happens({ kind: 'readings', messages: [{ ...origin('stranger', 1), readings: [] }] })
    expect(live.devices().map(d => d.id)).toEqual(['reader-1', 'door-1'])
  })
})
