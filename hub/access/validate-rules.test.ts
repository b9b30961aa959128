import { describe, expect, test } from 'vitest'
import { fullSite, knows } from '../test/small-site.ts'
import { EXPECTED } from './expected.ts'
import type { Site } from './site.ts'
import { validate } from './validate.ts'

type Case = readonly [string, pointer: string, expected: keyof typeof EXPECTED, (site: Site) => void]

const cases: readonly Case[] = [
  [
    'a right to nothing at all',
    '/roles/0/rights/0',
    'oneScope',
    s => {
      s.roles[0]!.rights[0] = { schedule: 'always' }
    },
  ],
  [
    'a right to a zone and a point together',
    '/roles/0/rights/0',
    'oneScope',
    s => {
      s.roles[0]!.rights[0] = { zone: 'ward', accessPoint: 'drugs', schedule: 'always' }
    },
  ],
  [
    'a right to a point of another class',
    '/roles/0/rights/0/classes',
    'ownClass',
    s => {
      s.roles[0]!.rights[0] = { accessPoint: 'drugs', classes: ['door'], schedule: 'always' }
    },
  ],
  [
    'a witness of an unknown role on a rule',
    '/roles/0/rights/0/requires/witness/role',
    'role',
    s => {
      s.roles[0]!.rights[0]!.requires = { witness: { role: 'nobody', withinS: 30 } }
    },
  ],
  [
    'a witness of an unknown role on a point',
    '/accessPoints/0/requires/witness/role',
    'role',
    s => {
      s.accessPoints[0]!.requires = { witness: { role: 'nobody', withinS: 30 } }
    },
  ],
  [
    'a deny with conditions',
    '/roles/4/rights/0/requires',
    'denyRequires',
    s => {
      s.roles[4]!.rights[0]!.requires = { pin: true }
    },
  ],
  [
    'an unknown role inherited',
    '/roles/3/inherits/0',
    'role',
    s => {
      s.roles[3]!.inherits = ['nobody']
    },
  ],
  [
    'a role inherited twice',
    '/roles/3/inherits/1',
    'unused',
    s => {
      s.roles[3]!.inherits = ['nurse', 'nurse']
    },
  ],
  [
    'a role that inherits from itself',
    '/roles/0/inherits/0',
    'inherits',
    s => {
      s.roles[0]!.inherits = ['nurse']
    },
  ],
  [
    'break-glass nowhere',
    '/roles/3/breakGlass/0',
    'oneScope',
    s => {
      s.roles[3]!.breakGlass = [{}]
    },
  ],
  [
    'break-glass in an unknown zone',
    '/roles/3/breakGlass/0/zone',
    'zone',
    s => {
      s.roles[3]!.breakGlass = [{ zone: 'nowhere' }]
    },
  ],
  [
    'break-glass at an unknown point',
    '/roles/3/breakGlass/0/accessPoint',
    'accessPoint',
    s => {
      s.roles[3]!.breakGlass = [{ accessPoint: 'nothing' }]
    },
  ],
  [
    'timed anti-passback without minutes',
    '/zones/0/antiPassback/minutes',
    'timed',
    s => {
      s.zones[0]!.antiPassback = { mode: 'timed' }
    },
  ],
  [
    'hard anti-passback with minutes',
    '/zones/0/antiPassback/minutes',
    'untimed',
    s => {
      s.zones[0]!.antiPassback = { mode: 'hard', minutes: 5 }
    },
  ],
  [
    'a passage through a drawer',
    '/accessPoints/1/passage',
    'passageClass',
    s => {
      s.accessPoints[1]!.passage = { from: 'garden', to: 'ward' }
    },
  ],
  [
    'a passage from nowhere',
    '/accessPoints/2/passage/from',
    'zone',
    s => {
      s.accessPoints[2]!.passage = { from: 'nowhere', to: 'ward' }
    },
  ],
  [
    'a passage to nowhere',
    '/accessPoints/2/passage/to',
    'zone',
    s => {
      s.accessPoints[2]!.passage = { from: 'ward', to: 'nowhere' }
    },
  ],
  [
    'a passage back to where it began',
    '/accessPoints/2/passage/to',
    'otherSide',
    s => {
      s.accessPoints[2]!.passage = { from: 'ward', to: 'ward' }
    },
  ],
  [
    'a visitor’s badge without any day',
    '/badges/7/validUntil',
    'guestEnds',
    s => {
      delete s.people[4]!.validFrom
    },
  ],
  [
    'a contractor’s badge without any day',
    '/badges/7/validUntil',
    'guestEnds',
    s => {
      delete s.people[4]!.validFrom
      s.people[4]!.kind = 'contractor'
    },
  ],
  [
    'an interlock id used twice',
    '/interlocks/1/id',
    'unused',
    s => {
      s.interlocks!.push({ ...s.interlocks![0]! })
    },
  ],
  [
    'an interlock of an unknown door',
    '/interlocks/0/accessPoints/1',
    'accessPoint',
    s => {
      s.interlocks![0]!.accessPoints = ['airlock-in', 'nothing']
    },
  ],
  [
    'an interlock of one door twice',
    '/interlocks/0/accessPoints/1',
    'unused',
    s => {
      s.interlocks![0]!.accessPoints = ['airlock-in', 'airlock-in']
    },
  ],
  [
    'a lockdown plan id used twice',
    '/lockdownPlans/2/id',
    'unused',
    s => {
      s.lockdownPlans!.push({ ...s.lockdownPlans![0]! })
    },
  ],
  [
    'a lockdown of an unknown zone',
    '/lockdownPlans/0/zones/1',
    'zone',
    s => {
      s.lockdownPlans![0]!.zones.push('nowhere')
    },
  ],
  [
    'a lockdown that lets an unknown role pass',
    '/lockdownPlans/0/allow/0',
    'role',
    s => {
      s.lockdownPlans![0]!.allow = ['nobody']
    },
  ],
  [
    'an evacuation plan id used twice',
    '/evacuationPlans/1/id',
    'unused',
    s => {
      s.evacuationPlans!.push({ ...s.evacuationPlans![0]! })
    },
  ],
  [
    'an evacuation of an unknown zone',
    '/evacuationPlans/0/zones/0',
    'zone',
    s => {
      s.evacuationPlans![0]!.zones = ['nowhere']
    },
  ],
  [
    'an evacuation that releases an unknown point',
    '/evacuationPlans/0/release/2',
    'accessPoint',
    s => {
      s.evacuationPlans![0]!.release.push('nothing')
    },
  ],
  [
    'an evacuation that lays open controlled drugs',
    '/evacuationPlans/0/release/0',
    'released',
    s => {
      s.evacuationPlans![0]!.release = ['drugs']
    },
  ],
  [
    'an evacuation that lays open a crash cart',
    '/evacuationPlans/0/release/0',
    'released',
    s => {
      s.accessPoints[1]!.class = 'crash-cart'
      s.evacuationPlans![0]!.release = ['medicines']
    },
  ],
  [
    'an evacuation that musters at an unknown reader',
    '/evacuationPlans/0/muster/0',
    'accessPoint',
    s => {
      s.evacuationPlans![0]!.muster = ['nothing']
    },
  ],
]

