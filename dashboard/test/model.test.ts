import { describe, expect, it } from 'vitest'
import { CLASSES } from '#hub/access/site.ts'
import type { DeviceState, PointState } from '#hub/api.ts'
import { headline } from '../src/headline.ts'
import { countThings, FAILURE_MODES, pointNoun, pointState, sinceOf, type Thing, thingOf } from '../src/model.ts'
import { narrate } from '../src/narrate.ts'
import { en } from '../src/words/en.ts'
import { fr } from '../src/words/fr.ts'

const point = (more: Partial<PointState>): PointState => ({ device: 'd', point: 'door', since: 5, ...more })
const device = (more: Partial<DeviceState> = {}): DeviceState => ({
  id: 'd',
  model: 'door',
  name: 'D',
  status: 'enrolled',
  online: true,
  since: 1,
  lastSeen: 9,
  readings: {},
  refused: {},
  messages: 1,
  ...more,
})
const door = (points: readonly PointState[], d?: DeviceState): Thing =>
  thingOf({ id: 'd', name: 'D', model: 'door' }, d, points)

describe('what a point is shown as', () => {
  it('keeps ordered, released, open and closed four different things', () => {
    expect(pointState(point({ lock: 'locked', contact: 'closed' }))).toBe('closed')
    expect(pointState(point({ lock: 'locked', contact: 'closed', ordered: true }))).toBe('ordered')
    expect(pointState(point({ lock: 'unlocked', contact: 'closed' }))).toBe('released')
    expect(pointState(point({ lock: 'unlocked', contact: 'open' }))).toBe('open')
  })
  it('shows the gravest first and never calls a bolt alone closed', () => {
    expect(pointState(point({ contact: 'open', forced: true, ordered: true }))).toBe('forced')
    expect(pointState(point({ contact: 'open', tamper: true }))).toBe('tamper')
    expect(pointState(point({ lock: 'locked' }))).toBe('locked')
    expect(pointState(point({}))).toBe('unknown')
  })
  it('reads drawers out of point names', () => {
    expect(pointNoun('drawer-12', 'cabinet')).toEqual({ noun: 'drawer', number: '12' })
    expect(pointNoun('cabinet', 'cabinet')).toEqual({ noun: 'cabinet' })
  })
})

describe('what a class does without a journal', () => {
  it('is what the hub does', () => {
    const modes = Object.entries(CLASSES).map(([name, { failureMode }]) => [name, failureMode])
    expect(FAILURE_MODES).toEqual(Object.fromEntries(modes))
  })
})

describe('what a device is shown as', () => {
  it('is unknown until it has reported, silent when it stops, and then keeps its last state apart', () => {
    expect(door([], undefined).state).toBe('unknown')
    expect(door([], device()).state).toBe('unknown')
    expect(thingOf({ id: 'p', name: 'P', model: 'pir' }, device({ model: 'pir' }), [])).toMatchObject({
      state: 'answering',
    })
    const silent = door([point({ contact: 'open' })], device({ online: false }))
    expect(silent).toMatchObject({ state: 'silent', last: 'open' })
    expect(sinceOf(silent)).toBe(1)
    expect(door([point({ contact: 'closed' })], device({ online: false })).last).toBeUndefined()
  })
  it('takes the gravest of its points and says since when', () => {
    const cabinet = thingOf({ id: 'd', name: 'D', model: 'medicine-cabinet' }, device(), [
      point({ point: 'drawer-1', contact: 'closed', since: 7 }),
      point({ point: 'drawer-2', contact: 'open', since: 6 }),
      point({ point: 'drawer-3', contact: 'open', since: 8 }),
    ])
    expect(cabinet.state).toBe('open')
    expect(cabinet.worst.map(p => p.point)).toEqual(['drawer-2', 'drawer-3'])
    expect(sinceOf(cabinet)).toBe(8)
  })
  it('names the family of an unknown model and invents no state for it', () => {
    expect(thingOf({ id: 'x', name: 'X', model: 'constructor' }, device(), []).form).toBe('other')
  })
})

