/** Writes down everything held on one person, slice by slice: in a thread, or in the command that was asked for it. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { grantWords, scopeWords } from '../access/ask-words.ts'
import type { Grant } from '../access/grants.ts'
import { labelsOf } from '../access/labels.ts'
import type { Site } from '../access/site.ts'
import { type Said, VigieError } from '../errors.ts'
import {
  type PersonExport,
  type PersonFormat,
  type PersonHead,
  type PersonRow,
  personWriter,
} from '../export/person-file.ts'
import { fileCauseOf } from '../file-causes.ts'
import { siteOf } from '../flows/registry.ts'
import { type PayloadRow, payloadsWith } from '../record/erasing.ts'
import { contact } from '../record/messages.ts'
import { openErasures } from '../record/ops-privacy.ts'
import { timeOfRevision, versions } from '../record/past.ts'
import { type PersonTraces, pseudonymsOf, textsOf, tracesOf } from '../record/person-traces.ts'
import { pinHolders } from '../record/pins.ts'
import { lastSeq } from '../record/reading.ts'
import { scimDataOf } from '../record/scim.ts'
import { items, siteId } from '../record/site.ts'
import { situations } from '../record/situations.ts'
import { all, type Db, sql } from '../record/sql.ts'
import { PURPOSE_NAMES, PURPOSES, purposeOf, termOf } from '../rules/retention.ts'
import { filedOn } from './person-filed.ts'
import { classesOf, factsOf, policyOf } from './privacying.ts'

export interface PersonAsked {
  /** Of the site, by id; by pseudonym where an erasure waits. */
  readonly person: string
  readonly format: PersonFormat
  /** Made anew; removed where anything fails. */
  readonly file: string
  readonly now: number
  readonly recipients: readonly Said[]
}
export interface PersonWritten {
  readonly pseudonym: string
  readonly rows: number
}
const SPAN = 10_000
const DAY_MS = 86_400_000
const OTHERS = /\b[pb]-[0-9a-f]{16}\b/g

/** @throws VigieError person-unknown, file-unwritable */
export async function writePersonFile(db: Db, asked: PersonAsked): Promise<PersonWritten> {
  const traces = tracesOf(db, asked.person) ?? openErasures(db).find(e => e.traces.id === asked.person)?.traces
  if (!traces) throw new VigieError('person-unknown', { person: asked.person })
  const fd = opened(asked.file)
  try {
    const rows = await written(db, traces, asked, text => void writeSync(fd, text))
    fsyncSync(fd)
    closeSync(fd)
    return { pseudonym: traces.pseudonym, rows }
  } catch (error) {
    closeSync(fd)
    rmSync(asked.file, { force: true })
    throw unwritable(asked.file, error)
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'w', 0o600)
  } catch (error) {
    throw unwritable(file, error)
  }
}
const unwritable = (file: string, error: unknown): unknown =>
  error instanceof Error && 'syscall' in error
    ? new VigieError('file-unwritable', { file, cause: fileCauseOf(error) }, { cause: error })
    : error

async function written(db: Db, traces: PersonTraces, asked: PersonAsked, put: (text: string) => void): Promise<number> {
  const writer = personWriter(asked.format)
  const site = siteOf({ items: items(db), siteId: siteId(db) })
  put(writer.head(headOf(db, site, traces, asked)))
  const row = rowWriter(db, site, traces)
  const texts = textsOf(traces)
  const account = traces.account ? [`"${traces.account.id}"`] : []
  const exports: PersonExport[] = []
  const end = lastSeq(db)
  let rows = 0
  for (let from = 1; from <= end; from += SPAN) {
    await setImmediate()
    const to = Math.min(from + SPAN - 1, end)
    for (const found of payloadsWith(db, [...texts, ...account, EXPORTED], from, to)) {
      const export_ = found.kind === 'journal.exported' ? exportOf(found, traces) : undefined
      if (export_) exports.push(export_)
      if (![...texts, ...account].some(t => found.body.includes(t))) continue
      put(writer.row(row(found)))
      rows += 1
    }
  }
  put(writer.tail(rows, exports))
  return rows
}
const EXPORTED = '"kind":"journal.exported"'

