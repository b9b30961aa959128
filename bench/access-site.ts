/** The hospital of the access benchmark: 5,000 people, 20 roles, 200 points, schedules, 2,000 live grants. Pure; one seed. */
import type { Grant } from '#hub/access/grants.ts'
import type { Right, Role, Schedule, Site } from '#hub/access/site.ts'
import type { Pseudonyms } from '#hub/access/snapshot.ts'
import { seeded } from './stats.ts'

export const PEOPLE = 5_000
export const ROLES = 20
export const POINTS = 200
export const GRANTS = 2_000
const ZONES = 25
const RIGHTS_PER_ROLE = 8
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A Wednesday, 11:00 in Paris. */
export const NOW = Date.UTC(2026, 10, 18, 10)
/** Midnight in Paris. */
const DAY_BEGINS = Date.UTC(2026, 10, 17, 23)
const DAY_MINUTES = 1_440

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
export const uidOf = (person: number): string => `04C0${person.toString(16).toUpperCase().padStart(10, '0')}`
export const readerOf = (point: number): string => `reader-${point}`

const ALL_DAYS: Schedule['weekly'][number]['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const WORK_DAYS: Schedule['weekly'][number]['days'] = ['mon', 'tue', 'wed', 'thu', 'fri']

export const SCHEDULES: readonly Schedule[] = [
  { id: 'always', name: 'Always', weekly: [{ days: ALL_DAYS, from: '00:00', to: '24:00' }] },
  { id: 'office', name: 'Office', weekly: [{ days: WORK_DAYS, from: '08:00', to: '18:00' }] },
  { id: 'early', name: 'Early', weekly: [{ days: ALL_DAYS, from: '06:00', to: '14:00' }] },
  { id: 'late', name: 'Late', weekly: [{ days: ALL_DAYS, from: '14:00', to: '22:00' }] },
  { id: 'night', name: 'Night', weekly: [{ days: ALL_DAYS, from: '21:30', to: '06:30' }] },
]

export interface Bench {
  readonly site: Site
  readonly grants: readonly Grant[]
  readonly pseudonyms: Pseudonyms
}

/** The same for every call. */
export function makeBench(): Bench {
  const random = seeded(1)
  const pick = (n: number): number => Math.floor(random() * n)
  const site: Site = {
    version: 1,
    site: { id: 'bench', name: 'Benchmark', timeZone: 'Europe/Paris' },
    zones: range(ZONES).map(i => ({
      id: `zone-${i}`,
      name: `Zone ${i}`,
      ...(i === 0 ? {} : { parent: `zone-${Math.floor((i - 1) / 4)}` }),
    })),
    schedules: [...SCHEDULES],
    devices: range(POINTS).map(i => ({
      id: readerOf(i),
      model: 'door',
      name: `Reader ${i}`,
      zone: `zone-${i % ZONES}`,
    })),
    accessPoints: range(POINTS).map(i => ({
      id: `point-${i}`,
      name: `Point ${i}`,
      zone: `zone-${i % ZONES}`,
      class: 'door',
      device: readerOf(i),
      point: 'door',
    })),
    roles: range(ROLES).map(i => role(i, pick)),
    people: range(PEOPLE).map(i => ({
      id: `person-${i}`,
      name: `Person ${i}`,
      roles: [...new Set([pick(ROLES), pick(ROLES)])].map(r => `role-${r}`),
    })),
    badges: range(PEOPLE).map(i => ({ uid: uidOf(i), person: `person-${i}`, status: 'active' })),
  }
  const grants = range(GRANTS).map(i => grant(i, pick))
  return {
    site,
    grants,
    pseudonyms: {
      person: new Map(site.people.map(p => [p.id, `p-${p.id}`])),
      badge: new Map(site.badges.map(b => [b.uid, `b-${b.uid}`])),
    },
  }
}

function role(index: number, pick: (n: number) => number): Role {
  const rights = range(RIGHTS_PER_ROLE).map((j): Right => {
    const schedule = SCHEDULES[pick(SCHEDULES.length)]!.id
    // Zones near the root hold most of the house: few rights name them.
    return j < 4
      ? { zone: `zone-${5 + pick(ZONES - 5)}`, schedule }
      : { accessPoint: `point-${pick(POINTS)}`, schedule }
  })
  return { id: `role-${index}`, name: `Role ${index}`, rights }
}

const grant = (index: number, pick: (n: number) => number): Grant => ({
  id: `g-${index.toString(16).padStart(16, '0')}`,
  person: `person-${pick(PEOPLE)}`,
  target: { accessPoint: `point-${pick(POINTS)}` },
  from: NOW - pick(8) * HOUR,
  until: NOW + (1 + pick(8)) * HOUR,
  origin: 'maintenance',
  by: 'bench',
})

/** One badge held to one reader. Both are numbers of the site above. */
export interface Case {
  readonly person: number
  readonly point: number
  readonly at: number
}

/**
 * A quarter of them where the person holds a grant, the others anywhere: some open, some don't. At any minute of the whole
 * day, so that no engine is measured on one hour that its clock remembers.
 */
export function makeCases(count: number, bench: Bench): Case[] {
  const random = seeded(2)
  const pick = (n: number): number => Math.floor(random() * n)
  return range(count).map(i => {
    const granted = bench.grants[pick(GRANTS)]!
    const at = DAY_BEGINS + pick(DAY_MINUTES) * MINUTE
    return i % 4 === 0
      ? { person: numberIn(granted.person), point: numberIn(granted.target!.accessPoint!), at }
      : { person: pick(PEOPLE), point: pick(POINTS), at }
  })
}

export const numberIn = (id: string): number => Number(id.slice(id.lastIndexOf('-') + 1))
