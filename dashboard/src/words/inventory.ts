/** Who holds what: badges, accounts, grants, and what of it should not be. */
import type { InventoryFlag, InventoryLine } from '../contract.ts'

type Badge = InventoryLine['badges'][number]
type Account = InventoryLine['accounts'][number]
type Kind = NonNullable<InventoryLine['person']>['kind']
export interface InventoryWords
  extends Record<
    | 'title'
    | 'sub'
    | 'search'
    | 'flag'
    | 'all'
    | 'csv'
    | 'who'
    | 'badges'
    | 'accounts'
    | 'grants'
    | 'findings'
    | 'fine'
    | 'nobody'
    | 'empty'
    | 'none'
    | 'failed'
    | 'gone'
    | 'more'
    | 'kind'
    | 'until'
    | 'pin'
    | 'pinSet'
    | 'pinNone'
    | 'lastUsed'
    | 'lastSignIn'
    | 'never'
    | 'unused'
    | 'factor'
    | 'withFactor'
    | 'noFactor'
    | 'provider'
    | 'tokens'
    | 'role'
    | 'zones'
    | 'everywhere'
    | 'noBadge'
    | 'noAccount'
    | 'days'
    | 'toOperators',
    string
  > {
  readonly flags: Readonly<Record<InventoryFlag, string>>
  /** What there is to do about it. */
  readonly todo: Readonly<Record<InventoryFlag, string>>
  readonly badge: Readonly<Record<Badge['status'], string>>
  readonly account: Readonly<Record<Account['status'], string>>
  readonly kinds: Readonly<Record<Kind, string>>
  shown(n: number, of: number): string
  spanOf(days: number): string
  since(day: string): string
}

const U = '\u00a0'
const s = (n: number): string => (n > 1 ? 's' : '')
const fr: InventoryWords = {
  title: 'Qui détient quoi',
  sub: 'Badges, comptes et accès de chacun. Chaque lecture est inscrite au journal.',
  search: 'Nom, badge, rôle',
  flag: 'Constats',
  all: 'Tous',
  csv: 'Exporter le tableau',
  who: 'Qui',
  badges: 'Badges',
  accounts: 'Comptes',
  grants: 'Accès temporaires',
  findings: 'Constats',
  fine: 'Rien à signaler',
  nobody: 'Compte sans personne',
  empty: 'Le site ne connaît personne.',
  none: 'Rien ne répond à cette recherche.',
  failed: 'L’inventaire n’a pas pu être lu.',
  gone: 'Cette personne ou ce compte n’est plus là.',
  more: 'Voir la suite',
  kind: 'Statut',
  until: 'Jusqu’au',
  pin: 'Code PIN',
  pinSet: 'Posé',
  pinNone: 'Aucun',
  lastUsed: 'Dernier usage',
  lastSignIn: 'Dernière connexion',
  never: 'jamais',
  unused: 'sans usage',
  factor: 'Second facteur',
  withFactor: 'Oui',
  noFactor: 'Aucun',
  provider: 'Par le fournisseur d’identité',
  tokens: 'Jetons d’API',
  role: 'Rôle',
  zones: 'Zones',
  everywhere: 'Partout',
  noBadge: 'Aucun badge.',
  noAccount: 'Aucun compte.',
  days: 'Sans usage depuis',
  toOperators: 'Voir le compte',
  flags: {
    departed: 'Partie, mais détient encore',
    'no-holder': 'Sans personne',
    'no-second-factor': 'Sans second facteur',
    unused: 'Sans usage',
    'never-signed-in': 'Jamais connecté',
  },
  todo: {
    departed: 'La date de fin est passée. Retirez tous ses accès en déclarant son départ.',
    'no-holder': 'Ce compte n’est rattaché à personne du site. Rattachez-le, ou désactivez-le.',
    'no-second-factor': 'Un mot de passe seul ouvre ce compte. Faites-lui poser un code ou une clé d’accès.',
    unused: 'Ce qui ne sert pas peut se perdre sans que personne ne le voie. Retirez-le.',
    'never-signed-in': 'L’invitation date de plus d’une semaine. Relancez la personne ou désactivez le compte.',
  },
  badge: { active: 'Actif', suspended: 'Suspendu', lost: 'Perdu', revoked: 'Révoqué' },
  account: { active: 'Actif', invited: 'Invité', disabled: 'Désactivé' },
  kinds: { staff: 'Personnel', visitor: 'Visiteur', contractor: 'Intervenant' },
  shown: (n, of) => (n === of ? `${of}${U}ligne${s(of)}` : `${n} sur ${of}${U}ligne${s(of)}`),
  spanOf: days => `${days}${U}jours`,
  since: day => `Le journal remonte au ${day}. Rien n’est dit sans usage pour plus longtemps.`,
}
const en: InventoryWords = {
  title: 'Who holds what',
  sub: 'Everybody’s badges, accounts and grants. Each reading is in the journal.',
  search: 'Name, badge, role',
  flag: 'Findings',
  all: 'All',
  csv: 'Export the table',
  who: 'Who',
  badges: 'Badges',
  accounts: 'Accounts',
  grants: 'Temporary access',
  findings: 'Findings',
  fine: 'Nothing to report',
  nobody: 'Account of nobody',
  empty: 'The site knows nobody.',
  none: 'Nothing fits this search.',
  failed: 'The inventory could not be read.',
  gone: 'This person or account is gone.',
  more: 'Show more',
  kind: 'Status',
  until: 'Until',
  pin: 'PIN',
  pinSet: 'Set',
  pinNone: 'None',
  lastUsed: 'Last used',
  lastSignIn: 'Last sign-in',
  never: 'never',
  unused: 'unused',
  factor: 'Second factor',
  withFactor: 'Yes',
  noFactor: 'None',
  provider: 'By the identity provider',
  tokens: 'API tokens',
  role: 'Role',
  zones: 'Zones',
  everywhere: 'Everywhere',
  noBadge: 'No badge.',
  noAccount: 'No account.',
  days: 'Unused for',
  toOperators: 'See the account',
  flags: {
    departed: 'Has left, still holds',
    'no-holder': 'Of nobody',
    'no-second-factor': 'No second factor',
    unused: 'Unused',
    'never-signed-in': 'Never signed in',
  },
  todo: {
    departed: 'Their end date has passed. End all their access by filing their departure.',
    'no-holder': 'This account belongs to nobody of the site. Link it, or disable it.',
    'no-second-factor': 'A password alone opens this account. Have them set up a code or a passkey.',
    unused: 'What is not used can be lost without anybody noticing. Take it back.',
    'never-signed-in': 'The invitation is more than a week old. Remind the person or disable the account.',
  },
  badge: { active: 'Active', suspended: 'Suspended', lost: 'Lost', revoked: 'Revoked' },
  account: { active: 'Active', invited: 'Invited', disabled: 'Disabled' },
  kinds: { staff: 'Staff', visitor: 'Visitor', contractor: 'Contractor' },
  shown: (n, of) => (n === of ? `${of}${U}line${s(of)}` : `${n} of ${of}${U}line${s(of)}`),
  spanOf: days => `${days}${U}days`,
  since: day => `The journal goes back to ${day}. Nothing is called unused for longer than that.`,
}
export const inventoryWords = { fr, en } as const
