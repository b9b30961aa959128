/** Failures around the directory and the identity provider: part of the table of errors.ts. */

/** French typography: a narrow no-break space before : ; ! ?. */
const N = '\u202f'

export const DIRECTORY_ERRORS = {
  'directory-invalid': [
    422,
    '{file}:{line}: {field}: {expected}. Correct the entry, then restart the hub; until then the directory gives nobody an account.',
    `{file}:{line}${N}: {field}${N}: {expected}. Corrigez l’entrée, puis redémarrez le hub${N}; d’ici là, l’annuaire n’ouvre de compte à personne.`,
  ],
  'directory-unusable': [
    503,
    'The file of the directory’s groups can’t be used, so nobody gets in by the directory. Whoever runs the hub finds the entry in its log.',
    'Le fichier des groupes de l’annuaire est inutilisable, et l’annuaire ne donne accès à personne. Qui gère le hub trouve l’entrée dans son relevé.',
  ],
  'provider-unset': [
    404,
    'Signing in with the hospital’s account is not set up here. Sign in with your Vigie login.',
    'La connexion avec le compte de l’hôpital n’est pas réglée ici. Connectez-vous avec votre identifiant Vigie.',
  ],
  'provider-unreachable': [
    503,
    'The hospital’s sign-in service does not answer as it should. Try again in a minute, or sign in with a Vigie login.',
    'Le service de connexion de l’hôpital ne répond pas comme il faut. Réessayez dans une minute, ou connectez-vous avec un identifiant Vigie.',
  ],
  'provider-refused': [
    401,
    'What the hospital’s sign-in service sent could not be trusted, and nobody was signed in. Start again; if it stays so, tell whoever runs the hub.',
    `Ce que le service de connexion de l’hôpital a envoyé n’est pas digne de confiance, et personne n’a été connecté. Recommencez${N}; si cela dure, prévenez qui gère le hub.`,
  ],
  'provider-declined': [
    401,
    'The hospital’s sign-in service let nobody in, or you went back. Start again when you want to sign in.',
    'Le service de connexion de l’hôpital n’a laissé entrer personne, ou vous avez renoncé. Recommencez quand vous voulez vous connecter.',
  ],
  'provider-expired': [
    401,
    'This sign-in took more than ten minutes, was begun in another browser, or was finished already. Start again.',
    'Cette connexion a pris plus de dix minutes, a commencé dans un autre navigateur, ou est déjà terminée. Recommencez.',
  ],
  'provider-no-group': [
    403,
    'None of your groups has access to Vigie. Ask whoever looks after the directory.',
    'Aucun de vos groupes n’a accès à Vigie. Adressez-vous à qui s’occupe de l’annuaire.',
  ],
  'provider-disabled': [
    403,
    'Your account in Vigie is disabled. Ask an administrator of Vigie.',
    'Votre compte Vigie est désactivé. Adressez-vous à un administrateur de Vigie.',
  ],
  'provider-name-taken': [
    409,
    'Your name at the hospital’s sign-in service is the login of another account here. Ask an administrator of Vigie.',
    'Votre nom auprès du service de connexion est l’identifiant d’un autre compte ici. Adressez-vous à un administrateur de Vigie.',
  ],
  'provider-one-factor': [
    403,
    'The hospital’s sign-in service did not ask for a second factor. Give one of your own in Vigie.',
    'Le service de connexion de l’hôpital n’a pas demandé de second facteur. Donnez-en un à vous dans Vigie.',
  ],
  'provider-only': [
    403,
    'Your account is known by the hospital’s sign-in service: sign in there. Your passkey is its second factor here.',
    `Votre compte passe par le service de connexion de l’hôpital${N}: connectez-vous là. Votre clé d’accès est ici son second facteur.`,
  ],
  'provider-someone-else': [
    403,
    'The hospital’s sign-in service vouched for somebody else than who is signed in. Sign out, then sign in as yourself.',
    'Le service de connexion de l’hôpital s’est porté garant de quelqu’un d’autre. Déconnectez-vous, puis connectez-vous vous-même.',
  ],
  'logout-token-refused': [
    400,
    'This logout token is not one of the identity provider’s, is too old, or was used already. No session was ended.',
    'Ce jeton de déconnexion n’est pas du fournisseur d’identité, est trop ancien ou a déjà servi. Aucune session n’a été fermée.',
  ],
  'operator-external': [
    409,
    'The account of {login} comes from the directory: name, role, zones and sign-in are changed there. Here it can be disabled.',
    `Le compte de {login} vient de l’annuaire${N}: nom, rôle, zones et connexion se changent là-bas. Ici, on peut le désactiver.`,
  ],
  'scim-invalid': [
    400,
    'The value of {field} can’t be taken: {expected}.',
    `La valeur de {field} ne peut pas être prise${N}: {expected}.`,
  ],
  'scim-filter': [
    400,
    'This filter can’t be read. Write it as RFC 7644, section 3.4.2.2, has it: at most 2,000 characters, 60 terms, 20 brackets deep.',
    `Ce filtre est illisible. Écrivez-le comme le veut la RFC 7644, section 3.4.2.2${N}: au plus 2\u00a0000\u00a0caractères, 60\u00a0termes, 20\u00a0niveaux de parenthèses.`,
  ],
  'scim-path': [
    400,
    'The path {field} names nothing that a resource of this kind has.',
    'Le chemin {field} ne nomme rien qu’une ressource de ce genre possède.',
  ],
  'scim-target': [
    400,
    'Nothing in the resource is what {field} asks for, so nothing was changed.',
    'Rien dans la ressource ne correspond à {field}, et rien n’a été modifié.',
  ],
  'scim-read-only': [
    400,
    '{field} is said by Vigie alone and can’t be changed.',
    '{field} est tenu par Vigie seul et ne se modifie pas.',
  ],
  'scim-taken': [
    409,
    'There is a user with this {field} already. Read it by a filter, and change that one.',
    `Il y a déjà un utilisateur avec ce {field}. Lisez-le par un filtre et modifiez celui-là.`,
  ],
  'scim-unknown': [
    404,
    'There is no {kind} with this id. It may have been deleted, or erased at the wish of the person.',
    `Il n’y a pas de {kind} avec cet identifiant. Il a pu être supprimé, ou effacé à la demande de la personne.`,
  ],
} as const satisfies Record<string, readonly [status: number, en: string, fr: string]>