test.each(cases)('names the place of %s', (_, pointer, expected, change) => {
  const site = fullSite()
  change(site)
  expect(validate(site, knows)).toEqual([{ pointer, expected: EXPECTED[expected] }])
})

test('every role of a cycle, and none that only inherits from it', () => {
  const site = fullSite()
  site.roles[0]!.inherits = ['head-nurse']
  site.roles[1]!.inherits = ['nurse']
  expect(validate(site, knows).map(p => p.pointer)).toEqual(['/roles/0/inherits/0', '/roles/3/inherits/0'])
})

describe('accepts', () => {
  const accepted: readonly (readonly [string, (site: Site) => void])[] = [
    [
      'a site without any of the optional lists',
      s => {
        delete s.schedules[1]!.specialDays
        for (const list of ['calendars', 'interlocks', 'lockdownPlans', 'evacuationPlans'] as const) delete s[list]
      },
    ],
    [
      'a door of two man-traps',
      s => {
        s.interlocks!.push({ id: 'b', name: 'B', accessPoints: ['airlock-in', 'ward-door'] })
      },
    ],
    [
      'a right to classes alone, and to a point of its own class',
      s => {
        s.roles[0]!.rights = [
          { classes: ['door'], schedule: 'always' },
          { accessPoint: 'drugs', classes: ['controlled-drugs'], schedule: 'always' },
        ]
      },
    ],
    [
      'a lockdown without an allow-list',
      s => {
        delete s.lockdownPlans![0]!.allow
      },
    ],
    [
      'a visitor’s badge that says its end, or its own beginning',
      s => {
        delete s.people[4]!.validFrom
        s.badges[7]!.validUntil = '2026-08-01T00:00:00Z'
        s.badges.push({ ...s.badges[7]!, uid: '04AA0009', validFrom: '2026-07-01T00:00:00Z' })
      },
    ],
    [
      'an escape door that is gone through and released',
      s => {
        s.accessPoints[2]!.class = 'escape-door'
      },
    ],
    [
      'two roles that inherit from the same one',
      s => {
        s.roles[1]!.inherits = ['nurse']
      },
    ],
  ]
  test.each(accepted)('%s', (_, change) => {
    const site = fullSite()
    change(site)
    expect(validate(site, knows)).toEqual([])
  })
})

test('500 roles that inherit in a chain are checked in well under a second', () => {
  const site = fullSite()
  site.roles.push(
    ...Array.from({ length: 490 }, (_, i) => ({
      id: `r-${i}`,
      name: 'R',
      rights: [],
      inherits: [i === 0 ? 'nurse' : `r-${i - 1}`],
    })),
  )
  const started = performance.now()
  expect(validate(site, knows)).toEqual([])
  expect(performance.now() - started).toBeLessThan(5_000)
})
