/**
 * How each kind of row is coded as a FHIR R4 AuditEvent: event types and subtypes of DICOM (PS3.16, CID 400 and 401) where it
 * has one, of IHE BALP for decisions on access, of ISO 21089 for the life of records; and always Vigie's own kind. A record,
 * so that a new kind that is missing does not compile.
 */
import type { EventKind } from '../events.ts'

export interface Coding {
  readonly system: string
  readonly code: string
  readonly display: string
}
const coding =
  (system: string) =>
  (code: string, display: string): Coding => ({ system, code, display })
export const dcm = coding('http://dicom.nema.org/resources/ontology/DCM')
export const participation = coding('http://terminology.hl7.org/CodeSystem/v3-ParticipationType')
export const entityType = coding('http://terminology.hl7.org/CodeSystem/audit-entity-type')
export const objectRole = coding('http://terminology.hl7.org/CodeSystem/object-role')
const lifecycle = coding('http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle')
const restful = coding('http://hl7.org/fhir/restful-interaction')
/** Private codes: no authority has registered them. */
export const KIND_SYSTEM = 'urn:x-vigie:event-kind'

export const BREAK_THE_GLASS: Coding = coding('http://terminology.hl7.org/CodeSystem/v3-ActReason')(
  'BTG',
  'break the glass',
)
export const APPLICATION = dcm('110150', 'Application')
export const AUTHORIZER: Coding = coding('http://terminology.hl7.org/CodeSystem/extra-security-role-type')(
  'authserver',
  'authorization server',
)
export const ORGANIZATION: Coding = coding('http://terminology.hl7.org/CodeSystem/v3-RoleClass')(
  'PROV',
  'healthcare provider',
)
export const SECURITY_SERVER: Coding = coding('http://terminology.hl7.org/CodeSystem/security-source-type')(
  '6',
  'Security Server',
)

const ALERT = dcm('110113', 'Security Alert')
const AUTHENTICATION = dcm('110114', 'User Authentication')
const ACTIVITY = dcm('110100', 'Application Activity')
const QUERY = dcm('110112', 'Query')
const EXPORT = dcm('110106', 'Export')
const IMPORT = dcm('110107', 'Import')

/** A decision by roles alone: no patient and no consent has a part in it. */
const AUTHORIZATION = coding('https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType')(
  'AuthZ-Role',
  'Authorization Decision using only Roles',
)
const ROLES = dcm('110136', 'Security Roles Changed')
const ATTRIBUTES = dcm('110137', 'User security Attributes Changed')
const HARDWARE = dcm('110130', 'Hardware Configuration')
const SECURITY_SETTING = dcm('110129', 'Security Configuration')
const LOGIN = dcm('110122', 'Login')

/** C create, R read, U update, D delete, E execute. */
type Action = 'C' | 'R' | 'U' | 'D' | 'E'
/** 0 success; 4 refused, as asked for wrongly; 8 failed, as nobody wanted. */
export type Outcome = '0' | '4' | '8'
export interface KindCodes {
  readonly type: Coding
  readonly subtype: readonly Coding[]
  readonly action: Action
  readonly outcome: Outcome
}
const codes = (type: Coding, action: Action, outcome: Outcome, ...subtype: Coding[]): KindCodes => ({
  type,
  subtype,
  action,
  outcome,
})

const DECISION = codes(ALERT, 'E', '0', AUTHORIZATION)
const REFUSAL = codes(ALERT, 'E', '4', AUTHORIZATION)
const ALARM = codes(ALERT, 'E', '8')
const ORDER = codes(ALERT, 'E', '0')
const DONE = codes(ACTIVITY, 'E', '0')
const REFUSED = codes(ACTIVITY, 'E', '4')
const FAILED = codes(ACTIVITY, 'E', '8')
const NEW_ROLES = codes(ALERT, 'U', '0', ROLES)
const NEW_ATTRIBUTES = codes(ALERT, 'U', '0', ATTRIBUTES)
const NEW_HARDWARE = codes(ALERT, 'U', '0', HARDWARE)

