/** Failures around accounts, second factors, sessions and tokens: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'

export const ACCOUNT_ERRORS = {
  'password-breached': [
    422,
    'This password is on lists that attackers try first. Choose another one: a few words that nobody puts together.',
    `Ce mot de passe figure sur les listes que l’on essaie en premier. Choisissez-en un autre${N}: quelques mots que personne n’assemble.`,
  ],
  'invitation-refused': [
    401,
    'This link is used, replaced or expired. Ask whoever sent it for a new one.',
    'Ce lien a déjà servi, a été remplacé ou a expiré. Demandez-en un autre à qui l’a envoyé.',
  ],
  'factor-owed': [
    401,
    'Finish signing in first: give your second factor.',
    `Terminez d’abord la connexion${N}: donnez votre second facteur.`,
  ],
  'enrolment-owed': [
    403,
    'Your role asks for a second factor. Set one up first: a code generator or a passkey.',
    `Votre rôle demande un second facteur. Mettez-en d’abord un en place${N}: un générateur de codes ou une clé d’accès.`,
  ],
  'factor-refused': [
    401,
    'This code or passkey is not right, or was used already. Take a new one and try again in {seconds} s.',
    `Ce code ou cette clé d’accès ne convient pas, ou a déjà servi. Prenez-en un nouveau et réessayez dans {seconds}${U}s.`,
  ],
  'factor-needed': [
    409,
    'Your role may not do without a second factor. Set another one up first, then take this one away.',
    'Votre rôle ne peut pas se passer d’un second facteur. Mettez-en d’abord un autre en place, puis retirez celui-ci.',
  ],
  'password-wrong': [
    422,
    'The current password is not right. Try again in {seconds} s.',
    `Le mot de passe actuel ne convient pas. Réessayez dans {seconds}${U}s.`,
  ],
  'step-up-needed': [
    403,
    'This asks for a fresh proof of who you are. Give a second factor, then repeat it.',
    'Ceci demande une nouvelle preuve de votre identité. Donnez un second facteur, puis recommencez.',
  ],
  'totp-unoffered': [
    409,
    'There is no secret to confirm, or it is older than ten minutes. Ask for a new one.',
    'Il n’y a pas de secret à confirmer, ou il a plus de dix minutes. Demandez-en un nouveau.',
  ],
  'factor-none': [
    404,
    'There is no such factor on your account. List your account again.',
    'Votre compte n’a pas ce facteur. Affichez de nouveau votre compte.',
  ],
  'passkey-refused': [
    422,
    'This passkey could not be taken: its answer is too old, incomplete, or was made for another address. Try again.',
    `Cette clé d’accès n’a pas pu être enregistrée${N}: sa réponse est trop ancienne, incomplète ou destinée à une autre adresse. Réessayez.`,
  ],
  'passkey-needs-name': [
    422,
    'Passkeys need a host name: open this page under the hub’s name, or localhost, not under an IP address.',
    `Les clés d’accès demandent un nom d’hôte${N}: ouvrez cette page sous le nom du hub, ou localhost, pas sous une adresse IP.`,
  ],
  'passkeys-full': [
    409,
    'There are {limit} passkeys on your account already. Take one away first.',
    `Votre compte a déjà {limit}${U}clés d’accès. Retirez-en une d’abord.`,
  ],
  'session-unknown': [
    404,
    'You have no such session; it may have ended. List your sessions again.',
    'Vous n’avez pas cette session, ou elle est terminée. Affichez de nouveau vos sessions.',
  ],
  'operator-exists': [
    409,
    'Somebody signs in as {login} already. Choose another login, or give that account a new link: vigie operator reset {login}',
    `Quelqu’un se connecte déjà sous {login}. Choisissez un autre identifiant, ou donnez un nouveau lien à ce compte${N}: vigie operator reset {login}`,
  ],
  'operator-own': [
    403,
    'Nobody changes, ends or resets their own account. Ask another administrator, or whoever runs the hub: vigie operator change {login}',
    `Personne ne modifie, ne ferme ni ne réinitialise son propre compte. Demandez à un autre administrateur, ou à qui gère le hub${N}: vigie operator change {login}`,
  ],
  'operator-last': [
    409,
    '{login} is the last administrator who can sign in everywhere. Give somebody else this role first.',
    '{login} est le dernier administrateur à pouvoir se connecter partout. Donnez d’abord ce rôle à quelqu’un d’autre.',
  ],
  'operator-disabled': [
    409,
    'The account of {login} is disabled. Enable it first: vigie operator enable {login}',
    `Le compte de {login} est désactivé. Réactivez-le d’abord${N}: vigie operator enable {login}`,
  ],
  'role-unknown': [422, 'No role {role}. Roles: {expected}.', `Le rôle {role} n’existe pas. Rôles${N}: {expected}.`],
  'token-refused': [
    401,
    'This token is unknown, has expired, or was revoked. Ask whoever looks after the hub for a new one.',
    'Ce jeton est inconnu, expiré ou révoqué. Demandez-en un nouveau à qui s’occupe du hub.',
  ],
  'token-unknown': [
    404,
    'No token {token}, or it was revoked already. List them with: vigie token list',
    `Aucun jeton {token}, ou il est déjà révoqué. Pour en voir la liste${N}: vigie token list`,
  ],
  'token-beyond': [
    422,
    'A token of yours cannot have {capability}: you may not do that yourself, or no program may. Leave it out.',
    `Un jeton de votre part ne peut pas avoir {capability}${N}: vous n’en avez pas le droit, ou aucun programme ne l’a. Retirez-le.`,
  ],
  'token-term': [
    422,
    'A token ends in the future, and at most {days} days ahead. Choose another day.',
    `Un jeton prend fin dans le futur, et au plus {days}${U}jours plus tard. Choisissez un autre jour.`,
  ],
  'tokens-full': [
    409,
    'There are {limit} tokens of yours already. Revoke one that is no longer needed first.',
    `Vous avez déjà {limit}${U}jetons. Révoquez-en d’abord un qui ne sert plus.`,
  ],
  'streams-full': [
    429,
    'There are {limit} streams of yours open already. Close one, then try again in {seconds} s.',
    `Vous avez déjà {limit}${U}flux ouverts. Fermez-en un, puis réessayez dans {seconds}${U}s.`,
  ],
  'cursor-ahead': [
    409,
    'The journal has not come to row {seq}: it is another one, or was restored. Read /api/v1/events, and follow from there.',
    `Le journal n’a pas atteint la ligne {seq}${N}: c’en est un autre, ou il a été restauré. Lisez /api/v1/events, puis reprenez de là.`,
  ],
  'idempotency-conflict': [
    409,
    'This Idempotency-Key was used for another request. Take a new UUID for each.',
    'Cette Idempotency-Key a servi à une autre requête. Prenez un nouvel UUID pour chacune.',
  ],
  'idempotency-spent': [
    409,
    'This was done already, and its answer was shown once. Look at how things stand before you ask again.',
    'Ceci est déjà fait, et sa réponse n’a été montrée qu’une fois. Regardez où en sont les choses avant de redemander.',
  ],
  'idempotency-busy': [
    409,
    'The same request is still at work. Ask again in {seconds} s.',
    `La même requête est encore en cours. Redemandez dans {seconds}${U}s.`,
  ],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
