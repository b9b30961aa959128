/** Failures around time series: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'

export const SERIES_ERRORS = {
  'not-ready': [
    503,
    'The hub cannot write its journal at the moment. Doors are decided all the same; do not end it for this.',
    `Le hub ne peut pas écrire son journal en ce moment. Les portes sont décidées malgré tout${N}: ne l’arrêtez pas pour cela.`,
  ],
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
  'store-unreachable': [
    502,
    'The time series store {store} does not answer as it should: {cause}. Nothing is lost: points wait in the journal, and follow when it does.',
    `Le dépôt de courbes {store} ne répond pas comme il le devrait${N}: {cause}. Rien n’est perdu${N}: les points attendent dans le journal et suivront.`,
  ],
  'store-refused': [
    502,
    'The time series store {store} does not accept the token or password. Correct its file: it is read again with each try.',
    `Le dépôt de courbes {store} n’accepte pas le jeton ou le mot de passe. Corrigez son fichier${N}: il est relu à chaque essai.`,
  ],
  'store-missing': [
    502,
    'The time series store {store} has no such database, bucket or organisation: {reason}. Create it, or correct the setting.',
    `Le dépôt de courbes {store} n’a pas cette base, ce compartiment ou cette organisation${N}: {reason}. Créez-le, ou corrigez le réglage.`,
  ],
  'store-busy': [
    503,
    'The time series store {store} asks to wait {seconds} s.',
    `Le dépôt de courbes {store} demande d’attendre {seconds}${U}s.`,
  ],
  'store-too-large': [
    502,
    'The time series store {store} takes less at once: smaller parts follow.',
    `Le dépôt de courbes {store} prend moins à la fois${N}: des parts plus petites suivent.`,
  ],
  'store-rejected': [
    502,
    'The time series store {store} does not take these points: {reason}. They are set aside, the others are stored.',
    `Le dépôt de courbes {store} ne prend pas ces points${N}: {reason}. Ils sont mis de côté, les autres sont enregistrés.`,
  ],
} as const
