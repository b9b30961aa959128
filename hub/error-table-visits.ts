/** Failures around visits: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'

export const VISITS_ERRORS = {
  'visit-unknown': [
    404,
    'No visit {visit}, or none that you may see. List them: GET /api/v1/visits.',
    `Aucune visite {visit}, ou aucune qui vous concerne. Affichez la liste${N}: GET /api/v1/visits.`,
  ],
  'visit-over': [
    409,
    'This visit is {state}, and nothing was changed. Announce a new one if it is still wanted.',
    `Cette visite est {state}, et rien n’a été changé. Annoncez-en une nouvelle si besoin.`,
  ],
  'visit-place': [
    422,
    '{field}: visitors get no further than doors. {place} is none, or not yours to open. Name doors or zones of your own.',
    `{field}${N}: les visiteurs ne vont pas plus loin que les portes. {place} n’en est pas une, ou n’est pas de votre ressort. Indiquez des portes ou des zones à vous.`,
  ],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
