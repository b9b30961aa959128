/**
 * The "Hôpital de campagne des Prés-Hauts" as a site file: the JSON that `vigie apply` takes. Everything in it is
 * invented and the same on every machine.
 */
import { INSTALLED, type Installed, type PointClass } from './hospital-devices.ts'
import { DEPARTMENTS, FENCE, GROUNDS, ROOT } from './hospital-plan.ts'
import { BAD_BADGES, type Member, SCHEDULES, type Shift, STAFF, type Trade } from './hospital-staff.ts'

export const SITE_ID = 'pres-hauts'
export const TIME_ZONE = 'Europe/Paris'

interface Right {
  readonly zone?: string
  readonly accessPoint?: string
  readonly classes?: readonly PointClass[]
}

const CLINICAL = ['urgences', 'bloc', 'critiques', 'hospitalisation'] as const
const DOORS: readonly PointClass[] = ['door', 'escape-door']
const rights = (zones: readonly string[], classes?: readonly PointClass[]): Right[] =>
  zones.map(zone => (classes ? { zone, classes } : { zone }))
const GATE: Right = { accessPoint: 'gate-west' }

/** What each trade may open, whatever the hour; the shift adds the hours. */
const MAY_OPEN: Readonly<Record<Trade, readonly Right[]>> = {
  infirmiere: [GATE, ...rights(CLINICAL)],
  medecin: [GATE, ...rights(CLINICAL), { accessPoint: 'door-t15-front' }],
  pharmacien: [GATE, { zone: 't15' }, ...rights(CLINICAL, ['medicines', 'controlled-drugs', ...DOORS])],
  securite: [{ zone: ROOT, classes: DOORS }, { zone: 't18' }],
  informatique: [GATE, { zone: 't18' }],
  logistique: [GATE, { zone: 't20' }, { accessPoint: 'door-t15-rear' }],
  'aide-soignante': [GATE, ...rights(CLINICAL, ['crash-cart', ...DOORS])],
  menage: [GATE, ...rights(CLINICAL, DOORS)],
}

const TRADE_NAMES: Readonly<Record<Trade, string>> = {
  infirmiere: 'Infirmière',
  medecin: 'Médecin',
  pharmacien: 'Pharmacien',
  securite: 'Agent de sécurité',
  informatique: 'Informatique',
  logistique: 'Logistique',
  'aide-soignante': 'Aide-soignante',
  menage: 'Ménage',
}
const SHIFT_NAMES: Readonly<Record<Shift, string>> = {
  jour: 'de jour',
  nuit: 'de nuit',
  'heures-ouvrees': 'en heures ouvrées',
  toujours: 'd’astreinte',
}

const roleOf = (m: Pick<Member, 'trade' | 'shift'>): string => `${m.trade}-${m.shift}`

/** The whole site. A new object each time: the caller may change it. */
export function hospitalSite() {
  return {
    version: 1 as const,
    site: { id: SITE_ID, name: 'Hôpital de campagne des Prés-Hauts', timeZone: TIME_ZONE },
    zones: zones(),
    schedules: SCHEDULES.map(s => ({ ...s, weekly: s.weekly.map(w => ({ ...w, days: [...w.days] })) })),
    devices: INSTALLED.map(({ id, model, name, zone, plan }) => ({ id, model, name, zone, plan })),
    accessPoints: INSTALLED.flatMap(accessPoints),
    roles: roles(),
    people: STAFF.map(m => ({ id: m.id, name: m.name, roles: [roleOf(m)] })),
    badges: [...STAFF.map(m => ({ uid: m.uid, person: m.id, status: 'active' })), ...BAD_BADGES],
  }
}

function zones() {
  const root = { id: ROOT, name: 'Hôpital de campagne', plan: { ...FENCE, kind: 'outdoor' } }
  const departments = DEPARTMENTS.map(d => ({ ...d, parent: ROOT }))
  const grounds = GROUNDS.map(({ id, name, parent, ...plan }) => ({ id, name, parent, plan }))
  return [root, ...departments, ...grounds]
}

/** Devices with one point share their id with it; a cabinet's points carry the point's name too. */
function accessPoints(device: Installed) {
  return device.points.flatMap(({ point, name, class: kind, unlockMs }) => {
    if (!kind) return []
    const id = device.points.length === 1 ? device.id : `${device.id}-${point}`
    return [{ id, name, zone: device.zone, class: kind, device: device.id, point, ...(unlockMs ? { unlockMs } : {}) }]
  })
}

function roles() {
  const worn = new Map(STAFF.map(m => [roleOf(m), m]))
  return [...worn].map(([id, { trade, shift }]) => ({
    id,
    name: `${TRADE_NAMES[trade]} ${SHIFT_NAMES[shift]}`,
    rights: MAY_OPEN[trade].map(right => ({ ...right, schedule: shift })),
  }))
}
