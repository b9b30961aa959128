import { describe, expect, it } from 'vitest'
import type { SiteView } from '../api.ts'
import type { Situations } from '../ports.ts'
import { CALM_VIEW, viewOf } from './situations.ts'

const NOW = 1_000_000
const SITE: Pick<SiteView, 'zones' | 'accessPoints' | 'evacuationPlans' | 'lockdownPlans'> = {
  zones: [
    { id: 'house', name: 'House' },
    { id: 'ward', name: 'Ward', parent: 'house' },
    { id: 'store', name: 'Store', parent: 'ward' },
    { id: 'park', name: 'Park' },
  ],
  accessPoints: [
    { id: 'morphine', name: 'Morphine', zone: 'ward', class: 'controlled-drugs', device: 'c', point: 'p' },
  ],
  evacuationPlans: [{ id: 'all', name: 'All', zones: ['house'], release: [], muster: [] }],
  lockdownPlans: [],
}
const NAMES: Readonly<Record<string, { name: string; role?: string }>> = {
  'p-1': { name: 'C. Marchand', role: 'Infirmière' },
  'o-1': { name: 'B. Kessler', role: 'security' },
}
type Rows = { readonly [K in keyof Situations]?: readonly (readonly [string, unknown])[] }
function view(rows: Rows) {
  const kinds = ['witness', 'position', 'lockdown', 'evacuation', 'mustered', 'break-glass', 'review'] as const
  const situations = Object.fromEntries(kinds.map(kind => [kind, new Map(rows[kind] ?? [])]))
  return viewOf(situations as unknown as Situations, SITE, { person: p => NAMES[p] }, NOW)
}

describe('what is going on, for pages', () => {
  it('is nothing on a calm site', () => expect(view({})).toEqual(CALM_VIEW))

  it('is a lockdown, oldest first, until its time is over', () => {
    const row = (since: number, until: number, by: string) => ({ since, until, by })
    expect(
      view({
        lockdown: [
          ['south', row(2, NOW + 1, 'cli:root')],
          ['over', row(0, NOW, 'o-1')],
          ['north', row(1, NOW + 9, 'o-1')],
        ],
      }).lockdowns,
    ).toEqual([
      { plan: 'north', since: 1, until: NOW + 9, by: 'B. Kessler' },
      { plan: 'south', since: 2, until: NOW + 1, by: 'cli:root' },
    ])
  })

  it('counts inside whoever was last seen in a zone of the evacuation, or below one, and is not accounted for', () => {
    const seen = (zone: string) => ({ zone, since: 1, accessPoint: 'door' })
    const { evacuations } = view({
      evacuation: [['all', { since: 5, by: 'o-gone', releasing: false }]],
      position: [
        ['p-1', seen('ward')],
        ['p-2', seen('store')],
        ['p-3', seen('park')],
        ['p-4', seen('house')],
      ],
      mustered: [
        ['all/p-4', { at: 6 }],
        ['all/p-5', { at: 6 }],
        ['other/p-1', { at: 6 }],
      ],
    })
    expect(evacuations).toEqual([{ plan: 'all', since: 5, releasing: false, inside: 2, safe: 2 }])
  })

  it('names the place and the person of an emergency opening and of someone waiting for a witness', () => {
    const waiting = { person: 'p-1', credential: 'c-1', accessPoint: 'morphine', since: 3, statedReason: 'secret' }
    const seen = view({
      witness: [
        ['c/p', { ...waiting, until: NOW + 5 }],
        ['c/q', { ...waiting, until: NOW }],
      ],
      'break-glass': [
        ['p-1/morphine', { id: 'b-1', since: 3, until: NOW + 5 }],
        ['p-9/gone', { id: 'b-2', since: 4, until: NOW + 5 }],
      ],
    })
    const place = { accessPoint: 'morphine', zone: 'ward', person: NAMES['p-1'] }
    expect(seen.awaited).toEqual([{ ...place, since: 3, until: NOW + 5 }])
    expect(seen.breakGlass).toEqual([
      { ...place, id: 'b-1', since: 3, until: NOW + 5 },
      { accessPoint: 'gone', id: 'b-2', since: 4, until: NOW + 5 },
    ])
    expect(JSON.stringify(seen)).not.toMatch(/p-1|c-1|secret/)
  })

  it('counts the reviews that wait, and those whose time is over', () => {
    const due = (dueAt: number) => ({ person: 'p-1', accessPoint: 'morphine', zone: 'ward', at: 1, dueAt })
    expect(
      view({
        review: [
          ['a', due(NOW)],
          ['b', due(NOW + 1)],
          ['c', due(1)],
        ],
      }).reviews,
    ).toEqual({
      open: 3,
      overdue: 2,
    })
  })
})
