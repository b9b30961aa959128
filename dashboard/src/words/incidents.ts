/** Alerts: what scenarios noticed, and what people do about it. */
import type { AlertKind, IncidentFinding, IncidentState, Severity } from '../contract.ts'

export interface IncidentWords
  extends Record<
    | 'queue'
    | 'filter'
    | 'toTake'
    | 'followed'
    | 'resolved'
    | 'empty'
    | 'emptyResolved'
    | 'choose'
    | 'failed'
    | 'gone'
    | 'more'
    | 'untaken'
    | 'steps'
    | 'nobodyYet'
    | 'withFinding'
    | 'signals'
    | 'oneSignal'
    | 'timeline'
    | 'going'
    | 'over'
    | 'take'
    | 'assign'
    | 'reassign'
    | 'resolve'
    | 'snooze'
    | 'pending'
    | 'escalation'
    | 'nextStep'
    | 'noStep'
    | 'allTold'
    | 'where'
    | 'calm'
    | 'stillGoing'
    | 'assignTitle'
    | 'assignMeans'
    | 'assignee'
    | 'assignNone'
    | 'resolveTitle'
    | 'resolveMeans'
    | 'finding'
    | 'findingNeeded'
    | 'remark'
    | 'remarkHint'
    | 'snoozeTitle'
    | 'snoozeMeans'
    | 'snoozeFor'
    | 'cancel'
    | 'sending'
    | 'escape'
    | 'back'
    | 'site'
    | 'zones'
    | 'zonesSay'
    | 'arm'
    | 'disarm'
    | 'armed'
    | 'disarmed'
    | 'armedWith',
    string
  > {
  readonly kinds: Readonly<Record<AlertKind, string>>
  readonly severities: Readonly<Record<Severity, string>>
  readonly states: Readonly<Record<IncidentState, string>>
  readonly findings: Readonly<Record<IncidentFinding, string>>
  readonly did: Readonly<Record<'acknowledge' | 'assign' | 'snooze' | 'resolve', string>>
  readonly snoozes: readonly string[]
  inHand(n: number): string
  signalCount(n: number): string
  moreSignals(n: number): string
  takenBy(name: string): string
  assignedTo(name: string): string
  snoozedUntil(at: string): string
  ago(span: string): string
  by(name: string): string
  to(name: string): string
  times(n: number, last: string): string
  overAfter(span: string): string
  told(step: number, n: number): string
  in(span: string): string
  cause(n: number): string
  zonesArmed(n: number): string
  armedBy(name: string, at: string): string
}

