/**
 * Filters (RFC 7644, 3.4.2.2): the whole grammar, read by descent and bounded in length, depth and terms. A name that no
 * resource has matches nothing.
 *
 *   or     and ("or" and)*
 *   and    term ("and" term)*
 *   term   "not" "(" or ")" | "(" or ")" | path "[" or "]" | path "pr" | path operator value
 */
import { VigieError } from '../../errors.ts'
import { ENTERPRISE, withoutUrn } from './attributes.ts'

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
type Operator = (typeof OPERATORS)[number]
export type Value = string | number | boolean | null

export type Filter =
  | { readonly op: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly op: 'not'; readonly of: Filter }
  | { readonly op: 'pr'; readonly path: string }
  | { readonly op: 'where'; readonly path: string; readonly of: Filter }
  | { readonly op: Operator; readonly path: string; readonly value: Value }

const MOST_CHARACTERS = 2_000
const MOST_TERMS = 60
const DEEPEST = 20
const TOKEN = /\s*(?:([()[\]])|("(?:[^"\\\p{Cc}]|\\.)*")|([A-Za-z0-9_$.:+-]+))/uy

/** @throws VigieError scim-filter */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text)
  const filter = reader.either(0)
  reader.end()
  return filter
}

class Reader {
  readonly #tokens: readonly string[]
  #at = 0
  #terms = 0

  constructor(text: string) {
    this.#tokens = tokensOf(text)
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw wrong()
  }

  either(depth: number): Filter {
    return this.#list('or', () => this.#both(depth))
  }

