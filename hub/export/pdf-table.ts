/** The rows of a printed export as a table: a head on every page, no row on two pages. */
import type { Language } from '../errors.ts'
import { detailsInWords } from './detail-words.ts'
import { LEFT, lineHeight, type Sheet, type Style, WIDTH } from './pdf-sheet.ts'
import type { Say } from './pdf-words.ts'
import {
  classWords,
  factsOf,
  kindWords,
  nameOf,
  type RowFacts,
  reasonWords,
  someone,
  subjectOf,
  VIA_WORDS,
} from './row-facts.ts'
import { severityOf } from './severity.ts'
import type { ExportAbout, ExportRow } from './source.ts'

const HEAD: Style = { size: 7.5, strong: true }
const PLAIN: Style = { size: 7.5 }
const QUIET: Style = { size: 7.5, quiet: true }
const STRONG: Style = { size: 7.5, strong: true }
/** Critical or worse (RFC 5424). */
const GRAVE = 2
const PAD = 3
/** Lines of one cell; the rest stands in the other formats. */
const MOST_LINES = 12

interface Part {
  readonly text: string
  readonly style: Style
}
type Cell = readonly (Part | undefined)[]
const COLUMNS = [
  { word: 'row', width: 42 },
  { word: 'when', width: 58 },
  { word: 'what', width: 86 },
  { word: 'who', width: 104 },
  { word: 'where', width: 104 },
  { word: 'details', width: WIDTH - 394 },
] as const
const GAP = 8

const part = (text: string | undefined, style: Style): Part | undefined => (text ? { text, style } : undefined)

export class RowTable {
  readonly #sheet: Sheet
  readonly #about: ExportAbout
  readonly #say: Say
  readonly #time: (at: number) => string

  /** @param time writes ms since 1970 as `date time` */
  constructor(sheet: Sheet, about: ExportAbout, say: Say, time: (at: number) => string) {
    this.#sheet = sheet
    this.#about = about
    this.#say = say
    this.#time = time
  }

  head(): void {
    const height = lineHeight(HEAD) + 2 * PAD
    this.#sheet.need(3 * height)
    this.#sheet.band(this.#sheet.y, height)
    this.#across((x, _, column) => this.#sheet.write(this.#say(column.word), x, this.#sheet.y + PAD, HEAD))
    this.#sheet.y += height
  }

  row(row: ExportRow): void {
    const cells = this.#cells(row).map((cell, n) => this.#lines(cell, (COLUMNS[n]?.width ?? 0) - GAP))
    const height = Math.max(...cells.map(lines => lines.length)) * lineHeight(PLAIN) + 2 * PAD
    if (this.#sheet.need(height)) this.head()
    const { y } = this.#sheet
    this.#across((x, n) => {
      for (const [k, { text, style }] of (cells[n] ?? []).entries())
        this.#sheet.write(text, x, y + PAD + k * lineHeight(style), style)
    })
    this.#sheet.y += height
    this.#sheet.rule(this.#sheet.y)
  }

  #across(draw: (x: number, n: number, column: (typeof COLUMNS)[number]) => void): void {
    let x = LEFT + 3
    for (const [n, column] of COLUMNS.entries()) {
      draw(x, n, column)
      x += column.width
    }
  }

  #lines(cell: Cell, width: number): Part[] {
    const lines = cell.flatMap(piece =>
      piece ? this.#sheet.lines(piece.text, width, piece.style).map(text => ({ text, style: piece.style })) : [],
    )
    return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES - 1), { text: '…', style: QUIET }] : lines
  }

  #cells(row: ExportRow): readonly Cell[] {
    const facts = factsOf(row)
    const { language, placeNames } = this.#about
    const [day = '', time = ''] = this.#time(row.at).split(' ')
    const grave = severityOf(row.kind) <= GRAVE
    return [
      [part(String(row.seq), QUIET)],
      [part(day, PLAIN), part(time, PLAIN)],
      [part(kindWords(row.kind, language), grave ? STRONG : PLAIN)],
      this.#people(row, facts),
      placeOf(facts, language, id => placeNames(id)),
      this.#details(row, facts),
    ]
  }

  #people(row: ExportRow, facts: RowFacts): Cell {
    const subject = subjectOf(facts)
    const witness = nameOf(row, facts.witness)
    return [
      part(nameOf(row, subject), PLAIN),
      part(someone(row, subject)?.role, QUIET),
      part(witness && `${this.#say('witness')}${this.#say('colon')}${witness}`, PLAIN),
    ]
  }

  #details(row: ExportRow, facts: RowFacts): Cell {
    const { language } = this.#about
    if (row.event === undefined) {
      const { erasedBy } = row
      return [part(erasedBy === undefined ? this.#say('erased') : this.#say('erasedBy', { row: erasedBy }), QUIET)]
    }
    const { reason, via, by, statedReason, accessPoint, device } = facts
    const said = statedReason && (language === 'fr' ? `«\u00a0${statedReason}\u00a0»` : `“${statedReason}”`)
    const labelled = (word: 'openedBy' | 'device', value: string | undefined): string | undefined =>
      value && `${this.#say(word)}${this.#say('colon')}${value}`
    return [
      part(reason && reasonWords(reason, language), PLAIN),
      part(labelled('openedBy', via && VIA_WORDS[via][language]), PLAIN),
      part(said, PLAIN),
      part(by && `${this.#say('by')} ${nameOf(row, by)}`, PLAIN),
      part(accessPoint === undefined ? labelled('device', device) : undefined, PLAIN),
      ...detailsInWords(facts, language, this.#time).map(text => part(text, QUIET)),
    ]
  }
}

function placeOf(facts: RowFacts, language: Language, nameOfPlace: (id: string) => string | undefined): Cell {
  const named = (id: string | undefined): string | undefined => id && (nameOfPlace(id) ?? id)
  return [
    part(named(facts.accessPoint), PLAIN),
    part(named(facts.zone), facts.accessPoint ? QUIET : PLAIN),
    part(facts.class && classWords(facts.class, language), QUIET),
  ]
}
