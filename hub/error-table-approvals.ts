/** Failures around a second operator's approval: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'

export const APPROVALS_ERRORS = {
  'approval-unknown': [
    404,
    'No request {approval}, or none that you may see. List them: GET /api/v1/approvals.',
    `Aucune demande {approval}, ou aucune qui vous concerne. Affichez la liste${N}: GET /api/v1/approvals.`,
  ],
  'approval-own': [
    403,
    'Nobody approves what they asked for themselves. Somebody else with the same rights has to.',
    'Personne n’approuve sa propre demande. C’est à quelqu’un d’autre, avec les mêmes droits, de le faire.',
  ],
  'approval-decided': [
    409,
    'This request is no longer waiting: it is {state}. Look at how things stand; if it is still wanted, ask again.',
    `Cette demande n’attend plus${N}: {state}. Regardez où en sont les choses${N}; s’il le faut encore, refaites la demande.`,
  ],
  'approval-pending': [
    409,
    'The same thing waits for a second person already, under {approval}. Wait until it is decided, or have it withdrawn.',
    'La même chose attend déjà une seconde personne, sous {approval}. Attendez la décision, ou faites retirer cette demande.',
  ],
  'approval-foreign': [
    403,
    'Only who asked for this can withdraw it. Who may approve it can refuse it.',
    'Seul l’auteur de cette demande peut la retirer. Qui peut l’approuver peut la refuser.',
  ],
  'approval-asker-gone': [
    409,
    'Whoever asked for this may no longer ask for it. Somebody who may has to ask again.',
    'L’auteur de cette demande n’en a plus le droit. Quelqu’un qui l’a doit la refaire.',
  ],
  'site-needs-approval': [
    409,
    'This file does what nobody does alone: {expected}. Ask for each by itself, have a second person approve it, then apply the file. Nothing was changed.',
    `Ce fichier fait ce que personne ne fait seul${N}: {expected}. Demandez chaque changement à part, faites-le approuver par une seconde personne, puis appliquez le fichier. Rien n’a été changé.`,
  ],
  interrupted: [
    500,
    'The hub stopped while this was being done. Look at how things stand, and ask again if it was not done.',
    `Le hub s’est arrêté pendant l’opération. Regardez où en sont les choses, et refaites la demande si rien n’a été fait.`,
  ],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
