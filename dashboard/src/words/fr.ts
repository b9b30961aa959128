import { decimal } from '../format.ts'
import type { Noun, StateName } from '../model.ts'
import { journal } from './journal.fr.ts'
import { kinds, reasons, refusals } from './kinds.fr.ts'
import { situations } from './situations.fr.ts'
import type { Words } from './types.ts'

/** Narrow no-break space, before : ; ! ? % and inside « »; no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'

const NOUNS: Record<Noun, { one: string; many: string; e: '' | 'e' }> = {
  door: { one: 'porte', many: 'portes', e: 'e' },
  cabinet: { one: 'armoire', many: 'armoires', e: 'e' },
  drawer: { one: 'tiroir', many: 'tiroirs', e: '' },
  device: { one: 'appareil', many: 'appareils', e: '' },
}
/** Written as the masculine singular ends; true where it agrees with its noun. */
const STATES: Record<StateName, readonly [string, boolean]> = {
  forced: ['forcé', true],
  tamper: ['boîtier arraché', false],
  open: ['ouvert', true],
  released: ['déverrouillé', true],
  ordered: ['ordre envoyé', false],
  silent: ['muet', true],
  unknown: ['inconnu', true],
  revoked: ['révoqué', true],
  locked: ['verrouillé', true],
  closed: ['fermé', true],
  lit: ['allumé', true],
  dark: ['éteint', true],
  answering: ['répond', false],
}
/** States that bring their own noun. */
const OF_ITSELF: ReadonlySet<StateName> = new Set(['ordered', 'tamper'])
const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1)
const plural = (n: number): string => (n > 1 ? 's' : '')

function agreed(state: StateName, noun: Noun, many = false): string {
  const [word, agrees] = STATES[state]
  if (!agrees) return word
  const stem = word === 'muet' && NOUNS[noun].e ? 'muett' : word
  return stem + NOUNS[noun].e + (many ? 's' : '')
}

