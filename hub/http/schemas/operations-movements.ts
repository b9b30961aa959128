/** What routes of arrivals, departures and templates of jobs answer. */
import {
  JobListShape,
  JobShape,
  MovementFiledShape,
  MovementInvitedShape,
  MovementListShape,
  MovementShape,
} from './movements.ts'
import type { Operations } from './operation.ts'

const ONE = { params: { id: 'm-0123456789abcdef' } } as const
const JOB = { params: { id: 'infirmier' } } as const
const WRITTEN = ['journal-unavailable', 'not-in-force', 'site-changed'] as const
const EDITED = ['edit-conflict', 'precondition-required', ...WRITTEN] as const
const OPEN = ['movement-unknown', 'movement-over', ...WRITTEN] as const
const AT = 1_800_000_000_000

export const MOVEMENTS: Operations = {
  'GET /api/v1/jobs': {
    id: 'listJobs',
    tag: 'movements',
    says: { en: 'Templates: what somebody of a job is given.', fr: 'Les modèles : ce que reçoit qui occupe un poste.' },
    answers: { 200: JobListShape },
  },
  'GET /api/v1/jobs/:id': {
    id: 'getJob',
    tag: 'movements',
    says: { en: 'One template; its revision is the ETag.', fr: 'Un modèle ; sa révision est l’ETag.' },
    answers: { 200: JobShape },
    etag: true,
    errors: ['job-unknown'],
    example: JOB,
  },
  'PUT /api/v1/jobs/:id': {
    id: 'putJob',
    tag: 'movements',
    says: {
      en: 'Writes a template: If-Match names the revision seen, If-None-Match: * asks that there be none.',
      fr: 'Écrit un modèle : If-Match nomme la révision vue, If-None-Match: * demande qu’il n’y en ait pas.',
    },
    answers: { 200: JobShape, 201: JobShape },
    etag: true,
    headers: ['if-match', 'if-none-match'],
    errors: ['item-unknown', 'zone-unknown', ...EDITED],
    example: {
      ...JOB,
      body: { name: 'Infirmier', roles: ['personnel'], equipment: ['Casier'], tasks: ['Visite des lieux'] },
    },
  },
  'DELETE /api/v1/jobs/:id': {
    id: 'removeJob',
    tag: 'movements',
    says: {
      en: 'Takes a template away; what was filed by it stays.',
      fr: 'Retire un modèle ; ce qui a été déclaré avec lui reste.',
    },
    answers: { 204: null },
    headers: ['if-match', 'if-none-match'],
    errors: ['job-unknown', ...EDITED],
    example: JOB,
  },
  'GET /api/v1/movements': {
    id: 'listMovements',
    tag: 'movements',
    says: {
      en: 'Arrivals and departures, the newest first.',
      fr: 'Les arrivées et les départs, les plus récents d’abord.',
    },
    answers: { 200: MovementListShape },
    example: { query: { state: 'open' } },
  },
  'GET /api/v1/movements/:id': {
    id: 'getMovement',
    tag: 'movements',
    says: { en: 'One of them; its revision is the ETag.', fr: 'L’une ou l’un d’eux ; sa révision est l’ETag.' },
    answers: { 200: MovementShape },
    etag: true,
    errors: ['movement-unknown'],
    example: ONE,
  },
  'POST /api/v1/movements/arrivals': {
    id: 'fileArrival',
    tag: 'movements',
    says: {
      en: 'Somebody comes: files the form, which becomes a list of tasks. With leavesAt, the departure is filed too.',
      fr: 'Quelqu’un arrive : déclare l’arrivée, qui devient une liste de tâches. Avec leavesAt, le départ est déclaré aussi.',
    },
    answers: { 201: MovementFiledShape },
    etag: true,
    errors: [
      ...(['job-unknown', 'item-unknown', 'zone-unknown', 'person-unknown'] as const),
      'person-taken',
      'movement-open',
      ...WRITTEN,
    ],
    example: { body: { name: 'Camille Marchand', job: 'infirmier', at: AT, equipment: ['Téléphone'] } },
  },
  'POST /api/v1/movements/departures': {
    id: 'fileDeparture',
    tag: 'movements',
    says: {
      en: 'Somebody leaves: at that minute everything that opens anything for them ends, by itself.',
      fr: 'Quelqu’un part : à cette minute, tout ce qui lui ouvre quelque chose prend fin, sans autre geste.',
    },
    answers: { 201: MovementShape },
    etag: true,
    errors: ['person-unknown', 'zone-unknown', 'operator-own', 'movement-open', ...WRITTEN],
    example: { body: { person: 'c-marchand', at: AT } },
  },
  'PATCH /api/v1/movements/:id': {
    id: 'changeMovement',
    tag: 'movements',
    says: {
      en: 'Changes the form while it is open: If-Match names the revision seen.',
      fr: 'Change la déclaration tant qu’elle est ouverte : If-Match nomme la révision vue.',
    },
    answers: { 200: MovementShape },
    etag: true,
    headers: ['if-match', 'if-none-match'],
    errors: ['zone-unknown', 'edit-conflict', 'precondition-required', ...OPEN],
    example: { ...ONE, body: { at: AT } },
  },
  'POST /api/v1/movements/:id/cancel': {
    id: 'cancelMovement',
    tag: 'movements',
    says: {
      en: 'They don’t come, or stay: nothing more happens by itself.',
      fr: 'La personne ne vient pas, ou reste : plus rien ne se fait de soi-même.',
    },
    answers: { 200: MovementShape },
    etag: true,
    errors: OPEN,
    example: { ...ONE, body: { reason: 'Ne vient pas' } },
  },
  'POST /api/v1/movements/:id/tasks/:task': {
    id: 'tickTask',
    tag: 'movements',
    says: { en: 'Ticks a task off, or opens it again.', fr: 'Coche une tâche, ou la rouvre.' },
    answers: { 200: MovementShape },
    etag: true,
    errors: ['movement-task-unknown', 'movement-task-seen', ...OPEN],
    example: { params: { ...ONE.params, task: 'equipment-1' }, body: { done: true } },
  },
  'POST /api/v1/movements/:id/person': {
    id: 'makeMovementPerson',
    tag: 'movements',
    says: {
      en: 'Puts them into the site, with the roles of the form, from its day on.',
      fr: 'Ajoute la personne au site, avec les rôles de la déclaration, à partir de son jour.',
    },
    answers: { 200: MovementShape },
    etag: true,
    errors: ['person-taken', 'item-invalid', 'edit-conflict', ...OPEN],
    example: { ...ONE, body: {} },
  },
  'POST /api/v1/movements/:id/badge': {
    id: 'giveMovementBadge',
    tag: 'movements',
    says: { en: 'Registers the badge that they are handed.', fr: 'Enregistre le badge qui est remis.' },
    answers: { 200: MovementShape },
    etag: true,
    errors: ['badge-taken', 'person-unknown', 'item-invalid', 'edit-conflict', ...OPEN],
    example: { ...ONE, body: { uid: '04A1B2C3D4E5F6' } },
  },
  'POST /api/v1/movements/:id/account': {
    id: 'inviteMovementPerson',
    tag: 'movements',
    says: {
      en: 'Invites them as an operator; the link is in the answer, this once.',
      fr: 'Invite la personne comme opérateur ; le lien est dans la réponse, cette seule fois.',
    },
    answers: { 201: MovementInvitedShape },
    etag: true,
    errors: ['movement-task-unknown', 'operator-exists', 'person-unknown', 'link-own', 'zone-unknown', ...OPEN],
    example: { ...ONE, body: { login: 'c.marchand' } },
  },
  'POST /api/v1/movements/:id/departure': {
    id: 'carryOutDeparture',
    tag: 'movements',
    says: {
      en: 'Ends all of it now, and not at the day of the form.',
      fr: 'Met fin à tout maintenant, sans attendre le jour déclaré.',
    },
    answers: { 200: MovementShape },
    etag: true,
    errors: ['movement-task-unknown', 'person-unknown', 'operator-own', 'operator-last', ...OPEN],
    example: { ...ONE, body: { reason: 'Départ anticipé' } },
  },
}