function exportOf({ at, body }: PayloadRow, { pseudonym }: PersonTraces): PersonExport | undefined {
  const e = JSON.parse(body) as { format: string; export: string; names: boolean; filter?: { person?: string } }
  const isOthers = e.filter?.person !== undefined && e.filter.person !== pseudonym
  return isOthers ? undefined : { at, format: e.format, export: e.export, names: e.names }
}

function rowWriter(db: Db, site: Site, traces: PersonTraces): (row: PayloadRow) => PersonRow {
  const own = new Set(pseudonymsOf(traces))
  const places = new Map(site.accessPoints.map(a => [a.id, a.name]))
  const zones = new Map(site.zones.map(z => [z.id, z.name]))
  const [policy, classOf] = [policyOf(db), classesOf(db)]
  return found => {
    const facts = factsOf(found, classOf)
    const purpose = purposeOf(found.kind, facts.class)
    const nameless = found.body.replace(OTHERS, p => (own.has(p) ? p : OTHER))
    const { kind: _, ...event } = JSON.parse(nameless) as Record<string, unknown>
    if (typeof event.by === 'string' && event.by !== traces.account?.id) event.by = OPERATOR
    const place = places.get(facts.accessPoint ?? '') ?? zones.get(facts.zone ?? '') ?? facts.accessPoint ?? facts.zone
    const as = roleIn(event, traces)
    return {
      ...{ seq: found.seq, at: found.at, kind: found.kind, event },
      ...(place !== undefined && { place }),
      ...(facts.class !== undefined && { class: facts.class }),
      ...(purpose !== undefined && { purpose: PURPOSES[purpose].words, until: found.at + termOf(purpose, policy) }),
      ...(as && { as }),
    }
  }
}
const OTHER = 'une autre personne / another person'
const OPERATOR = 'un opérateur / an operator'

function roleIn(event: Readonly<Record<string, unknown>>, { pseudonym, account }: PersonTraces): Said | undefined {
  if (event.witness === pseudonym) return { fr: 'vous étiez la deuxième personne', en: 'you were the second person' }
  if (event.witness !== undefined) return { fr: 'avec une autre personne', en: 'with another person' }
  if (account && (event.by === account.id || event.operator === account.id))
    return { fr: 'vous avez agi comme opérateur', en: 'you acted as an operator' }
  return undefined
}

function accountOf(
  db: Db,
  { id, login, name, role }: NonNullable<PersonTraces['account']>,
): PersonHead['account'] & {} {
  const row = contact(db, id)
  const phone = row && (JSON.parse(row.body) as { readonly phone?: string }).phone
  return { login, name, role, ...(phone !== undefined && { phone }) }
}

function headOf(db: Db, site: Site, traces: PersonTraces, { now, recipients }: PersonAsked): PersonHead {
  const policy = policyOf(db)
  const account = traces.account
  const pin = pinHolders(db).find(p => p.person === traces.id)
  const person = site.people.find(p => p.id === traces.id)
  const sent = scimDataOf(db, traces.id)
  return {
    ...{ site: site.site.name, timeZone: site.site.timeZone, madeAt: now, recipients },
    ...{ id: traces.id, pseudonym: traces.pseudonym, names: traces.names, active: traces.active },
    versions: versionsOf(db, site, traces),
    badges: badgesOf(db, traces),
    roles: rolesOf(site, person?.roles ?? []),
    grants: grantsOf(db, site, traces),
    ...(pin && { pinSince: pin.changedAt }),
    ...(account && { account: accountOf(db, account) }),
    filed: filedOn(db, site, traces.id),
    ...(sent && { directory: sent }),
    now: goingOn(db, site, traces),
    terms: PURPOSE_NAMES.map(p => ({ ...PURPOSES[p], days: termOf(p, policy) / DAY_MS })),
  }
}

