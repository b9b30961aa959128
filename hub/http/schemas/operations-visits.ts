/** What routes of visits answer. */
import type { Operations } from './operation.ts'
import { VisitListShape, VisitMadeShape, VisitShape } from './visits.ts'

const ONE = { params: { id: 'v-0123456789abcdef' } } as const
const WRITTEN = ['journal-unavailable', 'not-in-force'] as const
const OPEN = ['visit-unknown', 'visit-over', ...WRITTEN] as const
const AT = 1_800_000_000_000

export const VISITS: Operations = {
  'GET /api/v1/visits': {
    id: 'listVisits',
    tag: 'visits',
    says: {
      en: 'Visits, the newest first; with from and to, those that touch that span.',
      fr: 'Les visites, les plus récentes d’abord ; avec from et to, celles qui touchent cette période.',
    },
    answers: { 200: VisitListShape },
    example: { query: { state: 'open' } },
  },
  'GET /api/v1/visits/:id': {
    id: 'getVisit',
    tag: 'visits',
    says: { en: 'One visit; its revision is the ETag.', fr: 'Une visite ; sa révision est l’ETag.' },
    answers: { 200: VisitShape },
    etag: true,
    errors: ['visit-unknown'],
    example: ONE,
  },
  'POST /api/v1/visits': {
    id: 'announceVisit',
    tag: 'visits',
    says: {
      en: 'Announces a visitor: doors and nothing else open from then to then, by a badge or by a code that is shown once.',
      fr: 'Annonce un visiteur : des portes, et rien d’autre, s’ouvrent d’alors à alors, par un badge ou par un code montré une fois.',
    },
    answers: { 201: VisitMadeShape },
    etag: true,
    errors: ['person-unknown', 'visit-place', 'badge-taken', 'grant-invalid', ...WRITTEN],
    example: {
      body: {
        visitor: { name: 'Jean Vidal', company: 'Ascenseurs du Midi' },
        host: 'c-marchand',
        from: AT,
        until: AT + 3_600_000,
        places: [{ zone: 'hospitalisation' }],
      },
    },
  },
  'PATCH /api/v1/visits/:id': {
    id: 'moveVisit',
    tag: 'visits',
    says: {
      en: 'Begins or ends at another time: If-Match names the revision seen.',
      fr: 'Commence ou finit à un autre moment : If-Match nomme la révision vue.',
    },
    answers: { 200: VisitShape },
    etag: true,
    headers: ['if-match', 'if-none-match'],
    errors: ['edit-conflict', 'precondition-required', 'grant-invalid', ...OPEN],
    example: { ...ONE, body: { until: AT + 7_200_000 } },
  },
  'POST /api/v1/visits/:id/end': {
    id: 'endVisit',
    tag: 'visits',
    says: {
      en: 'Ends it now; one that has not begun is cancelled.',
      fr: 'Y met fin maintenant ; une visite qui n’a pas commencé est annulée.',
    },
    answers: { 200: VisitShape },
    etag: true,
    errors: ['person-unknown', ...OPEN],
    example: { ...ONE, body: { reason: 'Parti' } },
  },
  'POST /api/v1/visits/:id/code': {
    id: 'recodeVisit',
    tag: 'visits',
    says: {
      en: 'Another code, shown once; the one before opens nothing from now on.',
      fr: 'Un autre code, montré une fois ; l’ancien n’ouvre plus rien.',
    },
    answers: { 200: VisitMadeShape },
    etag: true,
    errors: OPEN,
    example: ONE,
  },
}
