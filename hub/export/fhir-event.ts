/**
 * One row as a FHIR R4 AuditEvent in the shape of IHE BALP: who asked (`user`), for which organization, which device and
 * which server took part, what it was about. It claims no BALP profile: those want a patient, whom the hub does not know, and
 * network addresses, which the journal does not keep; devices stand by their name instead.
 */
import { hash } from 'node:crypto'
import {
  APPLICATION,
  AUTHORIZER,
  BREAK_THE_GLASS,
  type Coding,
  codesOf,
  entityType,
  KIND_SYSTEM,
  ORGANIZATION,
  objectRole,
  participation,
  SECURITY_SERVER,
} from './fhir-codes.ts'
import { classWords, factsOf, kindWords, type RowFacts, reasonWords, someone, subjectOf } from './row-facts.ts'
import type { ExportAbout, ExportRow } from './source.ts'

type Resource = Readonly<Record<string, unknown>>
interface Context {
  readonly row: ExportRow
  readonly facts: RowFacts
  readonly about: ExportAbout
}
/** Kinds of things that have identifiers here. */
type Thing = 'person' | 'operator' | 'device' | 'site' | 'location' | 'grant' | 'row'

const concept = (coding: Coding, text?: string): Resource => ({ coding: [coding], ...(text && { text }) })
/** The hub itself, which is an entry of the bundle. */
const hub = (about: ExportAbout): Resource => ({ reference: urlOf('hub', about), display: 'Vigie' })
const MACHINE_NAME = '1'

export const identifier = (thing: Thing, value: string, { site }: ExportAbout): Resource => ({
  system: `urn:x-vigie:${encodeURIComponent(site.id)}:${thing}`,
  value,
})

/** Of an entry. The journal's name is part of it: the same row has the same one in every export (RFC 9562, version 8). */
export function urlOf(id: string, { checkpoint }: ExportAbout): string {
  const origin = checkpoint.note.slice(0, Math.max(0, checkpoint.note.indexOf('\n')))
  const hex = hash('sha256', `${origin}\n${id}`, 'hex')
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 3) | 8).toString(16)
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** @returns a resource with the id `row-<seq>` */
export function auditEvent(row: ExportRow, about: ExportAbout): Resource {
  const facts = factsOf(row)
  const context = { row, facts, about }
  const { type, subtype, action, outcome } = codesOf(row.kind)
  const own = { system: KIND_SYSTEM, code: row.kind, display: kindWords(row.kind, about.language) }
  const glass = isBreakGlass(context)
  return {
    resourceType: 'AuditEvent',
    id: `row-${row.seq}`,
    type,
    subtype: [...subtype, own],
    action,
    ...periodOf(context),
    recorded: new Date(row.at).toISOString(),
    outcome,
    ...describedOutcome(context, outcome),
    ...(glass && { purposeOfEvent: [concept(BREAK_THE_GLASS, facts.statedReason)] }),
    agent: agentsOf(context, glass),
    source: { site: about.site.name ?? about.site.id, observer: hub(about), type: [SECURITY_SERVER] },
    entity: entitiesOf(context),
  }
}

function isBreakGlass({ row, facts }: Context): boolean {
  return row.kind.startsWith('break-glass.') || facts.via === 'break-glass' || facts.rest.breakGlass === true
}

/** What took time: an opening, until it was closed. */
function periodOf({ row, facts }: Context): Resource {
  const { openMs } = facts.rest
  if (typeof openMs !== 'number') return {}
  return { period: { start: new Date(row.at - openMs).toISOString(), end: new Date(row.at).toISOString() } }
}

function describedOutcome({ row, facts, about }: Context, outcome: string): Resource {
  if (outcome === '0') return {}
  const { error, refusal } = facts.rest
  const cause = facts.reason ? reasonWords(facts.reason, about.language) : (error ?? refusal)
  return { outcomeDesc: String(cause ?? kindWords(row.kind, about.language)) }
}

