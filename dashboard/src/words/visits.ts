/** Visits: who comes to see whom, and what opens for them meanwhile. */
import type { VisitStage } from '../movements.ts'

export interface VisitWords
  extends Record<
    | 'title'
    | 'sub'
    | 'search'
    | 'open'
    | 'ended'
    | 'filter'
    | 'make'
    | 'visitor'
    | 'company'
    | 'companyHint'
    | 'host'
    | 'hostHint'
    | 'from'
    | 'until'
    | 'day'
    | 'doors'
    | 'doorsHint'
    | 'zones'
    | 'zonesHint'
    | 'doorsNeeded'
    | 'shownAs'
    | 'badge'
    | 'qr'
    | 'badgeHint'
    | 'qrHint'
    | 'uid'
    | 'uidHint'
    | 'uidWrong'
    | 'state'
    | 'by'
    | 'announcedAt'
    | 'endedAt'
    | 'endedBy'
    | 'itself'
    | 'empty'
    | 'emptyNext'
    | 'none'
    | 'failed'
    | 'gone'
    | 'forgotten'
    | 'more'
    | 'makeTitle'
    | 'makeSub'
    | 'go'
    | 'sending'
    | 'cancel'
    | 'required'
    | 'timesWrong'
    | 'passTitle'
    | 'passNote'
    | 'passAlt'
    | 'print'
    | 'done'
    | 'again'
    | 'againHint'
    | 'stay'
    | 'stayUntil'
    | 'save'
    | 'end'
    | 'endMeans'
    | 'endVerb'
    | 'pass',
    string
  > {
  readonly stages: Readonly<Record<VisitStage, string>>
  readonly presets: readonly string[]
  shown(n: number, of: number): string
  /** On one day. */
  during(day: string, from: string, until: string): string
  span(from: string, until: string): string
  question(name: string): string
  seeing(host: string): string
}

