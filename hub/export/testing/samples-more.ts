/** Samples of what directories, applications, second operators and forms leave in the journal. */
import type { EventKind, VigieEvent } from '../../events.ts'

const PERSON = 'p-0f3a5c7e9b1d2468'
const by = 'o-77'
const state = {
  name: 'Agenda',
  status: 'active',
  scope: { accessPoints: ['coffre-1'], longestGrantMs: 3_600_000 },
  expiresAt: 1_790_000_000_000,
} as const
const hook = { name: 'GTB', host: 'gtb.hopital.example', status: 'active', kinds: ['point.forced'] } as const
const approval = { approval: 'a-1', act: 'zone-removed', subject: 'urgences', asker: 'o-78', by } as const
const movement = { movement: 'm-1', direction: 'arrival', by } as const
const incident = {
  incident: 'in-1',
  alert: 'intrusion',
  severity: 'critical',
  scenario: 'intrusion',
  zone: 'pharmacy',
  device: 'pir-1',
} as const
const visit = { visit: 'v-1', by, person: PERSON, host: PERSON, from: 1, until: 2 } as const

export const more = {
  'operator.provisioned': {
    kind: 'operator.provisioned',
    operator: 'o-12',
    by: 'provider',
    after: { role: 'it', status: 'active' },
  },
  'person.departed': {
    kind: 'person.departed',
    person: PERSON,
    by,
    badges: 2,
    grants: 1,
    operator: 'o-12',
    statedReason: 'retraite',
  },
  'directory.group-changed': {
    kind: 'directory.group-changed',
    group: 'sg-1',
    by: 'directory:t-1',
    added: 3,
    removed: 1,
  },
  'tenant.registered': { kind: 'tenant.registered', tenant: 'agenda', by, after: state },
  'tenant.changed': { kind: 'tenant.changed', tenant: 'agenda', by, before: state, after: state },
  'tenant.token-made': { kind: 'tenant.token-made', tenant: 'agenda', by, after: state },
  'tenant.cut-off': {
    kind: 'tenant.cut-off',
    tenant: 'agenda',
    by,
    before: state,
    after: { ...state, status: 'cut-off' },
    grants: 4,
  },
  'tenant.refused': { kind: 'tenant.refused', tenant: 'agenda', asked: '/target', reason: 'out-of-scope' },
  'webhook.created': { kind: 'webhook.created', webhook: 'w-1', by, after: hook },
  'webhook.changed': {
    kind: 'webhook.changed',
    webhook: 'w-1',
    by,
    before: hook,
    after: { ...hook, status: 'paused' },
  },
  'webhook.removed': { kind: 'webhook.removed', webhook: 'w-1', by, before: hook },
  'webhook.secret-made': { kind: 'webhook.secret-made', webhook: 'w-1', by },
  'webhook.dead': { kind: 'webhook.dead', webhook: 'w-1', row: 42, cause: 'HTTP 500' },
  'webhook.paused': { kind: 'webhook.paused', webhook: 'w-1', cause: 'HTTP 410' },
  'webhook.redelivered': { kind: 'webhook.redelivered', webhook: 'w-1', by, row: 42 },
  'approval.asked': { kind: 'approval.asked', ...approval, before: { name: 'Urgences' }, statedReason: 'travaux' },
  'approval.given': { kind: 'approval.given', ...approval },
  'approval.refused': { kind: 'approval.refused', ...approval, statedReason: 'encore utilisée' },
  'approval.withdrawn': { kind: 'approval.withdrawn', ...approval },
  'approval.expired': {
    kind: 'approval.expired',
    approval: 'a-1',
    act: 'person-erased',
    person: PERSON,
    asker: 'o-78',
  },
  'approval.failed': { kind: 'approval.failed', ...approval, cause: 'edit-conflict' },
  'movement.filed': { kind: 'movement.filed', ...movement, after: { job: 'infirmier', tasks: 4 } },
  'movement.changed': { kind: 'movement.changed', ...movement, before: { arrives: 1 }, after: { arrives: 2 } },
  'movement.task-done': { kind: 'movement.task-done', ...movement, person: PERSON, task: 'badge' },
  'movement.task-reopened': { kind: 'movement.task-reopened', ...movement, task: 'badge' },
  'movement.done': { kind: 'movement.done', ...movement, person: PERSON },
  'movement.cancelled': { kind: 'movement.cancelled', ...movement, statedReason: 'ne vient pas' },
  'visit.announced': { kind: 'visit.announced', ...visit, credential: 'b-8899aabbccddeeff' },
  'visit.changed': { kind: 'visit.changed', ...visit },
  'visit.ended': { kind: 'visit.ended', ...visit },
  'visit.cancelled': { kind: 'visit.cancelled', ...visit },
  'job.changed': { kind: 'job.changed', job: 'infirmier', by, after: { name: 'Infirmier', roles: ['soins'] } },
  'incident.raised': { kind: 'incident.raised', ...incident, row: 41 },
  'incident.joined': { kind: 'incident.joined', ...incident },
  'incident.restored': { kind: 'incident.restored', ...incident },
  'incident.acknowledged': { kind: 'incident.acknowledged', incident: 'in-1', by },
  'incident.assigned': { kind: 'incident.assigned', incident: 'in-1', by, assignee: 'o-78' },
  'incident.snoozed': { kind: 'incident.snoozed', incident: 'in-1', by, until: 2 },
  'incident.resolved': { kind: 'incident.resolved', incident: 'in-1', by, finding: 'false-alarm', comment: 'un chat' },
  'incident.escalated': { kind: 'incident.escalated', incident: 'in-1', step: 1, told: 3 },
  'alert.delivered': { kind: 'alert.delivered', incident: 'in-1', step: 0, operator: by, channel: 'sms' },
  'alert.undelivered': { kind: 'alert.undelivered', operator: by, channel: 'mail', cause: 'refused' },
  'contact.changed': { kind: 'contact.changed', operator: by, by },
  'zone.armed': { kind: 'zone.armed', zone: 'pharmacy', by },
  'zone.disarmed': { kind: 'zone.disarmed', zone: 'pharmacy', by },
  'maintenance.started': {
    ...{ kind: 'maintenance.started', maintenance: 'mt-1', device: 'pir-1', until: 2, by, comment: 'piles' },
  },
  'maintenance.ended': { kind: 'maintenance.ended', maintenance: 'mt-1', device: 'pir-1' },
  'scenario.flapping': { kind: 'scenario.flapping', scenario: 'presence-lights' },
  'station.paired': { kind: 'station.paired', station: 'st-1', accessPoint: 'poste-1', by },
  'station.unpaired': { kind: 'station.unpaired', station: 'st-1', accessPoint: 'poste-1', by },
} as const satisfies { readonly [K in EventKind]?: VigieEvent & { readonly kind: K } }
