/** vigie export, vigie export schedule add | list | remove: rows of the journal as a file, now or each month. */
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { causeOf, type Language, type Said, VigieError } from '../errors.ts'
import { nextRun } from '../flows/export-scheduled.ts'
import { type ExportWish, JournalExported } from '../flows/journal-exported.ts'
import { spanAsked } from '../flows/journal-times.ts'
import { checkpointView } from '../record/checkpoints.ts'
import { openFolder } from '../record/database.ts'
import { siteFacts } from '../wiring/export-about.ts'
import { fileNameOf, needsCheckpointBeside } from '../wiring/export-formats.ts'
import { checkSchedule, type KeptSchedule, viewsIn } from '../wiring/export-schedules.ts'
import { exportingIn } from '../wiring/exporting.ts'
import { need } from './acts.ts'
import type { Context } from './context.ts'
import { signNow } from './evidence.ts'
import { type Output, table, time } from './output.ts'
import { filterOf, type SearchOptions } from './search.ts'

/** For the table of options of cli.ts. */
export const EXPORT_OPTIONS = {
  format: { type: 'string' },
  language: { type: 'string' },
  recipient: { type: 'string' },
  bom: { type: 'boolean' },
  'no-names': { type: 'boolean' },
  'with-reason': { type: 'string' },
  day: { type: 'string' },
  time: { type: 'string' },
  folder: { type: 'string' },
  mail: { type: 'string', multiple: true },
} as const

export const EXPORT_HELP = {
  en: `  vigie export --format csv | jsonl | pdf | fhir --out <file or folder> --reason <why>
                [--no-names] [--bom] [--language fr | en] [--recipient age1...] [as journal search,
                but --with-reason <reason>]
                        rows of the journal as a file; jsonl is evidence for docs/verify/verify.mjs;
                        beside csv and pdf stands the checkpoint, in <file>.checkpoint.txt
  vigie export schedule add --day <1 to 28> --time <HH:MM> --format <format> --reason <why>
                --folder <folder> | --mail <address>... --recipient age1... [as above]
                        each month the calendar month before, encrypted
  vigie export schedule list
  vigie export schedule remove <id>
`,
  fr: `  vigie export --format csv | jsonl | pdf | fhir --out <fichier ou dossier> --reason <pourquoi>
                [--no-names] [--bom] [--language fr | en] [--recipient age1...] [comme journal
                search, mais --with-reason <motif>]
                        les lignes du journal dans un fichier\u202f; jsonl est une preuve pour
                        docs/verify/verify.mjs\u202f; à côté de csv et pdf, le point de contrôle dans
                        <fichier>.checkpoint.txt
  vigie export schedule add --day <1 à 28> --time <HH:MM> --format <format> --reason <pourquoi>
                --folder <dossier> | --mail <adresse>... --recipient age1... [comme ci-dessus]
                        chaque mois, le mois civil précédent, chiffré
  vigie export schedule list
  vigie export schedule remove <id>
`,
} as const

type Text = string | undefined
export interface ExportOptions extends Omit<SearchOptions, 'limit' | 'names'> {
  readonly format?: Text
  readonly out?: Text
  readonly language?: Text
  readonly recipient?: Text
  readonly bom?: boolean | undefined
  readonly 'no-names'?: boolean | undefined
  readonly 'with-reason'?: Text
  readonly day?: Text
  readonly time?: Text
  readonly folder?: Text
  readonly mail?: string[] | undefined
}
type ExportContext = Pick<Context, 'config' | 'db' | 'now' | 'op'>

const FORMATS = ['csv', 'jsonl', 'pdf', 'fhir'] as const
const LANGUAGES = ['fr', 'en'] as const

/** @throws VigieError usage, filter-invalid, range-inverted, age-key-invalid, export-exists, export-unwritable, journal-unavailable */
export async function make(c: ExportContext, o: ExportOptions, out: Output): Promise<void> {
  const { config, db } = c
  const wish = wishOf(c, o, out.language)
  const sign = async () => checkpointView(db, await signNow(c))
  const writing = exportingIn(openFolder(config.dataDir, config.journalKey), db, {
    sign: async () => (await sign()).size,
  })
  const flow = new JournalExported({
    ...{ check: writing.check, sign },
    write: (asked, note, checkpoint) => writing.write({ wish: asked, note, checkpoint }),
    record: async event => c.op('record', { at: c.now(), event }),
    tell: async event => told(() => c.op('record', { at: c.now(), event })),
    isCurrent: writing.isCurrent,
    publish: async published => writing.publish(published),
    discard: async parts => writing.discard(parts),
  })
  try {
    const { rows, bytes, sha256, checkpoint } = await (await flow.ask(wish))()
    const { id, file } = wish
    out.result(
      { id, file, rows, bytes, sha256, checkpoint: checkpoint.size, note: checkpoint.note },
      `${file}\u202f: ${rows} lignes, ${bytes} octets. Point de contrôle\u202f: ${checkpoint.size} lignes. SHA-256\u202f: ${sha256}`,
      `${file}: ${rows} rows, ${bytes} bytes. Checkpoint: ${checkpoint.size} rows. SHA-256: ${sha256}`,
    )
  } finally {
    writing.close()
  }
}

/** The failure itself is what is told to the person; that its row could not be written either is told beside it. */
function told(record: () => unknown): void {
  try {
    record()
  } catch (error) {
    process.stderr.write(`vigie: ${causeOf(error)}\n`)
  }
}

