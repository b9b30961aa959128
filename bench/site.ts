/** The site under load: readers that everybody may open at any time, and light sensors. Pure. */
import type { Site } from '#hub/access/site.ts'

export const SITE_ID = 'bench'
export const PEOPLE = 100

export const readerName = (i: number): string => `reader-${i}`
export const sensorName = (i: number): string => `lux-${i}`
/** Seven bytes, as of a real badge. */
export const uidOf = (person: number): string => `04B0${person.toString(16).toUpperCase().padStart(10, '0')}`

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** @param readers doors with a badge reader each; @param sensors light sensors */
export function makeSite(readers: number, sensors: number): Site {
  return {
    version: 1,
    site: { id: SITE_ID, name: 'Benchmark', timeZone: 'Europe/Paris' },
    zones: [{ id: 'building', name: 'Building' }],
    schedules: [
      {
        id: 'always',
        name: 'Always',
        weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }],
      },
    ],
    devices: [
      ...range(readers).map(i => device(readerName(i), 'door')),
      ...range(sensors).map(i => device(sensorName(i), 'light-sensor')),
    ],
    accessPoints: range(readers).map(i => ({
      id: `door-${i}`,
      name: `Door ${i}`,
      zone: 'building',
      class: 'door',
      device: readerName(i),
      point: 'door',
    })),
    roles: [{ id: 'staff', name: 'Staff', rights: [{ zone: 'building', schedule: 'always' }] }],
    people: range(PEOPLE).map(i => ({ id: `person-${i}`, name: `Person ${i}`, roles: ['staff'] })),
    badges: range(PEOPLE).map(i => ({ uid: uidOf(i), person: `person-${i}`, status: 'active' })),
  }
}

const device = (id: string, model: string) => ({ id, model, name: id, zone: 'building' })