export const fr: Words = {
  locale: 'fr',
  reasons,
  refusals,
  kinds,
  classes: {
    'controlled-drugs': 'Stupéfiants',
    medicines: 'Médicaments',
    'it-equipment': 'Matériel informatique',
    records: 'Dossiers',
    door: 'Porte',
    'escape-door': 'Issue de secours',
    'crash-cart': 'Chariot d’urgence',
  },
  roles: { administrator: 'Administrateur', security: 'Agent de sécurité', auditor: 'Auditeur' },
  forms: {
    cabinet: 'Armoire à pharmacie',
    door: 'Porte',
    motion: 'Détecteur de mouvement',
    lux: 'Capteur de lumière',
    light: 'Éclairage',
    other: 'Appareil',
  },
  groups: { all: 'Tout', granted: 'Accordés', refused: 'Refusés', openings: 'Ouvertures', devices: 'Appareils' },
  deviceStatus: { declared: 'Déclaré, sans certificat', enrolled: 'Enrôlé', revoked: 'Révoqué' },
  failureModes: { secure: 'fermeture', 'open-with-alarm': 'ouverture et alerte' },
  quantities: { illuminance: 'Éclairement', occupancy: 'Présence' },
  problems: {
    'not-signed-in': 'Votre session est terminée. Connectez-vous à nouveau.',
    'not-allowed': 'Votre rôle ne le permet pas.',
    'origin-refused': 'La demande vient d’un autre site, elle a été refusée.',
    'sign-in-refused': 'Identifiant ou mot de passe incorrect.',
    'setup-refused': 'Ce lien a déjà servi ou a expiré. Redémarrez le hub, il en affiche un autre.',
    'password-weak': 'Choisissez un mot de passe de 12 à 128\u00a0caractères, autre que votre nom.',
    'input-invalid': 'Cette valeur n’est pas acceptée.',
    'not-found': 'Rien à cette adresse.',
    'too-many-requests': 'Trop de demandes.',
    'journal-unavailable': 'Le journal ne peut pas être écrit. Les portes suivent leur mode de défaillance.',
    'situation-changed': 'La situation a changé entre-temps. Rien n’a été fait, regardez de nouveau.',
    'plan-unknown': 'Ce plan n’est plus dans le fichier de site.',
    'plan-running': 'Ce plan est déjà en cours.',
    'plan-not-running': 'Ce plan n’est plus en cours.',
    'person-unknown': 'Cette personne n’est plus dans le site.',
    'review-unknown': 'Cette relecture est déjà close.',
    'review-own': 'C’est votre propre bris de glace. Une autre personne doit le relire.',
    'review-needs-person': `Votre compte n’est rattaché à personne du site${N}: un autre administrateur doit d’abord le rattacher.`,
    internal: 'Le hub a rencontré une erreur, elle est dans son relevé.',
  },
  noun: (noun, number) => `${capital(NOUNS[noun].one)}${number ? `${U}${number}` : ''}`,
  stateWord: (state, noun) => capital(agreed(state, noun)),
  phrase: (state, noun, number) =>
    OF_ITSELF.has(state)
      ? capital(STATES[state][0])
      : `${capital(NOUNS[noun].one)}${number ? `${U}${number}` : ''} ${agreed(state, noun)}`,
  counted: (state, noun, n) => {
    if (state === 'ordered') return `${n}${U}ordre${plural(n)} envoyé${plural(n)}`
    if (state === 'tamper') return `${n}${U}boîtier${plural(n)} arraché${plural(n)}`
    const things = `${n}${U}${n > 1 ? NOUNS[noun].many : NOUNS[noun].one}`
    return state === 'unknown' ? `${things} dans un état inconnu` : `${things} ${agreed(state, noun, n > 1)}`
  },
  countedShort: (state, noun, n) =>
    OF_ITSELF.has(state) ? fr.counted(state, noun, n) : `${n}${U}${agreed(state, noun, n > 1)}`,
  silentLast: (last, noun) => `${capital(agreed('silent', noun))}, vu${NOUNS[noun].e} ${agreed(last, noun)}`,
  lines: n => `${decimal(n, 0, 'fr')}${U}${n < 2 ? 'ligne' : 'lignes'}`,
  refused: reason => `Refusé${N}: ${reason}`,
  nav: {
    main: 'Navigation principale',
    watch: 'Veille',
    access: 'Accès',
    live: 'Direct',
    devices: 'Appareils',
    traces: 'Traces',
    journal: 'Journal',
    language: 'Langue',
    signOut: 'Se déconnecter',
    skip: 'Aller au contenu',
  },
  conn: {
    live: 'En direct',
    connecting: 'Liaison en cours',
    catching: 'Rattrapage',
    catchingLeft: n => `${n}${U}événement${plural(n)} à relire`,
    offline: since => `Hors ligne depuis ${since}`,
    shows: at => `L’écran montre ${at}, rien de plus neuf.`,
  },
  head: {
    quiet: 'Tout est fermé et répond.',
    none: 'Aucun appareil.',
    noneNext: 'Ajoutez le premier avec vigie device add.',
    restOk: 'Le reste est en ordre.',
    journal: 'Le journal ne peut pas être écrit. Les stupéfiants restent fermés, les portes s’ouvrent et alertent.',
    answering: (n, of) => `${n} sur ${of} répond${n > 1 ? 'ent' : ''}`,
  },
  plan: {
    label: (site, zones) => `Plan de ${site}, ${zones}${U}zone${plural(zones)}`,
    off: 'Hors plan',
    empty: 'Ce site n’a pas encore de plan.',
    emptyNext: 'Donnez une position aux zones du fichier de site, puis lancez vigie apply.',
    north: 'N',
    west: 'Ouest',
    east: 'Est',
    move: 'Déplacer le plan',
    more: n => `+${n}`,
  },
  feed: {
    title: 'Fil',
    label: 'Fil des événements',
    filter: 'Filtrer',
    kind: 'Type',
    zone: 'Zone',
    allZones: 'toutes zones',
    text: 'Texte',
    textHint: 'Nom, porte, appareil',
    empty: 'Rien depuis le démarrage du hub.',
    emptyFilter: 'Aucune ligne chargée ne correspond à ce filtre.',
    clear: 'Tout afficher',
    older: 'Voir plus ancien',
    loading: 'Lecture du journal…',
    end: 'Début du journal',
    unrecorded: 'pas encore au journal',
    full: '2\u202f000 lignes à l’écran. Le journal garde le reste.',
    failed: 'Le journal n’a pas pu être lu.',
    sought: text => `«${N}${text}${N}»`,
    news: n => `${n}${U}nouveau${n > 1 ? 'x' : ''}`,
  },
  strip: {
    title: 'La garde, par tranches de 5\u00a0min',
    since: (n, at) => `${decimal(n, 0, 'fr')}${U}événement${plural(n)} depuis ${at}`,
    label: (at, n) => `La garde depuis ${at}${N}: ${n}${U}événement${plural(n)}`,
    unread: 'non lu',
    unborn: at => `Le journal commence à ${at}`,
  },
  panel: {
    close: 'Fermer',
    since: 'depuis',
    never: 'jamais',
    lastKnown: `Dernier état connu${N}:`,
    points: 'Éléments',
    zone: 'Zone',
    model: 'Modèle',
    class: 'Classe',
    failure: `sans journal${N}:`,
    readings: 'Mesures',
    certificate: 'Certificat',
    expired: 'expiré',
    skew: 'Horloge',
    skewOk: 'dans la limite',
    skewBad: 'hors limite',
    lastSeen: 'Dernier message',
    battery: 'Pile',
    refused: 'Messages refusés',
    none: 'aucun',
    events: 'Derniers événements',
    noEvents: 'Aucun événement de cet appareil.',
    gone: 'Cet appareil ne fait plus partie du site.',
  },
  table: {
    title: 'Appareils',
    id: 'Identifiant',
    name: 'Nom',
    model: 'Modèle',
    zone: 'Zone',
    state: 'État',
    lastSeen: 'Dernier message',
    certificate: 'Certificat',
    skew: 'Horloge',
    refused: 'Refusés',
    search: 'Chercher un appareil',
    empty: 'Aucun appareil. Ajoutez le premier avec vigie device add.',
    none: 'Aucun appareil ne correspond à cette recherche.',
    never: 'jamais vu',
    noClock: 'inconnue',
    shown: (n, of) => (n === of ? `${of}${U}appareil${plural(of)}` : `${n} sur ${of}`),
  },
  situations,
  journal,
  sign: {
    title: 'Se connecter',
    sub: 'Contrôle d’accès et veille du site',
    login: 'Identifiant',
    password: 'Mot de passe',
    show: 'Afficher le mot de passe',
    hide: 'Masquer le mot de passe',
    go: 'Se connecter',
    going: 'Vérification…',
    journaled: 'Chaque connexion est inscrite au journal.',
    legend: 'Les sept signes de Vigie. La forme d’abord, le mot ensuite, la couleur en dernier.',
    expired: 'Votre session a expiré. Rien n’est perdu.',
    account: 'Votre compte a changé. Connectez-vous à nouveau.',
    signedOut: 'Votre session est fermée.',
    wait: s => `Réessayer dans ${s}${U}s`,
    dial: time => `Cadran de vingt-quatre heures${N}: il est ${time}`,
  },
  setup: {
    title: 'Mise en service',
    sub: 'Ce compte administrera le site. Il n’y a pas de mot de passe par défaut.',
    name: 'Prénom et nom',
    login: 'Identifiant',
    password: 'Mot de passe',
    again: 'Confirmer le mot de passe',
    rule: 'Au moins 12\u00a0caractères, autre que votre nom.',
    differ: 'Les deux mots de passe diffèrent.',
    required: 'Ce champ est obligatoire.',
    loginRule: `2 à 63${U}caractères${N}: lettres sans accent, chiffres, point, tiret, _ ou @.`,
    go: 'Créer le compte',
    going: 'Création…',
    noLink: 'Ce hub attend sa mise en service.',
    noLinkNext: 'Ouvrez le lien que le hub a affiché à son démarrage. Il ne sert qu’une fois.',
    done: 'La mise en service est déjà faite. Connectez-vous.',
  },
  error: {
    unreachable: 'Le hub ne répond pas à cette page. Portes et serrures ne dépendent pas d’elle.',
    retry: 'Réessayer',
    unknown: 'La demande n’a pas abouti',
    site: 'Le plan du site n’a pas pu être lu.',
    waiting: 'Le hub n’a pas encore répondu.',
    slow: 'Toujours rien. Vérifiez le réseau, ou réessayez.',
  },
  signs: [
    ['ok', 'Fermé'],
    ['open', 'Ouvert'],
    ['held', 'Tenu ouvert'],
    ['alarm', 'Alarme'],
    ['off', 'Muet'],
    ['glass', 'Bris de glace'],
    ['armed', 'Zone armée'],
  ],
}
