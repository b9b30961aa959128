import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Role, Site } from '../access/site.ts'
import { lastOfWithdrawn } from '../record/past.ts'
import { readRegistry } from '../record/registry.ts'
import { itemsSince } from '../record/site.ts'
import { ActsStage, BY } from '../test/acts-stage.ts'
import { fullSite } from '../test/small-site.ts'
import { NOON } from '../test/stage.ts'
import { SiteApplied } from './site-applied.ts'

let on: ActsStage
beforeEach(async () => {
  on = await ActsStage.open()
})
afterEach(() => on.close())

const role = (): Role => fullSite().roles[0]!
const expected = (kind: string, id: string) => on.acts.item(kind, id).revision

/** What waits for nobody. */
async function done<T extends object>(edited: Promise<T>): Promise<Exclude<T, { approval: unknown }>> {
  const result = await edited
  if ('approval' in result) throw new Error('it waits for an approval')
  return result as Exclude<T, { approval: unknown }>
}

describe('one item of the site', () => {
  it('is shown with its revision, and the ids of its kind are listed', () => {
    expect(on.acts.item('role', 'nurse')).toEqual({ kind: 'role', id: 'nurse', revision: 1, item: role() })
    expect(on.acts.itemIds('zone').sort()).toEqual(['garden', 'pharmacy', 'ward'])
    expect(() => on.acts.item('role', 'nobody')).toThrowError(/No role nobody/)
    expect(() => on.acts.item('rolle', 'nurse')).toThrowError(/kind: one of site, /)
  })

  it('is changed, in force and told of', async () => {
    const { revision } = await done(
      on.acts.putItem('role', 'nurse', { ...role(), name: 'RN' }, { expected: 1, by: BY }),
    )
    expect(on.acts.item('role', 'nurse')).toMatchObject({ revision, item: { name: 'RN' } })
    expect(on.stage.events().at(-1)).toEqual({
      ...{ kind: 'rights.changed', revision, added: 0, changed: 1, removed: 0, origin: BY },
      item: { kind: 'role', id: 'nurse' },
    })
  })

  it('edited by two people: the second one gets a conflict that says which revision stands, and overwrites nothing', async () => {
    const seen = expected('role', 'nurse')
    const { revision } = await done(
      on.acts.putItem('role', 'nurse', { ...role(), name: 'A' }, { expected: seen, by: BY }),
    )
    const second = on.acts.putItem('role', 'nurse', { ...role(), name: 'B' }, { expected: seen, by: 'o-2' })
    await expect(second).rejects.toMatchObject({
      code: 'edit-conflict',
      details: { kind: 'role', id: 'nurse', revision },
    })
    expect(on.acts.item('role', 'nurse').item).toMatchObject({ name: 'A' })
    const other = on.acts.putItem(
      'role',
      'gardener',
      { ...fullSite().roles[2]!, name: 'G' },
      { expected: seen, by: 'o-2' },
    )
    await expect(other).resolves.toMatchObject({ revision: revision + 1 })
  })

  it('that must be new is not put over one that is there', async () => {
    const put = on.acts.putItem('role', 'nurse', { ...role(), name: 'B' }, { expected: 0, by: BY })
    await expect(put).rejects.toMatchObject({ code: 'edit-conflict', details: { revision: 1 } })
    await on.acts.putItem('zone', 'cellar', { id: 'cellar', name: 'Cellar', parent: 'ward' }, { expected: 0, by: BY })
    expect(on.acts.itemIds('zone')).toContain('cellar')
  })

  it('put as it is makes no revision', async () => {
    const rows = on.stage.rows()
    expect(await on.acts.putItem('role', 'nurse', role(), { expected: 1, by: BY })).toEqual({ revision: 1 })
    expect(on.stage.rows()).toEqual(rows)
  })

  it.each<[string, string, string, unknown, object]>([
    ['of a wrong shape', 'role', 'nurse', { id: 'nurse', name: 7, rights: [] }, { field: '/name' }],
    ['under another id', 'role', 'nurse', { ...fullSite().roles[0], id: 'nun' }, { field: '/id' }],
    [
      'that refers to nothing',
      'role',
      'nurse',
      { ...fullSite().roles[0], inherits: ['nun'] },
      { id: 'nurse', field: '/inherits/0' },
    ],
    [
      'that makes a cycle',
      'zone',
      'ward',
      { id: 'ward', name: 'W', parent: 'pharmacy' },
      { kind: 'zone', field: '/parent' },
    ],
  ])('%s is refused, naming item and field, and nothing changes', async (_, kind, id, item, details) => {
    const before = readRegistry(on.stage.db, NOON)
    const edit = { expected: expected(kind, id), by: BY }
    await expect(on.acts.putItem(kind, id, item, edit)).rejects.toMatchObject({ code: 'item-invalid', details })
    expect(readRegistry(on.stage.db, NOON)).toEqual(before)
  })

  it('is taken away, unless something refers to it: then that is named', async () => {
    const remove = (kind: string, id: string) => on.acts.removeItem(kind, id, { expected: expected(kind, id), by: BY })
    await expect(remove('role', 'night-nurse')).rejects.toMatchObject({
      code: 'item-invalid',
      details: { kind: 'person', id: 'bela' },
    })
    await expect(remove('calendar', 'holidays')).rejects.toMatchObject({ details: { kind: 'schedule', id: 'day' } })
    await remove('evacuationPlan', 'fire')
    expect(on.acts.itemIds('evacuationPlan')).toEqual([])
    expect(() => on.acts.item('evacuationPlan', 'fire')).toThrowError(/No evacuationPlan fire/)
    await expect(on.acts.removeItem('site', 'site', { expected: 1, by: BY })).rejects.toMatchObject({
      code: 'item-invalid',
    })
  })

  it('that is a badge stands in the journal without its number', async () => {
    const item = { uid: '04BB0001', person: 'anna', status: 'active' }
    await on.acts.putItem('badge', '04BB0001', item, { expected: 0, by: BY })
    expect(JSON.stringify(on.stage.events())).not.toContain('04BB0001')
  })
})

