/** vigie privacy purge | erase | access | record | terms, and vigie hold place | list | release. */
import { renameSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { localeOf } from '../config.ts'
import type { Said } from '../errors.ts'
import { VigieError } from '../errors.ts'
import type { EventKind } from '../events.ts'
import { processingRecord } from '../export/processing-record.ts'
import { fileCauseOf } from '../file-causes.ts'
import type { ErasureDone, Kept } from '../flows/person-erased.ts'
import { siteOf } from '../flows/registry.ts'
import { KINDS } from '../http/routes/events.ts'
import { openFolder } from '../record/database.ts'
import { items, siteId } from '../record/site.ts'
import { PURPOSES, type Purpose } from '../rules/retention.ts'
import { personFiles } from '../wiring/person-files.ts'
import { writePersonFile } from '../wiring/person-writing.ts'
import { privacyActs } from '../wiring/privacy-acts.ts'
import { checked, retentionView } from '../wiring/privacy-http.ts'
import { privacyIn } from '../wiring/privacying.ts'
import { processingFacts } from '../wiring/processing.ts'
import { searchingIn } from '../wiring/searching.ts'
import { instantOption, need, wrongCall } from './acts.ts'
import { tellWaiting } from './approval.ts'
import { type Context, untilInForce } from './context.ts'
import { languageOf, type Output, table, time } from './output.ts'

/** For the table of options of cli.ts. */
export const PRIVACY_OPTIONS = { 'dry-run': { type: 'boolean' } } as const

export const PRIVACY_HELP = {
  en: `  vigie privacy terms   what the journal keeps for what, and for how long; when it was last purged
  vigie privacy purge [--dry-run]
                        erases what is past its term, as the hub does each night (VIGIE_PURGE_AT)
  vigie privacy erase <person> [--withdraw] [--reason <words>]
                        erases what is held on a person; says what the law or a hold keeps, until when;
                        that goes by itself then. --withdraw takes them off the site first
  vigie privacy access <person> --out <file>
                        everything held on a person, as a page to read and print; with --json as data
  vigie privacy record [--out <file>]
                        record of processing (GDPR, article 30): a page where the file ends in .html, else
                        Markdown
  vigie hold place --reason <words> [--person <id>] [--point <id>] [--zone <id>] [--class <class>]
                   [--kind <kind>]... [--from <time>] [--until <time>]
                        legal hold: what fits all of it is not erased while it stands
  vigie hold list
  vigie hold release <id>
`,
  fr: `  vigie privacy terms   ce que le journal conserve, pourquoi et combien de temps\u202f; dernier effacement
  vigie privacy purge [--dry-run]
                        efface ce qui a atteint son terme, comme le hub chaque nuit (VIGIE_PURGE_AT)
  vigie privacy erase <personne> [--withdraw] [--reason <texte>]
                        efface ce qui est détenu sur une personne\u202f; dit ce que la loi ou une
                        conservation ordonnée retient, jusqu’à quand\u202f; cela part ensuite de soi-même.
                        --withdraw la retire d’abord du site
  vigie privacy access <personne> --out <fichier>
                        tout ce qui est détenu sur une personne, en une page à lire et à imprimer\u202f;
                        avec --json sous forme de données
  vigie privacy record [--out <fichier>]
                        registre des traitements (RGPD, article 30)\u202f: une page si le fichier finit en
                        .html, sinon du Markdown
  vigie hold place --reason <texte> [--person <id>] [--point <id>] [--zone <id>] [--class <classe>]
                   [--kind <genre>]... [--from <moment>] [--until <moment>]
                        conservation ordonnée\u202f: ce qui y répond n’est pas effacé tant qu’elle vaut
  vigie hold list
  vigie hold release <id>
`,
} as const

type Text = string | undefined
export interface PrivacyOptions {
  readonly 'dry-run'?: boolean | undefined
  readonly withdraw?: boolean | undefined
  readonly reason?: Text
  readonly out?: Text
  readonly person?: Text
  readonly point?: Text
  readonly zone?: Text
  readonly class?: Text
  readonly kind?: string[] | undefined
  readonly from?: Text
  readonly until?: Text
}
const by = (): string => `cli:${userInfo().username}`

function openPrivacy(c: Context) {
  const folder = openFolder(c.config.dataDir, c.config.journalKey)
  const settled = async <T>(result: T): Promise<T> => {
    await untilInForce(c)
    return result
  }
  return privacyActs({
    dataDir: c.config.dataDir,
    db: c.db,
    op: (name, args) => settled(c.op(name, args)) as never,
    looking: privacyIn(c.db),
    onErased: [
      async () => {
        const index = searchingIn(folder, c.db)
        await index.catchUp(undefined)
        index.close()
      },
    ],
    onUncleaned: () => void process.stderr.write(`${UNCLEANED[languageOf(localeOf())]}\n`),
    now: c.now,
  })
}
const UNCLEANED: Said = {
  en: 'What was erased is in the write-ahead log still, because somebody was reading. Run: vigie privacy purge',
  fr: 'Ce qui a été effacé est encore dans le journal d’écriture, parce que quelqu’un lisait. Lancez\u202f: vigie privacy purge',
}

export async function purge(c: Context, o: PrivacyOptions, out: Output): Promise<void> {
  const { purging } = openPrivacy(c)
  const isDry = o['dry-run'] === true
  const gone = isDry ? await purging.dryRun() : await purging.run()
  if (!isDry) c.op('notePurge', { at: c.now(), payloads: gone.total })
  const lines = (language: 'fr' | 'en'): string =>
    Object.entries(gone.payloads)
      .map(([p, n]) => `\n  ${PURPOSES[p as Purpose].words[language]}${language === 'fr' ? '\u202f' : ''}: ${n}`)
      .join('')
  const fr = isDry ? 'À effacer' : 'Effacé'
  const en = isDry ? 'To be erased' : 'Erased'
  out.result(gone, `${fr}\u202f: ${gone.total} contenus.${lines('fr')}`, `${en}: ${gone.total} contents.${lines('en')}`)
}

export async function erase(c: Context, id: Text, o: PrivacyOptions, out: Output): Promise<void> {
  const person = need(id, 'name the person by id', 'nommez la personne par son identifiant')
  const wish = { person, by: by(), withdraw: o.withdraw === true, ...(o.reason && { statedReason: o.reason }) }
  const done = await openPrivacy(c).askErasure(wish)
  if ('approval' in done) return tellWaiting(done, out)
  out.result(done, erasedWords(done, 'fr'), erasedWords(done, 'en'))
}

function erasedWords({ erased, done, kept }: ErasureDone, language: 'fr' | 'en'): string {
  const fr = language === 'fr'
  const first = fr ? `${erased} contenus effacés.` : `${erased} contents erased.`
  if (done) return `${first} ${fr ? 'Rien de plus n’est détenu.' : 'Nothing else is held.'}`
  const stays = fr ? ' Restent, et partiront d’eux-mêmes\u202f:' : ' These stay, and go by themselves:'
  return first + stays + kept.map(k => `\n  ${keptWords(k, language)}`).join('')
}

function keptWords({ purpose, rows, until, holds }: Kept, language: 'fr' | 'en'): string {
  const fr = language === 'fr'
  const what = `${PURPOSES[purpose].words[language]}${fr ? '\u202f' : ''}: ${rows}`
  const term =
    until === undefined
      ? ''
      : `, ${fr ? 'jusqu’au' : 'until'} ${time(until).slice(0, 10)} (${PURPOSES[purpose].basis[language]})`
  const held = holds.length === 0 ? '' : `, ${fr ? 'conservation ordonnée' : 'legal hold'} ${holds.join(', ')}`
  return what + term + held
}

export async function access(c: Context, id: Text, o: PrivacyOptions, out: Output): Promise<void> {
  const person = need(id, 'name the person by id', 'nommez la personne par son identifiant')
  const file = need(o.out, 'say where to: --out <file>', 'dites où\u202f: --out <fichier>')
  const { config, db, now } = c
  const record = (event: Parameters<typeof c.op<'record'>>[1]['event']): unknown => c.op('record', { at: now(), event })
  const files = personFiles({ config, db, record, now, write: asked => writePersonFile(db, asked) })
  const rows = await files.write(person, out.json ? 'json' : 'html', by(), `${file}.part`)
  renameSync(`${file}.part`, file)
  out.result(
    { person, file, rows },
    `${rows} lignes du journal et tout le reste dans ${file}. Remettez-le à la personne, et à elle seule.`,
    `${rows} rows of the journal and everything else in ${file}. Hand it to that person, and to nobody else.`,
  )
}

export function record(c: Context, o: PrivacyOptions, out: Output): void {
  const format = o.out?.endsWith('.html') ? 'html' : 'md'
  const text = processingRecord(processingFacts(c.db, c.config, c.now()), format, out.language)
  if (o.out === undefined) {
    out.line(out.json ? JSON.stringify(processingFacts(c.db, c.config, c.now())) : text.trimEnd())
    return
  }
  try {
    writeFileSync(`${o.out}.part`, text, { mode: 0o600 })
    renameSync(`${o.out}.part`, o.out)
  } catch (error) {
    throw new VigieError('file-unwritable', { file: o.out, cause: fileCauseOf(error) }, { cause: error })
  }
  out.result({ file: o.out }, `Registre écrit dans ${o.out}.`, `Record written to ${o.out}.`)
}

export function terms(c: Context, out: Output): void {
  const view = retentionView(c.db)
  const last = view.lastPurge
  const text = (language: 'fr' | 'en'): string => {
    const law: Said = { fr: 'la loi', en: 'by law' }
    const rows = view.purposes.map(p => [p.purpose, `${p.days}`, p.required ? law[language] : '', p.words[language]])
    const never = language === 'fr' ? 'jamais' : 'never'
    const purged = language === 'fr' ? 'Dernier effacement\u202f:' : 'Last purge:'
    return `${table(rows)}\n${purged} ${last ? `${time(last.at)} (${last.error ?? last.payloads})` : never}`
  }
  out.result(view, text('fr'), text('en'))
}

export async function placeHold(c: Context, o: PrivacyOptions, out: Output): Promise<void> {
  const statedReason = need(o.reason, 'say why: --reason <words>', 'dites pourquoi\u202f: --reason <texte>')
  const { timeZone } = siteOf({ items: items(c.db, 'site'), siteId: siteId(c.db) }).site
  const at = (option: string, text: Text): number | undefined =>
    text === undefined ? undefined : instantOption(option, text, c.now(), timeZone)
  const unknown = o.kind?.find(k => !Object.hasOwn(KINDS, k))
  if (unknown !== undefined) throw wrongCall('--kind takes a kind of event', '--kind attend un genre d’événement')
  const scope = {
    ...{ person: o.person, accessPoint: o.point, zone: o.zone, class: o.class },
    ...{ kinds: o.kind as EventKind[] | undefined, from: at('--from', o.from), until: at('--until', o.until) },
  }
  const given = Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined))
  const id = await openPrivacy(c).placeHold({ ...checked(given as { class?: string }), statedReason, by: by() })
  out.result(
    { id, statedReason, ...given },
    `Conservation ${id} en vigueur. Ce qui y répond n’est plus effacé\u202f; pour la lever\u202f: vigie hold release ${id}`,
    `Hold ${id} is in force. What fits it is not erased any more; to release it: vigie hold release ${id}`,
  )
}

export function listHolds(c: Context, out: Output): void {
  const holds = openPrivacy(c).holds()
  const rows = holds.map(({ id, placedAt, by: who, statedReason, ...scope }) => {
    const { person: _, name, ...places } = { ...scope, person: scope.name ?? scope.person }
    const what = { ...places, ...(name !== undefined ? { person: name } : {}) }
    return [
      id,
      time(placedAt),
      who,
      Object.entries(what)
        .map(([k, v]) => `${k}=${String(v)}`)
        .join(' '),
      statedReason,
    ]
  })
  const none = { fr: 'Aucune conservation en vigueur.', en: 'No hold is in force.' }
  const text = rows.length > 0 ? table(rows) : undefined
  out.result({ holds }, text ?? none.fr, text ?? none.en)
}

export async function releaseHold(c: Context, id: Text, out: Output): Promise<void> {
  const hold = need(id, 'name the hold: vigie hold list', 'nommez la conservation\u202f: vigie hold list')
  await openPrivacy(c).releaseHold(hold, by())
  out.result({ id: hold }, `Conservation ${hold} levée.`, `Hold ${hold} is released.`)
}
