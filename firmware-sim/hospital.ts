/**
 * The "Hôpital de campagne des Prés-Hauts" as a site file: the JSON that `vigie apply` takes. Everything in it is
 * invented and the same on every machine.
 */
import { INSTALLED, type Installed } from './hospital-devices.ts'
import { CALENDARS, SCHEDULES } from './hospital-hours.ts'
import { DEPARTMENTS, FENCE, GROUNDS, type Rectangle, ROOT } from './hospital-plan.ts'
import { roleOf, roles } from './hospital-roles.ts'
import {
  type Asks,
  asksAt,
  EVACUATION_PLANS,
  INTERLOCKS,
  LIMITS,
  type Limits,
  LOCKDOWN_PLANS,
  OUTSIDE,
  PASSAGES,
  POLICY,
} from './hospital-rules.ts'
import { BAD_BADGES, GUESTS, SPARE_BADGE, STAFF } from './hospital-staff.ts'

export const SITE_ID = 'pres-hauts'
export const TIME_ZONE = 'Europe/Paris'

/** The whole site. A new object each time: the caller may change it. */
export function hospitalSite() {
  return structuredClone({
    version: 1 as const,
    site: { id: SITE_ID, name: 'Hôpital de campagne des Prés-Hauts', timeZone: TIME_ZONE, policy: POLICY },
    calendars: CALENDARS,
    interlocks: INTERLOCKS,
    lockdownPlans: LOCKDOWN_PLANS,
    evacuationPlans: EVACUATION_PLANS,
    zones: zones(),
    schedules: SCHEDULES,
    devices: INSTALLED.map(({ id, model, name, zone, plan }) => ({ id, model, name, zone, plan })),
    accessPoints: INSTALLED.flatMap(accessPoints),
    roles: roles(),
    people: [
      ...STAFF.map(m => ({ id: m.id, name: m.name, roles: [roleOf(m)] })),
      ...GUESTS.map(({ id, name, kind, role }) => ({ id, name, kind, roles: [role] })),
    ],
    badges: [
      ...STAFF.map(m => ({ uid: m.uid, person: m.id, status: 'active' })),
      ...GUESTS.map(({ id, badge }) => ({ ...badge, person: id, status: 'active' })),
      SPARE_BADGE,
      ...BAD_BADGES,
    ],
  })
}

interface SiteZone extends Limits {
  readonly id: string
  readonly name: string
  readonly parent?: string
  readonly plan?: Rectangle & { readonly kind: string; readonly code?: string }
}
function zones(): SiteZone[] {
  const root = { id: ROOT, name: 'Hôpital de campagne', plan: { ...FENCE, kind: 'outdoor' } }
  const departments = DEPARTMENTS.map(d => ({ ...d, parent: ROOT }))
  const grounds = GROUNDS.map(({ id, name, parent, ...plan }) => ({ id, name, parent, ...LIMITS[id], plan }))
  return [root, OUTSIDE, ...departments, ...grounds]
}

/** Devices with one point share their id with it; a cabinet's points carry the point's name too. */
export const accessPointId = (device: Installed, point: string): string =>
  device.points.length === 1 ? device.id : `${device.id}-${point}`

function accessPoints(device: Installed) {
  return device.points.flatMap(({ point, name, class: kind, unlockMs }) => {
    if (!kind) return []
    const id = accessPointId(device, point)
    const requires = asksAt(id, kind)
    const passage = PASSAGES[id]
    return [
      {
        id,
        name,
        zone: device.zone,
        class: kind,
        device: device.id,
        point,
        ...(unlockMs ? { unlockMs } : {}),
        ...(requires ? { requires } : {}),
        ...(passage ? { passage } : {}),
      },
    ]
  })
}

const ASKS = new Map(
  INSTALLED.flatMap(device =>
    device.points.map(({ point, class: kind = '' }) => [
      `${device.id}/${point}`,
      asksAt(accessPointId(device, point), kind),
    ]),
  ),
)
/** What a reader asks for beside the badge; undefined for no more than that. */
export const asksOf = (device: string, point: string): Asks | undefined => ASKS.get(`${device}/${point}`)
