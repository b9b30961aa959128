import { describe, expect, it } from 'vitest'
import type { DeviceState, PointState } from '../api.ts'
import type { PointChanged, Recorded, VigieEvent } from '../events.ts'
import {
  deviceAfterEvent,
  deviceAfterMessage,
  deviceAfterReadings,
  isMessage,
  isNews,
  lineOf,
  patchOf,
  pointAfter,
} from './model.ts'

const origin = { device: 'cabinet-1', message: 'm-1', deviceSeq: 1, deviceAt: 900 }
const place = { point: 'drawer-1', accessPoint: 'morphine', zone: 'ward' }
const changed = (kind: PointChanged['kind'], state: PointChanged['state'] = {}, more = {}): PointChanged => ({
  kind,
  ...origin,
  ...place,
  state,
  ...more,
})
const granted: VigieEvent = {
  kind: 'access.granted',
  ...origin,
  ...place,
  person: 'p-1',
  credential: 'c-1',
  command: 'k',
  unlockMs: 5_000,
  rights: 1,
  via: { kind: 'rule', role: 'nurse', right: 0 },
}
const withdrawn: VigieEvent = {
  ...{ kind: 'access.withdrawn', ...origin, ...place, person: 'p-1', credential: 'c-1', command: 'k' },
  ...{ reason: 'lockdown', because: 'storm', rights: 2 },
}
const NAMED: Readonly<Record<string, { name: string; role: string }>> = {
  'p-1': { name: 'C. Marchand', role: 'Infirmière' },
  'p-2': { name: 'L. Aubry', role: 'Infirmier' },
  'o-1': { name: 'B. Kessler', role: 'security' },
}
const names = { person: (p: string) => NAMED[p] }
const line = (event: VigieEvent) => lineOf({ seq: 5, at: 1_000, event }, names)

describe('an event changes its point', () => {
  const answered = (kind: 'lock.unlocked' | 'lock.locked' | 'lock.refused' | 'lock.failed'): VigieEvent => ({
    kind,
    ...origin,
    ...place,
    command: 'k',
  })
  it.each<[VigieEvent, object | undefined]>([
    [granted, { ordered: true }],
    [answered('lock.unlocked'), { lock: 'unlocked', ordered: false }],
    [answered('lock.locked'), { lock: 'locked', ordered: false }],
    [answered('lock.refused'), { ordered: false }],
    [answered('lock.failed'), { ordered: false }],
    [{ kind: 'lock.silent', device: 'cabinet-1', ...place, command: 'k' }, { ordered: false }],
    [changed('point.opened', { contact: 'open' }), { contact: 'open' }],
    [changed('point.forced', { contact: 'open' }), { contact: 'open', forced: true }],
    [
      changed('point.closed', { contact: 'closed', lock: 'locked' }),
      { contact: 'closed', lock: 'locked', forced: false },
    ],
    [changed('point.locked'), { lock: 'locked' }],
    [changed('point.released'), { lock: 'unlocked', ordered: false }],
    [changed('tamper.raised'), { tamper: true }],
    [changed('tamper.cleared'), { tamper: false }],
    [changed('state.changed', { on: true, brightness: 40, battery: 80 }), { on: true, brightness: 40, battery: 80 }],
    [changed('exit.requested', { request: true }), {}],
    [{ kind: 'access.denied', ...origin, ...place, reason: 'no-right', rights: 1 }, undefined],
    [withdrawn, { ordered: false }],
    [{ kind: 'device.online', device: 'cabinet-1' }, undefined],
  ])('%o', (event, patch) => expect(patchOf(event)).toEqual(patch))

  it('not at all when it came late, after a later one of its device', () =>
    expect(patchOf(changed('point.opened', {}, { late: true }))).toBeUndefined())

  it('and never by a field or a value that no trait knows', () => {
    expect(
      patchOf(changed('state.changed', { contact: 'ajar', lock: 'maybe', on: 'yes', __proto__: 'x', forced: true })),
    ).toEqual({})
  })
})

describe('a point', () => {
  const before: PointState = { device: 'cabinet-1', point: 'drawer-1', contact: 'closed', since: 1 }
  it('stays the same object when nothing is new', () =>
    expect(pointAfter(before, { contact: 'closed' }, 9)).toBe(before))
  it('has been so since its contact, lock, light or tamper changed', () =>
    expect(pointAfter(before, { contact: 'open' }, 9)).toEqual({ ...before, contact: 'open', since: 9 }))
  it('has not changed by an order or a battery', () =>
    expect(pointAfter(before, { ordered: true, battery: 3 }, 9)).toEqual({
      ...before,
      ordered: true,
      battery: 3,
      since: 1,
    }))
})

