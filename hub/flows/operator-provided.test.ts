import { describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import type { DirectoryMap } from '../rules/directory.ts'
import { type DirectoryAccount, type FollowWrite, OperatorProvided, type ProvisionWrite } from './operator-provided.ts'

const MAP: DirectoryMap = {
  groups: [
    { group: 'Admins', operator: { role: 'administrator' } },
    { group: 'Ward', operator: { role: 'ward-manager', zones: ['ward'] } },
  ],
}
const local: DirectoryAccount = {
  ...{ id: 'o-1', login: 'a.local', name: 'A', role: 'it', status: 'active', revision: 3, begun: true },
}
const scim: DirectoryAccount = {
  ...{ id: 'o-2', login: 'b.scim', name: 'B', role: 'nurse', status: 'active', revision: 5, begun: false },
  external: 'scim:77',
}
const known: DirectoryAccount = {
  ...{ id: 'o-3', login: 'c.known', name: 'C', role: 'ward-manager', zones: ['ward'], status: 'active', revision: 2 },
  ...{ begun: false, external: 'oidc:x:c', subject: 'oidc:x:c' },
}

const { zones: _, ...withoutZones } = known

function stage(accounts: readonly DirectoryAccount[] = [local, scim, known], fails?: VigieError) {
  const provisioned: ProvisionWrite[] = []
  const followed: FollowWrite[] = []
  const turnedAway: string[] = []
  let failing = fails
  const attempt = (): void => {
    const error = failing
    failing = undefined
    if (error) throw error
  }
  const flow = new OperatorProvided({
    map: () => MAP,
    bySubject: subject => accounts.find(a => a.subject === subject),
    byLogin: login => accounts.find(a => a.login === login),
    provision: made => {
      attempt()
      provisioned.push(made)
    },
    follow: made => {
      attempt()
      followed.push(made)
    },
    turnAway: ({ id }) => void turnedAway.push(id),
    newId: () => 'o-new',
    now: () => 1_000,
  })
  const come = (login: string, groups: string[], subject = `oidc:x:${login[0]}`, name = 'N') =>
    flow.come({ subject, login, name, groups })
  return { come, provisioned, followed, turnedAway }
}

describe('somebody the provider vouches for', () => {
  it('gets a new account with the role of their groups', async () => {
    const { come, provisioned } = stage()
    expect(await come('z.new', ['Ward'])).toEqual({ id: 'o-new', endsSessions: false })
    expect(provisioned).toEqual([
      {
        at: 1_000,
        operator: {
          ...{ id: 'o-new', login: 'z.new', name: 'N', role: 'ward-manager', zones: ['ward'] },
          ...{ external: 'oidc:x:z', subject: 'oidc:x:z' },
        },
        by: 'provider',
        after: { role: 'ward-manager', zones: ['ward'], status: 'active' },
      },
    ])
  })
  it('never gets an account that was made in Vigie', async () => {
    const { come, provisioned, followed } = stage()
    expect(await come('a.local', ['Admins'])).toEqual({ refused: 'name-taken' })
    expect([provisioned, followed]).toEqual([[], []])
  })
  it('takes over the account that the directory made under their name, as the directory keeps it', async () => {
    const { come, followed } = stage()
    expect(await come('b.scim', ['Admins'])).toEqual({ id: 'o-2', endsSessions: false })
    expect(followed).toMatchObject([{ id: 'o-2', expected: 5, role: 'nurse', name: 'B', subject: 'oidc:x:b' }])
  })
  it('does not take it over from somebody who came first', async () => {
    const { come, provisioned, followed } = stage([{ ...scim, subject: 'oidc:x:other' }])
    expect(await come('b.scim', ['Admins'])).toEqual({ refused: 'name-taken' })
    expect([provisioned, followed]).toEqual([[], []])
  })
  it('does not take over one that has ended', async () => {
    const { come } = stage([{ ...scim, status: 'disabled' }])
    expect(await come('b.scim', ['Admins'])).toEqual({ refused: 'disabled', operator: 'o-2' })
  })
  it('is known by the subject, whatever name they have now', async () => {
    const { come, followed } = stage()
    expect(await come('another.name', ['Ward'], 'oidc:x:c', 'C')).toEqual({ id: 'o-3', endsSessions: false })
    expect(followed).toEqual([])
  })
  it('has another role when their groups do, and the sessions end with it', async () => {
    const { come, followed } = stage()
    expect(await come('c.known', ['Admins'])).toEqual({ id: 'o-3', endsSessions: true })
    expect(followed).toMatchObject([{ role: 'administrator', needsOther: false, name: 'N', endsSessions: true }])
    expect(followed[0]).not.toHaveProperty('zones')
  })
  it('is refused without a group, and an administrator loses the role only where another is left', async () => {
    const without = stage()
    expect(await without.come('c.known', [])).toEqual({ refused: 'no-group', operator: 'o-3' })
    expect(await without.come('z.new', [])).toEqual({ refused: 'no-group' })
    expect(without.turnedAway).toEqual(['o-3'])
    const { come, followed } = stage([{ ...withoutZones, role: 'administrator' }])
    await come('c.known', ['Ward'])
    expect(followed).toMatchObject([{ needsOther: true, role: 'ward-manager' }])
  })
  it.each(['operator-exists', 'edit-conflict'] as const)('is looked at once more after %s', async code => {
    const { come, provisioned } = stage([], new VigieError(code))
    expect(await come('z.new', ['Ward'])).toEqual({ id: 'o-new', endsSessions: false })
    expect(provisioned).toHaveLength(1)
  })
  it('is told what else stands in the way', async () => {
    const { come } = stage([], new VigieError('journal-unavailable'))
    await expect(come('z.new', ['Ward'])).rejects.toMatchObject({ code: 'journal-unavailable' })
  })
})
