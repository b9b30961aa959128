/** A believable field hospital for the stand-in: 22 tents, 2 galleries, a gate, 48 devices; and what happens there. */
import type { DeviceState, LiveEvent, PointState, SiteView } from '#hub/api.ts'

type Tent = readonly [id: string, name: string, x: number, y: number, width: number, height: number, devices: string]

/** Metres. Devices: p motion, s light sensor, l light, c cabinet, d door on the south wall, D door on the north wall. */
const TENTS: readonly Tent[] = [
  ['t01', 'Accueil, tri', 0, 0, 13, 17.25, 'pld'],
  ['t02', 'Urgences A', 14, 0, 15.75, 17.25, 'plcd'],
  ['t03', 'Urgences B', 30.75, 0, 15.75, 17.25, 'pc'],
  ['t04', 'Déchocage', 47.5, 0, 17, 17.25, 'plcd'],
  ['t05', 'Bloc 1', 65.5, 0, 14.25, 17.25, 'plcd'],
  ['t06', 'Bloc 2', 80.75, 0, 13.75, 17.25, 'lc'],
  ['t19', 'Poste de garde', 0, 21.75, 15.6, 14.75, 'lD'],
  ['t16', 'Imagerie', 16.5, 21.75, 13.5, 14.75, 'p'],
  ['t17', 'Laboratoire', 31, 21.75, 13.5, 14.75, 'c'],
  ['t07', 'Réveil', 49, 21.75, 18.5, 14.75, 'c'],
  ['t08', 'Réanimation', 68.5, 21.75, 25.75, 14.75, 'pslccD'],
  ['t18', 'Informatique', 0, 38, 16.6, 14.75, 'pd'],
  ['t15', 'Pharmacie', 17.8, 38, 26.7, 14.75, 'pslcccd'],
  ['t14', 'Isolement', 49, 38, 16, 14.75, 'p'],
  ['t13', 'Pédiatrie', 66, 38, 13.5, 14.75, 'c'],
  ['t12', 'Maternité', 80.6, 38, 13.4, 14.75, 'l'],
  ['t09', 'Soins A', 0, 57.25, 16.25, 17.25, 'c'],
  ['t10', 'Soins B', 17.4, 57.25, 19.25, 17.25, 'slc'],
  ['t11', 'Soins C', 37.8, 57.25, 16.3, 17.25, 'c'],
  ['t20', 'Réserve', 55, 57.25, 16.2, 17.25, 'pD'],
  ['t21', 'Énergie', 72.4, 57.25, 10.8, 17.25, 'l'],
  ['t22', 'Repos', 84.2, 57.25, 10.4, 17.25, ''],
]
const KINDS = {
  p: ['pir', 'pir', 'Détecteur'],
  s: ['lux', 'light-sensor', 'Luxmètre'],
  l: ['light', 'light', 'Éclairage'],
  c: ['cab', 'medicine-cabinet', 'Armoire'],
  d: ['door', 'door', 'Porte'],
  D: ['door', 'door', 'Porte'],
} as const

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export interface Hospital {
  readonly site: SiteView
  readonly devices: Map<string, Mutable<DeviceState>>
  readonly points: Map<string, Mutable<PointState>>
}

/** The hospital at `now`, everything closed and answering; half of the tents are lit. */
export function hospital(now: number): Hospital {
  const zones: SiteView['zones'] = [
    { id: 'site', name: 'Hôpital' },
    {
      id: 'gn',
      name: 'Galerie nord',
      parent: 'site',
      plan: { x: -2.5, y: 18.25, width: 99.5, height: 2.5, kind: 'corridor' },
    },
    {
      id: 'gc',
      name: 'Galerie centre',
      parent: 'site',
      plan: { x: 45.5, y: 20.75, width: 2.5, height: 33, kind: 'corridor' },
    },
    {
      id: 'gs',
      name: 'Galerie sud',
      parent: 'site',
      plan: { x: -2.5, y: 53.75, width: 99.5, height: 2.5, kind: 'corridor' },
    },
  ]
  const built: Hospital = {
    site: {
      site: { id: 'hc', name: 'HC des Prés-Hauts', timeZone: 'Europe/Paris' },
      zones,
      devices: [],
      accessPoints: [],
      lockdownPlans: [
        {
          id: 'south',
          name: 'Pharmacie et réserve',
          zones: ['t15', 't20'],
          rank: 3,
          allow: ['doctor'],
          revertAfterMinutes: 60,
        },
      ],
      evacuationPlans: [
        {
          id: 'all',
          name: 'Tout l’hôpital',
          zones: ['site'],
          release: ['door-t01-1', 'door-t15-1'],
          muster: ['door-t18-1'],
        },
      ],
    },
    devices: new Map(),
    points: new Map(),
  }
  for (const [i, tent] of TENTS.entries()) addTent(built, tent, i, now)
  return built
}

