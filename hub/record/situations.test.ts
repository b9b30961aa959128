import { copyFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Entry, SituationChange } from '../ports.ts'
import { NOON, Stage, until } from '../test/stage.ts'
import { openDatabase } from './database.ts'
import { Journal } from './journal.ts'
import { readChanges } from './registry.ts'
import { revision } from './site.ts'
import { actsSince, situation } from './situations.ts'
import { Spool } from './spool.ts'

const DAY = 86_400_000
let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const at = (zone: string, person = 'p-1'): SituationChange => ({
  kind: 'position',
  key: person,
  value: { zone, since: NOON, accessPoint: 'ward-door' },
})
const nowhere = (person = 'p-1'): SituationChange => ({ kind: 'position', key: person })
const zoneOf = (person = 'p-1') => situation(stage.db, 'position', person)?.zone
let messages = 0
/** A badge's row with what changes by it. */
function badge(situations: readonly SituationChange[], time = NOON): Entry {
  const message = `m${++messages}`
  const origin = { device: 'door-1', message, deviceSeq: messages, deviceAt: time, point: 'door' }
  return { event: { kind: 'access.denied', ...origin, reason: 'no-right', rights: 1 }, at: time, situations }
}
const act = (situations: readonly SituationChange[], time = NOON) =>
  stage.op('act', { at: time, situations, events: [{ kind: 'passback.reset', by: 'o-1', count: 1 }] })

describe('situations that change with a badge', () => {
  it('are on disk with its row, the later one winning, and none is an operator’s act', async () => {
    await stage.journal.append(badge([at('ward'), at('garden', 'p-2')]))
    await stage.journal.appendAll([badge([at('pharmacy')]), badge([nowhere('p-2')])])
    expect(stage.situations()).toEqual({ 'position p-1': at('pharmacy').value })
    expect(actsSince(stage.db, 0)).toEqual([])
    expect(stage.rows()).toHaveLength(3)
  })

  it('are as they were where the batch could not be written', async () => {
    await stage.journal.append(badge([at('ward')]))
    const full = openDatabase(stage.folder)
    full.exec("create trigger full before insert on journal_payload begin select raise(abort, 'disk full'); end")
    const lost = stage.journal.appendAll([badge([at('garden')]), badge([at('pharmacy')])])
    await expect(lost).rejects.toMatchObject({ code: 'journal-unavailable' })
    full.exec('drop trigger full')
    full.close()
    expect([zoneOf(), stage.rows().length]).toEqual(['ward', 1])
    await stage.journal.append(badge([at('garden')]))
    expect(zoneOf()).toBe('garden')
  })

  it('stand as they stood when the hub comes back', async () => {
    await stage.journal.append(badge([at('ward')]))
    const next = new Journal(stage.folder)
    await next.start()
    expect(zoneOf()).toBe('ward')
    await next.append(badge([nowhere()]))
    expect(zoneOf()).toBeUndefined()
    await next.stop()
  })

  it('of readings are not lost, though readings share a row', async () => {
    const message = { device: 'lux-1', message: 'm', deviceSeq: 1, deviceAt: 1, readings: [] }
    const entry = (situations: readonly SituationChange[]): Entry => ({
      event: { kind: 'readings', messages: [message] },
      at: NOON,
      ...(situations.length > 0 ? { situations } : {}),
    })
    await Promise.all([entry([]), entry([at('ward')]), entry([])].map(e => stage.journal.append(e)))
    expect([zoneOf(), stage.rows().length]).toEqual(['ward', 2])
  })
})

describe('an act beside a running hub', () => {
  it('is what a running hub reads of the situations: what badges wrote it knows', async () => {
    const before = revision(stage.db)
    await stage.journal.append(badge([at('ward')]))
    const made = act([at('garden', 'p-2'), nowhere()])
    expect(readChanges(stage.db, before)).toMatchObject({
      revision: made,
      situations: [nowhere(), at('garden', 'p-2')],
    })
    expect(readChanges(stage.db, made).situations).toEqual([])
  })

  it('stands over what the hub decided without it, and gives way to what it decides after', async () => {
    stage.journal.merged(revision(stage.db))
    await stage.journal.append(badge([at('ward')]))
    const made = act([nowhere()])
    await stage.journal.append(badge([at('garden')])) // the hub has not looked yet
    expect(zoneOf()).toBeUndefined()
    stage.journal.merged(made)
    await stage.journal.append(badge([at('pharmacy')]))
    expect(zoneOf()).toBe('pharmacy')
    expect(actsSince(stage.db, 0)).toEqual([])
  })

  it('stands over rows that were on their way when the hub took it over', async () => {
    stage.journal.merged(revision(stage.db))
    const made = act([at('ward')])
    const before = stage.journal.append(badge([at('garden')]))
    stage.journal.merged(made)
    await Promise.all([before, stage.journal.append(badge([at('attic', 'p-2')]))])
    expect([zoneOf(), zoneOf('p-2')]).toEqual(['ward', 'attic'])
  })
})