export const KIND_CODES: Readonly<Record<EventKind, KindCodes>> = {
  'access.granted': DECISION,
  'access.denied': REFUSAL,
  'access.withdrawn': REFUSAL,
  'access.awaiting': DECISION,
  'access.lapsed': REFUSAL,
  'duress.raised': ALARM,
  'pin.alarm': ALARM,
  'passback.violated': ALARM,
  'break-glass.opened': codes(ALERT, 'E', '0', AUTHORIZATION, dcm('110127', 'Emergency Override Started')),
  'break-glass.ended': codes(ALERT, 'E', '0', dcm('110138', 'Emergency Override Stopped')),
  'break-glass.review-overdue': FAILED,
  'break-glass.review-closed': DONE,
  'lockdown.started': ORDER,
  'lockdown.ended': ORDER,
  'evacuation.started': ORDER,
  'evacuation.ended': ORDER,
  'evacuation.resumed': ORDER,
  'evacuation.paused': ORDER,
  'evacuation.released': ORDER,
  'muster.counted': DONE,
  'grant.issued': codes(ALERT, 'C', '0', ROLES),
  'grant.revoked': codes(ALERT, 'D', '0', ROLES),
  'badge.lost': NEW_ATTRIBUTES,
  'pin.set': NEW_ATTRIBUTES,
  'pin.cleared': codes(ALERT, 'D', '0', ATTRIBUTES),
  'passback.reset': DONE,
  'interlock.reset': DONE,
  'lock.kept': DONE,
  'lock.locked': DONE,
  'lock.unlocked': DONE,
  'lock.refused': REFUSED,
  'lock.failed': FAILED,
  'lock.silent': FAILED,
  'point.opened': DONE,
  'point.closed': DONE,
  'point.forced': ALARM,
  'point.locked': DONE,
  'point.released': DONE,
  'exit.requested': DONE,
  'tamper.raised': ALARM,
  'tamper.cleared': ORDER,
  'state.changed': DONE,
  readings: DONE,
  'device.online': DONE,
  'device.offline': FAILED,
  'device.enrolled': codes(ALERT, 'C', '0', HARDWARE),
  'device.renewed': NEW_HARDWARE,
  'device.revoked': codes(ALERT, 'D', '0', HARDWARE),
  'device.added': codes(ALERT, 'C', '0', HARDWARE),
  'device.code': NEW_HARDWARE,
  'device.refused': codes(ALERT, 'E', '4', dcm('110126', 'Node Authentication')),
  'device.gap': FAILED,
  'device.replayed': codes(ALERT, 'E', '4', dcm('110126', 'Node Authentication')),
  'audit.unavailable': codes(ALERT, 'E', '8', dcm('110133', 'Audit Recording Stopped')),
  'rights.changed': NEW_ROLES,
  'operator.created': codes(ALERT, 'C', '0', ATTRIBUTES),
  'operator.linked': NEW_ATTRIBUTES,
  'operator.stepped-up': codes(AUTHENTICATION, 'E', '0', LOGIN),
  'operator.password-changed': NEW_ATTRIBUTES,
  'operator.factor-added': NEW_ATTRIBUTES,
  'operator.factor-removed': NEW_ATTRIBUTES,
  'operator.invited': codes(ALERT, 'C', '0', ATTRIBUTES),
  'operator.reset': NEW_ATTRIBUTES,
  'operator.changed': NEW_ROLES,
  'operator.not-allowed': codes(ALERT, 'E', '4', restful('read', 'read')),
  'token.created': codes(ALERT, 'C', '0', ATTRIBUTES),
  'token.revoked': codes(ALERT, 'D', '0', ATTRIBUTES),
  'operator.signed-in': codes(AUTHENTICATION, 'E', '0', LOGIN),
  'operator.signed-out': codes(AUTHENTICATION, 'E', '0', dcm('110123', 'Logout')),
  'operator.refused': codes(AUTHENTICATION, 'E', '4', LOGIN),
  'operator.provisioned': codes(ALERT, 'C', '0', ATTRIBUTES),
  'person.departed': NEW_ROLES,
  'directory.group-changed': NEW_ROLES,
  'tenant.registered': codes(ALERT, 'C', '0', ATTRIBUTES),
  'tenant.changed': NEW_ROLES,
  'tenant.token-made': NEW_ATTRIBUTES,
  'tenant.cut-off': codes(ALERT, 'D', '0', ATTRIBUTES),
  'tenant.refused': codes(ALERT, 'E', '4', restful('create', 'create')),
  'webhook.created': codes(ALERT, 'C', '0', ATTRIBUTES),
  'webhook.changed': NEW_ATTRIBUTES,
  'webhook.removed': codes(ALERT, 'D', '0', ATTRIBUTES),
  'webhook.secret-made': NEW_ATTRIBUTES,
  'webhook.dead': FAILED,
  'webhook.paused': FAILED,
  'webhook.redelivered': NEW_ATTRIBUTES,
  'approval.asked': NEW_ATTRIBUTES,
  'approval.given': NEW_ATTRIBUTES,
  'approval.refused': NEW_ATTRIBUTES,
  'approval.withdrawn': NEW_ATTRIBUTES,
  'approval.expired': NEW_ATTRIBUTES,
  'approval.failed': FAILED,
  'movement.filed': NEW_ATTRIBUTES,
  'movement.changed': NEW_ATTRIBUTES,
  'movement.task-done': NEW_ATTRIBUTES,
  'movement.task-reopened': NEW_ATTRIBUTES,
  'movement.done': NEW_ATTRIBUTES,
  'movement.cancelled': NEW_ATTRIBUTES,
  'visit.announced': NEW_ATTRIBUTES,
  'visit.changed': NEW_ATTRIBUTES,
  'visit.ended': NEW_ATTRIBUTES,
  'visit.cancelled': NEW_ATTRIBUTES,
  'job.changed': NEW_ROLES,
  'incident.raised': NEW_ATTRIBUTES,
  'incident.joined': NEW_ATTRIBUTES,
  'incident.restored': NEW_ATTRIBUTES,
  'incident.acknowledged': NEW_ATTRIBUTES,
  'incident.assigned': NEW_ATTRIBUTES,
  'incident.snoozed': NEW_ATTRIBUTES,
  'incident.resolved': NEW_ATTRIBUTES,
  'incident.escalated': NEW_ATTRIBUTES,
  'alert.delivered': NEW_ATTRIBUTES,
  'alert.undelivered': NEW_ATTRIBUTES,
  'contact.changed': NEW_ATTRIBUTES,
  'zone.armed': NEW_ATTRIBUTES,
  'zone.disarmed': NEW_ATTRIBUTES,
  'maintenance.started': NEW_ATTRIBUTES,
  'maintenance.ended': NEW_ATTRIBUTES,
  'scenario.flapping': NEW_ATTRIBUTES,
  'station.paired': codes(ALERT, 'C', '0', ATTRIBUTES),
  'station.unpaired': codes(ALERT, 'D', '0', ATTRIBUTES),
  'journal.read': codes(QUERY, 'E', '0', restful('search', 'search')),
  'journal.exported': codes(EXPORT, 'R', '0', lifecycle('disclose', 'Disclose Record Lifecycle Event')),
  'journal.export-failed': codes(EXPORT, 'R', '8'),
  'journal.key-rotated': codes(ALERT, 'U', '0', SECURITY_SETTING),
  'destination.failed': FAILED,
  'destination.recovered': DONE,
  'payloads.erased': codes(ACTIVITY, 'D', '0', lifecycle('destroy', 'Destroy/Delete Record Lifecycle Event')),
  'privacy.erasure-asked': DONE,
  'privacy.erased': codes(ACTIVITY, 'D', '0', lifecycle('destroy', 'Destroy/Delete Record Lifecycle Event')),
  'privacy.access-given': codes(EXPORT, 'R', '0', lifecycle('disclose', 'Disclose Record Lifecycle Event')),
  'privacy.purge-failed': FAILED,
  'hold.placed': codes(ACTIVITY, 'C', '0', lifecycle('hold', 'Add Legal Hold Record Lifecycle Event')),
  'hold.released': codes(ACTIVITY, 'D', '0', lifecycle('unhold', 'Remove Legal Hold Record Lifecycle Event')),
  'backup.made': codes(EXPORT, 'R', '0', lifecycle('archive', 'Archive Record Lifecycle Event')),
  'backup.failed': codes(EXPORT, 'R', '8'),
  'backup.overdue': FAILED,
  'backup.restored': codes(IMPORT, 'C', '0', lifecycle('restore', 'Restore Record Lifecycle Event')),
  'backup.key-made': codes(ALERT, 'U', '0', SECURITY_SETTING),
  'storage.warning': FAILED,
  'storage.full': FAILED,
  'storage.recovered': DONE,
  'hub.started': codes(ACTIVITY, 'E', '0', dcm('110120', 'Application Start')),
  'hub.stopped': codes(ACTIVITY, 'E', '0', dcm('110121', 'Application Stop')),
}

/** Of a kind that another version wrote: an activity. */
export const codesOf = (kind: string): KindCodes =>
  Object.hasOwn(KIND_CODES, kind) ? KIND_CODES[kind as EventKind] : DONE
