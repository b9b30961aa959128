/** What routes about the present and its emergencies answer. */
import {
  AccountedForShape,
  EvacuationStartedShape,
  InterlockResetShape,
  LockdownStartedShape,
  MusterShape,
  PassbackResetShape,
  PlanEndedShape,
  ReviewClosedShape,
  ReviewListShape,
} from './acts.ts'
import {
  AliveShape,
  DeviceDetailShape,
  DeviceListShape,
  EventPageShape,
  HubStateShape,
  SiteViewShape,
  SituationsShape,
} from './live.ts'
import type { Operations } from './operation.ts'

const LOCKDOWN = { params: { plan: 'confinement-pharmacie' } }
const EVACUATION = { params: { plan: 'evacuation-site' } }
const UNCERTAIN = ['journal-unavailable', 'situation-changed', 'not-in-force'] as const

export const LIVE: Operations = {
  'GET /api/v1/site': {
    id: 'getSite',
    tag: 'live',
    says: {
      en: 'What the plan is drawn from, and what may be started.',
      fr: 'De quoi dessiner le plan, et ce qui peut être lancé.',
    },
    answers: { 200: SiteViewShape },
  },
  'GET /api/v1/devices': {
    id: 'listDevices',
    tag: 'live',
    says: { en: 'Every device with its state and its readings.', fr: 'Chaque appareil avec son état et ses mesures.' },
    answers: { 200: DeviceListShape },
  },
  'GET /api/v1/devices/:id': {
    id: 'getDevice',
    tag: 'live',
    says: { en: 'One device with its points.', fr: 'Un appareil avec ses points.' },
    answers: { 200: DeviceDetailShape },
    errors: ['device-unknown'],
    example: { params: { id: 'cab-02-a' } },
  },
  'GET /api/v1/events': {
    id: 'listEvents',
    tag: 'live',
    says: {
      en: 'What happened, newest first, page by page. Reading it is itself recorded.',
      fr: 'Ce qui s’est passé, du plus récent au plus ancien, page par page. La lecture est elle-même inscrite au journal.',
    },
    answers: { 200: EventPageShape },
    errors: ['journal-unavailable'],
    example: { query: { limit: '5', kind: 'access.denied' } },
  },
  'GET /api/v1/events/stream': {
    id: 'followEvents',
    tag: 'live',
    says: {
      en: 'The journal as it grows, as server-sent events; Last-Event-ID or after says where to go on.',
      fr: 'Le journal au fil de l’eau, en server-sent events ; Last-Event-ID ou after dit où reprendre.',
    },
    answers: {
      200: {
        media: ['text/event-stream'],
        says: { en: 'A LiveEvent as JSON in each event', fr: 'Un LiveEvent en JSON dans chaque événement' },
      },
    },
    errors: ['streams-full', 'cursor-ahead', 'journal-unavailable'],
    headers: ['last-event-id'],
    example: { query: { after: '0' } },
  },
  'GET /api/v1/health': {
    id: 'getHealth',
    tag: 'hub',
    says: {
      en: 'How the hub is: journal, devices, room on the disk, backups.',
      fr: 'L’état du hub : journal, appareils, place sur le disque, sauvegardes.',
    },
    answers: { 200: HubStateShape },
  },
  'GET /healthz': {
    id: 'isAlive',
    tag: 'hub',
    says: { en: 'That the process answers, and nothing else.', fr: 'Que le processus répond, et rien d’autre.' },
    answers: { 200: AliveShape },
  },
  'GET /readyz': {
    id: 'isReady',
    tag: 'hub',
    says: {
      en: 'That rows reach the journal. Doors are decided either way.',
      fr: 'Que les lignes atteignent le journal. Les portes sont décidées dans tous les cas.',
    },
    answers: { 200: AliveShape },
    errors: ['not-ready'],
  },
  'GET /metrics': {
    id: 'getMetrics',
    tag: 'hub',
    says: { en: 'The hub’s pulse, for Prometheus.', fr: 'Le pouls du hub, pour Prometheus.' },
    answers: {
      200: { media: ['text/plain'], says: { en: 'In Prometheus’ text format', fr: 'Au format texte de Prometheus' } },
    },
  },
  'GET /api/v1/situations': {
    id: 'getSituations',
    tag: 'emergency',
    says: {
      en: 'Lockdowns, evacuations, emergency openings: what is going on.',
      fr: 'Confinements, évacuations, bris de glace : ce qui est en cours.',
    },
    answers: { 200: SituationsShape },
  },
  'POST /api/v1/lockdowns/:plan': {
    id: 'startLockdown',
    tag: 'emergency',
    says: { en: 'Starts a lockdown; it ends by itself.', fr: 'Lance un confinement ; il se termine de lui-même.' },
    answers: { 201: LockdownStartedShape },
    errors: ['plan-unknown', 'plan-running', ...UNCERTAIN],
    example: LOCKDOWN,
  },
  'DELETE /api/v1/lockdowns/:plan': {
    id: 'endLockdown',
    tag: 'emergency',
    says: { en: 'Ends a lockdown.', fr: 'Met fin à un confinement.' },
    answers: { 200: PlanEndedShape },
    errors: ['plan-unknown', 'plan-not-running', ...UNCERTAIN],
    example: LOCKDOWN,
  },
  'POST /api/v1/evacuations/:plan': {
    id: 'startEvacuation',
    tag: 'emergency',
    says: { en: 'Starts an evacuation and releases its doors.', fr: 'Lance une évacuation et libère ses portes.' },
    answers: { 201: EvacuationStartedShape },
    errors: ['plan-unknown', 'plan-running', 'evacuation-not-stored', ...UNCERTAIN],
    example: EVACUATION,
  },
  'POST /api/v1/evacuations/:plan/resume': {
    id: 'resumeEvacuation',
    tag: 'emergency',
    says: {
      en: 'Releases the doors of an evacuation again, after a restart of the hub.',
      fr: 'Libère de nouveau les portes d’une évacuation, après un redémarrage du hub.',
    },
    answers: { 200: EvacuationStartedShape },
    errors: ['plan-unknown', 'plan-not-running', 'plan-running', 'evacuation-not-stored', ...UNCERTAIN],
    example: EVACUATION,
  },
  'DELETE /api/v1/evacuations/:plan': {
    id: 'endEvacuation',
    tag: 'emergency',
    says: { en: 'Ends an evacuation.', fr: 'Met fin à une évacuation.' },
    answers: { 200: PlanEndedShape },
    errors: ['plan-unknown', 'plan-not-running', 'evacuation-not-stored', ...UNCERTAIN],
    example: EVACUATION,
  },
  'POST /api/v1/evacuations/:plan/safe': {
    id: 'accountFor',
    tag: 'emergency',
    says: { en: 'Says that a person was seen in safety.', fr: 'Déclare qu’une personne a été vue en sécurité.' },
    answers: { 200: AccountedForShape },
    errors: ['plan-unknown', 'plan-not-running', 'person-unknown', ...UNCERTAIN],
    example: { ...EVACUATION, body: { person: 'lea-aubry' } },
  },
  'GET /api/v1/evacuations/:plan/muster': {
    id: 'getMuster',
    tag: 'emergency',
    says: {
      en: 'Who is believed inside, who is safe. Reading it is itself recorded.',
      fr: 'Qui serait à l’intérieur, qui est en sécurité. La lecture est elle-même inscrite au journal.',
    },
    answers: { 200: MusterShape },
    errors: ['plan-unknown', 'journal-unavailable'],
    example: EVACUATION,
  },
  'POST /api/v1/passback/reset': {
    id: 'resetPassback',
    tag: 'emergency',
    says: {
      en: 'Forgets where people are: of a zone, of one person, or of all.',
      fr: 'Oublie où sont les personnes : d’une zone, d’une personne, ou toutes.',
    },
    answers: { 200: PassbackResetShape },
    errors: ['zone-unknown', 'person-unknown', ...UNCERTAIN],
    example: { body: { zone: 't08' } },
  },
  'POST /api/v1/interlocks/:accessPoint/reset': {
    id: 'resetInterlock',
    tag: 'emergency',
    says: { en: 'Counts a door of a man-trap as shut.', fr: 'Compte une porte de sas comme fermée.' },
    answers: { 200: InterlockResetShape },
    errors: ['item-unknown', 'door-not-open', ...UNCERTAIN],
    example: { params: { accessPoint: 'door-t15-front' } },
  },
  'GET /api/v1/reviews': {
    id: 'listReviews',
    tag: 'emergency',
    says: {
      en: 'Emergency openings that wait for a second person’s finding.',
      fr: 'Les ouvertures en urgence qui attendent l’avis d’une deuxième personne.',
    },
    answers: { 200: ReviewListShape },
  },
  'POST /api/v1/reviews/:id/closing': {
    id: 'closeReview',
    tag: 'emergency',
    says: {
      en: 'Closes a review with a finding; never one’s own.',
      fr: 'Clôt un examen par un avis ; jamais le sien.',
    },
    answers: { 200: ReviewClosedShape },
    errors: ['review-unknown', 'review-own', 'review-needs-person', ...UNCERTAIN],
    example: { params: { id: 'bg-1' }, body: { finding: 'justified' } },
  },
}
