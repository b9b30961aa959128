/**
 * The one table of failures: code, status, words in English and in French. A refusal (a denied badge, a refused message)
 * is a value and is not here. The words tell the person what to do next; `{field}` and the like are filled from the
 * error's own details, never from secrets or raw bytes. The status is HTTP's; `usage` has the command line's exit code.
 * After a change: hub/test/error-pages.ts says how to write docs/errors.md again.
 */

import { MORE_ERRORS } from './error-tables.ts'

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'

export const ERRORS = {
  'config-invalid': [
    500,
    'Setting {field} is not valid: {expected}. Correct the environment variable and start again.',
    `Le réglage {field} n’est pas valable${N}: {expected}. Corrigez la variable d’environnement et relancez.`,
  ],
  'data-in-use': [
    409,
    'Another hub is using the data folder {file}. Stop it first, or choose another VIGIE_DATA_DIR.',
    'Un autre hub utilise le dossier de données {file}. Arrêtez-le d’abord, ou choisissez un autre VIGIE_DATA_DIR.',
  ],
  'data-permissions': [
    500,
    '{file} can be read by other users. Run: chmod 600 {file}',
    `{file} peut être lu par d’autres utilisateurs. Lancez${N}: chmod 600 {file}`,
  ],
  'key-missing': [
    500,
    'The journal key is missing: {file}. Restore it from where you keep it, or set VIGIE_JOURNAL_KEY; without it the data cannot be read.',
    `La clé du journal manque${N}: {file}. Restaurez-la depuis l’endroit où vous la gardez, ou renseignez VIGIE_JOURNAL_KEY${N}; sans elle, les données sont illisibles.`,
  ],
  'key-wrong': [
    500,
    'The journal key does not open {file}. Check that the key belongs to this data folder.',
    'La clé du journal n’ouvre pas {file}. Vérifiez que cette clé est celle de ce dossier de données.',
  ],
  'port-in-use': [
    500,
    'Port {port} is taken. Stop the other program or set {field}.',
    'Le port {port} est pris. Arrêtez l’autre programme ou changez {field}.',
  ],
  'journal-unavailable': [
    503,
    'The journal cannot be written: {cause}. Free disk space or repair the disk; doors act by their failure mode until then.',
    `Le journal ne peut pas être écrit${N}: {cause}. Libérez de la place ou réparez le disque${N}; d’ici là, les portes suivent leur mode de défaillance.`,
  ],
  'journal-damaged': [
    500,
    'The journal does not verify: row {row}, {cause}. Keep the file, do not repair it, and call your auditor.',
    `Le journal n’est pas intact${N}: ligne${U}{row}, {cause}. Gardez le fichier, ne le réparez pas et appelez votre auditeur.`,
  ],
  'site-syntax': [
    422,
    '{file}:{line}:{column}: not JSON: {expected}. Nothing was changed.',
    `{file}:{line}:{column}${N}: ce n’est pas du JSON${N}: {expected}. Rien n’a été changé.`,
  ],
  'site-invalid': [
    422,
    '{file}:{line}: {field}: {expected}. Nothing was changed.',
    `{file}:{line}${N}: {field}${N}: {expected}. Rien n’a été changé.`,
  ],
  'site-conflict': [
    409,
    'Site id {field} cannot change while {count} devices hold certificates for it. Nothing was changed.',
    `L’identifiant de site ne peut pas devenir {field} tant que des appareils ({count}) ont un certificat au nom de l’ancien. Rien n’a été changé.`,
  ],
  'site-withdraws': [
    409,
    'The file leaves out {count} device(s) that hold certificates, {device} among them: applying it would revoke them for good. If that is meant, add --withdraw. Nothing was changed.',
    'Le fichier ne nomme plus {count} appareil(s) qui ont un certificat, dont {device} : l’appliquer les révoquerait définitivement. Si c’est voulu, ajouter --withdraw. Rien n’a été changé.',
  ],
  'data-missing': [
    404,
    'No Vigie data in {file}. Check VIGIE_DATA_DIR, or start the hub once.',
    'Pas de données de Vigie dans {file}. Vérifier VIGIE_DATA_DIR, ou démarrer le hub une fois.',
  ],
  'site-changed': [
    409,
    'Somebody else changed the site in the same moment. Nothing was changed by this call; look at the plan and apply again.',
    'Quelqu’un d’autre a changé le site au même moment. Cet appel n’a rien changé ; relire le plan, puis appliquer de nouveau.',
  ],
  'situation-changed': [
    409,
    'Something has changed in the meantime. Nothing was changed by this call; look at what is going on now, and decide again.',
    `La situation a changé entre-temps. Cet appel n’a rien changé${N}; regardez où en sont les choses et décidez de nouveau.`,
  ],
  'edit-conflict': [
    409,
    'Somebody else has changed {kind} {id} in the meantime: it stands at revision {revision} now. Nothing was changed by this call; read it again and repeat your change.',
    `Quelqu’un d’autre a modifié {kind} {id} entre-temps${N}: l’élément en est à la révision {revision}. Cet appel n’a rien changé${N}; relisez-le et refaites votre modification.`,
  ],
  'badge-unknown': [
    404,
    'No such badge in this site. Check its number; the badges are in: vigie site export',
    `Ce badge n’existe pas dans ce site. Vérifiez son numéro${N}; les badges figurent dans${N}: vigie site export`,
  ],
  'operator-unknown': [
    404,
    'No operator signs in as {login}. Check the spelling.',
    'Aucun opérateur ne se connecte sous {login}. Vérifiez l’orthographe.',
  ],
  'pin-weak': [
    422,
    '{field}: choose 4 to 8 digits, not all the same, not counting up or down. A duress PIN has as many digits as the PIN and is a different one.',
    `{field}${N}: choisissez 4 à 8${U}chiffres, pas tous identiques, pas une suite montante ou descendante. Un code de contrainte a autant de chiffres que le code PIN et en diffère.`,
  ],
  'person-unknown': [
    404,
    'No person {person} in this site. Check the id; the people are in: vigie site export',
    `Aucune personne {person} dans ce site. Vérifiez l’identifiant${N}; les personnes figurent dans${N}: vigie site export`,
  ],
  'plan-unknown': [
    404,
    'No plan {plan} of this kind. Plans: {expected}.',
    `Aucun plan {plan} de ce type. Plans${N}: {expected}.`,
  ],
  'plan-running': [
    409,
    'Plan {plan} is in force already. Nothing was changed.',
    'Le plan {plan} est déjà en vigueur. Rien n’a été changé.',
  ],
  'plan-not-running': [
    409,
    'Plan {plan} is not in force. Nothing was changed; the list command says what is.',
    `Le plan {plan} n’est pas en vigueur. Rien n’a été changé${N}; la commande list dit ce qui l’est.`,
  ],
  'evacuation-not-stored': [
    503,
    'The evacuation was NOT started: the data folder cannot be written ({cause}). Start it on the page of the hub, or open the doors by hand.',
    'L’évacuation n’a PAS commencé : le dossier de données ne peut pas être écrit ({cause}). Lancez-la sur la page du hub, ou ouvrez les portes à la main.',
  ],
  'zone-unknown': [
    404,
    'No zone {zone} in this site. List them with: vigie item show zone',
    `Aucune zone {zone} dans ce site. Pour en voir la liste${N}: vigie item show zone`,
  ],
  'grant-invalid': [
    422,
    '{field}: {expected}. No grant was issued.',
    `{field}${N}: {expected}. Aucun accès n’a été accordé.`,
  ],
  'door-not-open': [
    409,
    'Access point {accessPoint} does not count as an open door of a man-trap. Nothing was changed; a refusal of the other doors names the one that does.',
    `L’accès {accessPoint} ne compte pas comme une porte de sas ouverte. Rien n’a été changé${N}; le refus des autres portes nomme celle qui compte comme ouverte.`,
  ],
  'grant-unknown': [
    404,
    'No grant {grant} is in force or to come. List them with: vigie grant list',
    `Aucun accès temporaire {grant} n’est en vigueur ou à venir. Pour en voir la liste${N}: vigie grant list`,
  ],
  'review-unknown': [
    404,
    'No open review {review}. List them with: vigie review list',
    `Aucun examen {review} en attente. Pour en voir la liste${N}: vigie review list`,
  ],
  'review-own': [
    403,
    'Whoever opened in an emergency does not close its review. Ask a second person.',
    'Qui a ouvert en urgence ne clôt pas l’examen de cette ouverture. Demandez à une deuxième personne.',
  ],
  'review-needs-person': [
    403,
    'Your account is linked to nobody of the site, so that you might be closing your own review. Ask another administrator to link it, or whoever runs the hub: vigie operator link {login} <person>',
    `Votre compte n’est rattaché à personne du site${N}: vous pourriez clore l’examen de votre propre ouverture. Demandez à un autre administrateur de le rattacher, ou à qui gère le hub${N}: vigie operator link {login} <personne>`,
  ],
  'link-own': [
    403,
    'Nobody links or unlinks their own account. Ask another administrator, or whoever runs the hub: vigie operator link {login} <person>',
    `Personne ne rattache ni ne détache son propre compte. Demandez à un autre administrateur, ou à qui gère le hub${N}: vigie operator link {login} <personne>`,
  ],
  'item-unknown': [
    404,
    'No {kind} {id} in this site. List them with: vigie item show {kind}',
    `Aucun élément {kind} {id} dans ce site. Pour en voir la liste${N}: vigie item show {kind}`,
  ],
  'item-invalid': [
    422,
    '{kind} {id}: {field}: {expected}. Nothing was changed.',
    `{kind} {id}${N}: {field}${N}: {expected}. Rien n’a été changé.`,
  ],
  'site-outdated': [
    409,
    'Somebody else has changed {kind} {id} since revision {revision}, which the file was exported at. Nothing was changed; export again and repeat your changes.',
    `Quelqu’un d’autre a modifié {kind} {id} depuis la révision {revision}, celle de l’export de ce fichier. Rien n’a été changé${N}; exportez de nouveau et refaites vos modifications.`,
  ],
  'device-exists': [
    409,
    'Device {device} already holds a certificate. Use: vigie device renew {device}',
    `L’appareil {device} a déjà un certificat. Utilisez${N}: vigie device renew {device}`,
  ],
  'device-unknown': [
    404,
    'No device {device}. List them with: vigie device list',
    `Aucun appareil {device}. Pour en voir la liste${N}: vigie device list`,
  ],
  'device-id-invalid': [
    422,
    'Device id {field}: use 1 to 63 lower-case letters, digits and hyphens.',
    `Identifiant d’appareil {field}${N}: utilisez 1 à 63${U}lettres minuscules, chiffres et tirets.`,
  ],
  'device-revoked': [
    409,
    'Device {device} is revoked. Add it again under a new id, or use: vigie device add {device} --again',
    `L’appareil {device} est révoqué. Ajoutez-le sous un nouvel identifiant, ou utilisez${N}: vigie device add {device} --again`,
  ],
  'model-unknown': [
    422,
    'No model {field}. Known models: {expected}.',
    `Aucun modèle {field}. Modèles connus${N}: {expected}.`,
  ],
  'not-in-force': [
    504,
    'The change is stored, but the running hub has not taken it over within {seconds} s. Look at the log of the hub.',
    `Le changement est enregistré, mais le hub en marche ne l’a pas repris en {seconds}${U}s. Consultez le relevé du hub.`,
  ],
  'enrol-code-invalid': [
    401,
    'This one-time code is unknown, used or expired. Make a new one with: vigie device code {device}',
    `Ce code à usage unique est inconnu, déjà utilisé ou expiré. Pour en créer un autre${N}: vigie device code {device}`,
  ],
  'tls-required': [
    403,
    'Enrolment needs HTTPS. Use the HTTPS port.',
    'L’enrôlement demande HTTPS. Utilisez le port HTTPS.',
  ],
  'enrol-code-required': [
    401,
    'Give the device id as user and its one-time code as password.',
    'Donnez l’identifiant de l’appareil comme utilisateur et son code à usage unique comme mot de passe.',
  ],
  'csr-invalid': [
    400,
    'The certificate request is not acceptable: {expected}.',
    `La demande de certificat n’est pas acceptable${N}: {expected}.`,
  ],
  'authority-damaged': [
    500,
    '{file} does not hold a certificate and its key: {cause}. Restore it from a backup; without it every device must be enrolled again.',
    `{file} ne contient pas un certificat et sa clé${N}: {cause}. Restaurez-le depuis une sauvegarde${N}; sans lui, chaque appareil doit être enrôlé de nouveau.`,
  ],
  'authority-expired': [
    500,
    'The certificate authority expired on {date}. Correct the clock, or make a new authority and enrol every device again.',
    'L’autorité de certification a expiré le {date}. Corrigez l’horloge, ou créez une nouvelle autorité et enrôlez de nouveau chaque appareil.',
  ],
  'client-certificate-required': [
    401,
    'Renewing needs the present, valid client certificate.',
    'Le renouvellement demande le certificat client actuel, encore valable.',
  ],
  'renewal-too-early': [
    429,
    'Device {device} holds {count} certificates that are far from expiring. It can renew again from {date}; use the newest one until then.',
    `L’appareil {device} a {count}${U}certificats encore loin de leur échéance. Il pourra renouveler à partir du {date}${N}; d’ici là, utilisez le plus récent.`,
  ],
  usage: [2, '{expected}', '{expected}'],
  'file-unreadable': [
    422,
    'Cannot read {file}: {cause}. Correct the path, or the rights on the file.',
    `Lecture impossible de {file}${N}: {cause}. Corrigez le chemin, ou les droits sur le fichier.`,
  ],
  'file-unwritable': [
    500,
    'Cannot write {file}: {cause}. Free disk space or correct the owner of the folder.',
    `Écriture impossible dans {file}${N}: {cause}. Libérez de la place ou corrigez le propriétaire du dossier.`,
  ],
  'not-signed-in': [401, 'Sign in first.', 'Connectez-vous d’abord.'],
  'not-allowed': [
    403,
    'Your role does not allow this. Ask an administrator.',
    'Votre rôle ne le permet pas. Adressez-vous à un administrateur.',
  ],
  'origin-refused': [
    403,
    'This request comes from another site and was refused. Repeat it on the page of the hub itself.',
    'Cette demande vient d’un autre site et a été refusée. Refaites-la sur la page du hub lui-même.',
  ],
  'sign-in-refused': [
    401,
    'Name or password is not right. Try again in {seconds} s.',
    `Identifiant ou mot de passe incorrect. Réessayez dans {seconds}${U}s.`,
  ],
  'setup-refused': [
    401,
    'This setup link is used or expired. Restart the hub to print a new one.',
    'Ce lien d’installation a déjà servi ou a expiré. Redémarrez le hub, il en affiche un autre.',
  ],
  'password-weak': [
    422,
    'Choose a password of 12 to 128 characters that is not your name.',
    `Choisissez un mot de passe de 12 à 128${U}caractères, autre que votre nom.`,
  ],
  'input-invalid': [422, '{field}: {expected}.', `{field}${N}: {expected}.`],
  'precondition-required': [
    428,
    'Say which revision you saw: If-Match with the ETag of the item, or If-None-Match: * for a new one. Nothing was changed.',
    `Indiquez la révision que vous avez vue${N}: If-Match avec l’ETag de l’élément, ou If-None-Match${N}: * pour un nouveau. Rien n’a été changé.`,
  ],
  'not-found': [404, 'Nothing here. Check the address.', 'Rien à cette adresse. Vérifiez-la.'],
  'host-refused': [
    421,
    'Open this page as localhost or 127.0.0.1, or over HTTPS under the name in the certificate.',
    'Ouvrez cette page sous localhost ou 127.0.0.1, ou en HTTPS sous le nom inscrit dans le certificat.',
  ],
  'request-malformed': [
    400,
    'The request could not be read: its address, its length or its JSON is not well formed. Correct it and send it again.',
    `La demande est illisible${N}: son adresse, sa longueur ou son JSON est mal formé. Corrigez-la et renvoyez-la.`,
  ],
  'body-too-large': [
    413,
    'The request is larger than {limit} bytes. Send less at once.',
    `La demande dépasse {limit}${U}octets. Envoyez-en moins à la fois.`,
  ],
  'media-type-unsupported': [415, 'Send the body as {expected}.', 'Envoyez le corps au format {expected}.'],
  'too-many-requests': [
    429,
    'Too many requests. Try again in {seconds} s.',
    `Trop de demandes. Réessayez dans {seconds}${U}s.`,
  ],
  'command-failed': [
    500,
    'The command failed unexpectedly: {cause}. Report this sentence with the command you gave.',
    `La commande a échoué de façon imprévue${N}: {cause}. Signalez cette phrase avec la commande donnée.`,
  ],
  internal: [
    500,
    'Something failed in the hub. It is in the log under {id}.',
    'Le hub a rencontré une erreur. Elle est dans son relevé sous {id}.',
  ],
  ...MORE_ERRORS,
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
export type ErrorCode = keyof typeof ERRORS
export type Language = 'en' | 'fr'
/** A detail that is words: a person reads it in their language. */
export type Said = Readonly<Record<Language, string>>
type Details = Readonly<Record<string, string | number | Said>>
type PlainDetails = Readonly<Record<string, string | number>>

const PLACE = { en: 1, fr: 2 } as const

/** A failure from the table. `message` is English, for logs; `messageIn` is for a person, `details` for a program. */
export class VigieError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly details: Details

  constructor(code: ErrorCode, details: Details = {}, options?: ErrorOptions) {
    super(wordsOf(code, details, 'en'), options)
    this.name = 'VigieError'
    this.code = code
    this.status = ERRORS[code][0]
    this.details = details
  }

  messageIn(language: Language): string {
    return wordsOf(this.code, this.details, language)
  }

  /** The details with their words in one language. */
  detailsIn(language: Language): PlainDetails {
    return plain(this.details, language)
  }
}

function wordsOf(code: ErrorCode, details: Details, language: Language): string {
  const known = plain(details, language)
  return ERRORS[code][PLACE[language]].replace(/\{(\w+)\}/g, (_, name: string) => String(known[name] ?? '?'))
}

const plain = (details: Details, language: Language): PlainDetails =>
  Object.fromEntries(Object.entries(details).map(([k, v]) => [k, typeof v === 'object' ? v[language] : v]))

export const isVigieError = (e: unknown): e is VigieError => e instanceof VigieError
/** The words of anything thrown, without its stack. */
export const causeOf = (e: unknown): string => (e instanceof Error ? e.message : String(e))
