import type { ActName } from '../situations.ts'
import type { SituationWords } from './situations.types.ts'

const N = '\u202f'
const U = '\u00a0'
const plural = (n: number): string => (n > 1 ? 's' : '')

const QUESTIONS: Readonly<Record<ActName, string>> = {
  lockdown: 'Confiner',
  'end-lockdown': 'Lever le confinement',
  evacuation: 'Évacuer',
  'resume-evacuation': 'Reprendre l’ouverture pour',
  'end-evacuation': 'Terminer l’évacuation',
}
function openedDoors(n: number, names: string): string {
  if (n === 0) return 'Ce plan n’ouvre aucun accès.'
  const what = n > 1 ? `${n}${U}accès s’ouvrent et le restent` : `1${U}accès s’ouvre et le reste`
  return `${what} tant qu’elle dure${N}: ${names}.`
}

export const situations: SituationWords = {
  menu: 'Situations',
  label: 'Situations en cours',
  lockdown: 'Confinement',
  evacuation: 'Évacuation',
  breakGlass: 'Bris de glace',
  awaited: 'Témoin attendu',
  releasing: 'issues ouvertes',
  paused: 'ouverture suspendue',
  reverted: 'fin automatique',
  running: 'en cours',
  noPlans: 'Aucun plan dans le fichier de site.',
  cancel: 'Annuler',
  escape: `Échap${N}: annuler`,
  sending: 'Envoi…',
  list: 'Liste',
  review: 'Relire',
  reviews: 'Bris de glace à relire',
  noReviews: 'Aucun bris de glace à relire.',
  stated: `Motif donné${N}:`,
  overdue: 'en retard',
  own: 'C’est votre propre bris de glace. Une autre personne doit le relire.',
  readOnly: 'Un cadre de santé, un agent de sécurité ou un administrateur clôt cette relecture.',
  needsPerson: login =>
    `Votre compte n’est rattaché à personne du site${N}: ce bris de glace pourrait être le vôtre. Demandez à un autre administrateur de le rattacher, ou à qui gère le hub${N}: vigie operator link ${login} <personne>`,
  finding: 'Conclusion',
  findingNeeded: 'Choisissez une conclusion.',
  comment: 'Commentaire',
  commentHint: 'Jamais le nom d’un patient.',
  close: 'Clore la relecture',
  muster: 'Recensement',
  insideTitle: 'À l’intérieur',
  safeTitle: 'En sécurité',
  unknownTitle: 'En service, vus nulle part',
  nobodyInside: 'Personne de connu à l’intérieur.',
  nobodySafe: 'Personne n’est encore compté.',
  isSafe: 'En sécurité',
  reading: 'Lecture…',
  unread: 'La liste n’a pas pu être lue.',
  journaled: 'Chaque lecture de cette liste est inscrite au journal.',
  over: 'Cette évacuation est terminée.',
  findings: {
    justified: 'Justifié',
    'not-justified': 'Non justifié',
    'training-needed': 'Formation à prévoir',
  },
  origins: {
    shift: 'garde',
    appointment: 'rendez-vous',
    maintenance: 'maintenance',
    prescription: 'ordonnance',
    loan: 'prêt',
  },
  via: { grant: 'accès temporaire', 'break-glass': 'bris de glace' },
  why: { expired: 'durée écoulée', 'badge-lost': 'badge perdu', withdrawn: 'droit retiré' },
  acts: {
    lockdown: 'Confiner',
    'end-lockdown': 'Lever',
    evacuation: 'Évacuer',
    'resume-evacuation': 'Reprendre l’ouverture',
    'end-evacuation': 'Terminer',
  },
  question: (act, plan) => `${QUESTIONS[act]} «${N}${plan}${N}»${N}?`,
  lockdownMeans: (zones, rank, roles, minutes) =>
    `${zones}${N}: plus rien ne s’ouvre, sauf aux rôles de rang ${rank} ou plus${roles > 0 ? ` et à ${roles}${U}rôle${plural(roles)} de soins` : ''}. Les serrures ouvertes se referment, les issues de secours restent libres, le bris de glace reste possible. Fin automatique après ${minutes}${U}min.`,
  evacuationMeans: (doors, names, zones) =>
    `${openedDoors(doors, names)} Les personnes vues dans ${zones} sont à recenser.`,
  resumeMeans: (doors, names) => openedDoors(doors, names),
  endLockdownMeans: 'Les droits ordinaires reprennent aussitôt. Rien ne s’ouvre de soi-même.',
  endEvacuationMeans: inside =>
    `Les serrures retombent d’elles-mêmes en 30${U}s. La liste des personnes en sécurité s’efface, le journal la garde.${inside > 0 ? ` ${inside}${U}personne${plural(inside)} ${inside > 1 ? 'ne sont pas encore comptées' : 'n’est pas encore comptée'}.` : ''}`,
  listed: (names, more) =>
    more > 0
      ? `${names.join(', ')} et ${more}${U}autre${plural(more)}`
      : names.length > 1
        ? `${names.slice(0, -1).join(', ')} et ${names.at(-1)}`
        : (names[0] ?? '–'),
  by: name => `par ${name}`,
  application: name => `l’application ${name}`,
  with: name => `avec ${name}`,
  left: time => `encore ${time}`,
  since: at => `depuis ${at}`,
  going: (what, n) => {
    const words = {
      evacuation: `évacuation${plural(n)}`,
      lockdown: `confinement${plural(n)}`,
      'break-glass': 'bris de glace en cours',
    }
    return n === 0 ? '' : `${n}${U}${words[what]}`
  },
  inside: n => `${n} à l’intérieur`,
  safe: n => `${n} en sécurité`,
  released: (n, silent) => `${n}${U}serrure${plural(n)}${silent > 0 ? `, ${silent}${U}muette${plural(silent)}` : ''}`,
  endedWith: n => `${n}${U}situation${plural(n)} close${plural(n)}`,
  positions: n => `${n}${U}personne${plural(n)}`,
  waiting: (n, overdue) => `${n}${U}bris de glace à relire${overdue > 0 ? `, dont ${overdue} en retard` : ''}`,
  due: at => `à relire avant ${at}`,
  markSafe: name => `Marquer ${name} en sécurité`,
}