describe('the site as a file', () => {
  const applied = () =>
    new SiteApplied({
      nobodyToAsk: () => true,
      read: () => readRegistry(on.stage.db, NOON),
      changedSince: revision => itemsSince(on.stage.db, revision),
      withdrawnBadges: () => lastOfWithdrawn(on.stage.db, 'badge'),
      write: change => on.stage.op('applySite', change),
      now: () => NOON,
    })
  const apply = (site: Site) =>
    applied().apply(JSON.stringify(site), 'site.json', { origin: 'test', mayWithdraw: true })
  const exported = () => JSON.parse(on.acts.exportSite()) as Site

  it('is written out with its revision, and applied again changes nothing', async () => {
    expect(exported().revision).toBe(1)
    expect((await apply(exported())).changes).toEqual([])
  })

  it('with a revision is refused where somebody else has changed, added or removed the same item since', async () => {
    const file = exported()
    await on.acts.putItem('role', 'nurse', { ...role(), name: 'RN' }, { expected: 1, by: BY })
    const clash = { code: 'site-outdated', details: { kind: 'role', id: 'nurse', revision: 1 } }
    await expect(apply(file)).rejects.toMatchObject(clash)
    await expect(
      apply({ ...file, roles: file.roles.map(r => (r.id === 'nurse' ? { ...r, name: 'X' } : r)) }),
    ).rejects.toMatchObject(clash)

    const later = exported()
    await on.acts.putItem('zone', 'cellar', { id: 'cellar', name: 'Cellar' }, { expected: 0, by: BY })
    await expect(apply(later)).rejects.toMatchObject({ details: { kind: 'zone', id: 'cellar' } })
    const last = exported()
    await on.acts.removeItem('zone', 'cellar', { expected: expected('zone', 'cellar'), by: BY })
    await expect(apply(last)).rejects.toMatchObject({ details: { kind: 'zone', id: 'cellar' } })
  })

  it('with a revision changes what nobody else has touched, and agrees with the same change made by somebody else', async () => {
    const file = exported()
    await on.acts.putItem('role', 'nurse', { ...role(), name: 'RN' }, { expected: 1, by: BY })
    const people = file.people.map(p => (p.id === 'cleo' ? { ...p, name: 'Cléo' } : p))
    const roles = file.roles.map(r => (r.id === 'nurse' ? { ...r, name: 'RN' } : r))
    expect((await apply({ ...file, people, roles })).changes.map(c => c.id)).toEqual(['cleo'])
  })

  it('from another hub, of a revision still to come, is refused', async () => {
    await expect(apply({ ...exported(), revision: 99 })).rejects.toMatchObject({
      ...{ code: 'site-invalid', details: { field: '/revision' } },
    })
  })

  it('leaves PINs and grants alone', async () => {
    await on.acts.setPin('anna', '4719', undefined, BY)
    const grant = on.stage.grant()
    await apply({ ...exported(), site: { ...exported().site, name: 'Other' } })
    expect(on.acts.grants()).toEqual([grant])
    expect(await on.acts.clearPin('anna', BY)).toMatchObject({ changed: true })
  })
})
