import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Entry } from '../ports.ts'
import { fullSite } from '../test/small-site.ts'
import { NOON, Stage } from '../test/stage.ts'
import { stateAtStart } from './start.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply(fullSite())
})
afterEach(() => stage.close())

const lockdown = (at: number, since: number | undefined): Entry => ({
  event: { kind: since === undefined ? 'lockdown.ended' : 'lockdown.started', plan: 'ward', by: 'o-1' },
  at,
  situations: [
    {
      kind: 'lockdown',
      key: 'ward',
      ...(since === undefined ? {} : { value: { since, until: since + 60_000, by: 'o-1' } }),
    },
  ],
})
const lost = (uid: string): Entry => {
  const badge = stage.registry().site.badges.find(b => b.uid === uid)
  const person = stage.pseudonym('person', badge?.person ?? '')
  const credential = stage.pseudonym('badge', uid)
  return { event: { kind: 'badge.lost', credential, person, by: 'o-1', ended: 0 }, at: NOON }
}

it('what waits in the spool stands as if it were stored', () => {
  const { standing, registry } = stateAtStart(stage.db, [lockdown(NOON, NOON), lost('04AA0007')], NOON)
  expect(standing.lockdown.get('ward')).toMatchObject({ since: NOON })
  expect(registry.snapshot.badges.get('04AA0007')?.status).toBe('lost')
  expect(registry.revision).toBe(stage.registry().revision)
})

it('what was stored later than a row of the spool is kept', () => {
  stage.op('act', { at: NOON + 2, situations: [{ kind: 'lockdown', key: 'ward' }], events: [] })
  expect(stateAtStart(stage.db, [lockdown(NOON + 1, NOON)], NOON).standing.lockdown.size).toBe(0)
  expect(stateAtStart(stage.db, [lockdown(NOON + 3, NOON)], NOON).standing.lockdown.size).toBe(1)
})

it('a lost badge that is drained is lost in the site too, with its row, once; a revoked one stays revoked', async () => {
  stage.op('setBadgeStatus', { at: NOON, uid: '04AA0001', status: 'revoked', situations: [], events: [] })
  const before = stage.registry().revision
  await stage.journal.drain([lost('04AA0007'), lost('04AA0001')])
  const { snapshot, revision } = stage.registry()
  expect(snapshot.badges.get('04AA0007')?.status).toBe('lost')
  expect(snapshot.badges.get('04AA0001')?.status).toBe('revoked')
  expect(revision).toBe(before + 1)
  await stage.journal.drain([lost('04AA0007')])
  expect(stage.kinds().filter(kind => kind === 'badge.lost')).toHaveLength(2)
})
