/** docs/asyncapi.yaml and the device pages say what the code does. What refusals do is in asyncapi-effects.test.ts. */
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { ACTIONS, parseTopic, REFUSALS, UP } from '#devices/messages.ts'
import { decodeStatus, decodeUp, modelRules } from '#devices/registry.ts'
import { REASONS } from '../access/reasons.ts'
import { SETTINGS } from '../config.ts'
import { DeviceClocks } from '../flows/clocks.ts'
import { Inbox } from '../flows/inbox.ts'
import { OPENING_GRACE_MS, Unlocks } from '../flows/unlocks.ts'
import { LIMITS } from '../transport/limits.ts'
import { CHANNELS, document, type MessageName, sortedModels } from './asyncapi/document.ts'
import { EXAMPLES, type Example } from './asyncapi/examples.ts'
import { type Language, withTables } from './asyncapi/pages.ts'
import { asyncapi, PAGES, readDoc } from './asyncapi/print.ts'
import {
  EXIT_WINDOW_SECONDS,
  INTRODUCTION,
  OPENING_GRACE_SECONDS,
  REMEMBERED_IDS,
  STALE_SECONDS,
} from './asyncapi/words.ts'
import { type Data, toYaml } from './asyncapi/yaml.ts'

interface Named {
  readonly name?: string
  readonly id?: string
  readonly value?: number
  readonly setting?: string
}
const published = document() as Record<string, Data> & {
  readonly components: { readonly schemas: Record<string, object> }
}
const listed = (list: string): readonly Named[] => published[list] as readonly Named[]
const namesOf = (list: string): unknown[] => listed(list).map(item => item.name ?? item.id)

const examples = Object.entries(EXAMPLES).flatMap(([message, all]) =>
  (all as readonly Example<object>[]).map(example => ({ message: message as MessageName, ...example })),
)
const bytes = (payload: object): Buffer => Buffer.from(JSON.stringify(payload))
const decode = (message: MessageName, model: string, payload: object) =>
  message === 'status' ? decodeStatus(bytes(payload)) : decodeUp(modelRules(model)!, message, bytes(payload))

const validators = new Map(
  Object.entries(published.components.schemas).map(([name, schema]) => [
    name.toLowerCase(),
    new Ajv({ allErrors: true, formats: { 'date-time': (s: string) => !Number.isNaN(Date.parse(s)) } }).compile(schema),
  ]),
)
const ups = examples.filter(e => e.message in UP || e.message === 'status')

