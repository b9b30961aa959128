/** Requests made from the document's own schemas: such as it takes, and such as it must refuse. */
import fc from 'fast-check'
import type { Parameter } from '../http/openapi-parts.ts'
import { type Call, jsonBodyOf } from './api-document.ts'

export interface Sent {
  readonly path: string
  readonly body?: string
  readonly type?: string
  /** Parameters and body are as the document says; then anything declared may be answered. */
  readonly fits: boolean
  /** The address is not the operation's own any more. */
  readonly elsewhere?: true
}
/** By name of a parameter or field: what there is, so that requests get further than `unknown`. */
export type Known = Readonly<Record<string, readonly string[]>>

interface Schema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly minProperties?: number
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** What no route may stumble over. */
const NASTY = [
  '',
  '\u0000',
  '../../etc/passwd',
  '%',
  '\ud800',
  '__proto__',
  'constructor',
  '=1+1',
  '🦉'.repeat(40),
  'a'.repeat(3_000),
]
const anything = fc.oneof(
  fc.constantFrom<unknown>(...NASTY, null, -1, 1e308, [], {}, true),
  fc.jsonValue({ maxDepth: 3 }),
)

/** Values that a schema takes. */
export function fitting(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(s => fitting(s, known, name)))
  switch (schema.type) {
    case 'string':
      return strings(schema, known[name])
    case 'integer':
      return fc.integer(bounds(schema))
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true, ...bounds(schema) })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return lists(schema, known, name)
    case 'object':
      return objects(schema, known)
    default:
      return anything
  }
}

const bounds = ({ minimum, maximum }: Schema): { min?: number; max?: number } => ({
  min: Math.max(minimum ?? -1_000, Number.MIN_SAFE_INTEGER),
  max: Math.min(maximum ?? 1e12, Number.MAX_SAFE_INTEGER),
})

function strings(
  { pattern, minLength, maxLength }: Schema,
  known: readonly string[] | undefined,
): fc.Arbitrary<string> {
  const fits = (text: string): boolean =>
    (pattern === undefined || new RegExp(pattern, 'u').test(text)) &&
    [...text].length >= (minLength ?? 0) &&
    [...text].length <= (maxLength ?? 1e9)
  const free = pattern
    ? fc.stringMatching(new RegExp(pattern, 'u'), { maxLength: maxLength ?? 60 }).filter(fits)
    : fc.string({ minLength: minLength ?? 0, maxLength: Math.min(maxLength ?? 60, 300), unit: 'grapheme' }).filter(fits)
  const good = known?.filter(fits) ?? []
  return good.length > 0 ? fc.oneof({ arbitrary: fc.constantFrom(...good), weight: 3 }, free) : free
}

function lists(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown[]> {
  const { items = {}, minItems = 0, maxItems = 4, uniqueItems } = schema
  const item = fitting(items, known, name)
  const size = { minLength: minItems, maxLength: Math.min(maxItems, minItems + 4) }
  return uniqueItems ? fc.uniqueArray(item, size) : fc.array(item, size)
}

function objects({ properties = {}, required = [], minProperties = 0 }: Schema, known: Known): fc.Arbitrary<object> {
  const fields = Object.fromEntries(Object.entries(properties).map(([key, s]) => [key, fitting(s, known, key)]))
  return fc.record(fields, { requiredKeys: [...required] }).filter(o => Object.keys(o).length >= minProperties)
}

/** One thing wrong with a body that was right. */
function broken(body: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(body) ?? 'null'
  const object = typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}
  const keys = Object.keys(object)
  const swapped = fc.tuple(fc.constantFrom(...(keys.length > 0 ? keys : ['x'])), anything)
  return fc.oneof(
    swapped.map(([key, value]) => JSON.stringify({ ...object, [key]: value })),
    fc.constant(JSON.stringify({ ...object, unheardOf: 1 })),
    fc.constantFrom(...(keys.length > 0 ? keys : ['x'])).map(k => JSON.stringify({ ...object, [k]: undefined })),
    fc.constant(`{"__proto__":{"role":"administrator"},${text.slice(1)}`),
    fc.constant(`{"constructor":{"prototype":{"x":1}},${text.slice(1)}`),
    fc.constant('['.repeat(20_000) + ']'.repeat(20_000)),
    fc.constant(`"${'x'.repeat(70_000)}"`),
    fc.nat(Math.max(0, text.length - 1)).map(n => text.slice(0, n)),
    fc.string({ unit: 'binary', maxLength: 200 }),
    anything.map(value => JSON.stringify(value) ?? ''),
  )
}

