/** A site file's text becomes a Site, or an error that names file, line and field. */
import { type Said, VigieError } from '../errors.ts'
import { said } from './french.ts'
import { type JsonFault, jsonFault, locate, positionOf } from './json-text.ts'
import type { Site } from './site.ts'
import { isSite, siteMisfit } from './site-shape.ts'
import { type Knows, type Problem, validate } from './validate.ts'

/**
 * Pure: `file` is only a name for messages. Fields of the error: `file`, `line`, `column` (from 1), `field` (a JSON
 * pointer), `expected`, and `more`, the number of further problems where they were all looked for.
 * @throws VigieError site-syntax, site-invalid
 */
export function parseSite(text: string, file: string, knows: Knows): Site {
  const value = parseJson(text, file)
  const source = withoutMark(text)
  if (!isSite(value)) throw invalid(source, file, [siteMisfit(value)])
  const problems = validate(value, knows)
  if (problems.length > 0) throw invalid(source, file, problems)
  return value
}

/** Any JSON, as strictly: no field twice. @throws VigieError site-syntax, site-invalid */
export function parseJson(text: string, file: string): unknown {
  const source = withoutMark(text)
  const fault = jsonFault(source)
  if (fault) throw notJson(source, file, fault)
  return JSON.parse(source)
}

/** Some editors put a byte order mark first. */
const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text)

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

/** A field name of the file's author may end in a log or on a page. */
const harmless = (pointer: string): string => pointer.replace(/[^A-Za-z0-9_/.$~-]/g, '?').slice(0, 80)
