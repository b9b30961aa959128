/** Failures around arrivals and departures: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'

export const MOVEMENTS_ERRORS = {
  'movement-unknown': [
    404,
    'No arrival or departure {movement}, or none that you may see. List them: GET /api/v1/movements.',
    `Aucune arrivée ni aucun départ {movement}, ou aucun qui vous concerne. Affichez la liste${N}: GET /api/v1/movements.`,
  ],
  'movement-over': [
    409,
    'This arrival or departure is {state}, and nothing was changed. File a new one if it is still wanted.',
    `Cette arrivée ou ce départ est {state}, et rien n’a été changé. Faites-en une nouvelle déclaration si besoin.`,
  ],
  'movement-open': [
    409,
    'For {person} one is open already, under {movement}. Change or cancel that one first.',
    'Pour {person}, une déclaration est déjà ouverte, sous {movement}. Modifiez-la ou annulez-la d’abord.',
  ],
  'movement-task-unknown': [
    404,
    'No task {task} in this arrival or departure. Look at its tasks first.',
    'Aucune tâche {task} dans cette arrivée ou ce départ. Regardez d’abord ses tâches.',
  ],
  'movement-task-seen': [
    409,
    'Task {task} can’t be ticked off by hand: Vigie sees for itself when it is done. Do it, and it is ticked.',
    `La tâche {task} ne se coche pas à la main${N}: Vigie voit d’elle-même quand elle est faite. Faites-la, elle sera cochée.`,
  ],
  'person-taken': [
    409,
    'The identifier {person} belongs to somebody else. Choose another one, or say that it is the same person.',
    'L’identifiant {person} est celui de quelqu’un d’autre. Choisissez-en un autre, ou dites qu’il s’agit de la même personne.',
  ],
  'badge-taken': [
    409,
    'Badge {uid} is held by somebody else. Have it given back first, or take another badge.',
    'Le badge {uid} est détenu par quelqu’un d’autre. Faites-le d’abord rendre, ou prenez un autre badge.',
  ],
  'job-unknown': [
    404,
    'No job template {job}. List them: GET /api/v1/jobs.',
    `Aucun modèle de poste {job}. Affichez la liste${N}: GET /api/v1/jobs.`,
  ],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
