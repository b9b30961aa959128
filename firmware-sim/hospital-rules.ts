/** What the field hospital asks for at certain places, and the plans it has for bad days. */
import { INSTALLED } from './hospital-devices.ts'
import { ROOT } from './hospital-plan.ts'
import { WITNESS_ROLE } from './hospital-roles.ts'

export interface Asks {
  readonly pin?: true
  readonly reason?: true
  readonly reference?: 'patient' | 'prescription' | 'any'
  readonly witness?: { readonly role: string; readonly withinS: number }
}

/** Morphine: a PIN and a second person, everywhere. */
const TWO_PEOPLE: Asks = { pin: true, witness: { role: WITNESS_ROLE, withinS: 60 } }
/** Some drawers ask for more. By access point. */
const MORE: Readonly<Record<string, Asks>> = {
  'cab-08-a-drawer-6': { ...TWO_PEOPLE, reason: true },
  'cab-10-a-drawer-5': { ...TWO_PEOPLE, reference: 'any' },
  'cab-11-a-drawer-4': { reference: 'prescription' },
}
export const asksAt = (accessPoint: string, kind: string): Asks | undefined =>
  MORE[accessPoint] ?? (kind === 'controlled-drugs' ? TWO_PEOPLE : undefined)

/** Beyond the fence: where people come from. */
export const OUTSIDE = { id: 'dehors', name: 'Hors du site' }
/** One goes into the pharmacy by the front and out by the rear; deliveries are handed over at the rear threshold. */
export const PASSAGES: Readonly<Record<string, { readonly from: string; readonly to: string }>> = {
  'gate-west': { from: OUTSIDE.id, to: 'entree' },
  'door-t15-front': { from: 'galerie-sud', to: 't15' },
  'door-t15-rear': { from: 't15', to: 'entree' },
}
export interface Limits {
  readonly antiPassback?: { readonly mode: 'hard' }
  readonly occupancyLimit?: number
}
export const LIMITS: Readonly<Record<string, Limits>> = {
  t15: { antiPassback: { mode: 'hard' }, occupancyLimit: 3 },
}

export const INTERLOCKS = [
  { id: 'sas-pharmacie', name: 'Sas de la pharmacie', accessPoints: ['door-t15-front', 'door-t15-rear'] },
]
export const LOCKDOWN_PLANS = [
  {
    id: 'confinement-pharmacie',
    name: 'Confinement de la pharmacie',
    zones: ['t15'],
    rank: 3,
    allow: ['pharmacien'],
    revertAfterMinutes: 30,
  },
  {
    id: 'confinement-site',
    name: 'Confinement du site',
    zones: [ROOT],
    rank: 5,
    allow: ['infirmiere', 'medecin'],
    revertAfterMinutes: 120,
  },
]
/** Doors that people go through; the server room is not a way out. */
const RELEASED = INSTALLED.filter(d => d.points.some(p => p.class === 'door' || p.class === 'escape-door')).map(
  d => d.id,
)
export const EVACUATION_PLANS = [
  {
    id: 'evacuation-site',
    name: 'Évacuation du site',
    zones: [ROOT],
    release: RELEASED,
    muster: ['gate-west'],
  },
]
export const POLICY = {
  grantHours: { 'controlled-drugs': 8 },
  breakGlass: { minutes: 10, perPersonPerDay: 6, reviewWithinHours: 72 },
  pin: { tries: 3, slowDownS: 5 },
}
