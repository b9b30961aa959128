/**
 * What personal data is kept for, as the record of processing (GDPR, article 30) names it. The default terms follow what the
 * CNIL and the law on health records say of each; a site file may set others between `min` and `max`. Pure data.
 */
import type { Said } from '../errors.ts'

interface PurposeRule {
  /** Days a row is kept, unless the site file says otherwise. */
  readonly days: number
  /** Days a site file may choose from. Where `required`, `min` is what the law asks for. */
  readonly min: number
  readonly max: number
  /** True where the law asks for the term: a request for erasure does not shorten it (GDPR, article 17(3)(b)). */
  readonly required: boolean
  readonly words: Said
  readonly basis: Said
  /** Categories of data. */
  readonly data: Said
}

const INTEREST: Said = {
  en: 'legitimate interest in the safety of people and property (GDPR, article 6(1)(f)); for a public body, its public task (6(1)(e))',
  fr: 'intérêt légitime\u202f: sécurité des personnes et des biens (RGPD, article 6(1)(f))\u202f; pour un établissement public, mission d’intérêt public (6(1)(e))',
}
const PASSAGE_DATA: Said = {
  en: 'pseudonym of person and badge, access point, time, decision and its reason, words given with it',
  fr: 'pseudonyme de la personne et du badge, point d’accès, heure, décision et son motif, texte donné à cette occasion',
}

export const PURPOSES = {
  'controlled-drugs': {
    days: 3650,
    min: 3650,
    max: 18_250,
    required: true,
    words: { en: 'Register of controlled drugs', fr: 'Registre des stupéfiants' },
    basis: {
      en: 'legal obligation: register of narcotics, kept for ten years (GDPR, article 6(1)(c); CSP, article R5132-36)',
      fr: 'obligation légale\u202f: registre des stupéfiants, conservé dix ans (RGPD, article 6(1)(c)\u202f; CSP, article R5132-36)',
    },
    data: PASSAGE_DATA,
  },
  medicines: {
    days: 1095,
    min: 30,
    max: 3650,
    required: false,
    words: { en: 'Traceability of medicines', fr: 'Traçabilité des médicaments' },
    basis: INTEREST,
    data: PASSAGE_DATA,
  },
  records: {
    days: 180,
    min: 180,
    max: 3650,
    required: true,
    words: { en: 'Traces of access to patient records', fr: 'Traces d’accès aux dossiers de patients' },
    basis: {
      en: 'legal obligation: traces of access to health data, kept for six months at least (GDPR, article 6(1)(c); CSP, article R6113-9-2)',
      fr: 'obligation légale\u202f: traces d’accès aux données de santé, conservées six mois au moins (RGPD, article 6(1)(c)\u202f; CSP, article R6113-9-2)',
    },
    data: PASSAGE_DATA,
  },
  passages: {
    days: 90,
    min: 1,
    max: 365,
    required: false,
    words: { en: 'Passages through doors', fr: 'Passages aux portes' },
    basis: {
      en: `${INTEREST.en}; three months as the CNIL advises`,
      fr: `${INTEREST.fr}\u202f; trois mois, comme le conseille la CNIL`,
    },
    data: PASSAGE_DATA,
  },
  alarms: {
    days: 365,
    min: 30,
    max: 3650,
    required: false,
    words: { en: 'Alarms and emergencies', fr: 'Alarmes et urgences' },
    basis: INTEREST,
    data: {
      en: 'pseudonym of the person concerned, place, time, kind of alarm, words of its review',
      fr: 'pseudonyme de la personne concernée, lieu, heure, nature de l’alarme, texte de sa relecture',
    },
  },
  administration: {
    days: 365,
    min: 180,
    max: 3650,
    required: false,
    words: { en: 'Administration and its supervision', fr: 'Administration et son contrôle' },
    basis: {
      en: `${INTEREST.en}; security of processing (article 32): logs for six to twelve months, as the CNIL advises`,
      fr: `${INTEREST.fr}\u202f; sécurité du traitement (article 32)\u202f: traces conservées six à douze mois, comme le conseille la CNIL`,
    },
    data: {
      en: 'pseudonym of the operator and of the person concerned, what was changed, read or exported, when, and why',
      fr: 'pseudonyme de l’opérateur et de la personne concernée, ce qui a été modifié, lu ou exporté, quand et pourquoi',
    },
  },
  technical: {
    days: 180,
    min: 7,
    max: 1095,
    required: false,
    words: { en: 'Operation of devices and hub', fr: 'Fonctionnement des appareils et du hub' },
    basis: INTEREST,
    data: {
      en: 'device, place, time, readings and states; nobody is named',
      fr: 'appareil, lieu, heure, mesures et états\u202f; personne n’y est nommé',
    },
  },
} as const satisfies Readonly<Record<string, PurposeRule>>

export type Purpose = keyof typeof PURPOSES
export const PURPOSE_NAMES = Object.keys(PURPOSES) as readonly Purpose[]
/** Days per purpose, as a site file says; what is left out is the default. */
export type RetentionPolicy = Readonly<Partial<Record<Purpose, number>>>