function versionsOf(db: Db, site: Site, { id }: PersonTraces): PersonHead['versions'] {
  const roleName = new Map(site.roles.map(r => [r.id, r.name]))
  return versions(db, 'person')
    .filter(v => v.id === id)
    .toSorted((a, b) => a.since - b.since)
    .map(({ body, since, until }) => {
      const { name, roles } = JSON.parse(body) as { name: string; roles: string[] }
      const from = timeOfRevision(db, since)
      const to = until === null ? undefined : timeOfRevision(db, until)
      return { name, roles: roles.map(r => roleName.get(r) ?? r).join(', '), from, until: to }
    })
}

function badgesOf(db: Db, { badges }: PersonTraces): PersonHead['badges'] {
  const states = versions(db, 'badge').toSorted((a, b) => a.since - b.since)
  return badges.map(({ uid, active }) => {
    const last = states.findLast(v => v.id === uid)
    const status = last ? (JSON.parse(last.body) as { status: string }).status : ''
    return { uid, active, status }
  })
}

/** Inherited roles are told with those that inherit them. */
function rolesOf(site: Site, ids: readonly string[]): PersonHead['roles'] {
  const labels = labelsOf(site)
  const named = new Set(ids)
  for (const id of named) for (const r of site.roles.find(x => x.id === id)?.inherits ?? []) named.add(r)
  return [...named].map(id => ({
    name: labels.role(id),
    rights: (site.roles.find(r => r.id === id)?.rights ?? []).flatMap((right, i) => {
      const label = labels.right(id, i)
      if (!label) return []
      const no = right.effect === 'deny' ? { fr: 'jamais\u202f: ', en: 'never: ' } : { fr: '', en: '' }
      return [
        { fr: `${no.fr}${label.target.fr} (${label.schedule})`, en: `${no.en}${label.target.en} (${label.schedule})` },
      ]
    }),
  }))
}

function grantsOf(db: Db, site: Site, { id }: PersonTraces): PersonHead['grants'] {
  const labels = labelsOf(site)
  const rows = all(
    db,
    sql.selectFrom('access_grant').select(['body', 'revoked_at']).where('person', '=', id).orderBy('from_at'),
  )
  return rows.map(({ body, revoked_at }) => {
    const { origin, target, from, until } = JSON.parse(body) as Grant
    const place = target ? scopeWords(target, { zone: labels.zone, point: labels.accessPoint }) : NOWHERE
    return { origin: grantWords(origin), place, from, until, revoked: revoked_at !== null }
  })
}
const NOWHERE: Said = { fr: '', en: '' }

function goingOn(db: Db, site: Site, traces: PersonTraces): Said[] {
  const labels = labelsOf(site)
  const names = pseudonymsOf(traces)
  return situations(db).flatMap(({ kind, key, value }) => {
    if (!names.some(n => key.includes(n) || JSON.stringify(value).includes(n))) return []
    if (kind === 'position' && value)
      return [
        {
          fr: `vu en dernier entrer dans ${labels.zone(value.zone)}`,
          en: `last seen to enter ${labels.zone(value.zone)}`,
        },
      ]
    const what = GOING_ON[kind]
    return what ? [what] : [{ fr: kind, en: kind }]
  })
}
const GOING_ON: Readonly<Partial<Record<string, Said>>> = {
  review: { fr: 'une ouverture d’urgence attend sa relecture', en: 'an emergency opening waits for its review' },
  pin: { fr: 'des codes PIN faux ont été comptés', en: 'wrong PINs were counted' },
  uses: { fr: 'des ouvertures d’urgence ont été comptées', en: 'emergency openings were counted' },
  mustered: { fr: 'compté comme en sécurité lors d’une évacuation', en: 'counted as safe in an evacuation' },
  passage: { fr: 'une porte vous a laissé passer', en: 'a door let you through' },
  witness: { fr: 'une deuxième personne est attendue', en: 'a second person is awaited' },
  'break-glass': { fr: 'une ouverture d’urgence est en cours', en: 'an emergency opening is running' },
}
