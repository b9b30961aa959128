/** The people of the field hospital (all invented): thirty who work there, a visitor, a contractor; and their badges. */
import { type Random, seeded } from './random.ts'

export type Shift = 'jour' | 'nuit' | 'heures-ouvrees' | 'toujours'
export type Trade =
  | 'infirmiere'
  | 'medecin'
  | 'pharmacien'
  | 'securite'
  | 'informatique'
  | 'logistique'
  | 'aide-soignante'
  | 'menage'

export interface Member {
  readonly id: string
  readonly name: string
  readonly trade: Trade
  readonly shift: Shift
  readonly uid: string
}

const NAMES: Readonly<Record<Trade, Partial<Record<Shift, readonly string[]>>>> = {
  infirmiere: {
    jour: ['Léa Aubry', 'Sonia Nadel', 'Camille Marchand', 'Maud Tellier', 'Inès Vauthier'],
    nuit: ['Jeanne Rey', 'Karim Belloc', 'Odile Sarrazin', 'Nora Quesnel'],
  },
  medecin: { jour: ['Thomas Ferrand', 'Agathe Lombard', 'Yvan Delorme'], nuit: ['Mirela Costache', 'Paul Guérande'] },
  pharmacien: { 'heures-ouvrees': ['Hélène Astier'], toujours: ['Denis Rouvière'] },
  securite: { jour: ['Bruno Kessler'], nuit: ['Fatou Ndoye', 'Loïc Hamelin'] },
  informatique: { 'heures-ouvrees': ['Rémi Castaing'], toujours: ['Élise Moreau-Dupin'] },
  logistique: { jour: ['Gaël Pruvost', 'Salomé Iribarne'] },
  'aide-soignante': { jour: ['Awa Traoré-Petit', 'Lucien Bastide'], nuit: ['Manon Escoffier', 'Tristan Vial'] },
  menage: { jour: ['Rosa Almeida', 'Hugo Besson'], nuit: ['Zoé Pelletan'] },
}

const slug = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^A-Za-z -]/g, '')
    .toLowerCase()
    .replaceAll(' ', '-')

/** Seven bytes starting with 04, as badges of that kind have; the same person always gets the same. */
export function uidOf(name: string): string {
  const random = seeded(2026, `badge ${name}`)
  const bytes = Array.from({ length: 6 }, () => Math.floor(random() * 256))
  return `04${Buffer.from(bytes).toString('hex').toUpperCase()}`
}

const member = (trade: Trade, shift: Shift, name: string): Member => ({
  id: slug(name),
  name,
  trade,
  shift,
  uid: uidOf(slug(name)),
})

export const STAFF: readonly Member[] = Object.entries(NAMES).flatMap(([trade, shifts]) =>
  Object.entries(shifts).flatMap(([shift, names]) => names.map(name => member(trade as Trade, shift as Shift, name))),
)

/** A nurse's spare badge: the one that gets lost when somebody asks to see what happens then. */
export const SPARE_BADGE = { uid: uidOf('rechange'), person: 'camille-marchand', status: 'active' } as const

/** A visitor's badge of one day, long over, and a contractor's, which says itself when it ends. */
export const GUESTS = [
  {
    id: 'alix-fontenelle',
    name: 'Alix Fontenelle',
    kind: 'visitor',
    role: 'visiteur',
    badge: { uid: uidOf('visite'), validFrom: '2025-01-06T08:00:00+01:00' },
  },
  {
    id: 'ivan-maurel',
    name: 'Ivan Maurel',
    kind: 'contractor',
    role: 'prestataire',
    badge: { uid: uidOf('climatisation'), validUntil: '2036-12-31T23:59:00+01:00' },
  },
] as const

/** Second badges that must not open anything any more, and one that nobody ever issued. */
export const BAD_BADGES = [
  { uid: uidOf('perdu'), person: 'sonia-nadel', status: 'lost' },
  { uid: uidOf('suspendu'), person: 'hugo-besson', status: 'suspended' },
  { uid: uidOf('revoque'), person: 'yvan-delorme', status: 'revoked' },
  { uid: uidOf('expire'), person: 'maud-tellier', status: 'active', validUntil: '2025-12-31T23:59:00+01:00' },
] as const
export const STRANGER_UID = uidOf('inconnu')

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join('')

/** PINs are made when they are needed and stand nowhere: the same seed gives a person the same two, never alike. */
export function pinsOf(seed: number, person: string): { readonly pin: string; readonly duress: string } {
  const random = seeded(seed, `pin ${person}`)
  const pin = digits(random, 6)
  let duress = digits(random, 6)
  while (duress === pin) duress = digits(random, 6)
  return { pin, duress }
}
