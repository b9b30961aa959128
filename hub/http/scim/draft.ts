/**
 * A resource while it is read or changed: what Vigie keeps of it, by the names of the table. Directories write names in any
 * case, `"True"` for true, one address where a list is due, and much that is not kept: all that is taken.
 */
import { VigieError } from '../../errors.ts'
import type { UserBody } from '../scim-ports.ts'
import { type Attribute, ENTERPRISE, type Place, placeOf, USER_PLACES } from './attributes.ts'

export type Draft = Record<string, unknown>
export type Json = Readonly<Record<string, unknown>>

const LONGEST = 256
const LONGEST_NAME = 128
const MOST_VALUES = 20
const CONTROL = /\p{Cc}/u

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @param active where it is not said: whoever has left does not come back by silence @throws VigieError scim-invalid */
export function userIn(input: unknown, active: boolean): UserBody {
  if (!isObject(input)) throw invalid('/', { en: 'an object', fr: 'un objet' })
  const draft: Draft = { active }
  collect(draft, input, 'replace')
  return userOf(draft)
}

export type Way = 'add' | 'replace'

/** All that an object names; what Vigie does not know or says itself is left out. @throws VigieError scim-invalid */
export function collect(draft: Draft, input: Json, way: Way): void {
  for (const [key, value] of Object.entries(input)) {
    if (key.toLowerCase() === ENTERPRISE.toLowerCase()) {
      if (isObject(value)) collect(draft, value, way)
      continue
    }
    const found = placeOf(USER_PLACES, key)
    if (typeof found === 'object' && !found.attribute.readOnly) put(draft, found, value, way)
  }
}

/** @throws VigieError scim-invalid */
export function put(draft: Draft, { attribute, sub }: Place, value: unknown, way: Way): void {
  const { name, many } = attribute
  if (value === null || value === undefined) drop(draft, { attribute, ...(sub && { sub }) })
  else if (many) draft[name] = sub ? inEach(draft[name], sub, value) : listed(draft[name], attribute, value, way)
  else if (sub) draft[name] = { ...(draft[name] as Json | undefined), [sub.name]: textOrFlag(sub, value) }
  else if (attribute.type === 'complex')
    draft[name] = { ...(draft[name] as Json | undefined), ...parts(attribute, value) }
  else draft[name] = textOrFlag(attribute, value)
}

/** @throws VigieError scim-invalid: of somebody it is said whether they work here, or not */
export function drop(draft: Draft, { attribute: { name, many, type }, sub }: Place): void {
  const before = draft[name]
  if (type === 'boolean') throw invalid(name, { en: 'true or false', fr: 'true ou false' })
  if (!sub) delete draft[name]
  else if (many) draft[name] = elements(before).map(one => without(one, sub.name))
  else if (isObject(before)) draft[name] = without(before, sub.name)
}

export const elements = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : [])
export const without = (one: Json, name: string): Json =>
  Object.fromEntries(Object.entries(one).filter(([key]) => key !== name))

const inEach = (before: unknown, sub: Attribute, value: unknown): readonly Json[] => {
  const given = { [sub.name]: textOrFlag(sub, value) }
  const there = elements(before)
  return there.length === 0 ? [given] : there.map(one => ({ ...one, ...given }))
}

function listed(before: unknown, attribute: Attribute, value: unknown, way: Way): readonly Json[] {
  const given = [value].flat().map(one => parts(attribute, one))
  if (way === 'replace') return given
  const there = elements(before)
  const known = new Set(there.map(one => one.value))
  return [...there, ...given.filter(one => !known.has(one.value))]
}

/** The parts of a complex value that are kept. @throws VigieError scim-invalid */
export function parts({ name, sub = [] }: Attribute, value: unknown): Json {
  if (!isObject(value)) throw invalid(name, { en: 'an object', fr: 'un objet' })
  const given = Object.entries(value).flatMap(([key, one]) => {
    const part = sub.find(s => s.name.toLowerCase() === key.toLowerCase())
    return part && one !== null ? [[part.name, textOrFlag(part, one)] as const] : []
  })
  return Object.fromEntries(given)
}

/** @throws VigieError scim-invalid */
export function textOrFlag({ name, type }: Attribute, value: unknown): string | boolean {
  if (type === 'boolean') return flagOf(name, value)
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || text.length > LONGEST || CONTROL.test(text))
    throw invalid(name, {
      en: `a text of at most ${LONGEST} characters, none of them a control character`,
      fr: `un texte d’au plus ${LONGEST} caractères, sans caractère de contrôle`,
    })
  return text
}

/** Entra ID sends "True" and "False". */
function flagOf(name: string, value: unknown): boolean {
  const word = typeof value === 'string' ? value.toLowerCase() : value
  if (word === true || word === 'true') return true
  if (word === false || word === 'false') return false
  throw invalid(name, { en: 'true or false', fr: 'true ou false' })
}

/** The draft as it will be kept. @throws VigieError scim-invalid */
export function userOf(draft: Draft): UserBody {
  const { userName, active, emails, name, ...rest } = draft
  if (typeof userName !== 'string' || userName.trim() === '' || userName.length > LONGEST_NAME)
    throw invalid('userName', {
      en: `a name of 1 to ${LONGEST_NAME} characters`,
      fr: `un nom de 1 à ${LONGEST_NAME} caractères`,
    })
  const addresses = elements(emails).filter(one => typeof one.value === 'string' && one.value !== '')
  if (addresses.length > MOST_VALUES)
    throw invalid('emails', { en: `at most ${MOST_VALUES} addresses`, fr: `au plus ${MOST_VALUES} adresses` })
  return {
    ...filled(rest),
    userName,
    active: active === true,
    ...(isObject(name) && Object.keys(filled(name)).length > 0 && { name: filled(name) }),
    ...(addresses.length > 0 && { emails: addresses as unknown as NonNullable<UserBody['emails']> }),
  }
}

const filled = (object: Json): Json => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== ''))

export const draftOf = (body: UserBody): Draft => structuredClone(body) as unknown as Draft

export const invalid = (field: string, expected: { readonly en: string; readonly fr: string }): VigieError =>
  new VigieError('scim-invalid', { field: shown(field), expected })

/** What a directory typed, harmless enough for a message. */
export const shown = (text: string): string => text.replace(/[^\p{L}\p{N}_.:$/[\]" -]/gu, '?').slice(0, 120)
