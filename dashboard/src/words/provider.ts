/** Signing in by the hospital's identity provider: what the button says, and why it came to nothing. */
import type { Words } from './types.ts'

export interface ProviderWords {
  signIn(name: string): string
  /** After signing out here. */
  leave(name: string): string
  readonly leaveHint: string
  /** A step-up, in a window of its own. */
  readonly proofTitle: string
  readonly proofSub: string
  readonly proved: string
  readonly close: string
  readonly go: string
  prove(name: string): string
  readonly proving: string
  /** One's own account, in place of its password. */
  noPassword(name: string): string
  /** By the code that the hub sent the browser back with. */
  readonly problems: Readonly<Record<string, string>>
}

const N = '\u202f'
const fr: ProviderWords = {
  signIn: name => `Se connecter avec ${name}`,
  leave: name => `Fermer aussi la session ${name}`,
  leaveHint: 'Sur un poste partagé, la personne suivante y entrerait sans rien donner.',
  proofTitle: `Est-ce bien vous${N}?`,
  proofSub: 'Une preuve fraîche, demandée par Vigie',
  proved: 'C’est vérifié. Revenez à la fenêtre de Vigie, qui continue d’elle-même.',
  close: 'Fermer cette fenêtre',
  go: 'Continuer dans Vigie',
  prove: name => `Le prouver avec ${name}`,
  proving: 'En attente de l’autre fenêtre…',
  noPassword: name => `Ce compte vient de l’annuaire et se connecte avec ${name}. Il n’a pas de mot de passe ici.`,
  problems: {
    'provider-unreachable':
      'Le service de connexion de l’hôpital ne répond pas comme il faut. Réessayez dans une minute.',
    'provider-refused':
      'La réponse du service de connexion n’est pas digne de confiance. Recommencez, et si cela dure, prévenez l’informatique.',
    'provider-declined': 'Vous n’avez pas été connecté là-bas. Recommencez quand vous voulez.',
    'provider-expired':
      'Cette connexion a trop duré, a déjà servi, ou a commencé dans un autre navigateur. Recommencez.',
    'provider-no-group': 'Aucun de vos groupes n’a accès à Vigie. Adressez-vous à qui s’occupe de l’annuaire.',
    'provider-disabled': 'Votre compte Vigie est désactivé. Adressez-vous à un administrateur.',
    'provider-name-taken':
      'Un autre compte porte déjà votre identifiant ici. Rien n’a été rattaché. Adressez-vous à un administrateur.',
    'provider-one-factor': 'Le service de connexion n’a demandé qu’une preuve. Donnez votre second facteur dans Vigie.',
    'provider-someone-else':
      'Le service de connexion connaît quelqu’un d’autre dans ce navigateur. Rien n’a été vérifié.',
    'directory-unusable':
      'La liste des groupes est inutilisable, l’annuaire ne donne accès à personne. Prévenez l’informatique.',
    'operator-last':
      'Vos groupes vous retireraient le rôle d’administrateur, or vous êtes le dernier. Donnez d’abord ce rôle à quelqu’un d’autre.',
  },
}
const en: ProviderWords = {
  signIn: name => `Sign in with ${name}`,
  leave: name => `End the session with ${name} too`,
  leaveHint: 'At a shared computer, the next person would get in there without giving anything.',
  proofTitle: 'Is it really you?',
  proofSub: 'A fresh proof that Vigie asked for',
  proved: 'Done. Go back to the window of Vigie, which goes on by itself.',
  close: 'Close this window',
  go: 'Go on in Vigie',
  prove: name => `Prove it with ${name}`,
  proving: 'Waiting for the other window…',
  noPassword: name => `This account comes from the directory and signs in with ${name}. It has no password here.`,
  problems: {
    'provider-unreachable': 'The hospital’s sign-in service does not answer as it should. Try again in a minute.',
    'provider-refused':
      'The answer of the sign-in service could not be trusted. Start again, and if it stays so, tell IT.',
    'provider-declined': 'You were not signed in there. Start again whenever you like.',
    'provider-expired': 'This sign-in took too long, was used already, or began in another browser. Start again.',
    'provider-no-group': 'None of your groups has access to Vigie. Ask whoever looks after the directory.',
    'provider-disabled': 'Your account in Vigie is disabled. Ask an administrator.',
    'provider-name-taken': 'Another account here has your login already. Nothing was joined. Ask an administrator.',
    'provider-one-factor': 'The sign-in service asked for one proof only. Give your second factor in Vigie.',
    'provider-someone-else': 'The sign-in service knows somebody else in this browser. Nothing was proved.',
    'directory-unusable': 'The list of groups can’t be used, the directory lets nobody in. Tell IT.',
    'operator-last':
      'Your groups would take the administrator’s role from you, and you are the last one. Give it to somebody else first.',
  },
}

export const providerWords: Readonly<Record<Words['locale'], ProviderWords>> = { fr, en }
