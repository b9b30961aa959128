import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineModel, distinct, type Model, one, several, trait } from './define.ts'
import { ACTIONS, MAX_PAYLOAD_BYTES, REFUSALS, STATE_FIELDS, type StateField, UP, type UpKind } from './messages.ts'
import { canDo, decodeStatus, decodeUp, type ModelRules, modelRules, models, pointNames } from './registry.ts'
import * as traits from './traits/common.ts'

const ENVELOPE = { id: 'm1', at: '2026-06-10T08:00:00Z', seq: 1 }
const CREDENTIAL = { kind: 'uid', uid: '04AA0001' }
const rulesOf = (id: string): ModelRules => modelRules(id)!
const bytes = (message: unknown): Buffer => Buffer.from(typeof message === 'string' ? message : JSON.stringify(message))
const badge = (over: object = {}) => ({ ...ENVELOPE, point: 'drawer-1', credential: CREDENTIAL, ...over })
const cabinet = rulesOf('medicine-cabinet')

/** What each field may hold, and what it may not. */
const VALUES: Record<StateField, { good: readonly unknown[]; bad: readonly [unknown, string][] }> = {
  lock: {
    good: ['locked', 'unlocked'],
    bad: [
      ['ajar', 'shape'],
      [true, 'shape'],
    ],
  },
  contact: {
    good: ['open', 'closed'],
    bad: [
      ['Open', 'shape'],
      [null, 'shape'],
    ],
  },
  tamper: {
    good: [true, false],
    bad: [
      ['true', 'shape'],
      [1, 'shape'],
    ],
  },
  request: { good: [true, false], bad: [[0, 'shape']] },
  on: { good: [true, false], bad: [['on', 'shape']] },
  sounding: { good: [true, false], bad: [['on', 'shape']] },
  brightness: {
    good: [0, 100],
    bad: [
      [-1, 'range'],
      [101, 'range'],
      [1.5, 'shape'],
    ],
  },
  battery: {
    good: [0, 100],
    bad: [
      [-1, 'range'],
      [101, 'range'],
      ['50', 'shape'],
    ],
  },
}

interface Case {
  readonly name: string
  readonly rules: ModelRules
  readonly kind: string
  readonly message: object
  /** Undefined: it decodes. */
  readonly refusal?: string
  readonly field?: string
}

function* sweep(): Generator<Case> {
  for (const model of models()) {
    const rules = rulesOf(model.id)
    for (const family of model.points) for (const point of pointNames(family)) yield* sweepPoint(rules, point)
    yield* sweepReadings(rules)
    yield* sweepAcks(rules)
  }
}

function* sweepPoint(rules: ModelRules, point: string): Generator<Case> {
  const own = rules.points.get(point)!
  const base = { name: `${rules.model.id}/${point}`, rules }
  const badgeHere = { ...base, kind: 'badge', message: badge({ point }) }
  if (own.says.has('badge')) yield badgeHere
  else yield { ...badgeHere, refusal: 'kind', field: rules.says.has('badge') ? '/point' : '' }
  for (const field of Object.keys(STATE_FIELDS) as StateField[]) {
    const state = (value: unknown) => ({ ...base, kind: 'state', message: { ...ENVELOPE, point, [field]: value } })
    for (const value of VALUES[field].good) yield { ...state(value), ...expected(rules, own, field) }
    for (const [value, refusal] of VALUES[field].bad)
      if (rules.says.has('state')) yield { ...state(value), refusal, field: `/${field}` }
  }
}

function expected(rules: ModelRules, point: { says: ReadonlySet<UpKind>; states: ReadonlySet<string> }, field: string) {
  if (!rules.says.has('state')) return { refusal: 'kind', field: '' }
  if (!point.says.has('state')) return { refusal: 'kind', field: '/point' }
  return point.states.has(field) ? {} : { refusal: 'field', field: `/${field}` }
}

const UNITS = { illuminance: 'lx', occupancy: '1', temperature: 'Cel' }

function* sweepReadings(rules: ModelRules): Generator<Case> {
  const reading = (quantity: string, unit: string, value: number): Case => ({
    name: `${rules.model.id} measures ${quantity} ${value} ${unit}`,
    rules,
    kind: 'reading',
    message: { ...ENVELOPE, readings: [{ quantity, unit, value }] },
  })
  if (!rules.says.has('reading')) {
    yield { ...reading('illuminance', 'lx', 1), refusal: 'kind', field: '' }
    return
  }
  for (const q of rules.quantities.values()) {
    for (const value of [q.min, q.max, (q.min + q.max) / 2]) yield reading(q.name, q.unit, value)
    for (const value of [q.min - 1, q.max + 1, -1e9])
      yield { ...reading(q.name, q.unit, value), refusal: 'range', field: '/readings/0/value' }
    yield { ...reading(q.name, 'kg', q.min), refusal: 'unit', field: '/readings/0/unit' }
  }
  for (const [name, unit] of Object.entries(UNITS))
    if (!rules.quantities.has(name))
      yield { ...reading(name, unit, 0), refusal: 'quantity', field: '/readings/0/quantity' }
}

