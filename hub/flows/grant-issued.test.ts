import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ActsStage, BY } from '../test/acts-stage.ts'
import { NOON } from '../test/stage.ts'
import type { GrantWish } from './grant-issued.ts'

const HOUR = 3_600_000
const WISH: GrantWish = {
  person: 'cleo',
  target: { zone: 'pharmacy', classes: ['medicines'] },
  from: NOON,
  until: NOON + HOUR,
  origin: 'loan',
  reference: 'WO-7',
}

let on: ActsStage
beforeEach(async () => {
  on = await ActsStage.open()
})
afterEach(() => on.close())

describe('a temporary grant', () => {
  it('is issued with an id of its own and a row that names no person', async () => {
    const { grant } = await on.acts.issueGrant(WISH, BY)
    expect(grant).toEqual({ ...WISH, id: expect.stringMatching(/^g-[0-9a-f]{16}$/), by: BY })
    expect(on.stage.events().at(-1)).toEqual({
      ...{
        kind: 'grant.issued',
        grant: grant.id,
        person: on.person('cleo'),
        by: BY,
        origin: 'loan',
        reference: 'WO-7',
      },
      ...{ from: NOON, until: NOON + HOUR, zone: 'pharmacy', classes: 'medicines' },
    })
    expect(on.acts.grants()).toEqual([grant])
    expect(on.stage.registry().snapshot.grants.get(on.person('cleo'))).toHaveLength(1)
  })

  it('ends by itself, and is listed for a day after on request', async () => {
    const { grant } = await on.acts.issueGrant(WISH, BY)
    on.now = NOON + HOUR
    expect(on.acts.grants()).toEqual([])
    expect(on.acts.grants(true)).toEqual([grant])
    await expect(on.acts.revokeGrant(grant.id, BY)).rejects.toMatchObject({ code: 'grant-unknown' })
  })

  it.each<[string, Partial<GrantWish>, object]>([
    ['inverted', { until: NOON - 1 }, { field: '/until' }],
    ['past', { from: NOON - HOUR }, { field: '/from' }],
    ['longer than its class allows', { until: NOON + 13 * HOUR }, { field: '/until' }],
    ['for a zone that is not there', { target: { zone: 'cellar' } }, { field: '/zone' }],
    ['for no place', { origin: 'visit' as never }, { field: '/origin' }],
  ])('that is %s is refused, naming the field, and nothing is written', async (_, over, details) => {
    const rows = on.stage.rows()
    const error = await on.acts.issueGrant({ ...WISH, ...over }, BY).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'grant-invalid', details })
    expect(on.stage.rows()).toEqual(rows)
    expect(on.acts.grants()).toEqual([])
  })

  it('for nobody of the site is refused', async () => {
    await expect(on.acts.issueGrant({ ...WISH, person: 'zoe' }, BY)).rejects.toMatchObject({ code: 'person-unknown' })
  })

  it('is taken back once', async () => {
    const { grant } = await on.acts.issueGrant(WISH, BY)
    await on.acts.revokeGrant(grant.id, 'o-1')
    expect(on.acts.grants()).toEqual([])
    expect(on.stage.events().at(-1)).toMatchObject({ kind: 'grant.revoked', grant: grant.id, by: 'o-1' })
    await expect(on.acts.revokeGrant(grant.id, BY)).rejects.toMatchObject({ code: 'grant-unknown' })
    await expect(on.acts.revokeGrant('g-0', BY)).rejects.toMatchObject({ code: 'grant-unknown' })
  })
})
