/** Failures around time series: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?. */
const N = '\u202f'

export const SERIES_ERRORS = {
  'access-point-unknown': [
    404,
    'No access point {accessPoint} in this site. List them with: vigie item show accessPoint',
    `Aucun point d’accès {accessPoint} dans ce site. Pour en voir la liste${N}: vigie item show accessPoint`,
  ],
  'place-once': [
    422,
    'zone, device, accessPoint: name one of them, or none for the whole site.',
    `zone, device, accessPoint${N}: nommez-en un, ou aucun pour tout le site.`,
  ],
  'quantity-unknown': [
    404,
    'Nothing called {quantity} is measured here. List the quantities first.',
    `Rien de mesuré ici ne s’appelle {quantity}. Consultez d’abord la liste des grandeurs.`,
  ],
  'series-unwritable': [
    503,
    'The time series {file} cannot be kept: {cause}. Free disk space or correct the owner of the folder; the journal itself is not concerned, and nothing of it is lost.',
    `Les courbes {file} ne peuvent pas être tenues${N}: {cause}. Libérez de la place ou corrigez le propriétaire du dossier${N}; le journal lui-même n’est pas concerné, et rien n’en est perdu.`,
  ],
} as const
