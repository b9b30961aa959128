import { describe, expect, it } from 'vitest'
import { isVigieError } from '../errors.ts'
import { knows } from '../test/small-site.ts'
import type { ItemEdit } from './ask.ts'
import { changedSite } from './ask-change.ts'
import { askedSite } from './testing/asked-site.ts'

const nurse = { id: 'nurse', name: 'Nurse', rights: [{ zone: 'ward', schedule: 'night' }] }
const failure = (changes: readonly ItemEdit[], site = askedSite()): unknown => {
  try {
    return changedSite(site, changes, knows)
  } catch (error) {
    return isVigieError(error) ? [error.code, error.details.field] : error
  }
}

describe('a site as it would be', () => {
  it('has the item in its place, a new one at the end, and no removed one; the site itself stays as it was', () => {
    const site = askedSite()
    const changes = [
      { kind: 'role', id: 'nurse', item: nurse },
      { kind: 'schedule', id: 'noon', item: { id: 'noon', name: 'Noon', weekly: [] } },
      { kind: 'badge', id: '04AA0006', item: null },
      { kind: 'site', id: 'site', item: { name: 'Other', timeZone: 'Europe/Paris' } },
    ]
    const next = changedSite(site, changes, knows)
    expect(next.roles[0]).toEqual(nurse)
    expect(next.schedules.at(-1)?.id).toBe('noon')
    expect(next.badges.some(b => b.uid === '04AA0006')).toBe(false)
    expect(next.site.name).toBe('Other')
    expect(site).toEqual(askedSite())
  })

  it.each<[string, ItemEdit[], string]>([
    ['a kind that does not exist', [{ kind: 'rôle', id: 'x', item: {} }], '/changes/0/kind'],
    ['a kind every object inherits', [{ kind: 'constructor', id: 'x', item: {} }], '/changes/0/kind'],
    [
      'an item of the wrong shape',
      [{ kind: 'role', id: 'nurse', item: { ...nurse, rights: 3 } }],
      '/changes/0/item/rights',
    ],
    ['an item under another id', [{ kind: 'role', id: 'nurses', item: nurse }], '/changes/0/item/id'],
    ['taking away what is not there', [{ kind: 'role', id: 'nobody', item: null }], '/changes/0/id'],
    ['taking the site away', [{ kind: 'site', id: 'site', item: null }], '/changes/0/id'],
    [
      'a reference to nothing in a changed item',
      [
        { kind: 'badge', id: '04AA0006', item: null },
        { kind: 'role', id: 'nurse', item: { ...nurse, rights: [{ zone: 'ward', schedule: 'never' }] } },
      ],
      '/changes/1/item/rights/0/schedule',
    ],
    [
      'a reference that the change breaks elsewhere',
      [{ kind: 'schedule', id: 'night', item: null }],
      '/role/night-nurse/rights/0/schedule',
    ],
    [
      'a time zone that does not exist',
      [
        { kind: 'role', id: 'nurse', item: nurse },
        { kind: 'site', id: 'site', item: { name: 'Other', timeZone: 'Mars/Olympus' } },
      ],
      '/changes/1/item/timeZone',
    ],
  ])('refuses %s, naming the field', (_, changes, field) => expect(failure(changes)).toEqual(['input-invalid', field]))

  it('refuses a change of a site that is no longer good itself, naming where', () => {
    const site = askedSite()
    const strange = { ...site, site: { ...site.site, timeZone: 'Mars/Olympus' } }
    expect(failure([{ kind: 'role', id: 'nurse', item: nurse }], strange)).toEqual(['input-invalid', '/site/timeZone'])
  })
})
