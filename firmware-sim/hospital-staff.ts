/** The thirty people of the field hospital (all invented), their roles, shifts and badges. */
import { seeded } from './random.ts'

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

/** Second badges that must not open anything any more, and one that nobody ever issued. */
export const BAD_BADGES = [
  { uid: uidOf('perdu'), person: 'sonia-nadel', status: 'lost' },
  { uid: uidOf('suspendu'), person: 'hugo-besson', status: 'suspended' },
  { uid: uidOf('revoque'), person: 'yvan-delorme', status: 'revoked' },
  { uid: uidOf('expire'), person: 'maud-tellier', status: 'active', validUntil: '2025-12-31T23:59:00+01:00' },
] as const
export const STRANGER_UID = uidOf('inconnu')

const ALL_WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export const SCHEDULES = [
  { id: 'jour', name: 'Jour', weekly: [{ days: ALL_WEEK, from: '07:00', to: '19:00' }] },
  { id: 'nuit', name: 'Nuit', weekly: [{ days: ALL_WEEK, from: '19:00', to: '07:00' }] },
  {
    id: 'heures-ouvrees',
    name: 'Heures ouvrées',
    weekly: [{ days: ALL_WEEK.slice(0, 5), from: '08:00', to: '18:00' }],
  },
  { id: 'toujours', name: 'Toujours', weekly: [{ days: ALL_WEEK, from: '00:00', to: '24:00' }] },
] as const