describe('a device', () => {
  const before: DeviceState = {
    id: 'cabinet-1',
    model: 'm',
    name: 'A1',
    status: 'declared',
    online: false,
    readings: {},
    refused: {},
    messages: 4,
  }
  it('counts its messages and shows its clock only while it is beyond the limit', () => {
    const skewed = deviceAfterMessage(before, { ...origin, skewMs: 90_000 }, 7, true)
    expect(skewed).toMatchObject({ lastSeen: 7, messages: 5, skewMs: 90_000, skewed: true })
    const right = deviceAfterMessage(skewed, origin, 8, false)
    expect(right).toEqual({ ...before, lastSeen: 8, messages: 5 })
  })
  it('keeps its newest readings, and not a late one', () => {
    const message = (value: number, late = {}) => ({
      ...origin,
      ...late,
      readings: [{ quantity: 'illuminance', value, unit: 'lx' }],
    })
    const after = deviceAfterReadings(deviceAfterReadings(before, message(212), 7), message(3, { late: true }), 8)
    expect(after.readings).toEqual({ illuminance: { value: 212, unit: 'lx', at: 7 } })
    expect(after.messages).toBe(6)
  })
  it('comes, goes, is enrolled and revoked, and adds up what was refused', () => {
    const events = [
      { kind: 'device.enrolled', device: 'cabinet-1' },
      { kind: 'device.online', device: 'cabinet-1' },
      { kind: 'device.refused', device: 'cabinet-1', refusal: 'topic', count: 1 },
      { kind: 'device.refused', device: 'cabinet-1', refusal: 'topic', count: 41 },
      { kind: 'device.offline', device: 'cabinet-1' },
      { kind: 'device.revoked', device: 'cabinet-1' },
    ] as const
    const states: DeviceState[] = []
    for (const [i, event] of events.entries()) states.push(deviceAfterEvent(states.at(-1) ?? before, event, i))
    expect(states.map(s => `${s.status} ${s.online} ${s.refused.topic ?? 0}`)).toEqual([
      'enrolled false 0',
      'enrolled true 0',
      'enrolled true 1',
      'enrolled true 42',
      'enrolled false 42',
      'revoked false 42',
    ])
  })
  it('sent no message when a gap before one is told, or when the hub itself concludes', () => {
    expect(isMessage({ kind: 'device.gap', ...origin, missing: 3 })).toBe(false)
    const again = {
      kind: 'device.replayed',
      refusal: 'duplicate',
      device: 'cabinet-1',
      message: 'm',
      deviceSeq: 4,
    } as const
    expect(isMessage({ ...again, newest: 9, count: 2 })).toBe(false)
    expect(deviceAfterEvent(before, { ...again, newest: 9, count: 2 }, 1).refused).toEqual({ duplicate: 2 })
    expect(isMessage({ kind: 'lock.silent', device: 'cabinet-1', ...place, command: 'k' })).toBe(false)
    expect(isMessage(granted)).toBe(true)
  })
})

