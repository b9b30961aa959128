/** Failures around search, exports, proofs, privacy and backups: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'

export const ARCHIVE_ERRORS = {
  'filter-invalid': [
    422,
    'The search field {field} is not valid: {expected}.',
    `Le critère {field} n’est pas valable${N}: {expected}.`,
  ],
  'range-inverted': [
    422,
    'The end of the span lies before its beginning. Swap from and until.',
    'La fin de la période précède son début. Échangez from et until.',
  ],
  'cursor-invalid': [
    422,
    'This page mark does not belong to this search. Start again from the first page.',
    'Ce repère de page n’appartient pas à cette recherche. Reprenez à la première page.',
  ],
  'index-behind': [
    503,
    'The search index is being built: {percent} % done. Try again in {seconds} s.',
    `L’index de recherche est en construction${N}: {percent}${U}%. Réessayez dans {seconds}${U}s.`,
  ],
  'row-unknown': [404, 'The journal has no row {row}.', 'Le journal n’a pas de ligne {row}.'],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
