import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verify } from '../record/chain.ts'
import { Spool } from '../record/spool.ts'
import { badgeFields, bytes, identity, Link, NOON, Stage, until } from '../test/stage.ts'
import { type Deciding, makeDeciding } from './deciding.ts'

const DOOR = identity('door-1', 'door')
let stage: Stage
let hub: Deciding
let spool: Spool
let link: Link
let notified: string[]

beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply()
  link = new Link(() => [])
  notified = []
  const registry = stage.registry()
  spool = new Spool({
    dir: stage.folder.dir,
    journal: stage.journal,
    onDrained: rows => notified.push(...rows.map(r => r.event.kind)),
    onTrouble: () => undefined,
  })
  hub = makeDeciding({
    config: { unlockExpiryMs: 5_000, skewLimitMs: 10_000 },
    journal: stage.journal,
    spool: rows => spool.add(rows),
    registry: () => registry,
    link,
    received: [],
    notify: r => notified.push(r.event.kind),
    log: { warn: () => undefined, error: () => undefined },
    now: () => NOON,
  })
})
afterEach(async () => {
  hub.stop()
  await spool.stop()
  await stage.close()
})

/** Four operations that each wait 1.5 s for the held database stand before the batch: it is given up after 5 s. */
function makeTheDiskSlow(): void {
  stage.block()
  for (let i = 0; i < 4; i++)
    stage.journal.op('record', { at: NOON, event: { kind: 'hub.started', version: 'slow' } }).catch(() => undefined)
}

describe('a disk that answers too late', () => {
  it('has rows given up that it stores after all: sent again, the message is a duplicate, and is there once', async () => {
    makeTheDiskSlow()
    const state = bytes(1, { point: 'door', contact: 'closed' })
    const badge = bytes(2, badgeFields('door', '04AA0001'))
    const answers = [hub.edge.message(DOOR, 'state', state, NOON), hub.edge.message(DOOR, 'badge', badge, NOON)]
    await expect(answers[0]).rejects.toMatchObject({ code: 'journal-unavailable' })
    await answers[1] // an ordinary door: opened, and spooled
    await expect(hub.edge.message(DOOR, 'state', state, NOON)).rejects.toMatchObject({ code: 'journal-unavailable' })
    stage.unblock()
    await until(() => notified.includes('audit.unavailable'), 20_000)
    await hub.edge.message(DOOR, 'state', state, NOON)
    await hub.edge.message(DOOR, 'badge', badge, NOON)
    const kinds = stage.kinds().filter(k => !['hub.started', 'rights.changed', 'device.refused'].includes(k))
    expect(kinds.toSorted()).toEqual(['access.granted', 'audit.unavailable', 'state.changed'])
    expect(link.commands).toHaveLength(1)
    expect(hub.refusals.countsFor('door-1')).toEqual({ sequence: 1, duplicate: 2 })
    expect(verify(stage.db).ok).toBe(true)
  })
})
