/** What every site begins with. A scenario of the site with the same id stands in place of one of these. Pure data. */
import type { PointClass } from '../access/site-classes.ts'
import type { Scenario } from './scenarios.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const CABINETS: readonly PointClass[] = ['controlled-drugs', 'medicines', 'records', 'it-equipment']
const DOORS: readonly PointClass[] = ['door', 'escape-door']

export const SHIPPED: readonly Scenario[] = [
  {
    id: 'intrusion',
    name: 'Mouvement dans une zone armée',
    when: { begins: { quantity: 'occupancy', above: 0 }, quietMs: 5 * MINUTE },
    if: [{ armed: true }],
    acts: [
      { do: 'alert', kind: 'intrusion', severity: 'critical' },
      { do: 'light', on: true, brightness: 100, back: true },
      { do: 'snapshot' },
    ],
  },
  {
    // A door that is an access point knows whom it was opened for; a window or a cupboard does not.
    id: 'opened-while-armed',
    name: 'Ouverture dans une zone armée',
    when: { begins: { kinds: ['point.opened'] }, ends: { kinds: ['point.closed'] }, quietMs: 5 * MINUTE },
    where: { accessPoints: false },
    if: [{ armed: true }],
    acts: [
      { do: 'alert', kind: 'intrusion', severity: 'critical' },
      { do: 'light', on: true, brightness: 100, back: true },
      { do: 'snapshot' },
    ],
  },
  {
    id: 'presence-lights',
    name: 'Lumière quand quelqu’un est là et qu’il fait sombre',
    when: { begins: { quantity: 'occupancy', above: 0 }, quietMs: 5 * MINUTE },
    if: [{ armed: false }, { quantity: 'illuminance', below: 120 }],
    acts: [{ do: 'light', on: true, brightness: 80, back: true }],
  },
  {
    id: 'light-too-low',
    name: 'Trop peu de lumière dans une zone sensible',
    // Zones are the site's to name: without them it watches nothing.
    when: {
      begins: { quantity: 'illuminance', below: 50 },
      ends: { quantity: 'illuminance', above: 80 },
      forMs: 30 * SECOND,
    },
    where: { zones: [] },
    acts: [
      { do: 'light', on: true, brightness: 100, back: true },
      { do: 'alert', kind: 'light-too-low', severity: 'warning' },
    ],
  },
  {
    id: 'door-forced',
    name: 'Porte forcée',
    when: { begins: { kinds: ['point.forced'] }, ends: { kinds: ['point.closed'] } },
    acts: [{ do: 'alert', kind: 'door-forced', severity: 'critical' }, { do: 'snapshot' }],
  },
  {
    id: 'door-held',
    name: 'Porte tenue ouverte',
    when: { begins: { kinds: ['point.opened'] }, ends: { kinds: ['point.closed'] }, forMs: MINUTE },
    where: { classes: DOORS },
    acts: [{ do: 'alert', kind: 'door-held', severity: 'warning' }],
  },
  {
    id: 'cabinet-left-open',
    name: 'Armoire laissée ouverte',
    when: { begins: { kinds: ['point.opened'] }, ends: { kinds: ['point.closed'] }, forMs: 2 * MINUTE },
    where: { classes: CABINETS },
    acts: [{ do: 'alert', kind: 'cabinet-left-open', severity: 'warning' }],
  },
  {
    id: 'granted-not-opened',
    name: 'Accordé, mais pas ouvert',
    when: {
      begins: { kinds: ['access.granted'] },
      ends: { kinds: ['point.opened', 'lock.refused', 'lock.failed', 'lock.silent'] },
      forMs: MINUTE,
      quietMs: 10 * MINUTE,
    },
    where: { classes: CABINETS },
    acts: [{ do: 'alert', kind: 'granted-not-opened', severity: 'info' }],
  },
  {
    id: 'repeated-refusals',
    name: 'Refus répétés',
    when: { begins: { kinds: ['access.denied'] }, times: { count: 5, withinMs: 2 * MINUTE }, quietMs: 10 * MINUTE },
    acts: [{ do: 'alert', kind: 'repeated-refusals', severity: 'warning' }],
  },
  {
    id: 'tamper',
    name: 'Boîtier arraché',
    when: { begins: { kinds: ['tamper.raised'] }, ends: { kinds: ['tamper.cleared'] } },
    acts: [{ do: 'alert', kind: 'tamper', severity: 'critical' }, { do: 'snapshot' }],
  },
  {
    id: 'duress',
    name: 'Code de contrainte',
    when: { begins: { kinds: ['duress.raised'] }, quietMs: 30 * MINUTE },
    acts: [{ do: 'alert', kind: 'duress', severity: 'critical' }],
  },
  {
    id: 'wrong-pins',
    name: 'Codes faux',
    when: { begins: { kinds: ['pin.alarm'] }, quietMs: 30 * MINUTE },
    acts: [{ do: 'alert', kind: 'wrong-pins', severity: 'warning' }],
  },
  {
    id: 'break-glass',
    name: 'Bris de glace',
    when: { begins: { kinds: ['break-glass.opened'] }, quietMs: 30 * MINUTE },
    acts: [{ do: 'alert', kind: 'break-glass', severity: 'warning' }],
  },
  {
    id: 'audit-unavailable',
    name: 'Journal indisponible à un accès',
    when: { begins: { kinds: ['audit.unavailable'] }, quietMs: 30 * MINUTE },
    acts: [{ do: 'alert', kind: 'audit-unavailable', severity: 'critical' }],
  },
  {
    id: 'lock-silent',
    name: 'Serrure muette',
    when: {
      begins: { kinds: ['lock.silent', 'lock.failed'] },
      ends: { kinds: ['lock.unlocked', 'lock.locked'] },
      quietMs: 30 * MINUTE,
    },
    acts: [{ do: 'alert', kind: 'lock-silent', severity: 'warning' }],
  },
  {
    id: 'device-silent',
    name: 'Appareil muet',
    when: { begins: { kinds: ['device.offline'] }, ends: { kinds: ['device.online'] }, forMs: 2 * MINUTE },
    acts: [{ do: 'alert', kind: 'device-silent', severity: 'warning' }],
  },
  {
    id: 'battery-low',
    name: 'Pile faible',
    when: { begins: { quantity: 'battery', below: 15 }, ends: { quantity: 'battery', above: 25 } },
    acts: [{ do: 'alert', kind: 'battery-low', severity: 'info' }],
  },
  {
    id: 'clock-off',
    name: 'Horloge déréglée',
    when: { begins: { quantity: 'clock-skew', above: 30 }, ends: { quantity: 'clock-skew', below: 10 }, forMs: MINUTE },
    acts: [{ do: 'alert', kind: 'clock-off', severity: 'info' }],
  },
  {
    id: 'flooding',
    name: 'Appareil qui inonde',
    when: { begins: { kinds: ['device.refused'], reasons: ['rate'] }, quietMs: 10 * MINUTE },
    acts: [{ do: 'alert', kind: 'flooding', severity: 'warning' }],
  },
]

/** The site's own, and those shipped that it has none of the same id in place of. */
export const inForce = (own: readonly Scenario[]): readonly Scenario[] => {
  const ids = new Set(own.map(s => s.id))
  return [...SHIPPED.filter(s => !ids.has(s.id)), ...own]
}
