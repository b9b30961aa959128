import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccessGranted, AuditUnavailable } from '../events.ts'
import type { Entry, Recorded } from '../ports.ts'
import { NOON, Stage, until } from '../test/stage.ts'
import { verify } from './chain-verify.ts'
import { received } from './reading.ts'
import { Seal } from './seal.ts'
import { Spool } from './spool.ts'

let stage: Stage
let spools: Spool[]
let drained: Recorded[]
let troubles: string[]

beforeEach(async () => {
  stage = await Stage.open()
  spools = []
  drained = []
  troubles = []
})
afterEach(async () => {
  await Promise.all(spools.map(s => s.stop()))
  await stage.close()
})

function open(drain = (rows: readonly Entry[]) => stage.journal.drain(rows), dir = stage.folder.dir): Spool {
  const needs = {
    onDrained: (rows: readonly Recorded[]) => drained.push(...rows),
    onTrouble: (c: string) => troubles.push(c),
  }
  const spool = new Spool({ dir, key: stage.folder.key, journal: { drain }, ...needs })
  spools.push(spool)
  return spool
}
const path = (name: string): string => join(stage.folder.dir, name)
const file = (): string => path('spool.jsonl')

/** What a badge leaves behind that opened without the journal. */
function answer(seq: number, at = NOON): Entry[] {
  const origin = { device: 'cart', message: `m${seq}`, deviceSeq: seq, deviceAt: at, point: 'door' }
  const granted: AccessGranted = {
    ...origin,
    kind: 'access.granted',
    person: 'p-1',
    credential: 'b-1',
    command: `c${seq}`,
    unlockMs: 5_000,
    rights: 1,
    via: { kind: 'rule', role: 'nurse', right: 0 },
  }
  const alarm: AuditUnavailable = {
    kind: 'audit.unavailable',
    device: 'cart',
    point: 'door',
    request: `m${seq}`,
    outcome: 'opened',
  }
  return [
    { event: granted, at, inbox: { device: 'cart', seq, id: `m${seq}` } },
    { event: alarm, at },
  ]
}
const sealed = (seq: number): string[] => answer(seq).map(e => new Seal(stage.folder.key).close(e))
const setAside = (): string[] => readFileSync(path('spool.bad.jsonl'), 'utf8').split('\n').filter(Boolean)
const told = () =>
  stage
    .events()
    .map(e => ('message' in e ? `${e.message} ${e.kind}` : 'request' in e ? `${e.request} ${e.kind}` : e.kind))
const both = (...seqs: number[]) => seqs.flatMap(n => [`m${n} access.granted`, `m${n} audit.unavailable`])

describe('rows that wait for the journal', () => {
  it('are in the file when they are acknowledged, for their owner only, and in the journal when it is back', async () => {
    const spool = open()
    stage.block()
    await spool.add(answer(1))
    expect(readFileSync(file(), 'utf8')).toContain('"m1"')
    expect(statSync(file()).mode & 0o077).toBe(0)
    expect(spool.waiting).toBe(2)
    await spool.add(answer(2))
    await until(() => troubles.length > 0) // an attempt while the journal is still held
    expect(stage.rows()).toEqual([])
    stage.unblock()
    await until(() => spool.waiting === 0)
    expect(told()).toEqual(both(1, 2))
    expect(drained.map(r => r.seq)).toEqual([1, 2, 3, 4])
    expect([existsSync(file()), existsSync(path('spool.draining.jsonl'))]).toEqual([false, false])
    expect(received(stage.db, 10)).toEqual([{ device: 'cart', seq: 2, ids: ['m1', 'm2'] }])
    expect(verify(stage.db)).toMatchObject({ ok: true, rows: 4 })
  })

  it('left by an earlier run are there before the start is over', async () => {
    stage.block()
    const before = open()
    await before.add(answer(1))
    await before.stop()
    stage.unblock()
    await open().start()
    expect(told()).toEqual(both(1))
  })

  it('that come while others are drained are kept, and drained after them', async () => {
    let letGo = (): void => undefined
    const held = new Promise<void>(resolve => (letGo = resolve))
    let attempts = 0
    const spool = open(async rows => {
      attempts++
      await held
      return stage.journal.drain(rows)
    })
    await spool.add(answer(1))
    await until(() => attempts === 1)
    await spool.add(answer(2)) // durable without waiting for the journal
    expect(readFileSync(file(), 'utf8')).toContain('"m2"')
    letGo()
    await until(() => spool.waiting === 0)
    expect(told()).toEqual(both(1, 2))
    expect(attempts).toBe(2)
  })

  it('are drained once when the hub died between the commit and the clearing of the file', async () => {
    const spool = open()
    await spool.add(answer(1))
    await spool.add(answer(2))
    copyFileSync(file(), path('kept'))
    await until(() => spool.waiting === 0)
    await spool.stop()
    renameSync(path('kept'), path('spool.draining.jsonl'))
    const after = open()
    await after.start()
    expect(told()).toEqual(both(1, 2))
    expect(after.waiting).toBe(0)
    expect(drained).toHaveLength(4)
  })

  it('are drained in order when it died with both files there', async () => {
    writeFileSync(path('spool.draining.jsonl'), `\n${sealed(1).join('\n')}\n`)
    writeFileSync(file(), `\n${sealed(2).join('\n')}\n`)
    await open().start()
    expect(told()).toEqual(both(1, 2))
  })

  it('survive a line that a crash cut short, before them and after them; the cut one was never acknowledged', async () => {
    const [whole, second] = sealed(1)
    const torn = second!.slice(0, 140)
    writeFileSync(file(), `\n${whole}\n${torn}`)
    const spool = open()
    await spool.add(answer(2))
    await until(() => spool.waiting === 0)
    expect(told()).toEqual(['m1 access.granted', ...both(2)])
    expect(setAside()).toEqual([torn])
    expect(troubles).toEqual([expect.stringContaining('1 line(s)')])
  })

  it('that the journal took after all, too late, are not taken twice; what they lack is added', async () => {
    const [granted] = answer(1)
    await stage.journal.append(granted!)
    const spool = open()
    await spool.add(answer(1))
    await until(() => spool.waiting === 0)
    expect(told()).toEqual(both(1))
  })

  it('of new hardware that uses a message id again are rows of their own', async () => {
    await stage.journal.appendAll(answer(1))
    const spool = open()
    await spool.add(answer(1, NOON + 1))
    await until(() => spool.waiting === 0)
    expect(told()).toEqual(both(1, 1))
  })

  it('are not acknowledged when the file cannot be written either, and later ones are not held up by it', async () => {
    const missing = path('missing')
    const spool = open(undefined, missing)
    await expect(spool.add(answer(1))).rejects.toMatchObject({ code: 'journal-unavailable' })
    expect([spool.waiting, troubles.length]).toEqual([0, 1])
    mkdirSync(missing)
    await spool.add(answer(2))
    await until(() => spool.waiting === 0)
    expect(told()).toEqual(both(2))
  })

  it('stay in their file when the hub stops, and no timer is left', async () => {
    const spool = open()
    await spool.add(answer(1))
    await spool.stop()
    expect(existsSync(file())).toBe(true)
    expect(stage.rows()).toEqual([])
  })
})

