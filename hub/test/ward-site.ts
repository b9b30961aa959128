/**
 * A site where every step of a decision has a place to happen: a point for each condition, zones with anti-passback and a
 * limit, a man-trap, a lockdown, an evacuation. Every point is `reader/<its id>`; pseudonyms are `p-<person>` and `b-<uid>`.
 */
import { compile } from '../access/compile.ts'
import type { AccessRequest } from '../access/decision.ts'
import type { Grant } from '../access/grants.ts'
import type { AccessPoint, Conditions, Right, Site } from '../access/site.ts'
import type { Pseudonyms, Snapshot } from '../access/snapshot.ts'
import { EVERY_DAY } from './small-site.ts'

export const NORA = '04AA0001'
export const NILS = '04AA0002'
/** The second badge of Nils. */
export const NILS_TOO = '04AA0003'
export const DINA = '04AA0004'
export const TECH = '04AA0005'

/** 2026-07-01 is a Wednesday; noon in Paris, two hours ahead of UTC. */
export const NOON = Date.parse('2026-07-01T12:00:00+02:00')
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

const points: readonly string[] = [
  'open',
  'day',
  'pin',
  'reason',
  'patient',
  'prescription',
  'any',
  'duty',
  'two',
  'both',
]
const more: readonly string[] = ['forbidden', 'grant', 'glass', 'nothing', 'exit']
const point = (id: string): AccessPoint => ({
  id,
  name: `The ${id}`,
  zone: 'ward',
  class: 'medicines',
  device: 'reader',
  point: id,
})
const door = (id: string, zone: string, from: string, to: string): AccessPoint => ({
  ...point(id),
  zone,
  class: 'door',
  passage: { from, to },
})
const right = (accessPoint: string, requires?: Conditions, schedule = 'always'): Right => ({
  accessPoint,
  schedule,
  ...(requires && { requires }),
})
const TWO = { witness: { role: 'nurse', withinS: 30 } } as const

export function wardSite(): Site {
  return {
    version: 1,
    site: { id: 'ward', name: 'Ward', timeZone: 'Europe/Paris' },
    calendars: [{ id: 'holidays', name: 'Holidays', days: [{ date: '--12-25' }] }],
    zones: [
      { id: 'ward', name: 'Ward' },
      { id: 'safe', name: 'Safe', antiPassback: { mode: 'hard' } },
      { id: 'vault', name: 'Vault', parent: 'safe' },
      { id: 'lab', name: 'Lab', antiPassback: { mode: 'soft' } },
      { id: 'store', name: 'Store', antiPassback: { mode: 'timed', minutes: 30 } },
      { id: 'booth', name: 'Booth', occupancyLimit: 2 },
      { id: 'trap', name: 'Trap' },
    ],
    schedules: [
      { id: 'always', name: 'Always', weekly: [{ days: EVERY_DAY, from: '00:00', to: '24:00' }] },
      {
        id: 'day',
        name: 'Day',
        weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', to: '19:00' }],
        specialDays: [{ calendar: 'holidays', hours: [] }],
      },
      { id: 'night', name: 'Night', weekly: [{ days: EVERY_DAY, from: '22:00', to: '07:00' }] },
    ],
    devices: [],
    accessPoints: [
      ...[...points, ...more].map(point),
      { ...point('strict'), requires: { pin: true } },
      { ...point('strict-two'), requires: { witness: { role: 'nurse', withinS: 20 } } },
      { ...point('strict-duty'), requires: { reference: 'prescription' } },
      door('in-safe', 'ward', 'ward', 'safe'),
      door('in-vault', 'safe', 'safe', 'vault'),
      door('out-safe', 'safe', 'safe', 'ward'),
      door('in-lab', 'ward', 'ward', 'lab'),
      door('in-store', 'ward', 'ward', 'store'),
      door('in-booth', 'ward', 'ward', 'booth'),
      door('trap-a', 'ward', 'ward', 'trap'),
      door('trap-b', 'trap', 'trap', 'safe'),
      { ...point('muster'), zone: 'trap' },
    ],
    interlocks: [{ id: 'man-trap', name: 'Man-trap', accessPoints: ['trap-a', 'trap-b'] }],
    lockdownPlans: [
      { id: 'hall', name: 'Hall', zones: ['ward'], rank: 3, allow: ['doctor'], revertAfterMinutes: 60 },
      { id: 'all', name: 'All', zones: ['ward', 'trap'], rank: 5, allow: ['nurse'], revertAfterMinutes: 60 },
    ],
    evacuationPlans: [{ id: 'fire', name: 'Fire', zones: ['ward'], release: ['exit'], muster: ['muster'] }],
    roles: [
      {
        id: 'nurse',
        name: 'Nurse',
        rights: [
          right('open'),
          right('day', undefined, 'day'),
          right('pin', { pin: true }),
          right('reason', { reason: true }),
          right('patient', { reference: 'patient' }),
          right('prescription', { reference: 'prescription' }),
          right('any', { reference: 'any' }),
          right('duty', { onDuty: true }),
          right('two', TWO),
          right('both', { ...TWO, pin: true }),
          right('forbidden'),
          { accessPoint: 'forbidden', schedule: 'day', effect: 'deny' },
          ...['strict', 'strict-two', 'muster', 'trap-a', 'trap-b'].map(id => right(id)),
          ...['in-safe', 'in-vault', 'out-safe', 'in-lab', 'in-store', 'in-booth'].map(id => right(id)),
        ],
        breakGlass: [{ accessPoint: 'glass' }, { accessPoint: 'open' }, { accessPoint: 'forbidden' }, { zone: 'trap' }],
      },
      { id: 'doctor', name: 'Doctor', rights: [], inherits: ['nurse'] },
      { id: 'chief', name: 'Chief', rights: [right('open')], lockdownRank: 9 },
    ],
    people: [
      { id: 'nora', name: 'Nora', roles: ['nurse'] },
      { id: 'nils', name: 'Nils', roles: ['nurse'] },
      { id: 'dina', name: 'Dina', roles: ['doctor'] },
      { id: 'tech', name: 'Tech', roles: [] },
    ],
    badges: [
      { uid: NORA, person: 'nora', status: 'active' },
      { uid: NILS, person: 'nils', status: 'active' },
      { uid: NILS_TOO, person: 'nils', status: 'active' },
      { uid: DINA, person: 'dina', status: 'active' },
      { uid: TECH, person: 'tech', status: 'active' },
    ],
  }
}

export const wardPseudonyms = (site: Site): Pseudonyms => ({
  person: new Map(site.people.map(p => [p.id, `p-${p.id}`])),
  badge: new Map(site.badges.map(b => [b.uid, `b-${b.uid}`])),
})

/** Revision 7. */
export const wardSnapshot = (site: Site = wardSite(), grants: readonly Grant[] = []): Snapshot =>
  compile(site, 7, wardPseudonyms(site), grants, NOON - 30 * 24 * HOUR)

export const badgeAt = (accessPoint: string, uid: string, asked: Partial<AccessRequest> = {}): AccessRequest => ({
  device: 'reader',
  point: accessPoint,
  uid,
  at: NOON,
  ...asked,
})

export const grantOf = (person: string, target: Grant['target'], asked: Partial<Grant> = {}): Grant => ({
  id: 'g-1',
  person,
  ...(target && { target }),
  from: NOON - HOUR,
  until: NOON + HOUR,
  origin: 'loan',
  by: 'cli:test',
  ...asked,
})