  #both(depth: number): Filter {
    return this.#list('and', () => this.#term(depth))
  }

  #list(op: 'and' | 'or', one: () => Filter): Filter {
    const of = [one()]
    while (this.#peek().toLowerCase() === op) {
      this.#at += 1
      of.push(one())
    }
    return of.length === 1 ? of[0]! : { op, of }
  }

  #term(depth: number): Filter {
    this.#terms += 1
    if (depth > DEEPEST || this.#terms > MOST_TERMS) throw wrong()
    if (this.#peek() === '(') return this.#inside('(', ')', depth)
    const path = this.#next()
    if (path.toLowerCase() === 'not' && this.#peek() === '(') return { op: 'not', of: this.#inside('(', ')', depth) }
    if (!PATH.test(path)) throw wrong()
    if (this.#peek() === '[') return { op: 'where', path, of: this.#inside('[', ']', depth) }
    const word = this.#next().toLowerCase()
    if (word === 'pr') return { op: 'pr', path }
    const op = OPERATORS.find(one => one === word)
    if (!op) throw wrong()
    return { op, path, value: literalOf(this.#next()) }
  }

  #inside(open: string, close: string, depth: number): Filter {
    if (this.#next() !== open) throw wrong()
    const filter = this.either(depth + 1)
    if (this.#next() !== close) throw wrong()
    return filter
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? ''
  }
  #next(): string {
    const token = this.#peek()
    this.#at += 1
    return token
  }
}

const PATH = /^(?:urn:[A-Za-z0-9:._-]+:)?[A-Za-z$][A-Za-z0-9_$-]*(?:\.[A-Za-z$][A-Za-z0-9_$-]*)*$/i

function tokensOf(text: string): string[] {
  if (text.length > MOST_CHARACTERS) throw wrong()
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  for (let end = 0; text.slice(end).trim() !== ''; end = TOKEN.lastIndex) {
    TOKEN.lastIndex = end
    const found = TOKEN.exec(text)
    if (!found) throw wrong()
    tokens.push(found[1] ?? found[2] ?? found[3] ?? '')
  }
  return tokens
}

function literalOf(token: string): Value {
  if (!/^(?:".*"|true|false|null|-?\d+(?:\.\d+)?)$/is.test(token)) throw wrong()
  try {
    return JSON.parse(token.startsWith('"') ? token : token.toLowerCase()) as Value
  } catch {
    throw wrong()
  }
}

const wrong = (): VigieError => new VigieError('scim-filter')

type Json = Readonly<Record<string, unknown>>

/** @param resource as it is shown */
export function matches(filter: Filter, resource: unknown): boolean {
  switch (filter.op) {
    case 'and':
      return filter.of.every(one => matches(one, resource))
    case 'or':
      return filter.of.some(one => matches(one, resource))
    case 'not':
      return !matches(filter.of, resource)
    case 'pr':
      return valuesAt(resource, filter.path).some(isPresent)
    case 'where':
      return valuesAt(resource, filter.path).some(one => matches(filter.of, one))
    default:
      return compared(filter, resource)
  }
}

const isPresent = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** `ne` holds where no value equals; every other operator where some value does. */
function compared({ op, path, value }: Extract<Filter, { readonly value: Value }>, resource: unknown): boolean {
  const exact = CASE_EXACT.test(path)
  const found = valuesAt(resource, path).map(one => (isObject(one) ? one.value : one))
  if (value === null) return found.some(isPresent) === (op === 'ne')
  if (op === 'ne') return !found.some(one => holds('eq', one, value, exact))
  return found.some(one => holds(op, one, value, exact))
}

/** RFC 7643: ids and what the directory calls them are told apart by case, names are not. */
const CASE_EXACT = /(?:^|[:.])(?:id|externalId|value|\$ref)$/i
const TIME = /^\d{4}-\d\d-\d\dT/

function holds(op: Exclude<Operator, 'ne'>, found: unknown, value: Value, exact: boolean): boolean {
  if (typeof found === 'boolean') return op === 'eq' && String(found) === String(value).toLowerCase()
  if (typeof found !== 'string' || typeof value !== 'string') return false
  if (TIME.test(found) && TIME.test(value)) return ordered(op, Date.parse(found), Date.parse(value))
  const [one, other] = exact ? [found, value] : [found.toLowerCase(), value.toLowerCase()]
  if (op === 'co') return one.includes(other)
  if (op === 'sw') return one.startsWith(other)
  if (op === 'ew') return one.endsWith(other)
  return ordered(op, one, other)
}

function ordered<T extends string | number>(op: Operator, one: T, other: T): boolean {
  if (op === 'eq') return one === other
  if (op === 'gt') return one > other
  if (op === 'ge') return one >= other
  if (op === 'lt') return one < other
  return op === 'le' && one <= other
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

function valuesAt(resource: unknown, path: string): readonly unknown[] {
  const bare = withoutUrn(path)
  if (bare === undefined) return []
  const enterprise = path.toLowerCase().startsWith(`${ENTERPRISE.toLowerCase()}:`)
  const start = enterprise && isObject(resource) ? resource[ENTERPRISE] : resource
  let found: readonly unknown[] = [start]
  for (const name of bare.split('.')) found = found.flatMap(one => childrenOf(one, name))
  return found
}

function childrenOf(value: unknown, name: string): readonly unknown[] {
  if (!isObject(value)) return []
  const key = Object.keys(value).find(k => k.toLowerCase() === name.toLowerCase())
  return key === undefined ? [] : [value[key]].flat()
}

/** What must equal what, whatever else is asked: by one of these the few that can match are found. Names in lower case. */
export function equalities(filter: Filter): readonly { readonly name: string; readonly value: string }[] {
  if (filter.op === 'and') return filter.of.flatMap(equalities)
  if (filter.op !== 'eq' || typeof filter.value !== 'string') return []
  return [{ name: (withoutUrn(filter.path) ?? '').toLowerCase(), value: filter.value }]
}

/** Whether it asks about this attribute anywhere. @param name in lower case */
export function asksFor(filter: Filter, name: string): boolean {
  if ('of' in filter && !('path' in filter)) return [filter.of].flat().some(one => asksFor(one, name))
  const bare = (withoutUrn(filter.path) ?? '').toLowerCase()
  return bare === name || bare.startsWith(`${name}.`)
}
