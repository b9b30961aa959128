/** Operations on incidents and armed zones. */

import { ContactShape, ContactTestedShape, PushShape } from './contact.ts'
import {
  ArmedZonesShape,
  AssigneesShape,
  DryRunShape,
  IncidentDoneShape,
  IncidentListShape,
  IncidentShape,
  ZoneArmingShape,
} from './incidents.ts'
import type { Operations } from './operation.ts'

const ONE = { params: { id: 'in-0123456789abcdef' } }
const WRITTEN = ['journal-unavailable'] as const
const ACT = ['incident-unknown', 'incident-over', 'edit-conflict', 'precondition-required'] as const
const ACTED = { answers: { 200: IncidentDoneShape }, etag: true, headers: ['if-match'] } as const

export const INCIDENTS: Operations = {
  'POST /api/v1/scenarios/dry-run': {
    id: 'tryScenario',
    tag: 'rights',
    says: {
      en: 'What a scenario would have done in the last days. Nothing is changed, and nothing acts.',
      fr: 'Ce qu’un scénario aurait fait ces derniers jours. Rien n’est modifié, rien n’agit.',
    },
    answers: { 200: DryRunShape },
    errors: ['input-invalid', 'journal-unavailable'],
    example: {
      body: {
        scenario: {
          id: 'nuit',
          name: 'Armer la nuit',
          when: { at: '21:00' },
          where: { zones: ['t01'] },
          acts: [{ do: 'arm', armed: true }],
        },
        days: 7,
      },
    },
  },
  'GET /api/v1/account/contact': {
    id: 'getContact',
    tag: 'account',
    says: { en: 'How one wants to be told of alerts.', fr: 'Comment être prévenu des alertes.' },
    answers: { 200: ContactShape },
    etag: true,
    example: {},
  },
  'PUT /api/v1/account/contact': {
    id: 'putContact',
    tag: 'account',
    says: {
      en: 'Says how one wants to be told: language, mail, telephone, quiet hours.',
      fr: 'Dit comment être prévenu : langue, courriel, téléphone, heures calmes.',
    },
    answers: { 200: ContactShape },
    etag: true,
    headers: ['if-match'],
    errors: ['edit-conflict', 'precondition-required', ...WRITTEN],
    example: { body: { language: 'fr', mail: true, phone: '+33612345678', quiet: { from: 1320, until: 420 } } },
  },
  'POST /api/v1/account/contact/test': {
    id: 'testContact',
    tag: 'account',
    says: {
      en: 'Sends one message now, and says what came of it. Once in 10 seconds.',
      fr: 'Envoie un message maintenant, et dit ce qu’il en est. Une fois toutes les 10 secondes.',
    },
    answers: { 200: ContactTestedShape },
    errors: ['channel-unset', 'too-many-requests'],
    example: { body: { channel: 'mail' } },
  },
  'GET /api/v1/account/push': {
    id: 'listPushBrowsers',
    tag: 'account',
    says: { en: 'Browsers in which one is told of alerts.', fr: 'Les navigateurs où l’on est prévenu des alertes.' },
    answers: { 200: PushShape },
    example: {},
  },
  'POST /api/v1/account/push': {
    id: 'addPushBrowser',
    tag: 'account',
    says: {
      en: 'A browser has subscribed with the key of this hub: one is told there. Ten at most; the oldest goes.',
      fr: 'Un navigateur s’est abonné avec la clé de ce hub : on y est prévenu. Dix au plus ; le plus ancien part.',
    },
    answers: { 201: PushShape },
    errors: ['channel-unset', 'input-invalid', ...WRITTEN],
    example: {
      body: {
        endpoint: 'https://push.example/send/abc',
        p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
        name: 'Firefox, poste de garde',
      },
    },
  },
  'DELETE /api/v1/account/push/:id': {
    id: 'dropPushBrowser',
    tag: 'account',
    says: { en: 'One is not told in this browser any more.', fr: 'On n’est plus prévenu dans ce navigateur.' },
    answers: { 200: PushShape },
    errors: ['browser-unknown', ...WRITTEN],
    example: { params: { id: 'pb-0123456789abcdef' } },
  },
  'GET /api/v1/incidents': {
    id: 'listIncidents',
    tag: 'incidents',
    says: {
      en: 'What scenarios noticed, the newest first: one incident from many signals.',
      fr: 'Ce que les scénarios ont remarqué, le plus récent d’abord : un incident pour plusieurs signaux.',
    },
    answers: { 200: IncidentListShape },
    example: { query: { state: 'open' } },
  },
  'GET /api/v1/incidents/:id': {
    id: 'getIncident',
    tag: 'incidents',
    says: { en: 'One incident, with its timeline.', fr: 'Un incident, avec son déroulé.' },
    answers: { 200: IncidentShape },
    etag: true,
    errors: ['incident-unknown'],
    example: ONE,
  },
  'GET /api/v1/incidents/:id/assignees': {
    id: 'listAssignees',
    tag: 'incidents',
    says: {
      en: 'Who may be given this incident: active accounts that may take those of its zone.',
      fr: 'À qui confier cet incident : les comptes actifs qui peuvent prendre ceux de sa zone.',
    },
    answers: { 200: AssigneesShape },
    errors: ['incident-unknown'],
    example: ONE,
  },
  'POST /api/v1/incidents/:id/acknowledge': {
    id: 'acknowledgeIncident',
    tag: 'incidents',
    says: {
      en: 'Somebody has it: nobody else is told.',
      fr: 'Quelqu’un s’en occupe : personne d’autre n’est prévenu.',
    },
    ...ACTED,
    errors: ['incident-acknowledged', ...ACT],
    example: ONE,
  },
  'POST /api/v1/incidents/:id/assign': {
    id: 'assignIncident',
    tag: 'incidents',
    says: { en: 'Gives it to an operator, by login.', fr: 'Le confie à un opérateur, par son identifiant.' },
    ...ACTED,
    errors: ['operator-unknown', 'assignee-without-alerts', ...ACT],
    example: { ...ONE, body: { login: 'm.petit' } },
  },
  'POST /api/v1/incidents/:id/snooze': {
    id: 'snoozeIncident',
    tag: 'incidents',
    says: { en: 'Keeps it quiet until then, 24 hours at most.', fr: 'Le met en veille jusque-là, 24 heures au plus.' },
    ...ACTED,
    errors: ['snooze-too-long', ...ACT],
    example: { ...ONE, body: { until: 1796000000000 } },
  },
  'POST /api/v1/incidents/:id/resolve': {
    id: 'resolveIncident',
    tag: 'incidents',
    says: { en: 'It is over, with what was found.', fr: 'Il est fini, avec ce qui a été constaté.' },
    ...ACTED,
    errors: [...ACT],
    example: { ...ONE, body: { finding: 'false-alarm', comment: 'Le chat de la garde' } },
  },
  'GET /api/v1/armed-zones': {
    id: 'listArmedZones',
    tag: 'incidents',
    says: {
      en: 'Zones that are watched as if nobody should be there.',
      fr: 'Les zones surveillées comme si personne ne devait y être.',
    },
    answers: { 200: ArmedZonesShape },
  },
  'PUT /api/v1/armed-zones/:zone': {
    id: 'armZone',
    tag: 'incidents',
    says: { en: 'Arms a zone, with those below it.', fr: 'Arme une zone, avec celles qu’elle contient.' },
    answers: { 200: ZoneArmingShape },
    errors: ['zone-unknown', 'journal-unavailable'],
    example: { params: { zone: 't08' } },
  },
  'DELETE /api/v1/armed-zones/:zone': {
    id: 'disarmZone',
    tag: 'incidents',
    says: { en: 'Disarms a zone.', fr: 'Désarme une zone.' },
    answers: { 200: ZoneArmingShape },
    errors: ['zone-unknown', 'journal-unavailable'],
    example: { params: { zone: 't08' } },
  },
}
