/** vigie journal search | days: looking for rows of the journal. Each reading is a row of its own. */
import { setTimeout as later } from 'node:timers/promises'
import { CLASSES, type PointClass } from '../access/site.ts'
import { isVigieError, type Language, type Said, VigieError } from '../errors.ts'
import type { EventKind } from '../events.ts'
import type { AskedFilter, ShownRow } from '../flows/journal-searched.ts'
import { KINDS } from '../http/routes/events.ts'
import type { Desk } from './desk.ts'
import { brief } from './journal.ts'
import { type Output, table, time } from './output.ts'

/** For the table of options of cli.ts. */
export const SEARCH_OPTIONS = {
  by: { type: 'string' },
  device: { type: 'string' },
  kind: { type: 'string', multiple: true },
  text: { type: 'string' },
  limit: { type: 'string' },
  names: { type: 'boolean' },
} as const

export const SEARCH_HELP = {
  en: `  vigie journal search [--from <time>] [--until <time>] [--person <id>] [--badge <uid>] [--by <login>]
                       [--point <id>] [--zone <id>] [--class <class>] [--device <id>] [--kind <kind>]...
                       [--reason <reason>] [--origin <origin>] [--text <words>] [--limit 100] [--names]
                        rows for which all of it holds, newest first; times: 2026-12-24 (its beginning, on
                        the calendar of the site) or RFC 3339; people as pseudonyms unless --names
  vigie journal days [the same]
                        how many on which day
`,
  fr: `  vigie journal search [--from <moment>] [--until <moment>] [--person <id>] [--badge <uid>] [--by <identifiant>]
                       [--point <id>] [--zone <id>] [--class <classe>] [--device <id>] [--kind <genre>]...
                       [--reason <motif>] [--origin <origine>] [--text <mots>] [--limit 100] [--names]
                        les lignes qui répondent à tout cela, les plus récentes d’abord\u202f; moments\u202f:
                        2026-12-24 (son début, au calendrier du site) ou RFC 3339\u202f; les personnes
                        sous pseudonyme, sauf avec --names
  vigie journal days [de même]
                        combien par jour
`,
} as const

type Text = string | undefined
export interface SearchOptions {
  readonly from?: Text
  readonly until?: Text
  readonly person?: Text
  readonly badge?: Text
  readonly by?: Text
  readonly point?: Text
  readonly zone?: Text
  readonly class?: Text
  readonly device?: Text
  readonly kind?: string[] | undefined
  readonly reason?: Text
  readonly origin?: Text
  readonly text?: Text
  readonly limit?: Text
  readonly names?: boolean | undefined
}
type Searched = Pick<Desk, 'journal'>

const PAGE = 500

/** @throws VigieError usage, filter-invalid, range-inverted, index-unwritable */
export async function search({ journal }: Searched, o: SearchOptions, out: Output): Promise<void> {
  const filter = filterOf(o)
  const nameless = o.names !== true
  let left = limitOf(o.limit)
  for (let cursor: string | undefined; left > 0; ) {
    const paging = { limit: Math.min(left, PAGE), ...(cursor !== undefined && { cursor }) }
    const page = await waiting(out.language, () => journal.page(filter, paging))
    for (const row of page.rows) out.line(lineOf(row, nameless, out))
    left -= page.rows.length
    cursor = page.next
    if (cursor === undefined || !process.stdout.writable) break
  }
}

/** @throws VigieError like search */
export async function days({ journal }: Searched, o: SearchOptions, out: Output): Promise<void> {
  const filter = filterOf(o)
  const counted = await waiting(out.language, () => journal.days(filter))
  const text = table(counted.days.map(({ day, rows }) => [day, String(rows)]))
  const total = { fr: `Total\u202f: ${counted.total}`, en: `Total: ${counted.total}` }
  out.result(counted, `${text}\n${total.fr}`, `${text}\n${total.en}`)
}

function indexWords(error: VigieError, language: Language): string {
  const { percent } = error.details
  if (percent === undefined) return error.messageIn(language)
  return language === 'fr' ? `Index de recherche\u202f: ${percent}\u00a0%` : `Search index: ${percent} %`
}

/** The index is followed first: a long journal says how far it is. */
async function waiting<T>(language: Language, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isVigieError(error) || error.code !== 'index-behind') throw error
      process.stderr.write(`${indexWords(error, language)}\n`)
      if (typeof error.details.seconds === 'number') await later(error.details.seconds * 1000)
    }
  }
}

function lineOf(row: ShownRow, nameless: boolean, out: Output): string {
  const { who: named = {}, ...plain } = row
  const who = nameless ? {} : named
  if (out.json) return JSON.stringify(nameless ? plain : row)
  const head = `${String(row.seq).padStart(8)}  ${time(row.at)}  ${row.kind.padEnd(18)}  `
  if (!row.event) return head + ERASED[out.language].replace('{row}', String(row.erasedBy ?? '?'))
  const { kind: _, ...rest } = row.event
  return (
    head +
    Object.entries(who).reduce(
      (text, [id, { name }]) => text.replaceAll(id, () => name.replace(/\p{Cc}/gu, '\uFFFD')),
      brief(rest),
    )
  )
}
const ERASED: Said = { en: 'erased; row {row} tells why', fr: 'effacée\u202f; la ligne {row} dit pourquoi' }

/** @throws VigieError usage */
export function filterOf(o: SearchOptions): AskedFilter {
  const given = { from: o.from, until: o.until, person: o.person, badge: o.badge, by: o.by, accessPoint: o.point }
  const more = { zone: o.zone, device: o.device, reason: o.reason, origin: o.origin, text: o.text }
  const texts = Object.entries({ ...given, ...more }).filter(([, value]) => value !== undefined)
  return {
    ...(Object.fromEntries(texts) as AskedFilter),
    ...(o.class !== undefined && { class: oneOf('--class', o.class, CLASSES) as PointClass }),
    ...(o.kind !== undefined && { kinds: o.kind.map(kind => oneOf('--kind', kind, KINDS) as EventKind) }),
  }
}

function oneOf(option: string, value: string, known: object): string {
  if (Object.hasOwn(known, value)) return value
  const list = Object.keys(known).join(', ')
  throw usage({ en: `${option} is one of: ${list}`, fr: `${option} est l’un de\u202f: ${list}` })
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return 100
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw usage({
    en: '--limit takes a whole number from 1 to 999999999',
    fr: '--limit attend un nombre entier de 1 à 999999999',
  })
}

const usage = (expected: Said): VigieError => new VigieError('usage', { expected })
