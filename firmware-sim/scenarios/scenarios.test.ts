import { describe, expect, it } from 'vitest'
import { asksOf, hospitalSite } from '../hospital.ts'
import { STAFF } from '../hospital-staff.ts'
import { castOf, LONGEST_SCENARIO_MS, untilShiftsStand } from './cast.ts'
import { SCENARIOS, STAGE_DEVICES, scenariosNamed } from './index.ts'
import { fits } from './scenario.ts'

const HOUR = 3_600_000
const MONDAY = Date.parse('2026-06-15T00:00:00+02:00')

describe('the scenarios', () => {
  const site = hospitalSite()

  it('have names of their own, words in both languages, and an end that is checked', () => {
    expect(new Set(SCENARIOS.map(s => s.name)).size).toBe(SCENARIOS.length)
    for (const { name, steps, title } of SCENARIOS) {
      expect(scenariosNamed(name)?.[0]?.steps).toBe(steps)
      for (const { fr, en } of [title, ...steps])
        expect(fr !== en && fr !== '' && en !== '', `${name}: ${en}`).toBe(true)
      // French typography: a narrow no-break space stands before these.
      for (const { fr } of steps) expect(fr, name).not.toMatch(/[^\u202f][:;!?]/)
      expect(steps.length).toBeGreaterThanOrEqual(4)
    }
    expect(scenariosNamed('all')).toHaveLength(9)
    expect(scenariosNamed('fire')).toBeUndefined()
  })

  it('badge only where the hospital has a reader, and name only people of their cast', () => {
    const readers = new Set(site.accessPoints.map(p => `${p.device}/${p.point}`))
    let swept = 0
    for (const { name, cast, steps } of SCENARIOS) {
      for (const step of steps) {
        if (step.do === 'badge')
          expect([readers.has(step.at), step.who in cast], `${name}: ${step.en}`).toEqual([true, true])
        if (step.do === 'vigie')
          for (const [, who] of JSON.stringify(step).matchAll(/\$(\w+)/g)) expect(Object.keys(cast)).toContain(who)
        swept += 1
      }
    }
    expect(swept).toBeGreaterThan(60)
    expect(STAGE_DEVICES.size).toBeGreaterThan(10)
  })

  it('bring to every drawer that opens ordinarily what the site asks for there', () => {
    for (const step of SCENARIOS.flatMap(s => s.steps)) {
      if (step.do !== 'badge' || step.expect !== 'witness-awaited') continue
      const [device = '', point = ''] = step.at.split('/')
      const { pin, reason, reference, witness } = asksOf(device, point)!
      expect([
        pin && !step.pin,
        reason && !step.reason,
        reference && !step.reference,
        witness === undefined,
      ]).not.toContain(true)
    }
  })

  it('find their people at any hour of any day: every hour of a week', () => {
    for (let at = MONDAY - 1_000; at < MONDAY + 7 * 24 * HOUR; at += HOUR) {
      const stands = at + untilShiftsStand(at)
      for (const { cast } of SCENARIOS) {
        const players = [...castOf(cast, 1, stands).values()]
        expect(new Set(players.map(p => p.id)).size).toBe(players.length)
      }
    }
  })

  it('wait for a change of shift that would fall into them, and for nothing else', () => {
    const seven = MONDAY + 7 * HOUR
    expect(untilShiftsStand(seven - 20_000)).toBe(20_000)
    expect(untilShiftsStand(seven)).toBe(0)
    expect(untilShiftsStand(seven - LONGEST_SCENARIO_MS - 1_000)).toBe(0)
  })

  it('know three different PINs of each person: the right one, a wrong one, the one for duress', () => {
    for (const { id } of STAFF) {
      const { right, wrong, duress } = castOf({ one: { person: id } }, 1, MONDAY).get('one')!.pins
      expect(new Set([right, wrong, duress]).size, id).toBe(3)
    }
  })
})

describe('what an answer has to show', () => {
  it.each([
    [{ a: 1, b: 2 }, { a: 1 }, true],
    [{ a: 1 }, { a: 2 }, false],
    [{ list: [{ id: 'x', n: 1 }, { id: 'y' }] }, { list: [{ id: 'y' }, { id: 'x' }] }, true],
    [{ list: [{ id: 'x' }] }, { list: [{ id: 'z' }] }, false],
    [undefined, { a: 1 }, false],
    [[], [], true],
  ] as const)('%j has %j: %s', (actual, pattern, expected) => {
    expect(fits(actual, pattern)).toBe(expected)
  })
})
