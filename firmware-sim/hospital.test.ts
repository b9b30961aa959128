import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canDo, modelRules } from '#devices/registry.ts'
import { hospitalSite } from './hospital.ts'
import { INSTALLED, someDevices } from './hospital-devices.ts'
import { GROUNDS } from './hospital-plan.ts'
import { pinsOf, STAFF } from './hospital-staff.ts'
import { siteFileText } from './site-text.ts'

describe('the field hospital', () => {
  const site = hospitalSite()

  it('is what stands in hospital.site.json (after a change: npm run sim -- --write-site firmware-sim/hospital.site.json)', () => {
    const file: unknown = JSON.parse(readFileSync(new URL('hospital.site.json', import.meta.url), 'utf8'))
    expect(file).toEqual(JSON.parse(siteFileText()))
  })

  it('has 22 tents, 40 devices, 30 staff, a visitor, a contractor and each kind of useless badge', () => {
    expect(site.zones.filter(z => z.plan?.kind === 'tent')).toHaveLength(22)
    expect(site.devices).toHaveLength(40)
    expect(site.people.map(p => ('kind' in p ? p.kind : 'staff')).sort()).toEqual([
      'contractor',
      ...Array.from({ length: 30 }, () => 'staff'),
      'visitor',
    ])
    const now = Date.now()
    const over = (b: (typeof site.badges)[number]) => 'validUntil' in b && Date.parse(b.validUntil) < now
    const unusable = site.badges.map(b => (over(b) ? 'expired' : b.status)).filter(s => s !== 'active')
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

  it('asks for a PIN and a second person wherever controlled drugs lie, and nowhere in an emergency', () => {
    const asks = site.accessPoints.filter(p => 'requires' in p && p.requires?.witness)
    expect(asks.map(p => p.class)).toEqual(Array.from({ length: 4 }, () => 'controlled-drugs'))
    expect(site.accessPoints.filter(p => p.class === 'controlled-drugs')).toHaveLength(4)
    for (const p of site.accessPoints) expect('requires' in p && p.class.includes('door'), p.id).toBe(false)
    expect(site.accessPoints.filter(p => p.class === 'crash-cart' && 'requires' in p)).toEqual([])
  })

  it('knows the public holidays of France in 2026 and 2027 that move with Easter', () => {
    const dates = site.calendars[0]!.days.map(d => d.date)
    for (const [easter, days] of [
      ['2026-04-05', ['2026-04-06', '2026-05-14', '2026-05-25']],
      ['2027-03-28', ['2027-03-29', '2027-05-06', '2027-05-17']],
    ] as const) {
      const after = [1, 39, 50].map(n => new Date(Date.parse(easter) + n * 86_400_000).toISOString().slice(0, 10))
      expect(after).toEqual(days)
      expect(dates).toEqual(expect.arrayContaining(after))
    }
    expect(dates.filter(d => d.startsWith('--'))).toHaveLength(8)
  })

  it('has a way out for everyone who may go into the pharmacy: nobody is counted inside for ever', () => {
    const reach = (accessPoint: string) =>
      site.roles.filter(r =>
        r.rights.some(
          right =>
            ('accessPoint' in right && right.accessPoint === accessPoint) ||
            ('zone' in right && (right.zone === 't15' || right.zone === 'hopital')),
        ),
      )
    const out = reach('door-t15-rear').map(r => r.id)
    for (const role of reach('door-t15-front')) expect(out).toContain(role.id)
    expect(out.length).toBeGreaterThan(5)
  })

  it('makes PINs from the seed: six digits, the same for the same person, never the duress one', () => {
    for (const { id } of STAFF) {
      const { pin, duress } = pinsOf(1, id)
      expect([pin, duress].every(p => /^\d{6}$/.test(p)) && pin !== duress).toBe(true)
      expect(pinsOf(1, id)).toEqual({ pin, duress })
    }
    expect(new Set(STAFF.map(m => pinsOf(1, m.id).pin)).size).toBe(STAFF.length)
    expect(pinsOf(2, STAFF[0]!.id)).not.toEqual(pinsOf(1, STAFF[0]!.id))
    expect(siteFileText()).not.toContain(pinsOf(1, STAFF[0]!.id).pin)
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
    for (const r of site.roles) expect(('inherits' in r ? r.inherits : []).every(i => roles!.has(i))).toBe(true)
    for (const p of site.lockdownPlans) expect(p.allow.every(r => roles!.has(r)) && zones!.has(p.zones[0]!)).toBe(true)
    for (const p of site.evacuationPlans) expect([...p.release, ...p.muster].every(d => points!.has(d))).toBe(true)
    for (const b of site.badges) expect(people!.has(b.person)).toBe(true)
  })

  it('made small still has one device of each model', () => {
    expect(new Set(someDevices(5).map(d => d.model)).size).toBe(5)
    expect(someDevices(40)).toHaveLength(40)
  })
})
