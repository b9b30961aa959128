import { describe, expect, it } from 'vitest'
import { flagsOf, type Holding, isUnused } from './inventory.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 20)
const held = (more: Partial<Holding> = {}): Holding => ({
  ...{ person: {}, badges: [], accounts: [], grants: 0 },
  ...more,
})
const badge = { status: 'active', unused: false }
const account = {
  ...{ status: 'active', secondFactor: true, external: false, unused: false },
  ...{ lastSignInAt: NOW - DAY, createdAt: NOW - 100 * DAY },
}

describe('what is wrong with what somebody holds', () => {
  it.each([
    ['nothing at all', held(), []],
    ['a badge and an account in use', held({ badges: [badge], accounts: [account] }), []],
    ['somebody who has left with a badge', held({ person: { validUntil: NOW }, badges: [badge] }), ['departed']],
    ['somebody who has left with a grant', held({ person: { validUntil: NOW - 1 }, grants: 1 }), ['departed']],
    [
      'somebody who has left with what opens nothing',
      held({ person: { validUntil: NOW }, badges: [{ ...badge, status: 'revoked' }] }),
      [],
    ],
    ['somebody who leaves tomorrow', held({ person: { validUntil: NOW + DAY }, badges: [badge] }), []],
    ['an account of nobody', { badges: [], accounts: [account], grants: 0 }, ['no-holder']],
    ['a password alone', held({ accounts: [{ ...account, secondFactor: false }] }), ['no-second-factor']],
    ['a password of the provider', held({ accounts: [{ ...account, secondFactor: false, external: true }] }), []],
    [
      'a disabled account',
      held({ accounts: [{ ...account, status: 'disabled', secondFactor: false, unused: true }] }),
      [],
    ],
    ['a suspended badge, unused', held({ badges: [{ status: 'suspended', unused: true }] }), ['unused']],
    ['a lost badge, unused', held({ badges: [{ status: 'lost', unused: true }] }), []],
    [
      'an invitation nobody took up',
      held({ accounts: [{ ...account, status: 'invited', secondFactor: false, lastSignInAt: undefined as never }] }),
      ['never-signed-in'],
    ],
    [
      'an invitation of yesterday',
      held({
        accounts: [{ ...account, status: 'invited', createdAt: NOW - DAY, lastSignInAt: undefined as never }],
      }),
      [],
    ],
    [
      'everything at once, in the order of the list',
      held({
        person: { validUntil: NOW - DAY },
        badges: [{ ...badge, unused: true }],
        accounts: [{ ...account, secondFactor: false, lastSignInAt: undefined as never }],
      }),
      ['departed', 'no-second-factor', 'unused', 'never-signed-in'],
    ],
  ] as const)('%s', (_, holding, flags) => {
    expect(flagsOf(holding, NOW)).toEqual(flags)
  })
})

describe('unused for 90 days', () => {
  const span = { now: NOW, days: 90, since: NOW - 400 * DAY }
  it.each([
    ['never, and handed out long ago', { madeAt: NOW - 91 * DAY }, true],
    ['never, and handed out last week', { madeAt: NOW - 7 * DAY }, false],
    ['last 91 days ago', { lastUsedAt: NOW - 91 * DAY, madeAt: NOW - 200 * DAY }, true],
    ['last 90 days ago to the millisecond', { lastUsedAt: NOW - 90 * DAY, madeAt: 0 }, false],
    ['before anybody wrote down when it was handed out', {}, true],
  ] as const)('%s', (_, use, unused) => expect(isUnused(use, span)).toBe(unused))

  it('is said of nothing while the journal is younger than that', () => {
    expect(isUnused({}, { ...span, since: NOW - 89 * DAY })).toBe(false)
    expect(isUnused({}, { ...span, since: NOW - 90 * DAY })).toBe(true)
    expect(isUnused({}, { now: NOW, days: 90, since: undefined })).toBe(false)
  })
})
