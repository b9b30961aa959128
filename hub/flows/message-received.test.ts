import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { received } from '../record/reading.ts'
import { Breakable, badgeFields, bytes, identity, Link, NOON, Stage } from '../test/stage.ts'
import { type Deciding, makeDeciding } from '../wiring/deciding.ts'
import type { Registry } from './registry.ts'
import { Standing } from './standing.ts'

const CABINET = identity('cabinet-1', 'medicine-cabinet')
const DOOR = identity('door-1', 'door')
const ANNA = badgeFields('drawer-2', '04AA0001')
const AT_DOOR = badgeFields('door', '04AA0001')
const opened = { point: 'door', contact: 'open' }
const closed = { point: 'door', contact: 'closed' }

let stage: Stage
let journal: Breakable
let link: Link
let hub: Deciding
let registry: Registry
let now = NOON

/** A hub's deciding half, as after a start: what it remembers comes from the database. */
function start(): void {
  hub = makeDeciding({
    config: { unlockExpiryMs: 5_000, skewLimitMs: 10_000 },
    journal,
    spool: () => Promise.reject(new Error('disk full')),
    registry: () => registry,
    situations: new Standing(),
    pinCheck: async () => 'unset',
    write: async () => undefined,
    link,
    received: received(stage.db, 1_000),
    notify: () => undefined,
    log: { warn: () => undefined, error: () => undefined },
    now: () => now,
  })
}

beforeEach(async () => {
  now = NOON
  stage = await Stage.open()
  await stage.apply()
  registry = stage.registry()
  journal = new Breakable(stage.journal)
  link = new Link(() => stage.kinds())
  start()
})
afterEach(async () => {
  journal.failing = false
  hub.stop()
  await stage.close()
})

/** Every row but those of the site, of refusals and of replays. */
const BESIDE = ['rights.changed', 'device.refused', 'device.replayed']
const said = () => stage.events().filter(e => !BESIDE.includes(e.kind))
const send = (device: typeof DOOR, kind: string, payload: Buffer) => hub.edge.message(device, kind, payload, now)

