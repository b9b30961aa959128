/** What routes of workstations answer. */
import { SessionInfoShape } from './accounts.ts'
import type { Operations } from './operation.ts'
import { OwnAccessShape, StationInfoShape, StationListShape, StationMadeShape } from './stations.ts'

const ONE = { params: { id: 'st-0123456789ab' } } as const
const WRITTEN = ['journal-unavailable', 'not-in-force'] as const

export const STATIONS: Operations = {
  'GET /api/v1/stations': {
    id: 'listStations',
    tag: 'stations',
    says: {
      en: 'Workstations where a badge signs in, and when each was last used.',
      fr: 'Les postes où un badge connecte, et leur dernier emploi.',
    },
    answers: { 200: StationListShape },
  },
  'POST /api/v1/stations': {
    id: 'makeStation',
    tag: 'stations',
    says: {
      en: 'A workstation beside a reader; the code that pairs its browser is shown once.',
      fr: 'Un poste à côté d’un lecteur ; le code qui associe son navigateur est montré une fois.',
    },
    answers: { 201: StationMadeShape },
    errors: ['station-reader', 'stations-full', ...WRITTEN],
    example: { body: { name: 'Salle de soins, poste 1', accessPoint: 'cab-02-a-cabinet' } },
  },
  'POST /api/v1/stations/:id/code': {
    id: 'newStationCode',
    tag: 'stations',
    says: {
      en: 'Another code, for another browser; the one before stays until it is typed.',
      fr: 'Un autre code, pour un autre navigateur ; l’ancien reste associé jusqu’à sa saisie.',
    },
    answers: { 200: StationMadeShape },
    errors: ['station-unknown', ...WRITTEN],
    example: ONE,
  },
  'DELETE /api/v1/stations/:id': {
    id: 'removeStation',
    tag: 'stations',
    says: { en: 'Ends a workstation, at once.', fr: 'Retire un poste, aussitôt.' },
    answers: { 204: null },
    errors: ['station-unknown', ...WRITTEN],
    example: ONE,
  },
  'POST /api/v1/station/pairing': {
    id: 'pairStation',
    tag: 'stations',
    says: {
      en: 'At the workstation: pairs this browser, with the code that IT was shown.',
      fr: 'Sur le poste : associe ce navigateur, avec le code montré au service informatique.',
    },
    answers: { 200: StationInfoShape },
    errors: ['station-code-refused', 'too-many-requests', ...WRITTEN],
    example: { body: { code: 'K7QM3XVP' } },
  },
  'GET /api/v1/station': {
    id: 'getStation',
    tag: 'stations',
    says: {
      en: 'What this browser is; with `seen`, waits up to 25 s for a change.',
      fr: 'Ce qu’est ce navigateur ; avec `seen`, attend un changement, 25 s au plus.',
    },
    answers: { 200: StationInfoShape },
  },
  'GET /api/v1/me/access': {
    id: 'getOwnAccess',
    tag: 'account',
    says: {
      en: 'What you may open now, as the person of the site that you are.',
      fr: 'Ce que vous pouvez ouvrir maintenant, en tant que personne du site.',
    },
    answers: { 200: OwnAccessShape },
  },
  'POST /api/v1/session/badge': {
    id: 'signInByBadge',
    tag: 'session',
    says: {
      en: 'At a workstation: a PIN, within 30 s of a badge at its reader. Not for roles that need a second factor.',
      fr: 'Sur un poste : un code PIN, dans les 30 s après un badge au lecteur. Pas pour les rôles à second facteur.',
    },
    answers: { 200: SessionInfoShape },
    errors: ['station-unpaired', 'badge-needed', 'badge-refused', 'too-many-requests', 'journal-unavailable'],
    example: { body: { pin: '4071' } },
  },
}
