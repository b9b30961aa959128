/**
 * Rows as pages that an inspector reads and files: what was asked, by whom and why; the rows; totals; and how to check it
 * all. Steps: cover, table, totals, last page. Written as it goes, so that memory stays flat; that is why totals come after
 * the rows.
 */
import { createHash } from 'node:crypto'
import { VigieError } from '../errors.ts'
import type { FilterNote } from '../events.ts'
import { LocalTime } from './local-time.ts'
import { LEFT, lineHeight, Sheet, WIDTH } from './pdf-sheet.ts'
import { RowTable } from './pdf-table.ts'
import { type Say, speaking } from './pdf-words.ts'
import { kindWords, shown } from './row-facts.ts'
import type { ExportAbout, ExportBytes, ExportRow, ExportRows } from './source.ts'

/** Thousands of pages: nobody reads more, and other formats take it. */
export const MOST_PDF_ROWS = 50_000

type Time = (at: number) => string
interface Context {
  readonly about: ExportAbout
  readonly say: Say
  readonly time: Time
}

/** @throws VigieError export-too-large past MOST_PDF_ROWS; what was yielded before is no file */
export async function* pdf(rows: ExportRows, about: ExportAbout): ExportBytes {
  const say = speaking(about.language)
  const time = timeFor(about)
  const context = { about, say, time }
  const sheet = newSheet(context)
  const totals = new Totals()
  cover(sheet, context)
  const table = new RowTable(sheet, about, say, time)
  for await (const slice of rows) {
    for (const row of shown(slice, about)) {
      if (totals.rows === 0) table.head()
      totals.add(row, time)
      table.row(row)
    }
    const chunk = sheet.ready()
    if (chunk) yield chunk
  }
  if (totals.rows === 0) sheet.paragraph(say('noRows'), { size: 9 })
  else writeTotals(sheet, context, totals)
  lastPage(sheet, context)
  yield* sheet.end()
}

/** `22/11/2026 09:15:03` in French, `2026-11-22 09:15:03` in English, on the site's clock. */
function timeFor({ site, language }: ExportAbout): Time {
  const local = new LocalTime(site.timezone)
  return at => {
    const stamp = local.stamp(at)
    const [year, month, day] = stamp.slice(0, 10).split('-')
    return `${language === 'fr' ? `${day}/${month}/${year}` : stamp.slice(0, 10)} ${stamp.slice(11, 19)}`
  }
}

const siteName = ({ site }: ExportAbout): string => site.name ?? site.id

function newSheet({ about, say, time }: Context): Sheet {
  return new Sheet({
    title: `${say('title')}, ${siteName(about)}`,
    language: about.language,
    head: [`Vigie · ${siteName(about)}`, `${say('export')} ${about.exportId}`],
    foot: `${say('title')} · ${time(about.askedAt)} · ${about.by}`,
    page: n => say('page', { n }),
    madeAt: about.askedAt,
  })
}

function cover(sheet: Sheet, { about, say, time }: Context): void {
  const { checkpoint, filterWords, filter, site } = about
  sheet.y += 10
  sheet.paragraph(say('title'), { size: 21, strong: true }, 0)
  sheet.paragraph(siteName(about), { size: 13, quiet: true }, 8)
  sheet.heading(say('about'))
  sheet.fact(say('askedBy'), about.by)
  sheet.fact(say('askedAt'), time(about.askedAt))
  sheet.fact(say('statedReason'), about.statedReason)
  sheet.fact(say('names'), say(about.names ? 'withNames' : 'withoutNames'))
  sheet.fact(say('timezone'), say('timezoneIs', { zone: site.timezone }))
  sheet.fact(
    say('checkpointOf'),
    say('checkpointIs', { size: numbered(checkpoint.size, about), at: time(checkpoint.at) }),
  )
  sheet.heading(say('filter'))
  const plain = (field: string, value: FilterNote[string]): string =>
    typeof value === 'number' && (field === 'from' || field === 'until') ? time(value) : String(value)
  const asked = filterWords ?? Object.entries(filter).map(([field, value]) => ({ field, value: plain(field, value) }))
  if (asked.length === 0) sheet.paragraph(say('noFilter'), { size: 9 })
  for (const { field, value } of asked) sheet.fact(field, value)
  sheet.heading(say('rows'))
  sheet.paragraph(say('rowsIntro'), { size: 9, quiet: true })
}

const numbered = (n: number, { language }: ExportAbout): string => n.toLocaleString(language)

class Totals {
  readonly kinds = new Map<string, number>()
  /** In the order of the rows. */
  readonly days = new Map<string, number>()
  rows = 0
  first = 0
  last = 0

  add({ at, kind }: ExportRow, time: Time): void {
    if (this.rows === MOST_PDF_ROWS) throw new VigieError('export-too-large', { limit: MOST_PDF_ROWS })
    if (this.rows === 0) this.first = at
    this.last = at
    this.rows += 1
    const day = time(at).slice(0, 10)
    this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + 1)
    this.days.set(day, (this.days.get(day) ?? 0) + 1)
  }
}

function writeTotals(sheet: Sheet, { about, say, time }: Context, totals: Totals): void {
  sheet.y += 10
  sheet.heading(say('totals'))
  sheet.fact(say('total'), numbered(totals.rows, about))
  sheet.fact(say('span'), `${time(totals.first)} – ${time(totals.last)}`)
  const kinds = [...totals.kinds].sort(([, a], [, b]) => b - a)
  sheet.heading(say('byKind'))
  grid(
    sheet,
    kinds.map(([kind, n]) => [kindWords(kind, about.language), numbered(n, about)]),
    2,
  )
  sheet.heading(say('byDay'))
  grid(
    sheet,
    [...totals.days].map(([day, n]) => [day, numbered(n, about)]),
    4,
  )
}

/** Pairs side by side, the number at the right edge of its column. */
function grid(sheet: Sheet, pairs: readonly (readonly [string, string])[], columns: number): void {
  const style = { size: 9 }
  const width = WIDTH / columns
  for (let n = 0; n < pairs.length; n += columns) {
    sheet.need(lineHeight(style))
    for (const [k, [label, value]] of pairs.slice(n, n + columns).entries()) {
      const right = LEFT + (k + 1) * width - 18
      sheet.write(sheet.fitted(label, width - 60, style), LEFT + k * width, sheet.y, style)
      sheet.writeRight(value, right, sheet.y, style)
    }
    sheet.y += lineHeight(style) + 1
  }
}

function lastPage(sheet: Sheet, { about, say }: Context): void {
  const { keys, note } = about.checkpoint
  const small = { size: 8 }
  sheet.newPage()
  sheet.heading(say('check'))
  sheet.paragraph(say('checkText'), { size: 9 })
  sheet.heading(say('checkpoint'))
  sheet.paragraph(note.trimEnd(), small)
  sheet.heading(say('keys'))
  sheet.paragraph(say('keyText'), { size: 9 })
  for (const key of keys) {
    sheet.paragraph(key, small, 1)
    sheet.paragraph(`SHA-256${say('colon')}${fingerprint(key)}`, small)
  }
  sheet.heading(say('steps'))
  for (const step of ['step1', 'step2', 'step3'] as const) sheet.paragraph(say(step), { size: 9 })
}

/** Hexadecimal SHA-256 of the public key in a C2SP verifier key, in groups of four. */
export function fingerprint(vkey: string): string {
  const typed = Buffer.from(vkey.split('+').slice(2).join('+'), 'base64')
  const digest = createHash('sha256').update(typed.subarray(1)).digest('hex')
  return digest.match(/.{4}/g)?.join(' ') ?? digest
}
