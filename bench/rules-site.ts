/** The site under alarms: rooms with light sensors, a scenario for each room beside those that every site has. Pure. */
import type { Scenario, Site } from '#hub/access/site.ts'
import { SHIPPED } from '#hub/rules/shipped-scenarios.ts'
import { makeSite } from './site.ts'

export const SCENARIOS = 50
export const ROOMS = SCENARIOS - SHIPPED.length
/** A reading below this is an alarm, and one above ends it. Lux. */
export const [ALARM_LUX, CALM_LUX] = [50, 80]

export const roomOf = (sensor: number): string => `room-${sensor % ROOMS}`

export const scenarios = (): Scenario[] =>
  Array.from({ length: ROOMS }, (_, i) => ({
    id: `dark-${i}`,
    name: `Too dark in room ${i}`,
    when: { begins: { quantity: 'illuminance', below: ALARM_LUX }, ends: { quantity: 'illuminance', above: CALM_LUX } },
    where: { zones: [`room-${i}`] },
    acts: [{ do: 'alert', kind: 'light-too-low', severity: 'warning' }],
  }))

export function makeRulesSite(readers: number, sensors: number): Site {
  const site = makeSite(readers, sensors)
  const rooms = Array.from({ length: ROOMS }, (_, i) => ({ id: `room-${i}`, name: `Room ${i}`, parent: 'building' }))
  const devices = site.devices.map(d => {
    const sensor = /^lux-(\d+)$/.exec(d.id)?.[1]
    return sensor === undefined ? d : { ...d, zone: roomOf(Number(sensor)) }
  })
  return { ...site, zones: [...site.zones, ...rooms], devices, scenarios: scenarios() }
}