describe('a message is received', () => {
  it('is refused by name and counted, and gets its PUBACK: a device can do nothing better', async () => {
    await send(CABINET, 'badge', Buffer.from('{"'))
    await send(CABINET, 'firmware', bytes(1, {}))
    await send(CABINET, 'badge', bytes(1, badgeFields('drawer-99', '04AA0001')))
    await send(identity('old', 'no-such-model'), 'badge', bytes(1, ANNA))
    expect(hub.refusals.countsFor('cabinet-1')).toEqual({ json: 1, kind: 1, point: 1 })
    expect(hub.refusals.countsFor('old')).toEqual({ kind: 1 })
    expect(said()).toEqual([])
  })

  it('a second time moves nothing, and is acknowledged only after the first copy is stored', async () => {
    const order: string[] = []
    const first = send(CABINET, 'badge', bytes(1, ANNA)).then(() => order.push(`first ${said().length}`))
    const second = send(CABINET, 'badge', bytes(1, ANNA)).then(() => order.push(`second ${said().length}`))
    expect(said()).toEqual([])
    await Promise.all([first, second])
    await send(CABINET, 'badge', bytes(1, ANNA))
    expect(order).toEqual(['first 1', 'second 1'])
    expect(said().map(e => e.kind)).toEqual(['access.granted'])
    expect(link.commands).toHaveLength(1)
    expect(hub.refusals.countsFor('cabinet-1')).toEqual({ duplicate: 2 })
  })

  it('with a lower number is recorded as late, and opens nothing', async () => {
    await send(CABINET, 'badge', bytes(10, badgeFields('drawer-2', 'FFFFFFFF')))
    await send(CABINET, 'badge', bytes(9, ANNA))
    expect(said()).toMatchObject([
      { kind: 'access.denied', deviceSeq: 10 },
      { kind: 'access.denied', deviceSeq: 9, reason: 'stale-message', late: true },
    ])
    expect(link.commands).toEqual([])
    expect(hub.refusals.countsFor('cabinet-1')).toEqual({ sequence: 1 })
  })

  it('again, or with a lower number, is a row of its own: the first at once, the rest of a minute as one', async () => {
    await send(DOOR, 'state', bytes(7, closed))
    for (let i = 0; i < 4; i++) await send(DOOR, 'state', bytes(7, closed))
    await send(DOOR, 'state', bytes(3, opened))
    hub.stop()
    await stage.journal.append({ event: { kind: 'hub.stopped', version: '0' }, at: NOON })
    const replayed = stage.events().filter(e => e.kind === 'device.replayed')
    const about = { device: 'door-1', newest: 7 }
    expect(replayed).toEqual([
      { kind: 'device.replayed', ...about, message: 'm7', deviceSeq: 7, refusal: 'duplicate', count: 1 },
      { kind: 'device.replayed', ...about, message: 'm3', deviceSeq: 3, refusal: 'sequence', count: 1 },
      { kind: 'device.replayed', ...about, message: 'm7', deviceSeq: 7, refusal: 'duplicate', count: 3 },
    ])
    expect(stage.kinds()).not.toContain('device.refused')
    expect(hub.refusals.countsFor('door-1')).toEqual({ duplicate: 4, sequence: 1 })
  })

  it('with a lower number changes no state: a door that was opened later stays open', async () => {
    await send(DOOR, 'state', bytes(2, opened))
    await send(DOOR, 'state', bytes(1, closed))
    await send(DOOR, 'state', bytes(3, closed))
    expect(said()).toMatchObject([
      { kind: 'point.opened' },
      { kind: 'state.changed', late: true, state: { contact: 'closed' } },
      { kind: 'point.closed' },
    ])
  })

  it('after a hole in the numbers tells of the hole, once', async () => {
    await send(DOOR, 'state', bytes(1, closed))
    await send(DOOR, 'state', bytes(5, closed))
    await send(DOOR, 'state', bytes(6, closed))
    expect(said().map(e => e.kind)).toEqual(['state.changed', 'device.gap', 'state.changed', 'state.changed'])
    expect(said()[1]).toMatchObject({ missing: 3, deviceSeq: 5, device: 'door-1' })
  })

  it('that could not be stored gets no PUBACK, nor does its copy; sent again it is new', async () => {
    await send(DOOR, 'state', bytes(1, closed))
    journal.failing = true
    const copies = [send(DOOR, 'state', bytes(2, opened)), send(DOOR, 'state', bytes(2, opened))]
    for (const copy of copies) await expect(copy).rejects.toMatchObject({ code: 'journal-unavailable' })
    journal.failing = false
    await send(DOOR, 'state', bytes(2, opened))
    expect(said().map(e => e.kind)).toEqual(['state.changed', 'point.forced'])
  })

  it('that opens a door by force stays forced when its first copy could not be stored', async () => {
    await send(DOOR, 'state', bytes(1, closed))
    journal.failing = true
    await send(DOOR, 'state', bytes(2, opened)).catch(() => undefined)
    await send(DOOR, 'state', bytes(3, closed)).catch(() => undefined)
    await send(DOOR, 'state', bytes(4, opened)).catch(() => undefined)
    journal.failing = false
    for (const [seq, fields] of [
      [2, opened],
      [3, closed],
      [4, opened],
    ] as const)
      await send(DOOR, 'state', bytes(seq, fields))
    expect(said().map(e => e.kind)).toEqual(['state.changed', 'point.forced', 'point.closed', 'point.forced'])
  })

  it('from before a restart is known: the same id is acknowledged and moves nothing', async () => {
    await send(CABINET, 'badge', bytes(1, ANNA))
    await send(CABINET, 'badge', bytes(5, ANNA)) // with a gap before it
    hub.stop()
    start()
    await send(CABINET, 'badge', bytes(1, ANNA))
    await send(CABINET, 'badge', bytes(5, ANNA))
    expect(link.commands).toHaveLength(2)
    expect(hub.refusals.countsFor('cabinet-1')).toEqual({ duplicate: 2 })
    await send(CABINET, 'badge', bytes(3, ANNA))
    expect(said().at(-1)).toMatchObject({ kind: 'access.denied', reason: 'stale-message', late: true })
  })

  it('whose gap was recorded but not itself is not taken for known after a restart', async () => {
    await send(DOOR, 'state', bytes(1, closed))
    await stage.journal.append({
      event: { kind: 'device.gap', device: 'door-1', message: 'm4', deviceSeq: 4, deviceAt: NOON, missing: 2 },
      at: NOON,
    })
    hub.stop()
    start()
    await send(DOOR, 'state', bytes(4, opened))
    expect(said().at(-1)).toMatchObject({ kind: 'point.opened', message: 'm4' })
  })

  it('from new hardware under an old name is new, although its numbers start again', async () => {
    const certificate = { device: 'door-1', notBefore: 0, notAfter: NOON * 2, fingerprint: 'ff', issuedAt: NOON }
    const enrol = (serial: string, fresh: boolean) => {
      const event = { kind: 'device.enrolled', device: 'door-1', serial } as const
      stage.op('addCertificate', { at: NOON, certificate: { ...certificate, serial }, fresh, event })
      registry = stage.registry()
      hub.edge.connected(hub.edge.identify(serial, 'door-1')!)
    }
    enrol('a1', true)
    await send(DOOR, 'state', bytes(500, closed))
    enrol('a2', false) // a renewed certificate: the same hardware
    await send(DOOR, 'state', bytes(400, opened))
    expect(said().at(-1)).toMatchObject({ late: true })
    enrol('b1', true)
    await send(DOOR, 'state', bytes(1, opened))
    expect(said().at(-1)).toMatchObject({ kind: 'point.forced', deviceSeq: 1 })
    expect(said().at(-1)).not.toHaveProperty('late')
  })

  it('that took 31 s from the reader’s own clock opens nothing', async () => {
    const slow = NOON - 3_600_000 // an hour behind, and it says so
    await hub.edge.status(CABINET, Buffer.from(JSON.stringify({ online: true, at: new Date(slow).toISOString() })))
    now = NOON + 31_000
    await send(CABINET, 'badge', bytes(1, ANNA, slow))
    await send(CABINET, 'badge', bytes(2, ANNA, slow + 30_000))
    const verdicts = said().filter(e => e.kind === 'access.denied' || e.kind === 'access.granted')
    expect(verdicts).toMatchObject([
      { kind: 'access.denied', reason: 'stale-message', skewMs: 3_631_000 },
      { kind: 'access.granted', skewMs: 3_601_000 },
    ])
  })
})

