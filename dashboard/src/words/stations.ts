/** Workstations where a badge signs in: the page of IT, and what is read at the workstation itself. */
export interface StationWords
  extends Record<
    | 'title'
    | 'sub'
    | 'make'
    | 'name'
    | 'nameHint'
    | 'reader'
    | 'readerHint'
    | 'choose'
    | 'needed'
    | 'state'
    | 'used'
    | 'never'
    | 'by'
    | 'paired'
    | 'expires'
    | 'empty'
    | 'emptyNext'
    | 'failed'
    | 'gone'
    | 'makeTitle'
    | 'makeSub'
    | 'go'
    | 'going'
    | 'cancel'
    | 'codeTitle'
    | 'code'
    | 'codeNote'
    | 'done'
    | 'again'
    | 'againHint'
    | 'remove'
    | 'removeTitle'
    | 'removeMeans'
    | 'pairTitle'
    | 'pairSub'
    | 'pairCode'
    | 'pairGo'
    | 'pairLink'
    | 'badge'
    | 'pin'
    | 'pinSub'
    | 'erase'
    | 'enter'
    | 'entering'
    | 'otherwise'
    | 'withBadge'
    | 'journaled'
    | 'mine'
    | 'mineNone'
    | 'mineUnlinked'
    | 'leave',
    string
  > {
  readonly states: Readonly<Record<'waiting' | 'paired' | 'expired', string>>
  at(reader: string): string
  typed(n: number): string
  wait(s: number): string
  question(name: string): string
}

const N = '\u202f'
const U = '\u00a0'
const fr: StationWords = {
  title: 'Postes',
  sub: 'À ces postes, un badge au lecteur et un code PIN ouvrent la page de la personne. Pas pour les rôles à second facteur.',
  make: 'Associer un poste',
  name: 'Nom du poste',
  nameHint: 'Celui que tout le monde connaît, par exemple «\u202fSalle de soins, poste 1\u202f».',
  reader: 'Lecteur à côté',
  readerHint: 'Le point d’accès dont le lecteur est à portée de main du poste.',
  choose: 'Choisissez un lecteur',
  needed: 'À remplir.',
  state: 'État',
  used: 'Dernier usage',
  never: 'jamais',
  by: 'Créé par',
  paired: 'Associé le',
  expires: 'Expire le',
  empty: 'Aucun poste. Les badges n’ouvrent aucune session.',
  emptyNext: 'Associez un poste à côté d’un lecteur pour que les soignants s’y connectent sans mot de passe.',
  failed: 'Les postes n’ont pas pu être lus.',
  gone: 'Ce poste n’existe plus.',
  makeTitle: 'Nouveau poste',
  makeSub: 'Un code à taper sur le poste sera montré une seule fois.',
  go: 'Créer le code',
  going: 'Création…',
  cancel: 'Annuler',
  codeTitle: 'Code du poste',
  code: 'Code, à taper sur le poste',
  codeNote:
    'Sur le poste, ouvrez la page de connexion, puis «\u202fAssocier ce poste\u202f». Valable 15\u00a0minutes, une fois.',
  done: 'C’est fait',
  again: 'Nouveau code',
  againHint: 'Pour un autre navigateur. L’ancien reste associé jusqu’à la saisie du code.',
  remove: 'Retirer le poste…',
  removeTitle: 'Retirer ce poste',
  removeMeans: 'Plus aucun badge n’y ouvre de session, aussitôt. Le poste devra être associé de nouveau.',
  pairTitle: 'Associer ce poste',
  pairSub: 'Tapez le code que montre la page Postes du service informatique.',
  pairCode: 'Code de huit signes',
  pairGo: 'Associer',
  pairLink: 'Associer ce poste à un lecteur',
  badge: 'Présentez votre badge',
  pin: 'Votre code PIN',
  pinSub: 'Dans les 30\u00a0secondes après le badge.',
  erase: 'Effacer',
  enter: 'Entrer',
  entering: 'Vérification…',
  otherwise: 'Se connecter sans badge',
  withBadge: 'Se connecter par badge',
  journaled: 'Chaque connexion est inscrite au journal.',
  mine: 'Ce que vous pouvez ouvrir maintenant',
  mineNone: 'Rien, à cette heure.',
  mineUnlinked: 'Votre compte n’est rattaché à personne du site. Demandez-le à un administrateur.',
  leave: 'Repassez votre badge pour vous déconnecter.',
  states: { waiting: 'Attend son code', paired: 'Associé', expired: 'Expiré' },
  at: reader => `Lecteur${N}: ${reader}`,
  typed: n => `${n}${U}chiffre${n > 1 ? 's' : ''} tapé${n > 1 ? 's' : ''}`,
  wait: s => `Attendez ${s}${U}s`,
  question: name => `Retirer «${N}${name}${N}»${N}?`,
}
const en: StationWords = {
  title: 'Workstations',
  sub: 'At these, a badge at the reader and a PIN open that person’s page. Not for roles with a second factor.',
  make: 'Pair a workstation',
  name: 'Name of the workstation',
  nameHint: 'The one everybody knows, such as “Treatment room, desk 1”.',
  reader: 'Reader beside it',
  readerHint: 'The access point whose reader is within reach of the workstation.',
  choose: 'Choose a reader',
  needed: 'Needed.',
  state: 'State',
  used: 'Last used',
  never: 'never',
  by: 'Made by',
  paired: 'Paired on',
  expires: 'Expires on',
  empty: 'No workstation. Badges open no session.',
  emptyNext: 'Pair a workstation beside a reader, so that nurses sign in there without a password.',
  failed: 'The workstations could not be read.',
  gone: 'This workstation is no longer there.',
  makeTitle: 'New workstation',
  makeSub: 'A code to be typed at the workstation will be shown once.',
  go: 'Make the code',
  going: 'Making it…',
  cancel: 'Cancel',
  codeTitle: 'Code of the workstation',
  code: 'Code, to be typed at the workstation',
  codeNote: 'At the workstation, open the sign-in page, then “Pair this workstation”. Good for 15 minutes, once.',
  done: 'Done',
  again: 'New code',
  againHint: 'For another browser. The one before stays paired until the code is typed.',
  remove: 'Remove the workstation…',
  removeTitle: 'Remove this workstation',
  removeMeans: 'No badge opens a session there any more, at once. It would have to be paired again.',
  pairTitle: 'Pair this workstation',
  pairSub: 'Type the code that IT’s page of workstations shows.',
  pairCode: 'Code of eight signs',
  pairGo: 'Pair',
  pairLink: 'Pair this workstation with a reader',
  badge: 'Hold your badge to the reader',
  pin: 'Your PIN',
  pinSub: 'Within 30 seconds of the badge.',
  erase: 'Delete',
  enter: 'Enter',
  entering: 'Checking…',
  otherwise: 'Sign in without a badge',
  withBadge: 'Sign in with a badge',
  journaled: 'Every sign-in is written to the journal.',
  mine: 'What you can open now',
  mineNone: 'Nothing, at this hour.',
  mineUnlinked: 'Your account is linked to nobody of the site. Ask an administrator.',
  leave: 'Hold your badge again to sign out.',
  states: { waiting: 'Waits for its code', paired: 'Paired', expired: 'Expired' },
  at: reader => `Reader: ${reader}`,
  typed: n => `${n} digit${n === 1 ? '' : 's'} typed`,
  wait: s => `Wait ${s} s`,
  question: name => `Remove “${name}”?`,
}
export const stationWords = { fr, en } as const
