/** A site file's text becomes a Site, or an error that names file, line and field. */
import { type ShapeError, shape } from '#devices/schema.ts'
import { type Said, VigieError } from '../errors.ts'
import { said } from './french.ts'
import { type JsonFault, jsonFault, locate, positionOf } from './json-text.ts'
import { Site } from './site.ts'
import { type Knows, type Problem, validate } from './validate.ts'

const SITE = shape(Site)

/**
 * Pure: `file` is only a name for messages. Fields of the error: `file`, `line`, `column` (from 1), `field` (a JSON
 * pointer), `expected`, and `more`, the number of further problems where they were all looked for.
 * @throws VigieError site-syntax, site-invalid
 */
export function parseSite(text: string, file: string, knows: Knows): Site {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  const fault = jsonFault(source)
  if (fault) throw notJson(source, file, fault)
  const value: unknown = JSON.parse(source)
  if (!SITE.is(value)) throw invalid(source, file, misfits(SITE.error(value)))
  const problems = validate(value, knows)
  if (problems.length > 0) throw invalid(source, file, problems)
  return value
}

function notJson(source: string, file: string, fault: JsonFault): VigieError {
  const place = positionOf(source, fault.offset)
  const { en, fr } = said(fault.expected)
  if (fault.pointer === undefined)
    return new VigieError('site-syntax', {
      file,
      ...place,
      expected: { en: `expected ${en}`, fr: `attendu\u202f: ${fr}` },
    })
  return new VigieError('site-invalid', { file, ...place, field: harmless(fault.pointer), expected: { en, fr } })
}

function invalid(source: string, file: string, problems: readonly Problem[]): VigieError {
  const offsets = locate(
    source,
    problems.map(p => p.pointer),
  )
  const first = problems.reduce((a, b) => (offsets.get(b.pointer)! < offsets.get(a.pointer)! ? b : a))
  const more = problems.length - 1
  return new VigieError('site-invalid', {
    file,
    ...positionOf(source, offsets.get(first.pointer)!),
    field: first.pointer || '/',
    expected: withMore(said(first.expected), more),
    more,
  })
}

const withMore = ({ en, fr }: Said, more: number): Said =>
  more === 0
    ? { en, fr }
    : { en: `${en} (${more} more to correct after this one)`, fr: `${fr} (${more} de plus à corriger ensuite)` }

/** What the schema's own words leave unclear, recognised by a part of them. */
const PLAIN_WORDS: readonly (readonly [part: string, words: string])[] = [
  ['[a-z0-9][a-z0-9-]', 'lower-case letters, digits and hyphens, not starting with a hyphen'],
  ['\\d{4}-', 'a date and time with a zone, such as 2026-09-01T00:00:00+02:00'],
  ['24:00', 'a time of day such as 07:30, or 24:00'],
  ['[0-9A-F]', '8 to 20 hexadecimal digits in upper case'],
  ['[^\\u0000', 'a name without control characters'],
  ['equal to constant', '1, the version of this format'],
]

function misfits(error: ShapeError | undefined): Problem[] {
  const { path, expected } = error ?? { path: '', expected: 'a site as docs/site.schema.json describes it' }
  const words = PLAIN_WORDS.find(([part]) => expected.includes(part))?.[1]
  return [{ pointer: path, expected: words ?? expected }]
}

/** A field name of the file's author may end in a log or on a page. */
const harmless = (pointer: string): string => pointer.replace(/[^A-Za-z0-9_/.$~-]/g, '?').slice(0, 80)
