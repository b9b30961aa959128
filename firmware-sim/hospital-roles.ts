/**
 * Who may do what in the field hospital. Trades carry what holds at any hour and are inherited by the roles people wear,
 * one for each trade and shift, which add the shift's hours.
 */
import type { PointClass } from './hospital-devices.ts'
import { ROOT } from './hospital-plan.ts'
import { type Member, type Shift, STAFF, type Trade } from './hospital-staff.ts'

interface Scope {
  readonly zone?: string
  readonly accessPoint?: string
  readonly classes?: readonly PointClass[]
}
interface Right extends Scope {
  readonly requires?: { readonly onDuty: true }
}

const CLINICAL = ['urgences', 'bloc', 'critiques', 'hospitalisation'] as const
const DOORS: readonly PointClass[] = ['door', 'escape-door']
const rights = (zones: readonly string[], classes?: readonly PointClass[]): Right[] =>
  zones.map(zone => (classes ? { zone, classes } : { zone }))
const GATE: Right = { accessPoint: 'gate-west' }
const PHARMACY_DOORS: readonly Right[] = [{ accessPoint: 'door-t15-front' }, { accessPoint: 'door-t15-rear' }]

/** What each trade may open during its shift. */
const MAY_OPEN: Readonly<Record<Trade, readonly Right[]>> = {
  infirmiere: rights(CLINICAL),
  medecin: [...rights(CLINICAL), ...PHARMACY_DOORS],
  pharmacien: [
    { zone: 't15', requires: { onDuty: true } },
    ...rights(CLINICAL, ['medicines', 'controlled-drugs', ...DOORS]),
  ],
  securite: [{ zone: ROOT, classes: DOORS }, { zone: 't18' }],
  informatique: [{ zone: 't18' }],
  logistique: [{ zone: 't20' }, { accessPoint: 'door-t15-rear' }],
  'aide-soignante': rights(CLINICAL, ['crash-cart', ...DOORS]),
  menage: rights(CLINICAL, DOORS),
}

/** Whoever may stand beside a colleague at a drawer of controlled drugs. */
export const WITNESS_ROLE = 'habilite-stupefiants'
const ANYONE = 'personnel'
const DRUGS: Scope = { zone: ROOT, classes: ['medicines', 'controlled-drugs'] }
const CRASH_CARTS = { zone: ROOT, classes: ['crash-cart' as const], schedule: 'toujours' }

interface TradeRole {
  readonly name: string
  readonly witness?: true
  readonly rights?: readonly (Scope & { readonly schedule: string })[]
  readonly breakGlass?: readonly Scope[]
  readonly lockdownRank?: number
}
const TRADES: Readonly<Record<Trade, TradeRole>> = {
  infirmiere: { name: 'Infirmière', witness: true, rights: [CRASH_CARTS], breakGlass: [DRUGS] },
  medecin: { name: 'Médecin', witness: true, rights: [CRASH_CARTS], breakGlass: [DRUGS] },
  pharmacien: { name: 'Pharmacien', witness: true },
  securite: { name: 'Agent de sécurité', lockdownRank: 9 },
  informatique: { name: 'Informatique' },
  logistique: { name: 'Logistique' },
  'aide-soignante': { name: 'Aide-soignante' },
  menage: { name: 'Ménage' },
}
const SHIFT_NAMES: Readonly<Record<Shift, string>> = {
  jour: 'de jour',
  nuit: 'de nuit',
  'heures-ouvrees': 'en heures ouvrées',
  toujours: 'd’astreinte',
}

export const roleOf = (m: Pick<Member, 'trade' | 'shift'>): string => `${m.trade}-${m.shift}`
export const isWitness = (m: Pick<Member, 'trade'>): boolean => TRADES[m.trade].witness === true

/** Every role of the site file. */
export function roles() {
  return [...COMMON, ...Object.entries(TRADES).map(([id, trade]) => tradeRole(id, trade)), ...worn(), ...GUEST_ROLES]
}

const COMMON = [
  { id: ANYONE, name: 'Tout le personnel', rights: [{ ...GATE, schedule: 'toujours' }] },
  { id: WITNESS_ROLE, name: 'Habilité aux stupéfiants', rights: [] },
]
const GUEST_ROLES = [
  { id: 'visiteur', name: 'Visiteur', rights: [{ ...GATE, schedule: 'visites' }] },
  {
    id: 'prestataire',
    name: 'Prestataire',
    rights: [
      { ...GATE, schedule: 'heures-ouvrees' },
      { zone: 't18', schedule: 'heures-ouvrees' },
      { zone: 't15', schedule: 'toujours', effect: 'deny' },
    ],
  },
]

function tradeRole(id: string, { name, witness, rights = [], breakGlass, lockdownRank }: TradeRole) {
  return {
    id,
    name,
    inherits: witness ? [ANYONE, WITNESS_ROLE] : [ANYONE],
    rights,
    ...(breakGlass ? { breakGlass } : {}),
    ...(lockdownRank === undefined ? {} : { lockdownRank }),
  }
}

function worn() {
  const found = new Map(STAFF.map(m => [roleOf(m), m]))
  return [...found].map(([id, { trade, shift }]) => ({
    id,
    name: `${TRADES[trade].name} ${SHIFT_NAMES[shift]}`,
    inherits: [trade],
    rights: MAY_OPEN[trade].map(right => ({ ...right, schedule: shift })),
  }))
}