function* sweepAcks(rules: ModelRules): Generator<Case> {
  for (const outcome of ['done', 'refused', 'failed']) {
    const ack = { name: `${rules.model.id} acks`, rules, kind: 'ack', message: { ...ENVELOPE, command: 'c', outcome } }
    yield rules.says.has('ack') ? ack : { ...ack, refusal: 'kind', field: '' }
  }
}

describe('every model', () => {
  it('decodes what its traits say and refuses the rest by name: 15 models, 27 points, 977 messages', () => {
    const cases = [...sweep()]
    for (const { name, rules, kind, message, refusal, field } of cases) {
      const decoded = decodeUp(rules, kind, bytes(message))
      const got = decoded.ok ? decoded.message : { refusal: decoded.refusal, field: decoded.field }
      expect({ name, got }).toEqual({ name, got: refusal === undefined ? { kind, ...message } : { refusal, field } })
    }
    const points = models().flatMap(m => m.points.flatMap(pointNames))
    const swept = [models().length, points.length, cases.length]
    expect(swept).toEqual([15, 27, 977])
    expect(cases.filter(c => c.refusal === undefined).length).toBeGreaterThan(100)
  })

  it('takes the actions of its points and no others: 27 points by 5 actions', () => {
    let swept = 0
    for (const model of models())
      for (const family of model.points)
        for (const point of pointNames(family))
          for (const action of ACTIONS) {
            const takes = family.traits.some(t => t.actions.includes(action))
            expect([model.id, point, action, canDo(model.id, point, action)]).toEqual([model.id, point, action, takes])
            swept++
          }
    expect(swept).toBe(135)
    expect(canDo('medicine-cabinet', 'drawer-17', 'unlock')).toBe(false)
    expect(canDo('toString', 'door', 'unlock')).toBe(false)
  })

  it('has a label in French and in English, a vendor, and an id that can stand in a file', () => {
    for (const { id, vendor, label } of models())
      expect([id, vendor, label.fr, label.en].map(s => /^\S.*\S$/.test(s))).toEqual([true, true, true, true])
  })

  it('refuses a point it does not have', () => {
    for (const point of ['drawer-0', 'drawer-17', 'drawer', 'door', 'constructor'])
      expect(decodeUp(cabinet, 'badge', bytes(badge({ point })))).toEqual({
        ok: false,
        refusal: 'point',
        field: '/point',
      })
  })
})

describe('a model whose traits contradict each other', () => {
  const model = (...points: Model['points']): Model => ({
    id: 'odd',
    vendor: 'test',
    label: { fr: 'Essai', en: 'Test' },
    points,
  })
  const quantity = (name: string, min = 0, max = 1) =>
    trait(`measures-${name}`, { says: ['reading'], quantities: [{ name, unit: '1', min, max }] })
  it.each([
    ['a point twice', model(one('door', traits.contact()), one('door', traits.tamper())), /declared twice/],
    ['a point hidden in a family', model(several('door', 2, traits.contact()), one('door-2')), /declared twice/],
    ['a field twice', model(one('door', traits.contact(), traits.contact())), /same field/],
    ['an action twice', model(one('door', traits.badgeReader(), traits.badgeReader())), /same action/],
    ['a quantity twice', model(one('a', quantity('heat')), one('b', quantity('heat'))), /measured twice/],
    ['a quantity at several points', model(several('a', 3, quantity('heat'))), /names no point/],
    ['a quantity without values', model(one('a', quantity('heat', 2, 1))), /between its limits/],
    ['limits that are no numbers', model(one('a', quantity('heat', Number.NaN, 1))), /between its limits/],
    ['a family of none', model(several('a', 0, traits.contact())), /has no point/],
    ['half a point', model(several('a', 1.5, traits.contact())), /has no point/],
    ['a name no message can carry', model(one('Porte d’entrée', traits.contact())), /stand in a message/],
  ])('%s: fails when the program loads', (_, odd, words) => {
    expect(() => defineModel(odd)).toThrow(words)
  })

  it('and one whose id is taken', () => {
    expect(() => distinct([model(), { ...model() }])).toThrow(/id is taken/)
    expect(distinct([model()])).toHaveLength(1)
  })
})

const refusalOf = (payload: unknown, kind = 'badge') => {
  const decoded = decodeUp(cabinet, kind, Buffer.isBuffer(payload) ? payload : bytes(payload))
  return decoded.ok ? 'decoded' : `${decoded.refusal} ${decoded.field}`.trim()
}
const text = JSON.stringify(badge())
const withText = (from: string, to: string): string => text.replace(from, to)
const padded = (length: number): string => `${text}${' '.repeat(length - text.length)}`

