/** What routes of connected applications answer. */
import type { Operations } from './operation.ts'
import { OwnTenantShape, TenantCutOffShape, TenantListShape, TenantTokenShape, TenantViewShape } from './tenants.ts'

const ONE = { params: { id: 'planning' } }
const CHANGED = ['journal-unavailable', 'site-changed', 'not-in-force'] as const
const HOUR = 3_600_000
const SCOPE = {
  zones: ['hospitalisation'],
  accessPoints: [],
  classes: ['door'],
  origins: ['shift', 'appointment'],
  longestMs: 12 * HOUR,
  aheadMs: 60 * 24 * HOUR,
  mostGrants: 500,
  people: { roles: ['personnel'], ids: [] },
  events: ['access.granted', 'grant.issued', 'grant.revoked'],
  webhooks: false,
}

export const TENANTS: Operations = {
  'GET /api/v1/tenants': {
    id: 'listTenants',
    tag: 'tenants',
    says: {
      en: 'Connected applications, what they may do, how many grants of theirs live.',
      fr: 'Les applications connectées, ce qu’elles peuvent faire, le nombre de leurs accès temporaires.',
    },
    answers: { 200: TenantListShape },
  },
  'POST /api/v1/tenants': {
    id: 'registerTenant',
    tag: 'tenants',
    says: {
      en: 'Registers an application; its token is in the answer, this once.',
      fr: 'Enregistre une application ; son jeton est dans la réponse, cette seule fois.',
    },
    answers: { 201: TenantTokenShape },
    etag: true,
    errors: ['tenant-exists', 'tenant-invalid', 'tenant-term', ...CHANGED],
    example: { body: { id: 'planning', name: 'Planning', scope: SCOPE, expiresAt: 1_800_000_000_000 } },
  },
  'GET /api/v1/tenants/:id': {
    id: 'getTenant',
    tag: 'tenants',
    says: { en: 'One application; its revision is the ETag.', fr: 'Une application ; sa révision est l’ETag.' },
    answers: { 200: TenantViewShape },
    etag: true,
    errors: ['tenant-unknown'],
    example: ONE,
  },
  'PATCH /api/v1/tenants/:id': {
    id: 'changeTenant',
    tag: 'tenants',
    says: {
      en: 'Changes name or scope: If-Match names the revision seen. Grants outside a narrower scope end.',
      fr: 'Change le nom ou le périmètre : If-Match nomme la révision vue. Les accès hors du nouveau périmètre prennent fin.',
    },
    answers: { 200: TenantViewShape },
    etag: true,
    errors: ['tenant-unknown', 'tenant-invalid', 'edit-conflict', 'precondition-required', ...CHANGED],
    headers: ['if-match'],
    example: { ...ONE, body: { scope: SCOPE, reason: 'Nouveau service' } },
  },
  'POST /api/v1/tenants/:id/token': {
    id: 'makeTenantToken',
    tag: 'tenants',
    says: {
      en: 'A new token in place of the old one, which ends at once; lets an application back in that was cut off.',
      fr: 'Un nouveau jeton à la place de l’ancien, qui prend fin aussitôt ; laisse revenir une application coupée.',
    },
    answers: { 200: TenantTokenShape },
    etag: true,
    errors: ['tenant-unknown', 'tenant-term', 'edit-conflict', ...CHANGED],
    example: { ...ONE, body: { expiresAt: 1_800_000_000_000 } },
  },
  'POST /api/v1/tenants/:id/cut-off': {
    id: 'cutOffTenant',
    tag: 'tenants',
    says: {
      en: 'Cuts an application off: its token, its grants, its streams and its webhooks end at once.',
      fr: 'Coupe une application : son jeton, ses accès temporaires, ses flux et ses webhooks prennent fin aussitôt.',
    },
    answers: { 200: TenantCutOffShape },
    errors: ['tenant-unknown', 'tenant-cut-off', ...CHANGED],
    example: { ...ONE, body: { reason: 'Clé divulguée' } },
  },
  'GET /api/v1/tenant': {
    id: 'getOwnTenant',
    tag: 'tenants',
    says: {
      en: 'What the application that asks may do, and how many grants of its live.',
      fr: 'Ce que peut faire l’application qui demande, et le nombre de ses accès temporaires.',
    },
    answers: { 200: OwnTenantShape },
    errors: ['tenant-none'],
  },
}
