import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Standing } from '../flows/standing.ts'
import { verify } from '../record/chain-verify.ts'
import { Spool } from '../record/spool.ts'
import { Hanging } from '../test/hanging.ts'
import { badgeFields, bytes, identity, Link, NOON, Stage, until } from '../test/stage.ts'
import { type Deciding, makeDeciding } from './deciding.ts'

const DOOR = identity('door-1', 'door')
const CABINET = identity('cabinet-1', 'medicine-cabinet')
let stage: Stage
let journal: Hanging
let hub: Deciding
let spool: Spool
let link: Link
let notified: string[]

beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply()
  journal = new Hanging(stage.journal)
  link = new Link(() => [])
  notified = []
  const registry = stage.registry()
  spool = new Spool({
    dir: stage.folder.dir,
    key: stage.folder.key,
    journal: stage.journal,
    onDrained: rows => notified.push(...rows.map(r => r.event.kind)),
    onTrouble: () => undefined,
  })
  hub = makeDeciding({
    config: { unlockExpiryMs: 5_000, skewLimitMs: 10_000 },
    journal,
    spool: rows => spool.add(rows),
    registry: () => registry,
    situations: new Standing(),
    pinCheck: async () => 'unset',
    write: async () => undefined,
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

/** Four operations that each wait 1.5 s for the held database stand before the batch: it is given up long before its turn. */
function makeTheDiskSlow(): void {
  stage.block()
  for (let i = 0; i < 4; i++)
    stage.journal.op('record', { at: NOON, event: { kind: 'hub.started', version: 'slow' } }).catch(() => undefined)
}

const contact = (seq: number, state: 'open' | 'closed', after = 0): Promise<void> =>
  hub.edge.message(DOOR, 'state', bytes(seq, { point: 'door', contact: state }), NOON + after)

/** Left on request, and so opened and not forced; what follows has to be seen closed before it can be broken open. */
async function leaveByTheDoor(): Promise<void> {
  await contact(1, 'closed')
  await hub.edge.message(DOOR, 'state', bytes(2, { point: 'door', request: true }), NOON)
  await contact(3, 'open', 100)
}

const unavailable = { code: 'journal-unavailable' }
const answers = () => stage.kinds().filter(k => k.startsWith('access.') || k.startsWith('audit.'))
const pointEvents = () => notified.filter(k => k.startsWith('point.'))
const TEN_MINUTES = 600_000

describe('a disk that is too slow', () => {
  it('has rows given up for good: sent again, a message is new, and is there once', async () => {
    makeTheDiskSlow()
    const state = bytes(1, { point: 'door', contact: 'closed' })
    const badge = bytes(2, badgeFields('door', '04AA0001'))
    const sent = [hub.edge.message(DOOR, 'state', state, NOON), hub.edge.message(DOOR, 'badge', badge, NOON)]
    await expect(sent[0]).rejects.toMatchObject(unavailable)
    await sent[1] // an ordinary door: opened, and spooled
    await expect(hub.edge.message(DOOR, 'state', state, NOON)).rejects.toMatchObject(unavailable)
    stage.unblock()
    await until(() => notified.includes('audit.unavailable'), 20_000)
    await hub.edge.message(DOOR, 'badge', badge, NOON)
    await hub.edge.message(DOOR, 'state', state, NOON)
    const kinds = stage
      .kinds()
      .filter(k => !['hub.started', 'rights.changed', 'device.refused', 'device.replayed'].includes(k))
    expect(kinds.toSorted()).toEqual(['access.granted', 'audit.unavailable', 'state.changed'])
    expect(link.commands).toHaveLength(1)
    expect(verify(stage.db).ok).toBe(true)
  })

  it('leaves no grant in the journal for a drawer that was refused', async () => {
    makeTheDiskSlow()
    await hub.edge.message(CABINET, 'badge', bytes(1, badgeFields('drawer-2', '04AA0001')), NOON)
    stage.unblock()
    await until(() => notified.includes('audit.unavailable'), 20_000)
    expect(answers()).toEqual(['access.denied', 'audit.unavailable'])
    expect(notified).toEqual(['access.denied', 'audit.unavailable'])
    expect(link.decisions).toMatchObject([{ granted: false, reason: 'audit-unavailable' }])
    expect(link.commands).toEqual([])
  })

  it('does not hide a break-in that comes after it', async () => {
    await leaveByTheDoor()
    makeTheDiskSlow()
    await expect(contact(4, 'closed', 1_000)).rejects.toMatchObject(unavailable)
    stage.unblock()
    let stored = false
    await until(() => {
      if (!stored)
        contact(4, 'closed', 1_000).then(
          () => (stored = true),
          () => undefined,
        ) // as the device does
      return stored
    }, 20_000)
    await contact(5, 'open', TEN_MINUTES)
    expect(pointEvents().slice(-2)).toEqual(['point.closed', 'point.forced'])
  })
})

describe('a disk that stores what was given up', () => {
  it('makes the message a duplicate when it is sent again: it is there once', async () => {
    journal.hangs = true
    await expect(contact(1, 'closed')).rejects.toMatchObject(unavailable)
    await journal.letGo()
    await contact(1, 'closed')
    expect(stage.kinds().filter(k => k === 'state.changed')).toHaveLength(1)
    expect(hub.refusals.countsFor('door-1')).toEqual({ duplicate: 1 })
  })

  it('does not hide a break-in that comes after it', async () => {
    await leaveByTheDoor()
    journal.hangs = true
    await expect(contact(4, 'closed', 1_000)).rejects.toMatchObject(unavailable)
    await journal.letGo()
    await contact(4, 'closed', 1_000)
    await contact(5, 'open', TEN_MINUTES)
    expect(pointEvents().slice(-2)).toEqual(['point.closed', 'point.forced'])
  })

  it('does not undo what was reported since', async () => {
    await leaveByTheDoor()
    journal.hangs = true
    await expect(contact(4, 'closed', 1_000)).rejects.toMatchObject(unavailable)
    journal.hangs = false
    await contact(5, 'open', 2_000)
    await journal.letGo()
    await contact(6, 'closed', 3_000)
    expect(notified.at(-1)).toBe('point.closed') // still open as far as anybody knew
  })

  it('tells nobody of a grant that was refused in its stead, but of one that opened', async () => {
    journal.hangs = true
    await hub.edge.message(CABINET, 'badge', bytes(1, badgeFields('drawer-2', '04AA0001')), NOON)
    await hub.edge.message(DOOR, 'badge', bytes(1, badgeFields('door', '04AA0001')), NOON)
    await journal.letGo()
    expect(notified).toEqual(['access.granted'])
    await until(() => spool.waiting === 0)
    expect(notified).toEqual(['access.granted', 'access.denied', 'audit.unavailable', 'audit.unavailable'])
    expect(link.commands).toMatchObject([{ point: 'door' }])
  })
})
