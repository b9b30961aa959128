/**
 * Rows as audit messages of IHE ATNA (ITI-20 Record Audit Event): the XML of DICOM PS3.15, A.5, in a syslog message with
 * MSGID IHE+RFC-3881 and PRI 85 (IHE ITI TF-2, 3.20.4.1.2: facility 10, severity 5), without a byte order mark, which that
 * transaction advises against. People are their pseudonyms.
 */
import { sendable } from './sendable.ts'
import { messageBytes, type Sender, type SentRow } from './syslog-text.ts'

const SECURITY_AUTHORIZATION = 10
const NOTICE = 5
/** A private coding scheme, as DICOM PS3.16, 8.2 wants it to begin. */
const OWN_CODES = '99VIGIE'

interface Code {
  readonly code: string
  readonly system: string
  readonly words: string
}
const dcm = (code: string, words: string): Code => ({ code, system: 'DCM', words })
const own = (code: string, words = code): Code => ({ code, system: OWN_CODES, words })

const SECURITY_ALERT = dcm('110113', 'Security Alert')
const AUTHENTICATION = dcm('110114', 'User Authentication')
const ACTIVITY = dcm('110100', 'Application Activity')
const LOG_USED = dcm('110101', 'Audit Log Used')
const PASSAGE = own('physical-access', 'Physical Access')

/** What DICOM PS3.16, CID 400 and 401 have a code for. A kind that is none of these is physical access, or by its first word an alert. */
const KNOWN: Readonly<Record<string, readonly [event: Code, type: Code]>> = {
  'hub.started': [ACTIVITY, dcm('110120', 'Application Start')],
  'hub.stopped': [ACTIVITY, dcm('110121', 'Application Stop')],
  'operator.signed-in': [AUTHENTICATION, dcm('110122', 'Login')],
  'operator.refused': [AUTHENTICATION, dcm('110122', 'Login')],
  'operator.signed-out': [AUTHENTICATION, dcm('110123', 'Logout')],
  'operator.created': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'operator.linked': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'operator.stepped-up': [AUTHENTICATION, dcm('110122', 'Login')],
  'operator.password-changed': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'operator.factor-added': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'operator.factor-removed': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'operator.invited': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'operator.reset': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'token.created': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'token.revoked': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'operator.changed': [SECURITY_ALERT, dcm('110136', 'Security Roles Changed')],
  'operator.provisioned': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'person.departed': [SECURITY_ALERT, dcm('110136', 'Security Roles Changed')],
  'directory.group-changed': [SECURITY_ALERT, dcm('110136', 'Security Roles Changed')],
  'tenant.registered': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'tenant.changed': [SECURITY_ALERT, dcm('110136', 'Security Roles Changed')],
  'tenant.token-made': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'tenant.cut-off': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'webhook.created': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'webhook.changed': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'webhook.removed': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'webhook.secret-made': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'station.paired': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'station.unpaired': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'pin.set': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'pin.cleared': [SECURITY_ALERT, dcm('110137', 'User security Attributes Changed')],
  'rights.changed': [SECURITY_ALERT, dcm('110136', 'Security Roles Changed')],
  'grant.issued': [SECURITY_ALERT, dcm('110136', 'Security Roles Changed')],
  'grant.revoked': [SECURITY_ALERT, dcm('110136', 'Security Roles Changed')],
  'journal.key-rotated': [SECURITY_ALERT, dcm('110129', 'Security Configuration')],
  'backup.key-made': [SECURITY_ALERT, dcm('110129', 'Security Configuration')],
  'device.added': [SECURITY_ALERT, dcm('110130', 'Hardware Configuration')],
  'device.enrolled': [SECURITY_ALERT, dcm('110130', 'Hardware Configuration')],
  'device.revoked': [SECURITY_ALERT, dcm('110130', 'Hardware Configuration')],
  'device.refused': [SECURITY_ALERT, dcm('110126', 'Node Authentication')],
  'break-glass.opened': [SECURITY_ALERT, dcm('110127', 'Emergency Override Started')],
  'break-glass.ended': [SECURITY_ALERT, dcm('110138', 'Emergency Override Stopped')],
  'audit.unavailable': [SECURITY_ALERT, dcm('110133', 'Audit Recording Stopped')],
}
const ALERTS = /^(duress|pin|passback|tamper|lockdown|evacuation|storage|badge)\.|^point\.forced$/
const ADMINISTRATION = /^(backup|destination|privacy|payloads|hold|device|review)\./

function codesOf(kind: string): readonly Code[] {
  const known = Object.hasOwn(KNOWN, kind) ? KNOWN[kind] : undefined
  if (known) return [...known, own(kind)]
  if (kind.startsWith('journal.')) return [LOG_USED, own(kind)]
  if (ALERTS.test(kind)) return [SECURITY_ALERT, own(kind)]
  return [ADMINISTRATION.test(kind) ? ACTIVITY : PASSAGE, own(kind)]
}

/** EventOutcomeIndicator: 0 success, 4 minor, 8 serious, 12 major failure. */
function outcomeOf(kind: string): 0 | 4 | 8 | 12 {
  if (/^(audit\.unavailable|storage\.full)$/.test(kind)) return 12
  if (/(failed|silent|overdue|forced)$/.test(kind)) return 8
  return /(denied|withdrawn|lapsed|refused|violated|alarm|gap|replayed)$/.test(kind) ? 4 : 0
}

