/** Arrivals and departures: the forms, the tasks, and the templates of jobs. */
import type { TaskView } from '../contract.ts'

type TaskKind = TaskView['kind']
export interface MovementWords
  extends Record<
    | 'title'
    | 'sub'
    | 'search'
    | 'open'
    | 'ended'
    | 'states'
    | 'arrive'
    | 'leave'
    | 'jobs'
    | 'who'
    | 'direction'
    | 'arrival'
    | 'departure'
    | 'at'
    | 'arrivesOn'
    | 'leavesOn'
    | 'leavesHint'
    | 'leavesAt'
    | 'time'
    | 'zone'
    | 'noZone'
    | 'job'
    | 'noJob'
    | 'roles'
    | 'rolesHint'
    | 'jobRoles'
    | 'equipment'
    | 'equipmentHint'
    | 'mail'
    | 'mailHint'
    | 'note'
    | 'noteHint'
    | 'name'
    | 'nameHint'
    | 'back'
    | 'backHint'
    | 'person'
    | 'account'
    | 'noAccount'
    | 'by'
    | 'filedAt'
    | 'state'
    | 'done'
    | 'cancelled'
    | 'going'
    | 'tasks'
    | 'tasksSub'
    | 'overdue'
    | 'seen'
    | 'empty'
    | 'emptyNext'
    | 'none'
    | 'failed'
    | 'gone'
    | 'forgotten'
    | 'more'
    | 'arriveTitle'
    | 'arriveSub'
    | 'arriveGo'
    | 'leaveTitle'
    | 'leaveSub'
    | 'leaveGo'
    | 'sending'
    | 'cancel'
    | 'required'
    | 'dayWrong'
    | 'timeWrong'
    | 'register'
    | 'uid'
    | 'uidHint'
    | 'uidWrong'
    | 'hand'
    | 'login'
    | 'loginWrong'
    | 'invite'
    | 'inviteOnce'
    | 'endNow'
    | 'endNowMeans'
    | 'endVerb'
    | 'change'
    | 'save'
    | 'stop'
    | 'stopMeans'
    | 'stopVerb'
    | 'jobsTitle'
    | 'jobsSub'
    | 'jobsEmpty'
    | 'jobNew'
    | 'jobName'
    | 'jobTasks'
    | 'jobTasksHint'
    | 'jobAccount'
    | 'jobGone'
    | 'jobRemove'
    | 'jobRemoveMeans'
    | 'jobRemoveVerb'
    | 'jobRead'
    | 'find'
    | 'findNone'
    | 'findMore'
    | 'left'
    | 'choose'
    | 'other'
    | 'swap',
    string
  > {
  readonly kinds: Readonly<Record<TaskKind, string>>
  readonly presets: Readonly<Record<'stop' | 'end', readonly string[]>>
  progress(done: number, of: number): string
  late(n: number): string
  doneBy(who: string, at: string): string
  doneAt(at: string): string
  due(at: string): string
  shown(n: number, of: number): string
  question(name: string): string
  endQuestion(name: string): string
  jobQuestion(name: string): string
}