const N = '\u202f'
const U = '\u00a0'
const s = (n: number): string => (n > 1 ? 's' : '')
const fr: VisitWords = {
  title: 'Visites',
  sub: 'Un badge prêté ou un code QR ouvre les portes de la visite, de telle heure à telle heure, jamais une armoire. La fin vient d’elle-même.',
  search: 'Chercher un visiteur ou un hôte',
  open: 'En cours et à venir',
  ended: 'Terminées',
  filter: 'Avancement',
  make: 'Annoncer une visite',
  visitor: 'Visiteur',
  company: 'Société',
  companyHint: 'Facultative.',
  host: 'Hôte',
  hostHint: 'La personne du site qui l’accueille. Si elle part, la visite prend fin.',
  from: 'De',
  until: 'À',
  day: 'Jour',
  doors: 'Portes',
  doorsHint: 'Celles que la visite ouvre, une par une.',
  zones: 'Toutes les portes d’une zone',
  zonesHint: 'Avec les zones qu’elle contient.',
  doorsNeeded: 'Choisissez une porte ou une zone, dix au plus.',
  shownAs: 'Ouvre avec',
  badge: 'Badge prêté',
  qr: 'Code QR',
  badgeHint: 'Il se rend à la fin et ressert.',
  qrHint: 'Imprimé ou photographié, lu par les lecteurs qui savent le lire.',
  uid: 'Numéro du badge',
  uidHint: 'De 8 à 20\u00a0chiffres ou lettres de A à F.',
  uidWrong: 'De 8 à 20\u00a0chiffres ou lettres de A à F.',
  state: 'État',
  by: 'Annoncée par',
  announcedAt: 'Annoncée le',
  endedAt: 'Terminée le',
  endedBy: 'Terminée par',
  itself: 'd’elle-même',
  empty: 'Aucune visite n’est attendue.',
  emptyNext: 'Annoncez-en une pour que l’accueil sache qui vient, et que les portes s’ouvrent à l’heure.',
  none: 'Aucune visite ne répond à cette recherche.',
  failed: 'Les visites n’ont pas pu être lues.',
  gone: 'Cette visite n’existe pas, ou elle est hors de vos zones.',
  forgotten: 'Nom effacé',
  more: 'Voir les précédentes',
  makeTitle: 'Annoncer une visite',
  makeSub: 'Rien ne s’ouvre avant l’heure, ni après.',
  go: 'Annoncer',
  sending: 'Envoi…',
  cancel: 'Annuler',
  required: 'À remplir.',
  timesWrong: 'La fin vient après le début, et après maintenant.',
  passTitle: 'Laissez-passer',
  passNote: 'Ce code n’est montré qu’ici. Imprimez-le ou faites-le photographier avant de fermer.',
  passAlt: 'Code QR de la visite',
  print: 'Imprimer',
  done: 'C’est fait',
  again: 'Nouveau code',
  againHint: 'L’ancien n’ouvre plus rien, aussitôt.',
  stay: 'Changer la fin',
  stayUntil: 'Jusqu’à',
  save: 'Enregistrer',
  end: 'Mettre fin…',
  endMeans: 'Les portes de la visite restent fermées aussitôt. Un badge prêté peut resservir.',
  endVerb: 'Mettre fin',
  pass: 'Visiteur',
  stages: { 'to-come': 'À venir', now: 'En cours', over: 'Terminée', cancelled: 'Annulée' },
  presets: ['Parti', 'Visite annulée', 'Badge rendu'],
  shown: (n, of) => (n === of ? `${of}${U}visite${s(of)}` : `${n} sur ${of}${U}visite${s(of)}`),
  during: (day, from, until) => `le ${day} de ${from} à ${until}`,
  span: (from, until) => `du ${from} au ${until}`,
  question: name => `Mettre fin à la visite de ${name}${N}?`,
  seeing: host => `chez ${host}`,
}
const en: VisitWords = {
  title: 'Visits',
  sub: 'A lent badge or a QR code opens the doors of the visit, from then to then, and never a cabinet. The end comes by itself.',
  search: 'Find a visitor or a host',
  open: 'Now and to come',
  ended: 'Ended',
  filter: 'Progress',
  make: 'Announce a visit',
  visitor: 'Visitor',
  company: 'Company',
  companyHint: 'Optional.',
  host: 'Host',
  hostHint: 'The person of the site who receives them. If they leave, the visit ends.',
  from: 'From',
  until: 'Until',
  day: 'Day',
  doors: 'Doors',
  doorsHint: 'Those that the visit opens, one by one.',
  zones: 'All doors of a zone',
  zonesHint: 'With the zones that lie in it.',
  doorsNeeded: 'Choose a door or a zone, ten at most.',
  shownAs: 'Opens with',
  badge: 'Lent badge',
  qr: 'QR code',
  badgeHint: 'It is handed back at the end and serves again.',
  qrHint: 'Printed or photographed, read by readers that can.',
  uid: 'Number of the badge',
  uidHint: '8 to 20 digits or letters A to F.',
  uidWrong: '8 to 20 digits or letters A to F.',
  state: 'State',
  by: 'Announced by',
  announcedAt: 'Announced on',
  endedAt: 'Ended on',
  endedBy: 'Ended by',
  itself: 'itself',
  empty: 'No visit is expected.',
  emptyNext: 'Announce one, so that the desk knows who comes, and the doors open on time.',
  none: 'No visit fits this search.',
  failed: 'The visits could not be read.',
  gone: 'This visit does not exist, or lies outside your zones.',
  forgotten: 'Name erased',
  more: 'Show earlier ones',
  makeTitle: 'Announce a visit',
  makeSub: 'Nothing opens before the time, nor after it.',
  go: 'Announce',
  sending: 'Sending…',
  cancel: 'Cancel',
  required: 'To be filled in.',
  timesWrong: 'The end comes after the beginning, and after now.',
  passTitle: 'Visitor’s pass',
  passNote: 'This code is shown only here. Print it or have it photographed before you close this.',
  passAlt: 'QR code of the visit',
  print: 'Print',
  done: 'Done',
  again: 'New code',
  againHint: 'The one before opens nothing from now on.',
  stay: 'Change the end',
  stayUntil: 'Until',
  save: 'Save',
  end: 'End it…',
  endMeans: 'The doors of the visit stay shut from this moment. A lent badge can serve again.',
  endVerb: 'End it',
  pass: 'Visitor',
  stages: { 'to-come': 'To come', now: 'Now', over: 'Ended', cancelled: 'Cancelled' },
  presets: ['Has left', 'Visit cancelled', 'Badge handed back'],
  shown: (n, of) => (n === of ? `${of}${U}visit${s(of)}` : `${n} of ${of}${U}visit${s(of)}`),
  during: (day, from, until) => `${day}, ${from} to ${until}`,
  span: (from, until) => `${from} to ${until}`,
  question: name => `End the visit of ${name}?`,
  seeing: host => `to see ${host}`,
}
export const visitWords = { fr, en } as const