/** Whoever asked comes first; the organization and the hub always have a part. */
function agentsOf(context: Context, glass: boolean): readonly Resource[] {
  const { facts, about } = context
  const { device, witness } = facts
  const asked = facts.by ?? subjectOf(facts)
  const decided = codesOf(context.row.kind).subtype.some(({ code }) => code === 'AuthZ-Role')
  const organization = {
    identifier: identifier('site', about.site.id, about),
    display: about.site.name ?? about.site.id,
  }
  return [
    ...(asked === undefined ? [] : [personAgent(context, asked, glass)]),
    ...(witness === undefined ? [] : [witnessAgent(context, witness)]),
    ...(device === undefined ? [] : [deviceAgent(device, about)]),
    { type: concept(ORGANIZATION), who: organization, requestor: false },
    { type: concept(decided ? AUTHORIZER : APPLICATION), who: hub(about), requestor: false },
  ]
}

function reference({ row, about }: Context, id: string): Resource {
  const thing = id.startsWith('p-') ? 'person' : 'operator'
  const name = someone(row, id)?.name
  return { identifier: identifier(thing, id, about), ...(name && { display: name }) }
}

function personAgent(context: Context, id: string, glass: boolean): Resource {
  const known = someone(context.row, id)
  return {
    type: concept(participation('IRCP', 'information recipient')),
    ...(known?.role && { role: [{ text: known.role }] }),
    who: reference(context, id),
    ...(known && { name: known.name }),
    requestor: true,
    ...(glass && context.facts.by === undefined && { purposeOfUse: [concept(BREAK_THE_GLASS)] }),
  }
}

const witnessAgent = (context: Context, id: string): Resource => ({
  type: concept(participation('WIT', 'witness')),
  who: reference(context, id),
  requestor: false,
})

const deviceAgent = (device: string, about: ExportAbout): Resource => ({
  type: concept(APPLICATION),
  who: { identifier: identifier('device', device, about) },
  requestor: false,
  network: { address: device, type: MACHINE_NAME },
})

const SYSTEM_OBJECT = entityType('2', 'System Object')

function entitiesOf(context: Context): readonly Resource[] {
  const { facts, about, row } = context
  const subject = facts.by === undefined ? undefined : subjectOf(facts)
  const places = [facts.accessPoint, facts.zone].filter(id => id !== undefined)
  const { grant } = facts.rest
  return [
    ...places.map(id => placeEntity(id, about)),
    ...(subject === undefined ? [] : [subjectEntity(context, subject)]),
    ...(typeof grant === 'string' ? [grantEntity(grant, about)] : []),
    ...(row.kind === 'journal.read' && row.event ? [queryEntity(facts)] : []),
    rowEntity(context),
  ]
}

function placeEntity(id: string, about: ExportAbout): Resource {
  const name = about.placeNames(id)
  return {
    what: { identifier: identifier('location', id, about), ...(name && { display: name }) },
    type: SYSTEM_OBJECT,
    role: objectRole('2', 'Location'),
    name: name ?? id,
  }
}

const subjectEntity = (context: Context, id: string): Resource => ({
  what: reference(context, id),
  type: entityType('1', 'Person'),
  role: objectRole('11', 'Security User Entity'),
})

const grantEntity = (id: string, about: ExportAbout): Resource => ({
  what: { identifier: identifier('grant', id, about) },
  type: SYSTEM_OBJECT,
  role: objectRole('13', 'Security Resource'),
})

/** A query has no name beside it (R4, invariant sev-1). */
const queryEntity = ({ rest }: RowFacts): Resource => ({
  type: SYSTEM_OBJECT,
  role: objectRole('24', 'Query'),
  query: Buffer.from(JSON.stringify(rest.filter ?? {})).toString('base64'),
})

/** The row: its number is the one of the journal, and of the evidence file that proves it. */
function rowEntity(context: Context): Resource {
  const { row, about } = context
  return {
    what: { identifier: identifier('row', String(row.seq), about) },
    type: SYSTEM_OBJECT,
    role: objectRole('13', 'Security Resource'),
    detail: [{ type: 'seq', valueString: String(row.seq) }, ...detailsOf(context)],
  }
}

function detailsOf({ row, facts, about }: Context): readonly Resource[] {
  if (row.event === undefined) return [{ type: 'erasedBy', valueString: String(row.erasedBy ?? 'unknown') }]
  const { point, credential, class: of, reason, statedReason, rest } = facts
  const named = { point, credential, class: of && classWords(of, about.language), reason, statedReason }
  return Object.entries({ ...named, ...rest }).flatMap(([type, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value ?? '')
    return text.trim() === '' ? [] : [{ type, valueString: text }]
  })
}
