/** vigie why | who | may | simulate | unused: questions about rights. Nothing is changed; reading people's history is journaled. */
import { userInfo } from 'node:os'
import type { ItemEdit, WhyQuestion } from '../access/ask.ts'
import { diffSite } from '../access/diff.ts'
import type { Site } from '../access/site.ts'
import { parseSite } from '../access/site-file.ts'
import { idOf, itemsOf, LISTED_KINDS } from '../access/site-items.ts'
import { VigieError } from '../errors.ts'
import { KNOWN_MODELS } from '../flows/known-models.ts'
import { siteOf } from '../flows/registry.ts'
import { keepingLost } from '../flows/site-applied.ts'
import { lastOfWithdrawn } from '../record/past.ts'
import { readRegistry } from '../record/registry.ts'
import { askingIn, journaled, type Questions } from '../wiring/questions.ts'
import { mayLines, simulateLines, unusedLines, whoLines, whyLines } from './ask-print.ts'
import type { Context } from './context.ts'
import type { Desk } from './desk.ts'
import { readJson, readText } from './json-file.ts'
import type { Output } from './output.ts'

/** For the table of options of cli.ts. */
export const ASK_OPTIONS = {
  person: { type: 'string' },
  badge: { type: 'string' },
  at: { type: 'string' },
  minutes: { type: 'string' },
  days: { type: 'string' },
  file: { type: 'string' },
  withdraw: { type: 'boolean' },
} as const

export interface AskOptions {
  readonly person?: string | undefined
  readonly badge?: string | undefined
  readonly at?: string | undefined
  readonly minutes?: string | undefined
  readonly days?: string | undefined
  readonly file?: string | undefined
  readonly withdraw?: boolean | undefined
}

export const ASK_HELP = {
  en: `  vigie why <seq> | --person <id> --at <time> | --badge <uid> --at <time> [--minutes 10]
                        why a badge was refused or let in, from the journal: every rule looked at;
                        times: 07:02 (the last one, on the clock of the site), 2026-12-25T03:00, RFC 3339
  vigie who <access point> [--at <time>]
                        who can open it, by what, and what they must bring; who could in an
                        emergency; who is only kept out by their badge or a rule
  vigie may <person> [--at <time>]
                        what a person may open, when, and why
  vigie simulate <file> [--days 30]
  vigie simulate <kind> <id> --file <file> | --withdraw [--days 30]
                        what a changed site file or item would have meant for the badge events of
                        these days, and means for people at work now; changes nothing
  vigie unused [--days 90]
                        rights, role memberships and temporary grants that nobody used
`,
  fr: `  vigie why <numéro> | --person <id> --at <moment> | --badge <uid> --at <moment> [--minutes 10]
                        pourquoi un badge a été refusé ou accepté, d’après le journal\u202f: chaque
                        règle examinée\u202f; moments\u202f: 07:02 (le dernier, à l’heure du site),
                        2026-12-25T03:00, RFC 3339
  vigie who <point d’accès> [--at <moment>]
                        qui peut l’ouvrir, à quel titre et à quelles conditions\u202f; qui le pourrait
                        en urgence\u202f; qui n’en est écarté que par son badge ou une règle
  vigie may <personne> [--at <moment>]
                        ce qu’une personne peut ouvrir, quand et pourquoi
  vigie simulate <fichier> [--days 30]
  vigie simulate <genre> <id> --file <fichier> | --withdraw [--days 30]
                        ce qu’un fichier de site ou un élément modifié aurait changé aux passages de
                        ces jours, et change pour les personnes en service\u202f; ne modifie rien
  vigie unused [--days 90]
                        droits, rôles et accès temporaires que personne n’a utilisés
`,
} as const

export type Asked = Pick<Desk, 'questions'>
/** What a simulation takes of a command's context: it is worked out on the data folder. */
export type AskContext = Pick<Context, 'db' | 'now' | 'op'>

const wrongCall = (en: string, fr: string): VigieError => new VigieError('usage', { expected: { en, fr } })

function open(c: AskContext): { readonly questions: Questions; readonly by: string } {
  const by = `cli:${userInfo().username}`
  const note = (reader: string, rows: number): unknown =>
    c.op('record', { at: c.now(), event: { kind: 'journal.read', by: reader, rows } })
  return { questions: journaled(askingIn(c.db, c.now), note), by }
}