/** C create, R read, U update, D delete, E execute. */
function actionOf(kind: string): string {
  if (/(read|exported)$/.test(kind)) return 'R'
  if (/(added|created|enrolled|issued|placed)$/.test(kind)) return 'C'
  if (/(erased|revoked|cleared)$/.test(kind)) return 'D'
  return /(changed|linked|set|rotated|renewed)$/.test(kind) ? 'U' : 'E'
}

/** One row as a syslog message that an audit record repository takes. */
export function atnaMessage(row: SentRow, sender: Sender): Buffer {
  const header = { facility: SECURITY_AUTHORIZATION, severity: NOTICE, at: row.at, id: 'IHE+RFC-3881', marked: false }
  return messageBytes({ ...header, text: auditMessage(row, sender) }, sender)
}

/** DICOM PS3.15, A.5.1. On one line. */
export function auditMessage(row: SentRow, sender: Sender): string {
  const event = sendable(row.event)
  const text = (name: string): string | undefined => {
    const value = event[name]
    return typeof value === 'string' ? value : undefined
  }
  const parts = [
    eventPart(row),
    ...people(text).map(([id, role, asked]) => participant(id, role, asked)),
    hubPart(sender),
    tag('AuditSourceIdentification', { AuditEnterpriseSiteID: sender.site, AuditSourceID: sender.journal }, [
      tag('AuditSourceTypeCode', { 'csd-code': '4' }), // application server process
    ]),
    ...places(text),
    rowPart(row, JSON.stringify(event), sender),
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>${tag('AuditMessage', {}, parts)}`
}

function eventPart({ kind, at }: SentRow): string {
  const [id, ...types] = codesOf(kind)
  return tag(
    'EventIdentification',
    {
      EventActionCode: actionOf(kind),
      EventDateTime: new Date(at).toISOString(),
      EventOutcomeIndicator: outcomeOf(kind),
    },
    [coded('EventID', id as Code), ...types.map(type => coded('EventTypeCode', type))],
  )
}

type Asked = readonly [id: string, role: Code, asked: boolean]
/** Whoever acted comes first; a second person was there and did not ask. */
function people(text: (name: string) => string | undefined): Asked[] {
  const who = text('person') ?? text('operator')
  const by = text('by')
  const witness = text('witness')
  return [
    ...(by === undefined ? [] : [[by, own('operator', 'Operator'), true] as const]),
    ...(who === undefined || who === by ? [] : [[who, own('subject', 'Person'), by === undefined] as const]),
    ...(witness === undefined ? [] : [[witness, own('witness', 'Second person'), false] as const]),
  ]
}

const participant = (id: string, role: Code, asked: boolean): string =>
  tag('ActiveParticipant', { UserID: id, UserIsRequestor: asked }, [coded('RoleIDCode', role)])

const hubPart = ({ host, pid }: Sender): string =>
  tag(
    'ActiveParticipant',
    {
      UserID: 'vigie',
      AlternativeUserID: pid,
      UserIsRequestor: false,
      NetworkAccessPointID: host,
      NetworkAccessPointTypeCode: 1,
    },
    [coded('RoleIDCode', dcm('110150', 'Application'))],
  )

/** System objects that the row is about, by id. */
const PLACES = [
  ['accessPoint', own('access-point', 'Access point')],
  ['device', own('device', 'Device')],
  ['zone', own('zone', 'Zone')],
] as const
const SYSTEM_OBJECT = 2
const RESOURCE = 4
const SECURITY_RESOURCE = 13

const places = (text: (name: string) => string | undefined): string[] =>
  PLACES.flatMap(([name, code]) => {
    const id = text(name)
    return id === undefined ? [] : [object(id, RESOURCE, code, [tag('ParticipantObjectName', {}, [escaped(id)])])]
  })

/** The row itself: by its number a receiver drops what comes twice and sees what is missing. Values are base64, as the schema wants. */
function rowPart(row: SentRow, event: string, sender: Sender): string {
  const details: readonly (readonly [string, string | number])[] = [
    ['seq', row.seq],
    ['after', row.after],
    ['hash', row.hash],
    ['event', event],
  ]
  return object(`${sender.journal}#${row.seq}`, SECURITY_RESOURCE, own('journal-row', 'Journal row'), [
    tag('ParticipantObjectName', {}, [escaped(row.kind)]),
    ...details.map(([type, value]) =>
      tag('ParticipantObjectDetail', { type, value: Buffer.from(String(value)).toString('base64') }),
    ),
  ])
}

const object = (id: string, role: number, code: Code, children: readonly string[]): string =>
  tag(
    'ParticipantObjectIdentification',
    { ParticipantObjectID: id, ParticipantObjectTypeCode: SYSTEM_OBJECT, ParticipantObjectTypeCodeRole: role },
    [coded('ParticipantObjectIDTypeCode', code), ...children],
  )

const coded = (name: string, { code, system, words }: Code): string =>
  tag(name, { 'csd-code': code, codeSystemName: system, originalText: words })

function tag(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean>>,
  children: readonly string[] = [],
): string {
  const shown = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
  const open = `<${name}${shown.join('')}`
  return children.length > 0 ? `${open}>${children.join('')}</${name}>` : `${open}/>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
/** Characters that XML 1.0 has no place for (2.2) become spaces. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, ' ')
    .replace(/[&<>"']/g, c => ENTITIES[c] as string)
