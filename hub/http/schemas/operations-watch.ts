/** Operations on scenarios, people on call and maintenance. */
import type { Operations } from './operation.ts'
import { MaintenanceEndedShape, MaintenanceListShape, MaintenanceShape, OnCallShape, ScenariosShape } from './watch.ts'

export const WATCH: Operations = {
  'GET /api/v1/scenarios': {
    id: 'listScenarios',
    tag: 'incidents',
    says: {
      en: 'What Vigie watches for at this site, and how often it came to an alert in the last weeks.',
      fr: 'Ce que Vigie surveille sur ce site, et combien d’alertes en sont venues ces dernières semaines.',
    },
    answers: { 200: ScenariosShape },
    example: {},
  },
  'GET /api/v1/on-call': {
    id: 'listOnCall',
    tag: 'incidents',
    says: {
      en: 'Who is on call by each rota, and who follows.',
      fr: 'Qui est de garde dans chaque tour, et qui suit.',
    },
    answers: { 200: OnCallShape },
    example: {},
  },
  'GET /api/v1/maintenance': {
    id: 'listMaintenance',
    tag: 'incidents',
    says: {
      en: 'What is being worked on, and alerts nobody until then.',
      fr: 'Ce qui est en maintenance, et n’alerte personne jusque-là.',
    },
    answers: { 200: MaintenanceListShape },
    example: {},
  },
  'POST /api/v1/maintenance': {
    id: 'beginMaintenance',
    tag: 'incidents',
    says: {
      en: 'Puts a zone, with those below it, or a device under maintenance. It ends by itself. Duress, break-glass and a journal that fails alert all the same.',
      fr: 'Met une zone, avec celles qu’elle contient, ou un appareil en maintenance. Elle se termine d’elle-même. La contrainte, le bris de glace et un journal en panne alertent quand même.',
    },
    answers: { 201: MaintenanceShape },
    errors: ['one-place', 'zone-unknown', 'device-unknown', 'journal-unavailable'],
    example: { body: { device: 'pir-t08', minutes: 60, comment: 'Changement de pile' } },
  },
  'DELETE /api/v1/maintenance/:id': {
    id: 'endMaintenance',
    tag: 'incidents',
    says: { en: 'The work is done before its time.', fr: 'Le travail est fini avant l’heure.' },
    answers: { 200: MaintenanceEndedShape },
    errors: ['maintenance-unknown', 'journal-unavailable'],
    example: { params: { id: 'mt-0123456789abcdef' } },
  },
}