const U = '\u00a0'
const N = '\u202f'
const s = (n: number): string => (n > 1 ? 's' : '')
const FIGURES_FR = ['', 'Un', 'Deux', 'Trois', 'Quatre', 'Cinq', 'Six', 'Sept', 'Huit', 'Neuf']
const FIGURES_EN = ['', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine']

const fr: IncidentWords = {
  queue: 'File d’alertes',
  filter: 'Avancement',
  toTake: 'À prendre',
  followed: 'Suivies',
  resolved: 'Résolues',
  empty: 'Aucune alerte en cours.',
  emptyResolved: 'Aucune alerte résolue.',
  choose: 'Choisissez une alerte de la file.',
  failed: 'Les alertes n’ont pas pu être lues.',
  gone: 'Cette alerte n’existe pas, ou elle est hors de vos zones.',
  more: 'Voir les précédentes',
  untaken: 'Personne ne l’a prise',
  steps: 'Avancement de l’alerte',
  nobodyYet: 'par personne encore',
  withFinding: 'avec un constat',
  signals: 'Signaux',
  oneSignal: 'Un signal',
  timeline: 'Déroulé',
  going: 'en cours',
  over: 'terminé',
  take: 'Prendre l’alerte',
  assign: 'Affecter',
  reassign: 'Réaffecter',
  resolve: 'Résoudre',
  snooze: 'Mettre en veille',
  pending: 'Le disque ne répond pas. C’est retenu, et sera inscrit à son retour.',
  escalation: 'Escalade',
  nextStep: 'Prochaine relance',
  noStep: 'Personne n’est à prévenir.',
  allTold: 'Tout le monde a été prévenu.',
  where: 'Lieu',
  calm: 'Plus rien ne se passe. Reste à dire ce que c’était.',
  stillGoing: 'Toujours en cours',
  assignTitle: 'Affecter l’alerte',
  assignMeans: 'Cette personne la suit\u202f; les relances s’arrêtent.',
  assignee: 'À qui',
  assignNone: 'Personne d’autre ne peut prendre des alertes ici.',
  resolveTitle: 'Résoudre l’alerte',
  resolveMeans: 'Elle quitte la file. Si la cause revient, c’est une autre alerte.',
  finding: 'Constat',
  findingNeeded: 'Choisissez un constat.',
  remark: 'Remarque',
  remarkHint: 'Facultative, inscrite au journal.',
  snoozeTitle: 'Mettre en veille',
  snoozeMeans: 'Personne n’est prévenu jusque-là. Un signal plus grave y met fin.',
  snoozeFor: 'Pendant',
  cancel: 'Annuler',
  sending: 'Envoi…',
  escape: 'Échap\u00a0: annuler',
  back: 'Retour à la file',
  site: 'Site',
  zones: 'Zones armées',
  zonesSay:
    'Un mouvement dans une zone armée lève une alerte et allume la lumière. Les zones qu’elle contient le sont avec elle.',
  arm: 'Armer',
  disarm: 'Désarmer',
  armed: 'Armée',
  disarmed: 'Désarmée',
  armedWith: 'Armée avec la zone au-dessus',
  kinds: {
    duress: 'Code de contrainte',
    intrusion: 'Intrusion',
    'door-forced': 'Porte forcée',
    tamper: 'Boîtier arraché',
    'audit-unavailable': 'Accès sans journal',
    'break-glass': 'Bris de glace',
    'repeated-refusals': 'Refus répétés',
    'wrong-pins': 'Codes faux',
    'cabinet-left-open': 'Armoire laissée ouverte',
    'door-held': 'Porte tenue ouverte',
    'lock-silent': 'Serrure muette',
    'light-too-low': 'Trop peu de lumière',
    'device-silent': 'Appareil muet',
    'granted-not-opened': 'Accordé, pas ouvert',
    flooding: 'Appareil qui inonde',
    'clock-off': 'Horloge déréglée',
    'battery-low': 'Pile faible',
    other: 'Alerte',
  },
  severities: { info: 'information', warning: 'attention', critical: 'critique' },
  states: { raised: 'Levée', acknowledged: 'Prise', assigned: 'Affectée', resolved: 'Résolue' },
  findings: {
    real: 'Réelle',
    'false-alarm': 'Fausse alerte',
    test: 'Essai',
    technical: 'Panne',
    unexplained: 'Inexpliquée',
  },
  did: { acknowledge: 'Prise', assign: 'Affectée', snooze: 'Mise en veille', resolve: 'Résolue' },
  snoozes: [`15${U}min`, `1${U}h`, `4${U}h`, `12${U}h`],
  inHand: n => `En cours${n > 0 ? ` ${n}` : ''}`,
  signalCount: n => `${n}${U}signa${n > 1 ? 'ux' : 'l'}`,
  moreSignals: n => `et ${n}${U}autre${s(n)} au journal`,
  takenBy: name => `Prise par ${name}`,
  assignedTo: name => `Affectée à ${name}`,
  snoozedUntil: at => `En veille jusqu’à ${at}`,
  ago: span => `il y a ${span}`,
  by: name => `par ${name}`,
  to: name => `à ${name}`,
  times: (n, last) => `${n}${U}fois, la dernière à ${last}`,
  overAfter: span => `terminé après ${span}`,
  told: (step, n) => `Relance ${step}${N}: ${n === 0 ? 'personne à prévenir' : `${n}${U}personne${s(n)}`}`,
  in: span => `dans ${span}`,
  cause: n => (n === 1 ? 'Un signal' : `${FIGURES_FR[n] ?? n} signaux, une seule cause probable`),
  zonesArmed: n => (n === 0 ? 'Aucune zone armée' : `${n}${U}zone${s(n)} armée${s(n)}`),
  armedBy: (name, at) => `par ${name}, ${at}`,
}
const en: IncidentWords = {
  queue: 'Queue of alerts',
  filter: 'Progress',
  toTake: 'To be taken',
  followed: 'Followed',
  resolved: 'Resolved',
  empty: 'No alert is open.',
  emptyResolved: 'No alert is resolved.',
  choose: 'Choose an alert of the queue.',
  failed: 'The alerts could not be read.',
  gone: 'This alert does not exist, or lies outside your zones.',
  more: 'Show earlier ones',
  untaken: 'Nobody has taken it',
  steps: 'Progress of the alert',
  nobodyYet: 'by nobody yet',
  withFinding: 'with a finding',
  signals: 'Signals',
  oneSignal: 'One signal',
  timeline: 'Timeline',
  going: 'going on',
  over: 'over',
  take: 'Take the alert',
  assign: 'Assign',
  reassign: 'Reassign',
  resolve: 'Resolve',
  snooze: 'Snooze',
  pending: 'The disk does not answer. It is kept, and will be written when it is back.',
  escalation: 'Escalation',
  nextStep: 'Next step',
  noStep: 'Nobody is to be told.',
  allTold: 'Everybody has been told.',
  where: 'Place',
  calm: 'Nothing goes on any more. What it was is still to be said.',
  stillGoing: 'Still going on',
  assignTitle: 'Assign the alert',
  assignMeans: 'That person follows it; nobody else is told.',
  assignee: 'To whom',
  assignNone: 'Nobody else can take alerts here.',
  resolveTitle: 'Resolve the alert',
  resolveMeans: 'It leaves the queue. If its cause comes back, that is another alert.',
  finding: 'Finding',
  findingNeeded: 'Choose a finding.',
  remark: 'Remark',
  remarkHint: 'Optional, in the journal.',
  snoozeTitle: 'Snooze',
  snoozeMeans: 'Nobody is told until then. A graver signal ends it.',
  snoozeFor: 'For',
  cancel: 'Cancel',
  sending: 'Sending…',
  escape: 'Esc: cancel',
  back: 'Back to the queue',
  site: 'Site',
  zones: 'Armed zones',
  zonesSay: 'A movement in an armed zone raises an alert and turns the lights on. Zones within it are armed with it.',
  arm: 'Arm',
  disarm: 'Disarm',
  armed: 'Armed',
  disarmed: 'Disarmed',
  armedWith: 'Armed with the zone above',
  kinds: {
    duress: 'Duress PIN',
    intrusion: 'Intrusion',
    'door-forced': 'Door forced',
    tamper: 'Casing torn off',
    'audit-unavailable': 'Access without journal',
    'break-glass': 'Break-glass',
    'repeated-refusals': 'Repeated refusals',
    'wrong-pins': 'Wrong PINs',
    'cabinet-left-open': 'Cabinet left open',
    'door-held': 'Door held open',
    'lock-silent': 'Lock silent',
    'light-too-low': 'Too little light',
    'device-silent': 'Device silent',
    'granted-not-opened': 'Granted, not opened',
    flooding: 'Device flooding',
    'clock-off': 'Clock off',
    'battery-low': 'Battery low',
    other: 'Alert',
  },
  severities: { info: 'information', warning: 'warning', critical: 'critical' },
  states: { raised: 'Raised', acknowledged: 'Taken', assigned: 'Assigned', resolved: 'Resolved' },
  findings: {
    real: 'Real',
    'false-alarm': 'False alarm',
    test: 'Test',
    technical: 'Technical fault',
    unexplained: 'Unexplained',
  },
  did: { acknowledge: 'Taken', assign: 'Assigned', snooze: 'Snoozed', resolve: 'Resolved' },
  snoozes: [`15${U}min`, `1${U}h`, `4${U}h`, `12${U}h`],
  inHand: n => `Open${n > 0 ? ` ${n}` : ''}`,
  signalCount: n => `${n} signal${s(n)}`,
  moreSignals: n => `and ${n} more in the journal`,
  takenBy: name => `Taken by ${name}`,
  assignedTo: name => `Assigned to ${name}`,
  snoozedUntil: at => `Snoozed until ${at}`,
  ago: span => `${span} ago`,
  by: name => `by ${name}`,
  to: name => `to ${name}`,
  times: (n, last) => `${n} times, last at ${last}`,
  overAfter: span => `over after ${span}`,
  told: (step, n) => `Step ${step}: ${n === 0 ? 'nobody to tell' : n === 1 ? '1 person' : `${n} people`}`,
  in: span => `in ${span}`,
  cause: n => (n === 1 ? 'One signal' : `${FIGURES_EN[n] ?? n} signals, one probable cause`),
  zonesArmed: n => (n === 0 ? 'No zone is armed' : `${n} armed zone${s(n)}`),
  armedBy: (name, at) => `by ${name}, ${at}`,
}
export const incidentWords: Readonly<Record<'fr' | 'en', IncidentWords>> = { fr, en }