describe('the headline', () => {
  const closed = door([point({ lock: 'locked', contact: 'closed' })], device())
  const open = door([point({ contact: 'open' })], device())
  it('states the fact and agrees with it', () => {
    expect(headline(countThings([closed]), fr)).toEqual({
      lead: 'Tout est fermé et répond.',
      restOk: false,
      quiet: true,
    })
    expect(headline(countThings([open, open, closed]), fr)).toMatchObject({
      lead: '2\u00a0portes ouvertes.',
      restOk: true,
    })
    expect(headline(countThings([open]), en).lead).toBe('1\u00a0door open.')
  })
  it('never calls the rest in order while something is silent or unknown', () => {
    const silent = door([], device({ online: false }))
    expect(headline(countThings([open, silent]), fr)).toMatchObject({
      lead: '1\u00a0porte ouverte, 1\u00a0appareil muet.',
      restOk: false,
    })
    expect(headline(countThings([door([], undefined)]), fr).quiet).toBe(false)
  })
  it('never calls a site without devices well: it says what to do', () => {
    expect(headline(countThings([]), fr)).toEqual({ lead: 'Aucun appareil.', restOk: false, quiet: false })
  })
  it('counts revoked devices nowhere', () => {
    expect(countThings([door([], device({ status: 'revoked', online: false }))])).toMatchObject({
      known: 0,
      silent: 0,
      unknown: 0,
    })
  })
})

describe('a line of the feed', () => {
  const names = {
    device: () => ({ name: 'Armoire 08-A', model: 'medicine-cabinet' }),
    zone: () => ({ name: 'Réanimation' }),
    accessPoint: () => ({ name: 'Armoire 08-A, tiroir 3' }),
  }
  const base = { seq: 1, at: 0, device: 'cab', point: 'drawer-3', zone: 't08', accessPoint: 'ap' }
  it('says what, where and who', () => {
    expect(
      narrate({ ...base, kind: 'point.opened', person: { name: 'Lucie Aubry', role: 'infirmière' } }, fr, names),
    ).toEqual({
      what: 'Tiroir\u00a03 ouvert',
      where: ['Réanimation', 'Armoire 08-A'],
      detail: ['L.\u00a0Aubry'],
    })
  })
  it('names the reason of a refusal in both languages', () => {
    const denied = { ...base, kind: 'access.denied', reason: 'outside-hours' } as const
    expect(narrate(denied, fr, names).what).toBe('Refusé\u202f: hors horaire')
    expect(narrate(denied, en, names).what).toBe('Refused: outside hours')
  })
  it('says what was refused and how often, and how long something took', () => {
    expect(narrate({ ...base, kind: 'device.refused', refusal: 'size', count: 12 }, fr, names).detail).toEqual([
      'trop long \u00d7\u202f12',
    ])
    expect(narrate({ ...base, kind: 'point.closed', ms: 41_000 }, fr, names).detail).toEqual(['41\u00a0s'])
    expect(narrate({ ...base, kind: 'point.closed', ms: 903 }, fr, names).detail).toEqual(['0,9\u00a0s'])
  })
  it('does not repeat with a lock’s answer what the grant above it has said, unless there is room', () => {
    const answer = {
      ...base,
      kind: 'lock.unlocked',
      ms: 84,
      person: { name: 'Lucie Aubry', role: 'Infirmière' },
    } as const
    expect(narrate(answer, fr, names)).toEqual({
      what: 'Ordre exécuté',
      where: ['Armoire 08-A, tiroir 3'],
      detail: ['84\u00a0ms'],
    })
    expect(narrate(answer, fr, names, true).detail).toEqual(['L.\u00a0Aubry, infirmière', '84\u00a0ms'])
  })
})
