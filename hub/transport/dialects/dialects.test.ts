/** What bought devices really send, as their makers' documentation has it, and what it becomes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DialectName } from '#devices/define.ts'
import { decodeUp, modelRules } from '#devices/registry.ts'
import type { BoughtDevice } from '../../flows/bought.ts'
import { BoughtHeard } from '../../flows/bought-heard.ts'
import { DIALECTS_BY_NAME } from './all.ts'

interface Fixture {
  readonly device: string
  readonly model: string
  readonly address?: string
  readonly part?: string
  readonly topic?: string
  readonly payload?: unknown
  readonly messages?: readonly (readonly [topic: string, payload: unknown])[]
  readonly state?: object
  readonly readings?: object
}
const fixturesOf = (name: string): Fixture[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8'))
const bytes = (payload: unknown): Buffer => Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))

const GATEWAY = { id: 'gateway', site: 'site', model: 'zigbee2mqtt', serial: 'password-1' }

/** One device behind one gateway, with the flow that stands between the dialect and the rest of the hub. */
function stage(dialect: DialectName, device: Omit<BoughtDevice, 'id'>) {
  const sent: { readonly kind: string; readonly body: Record<string, unknown> }[] = []
  const refused: string[] = []
  const memory = new Map<string, string>()
  const seqs = { newest: 0 }
  const flow = new BoughtHeard({
    boughtAt: (_, address) =>
      address === undefined || address === device.behind.address ? [{ id: 'thing', ...device }] : [],
    isOthers: (_, address) => address === 'somebody-elses',
    receive: async (_, kind, payload) => {
      const decoded = decodeUp(modelRules(device.model)!, kind, payload)
      if (!decoded.ok) throw new Error(`${decoded.refusal} ${decoded.field}`)
      const { id: __, at: ___, seq, kind: ____, ...body } = decoded.message as unknown as Record<string, unknown>
      seqs.newest = seq as number
      sent.push({ kind, body })
    },
    newest: () => seqs.newest,
    isOnline: () => true,
    connected: () => undefined,
    disconnected: () => void sent.push({ kind: 'offline', body: {} }),
    refused: (id, refusal, field = '') => refused.push(`${id} ${refusal} ${field}`),
  })
  const hear = async (topic: string, payload: unknown): Promise<string> => {
    const read = DIALECTS_BY_NAME[dialect].read(topic, bytes(payload), memory)
    if (typeof read === 'string') return read
    await flow.hear(GATEWAY, read, Date.UTC(2026, 10, 24))
    return 'heard'
  }
  return { flow, hear, sent, refused }
}

function told(sent: ReturnType<typeof stage>['sent']) {
  const { point: _, ...state } = sent.find(s => s.kind === 'state')?.body ?? {}
  const readings = (sent.find(s => s.kind === 'reading')?.body.readings ?? []) as { quantity: string; value: number }[]
  return { state, readings: Object.fromEntries(readings.map(r => [r.quantity, r.value])) }
}

describe.each([
  ['zigbee2mqtt', 30],
  ['shelly', 5],
  ['tasmota', 5],
  ['esphome', 5],
] as const)('%s', (dialect, least) => {
  const fixtures = fixturesOf(dialect)
  it(`has payloads of ${least} devices at least`, () => {
    expect(new Set(fixtures.map(f => f.device)).size).toBeGreaterThanOrEqual(least)
  })
  it.each(fixtures.map(f => [f.device, f] as const))('%s', async (_, f) => {
    const { model, part, address = '0x00158d0001a2b3c4', messages = [[f.topic ?? '', f.payload]] } = f
    const { hear, sent, refused } = stage(dialect, {
      model,
      behind: { gateway: 'gateway', address, ...(part && { part }) },
    })
    for (const [topic, payload] of messages) await hear(topic, payload)
    expect(told(sent)).toEqual({ state: f.state ?? {}, readings: f.readings ?? {} })
    expect(refused).toEqual([])
  })
})