/** Ways to write an address that must lead nowhere else. */
const TRICKS = [
  '%2e%2e%2f',
  '..%2f..%2f',
  '%00',
  '%',
  '%c0%ae',
  'a'.repeat(400),
  '%2F',
  ';x',
  '%0d%0aset-cookie:x=1',
  '%20',
  '.',
]

/** Requests for one operation. */
export function requestsFor(call: Call, known: Known): fc.Arbitrary<Sent> {
  const good = addressesOf(call, known).chain(path =>
    bodiesOf(call, known).map(body => ({ path, ...body, fits: true })),
  )
  const wrongBody = fc.tuple(addressesOf(call, known), bodiesOf(call, known)).chain(([path, { body, type }]) =>
    broken(body === undefined || type !== 'application/json' ? {} : JSON.parse(body)).map(text => ({
      path,
      body: text,
      type: 'application/json',
      fits: false,
    })),
  )
  const wrongType = good.chain(sent =>
    fc
      .constantFrom('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/xml', '')
      .map(type => ({
        ...sent,
        body: sent.body ?? 'x=1',
        type,
        fits: false,
      })),
  )
  const wrongPath = fc.tuple(good, fc.constantFrom(...TRICKS)).map(([sent, trick]) => ({
    ...sent,
    path: call.path.includes('{') ? call.path.replaceAll(/\{\w+\}/g, trick) : `${sent.path.split('?', 1)[0]}/${trick}`,
    fits: false,
    elsewhere: true as const,
  }))
  const wrongQuery = fc
    .tuple(good, fc.string({ maxLength: 40 }), fc.constantFrom(...NASTY))
    .map(([sent, key, value]) => ({
      ...sent,
      path: `${sent.path}${sent.path.includes('?') ? '&' : '?'}${escaped(key)}=${escaped(value)}`,
      fits: false,
    }))
  return fc.oneof({ arbitrary: good, weight: 4 }, { arbitrary: wrongBody, weight: 2 }, wrongType, wrongPath, wrongQuery)
}

const escaped = (text: string): string => encodeURIComponent(text.toWellFormed())

function addressesOf({ path, operation }: Call, known: Known): fc.Arbitrary<string> {
  const parameters = operation.parameters ?? []
  const values = (p: Parameter): fc.Arbitrary<string | undefined> => {
    const value = fitting(p.schema, known, p.name).map(v => String(Array.isArray(v) ? v[0] : v))
    return p.required ? value : fc.option(value, { nil: undefined, freq: 2 })
  }
  return fc.tuple(...parameters.map(values)).map(given => {
    const of = (place: string): [string, string][] =>
      parameters.flatMap((p, i) => (p.in === place && given[i] !== undefined ? [[p.name, given[i]]] : []))
    const filled = of('path').reduce((url, [name, value]) => url.replace(`{${name}}`, escaped(value)), path)
    const query = of('query').map(([name, value]) => `${name}=${escaped(value)}`)
    return query.length > 0 ? `${filled}?${query.join('&')}` : filled
  })
}

function bodiesOf(call: Call, known: Known): fc.Arbitrary<{ readonly body?: string; readonly type?: string }> {
  const json = jsonBodyOf(call)
  const [raw] = Object.keys(call.operation.requestBody?.content ?? {})
  if (json) {
    const type = 'application/json'
    const example = fc.constant(json.example ?? {})
    return fc.oneof(fitting(json.schema ?? {}, known), example).map(v => ({ body: JSON.stringify(v) ?? 'null', type }))
  }
  return raw ? fc.string({ maxLength: 300 }).map(body => ({ body, type: raw })) : fc.constant({})
}