/** What the network and the disk do to a device's messages, one step at a time. */
type Step = { act: 'send'; n: number } | { act: 'disk'; fails: boolean } | { act: 'restart' } | { act: 'settle' }
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ act: fc.constant('send' as const), n: fc.integer({ min: 1, max: 12 }) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('disk' as const), fails: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('restart' as const) }) },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('settle' as const) }) },
  ),
  { minLength: 5, maxLength: 40 },
)

/** Plays a script with messages of its own and tells what was acknowledged. */
async function play(script: readonly Step[], base: number): Promise<Set<string>> {
  const acknowledged = new Set<string>()
  let open: Promise<unknown>[] = []
  const settle = async (): Promise<void> => {
    await Promise.allSettled(open)
    open = []
  }
  const emit = (n: number): void => {
    const seq = base + n
    const [kind, fields] = n % 2 ? (['state', n % 4 === 1 ? opened : closed] as const) : (['badge', AT_DOOR] as const)
    open.push(send(DOOR, kind, bytes(seq, fields)).then(() => acknowledged.add(`m${seq}`)))
  }
  for (const step of script) {
    if (step.act === 'send') emit(step.n)
    else if (step.act === 'disk') journal.failing = step.fails
    else await settle()
    if (step.act === 'restart') restart()
  }
  await settle()
  journal.failing = false
  return acknowledged
}

const restart = (): void => {
  noTwoCommandsForOneMessage()
  link = new Link(() => [])
  hub.stop()
  start()
}

function noTwoCommandsForOneMessage(): void {
  const requests = link.decisions.flatMap(d => (d.granted ? [d.request] : []))
  expect(requests).toEqual([...new Set(requests)])
  expect(link.commands).toHaveLength(requests.length)
}

describe('any order of copies, late ones, losses and restarts', () => {
  it('leaves every acknowledged message in the journal exactly once, and orders a lock at most once: 60 runs', async () => {
    let base = 0
    let runs = 0
    await fc.assert(
      fc.asyncProperty(steps, async script => {
        base += 100
        runs++
        const before = stage.rows().at(-1)?.seq ?? 0
        const acknowledged = await play(script, base)
        noTwoCommandsForOneMessage()
        const rows = stage.rows().filter(r => r.seq > before)
        const own = rows.filter(r => r.event.kind !== 'device.gap' && r.event.kind !== 'device.replayed')
        const stored = own.flatMap(({ event: e }) => ('message' in e ? [e.message] : []))
        expect(stored.toSorted()).toEqual([...new Set(stored)].toSorted())
        expect(new Set(stored)).toEqual(acknowledged)
      }),
      { numRuns: 60 },
    )
    expect(runs).toBeGreaterThanOrEqual(60)
  })
})