describe('what a device behind a gateway must not do', () => {
  const climate = { model: 'bought-climate', behind: { gateway: 'gateway', address: 'fridge' } }
  const lux = { model: 'bought-light-sensor', behind: { gateway: 'gateway', address: 'lux' } }

  it.each([
    [
      '-273 degrees',
      climate,
      'zigbee2mqtt/fridge',
      { temperature: -273, humidity: 40 },
      'thing range /temperature',
      { humidity: 40 },
    ],
    ['a billion lux', lux, 'zigbee2mqtt/lux', { illuminance: 1e9, battery: 80 }, 'thing range /illuminance', {}],
    [
      'a text for a number',
      climate,
      'zigbee2mqtt/fridge',
      { temperature: 'warm', humidity: 40 },
      'thing shape /temperature',
      { humidity: 40 },
    ],
    [
      'a battery of 255 percent',
      climate,
      'zigbee2mqtt/fridge',
      { battery: 255, humidity: 40 },
      'thing range /battery',
      { humidity: 40 },
    ],
    [
      'a nest of objects',
      climate,
      'zigbee2mqtt/fridge',
      { temperature: { value: { value: 1 } }, humidity: 1 },
      'thing shape /temperature',
      { humidity: 1 },
    ],
  ] as const)(
    '%s: refused and counted, and the rest of the message counts',
    async (_, device, topic, payload, refusal, readings) => {
      const { hear, sent, refused } = stage('zigbee2mqtt', device)
      expect(await hear(topic, payload)).toBe('heard')
      expect(refused).toEqual([refusal])
      expect(told(sent).readings).toEqual(readings)
    },
  )

  it.each([
    ['NaN as JSON has none', 'zigbee2mqtt/fridge', '{"temperature":NaN}', 'json'],
    ['no object', 'zigbee2mqtt/fridge', '[1]', 'json'],
    ['nothing', 'zigbee2mqtt/fridge', '', 'json'],
    ['bytes', 'zigbee2mqtt/fridge', '\u0000\u0001', 'json'],
    ['another base topic', 'home/fridge', '{}', 'topic'],
  ])('%s is refused', async (_, topic, payload, refusal) => {
    expect(await stage('zigbee2mqtt', climate).hear(topic, payload)).toBe(refusal)
  })

  it('says nothing where a sensor has failed: null, nan, unavailable are no values', async () => {
    const { hear, sent, refused } = stage('zigbee2mqtt', climate)
    await hear('zigbee2mqtt/fridge', { temperature: null, humidity: 'unavailable' })
    const esp = stage('esphome', { ...climate, behind: { gateway: 'gateway', address: 'fridge' } })
    await esp.hear('homeassistant/sensor/fridge/t/config', { stat_t: 'fridge/sensor/t/state', dev_cla: 'temperature' })
    await esp.hear('fridge/sensor/t/state', 'nan')
    expect([sent, refused, esp.sent, esp.refused]).toEqual([[], [], [], []])
  })

  it('has no lock and no cover that acts as a lamp', async () => {
    const { hear, sent } = stage('zigbee2mqtt', {
      model: 'bought-light',
      behind: { gateway: 'gateway', address: 'lock' },
    })
    await hear('zigbee2mqtt/lock', { state: 'UNLOCK', lock_state: 'unlocked' })
    await hear('zigbee2mqtt/lock', { state: 'OPEN' })
    expect(sent).toEqual([])
  })

  it('does not touch what objects inherit', async () => {
    const { hear, sent } = stage('zigbee2mqtt', climate)
    await hear('zigbee2mqtt/fridge', '{"__proto__":{"temperature":1},"constructor":{"humidity":2}}')
    await stage('tasmota', climate).hear('tele/fridge/SENSOR', '{"__proto__":{"Temperature":1}}')
    expect(sent).toEqual([])
    expect(({} as { temperature?: number }).temperature).toBeUndefined()
  })
})