function addTent(h: Hospital, [id, name, x, y, width, height, devices]: Tent, index: number, now: number): void {
  h.site.zones.push({ id, name, parent: 'site', plan: { x, y, width, height, kind: 'tent', code: id.toUpperCase() } })
  const counts = new Map<string, number>()
  for (const letter of devices as Iterable<keyof typeof KINDS>) {
    const [prefix, model, label] = KINDS[letter]
    const n = (counts.get(prefix) ?? 0) + 1
    counts.set(prefix, n)
    const device = `${prefix}-${id}-${n}`
    const full = prefix === 'cab' ? `Armoire ${id.slice(1)}-${'ABC'[n - 1]}` : `${label} ${name}`
    const at = prefix === 'door' ? { plan: { x: x + width - 3, y: letter === 'D' ? y : y + height } } : {}
    h.site.devices.push({ id: device, model, name: full, zone: id, ...at })
    h.devices.set(device, deviceState(device, model, full, id, now, h.devices.size))
    addPoints(h, device, prefix, id, full, now, index)
  }
}

function deviceState(id: string, model: string, name: string, zone: string, now: number, nth: number): DeviceState {
  const readings = model === 'light-sensor' ? { illuminance: { value: 212, unit: 'lx', at: now - 40_000 } } : {}
  return {
    id,
    model,
    name,
    zone,
    status: 'enrolled',
    online: true,
    since: now - 7 * 3_600_000,
    lastSeen: now - 1000 * (nth + 2),
    certificateUntil: now + (88 - nth) * 86_400_000,
    skewMs: (nth % 5) * 40 - 60,
    readings,
    refused: nth === 7 ? { size: 12, rate: 3 } : {},
    messages: 400 + nth,
  }
}

function addPoints(
  h: Hospital,
  device: string,
  prefix: string,
  zone: string,
  name: string,
  now: number,
  index: number,
): void {
  const since = now - 3_600_000
  const put = (point: string, state: Partial<PointState>) =>
    h.points.set(`${device}/${point}`, { device, point, zone, since, ...state })
  if (prefix === 'light') put('lamp', { on: index % 2 === 0 })
  if (prefix === 'door') {
    put('door', { lock: 'locked', contact: 'closed', accessPoint: device })
    h.site.accessPoints.push({ id: device, name, zone, class: 'door', device, point: 'door' })
  }
  if (prefix !== 'cab') return
  for (const point of ['cabinet', 'drawer-1', 'drawer-2', 'drawer-3']) {
    const id = `${device}-${point}`
    put(point, { lock: 'locked', contact: 'closed', accessPoint: id })
    h.site.accessPoints.push({
      id,
      name: point === 'cabinet' ? name : `${name}, tiroir ${point.slice(7)}`,
      zone,
      class: 'medicines',
      device,
      point,
      failureMode: 'secure',
    })
  }
}

const PEOPLE = ['Lucie Aubry', 'Samir Nadel', 'Claire Marchand', 'Jules Rey', 'Thomas Ferrand', 'Odile Vidal'] as const

/** `count` events of an ordinary night ending at `now`, oldest first, numbered from `from`. */
export function night(h: Hospital, count: number, now: number, from = 1): LiveEvent[] {
  const spots = h.site.accessPoints
  return Array.from({ length: count }, (_, i) => {
    const spot = spots[(i * 7) % spots.length]!
    const at = now - Math.round((count - i) ** 1.25 * 9000)
    const base = { seq: from + i, at, device: spot.device, point: spot.point, accessPoint: spot.id, zone: spot.zone }
    const person = { name: PEOPLE[i % PEOPLE.length]!, role: 'infirmière' }
    if (i % 23 === 5)
      return { ...base, kind: 'access.denied', reason: i % 2 ? 'outside-hours' : 'badge-suspended', person }
    return [
      { ...base, kind: 'access.granted', person, ms: 6 },
      { ...base, kind: 'lock.unlocked', ms: 84 },
      { ...base, kind: 'point.opened', person },
      { ...base, kind: 'point.closed', ms: 19_000 + (i % 9) * 2000 },
    ][i % 4] as LiveEvent
  })
}
