import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canDo, modelRules } from '#devices/registry.ts'
import { hospitalSite } from './hospital.ts'
import { INSTALLED, someDevices } from './hospital-devices.ts'
import { GROUNDS } from './hospital-plan.ts'
import { siteFileText } from './site-text.ts'

describe('the field hospital', () => {
  const site = hospitalSite()

  it('is what stands in hospital.site.json (after a change: npm run sim -- --write-site firmware-sim/hospital.site.json)', () => {
    const file: unknown = JSON.parse(readFileSync(new URL('hospital.site.json', import.meta.url), 'utf8'))
    expect(file).toEqual(JSON.parse(siteFileText()))
  })

  it('has 22 tents, 40 devices, 30 people and each kind of useless badge once', () => {
    expect(site.zones.filter(z => 'plan' in z && z.plan?.kind === 'tent')).toHaveLength(22)
    expect([site.devices.length, site.people.length]).toEqual([40, 30])
    const unusable = site.badges.map(b => ('validUntil' in b ? 'expired' : b.status)).filter(s => s !== 'active')
    expect(unusable.sort()).toEqual(['expired', 'lost', 'revoked', 'suspended'])
    expect(new Set(site.badges.map(b => b.uid)).size).toBe(site.badges.length)
  })

  it('has every class of thing that its story needs', () => {
    const classes = new Set(site.accessPoints.map(p => p.class))
    expect([...classes].sort()).toEqual([
      'controlled-drugs',
      'crash-cart',
      'door',
      'escape-door',
      'it-equipment',
      'medicines',
    ])
  })

  it('stands on its plan: no two tents overlap, and every device is in or on the wall of its zone', () => {
    for (const [i, a] of GROUNDS.entries()) {
      for (const b of GROUNDS.slice(i + 1).filter(g => g.kind === 'tent' && a.kind === 'tent')) {
        expect(
          a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
          `${a.id} and ${b.id}`,
        ).toBe(true)
      }
    }
    for (const { id, zone, plan } of INSTALLED.filter(d => d.id !== 'gate-west')) {
      const g = GROUNDS.find(ground => ground.id === zone)!
      const outside = [g.x - plan.x, plan.x - g.x - g.width, g.y - plan.y, plan.y - g.y - g.height]
      expect(Math.max(...outside), id).toBeLessThan(0.01)
    }
  })

  it('has doors in walls, and only there', () => {
    const doors = INSTALLED.filter(d => d.model === 'door' && d.id !== 'gate-west')
    for (const { id, zone, plan } of doors) {
      const g = GROUNDS.find(ground => ground.id === zone)!
      const distances = [plan.x - g.x, g.x + g.width - plan.x, plan.y - g.y, g.y + g.height - plan.y]
      expect(Math.min(...distances), id).toBeCloseTo(0)
    }
    expect(doors).toHaveLength(9)
  })

  it('asks at every access point for a badge and a lock that the model has', () => {
    for (const { device, point } of site.accessPoints) {
      const { model } = site.devices.find(d => d.id === device)!
      expect(
        canDo(model, point, 'unlock') && modelRules(model)!.points.get(point)!.says.has('badge'),
        `${device} ${point}`,
      ).toBe(true)
    }
    expect(site.accessPoints).toHaveLength(60)
  })

  it('refers only to what it declares', () => {
    const ids = (list: readonly { id: string }[]) => new Set(list.map(x => x.id))
    const [zones, schedules, roles, people, points] = [
      site.zones,
      site.schedules,
      site.roles,
      site.people,
      site.accessPoints,
    ].map(ids)
    for (const right of site.roles.flatMap(r => r.rights)) {
      expect(
        schedules!.has(right.schedule) &&
          (!right.zone || zones!.has(right.zone)) &&
          (!right.accessPoint || points!.has(right.accessPoint)),
      ).toBe(true)
    }
    for (const p of site.people) expect(p.roles.every(r => roles!.has(r))).toBe(true)
    for (const b of site.badges) expect(people!.has(b.person)).toBe(true)
  })

  it('made small still has one device of each model', () => {
    expect(new Set(someDevices(5).map(d => d.model)).size).toBe(5)
    expect(someDevices(40)).toHaveLength(40)
  })
})
