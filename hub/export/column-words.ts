/** Heads of the columns of a table of journal rows. */
import type { Said } from '../errors.ts'

export const COLUMN_WORDS = {
  seq: { en: 'Row', fr: 'Ligne' },
  localTime: { en: 'Local time', fr: 'Heure locale' },
  utcTime: { en: 'UTC time', fr: 'Heure UTC' },
  kind: { en: 'Kind', fr: 'Type' },
  what: { en: 'Event', fr: 'Événement' },
  person: { en: 'Person', fr: 'Personne' },
  role: { en: 'Role', fr: 'Rôle' },
  pseudonym: { en: 'Pseudonym', fr: 'Pseudonyme' },
  badge: { en: 'Badge (pseudonym)', fr: 'Badge (pseudonyme)' },
  witness: { en: 'Witness', fr: 'Témoin' },
  accessPoint: { en: 'Access point (id)', fr: 'Point d’accès (id)' },
  accessPointName: { en: 'Access point', fr: 'Point d’accès' },
  zone: { en: 'Zone', fr: 'Zone' },
  class: { en: 'Class', fr: 'Classe' },
  device: { en: 'Device', fr: 'Appareil' },
  reason: { en: 'Reason', fr: 'Motif' },
  via: { en: 'Opened by', fr: 'Ouvert par' },
  by: { en: 'By', fr: 'Par' },
  statedReason: { en: 'Reason given', fr: 'Raison donnée' },
  details: { en: 'Details', fr: 'Détails' },
} as const satisfies Readonly<Record<string, Said>>
export type Column = keyof typeof COLUMN_WORDS