function show<T>(out: Output, answer: T, lines: (answer: T, language: Output['language']) => readonly string[]): void {
  if (out.json) out.line(JSON.stringify(answer))
  else for (const line of lines(answer, out.language)) out.line(line)
}

export async function why({ questions }: Asked, args: readonly string[], o: AskOptions, out: Output): Promise<void> {
  show(out, await questions.why(whyAsked(args[0], o)), whyLines)
}

function whyAsked(seq: string | undefined, { person, badge, at, minutes }: AskOptions): WhyQuestion {
  if (seq !== undefined) return { seq: whole('<seq>', seq, Number.MAX_SAFE_INTEGER) }
  if (at === undefined || (person === undefined) === (badge === undefined))
    throw wrongCall(
      'vigie why <seq>, or --person <id> --at <time>, or --badge <uid> --at <time>',
      'vigie why <numéro>, ou --person <id> --at <moment>, ou --badge <uid> --at <moment>',
    )
  return { person, badge, at, ...(minutes !== undefined && { minutes: whole('--minutes', minutes, 720) }) }
}

export async function who(
  { questions }: Asked,
  args: readonly string[],
  { at }: AskOptions,
  out: Output,
): Promise<void> {
  const [accessPoint] = args
  if (accessPoint === undefined) throw wrongCall('name the access point', 'nommez le point d’accès')
  show(out, await questions.who({ accessPoint, at }), whoLines)
}

export async function may(
  { questions }: Asked,
  args: readonly string[],
  { at, ...o }: AskOptions,
  out: Output,
): Promise<void> {
  const person = args[0] ?? o.person
  if (person === undefined) throw wrongCall('name the person by their id', 'nommez la personne par son identifiant')
  show(out, await questions.may({ person, at }), mayLines)
}

export async function simulate(c: AskContext, args: readonly string[], o: AskOptions, out: Output): Promise<void> {
  const { questions, by } = open(c)
  const days = o.days === undefined ? undefined : whole('--days', o.days, 90)
  show(out, await questions.simulate({ changes: editsFrom(c, args, o), days }, by), simulateLines)
}

export async function unused({ questions }: Asked, o: AskOptions, out: Output): Promise<void> {
  const days = o.days === undefined ? undefined : whole('--days', o.days, 3_650)
  show(out, await questions.unused({ days }), unusedLines)
}

/** @throws VigieError usage for anything but a whole number from 1 to `max` */
function whole(option: string, text: string, max: number): number {
  const n = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (n < 1 || n > max)
    throw wrongCall(
      `${option} takes a whole number from 1 to ${max}`,
      `${option} attend un nombre entier de 1 à ${max}`,
    )
  return n
}

/** A site file; or one item, by its kind and id, from --file, or taken away. */
function editsFrom(c: AskContext, args: readonly string[], o: AskOptions): ItemEdit[] {
  const [kind, id] = args
  if (kind !== undefined && id === undefined) return editsOfSite(c, kind)
  if (kind === undefined || id === undefined || (o.file === undefined) !== (o.withdraw === true))
    throw wrongCall(
      'vigie simulate <site.json>, or <kind> <id> with either --file <file> or --withdraw',
      'vigie simulate <site.json>, ou <genre> <id> avec --file <fichier> ou --withdraw',
    )
  return [{ kind, id, item: o.file === undefined ? null : readJson(o.file) }]
}

/** As `vigie apply` takes it: badges reported lost since the file was written stay lost. */
function editsOfSite(c: AskContext, file: string): ItemEdit[] {
  const before = siteOf(readRegistry(c.db, c.now()))
  const { site } = keepingLost(parseSite(readText(file), file, KNOWN_MODELS), before, () =>
    lastOfWithdrawn(c.db, 'badge'),
  )
  return diffSite(before, site).map(({ kind, id, change }) => ({
    kind,
    id,
    item: change === 'removed' ? null : itemOf(site, kind, id),
  }))
}

function itemOf(site: Site, kind: string, id: string): unknown {
  const listed = LISTED_KINDS.find(k => k === kind)
  return listed ? itemsOf(site, listed).find(item => idOf(item) === id) : site.site
}
