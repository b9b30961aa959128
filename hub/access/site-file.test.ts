import { describe, expect, test } from 'vitest'
import { isVigieError, type VigieError } from '../errors.ts'
import { fullSite, knows, smallSite } from '../test/small-site.ts'
import type { Site } from './site.ts'
import { parseSite } from './site-file.ts'

const text = (site: unknown) => JSON.stringify(site, undefined, 2)
const GOOD = text(smallSite())

function refusal(source: string): VigieError {
  try {
    parseSite(source, 'hospital.json', knows)
  } catch (error) {
    if (isVigieError(error)) return error
    throw error
  }
  throw new Error('the file was accepted')
}
/** The text of the small site after a change, with the line on which `mark` stands. */
function changed(change: (site: Site) => void, mark: string): { source: string; line: number } {
  const site = smallSite()
  change(site)
  const source = text(site)
  return { source, line: source.slice(0, source.indexOf(mark)).split('\n').length }
}

describe('a good file', () => {
  test('becomes the site it says', () => {
    expect(parseSite(GOOD, 'hospital.json', knows)).toEqual(smallSite())
  })

  test('with something of every kind too', () => {
    expect(parseSite(text(fullSite()), 'hospital.json', knows)).toEqual(fullSite())
  })

  test('may begin with a byte-order mark and use Windows line ends', () => {
    expect(parseSite(`\uFEFF${GOOD.replaceAll('\n', '\r\n')}`, 'hospital.json', knows)).toEqual(smallSite())
  })
})

describe('a broken file names file, line and field', () => {
  test('not JSON', () => {
    const error = refusal(GOOD.replace('"version": 1,', '"version": 1'))
    expect(error.code).toBe('site-syntax')
    expect(error.message).toBe('hospital.json:3:3: not JSON: expected a comma or }. Nothing was changed.')
  })

  test('cut short', () => {
    const error = refusal(GOOD.slice(0, -3))
    expect(error.details).toMatchObject({
      file: 'hospital.json',
      line: GOOD.split('\n').length - 1,
      expected: { en: 'expected a comma or ]', fr: 'attendu\u202f: une virgule ou ]' },
    })
  })

  test('empty', () => {
    expect(refusal('').message).toBe('hospital.json:1:1: not JSON: expected a value. Nothing was changed.')
  })

  test('a field named twice', () => {
    const error = refusal(GOOD.replace('"version": 1,', '"version": 1,\n  "version": 1,'))
    expect(error.code).toBe('site-invalid')
    expect(error.message).toBe('hospital.json:3: /version: a field may be named only once. Nothing was changed.')
  })

  test('a reference that leads nowhere', () => {
    const { source, line } = changed(s => {
      s.roles[2]!.rights[0]!.zone = 'nowhere'
    }, '"nowhere"')
    const error = refusal(source)
    expect(error.status).toBe(422)
    expect(error.message).toBe(
      `hospital.json:${line}: /roles/2/rights/0/zone: an existing zone id. Nothing was changed.`,
    )
  })

  test('several problems: the first in the file, and how many more', () => {
    const { source, line } = changed(s => {
      s.badges[0]!.person = 'nobody'
      s.people[1]!.roles = ['doctor', 'surgeon']
    }, '"doctor"')
    const error = refusal(source)
    expect(error.details).toMatchObject({ line, field: '/people/1/roles/0', more: 2 })
    expect(error.message).toContain('an existing role id (2 more to correct after this one)')
  })

  test('lists in another order than the schema: still the first in the file', () => {
    const { badges, zones, ...rest } = smallSite()
    const error = refusal(
      text({ badges: badges.map(b => ({ ...b, person: 'nobody' })), ...rest, zones: [...zones, zones[0]] }),
    )
    expect(error.details).toMatchObject({ field: '/badges/0/person', more: badges.length })
  })

  test.each([
    [
      '/zones/1/id',
      /lower-case letters/,
      (s: Site) => {
        s.zones[1]!.id = 'Étage 1'
      },
    ],
    [
      '/people/2/validFrom',
      /a date and time with a zone/,
      (s: Site) => {
        s.people[2]!.validFrom = '2026-03-01'
      },
    ],
    [
      '/schedules/1/weekly/0/from',
      /a time of day such as 07:30/,
      (s: Site) => {
        s.schedules[1]!.weekly[0]!.from = '7h'
      },
    ],
    [
      '/badges/0/uid',
      /hexadecimal digits/,
      (s: Site) => {
        s.badges[0]!.uid = 'zz'
      },
    ],
    [
      '/people/0/name',
      /control characters/,
      (s: Site) => {
        s.people[0]!.name = 'An\u0007na'
      },
    ],
    [
      '/version',
      /version of this format/,
      (s: Site) => {
        Object.assign(s, { version: 2 })
      },
    ],
    [
      '/accessPoints/0/class',
      /one of \["controlled-drugs"/,
      (s: Site) => {
        Object.assign(s.accessPoints[0]!, { class: 'sweets' })
      },
    ],
    [
      '/devices/0/ip',
      /no such field/,
      (s: Site) => {
        Object.assign(s.devices[0]!, { ip: '10.0.0.1' })
      },
    ],
    [
      '/devices/0/name',
      /required/,
      (s: Site) => {
        Reflect.deleteProperty(s.devices[0]!, 'name')
      },
    ],
  ] as const)('shape: %s', (field, expected, change) => {
    const { source } = changed(change, '')
    const error = refusal(source)
    expect(error.code).toBe('site-invalid')
    expect(error.details.field).toBe(field)
    expect(error.message).toMatch(expected)
    expect(error.details.line).toBeGreaterThan(1)
  })

  test.each(['[]', 'null', '"site"', '{}', '{"__proto__": {}}'])('%s is no site', source => {
    expect(refusal(source).code).toBe('site-invalid')
  })

  test('a stray field does not print what its author wrote into it', () => {
    const source = GOOD.replace('"version": 1,', '"version": 1, "\\u001b[31m<script>": 1,')
    expect(refusal(source).message).toMatch(/^[\x20-\x3b\x3d\x3f-\x7e]+$/)
    const twice = GOOD.replace('"version": 1,', '"version": 1, "\\u001b<b>": 1, "\\u001b<b>": 1,')
    expect(refusal(twice).message).toMatch(/^[\x20-\x3b\x3d\x3f-\x7e]+$/)
  })
})