describe('who it is', () => {
  const door = { model: 'bought-contact', behind: { gateway: 'gateway', address: 'Porte de la réserve' } }

  it('says so by the address, with spaces and accents as its owner named it', async () => {
    const { hear, sent } = stage('zigbee2mqtt', door)
    await hear('zigbee2mqtt/Porte de la réserve', { contact: false })
    expect(told(sent).state).toEqual({ contact: 'open' })
  })

  it('a name that another gateway speaks for is refused', async () => {
    const { hear, refused } = stage('zigbee2mqtt', door)
    await hear('zigbee2mqtt/somebody-elses', { contact: true })
    expect(refused).toEqual(['gateway identity '])
  })

  it('a device that nobody adopted is shown with what it tells', async () => {
    const { hear, flow, sent } = stage('zigbee2mqtt', door)
    await hear('zigbee2mqtt/new-one', { occupancy: true, battery: 90 })
    await hear('zigbee2mqtt/new-one', { illuminance: 12 })
    expect(sent).toEqual([])
    expect(flow.found('gateway')).toEqual([
      { address: 'new-one', fields: ['occupancy', 'battery', 'illuminance'], at: Date.UTC(2026, 10, 24) },
    ])
  })

  it('a contact wired the other way round is turned', async () => {
    const { hear, sent } = stage('zigbee2mqtt', { ...door, behind: { ...door.behind, inverted: true } })
    await hear('zigbee2mqtt/Porte de la réserve', { contact: false })
    expect(told(sent).state).toEqual({ contact: 'closed' })
  })

  it('the same state told again is no news', async () => {
    const { hear, sent } = stage('zigbee2mqtt', door)
    for (let i = 0; i < 5; i++) await hear('zigbee2mqtt/Porte de la réserve', { contact: false, linkquality: i })
    expect(sent).toHaveLength(1)
  })

  it.each([
    ['zigbee2mqtt', 'zigbee2mqtt/Porte de la réserve/availability', '{"state":"offline"}'],
    ['shelly', 'Porte de la réserve/online', 'false'],
    ['tasmota', 'tele/Porte de la réserve/LWT', 'Offline'],
    ['esphome', 'Porte de la réserve/status', 'offline'],
  ] as const)('%s says that it is gone', async (dialect, topic, payload) => {
    const { hear, sent } = stage(dialect, door)
    await hear(topic, payload)
    expect(sent).toEqual([{ kind: 'offline', body: {} }])
  })
})

describe('an order to a light', () => {
  it.each([
    [
      'zigbee2mqtt',
      { address: 'hall' },
      { on: true, brightness: 50 },
      'zigbee2mqtt/hall/set',
      '{"state":"ON","brightness":127}',
    ],
    ['zigbee2mqtt', { address: 'hall', part: 'left' }, { on: false }, 'zigbee2mqtt/hall/set', '{"state_left":"OFF"}'],
    [
      'shelly',
      { address: 'shellyplus1-1', part: 'switch:0' },
      { on: true, brightness: 50 },
      'shellyplus1-1/rpc',
      '{"id":1,"src":"shellyplus1-1/vigie","method":"Switch.Set","params":{"id":0,"on":true}}',
    ],
    [
      'shelly',
      { address: 'dimmer', part: 'light:1' },
      { on: true, brightness: 50 },
      'dimmer/rpc',
      '{"id":1,"src":"dimmer/vigie","method":"Light.Set","params":{"id":1,"on":true,"brightness":50}}',
    ],
    ['tasmota', { address: 'lamp' }, { on: false }, 'cmnd/lamp/Power', 'OFF'],
    ['tasmota', { address: 'lamp' }, { on: true, brightness: 30 }, 'cmnd/lamp/Dimmer', '30'],
    ['tasmota', { address: 'dual', part: 'POWER2' }, { on: true, brightness: 30 }, 'cmnd/dual/Power2', 'ON'],
    [
      'esphome',
      { address: 'node', part: 'shelf' },
      { on: true, brightness: 100 },
      'node/light/shelf/command',
      '{"state":"ON","brightness":255}',
    ],
  ] as const)('%s %o %o', (dialect, target, command, topic, payload) => {
    expect(DIALECTS_BY_NAME[dialect].order(target, command)).toEqual({ topic, payload })
  })

  it.each([
    ['shelly', { address: 'x', part: 'cover:0' }],
    ['esphome', { address: 'x' }],
  ] as const)('%s has no words for %o', (dialect, target) => {
    expect(DIALECTS_BY_NAME[dialect].order(target, { on: true })).toBeUndefined()
  })
})