describe('bad input', () => {
  it.each([
    ['4 KiB exactly', padded(MAX_PAYLOAD_BYTES), 'decoded'],
    ['4 KiB and a byte', padded(MAX_PAYLOAD_BYTES + 1), 'size'],
    ['1 MB', Buffer.alloc(1_000_000, 0x20), 'size'],
    ['invalid UTF-8', Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0x7d])]), 'encoding'],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'encoding'],
    ['half a surrogate pair as bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'encoding'],
    ['nothing', '', 'json'],
    ['no JSON', 'granted', 'json'],
    ['JSON and more', `${text}{}`, 'json'],
    ['a byte order mark', `\uFEFF${text}`, 'json'],
    ['NaN', withText('"seq":1', '"seq":NaN'), 'json'],
    ['2,000 brackets', '['.repeat(2_000), 'json'],
    ['2,000 nested lists', '['.repeat(2_000) + ']'.repeat(2_000), 'shape'],
    ['600 nested objects', `${'{"a":'.repeat(600)}1${'}'.repeat(600)}`, 'shape /id'],
    ['null', 'null', 'shape'],
    ['a list', `[${text}]`, 'shape'],
    ['a string', '"badge"', 'shape'],
    ['a number', '1', 'shape'],
    ['an empty object', '{}', 'shape /id'],
    ['an unknown field', badge({ urgent: true }), 'shape'],
    ['an unknown field inside', badge({ credential: { ...CREDENTIAL, key: '00' } }), 'shape /credential'],
    ['__proto__', withText('"seq"', '"__proto__":{"granted":true},"seq"'), 'shape'],
    ['__proto__ inside', withText('"kind"', '"__proto__":1,"kind"'), 'shape /credential'],
    ['constructor', badge({ constructor: { prototype: {} } }), 'shape'],
    ['a field of the hub’s own', badge({ kind: 'ack' }), 'shape'],
    ['a name twice', withText('"id"', '"id":"m0","id"'), 'json'],
    ['a name twice, once escaped', withText('"id"', '"\\u0069d":"m0","id"'), 'json'],
    ['a name twice inside', withText('"kind"', '"kind":"uid","kind"'), 'json'],
    ['colons, quotes and backslashes in a text', badge({ reason: 'a":"b\\:\\":' }), 'decoded'],
    ['seq 0', badge({ seq: 0 }), 'range /seq'],
    ['seq -1', badge({ seq: -1 }), 'range /seq'],
    ['seq beyond 2^53', withText('"seq":1', '"seq":9007199254740993'), 'range /seq'],
    ['seq 1.5', badge({ seq: 1.5 }), 'shape /seq'],
    ['seq as text', badge({ seq: '1' }), 'shape /seq'],
    ['1e999', withText('"seq":1', '"seq":1e999'), 'shape /seq'],
    ['-1e999', withText('"seq":1', '"seq":-1e999'), 'shape /seq'],
    ['30 February', badge({ at: '2026-02-30T08:00:00Z' }), 'shape /at'],
    ['29 February of an ordinary year', badge({ at: '2026-02-29T08:00:00Z' }), 'shape /at'],
    ['29 February of a leap year', badge({ at: '2028-02-29T08:00:00Z' }), 'decoded'],
    ['31 April', badge({ at: '2026-04-31T23:59:59.999999999Z' }), 'shape /at'],
    ['13th month', badge({ at: '2026-13-01T08:00:00Z' }), 'shape /at'],
    ['24 o’clock', badge({ at: '2026-06-10T24:00:00Z' }), 'shape /at'],
    ['a leap second', badge({ at: '2026-06-30T23:59:60Z' }), 'shape /at'],
    ['local time', badge({ at: '2026-06-10T08:00:00' }), 'shape /at'],
    ['an offset', badge({ at: '2026-06-10T08:00:00+02:00' }), 'shape /at'],
    ['an id of 65', badge({ id: 'm'.repeat(65) }), 'shape /id'],
    ['an id with a line break', badge({ id: 'm1\n' }), 'shape /id'],
    ['a uid that is no number', badge({ credential: { kind: 'uid', uid: '04AA000G' } }), 'shape /credential/uid'],
    ['another credential', badge({ credential: { kind: 'face', uid: '04AA0001' } }), 'shape /credential/kind'],
    ['a PIN of letters', badge({ pin: 'abcd' }), 'shape /pin'],
    ['an empty reason', badge({ reason: '' }), 'shape /reason'],
  ])('%s', (_, payload, expectation) => {
    expect(refusalOf(payload)).toBe(expectation)
  })

  it.each(['', 'Badge', 'status', 'toString', '__proto__', 'constructor', 'up', 'badge/x'])('kind %j', kind => {
    expect(refusalOf(badge(), kind)).toBe('kind')
  })

  it('a state without any field, a reading without any reading, or with 33', () => {
    expect(refusalOf({ ...ENVELOPE, point: 'cabinet' }, 'state')).toBe('shape')
    const lux = rulesOf('light-sensor')
    const readings = (n: number) => Array.from({ length: n }, () => ({ quantity: 'illuminance', value: 1, unit: 'lx' }))
    for (const n of [0, 33])
      expect(decodeUp(lux, 'reading', bytes({ ...ENVELOPE, readings: readings(n) }))).toMatchObject({
        ok: false,
        refusal: 'shape',
      })
    expect(decodeUp(lux, 'reading', bytes({ ...ENVELOPE, readings: readings(32) })).ok).toBe(true)
  })

  it('a status: impossible date, unknown field, a text for online, a name twice', () => {
    const refused = (payload: string) => decodeStatus(Buffer.from(payload))
    expect(refused('{"online":true,"at":"2026-02-30T08:00:00Z"}')).toMatchObject({ refusal: 'shape', field: '/at' })
    expect(refused('{"online":true,"ONLINE":1}')).toMatchObject({ refusal: 'shape', field: '' })
    expect(refused('{"online":"yes"}')).toMatchObject({ refusal: 'shape', field: '/online' })
    expect(refused('{"online":false,"online":true}')).toMatchObject({ refusal: 'json' })
    expect(refused('{"online":true,"at":"2028-02-29T08:00:00Z","firmware":"1.0"}')).toMatchObject({ ok: true })
  })

  it('never reaches Object.prototype', () => {
    refusalOf('{"__proto__":{"granted":true},"constructor":{"prototype":{"granted":true}}}')
    expect(({} as { granted?: boolean }).granted).toBeUndefined()
  })
})

