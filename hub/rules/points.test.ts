import { describe, expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import { SAMPLES } from '../export/testing/samples.ts'
import { fieldName, MEASUREMENTS, type Point, type PointPlaces, pointsOf, TAGS } from './points.ts'
import { EVENT_KINDS } from './retention.ts'

const AT = Date.UTC(2026, 10, 22, 8)
const PLACES: PointPlaces = {
  site: 'main',
  zoneOf: device => (device.startsWith('cabinet-') ? 'urgences' : undefined),
  classOf: point => (point === 'stup-2' ? 'controlled-drugs' : undefined),
  hasZone: zone => zone === 'urgences' || zone === 'pharmacy',
}
const of = (event: VigieEvent, places = PLACES): readonly Point[] => pointsOf({ seq: 42, at: AT, event }, places)
const reading = (...readings: { quantity: string; value: number; unit: string }[]): VigieEvent =>
  ({
    kind: 'readings',
    messages: [{ device: 'cabinet-2', message: 'm', deviceSeq: 1, deviceAt: 1, zone: 'urgences', readings }],
  }) as VigieEvent

describe('what a row becomes', () => {
  it('a reading is a point under its quantity and unit', () => {
    expect(of(reading({ quantity: 'temperature', value: 4.5, unit: '°C' }))).toEqual([
      {
        measurement: 'reading',
        at: AT,
        nth: 42_000,
        tags: { site: 'main', zone: 'urgences', device: 'cabinet-2' },
        fields: { temperature_celsius: 4.5 },
      },
    ])
  })

  it('readings of one row stay apart below their millisecond, and none is more than 999,999 ns later', () => {
    const many = Array.from({ length: 500 }, () => ({ quantity: 'illuminance', value: 1, unit: 'lx' }))
    const nths = pointsOf({ seq: 999_999_999, at: AT, event: reading(...many) }, PLACES).map(p => p.nth)
    expect(new Set(nths).size).toBe(500)
    expect(Math.max(...nths)).toBeLessThan(1_000_000)
  })

  it('a value that is no number is no point', () => {
    const bad = [Number.NaN, Number.POSITIVE_INFINITY].map(value => ({ quantity: 'humidity', value, unit: '%' }))
    expect(of(reading(...bad))).toEqual([])
  })

  it('a refusal is counted by its reason, where it happened', () => {
    expect(of(SAMPLES['access.denied'])).toMatchObject([
      {
        measurement: 'access',
        tags: { access_point: 'stup-2', class: 'controlled-drugs', zone: 'urgences', outcome: 'denied' },
        fields: { count: 1 },
      },
    ])
  })

  it('an alarm of somebody under duress is nowhere', () => {
    const raised = { ...SAMPLES['incident.raised'], alert: 'duress' } as VigieEvent
    expect(of(raised)).toEqual([])
    expect(of(SAMPLES['incident.raised'])).toHaveLength(1)
    expect(of(SAMPLES['duress.raised'])).toEqual([])
  })

  it('units become endings that stores take', () => {
    expect(fieldName('temperature', '°C')).toBe('temperature_celsius')
    expect(fieldName('co2', 'ppm/m³')).toBe('co2_ppm_m_')
    expect(fieldName('occupancy', '1')).toBe('occupancy')
  })
})

describe('nobody is in a point', () => {
  /** Whatever of a sample tells of a person, a badge, an operator, a grant, or is a text that somebody wrote. */
  const PERSONAL = /^(p|b|o|g|e|x|v|m|bg)-|arrêt|demande|RX-|@/i

  it.each(EVENT_KINDS)('%s', kind => {
    for (const { measurement, tags, fields } of of(SAMPLES[kind] as VigieEvent)) {
      expect(MEASUREMENTS).toContain(measurement)
      for (const [tag, value] of Object.entries(tags)) {
        expect(TAGS).toContain(tag)
        expect(value).not.toMatch(PERSONAL)
      }
      for (const [field, value] of Object.entries(fields)) {
        expect(field).toMatch(/^[a-z][a-z0-9_]*$/)
        expect(value).toSatisfy(Number.isFinite)
      }
    }
  })
})

describe('series are bounded by what the site has', () => {
  it('names that others make up never become one', () => {
    const seen = new Set<string>()
    for (let i = 0; i < 5_000; i++) {
      const made = `made-up-${i}`
      const events = [
        { ...SAMPLES['device.refused'], device: made },
        { ...SAMPLES['access.denied'], device: made, accessPoint: made, zone: made },
        { ...SAMPLES['device.online'], device: made },
        { ...SAMPLES['incident.raised'], device: made, zone: made },
      ] as VigieEvent[]
      for (const event of events)
        for (const { measurement, tags } of of(event)) seen.add(measurement + JSON.stringify(tags))
    }
    expect(seen.size).toBeLessThanOrEqual(4)
  })
})