function wishOf(c: ExportContext, o: ExportOptions, spoken: Language): ExportWish {
  const { timezone, id: site } = siteFacts(c.db)
  const { from, until, ...rest } = filterOf({ ...o, reason: o['with-reason'] })
  const format = oneOf('--format', o.format, FORMATS)
  const id = `e-${randomBytes(8).toString('hex')}`
  return {
    ...{ id, format, filter: { ...rest, ...spanAsked({ from, until }, timezone) }, hidden: [] },
    ...{ names: o['no-names'] !== true, bom: o.bom === true, language: languageOf(o, spoken) },
    ...(o.recipient !== undefined && { recipient: o.recipient }),
    ...{ by: `cli:${userInfo().username}`, statedReason: reasonOf(o), askedAt: c.now(), to: 'command-line' },
    file: fileOf(o.out, fileNameOf(site, id, format, o.recipient !== undefined)),
    ...{ replace: false, beside: needsCheckpointBeside(format) },
  }
}

function fileOf(out: Text, name: string): string {
  const given = resolve(
    need(out, 'name the file or folder: --out <file or folder>', 'nommez le fichier ou le dossier\u202f: --out <…>'),
  )
  return statSync(given, { throwIfNoEntry: false })?.isDirectory() ? join(given, name) : given
}

const reasonOf = (o: ExportOptions): string =>
  need(o.reason, 'say why: --reason <why>', 'dites pourquoi\u202f: --reason <pourquoi>')
const languageOf = (o: ExportOptions, spoken: Language): Language =>
  o.language === undefined ? spoken : oneOf('--language', o.language, LANGUAGES)

function oneOf<T extends string>(option: string, value: Text, known: readonly T[]): T {
  const found = known.find(k => k === value)
  if (found) return found
  const list = known.join(', ')
  throw usage({ en: `${option} is one of: ${list}`, fr: `${option} est l’un de\u202f: ${list}` })
}
const usage = (expected: Said): VigieError => new VigieError('usage', { expected })

/** add | list | remove */
export async function schedule(
  c: ExportContext,
  args: readonly string[],
  o: ExportOptions,
  out: Output,
): Promise<void> {
  const [what, id] = args
  if (what === 'add') await add(c, o, out)
  else if (what === 'list') list(c, out)
  else if (what === 'remove') remove(c, need(id, 'name the schedule', 'nommez l’export programmé'), out)
  else
    throw usage({
      en: 'say what to do: vigie export schedule add, list or remove',
      fr: 'dites quoi faire\u202f: vigie export schedule add, list ou remove',
    })
}

/** Whether mail can be sent, the hub knows. @throws VigieError usage, schedule-invalid, filter-invalid, age-key-invalid */
async function add(c: ExportContext, o: ExportOptions, out: Output): Promise<void> {
  const kept = keptOf(o, out.language)
  checkSchedule(kept, true)
  const { dataDir, journalKey } = c.config
  const writing = exportingIn(openFolder(dataDir, journalKey), c.db)
  try {
    await writing.checkSchedule(kept)
  } finally {
    writing.close()
  }
  const id = `s-${randomBytes(4).toString('hex')}`
  const nextAt = nextRun(kept, c.now(), siteFacts(c.db).timezone)
  c.op('addExportSchedule', { at: c.now(), id, by: kept.by, body: JSON.stringify(kept), nextAt })
  const added = viewsIn(c.db).find(s => s.id === id)
  out.result(
    added,
    `${id}\u202f: le prochain export le ${time(nextAt)}.`,
    `${id}: the next export is on ${time(nextAt)}.`,
  )
}

function keptOf(o: ExportOptions, spoken: Language): KeptSchedule {
  if (o.from !== undefined || o.until !== undefined)
    throw usage({
      en: 'a scheduled export covers the calendar month before: leave out --from and --until',
      fr: 'un export programmé couvre le mois civil précédent\u202f: sans --from ni --until',
    })
  const recipient = need(o.recipient, '--recipient age1... is required', '--recipient age1... est obligatoire')
  return {
    ...{ day: /^\d{1,2}$/.test(o.day ?? '') ? Number(o.day) : 0, time: o.time ?? '' },
    format: oneOf('--format', o.format, FORMATS),
    filter: filterOf({ ...o, reason: o['with-reason'] }) as NonNullable<KeptSchedule['filter']>,
    ...{ language: languageOf(o, spoken), names: o['no-names'] !== true, bom: o.bom === true },
    ...{ statedReason: reasonOf(o), recipient, hidden: [], by: `cli:${userInfo().username}` },
    ...(o.folder !== undefined && { folder: resolve(o.folder) }),
    ...(o.mail !== undefined && { mail: o.mail }),
  }
}

function list(c: ExportContext, out: Output): void {
  const all = viewsIn(c.db)
  const rows = table(
    all.map(s => [s.id, s.format, `${s.day} ${s.time}`, s.folder ?? s.mail?.join(', ') ?? '', time(s.nextAt)]),
  )
  out.result(all, rows || 'Aucun export programmé.', rows || 'No export is scheduled.')
}

/** @throws VigieError schedule-unknown */
function remove(c: ExportContext, id: string, out: Output): void {
  c.op('dropExportSchedule', { at: c.now(), id, by: `cli:${userInfo().username}` })
  out.result({ id, removed: true }, `${id}\u202f: supprimé.`, `${id}: removed.`)
}