/** Every name a pointer may be made of is ours. */
const NAMES = [
  'id',
  'at',
  'seq',
  'point',
  'credential',
  'kind',
  'uid',
  'pin',
  'reason',
  'readings',
  'quantity',
  'value',
  'unit',
  'command',
  'outcome',
  'detail',
  'online',
  'firmware',
  ...Object.keys(STATE_FIELDS),
]
const POINTER = new RegExp(`^(/(${NAMES.join('|')}|\\d{1,2}))*$`)
const kinds = fc.oneof(fc.constantFrom(...Object.keys(UP)), fc.string())
const anyModel = fc.constantFrom(...models().map(m => rulesOf(m.id)))

function harmless(rules: ModelRules, kind: string, payload: Buffer): void {
  for (const decoded of [decodeUp(rules, kind, payload), decodeStatus(payload)]) {
    if (decoded.ok) continue
    expect(REFUSALS).toContain(decoded.refusal)
    expect(decoded.field).toMatch(POINTER)
  }
}

describe('whatever bytes come', () => {
  it('never throws and never echoes them: 2,000 random payloads', () => {
    fc.assert(
      fc.property(anyModel, kinds, fc.uint8Array({ maxLength: 5_000 }), (rules, kind, data) =>
        harmless(rules, kind, Buffer.from(data)),
      ),
      { numRuns: 2_000 },
    )
  })

  it('nor any JSON: 2,000 random values, alone or in place of a field of a good message', () => {
    const good = fc.constantFrom<object>(
      badge(),
      { ...ENVELOPE, point: 'lamp', on: true },
      { ...ENVELOPE, readings: [{ quantity: 'illuminance', value: 1, unit: 'lx' }] },
      { ...ENVELOPE, command: 'c', outcome: 'done' },
      { online: true, at: ENVELOPE.at },
    )
    const name = fc.oneof(fc.constantFrom(...NAMES, '__proto__', 'constructor', 'toString'), fc.string())
    fc.assert(
      fc.property(anyModel, kinds, good, name, fc.jsonValue(), (rules, kind, message, field, value) => {
        harmless(rules, kind, bytes(value ?? null))
        harmless(
          rules,
          kind,
          Buffer.from(`{${JSON.stringify(field)}:${JSON.stringify(value)},${JSON.stringify(message).slice(1)}`),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  it('decodes a good message whatever its spacing, the order of its names and its escapes', () => {
    const shuffled = fc.shuffledSubarray(Object.entries(badge({ reason: 'ordonnance : "A" \\ é' })), { minLength: 6 })
    fc.assert(
      fc.property(shuffled, fc.constantFrom(0, 1, '\t'), (entries, space) => {
        const message = Object.fromEntries(entries)
        expect(decodeUp(cabinet, 'badge', Buffer.from(JSON.stringify(message, undefined, space)))).toMatchObject({
          ok: true,
          message,
        })
      }),
    )
  })
})
