import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccessGranted } from '../events.ts'
import { NOON, Stage } from '../test/stage.ts'
import { openDatabase } from './database.ts'
import { revision } from './site.ts'
import { usage } from './usage.ts'

const DAY = 86_400_000
const LATER = NOON + DAY
let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply()
})
afterEach(() => stage.close())

let count = 0
async function opened(via: AccessGranted['via'] | undefined, at = NOON, person = 'p-1'): Promise<void> {
  const message = `m${++count}`
  const event = {
    kind: 'access.granted',
    ...{ device: 'door-1', message, deviceSeq: count, deviceAt: at, point: 'door', person, credential: 'b-1' },
    ...{ command: 'c', unlockMs: 5_000, rights: revision(stage.db) },
    ...(via && { via }),
  } as AccessGranted
  await stage.journal.append({ event, at })
}
const rule = (right: number, role = 'nurse') => ({ kind: 'rule', role, right }) as const
const edit = (rights: readonly object[]): void => {
  const event = { kind: 'rights.changed', revision: 0, added: 0, changed: 1, removed: 0, origin: 't' } as const
  const body = JSON.stringify({ id: 'nurse', name: 'Nurse', rights })
  const expected = stage.revisionOf('role', 'nurse')
  stage.op('editItem', { at: NOON, kind: 'role', id: 'nurse', body, expected, events: [event] })
}
const WARD = { zone: 'ward', classes: ['door', 'medicines'], schedule: 'day' }
const DOOR = { accessPoint: 'ward-door', schedule: 'always' }

describe('which rights and grants have opened anything', () => {
  it('is told with when last, by person and right, and by grant; never how often', async () => {
    await opened(rule(0), NOON)
    await opened(rule(0), NOON + 5)
    await opened(rule(1), NOON + 1)
    await opened(rule(0), NOON + 2, 'p-2')
    await opened({ kind: 'grant', grant: 'g-1' }, NOON + 3)
    await opened({ kind: 'grant', grant: 'g-1' }, NOON + 2)
    await opened({ kind: 'break-glass', id: 'x' }, NOON)
    expect(await usage(stage.db, NOON, LATER)).toEqual({
      knownSince: NOON,
      rights: [
        { person: 'p-1', role: 'nurse', right: 0, lastAt: NOON + 5 },
        { person: 'p-1', role: 'nurse', right: 1, lastAt: NOON + 1 },
        { person: 'p-2', role: 'nurse', right: 0, lastAt: NOON + 2 },
      ],
      grants: [{ grant: 'g-1', person: 'p-1', lastAt: NOON + 3 }],
    })
  })

  it('counts from the time asked for, to the time asked for', async () => {
    await opened(rule(0), NOON)
    await opened(rule(1), NOON + 10)
    await opened(rule(0), NOON + 20)
    const { rights } = await usage(stage.db, NOON + 1, NOON + 20)
    expect(rights.map(r => r.right)).toEqual([1])
  })

  it('says since when it knows: a journal younger than that', async () => {
    await opened(rule(0), NOON + 10)
    expect((await usage(stage.db, NOON - 90 * DAY, LATER)).knownSince).toBe(NOON) // the row of the site, applied at NOON
    expect((await usage(stage.db, NOON + 5, LATER)).knownSince).toBe(NOON + 5)
  })

  it('says so where rows do not tell yet what opened', async () => {
    await opened(undefined, NOON + 10)
    await opened(rule(0), NOON + 20)
    expect(await usage(stage.db, NOON, LATER)).toMatchObject({ knownSince: NOON + 11, rights: [{ right: 0 }] })
  })

  it('is about the right, not its place: one put before it, one taken away, fields in another order', async () => {
    await opened(rule(1))
    edit([{ schedule: 'day', zone: 'garden' }, WARD, { schedule: 'always', accessPoint: 'ward-door' }])
    expect((await usage(stage.db, NOON, LATER)).rights).toMatchObject([{ right: 2 }])
    edit([DOOR])
    expect((await usage(stage.db, NOON, LATER)).rights).toMatchObject([{ right: 0 }])
    await opened(rule(0), NOON + 1)
    expect((await usage(stage.db, NOON, LATER)).rights).toMatchObject([{ right: 0, lastAt: NOON + 1 }])
    edit([WARD])
    expect((await usage(stage.db, NOON, LATER)).rights).toEqual([])
  })

  it('of a role that is gone is nothing; of one whose past is not on record its place is believed', async () => {
    await opened(rule(0, 'porter'))
    await opened(rule(1, 'nurse'))
    const db = openDatabase(stage.folder)
    db.exec("delete from site_item_past; update site_item set revision = 99 where id = 'nurse'")
    db.close()
    expect((await usage(stage.db, NOON, LATER)).rights).toMatchObject([{ role: 'nurse', right: 1 }])
  })
})
