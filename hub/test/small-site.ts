/** A small, valid site for tests, what the models know, and pseudonyms for everyone in a site. Pure. */
import type { Site } from '../access/site.ts'
import type { Pseudonyms } from '../access/snapshot.ts'

export { KNOWN_MODELS as knows } from '../flows/known-models.ts'

/** `people[i]` is `person-i`, `badges[i]` is `badge-i`. */
export function pseudonymsOf(site: Site): Pseudonyms {
  return {
    person: new Map(site.people.map((p, i) => [p.id, `person-${i}`])),
    badge: new Map(site.badges.map((b, i) => [b.uid, `badge-${i}`])),
  }
}

type Days = Site['schedules'][number]['weekly'][number]['days']
export const EVERY_DAY: Days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** A ward above a pharmacy, and a garden apart; a nurse by day, a nurse by night, a gardener. */
export function smallSite(): Site {
  return {
    version: 1,
    site: { id: 'test', name: 'Test', timeZone: 'Europe/Paris' },
    zones: [
      { id: 'ward', name: 'Ward' },
      { id: 'pharmacy', name: 'Pharmacy', parent: 'ward' },
      { id: 'garden', name: 'Garden' },
    ],
    schedules: [
      { id: 'always', name: 'Always', weekly: [{ days: EVERY_DAY, from: '00:00', to: '24:00' }] },
      { id: 'day', name: 'Day', weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', to: '19:00' }] },
      { id: 'night', name: 'Night', weekly: [{ days: EVERY_DAY, from: '22:00', to: '07:00' }] },
    ],
    devices: [
      { id: 'cabinet-1', model: 'medicine-cabinet', name: 'Cabinet', zone: 'pharmacy' },
      { id: 'door-1', model: 'door', name: 'Ward door', zone: 'ward' },
      { id: 'door-2', model: 'door', name: 'Garden door', zone: 'garden' },
    ],
    accessPoints: [
      {
        id: 'drugs',
        name: 'Drugs',
        zone: 'pharmacy',
        class: 'controlled-drugs',
        device: 'cabinet-1',
        point: 'drawer-1',
      },
      {
        id: 'medicines',
        name: 'Medicines',
        zone: 'pharmacy',
        class: 'medicines',
        device: 'cabinet-1',
        point: 'drawer-2',
        unlockMs: 8_000,
      },
      { id: 'ward-door', name: 'Ward door', zone: 'ward', class: 'door', device: 'door-1', point: 'door' },
      {
        id: 'garden-door',
        name: 'Garden door',
        zone: 'garden',
        class: 'door',
        device: 'door-2',
        point: 'door',
        failureMode: 'secure',
      },
    ],
    roles: [
      {
        id: 'nurse',
        name: 'Nurse',
        rights: [
          { zone: 'ward', classes: ['door', 'medicines'], schedule: 'day' },
          { accessPoint: 'ward-door', schedule: 'always' },
        ],
      },
      { id: 'night-nurse', name: 'Night nurse', rights: [{ zone: 'ward', schedule: 'night' }] },
      { id: 'gardener', name: 'Gardener', rights: [{ zone: 'garden', schedule: 'day' }] },
    ],
    people: [
      { id: 'anna', name: 'Anna', roles: ['nurse'] },
      { id: 'bela', name: 'Bela', roles: ['nurse', 'night-nurse'] },
      {
        id: 'cleo',
        name: 'Cleo',
        roles: ['gardener'],
        validFrom: '2026-03-01T00:00:00Z',
        validUntil: '2026-12-01T00:00:00Z',
      },
    ],
    badges: [
      { uid: '04AA0001', person: 'anna', status: 'active' },
      {
        uid: '04AA0002',
        person: 'bela',
        status: 'active',
        validFrom: '2026-01-01T00:00:00Z',
        validUntil: '2027-01-01T00:00:00Z',
      },
      { uid: '04AA0003', person: 'cleo', status: 'active' },
      { uid: '04AA0004', person: 'anna', status: 'suspended' },
      { uid: '04AA0005', person: 'anna', status: 'lost' },
      { uid: '04AA0006', person: 'anna', status: 'revoked' },
    ],
  }
}

/** The small site with something of every kind: holidays, conditions, a man-trap, plans, guests, break-glass. */
export function fullSite(): Site {
  const site = smallSite()
  const [drugs, , wardDoor] = site.accessPoints
  site.site.policy = { grantHours: { medicines: 12 }, breakGlass: { minutes: 10 }, pin: { tries: 4 } }
  site.calendars = [{ id: 'holidays', name: 'Holidays', days: [{ date: '--12-25' }, { date: '2026-05-14' }] }]
  site.schedules[1]!.specialDays = [{ calendar: 'holidays', hours: [{ from: '09:00', to: '12:00' }] }]
  Object.assign(site.zones[0]!, { antiPassback: { mode: 'timed', minutes: 10 } })
  Object.assign(site.zones[1]!, { occupancyLimit: 2 })
  Object.assign(drugs!, { requires: { pin: true, witness: { role: 'nurse', withinS: 30 } } })
  Object.assign(wardDoor!, { passage: { from: 'garden', to: 'ward' } })
  for (const side of ['in', 'out']) {
    site.devices.push({ id: `lock-${side}`, model: 'door', name: 'Airlock', zone: 'pharmacy' })
    site.accessPoints.push({
      id: `airlock-${side}`,
      name: 'Airlock',
      zone: 'pharmacy',
      class: 'door',
      device: `lock-${side}`,
      point: 'door',
      passage: side === 'in' ? { from: 'ward', to: 'pharmacy' } : { from: 'pharmacy', to: 'ward' },
    })
  }
  site.roles.push(
    {
      id: 'head-nurse',
      name: 'Head nurse',
      inherits: ['nurse'],
      rights: [{ classes: ['medicines'], schedule: 'always', requires: { reason: true } }],
      breakGlass: [{ zone: 'pharmacy', classes: ['controlled-drugs', 'medicines'] }],
      lockdownRank: 2,
    },
    { id: 'guest', name: 'Guest', rights: [{ zone: 'pharmacy', schedule: 'always', effect: 'deny' }] },
  )
  site.people.push(
    { id: 'dora', name: 'Dora', roles: ['head-nurse'] },
    { id: 'emil', name: 'Emil', roles: ['gardener', 'guest'], kind: 'visitor', validFrom: '2026-07-01T08:00:00+02:00' },
  )
  site.badges.push(
    { uid: '04AA0007', person: 'dora', status: 'active' },
    { uid: '04AA0008', person: 'emil', status: 'active' },
  )
  site.interlocks = [{ id: 'airlock', name: 'Airlock', accessPoints: ['airlock-in', 'airlock-out'] }]
  site.lockdownPlans = [
    { id: 'ward', name: 'Ward', zones: ['ward'], rank: 2, allow: ['night-nurse'], revertAfterMinutes: 60 },
    { id: 'pharmacy', name: 'Pharmacy', zones: ['pharmacy'], rank: 5, revertAfterMinutes: 30 },
  ]
  site.evacuationPlans = [
    { id: 'fire', name: 'Fire', zones: ['ward'], release: ['ward-door', 'airlock-out'], muster: ['garden-door'] },
  ]
  site.scenarios = [
    {
      id: 'door-forced',
      name: 'Porte forcée',
      when: { begins: { kinds: ['point.forced'] }, ends: { kinds: ['point.closed'] } },
      where: { zones: ['pharmacy'], classes: ['door'] },
      if: [
        { schedule: 'always', open: true },
        { quantity: 'illuminance', below: 50 },
      ],
      acts: [{ do: 'alert', kind: 'door-forced', severity: 'critical' }],
    },
    {
      id: 'arm-at-night',
      name: 'Nuit',
      when: { at: '21:00' },
      where: { zones: ['ward'] },
      acts: [{ do: 'arm', armed: true }],
    },
  ]
  site.rotas = [
    {
      id: 'nights',
      name: 'Garde de nuit',
      people: ['ida', 'sam'],
      from: '2026-01-05',
      handover: '08:00',
      days: 7,
      standIns: [{ login: 'tom', from: '2026-06-10T08:00:00+02:00', until: '2026-06-11T08:00:00+02:00' }],
    },
  ]
  site.escalations = [
    {
      id: 'pharmacy',
      name: 'Pharmacie',
      zones: ['pharmacy'],
      from: 'info',
      steps: [
        { afterMinutes: 0, to: { onCall: 'nights' } },
        { afterMinutes: 5, to: { logins: ['nina'] } },
      ],
      rounds: 2,
    },
  ]
  return site
}
