/**
 * Rows as a table for spreadsheets and databases: RFC 4180 (comma, CRLF, quotes doubled), UTF-8. A text that a spreadsheet
 * would take for a formula begins with an apostrophe; numbers stay numbers.
 */
import { COLUMN_WORDS, type Column } from './column-words.ts'
import { LocalTime } from './local-time.ts'
import {
  classWords,
  factsOf,
  kindWords,
  nameOf,
  type RowFacts,
  reasonWords,
  shown,
  someone,
  subjectOf,
  VIA_WORDS,
} from './row-facts.ts'
import type { ExportAbout, ExportBytes, ExportRow, ExportRows } from './source.ts'

export interface CsvOptions {
  /** Begins with a byte order mark, by which spreadsheets know UTF-8. */
  readonly bom?: boolean | undefined
}
type Cell = string | number | undefined
interface Context {
  readonly row: ExportRow
  readonly facts: RowFacts
  readonly about: ExportAbout
  /** RFC 3339 on the site's clock. */
  readonly local: string
  readonly utc: string
}

/** In the order of the file. */
const CELLS: Readonly<Record<Column, (context: Context) => Cell>> = {
  seq: ({ row }) => row.seq,
  localTime: ({ local }) => local,
  utcTime: ({ utc }) => utc,
  kind: ({ row }) => row.kind,
  what: ({ row, about }) => kindWords(row.kind, about.language),
  person: ({ row, facts }) => someone(row, subjectOf(facts))?.name,
  role: ({ row, facts }) => someone(row, subjectOf(facts))?.role,
  pseudonym: ({ facts }) => subjectOf(facts),
  badge: ({ facts }) => facts.credential,
  witness: ({ row, facts }) => nameOf(row, facts.witness),
  accessPoint: ({ facts }) => facts.accessPoint,
  accessPointName: ({ facts, about }) => facts.accessPoint && about.placeNames(facts.accessPoint),
  zone: ({ facts, about }) => facts.zone && (about.placeNames(facts.zone) ?? facts.zone),
  class: ({ facts, about }) => facts.class && classWords(facts.class, about.language),
  device: ({ facts }) => facts.device,
  reason: ({ facts, about }) => facts.reason && reasonWords(facts.reason, about.language),
  via: ({ facts, about }) => facts.via && VIA_WORDS[facts.via][about.language],
  by: ({ row, facts }) => nameOf(row, facts.by),
  statedReason: ({ facts }) => facts.statedReason,
  details: ({ row, facts }) => detailsOf(row, facts),
}
const COLUMNS = Object.keys(CELLS) as Column[]
const FILLS = Object.values(CELLS)

/** The rest of the event as JSON. Where a name stands in place of a pseudonym, that is in it too; `erasedBy` of an erased row. */
function detailsOf(row: ExportRow, { point, witness, by, zone, rest }: RowFacts): Cell {
  if (row.event === undefined) return row.erasedBy === undefined ? undefined : `{"erasedBy":${row.erasedBy}}`
  const named = (id: string | undefined): string | undefined => (someone(row, id) ? id : undefined)
  return JSON.stringify({ point, witness: named(witness), by: named(by), zone, ...rest })
}

const FORMULA = /^[=+\-@\t\r\n]/
/** A semicolon too: it is what French spreadsheets, and some that look for it, end a cell at. */
const QUOTED = /[",;\t\r\n]/
/** Either of them: what most cells are not. */
const NOTABLE = /^[=+\-@]|[",;\t\r\n]/
/**
 * A program that splits at semicolons or tabs, or that knows quotes at the beginning of a line only, finds the beginning of
 * a cell here too.
 */
const INNER_FORMULA = /[;\t\r\n][=+\-@]/
const EACH_INNER_FORMULA = /(?<=.[;\t\r\n])(?=[=+\-@])/gs

function cellText(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  return NOTABLE.test(cell) ? guarded(cell) : cell
}

function guarded(cell: string): string {
  const inert = INNER_FORMULA.test(cell) ? cell.replace(EACH_INNER_FORMULA, "'") : cell
  const safe = FORMULA.test(cell) ? `'${inert}` : inert
  return QUOTED.test(safe) ? inQuotes(safe) : safe
}
/** By a pattern: a third faster than replaceAll, and half of a file goes through here. */
const inQuotes = (text: string): string => `"${text.replace(/"/g, '""')}"`

/** One line: a text that a spreadsheet would take for a formula is inert. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellText).join(',')}\r\n`

/** A head line, then a line for each row. Memory holds one slice. */
export async function* csv(rows: ExportRows, about: ExportAbout, { bom = false }: CsvOptions = {}): ExportBytes {
  const time = new LocalTime(about.site.timezone)
  yield `${bom ? '\uFEFF' : ''}${csvLine(COLUMNS.map(column => COLUMN_WORDS[column][about.language]))}`
  for await (const slice of rows) {
    let text = ''
    for (const row of shown(slice, about)) {
      const context = { row, facts: factsOf(row), about, local: time.stamp(row.at), utc: time.utc(row.at) }
      text += csvLine(FILLS.map(fill => fill(context)))
    }
    if (text !== '') yield text
  }
}