describe('what has ended', () => {
  const kept = (): unknown[] => stage.db.prepare('select "key" from situation').pluck().all()
  const acknowledge = (time: number, rev = revision(stage.db)) =>
    stage.op('acknowledge', { revision: rev, at: time, cut: 0 })

  it('is remembered for a day, and an act until the hub has taken it over', async () => {
    await stage.journal.append(badge([nowhere('p-1'), at('ward', 'p-2')]))
    act([nowhere('p-3')])
    acknowledge(NOON + DAY)
    expect(kept()).toEqual(['p-1', 'p-2', 'p-3'])
    acknowledge(NOON + DAY + 1, revision(stage.db) - 1)
    expect(kept()).toEqual(['p-2', 'p-3'])
    acknowledge(NOON + DAY + 1)
    expect(kept()).toEqual(['p-2'])
  })
})

describe('situations of rows that wait in the spool', () => {
  let spool: Spool
  beforeEach(() => {
    spool = open()
  })
  afterEach(() => spool.stop())
  const open = (): Spool =>
    new Spool({
      dir: stage.folder.dir,
      key: stage.folder.key,
      journal: stage.journal,
      onDrained: () => undefined,
      onTrouble: () => undefined,
    })
  const drained = () => until(() => spool.waiting === 0)

  it('are written with them, in their order', async () => {
    await spool.add([badge([at('ward')]), badge([at('garden')]), badge([nowhere('p-2')])])
    expect(zoneOf()).toBeUndefined()
    await drained()
    expect([zoneOf(), stage.rows().length]).toEqual(['garden', 3])
  })

  it('are written at the next start where the hub died', async () => {
    await spool.add([badge([at('ward')])])
    await spool.stop()
    spool = open()
    await spool.start()
    expect(zoneOf()).toBe('ward')
  })

  it('give way to what is newer: a later badge, its going away, an act', async () => {
    await spool.add([badge([at('ward', 'p-1'), at('ward', 'p-2'), at('ward', 'p-3'), at('ward', 'p-4')])])
    await stage.journal.append(badge([at('garden', 'p-1'), nowhere('p-2')], NOON + 1))
    act([nowhere('p-3')], NOON + 1)
    await drained()
    expect(['p-1', 'p-2', 'p-3', 'p-4'].map(zoneOf)).toEqual(['garden', undefined, undefined, 'ward'])
  })

  it('replace what is older', async () => {
    await stage.journal.append(badge([at('garden'), nowhere('p-2')], NOON - 1))
    act([at('garden', 'p-3')], NOON - 1)
    await spool.add([badge([at('ward', 'p-1'), at('ward', 'p-2'), at('ward', 'p-3')])])
    await drained()
    expect(['p-1', 'p-2', 'p-3'].map(zoneOf)).toEqual(['ward', 'ward', 'ward'])
  })

  it('are not written again with a row that the journal holds already', async () => {
    const entry = badge([at('ward')])
    const alarm: Entry = {
      event: { kind: 'pin.alarm', device: 'door-1', point: 'door', person: 'p-1', credential: 'b-1', wrong: 3 },
      at: NOON,
      situations: [at('attic', 'p-2')],
    }
    await stage.journal.appendAll([entry, alarm])
    // The same hub time: only that the rows are known tells that these have had their effect.
    await stage.journal.append(badge([at('garden'), at('cellar', 'p-2')]))
    await spool.add([entry, alarm])
    await drained()
    expect([zoneOf(), zoneOf('p-2'), stage.rows().length]).toEqual(['garden', 'cellar', 3])
  })

  it('are written once where the hub died between the commit and the clearing of the file', async () => {
    const file = (name: string) => join(stage.folder.dir, name)
    await spool.add([badge([at('ward')])])
    copyFileSync(file('spool.jsonl'), file('kept'))
    await drained()
    await spool.stop()
    await stage.journal.append(badge([at('garden')]))
    renameSync(file('kept'), file('spool.draining.jsonl'))
    spool = open()
    await spool.start()
    expect([zoneOf(), stage.rows().length]).toEqual(['garden', 2])
  })
})
