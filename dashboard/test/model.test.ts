import { describe, expect, it } from 'vitest'
import { CLASSES } from '#hub/access/site.ts'
import type { DeviceState, PointState } from '#hub/api.ts'
import { headline } from '../src/headline.ts'
import {
  countThings,
  eventGlyph,
  FAILURE_MODES,
  groupOf,
  isAlarm,
  isMarked,
  pointNoun,
  pointState,
  sinceOf,
  type Thing,
  thingOf,
} from '../src/model.ts'
import { narrate } from '../src/narrate.ts'
import { type ActName, meaningOf } from '../src/situations.ts'
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

describe('the sentence at the top', () => {
  const calm = { lockdowns: [], evacuations: [], awaited: [], breakGlass: [], reviews: { open: 0, overdue: 0 } }
  const counts = countThings([door([point({ lock: 'locked', contact: 'closed' })], device())])
  it('is quiet while nothing is going on', () => {
    expect(headline(counts, fr, calm)).toEqual({ lead: fr.head.quiet, restOk: false, quiet: true })
  })
  it('says what is going on, gravest first, before what stands open', () => {
    const busy = {
      ...calm,
      evacuations: [{ plan: 'a', since: 1, releasing: true, inside: 0, safe: 0 }],
      lockdowns: [
        { plan: 'b', since: 1, until: 2 },
        { plan: 'c', since: 1, until: 2 },
      ],
      reviews: { open: 3, overdue: 1 },
    }
    expect(headline(counts, fr, busy).lead).toBe(
      '1\u00a0évacuation, 2\u00a0confinements, 3\u00a0bris de glace à relire.',
    )
    expect(headline(counts, en, busy)).toMatchObject({ restOk: true, quiet: false })
  })
})

describe('what an act means', () => {
  const plans = {
    zone: (id: string) => (id === 'gone' ? undefined : { name: `Zone ${id}` }),
    accessPoint: (id: string) => ({ name: `Porte ${id}` }),
    lockdownPlan: () => ({ id: 'l', name: 'L', zones: ['a', 'gone'], rank: 3, revertAfterMinutes: 60 }),
    evacuationPlan: () => ({ id: 'e', name: 'E', zones: ['a'], release: ['1', '2', '3', '4', '5', '6'], muster: [] }),
  }
  const meaning = (name: ActName, w = fr): string => meaningOf({ name, plan: 'x' }, plans, undefined, w)
  it('names zones, ranks and the end of a lockdown', () => {
    expect(meaning('lockdown')).toMatch(/^Zone a et gone\u202f: .*rang 3 ou plus\..*après 60\u00a0min\.$/)
    expect(meaning('lockdown', en)).toMatch(/^Zone a and gone: .*rank 3 or above\./)
  })
  it('names four doors of an evacuation and counts the rest', () => {
    expect(meaning('evacuation')).toContain('6\u00a0accès')
    expect(meaning('evacuation')).toContain('Porte 1, Porte 2, Porte 3, Porte 4 et 2\u00a0autres.')
    expect(meaning('resume-evacuation', en)).toContain('Porte 4 and 2\u00a0more.')
  })
  it('says who is still missing before an evacuation is ended', () => {
    const evacuations = [{ plan: 'x', since: 1, releasing: true, inside: 2, safe: 0 }]
    const view = { lockdowns: [], evacuations, awaited: [], breakGlass: [], reviews: { open: 0, overdue: 0 } }
    expect(meaningOf({ name: 'end-evacuation', plan: 'x' }, plans, view, fr)).toContain(
      '2\u00a0personnes ne sont pas encore comptées.',
    )
    expect(meaning('end-evacuation')).not.toContain('personne ')
  })
})

describe('a line of the feed', () => {
  const names = {
    device: () => ({ name: 'Armoire 08-A', model: 'medicine-cabinet' }),
    zone: () => ({ name: 'Réanimation' }),
    accessPoint: () => ({ name: 'Armoire 08-A, tiroir 3' }),
    plan: () => ({ name: 'Aile sud' }),
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
  it('says who the second of two people was, what opened where it was no rule, and by whom', () => {
    const person = { name: 'Lucie Aubry' }
    const witness = { name: 'Samir Nadel', role: 'Infirmier' }
    const granted = { ...base, kind: 'access.granted', person, witness, via: 'break-glass' } as const
    expect(narrate(granted, fr, names).detail).toEqual(['L.\u00a0Aubry', 'avec S.\u00a0Nadel', 'bris de glace'])
    expect(narrate(granted, en, names, true).detail[1]).toBe('with S.\u00a0Nadel, infirmier')
  })
  it('names the plan of a lockdown and of an evacuation, and how it ended', () => {
    const plan = { seq: 1, at: 0, plan: 'south' }
    const unnamed = { ...names, device: () => undefined, zone: () => undefined, accessPoint: () => undefined }
    const ended = { ...plan, kind: 'lockdown.ended', by: 'reverted' } as const
    expect(narrate(ended, fr, unnamed)).toEqual({
      what: 'Fin du confinement',
      where: ['Aile sud'],
      detail: ['fin automatique'],
    })
    const released = { ...plan, kind: 'evacuation.released', count: 12, silent: 2 } as const
    expect(narrate(released, fr, unnamed).detail).toEqual(['12\u00a0serrures, 2\u00a0muettes'])
    expect(narrate(released, en, unnamed).detail).toEqual(['12\u00a0locks, 2\u00a0silent'])
  })
  it('says of acts what came of them', () => {
    const act = (more: object) => narrate({ seq: 1, at: 0, by: 'Bruno Kessler', ...more } as never, fr, names).detail
    expect(act({ kind: 'break-glass.review-closed', finding: 'training-needed' })).toEqual([
      'Formation à prévoir',
      'par B.\u00a0Kessler',
    ])
    expect(act({ kind: 'badge.lost', count: 2 })[0]).toBe('2\u00a0situations closes')
    expect(act({ kind: 'badge.lost', count: 0 })).toEqual(['par B.\u00a0Kessler'])
    expect(act({ kind: 'grant.issued', origin: 'maintenance', by: 'cli:root' })).toEqual([
      'maintenance',
      'par cli:root',
    ])
  })
})

describe('what an event calls for', () => {
  it('is an alarm for duress, PIN attacks, broken glass, lockdowns and evacuations; a warning for what was left undone', () => {
    const alarms = [
      'duress.raised',
      'pin.alarm',
      'break-glass.opened',
      'lockdown.started',
      'evacuation.started',
    ] as const
    expect(alarms.filter(kind => !isAlarm(kind))).toEqual([])
    const warnings = ['access.lapsed', 'passback.violated', 'break-glass.review-overdue', 'evacuation.paused'] as const
    expect(warnings.map(eventGlyph)).toEqual(warnings.map(() => 'held'))
    expect([eventGlyph('access.withdrawn'), groupOf('access.withdrawn')]).toEqual(['no', 'refused'])
    expect([...alarms, ...warnings].every(kind => isMarked({ seq: 1, at: 0, kind }))).toBe(true)
  })
})
