/** The closed list: every decision carries exactly one of these, and every one has words in French and English. */
export const REASONS = {
  granted: { fr: 'Accordé', en: 'Granted' },
  'badge-unknown': { fr: 'badge inconnu', en: 'unknown badge' },
  'badge-suspended': { fr: 'badge suspendu', en: 'badge suspended' },
  'badge-lost': { fr: 'badge déclaré perdu', en: 'badge reported lost' },
  'badge-revoked': { fr: 'badge révoqué', en: 'badge revoked' },
  'badge-not-yet-valid': { fr: 'badge pas encore valable', en: 'badge not valid yet' },
  'badge-expired': { fr: 'badge expiré', en: 'badge expired' },
  'person-not-yet-valid': { fr: 'contrat non commencé', en: 'contract not started' },
  'person-expired': { fr: 'contrat terminé', en: 'contract ended' },
  'point-unknown': { fr: 'lieu non configuré', en: 'place not configured' },
  'no-right': { fr: 'aucun droit ici', en: 'no right here' },
  'outside-hours': { fr: 'hors horaire', en: 'outside hours' },
  'stale-message': { fr: 'message périmé', en: 'stale message' },
  'rate-limited': { fr: 'trop de demandes', en: 'too many requests' },
  'audit-unavailable': { fr: 'journal indisponible', en: 'journal unavailable' },
} as const
export type Reason = keyof typeof REASONS