describe('a line of the feed', () => {
  it('says where, who, and why', () => {
    expect(line(granted)).toEqual({
      seq: 5,
      at: 1_000,
      kind: 'access.granted',
      device: 'cabinet-1',
      ...place,
      person: { name: 'C. Marchand', role: 'Infirmière' },
    })
    expect(
      line({ kind: 'access.denied', ...origin, ...place, reason: 'outside-hours', person: 'gone', rights: 1 }),
    ).toEqual({ seq: 5, at: 1_000, kind: 'access.denied', device: 'cabinet-1', ...place, reason: 'outside-hours' })
  })
  it('says how long and how many', () => {
    expect(line(withdrawn)).toMatchObject({ kind: 'access.withdrawn', reason: 'lockdown', person: NAMED['p-1'] })
    expect(line({ kind: 'interlock.reset', by: 'o-1', accessPoint: 'trap-a' })).toMatchObject({
      ...{ kind: 'interlock.reset', accessPoint: 'trap-a', by: 'B. Kessler' },
    })
    expect(line(changed('point.closed', {}, { openMs: 4_200 })).ms).toBe(4_200)
    expect(line({ kind: 'lock.unlocked', ...origin, ...place, command: 'k', tookMs: 31 }).ms).toBe(31)
    expect(line({ kind: 'device.refused', device: 'x', refusal: 'rate', count: 12 })).toMatchObject({
      refusal: 'rate',
      count: 12,
    })
    expect(line({ kind: 'device.gap', ...origin, missing: 3 }).count).toBe(3)
    expect(
      line({ kind: 'rights.changed', revision: 2, added: 1, changed: 2, removed: 3, origin: 'site.json' }).count,
    ).toBe(6)
  })
  it('names both of two people, and what opened where it was no rule', () => {
    expect(line({ ...granted, witness: 'p-2', via: { kind: 'break-glass', id: 'b-1' } } as VigieEvent)).toMatchObject({
      person: NAMED['p-1'],
      witness: NAMED['p-2'],
      via: 'break-glass',
    })
    const { via: _, ...first } = granted as typeof granted & { via: object }
    expect(line(first as VigieEvent)).not.toHaveProperty('via')
  })
  it('names who did it: an operator by name, the command line by its user, and nobody by a pseudonym', () => {
    const started = (by: string): VigieEvent => ({ kind: 'lockdown.started', plan: 'south', by })
    expect(['o-1', 'cli:root', 'tenant:planning', 'reverted', 'o-gone'].map(by => line(started(by)).by)).toEqual([
      'B. Kessler',
      'cli:root',
      'tenant:planning',
      'reverted',
      undefined,
    ])
    expect(line(started('o-1')).plan).toBe('south')
  })
  it.each<[VigieEvent, object]>([
    [{ kind: 'pin.alarm', device: 'd', ...place, person: 'p-1', credential: 'c-1', wrong: 3 }, { count: 3 }],
    [
      {
        kind: 'break-glass.review-closed',
        id: 'b-1',
        person: 'p-1',
        accessPoint: 'morphine',
        zone: 'ward',
        by: 'o-1',
        finding: 'justified',
        comment: 'seen with the ward',
      },
      { finding: 'justified', by: 'B. Kessler', accessPoint: 'morphine', zone: 'ward' },
    ],
    [
      { kind: 'break-glass.review-overdue', id: 'b', person: 'p-1', accessPoint: 'a', zone: 'ward', escalation: 2 },
      { count: 2 },
    ],
    [
      { kind: 'break-glass.ended', id: 'b', person: 'p-1', accessPoint: 'a', why: 'badge-lost' },
      { why: 'badge-lost', accessPoint: 'a' },
    ],
    [
      { kind: 'evacuation.released', plan: 'all', released: ['a', 'b'], silent: ['c'] },
      { plan: 'all', count: 2, silent: 1 },
    ],
    [
      { kind: 'muster.counted', plan: 'all', person: 'p-1', accessPoint: 'a' },
      { plan: 'all', accessPoint: 'a' },
    ],
    [
      {
        kind: 'grant.issued',
        grant: 'g-1',
        person: 'p-1',
        by: 'cli:root',
        origin: 'loan',
        from: 1,
        until: 2,
        zone: 'ward',
        reference: 'RX-1',
      },
      { origin: 'loan', by: 'cli:root', zone: 'ward' },
    ],
    [
      { kind: 'badge.lost', credential: 'c-1', person: 'p-1', by: 'o-1', ended: 2 },
      { count: 2, by: 'B. Kessler' },
    ],
    [
      { kind: 'passback.reset', by: 'o-1', zone: 'ward', count: 4 },
      { count: 4, zone: 'ward' },
    ],
  ])('says what matters of %o, and neither reasons stated, comments nor references', (event, told) => {
    const shown = line(event)
    expect(shown).toMatchObject(told)
    expect(JSON.stringify(shown)).not.toMatch(/RX-1|seen with|c-1|p-1|g-1/)
  })
  it('never carries a pseudonym, a credential, a certificate or an operator', () => {
    const events: VigieEvent[] = [
      granted,
      { kind: 'device.revoked', device: 'x', serial: '0A', reason: 'lost' },
      { kind: 'operator.refused', operator: 'op-1', reason: 'password' },
      { kind: 'journal.read', by: 'op-1', rows: 9 },
    ]
    for (const event of events) expect(JSON.stringify(line(event))).not.toMatch(/p-1|c-1|0A|lost|op-1|password/)
  })
  it('exists for everything but readings', () => {
    expect(isNews({ kind: 'readings', messages: [] })).toBe(false)
    expect(isNews(({ event: granted, seq: 1, at: 1 } satisfies Recorded).event)).toBe(true)
  })
})