describe('lines that this hub did not write', () => {
  const forged = (): string => JSON.stringify(answer(66)[0])
  const changed = (): string => sealed(3)[0]!.replace('"p-1"', '"p-2"')
  const strange = (): string => new Seal('ab'.repeat(32)).close(answer(67)[0]!)

  it('are set aside once, readable by their owner only, and what it wrote is drained exactly once', async () => {
    const lines = ['null', sealed(1)[0]!, forged(), changed(), sealed(1)[1]!, strange(), sealed(2)[0]!.slice(0, 90)]
    writeFileSync(file(), lines.join('\n'))
    await open().start()
    expect(told()).toEqual(both(1))
    expect(setAside()).toEqual(['null', forged(), changed(), strange(), lines[6]])
    expect(statSync(path('spool.bad.jsonl')).mode & 0o077).toBe(0)
    expect(troubles).toEqual([expect.stringContaining('5 line(s)')])
    const after = open()
    await after.start()
    await after.add(answer(2))
    await until(() => after.waiting === 0)
    expect(told()).toEqual(both(1, 2))
    expect([setAside().length, troubles.length]).toEqual([5, 1])
  })

  it('alone in the file are set aside at the start', async () => {
    writeFileSync(file(), 'null\n')
    await open().start()
    expect(setAside()).toEqual(['null'])
    expect([existsSync(file()), existsSync(path('spool.draining.jsonl'))]).toEqual([false, false])
    expect(stage.rows()).toEqual([])
  })

  it('are set aside once however often the journal is tried', async () => {
    let attempts = 0
    writeFileSync(file(), `null\n${sealed(1).join('\n')}\n`)
    const spool = open(rows => (++attempts < 2 ? Promise.reject(new Error('disk full')) : stage.journal.drain(rows)))
    await spool.start()
    await until(() => spool.waiting === 0)
    expect(told()).toEqual(both(1))
    expect(setAside()).toEqual(['null'])
    expect(troubles).toEqual(['disk full', expect.stringContaining('1 line(s)')])
  })

  it('hold up nothing when they can be put nowhere', async () => {
    mkdirSync(path('spool.bad.jsonl'))
    writeFileSync(file(), `null\n${sealed(1).join('\n')}\n`)
    await open().start()
    expect(told()).toEqual(both(1))
    expect(troubles).toEqual([expect.stringContaining('could not be kept')])
  })

  it('that take the place of its own are no reason to wait for those forever', async () => {
    const spool = open()
    await spool.add(answer(1))
    writeFileSync(file(), 'null\n')
    await until(() => spool.waiting === 0 && troubles.length > 0)
    expect(stage.rows()).toEqual([])
  })
})
