/** The end of an explanation: what was decided, and what would have to change. */
import type { Said } from '../errors.ts'
import type { Decision, Denied, DenyReason } from './decision.ts'
import type { Labels } from './labels.ts'
import { REASONS } from './reasons.ts'

/** French typography: a narrow no-break space before : ; ! ?. */
const N = '\u202f'

export function verdict(decision: Decision, labels: Labels): Said {
  if (!decision.granted) {
    const { fr, en } = REASONS[decision.reason]
    return { fr: `Refusé${N}: ${fr}.`, en: `Refused: ${en}.` }
  }
  const [who, what] = [labels.person(decision.person), labels.accessPoint(decision.accessPoint)]
  const by = decision.witness === undefined ? undefined : labels.person(decision.witness)
  return {
    fr: `Accordé${N}: ${who} ouvre ${what}${by === undefined ? '' : `, avec ${by}`}.`,
    en: `Granted: ${who} opens ${what}${by === undefined ? '' : `, with ${by}`}.`,
  }
}

export function remedyFor({ reason, because = '' }: Denied, labels: Labels): Said {
  const { fr, en } = REMEDIES[reason]
  const named = { plan: labels.plan(because), zone: labels.zone(because), door: labels.accessPoint(because) }
  const filled = (text: string) => text.replace(/\{(plan|zone|door)\}/g, (_, key: keyof typeof named) => named[key])
  return { fr: filled(fr), en: filled(en) }
}

/** For whoever may break the glass here and did not. */
export const EMERGENCY_HINT: Said = {
  fr: `En cas d’urgence vitale${N}: bouton d’urgence, motif, badge. Une autre personne vérifiera ensuite ce bris de glace.`,
  en: 'In an emergency: emergency button, a reason, the badge. Somebody else will review it afterwards.',
}

/** What to do, or whom to ask. `{plan}`, `{zone}` and `{door}` are what stood in the way. */
const REMEDIES: Readonly<Record<DenyReason, Said>> = {
  'point-unknown': {
    fr: 'L’administrateur doit rattacher ce lecteur à un point d’accès.',
    en: 'An administrator has to make this reader an access point.',
  },
  'badge-unknown': {
    fr: 'L’administrateur doit enregistrer le badge pour une personne.',
    en: 'An administrator has to register the badge for a person.',
  },
  'badge-suspended': {
    fr: 'L’administrateur peut réactiver le badge.',
    en: 'An administrator can make the badge active again.',
  },
  'badge-lost': {
    fr: 'Badge retrouvé ou non, l’administrateur doit le réactiver ou le remplacer.',
    en: 'Found or not: an administrator has to make the badge active again, or replace it.',
  },
  'badge-revoked': { fr: 'Il faut un autre badge.', en: 'Another badge is needed.' },
  'badge-not-yet-valid': {
    fr: 'Attendre le début de validité du badge, ou le faire avancer.',
    en: 'Wait until the badge is valid, or have its beginning moved.',
  },
  'badge-expired': { fr: 'Faire prolonger le badge.', en: 'Have the badge extended.' },
  'person-not-yet-valid': {
    fr: 'Attendre le début du contrat, ou faire corriger sa date.',
    en: 'Wait for the contract to start, or have its date corrected.',
  },
  'person-expired': { fr: 'Faire corriger la fin du contrat.', en: 'Have the end of the contract corrected.' },
  'denied-by-rule': {
    fr: 'Seule la modification de l’interdiction, ou de son horaire, ouvrirait ce lieu.',
    en: 'Only a change of the rule that forbids, or of its schedule, would open this place.',
  },
  'no-right': {
    fr: 'Il faut un rôle qui donne ce lieu, ou un accès temporaire.',
    en: 'A role that has this place is needed, or a temporary grant.',
  },
  'outside-hours': {
    fr: 'Revenir dans l’horaire, ou demander un accès temporaire.',
    en: 'Come back within the schedule, or ask for a temporary grant.',
  },
  'grant-not-yet': { fr: 'Attendre le début de l’accès temporaire.', en: 'Wait for the temporary grant to begin.' },
  'grant-expired': { fr: 'Demander un nouvel accès temporaire.', en: 'Ask for a new temporary grant.' },
  'pin-required': {
    fr: 'Saisir le code PIN, puis présenter le badge.',
    en: 'Enter the PIN, then hold the badge.',
  },
  'pin-wrong': {
    fr: 'Saisir le bon code PIN. Oublié, il doit être changé par un administrateur.',
    en: 'Enter the right PIN. If it is forgotten, an administrator can set another.',
  },
  'pin-unset': {
    fr: 'Faire enregistrer un code PIN par un administrateur.',
    en: 'Have an administrator set a PIN.',
  },
  'pin-locked': {
    fr: 'Attendre la fin de la pause, puis saisir le bon code PIN.',
    en: 'Wait until the pause is over, then enter the right PIN.',
  },
  'reason-required': { fr: 'Donner un motif, puis présenter le badge.', en: 'Give a reason, then hold the badge.' },
  'reference-required': {
    fr: 'Donner la référence demandée, puis présenter le badge.',
    en: 'Give the reference asked for, then hold the badge.',
  },
  'not-on-duty': {
    fr: 'Il faut un service en cours dans le planning.',
    en: 'A shift has to be under way in the roster.',
  },
  'witness-awaited': {
    fr: 'Une deuxième personne du rôle demandé doit présenter son badge à ce lecteur.',
    en: 'A second person of the role asked for has to hold their badge to this reader.',
  },
  lockdown: {
    fr: 'Attendre la fin du confinement {plan}, ou demander au responsable de le lever.',
    en: 'Wait for the end of lockdown {plan}, or ask whoever is in charge to end it.',
  },
  passback: {
    fr: 'Sortir de {zone} par un lecteur, ou faire remettre la position à zéro.',
    en: 'Leave {zone} past a reader, or have the position reset.',
  },
  'zone-full': { fr: 'Attendre que quelqu’un sorte de {zone}.', en: 'Wait until somebody leaves {zone}.' },
  interlock: { fr: 'Fermer {door}, puis présenter le badge.', en: 'Shut {door}, then hold the badge.' },
  'break-glass-not-allowed': {
    fr: 'Un rôle doit permettre le bris de glace ici.',
    en: 'A role has to allow break-glass here.',
  },
  'break-glass-cap': {
    fr: 'Attendre, ou demander à une collègue ou un collègue de briser la glace.',
    en: 'Wait, or ask a colleague to break the glass.',
  },
  'stale-message': { fr: 'Présenter le badge de nouveau.', en: 'Hold the badge again.' },
  'rate-limited': { fr: 'Attendre un instant, puis présenter le badge.', en: 'Wait a moment, then hold the badge.' },
  'audit-unavailable': {
    fr: 'Le journal doit être rétabli avant que ce lieu puisse s’ouvrir.',
    en: 'The journal has to be restored before this place can open.',
  },
}