const N = '\u202f'
const U = '\u00a0'
const s = (n: number): string => (n > 1 ? 's' : '')
const fr: MovementWords = {
  title: 'Arrivées et départs',
  sub: 'Déclarer ne donne aucun accès. Chaque tâche est faite par qui en a le droit, et Vigie constate ce qu’elle voit.',
  search: 'Chercher une personne',
  open: 'En cours',
  ended: 'Terminés',
  states: 'Avancement',
  arrive: 'Déclarer une arrivée',
  leave: 'Déclarer un départ',
  jobs: 'Modèles de métier',
  who: 'Qui',
  direction: 'Mouvement',
  arrival: 'Arrivée',
  departure: 'Départ',
  at: 'Le',
  arrivesOn: 'Arrive le',
  leavesOn: 'Part le',
  leavesHint: 'Si la fin est déjà connue. Le départ se prépare alors de lui-même.',
  leavesAt: 'Fin prévue',
  time: 'Heure',
  zone: 'Service',
  noZone: 'Aucun service',
  job: 'Métier',
  noJob: 'Aucun modèle',
  roles: 'Droits en plus du métier',
  rolesHint: 'Rôles du site. Ils ne comptent qu’une fois la personne enregistrée par qui en a le droit.',
  equipment: 'Équipement',
  equipmentHint: 'Un par ligne, par exemple «\u202fCasier 12\u202f». Il sera réclamé au départ.',
  mail: 'Adresse mail',
  mailHint: 'Facultative, pour l’invitation au compte.',
  note: 'Remarque',
  noteHint: 'Pour qui traitera les tâches. Effacée 90\u00a0jours après la fin.',
  name: 'Prénom et nom',
  nameHint: 'Tel qu’il se lira au journal et sur les écrans.',
  back: 'Cette personne est déjà venue',
  backHint: 'Elle reprend sa place sur le site, et ses droits d’alors sont remplacés.',
  person: 'Personne',
  account: 'Compte opérateur',
  noAccount: 'Aucun compte',
  by: 'Déclaré par',
  filedAt: 'Déclaré le',
  state: 'État',
  done: 'Terminé',
  cancelled: 'Annulé',
  going: 'En cours',
  tasks: 'Tâches',
  tasksSub: 'Vigie constate elle-même la personne, le badge, le compte et le retrait des accès. Le reste se coche.',
  overdue: 'en retard',
  seen: 'constaté',
  empty: 'Personne n’arrive et personne ne part.',
  emptyNext: 'Déclarez une arrivée dès qu’elle est connue, le service informatique la verra ici.',
  none: 'Aucun mouvement ne répond à cette recherche.',
  failed: 'Les mouvements n’ont pas pu être lus.',
  gone: 'Ce mouvement n’existe pas, ou il est hors de vos zones.',
  forgotten: 'Nom effacé',
  more: 'Voir les précédents',
  arriveTitle: 'Déclarer une arrivée',
  arriveSub: 'La liste des tâches en est faite, pour le jour de l’arrivée.',
  arriveGo: 'Déclarer l’arrivée',
  leaveTitle: 'Déclarer un départ',
  leaveSub:
    'À l’heure dite, badges, accès, code PIN et comptes sont retirés d’un seul coup, sans que personne n’ait rien à faire.',
  leaveGo: 'Déclarer le départ',
  sending: 'Envoi…',
  cancel: 'Annuler',
  required: 'À remplir.',
  dayWrong: 'Ce n’est pas une date.',
  timeWrong: 'Ce n’est pas une heure.',
  register: 'Enregistrer la personne',
  uid: 'Numéro du badge',
  uidHint: 'Tel que le lecteur l’affiche, de 8 à 20\u00a0chiffres ou lettres de A à F.',
  uidWrong: 'De 8 à 20\u00a0chiffres ou lettres de A à F.',
  hand: 'Remettre ce badge',
  login: 'Identifiant',
  loginWrong: 'De 2 à 63\u00a0lettres, chiffres, . _ @ -',
  invite: 'Créer le compte',
  inviteOnce: 'C’est noté',
  endNow: 'Tout retirer maintenant…',
  endNowMeans:
    'Badges, accès temporaires, code PIN, comptes, sessions et jetons sont retirés d’un seul coup. Les portes lui restent fermées aussitôt.',
  endVerb: 'Tout retirer',
  change: 'Changer les dates',
  save: 'Enregistrer',
  stop: 'Annuler ce mouvement…',
  stopMeans: 'La liste est close. Ce qui a déjà été remis ou retiré le reste.',
  stopVerb: 'Clore la liste',
  jobsTitle: 'Modèles de métier',
  jobsSub: 'Ce que reçoit d’ordinaire une personne de ce métier. Un modèle ne donne rien par lui-même.',
  jobsEmpty: 'Aucun modèle. Sans eux, chaque formulaire se remplit à la main.',
  jobNew: 'Nouveau modèle',
  jobName: 'Nom du métier',
  jobTasks: 'Autres tâches',
  jobTasksHint: 'Une par ligne, par exemple «\u202fVisite des lieux\u202f».',
  jobRoles: 'Droits',
  jobAccount: 'Rôle du compte opérateur',
  jobGone: 'Ce modèle n’existe plus.',
  jobRemove: 'Retirer ce modèle…',
  jobRemoveMeans: 'Les mouvements déjà déclarés avec lui gardent leurs tâches.',
  jobRemoveVerb: 'Retirer',
  jobRead: 'Seul qui modifie les droits peut changer un modèle.',
  find: 'Tapez le début d’un nom',
  findNone: 'Personne du site ne porte ce nom.',
  findMore: 'Il y en a d’autres. Tapez davantage.',
  left: 'n’est plus là',
  choose: 'Choisissez une personne dans la liste.',
  other: 'Changer de personne',
  swap: 'Changer',
  kinds: {
    person: 'Enregistrer sur le site, avec ses droits',
    badge: 'Remettre un badge',
    account: 'Créer le compte',
    rights: 'Retirer tous les accès',
    return: 'Récupérer le badge',
    equipment: 'Équipement',
    other: 'Tâche',
  },
  presets: {
    stop: ['Ne vient plus', 'Reste finalement', 'Saisi par erreur'],
    end: ['Fin de contrat', 'Départ anticipé', 'Mise à pied'],
  },
  progress: (done, of) => `${done} sur ${of}`,
  late: n => `${n} en retard`,
  doneBy: (who, at) => `${who}, ${at}`,
  doneAt: at => `constaté ${at}`,
  due: at => `pour le ${at}`,
  shown: (n, of) => (n === of ? `${of}${U}mouvement${s(of)}` : `${n} sur ${of}${U}mouvement${s(of)}`),
  question: name => `Annuler pour ${name}${N}?`,
  endQuestion: name => `Tout retirer à ${name}${N}?`,
  jobQuestion: name => `Retirer «${N}${name}${N}»${N}?`,
}
const en: MovementWords = {
  title: 'Arrivals and departures',
  sub: 'Filing gives nobody access. Each task is done by whoever may do it, and Vigie notes what it sees by itself.',
  search: 'Find a person',
  open: 'Open',
  ended: 'Ended',
  states: 'Progress',
  arrive: 'File an arrival',
  leave: 'File a departure',
  jobs: 'Job templates',
  who: 'Who',
  direction: 'Movement',
  arrival: 'Arrival',
  departure: 'Departure',
  at: 'On',
  arrivesOn: 'Arrives on',
  leavesOn: 'Leaves on',
  leavesHint: 'If the end is known already. The departure then prepares itself.',
  leavesAt: 'Expected end',
  time: 'Time',
  zone: 'Department',
  noZone: 'No department',
  job: 'Job',
  noJob: 'No template',
  roles: 'Rights beyond the job',
  rolesHint: 'Roles of the site. They count only once somebody entitled has registered the person.',
  equipment: 'Equipment',
  equipmentHint: 'One a line, such as “Locker 12”. It will be asked back on leaving.',
  mail: 'Mail address',
  mailHint: 'Optional, for the invitation to the account.',
  note: 'Remark',
  noteHint: 'For whoever works through the tasks. Erased 90\u00a0days after the end.',
  name: 'First and last name',
  nameHint: 'As it will read in the journal and on the screens.',
  back: 'This person has been here before',
  backHint: 'They take their place in the site again, and their rights of then are replaced.',
  person: 'Person',
  account: 'Operator account',
  noAccount: 'No account',
  by: 'Filed by',
  filedAt: 'Filed on',
  state: 'State',
  done: 'Done',
  cancelled: 'Cancelled',
  going: 'Open',
  tasks: 'Tasks',
  tasksSub: 'Vigie sees by itself the person, the badge, the account and the end of access. The rest is ticked off.',
  overdue: 'overdue',
  seen: 'seen',
  empty: 'Nobody arrives and nobody leaves.',
  emptyNext: 'File an arrival as soon as it is known, and IT will see it here.',
  none: 'No movement fits this search.',
  failed: 'The movements could not be read.',
  gone: 'This movement does not exist, or lies outside your zones.',
  forgotten: 'Name erased',
  more: 'Show earlier ones',
  arriveTitle: 'File an arrival',
  arriveSub: 'The list of tasks is made from it, for the day of the arrival.',
  arriveGo: 'File the arrival',
  leaveTitle: 'File a departure',
  leaveSub:
    'At the time given, badges, grants, PIN and accounts all end in one stroke, with nobody having to do anything.',
  leaveGo: 'File the departure',
  sending: 'Sending…',
  cancel: 'Cancel',
  required: 'To be filled in.',
  dayWrong: 'This is no date.',
  timeWrong: 'This is no time.',
  register: 'Register the person',
  uid: 'Number of the badge',
  uidHint: 'As the reader shows it, 8 to 20 digits or letters A to F.',
  uidWrong: '8 to 20 digits or letters A to F.',
  hand: 'Hand over this badge',
  login: 'Login',
  loginWrong: '2 to 63 letters, digits, . _ @ -',
  invite: 'Create the account',
  inviteOnce: 'I have it',
  endNow: 'End everything now…',
  endNowMeans:
    'Badges, grants, PIN, accounts, sessions and tokens end in one stroke. Doors stay shut to them from that moment.',
  endVerb: 'End everything',
  change: 'Change the dates',
  save: 'Save',
  stop: 'Cancel this movement…',
  stopMeans: 'The list is closed. What was handed out or taken back stays so.',
  stopVerb: 'Close the list',
  jobsTitle: 'Job templates',
  jobsSub: 'What somebody of this job is usually given. A template gives nothing by itself.',
  jobsEmpty: 'No template. Without them, each form is filled in by hand.',
  jobNew: 'New template',
  jobName: 'Name of the job',
  jobTasks: 'Other tasks',
  jobTasksHint: 'One a line, such as “Tour of the building”.',
  jobRoles: 'Rights',
  jobAccount: 'Role of the operator account',
  jobGone: 'This template is gone.',
  jobRemove: 'Remove this template…',
  jobRemoveMeans: 'Movements filed by it keep their tasks.',
  jobRemoveVerb: 'Remove',
  jobRead: 'Only who may edit rights can change a template.',
  find: 'Type the beginning of a name',
  findNone: 'Nobody of the site has that name.',
  findMore: 'There are more. Type further.',
  left: 'has left',
  choose: 'Choose a person from the list.',
  other: 'Choose somebody else',
  swap: 'Change',
  kinds: {
    person: 'Register in the site, with their rights',
    badge: 'Hand over a badge',
    account: 'Create the account',
    rights: 'End all access',
    return: 'Take the badge back',
    equipment: 'Equipment',
    other: 'Task',
  },
  presets: {
    stop: ['Not coming after all', 'Stays after all', 'Filed by mistake'],
    end: ['End of contract', 'Left early', 'Suspended'],
  },
  progress: (done, of) => `${done} of ${of}`,
  late: n => `${n} overdue`,
  doneBy: (who, at) => `${who}, ${at}`,
  doneAt: at => `seen ${at}`,
  due: at => `due ${at}`,
  shown: (n, of) => (n === of ? `${of}${U}movement${s(of)}` : `${n} of ${of}${U}movement${s(of)}`),
  question: name => `Cancel for ${name}?`,
  endQuestion: name => `End everything of ${name}?`,
  jobQuestion: name => `Remove “${name}”?`,
}
export const movementWords = { fr, en } as const
