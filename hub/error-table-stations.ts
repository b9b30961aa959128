/** Failures around workstations where a badge signs in: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'

export const STATIONS_ERRORS = {
  'station-unknown': [
    404,
    'No workstation {station} is paired. List them: GET /api/v1/stations.',
    `Aucun poste {station} n’est associé. Affichez la liste${N}: GET /api/v1/stations.`,
  ],
  'station-unpaired': [
    401,
    'This browser is paired with no reader, or no longer. Sign in with a password, or ask IT for a code.',
    'Ce navigateur n’est pas, ou plus, associé à un lecteur. Connectez-vous par mot de passe, ou demandez un code au service informatique.',
  ],
  'station-code-refused': [
    401,
    'This code is not right, was used already, or is older than 15 minutes. Ask IT for a new one, and try again in {seconds} s.',
    `Ce code n’est pas le bon, a déjà servi ou a plus de 15${U}minutes. Demandez-en un autre au service informatique, et réessayez dans {seconds}${U}s.`,
  ],
  'station-reader': [
    422,
    'No reader stands at {accessPoint}: choose an access point of the site whose device reads badges.',
    `Aucun lecteur au point {accessPoint}${N}: choisissez un point d’accès du site dont l’appareil lit les badges.`,
  ],
  'stations-full': [
    409,
    'There are {limit} workstations already. Remove one that is no longer used first.',
    `Il y a déjà {limit}${U}postes. Retirez-en d’abord un qui ne sert plus.`,
  ],
  'badge-needed': [
    401,
    'Hold your badge to the reader first, then type your PIN within 30 seconds.',
    `Présentez d’abord votre badge au lecteur, puis tapez votre code PIN dans les 30${U}secondes.`,
  ],
  'badge-refused': [
    401,
    'This did not sign you in. Check your PIN and try again in {seconds} s; after three tries hold your badge again. Not everybody signs in with a badge: a password works too.',
    `La connexion n’a pas abouti. Vérifiez votre code PIN et réessayez dans {seconds}${U}s${N}; après trois essais, présentez de nouveau votre badge. Tout le monde ne se connecte pas par badge${N}: le mot de passe marche aussi.`,
  ],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