describe('the published documents', () => {
  it('hold the protocol as it is in the code; if not, run: node hub/test/asyncapi/print.ts', () => {
    expect(readDoc('asyncapi.yaml')).toBe(asyncapi())
  })

  it.each(Object.entries(PAGES))('have the tables of the code in %s: %s', (language, page) => {
    const text = readDoc(page)
    expect(text).toBe(withTables(text, language as Language))
    expect(text.match(/<!-- table: \w+ -->/g)).toHaveLength(4)
    expect(text.match(/<!-- end -->/g)).toHaveLength(4)
  })

  it('name every refusal, reason, action and model there is', () => {
    expect(namesOf('x-refusals')).toEqual([...REFUSALS])
    expect(namesOf('x-reasons')).toEqual(Object.keys(REASONS))
    expect(namesOf('x-actions')).toEqual([...ACTIONS])
    expect(namesOf('x-models')).toEqual(sortedModels().map(m => m.id))
  })

  it('tell in both languages the names of every model, reason and refusal', () => {
    for (const page of Object.values(PAGES)) {
      const text = readDoc(page)
      const names = [...REFUSALS, ...Object.keys(REASONS), ...sortedModels().map(m => m.id)]
      expect(names.filter(name => !text.includes(`\`${name}\``))).toEqual([])
    }
  })

  it('carry the limits that are in force', () => {
    const values = listed('x-limits').map(l => l.value)
    expect(values).toEqual(expect.arrayContaining([LIMITS.maxPublishBytes, LIMITS.maxControlBytes, 4096]))
    const settings = new Map(Object.values(SETTINGS).map(s => [s.env as string, s.fallback]))
    const configurable = listed('x-limits').filter(l => l.setting !== undefined)
    expect(configurable.length).toBeGreaterThanOrEqual(5)
    for (const { setting, value } of configurable) expect(settings.get(setting as string)).toBe(value)
    expect(INTRODUCTION).toContain(`${LIMITS.maxKeepaliveSeconds} s at most`)
    expect(INTRODUCTION).toContain(`${SETTINGS.unlockExpiryMs.fallback / 1000} s after the badge`)
  })

  it('link to files that exist', () => {
    for (const page of Object.values(PAGES)) {
      const links = [...readDoc(page).matchAll(/\]\(([^)#]+)\)/g)].map(m => m[1]!)
      expect(links.length).toBeGreaterThan(3)
      const folder = page.includes('/') ? page.slice(0, page.lastIndexOf('/') + 1) : ''
      for (const link of links.filter(l => !l.startsWith('https://')))
        expect(() => readDoc(folder + link)).not.toThrow()
    }
  })
})

describe('topics', () => {
  const filled = (address: string): string => address.replace('{site}', 'st-roch').replace('{device}', 'cabinet-7')

  it.each(Object.values(CHANNELS))('$address is one the code knows', ({ address, message, by }) => {
    const channel = message === 'status' ? 'status' : by === 'hub' ? 'down' : 'up'
    expect(parseTopic(filled(address))).toEqual({ site: 'st-roch', device: 'cabinet-7', channel, name: message })
  })

  it('cover every kind of up message', () => {
    const kinds = Object.values(CHANNELS).filter(c => c.by === 'device' && c.message !== 'status')
    expect(kinds.map(c => c.message)).toEqual(Object.keys(UP))
  })
})

describe('examples', () => {
  it('show every message, every state that a point can report and every quantity', () => {
    expect(new Set(examples.map(e => e.message))).toEqual(new Set(Object.values(CHANNELS).map(c => c.message)))
    for (const list of Object.values(EXAMPLES)) expect(list.length).toBeGreaterThan(0)
  })

  it.each(ups)('$message $name is taken from a $model', ({ message, model, payload }) => {
    expect(decode(message, model, payload)).toMatchObject({ ok: true })
  })

  it.each(ups)('$message $name with one more field is refused', ({ message, model, payload }) => {
    expect(decode(message, model, { ...payload, extra: 1 })).toMatchObject({ ok: false, refusal: 'shape' })
  })

  it.each(ups.flatMap(e => Object.keys(e.payload).map(field => ({ ...e, field }))))(
    '$message $name without $field is judged by another validator as by the hub',
    ({ message, model, payload, field }) => {
      const rest = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== field))
      expect(validators.get(message)!(rest)).toBe(decode(message, model, rest).ok)
    },
  )

  it.each(examples)('$message $name fits its schema for another validator', ({ message, payload }) => {
    const valid = validators.get(message)!
    expect(valid(payload), JSON.stringify(valid.errors)).toBe(true)
  })
})

describe('times and numbers of the text', () => {
  it('a badge is stale a moment after the time named; without an announced clock, until 3 s were quiet', () => {
    const clocks = new DeviceClocks(10_000)
    clocks.connect('d', 3_600_000)
    expect(clocks.compare('d', 0, 3_600_000).stale).toBe(true)
    expect(clocks.compare('d', 0, 3_603_001).stale).toBe(false)
    clocks.announce('d', 0, 5_000) // five seconds behind
    expect(clocks.compare('d', 0, 5_000 + STALE_SECONDS * 1000).stale).toBe(false)
    expect(clocks.compare('d', 0, 5_001 + STALE_SECONDS * 1000).stale).toBe(true)
  })

  it('as many ids are remembered as it says', () => {
    const inbox = new Inbox()
    for (let seq = 1; seq <= REMEMBERED_IDS + 1; seq++) {
      inbox.admit('d', seq, `m-${seq}`)
      inbox.settle('d', seq, `m-${seq}`, Promise.resolve())
    }
    expect(inbox.admit('d', 1, 'm-1').verdict).toBe('late')
    expect(inbox.admit('d', 2, 'm-2').verdict).toBe('duplicate')
  })

  it('the first message may have any number, a later hole is told', () => {
    const inbox = new Inbox()
    expect(inbox.admit('d', 41, 'a')).toEqual({ verdict: 'new', missing: 0 })
    expect(inbox.admit('d', 44, 'b')).toEqual({ verdict: 'new', missing: 2 })
  })

  it('an opening after a request to exit is legitimate for as long as it says', () => {
    const unlocks = new Unlocks(() => undefined)
    unlocks.exitRequested('d', 'door', 0)
    expect(unlocks.openedBy('d', 'door', EXIT_WINDOW_SECONDS * 1000)).toEqual({})
    expect(unlocks.openedBy('d', 'door', EXIT_WINDOW_SECONDS * 1000 + 1)).toBeUndefined()
    expect(OPENING_GRACE_MS).toBe(OPENING_GRACE_SECONDS * 1000)
  })
})

describe('the YAML that is written', () => {
  it('quotes what a reader could take for something else', () => {
    expect(toYaml({ on: true, no: 'off', version: '3.0', n: 1, empty: [], nothing: {}, json: '{"a":1}' })).toBe(
      `"on": true\n"no": "off"\nversion: "3.0"\n"n": 1\nempty: []\nnothing: {}\njson: '{"a":1}'\n`,
    )
  })

  it('indents objects in lists, and keeps lines of text', () => {
    expect(toYaml({ a: [{ b: 1, c: ['x'] }, 'y'], t: 'one\n\ntwo' })).toBe(
      'a:\n  - b: 1\n    c:\n      - x\n  - "y"\nt: |-\n  one\n\n  two\n',
    )
  })

  it('folds long text at its spaces', () => {
    const long = Array.from({ length: 30 }, () => 'words').join(' ')
    const yaml = toYaml({ long })
    expect(yaml.startsWith('long: >-\n  words')).toBe(true)
    expect(yaml.slice('long: >-\n'.length).trim().split(/\s+/).join(' ')).toBe(long)
  })
})
