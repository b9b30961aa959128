/** Searching against looking at every row; and an index that is derived, whatever happens to it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JournalFilter } from '../api.ts'
import type { Recorded, VigieEvent } from '../events.ts'
import { smallSite } from '../test/small-site.ts'
import { NOON, Stage } from '../test/stage.ts'
import { openDatabase } from './database.ts'
import { matching, quarters } from './search.ts'
import { searchFile } from './search-file.ts'
import { resolved } from './search-filter.ts'
import { SearchIndex } from './search-index.ts'
import { foundPage } from './search-pages.ts'
import { fits, type Kept, type Known } from './testing/found.ts'

const HOUR = 3_600_000
let stage: Stage
let index: SearchIndex
let known: Known
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply(smallSite())
  index = new SearchIndex(stage.folder, stage.db)
  const site = smallSite()
  known = {
    person: id => stage.pseudonym('person', id),
    badge: uid => stage.pseudonym('badge', uid),
    names: new Map(site.people.map(p => [stage.pseudonym('person', p.id), p.name])),
    zones: id => [id, ...site.zones.filter(z => z.parent === id).map(z => z.id)],
    classOf: id => site.accessPoints.find(a => a.id === id)?.class,
  }
})
afterEach(async () => {
  index.close()
  await stage.close()
})

const found = async (filter: JournalFilter): Promise<number[]> => {
  const { search } = resolved(stage.db, filter)
  await index.ready()
  const seqs: number[] = []
  for await (const hits of matching(index, search, { order: 'desc', slice: 7 })) seqs.push(...hits.map(h => h.seq))
  return seqs
}
const append = (rows: readonly { readonly event: VigieEvent; readonly at: number }[]): Promise<Recorded[]> =>
  stage.journal.appendAll(rows)

/** As a purge does it: the vouching row, then the payloads. */
function erase(seqs: readonly number[]): void {
  const row = stage.op('record', {
    at: NOON,
    event: { kind: 'payloads.erased', cause: 'request', ranges: seqs.join(','), count: seqs.length },
  })
  const db = openDatabase(stage.folder)
  for (const seq of seqs) {
    db.prepare('insert into erased (seq, row) values (?, ?)').run(seq, row)
    db.prepare('delete from journal_payload where seq = ?').run(seq)
  }
  db.close()
}

const site = smallSite()
const people = site.people.map(p => p.id)
const uids = site.badges.map(b => b.uid)
const points = site.accessPoints
const WORDS = ['Café', 'urgence', 'œdème', 'ÉLAN', 'lit 12', 'x']

/** Rows of every shape that the index looks into, at times in no order. */
function anEvent(): fc.Arbitrary<{ event: VigieEvent; at: number }> {
  const place = fc
    .constantFrom(...points)
    .chain(p =>
      fc.constantFrom(
        { point: p.point, device: p.device, accessPoint: p.id, zone: p.zone, class: p.class },
        { point: p.point, device: p.device, accessPoint: p.id, zone: p.zone },
      ),
    )
  const origin = fc.constant({ message: 'm', deviceSeq: 1, deviceAt: NOON })
  const who = fc
    .tuple(fc.constantFrom(...people), fc.constantFrom(...uids))
    .map(([person, uid]) => ({ person: known.person(person), credential: known.badge(uid) }))
  const words = fc
    .option(fc.constantFrom(...WORDS), { nil: undefined })
    .map(w => (w === undefined ? {} : { statedReason: w }))
  const reason = fc.constantFrom('no-right', 'lockdown', 'badge-expired')
  const via = fc.constantFrom({ kind: 'rule', role: 'nurse', right: 0 }, { kind: 'grant', grant: 'g-1' })
  const granted = fc
    .tuple(place, origin, who, words, via, fc.option(fc.constantFrom(...people)))
    .map(([p, o, w, t, v, x]) => ({
      ...{ kind: 'access.granted', rights: 1, command: 'c', unlockMs: 5_000, ...p, ...o, ...w, ...t, via: v },
      ...(x === null ? {} : { witness: known.person(x) }),
    }))
  const denied = fc.tuple(place, origin, who, words, reason).map(([p, o, w, t, r]) => ({
    ...{
      kind: 'access.denied',
      rights: 1,
      ...p,
      ...o,
      ...w,
      ...t,
      reason: r,
      reference: { kind: 'patient', id: 'IPP 77' },
    },
  }))
  const readings = fc.array(fc.constantFrom(...site.devices), { minLength: 1, maxLength: 3 }).map(devices => ({
    kind: 'readings',
    messages: devices.map(d => ({
      device: d.id,
      zone: d.zone,
      message: 'm',
      deviceSeq: 1,
      deviceAt: NOON,
      readings: [],
    })),
  }))
  const act = fc.constantFrom('cli:anna', 'cli:root').map(by => ({ kind: 'lockdown.ended', plan: 'storm', by }))
  return fc.record({
    event: fc.oneof(granted, denied, readings, act) as unknown as fc.Arbitrary<VigieEvent>,
    at: fc.integer({ min: 0, max: 96 }).map(quarter => NOON + quarter * 900_000),
  })
}

function aFilter(): fc.Arbitrary<JournalFilter> {
  const some = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
  const all = fc.record(
    {
      from: fc.integer({ min: 0, max: 60 }).map(q => NOON + q * 900_000),
      until: fc.integer({ min: 60, max: 100 }).map(q => NOON + q * 900_000),
      person: some(...people),
      badge: some(...uids),
      by: some('cli:anna', 'cli:nobody'),
      accessPoint: some(...points.map(p => p.id)),
      zone: some(...site.zones.map(z => z.id)),
      class: some(...points.map(p => p.class)),
      device: some(...site.devices.map(d => d.id)),
      kinds: fc.uniqueArray(some('access.granted', 'access.denied', 'readings', 'lockdown.ended'), { minLength: 1 }),
      reason: some('no-right', 'lockdown'),
      origin: some('rule', 'grant'),
      text: some('cafe', 'CAF', 'oedeme', 'elan', '12 lit', 'ipp 7', 'ann', 'zzz'),
    },
    { requiredKeys: [] },
  )
  // One or two conditions at a time: more would find nothing.
  return fc.tuple(all, fc.shuffledSubarray(FIELDS, { maxLength: 3 })).map(([filter, kept]) => {
    const entries = Object.entries(filter).filter(([name]) => kept.includes(name))
    return Object.fromEntries(entries) as JournalFilter
  })
}
const FIELDS = [
  'from',
  'until',
  'person',
  'badge',
  'by',
  'accessPoint',
  'zone',
  'class',
  'device',
  'kinds',
  'reason',
  'origin',
  'text',
]

describe('a search', () => {
  it('finds what looking at every row finds, whatever is asked for and in whatever order rows came', async () => {
    await append(fc.sample(anEvent(), { numRuns: 400, seed: 4 }))
    const rows = stage.rows()
    const erased = new Set(rows.filter((_, i) => i % 11 === 0).map(r => r.seq))
    erase([...erased])
    const vouching = stage.rows().at(-1)!
    const held: Kept[] = [...rows, vouching].map(event => ({ event, erased: erased.has(event.seq) }))
    let most = 0
    await fc.assert(
      fc.asyncProperty(aFilter(), async filter => {
        const expected = held.filter(kept => fits(kept, filter, known)).map(kept => kept.event.seq)
        most = Math.max(most, Object.keys(filter).length * expected.length)
        expect(await found(filter)).toEqual(expected.reverse())
      }),
      { numRuns: 300, seed: 44 },
    )
    expect(most).toBeGreaterThan(20)
  })

  it('is exact about times that came days late', async () => {
    const at = (hours: number) =>
      ({ at: NOON + hours * HOUR, event: { kind: 'pin.set', person: 'p-1', by: 'cli:a' } }) as const
    const rows = await append([at(0), at(100), at(1), at(200), at(2)])
    const span = { from: NOON, until: NOON + 3 * HOUR, kinds: ['pin.set'] } as const
    expect(await found(span)).toEqual([rows[4]!.seq, rows[2]!.seq, rows[0]!.seq])
  })

  it('leaves hidden kinds out, of pages and of counts', async () => {
    await append([{ at: NOON, event: { kind: 'pin.set', person: 'p-1', by: 'cli:a' } }])
    const { search } = resolved(stage.db, { by: 'cli:a' }, ['pin.set'])
    await index.ready()
    expect([...(await quarters(index, search))]).toEqual([])
    expect(await found({ by: 'cli:a' })).toHaveLength(1)
  })

  it('goes on from page to page while rows come: none twice, none left out', async () => {
    const row = { at: NOON, event: { kind: 'pin.set', person: 'p-1', by: 'cli:a' } } as const
    const rows = await append(Array.from({ length: 1_205 }, () => row))
    const filter: JournalFilter = { by: 'cli:a' }
    const seen: number[] = []
    for (let cursor: string | undefined, pages = 0; pages === 0 || cursor; pages++) {
      const { search } = resolved(stage.db, filter)
      await index.ready()
      const page = await foundPage({ db: stage.db, index }, search, filter, {
        limit: 100,
        ...(cursor ? { cursor } : {}),
      })
      seen.push(...page.rows.map(r => r.seq))
      cursor = page.next
      await append([row])
    }
    expect(seen).toEqual(rows.map(r => r.seq).reverse())
  })

  it.each(['', 'MTIz', Buffer.from('5.0123456789abcdef').toString('base64url')])(
    'refuses the page mark %j',
    async cursor => {
      await index.ready()
      const { search } = resolved(stage.db, {})
      const asked = foundPage({ db: stage.db, index }, search, {}, { limit: 5, cursor })
      await expect(asked).rejects.toMatchObject({ code: 'cursor-invalid' })
    },
  )

  it.each([
    [{ person: 'nobody' }, 'person'],
    [{ badge: '0000000000' }, 'badge'],
    [{ by: 'nobody' }, 'by'],
    [{ accessPoint: 'nowhere' }, 'accessPoint'],
    [{ zone: 'nowhere' }, 'zone'],
    [{ device: 'nothing' }, 'device'],
    [{ class: 'toString' as 'door' }, 'class'],
    [{ text: '!?' }, 'text'],
  ] as [JournalFilter, string][])('names the field of %j', (filter, field) => {
    expect(() => resolved(stage.db, filter)).toThrow(
      expect.objectContaining({ code: 'filter-invalid', details: expect.objectContaining({ field }) }),
    )
  })

  it('refuses a span that ends before it begins, and journals no name, number or word', () => {
    expect(() => resolved(stage.db, { from: 2, until: 1 })).toThrow(expect.objectContaining({ code: 'range-inverted' }))
    const { note } = resolved(stage.db, { person: 'anna', badge: uids[0]!, text: 'Anna', zone: 'ward', from: 1 })
    const person = known.person('anna')
    expect(note).toEqual({ from: 1, person, badge: known.badge(uids[0]!), zone: 'ward', text: true })
  })
})

describe('the index', () => {
  const row = (words: string) =>
    ({
      at: NOON,
      event: {
        kind: 'break-glass.review-closed',
        id: 'e',
        person: 'p-9',
        accessPoint: 'drugs',
        zone: 'ward',
        comment: words,
      },
    }) as const

  it('forgets what was erased: not found, and not in the file or its log', async () => {
    const [first, second] = await append([row('Quetzalcoatl vu hier'), row('Montezuma')])
    expect(await found({ text: 'quetzal' })).toEqual([first!.seq])
    erase([first!.seq])
    expect(await found({ text: 'quetzal' })).toEqual([])
    expect(await found({ text: 'montezuma' })).toEqual([second!.seq])
    expect(await found({ kinds: ['break-glass.review-closed'] })).toEqual([second!.seq, first!.seq])
    const words = index.db.prepare("select value from term where field = 'text'").pluck().all()
    expect(words).toEqual(['montezuma'])
    await index.catchUp()
    expect(statSync(`${searchFile(stage.folder.dir)}-wal`).size).toBe(0)
  })

  it('forgets at once when it is told to', async () => {
    const [first] = await append([row('Quetzalcoatl')])
    expect(await found({ text: 'quetzal' })).toHaveLength(1)
    index.forget([first!.seq])
    expect(await found({ text: 'quetzal' })).toEqual([])
    expect(await found({ kinds: ['break-glass.review-closed'] })).toEqual([first!.seq])
  })

  it.each(['its first page', 'a page in the middle', 'all of it', 'cut'])(
    'is made anew where it is damaged: %s',
    async where => {
      const rows = await append(Array.from({ length: 3_000 }, (_, i) => row(`word${i} Quetzalcoatl`)))
      expect(await found({ text: 'quetzal' })).toHaveLength(3_000)
      index.close()
      const file = searchFile(stage.folder.dir)
      const bytes = readFileSync(file)
      const garbage = Buffer.alloc(4_096, 0x5a)
      if (where === 'its first page') garbage.copy(bytes, 0)
      if (where === 'a page in the middle') for (let at = 4_096; at < bytes.length; at += 8_192) garbage.copy(bytes, at)
      writeFileSync(file, where === 'all of it' ? garbage : where === 'cut' ? bytes.subarray(0, 5_000) : bytes)
      index = new SearchIndex(stage.folder, stage.db)
      const ask = async (): Promise<number[]> => {
        try {
          return await found({ text: 'quetzal' })
        } catch (error) {
          expect(error).toMatchObject({ code: 'index-behind' })
          return found({ text: 'quetzal' })
        }
      }
      expect(await ask()).toEqual(rows.map(r => r.seq).reverse())
    },
  )

  it('is made anew for a journal that is another one, or was restored to an earlier state', async () => {
    await append([row('Quetzalcoatl'), row('two')])
    expect(await found({ text: 'quetzal' })).toHaveLength(1)
    const other = await Stage.open()
    try {
      index.close()
      const copy = readFileSync(searchFile(stage.folder.dir))
      await other.journal.append(row('Montezuma'))
      // The same key, as after restoring a backup.
      writeFileSync(searchFile(other.folder.dir), copy)
      const restored = new SearchIndex({ ...other.folder, key: other.folder.key }, other.db)
      await restored.ready()
      expect(restored.upTo).toBe(1)
      expect(restored.db.prepare("select value from term where field = 'text'").pluck().all()).toEqual(['montezuma'])
      restored.close()
      index = new SearchIndex(stage.folder, stage.db)
    } finally {
      await other.close()
    }
  })

  it('of rows that the journal does not hold any more is made anew', async () => {
    await append([row('Quetzalcoatl')])
    await index.ready()
    const ahead = JSON.stringify({ seq: index.upTo + 10, hash: 'ff' })
    index.db.prepare("update meta set value = ? where key = 'reached'").run(ahead)
    await index.catchUp()
    expect(index.upTo).toBeLessThan(JSON.parse(ahead).seq)
    expect(await found({ text: 'quetzal' })).toHaveLength(1)
  })

  it('that is far behind says how far, and goes on', async () => {
    for (let i = 0; i < 10; i++) await append(Array.from({ length: 2_000 }, (_, n) => row(`word${n}`)))
    const error: unknown = await index.ready(1).catch((e: unknown) => e)
    expect(error).toMatchObject({
      code: 'index-behind',
      details: { percent: expect.any(Number), seconds: expect.any(Number) },
    })
    await index.ready(60_000)
    expect(await found({ text: 'word7' })).not.toHaveLength(0)
  })

  it('shared by two that follow at once has every row once', async () => {
    const rows = await append(Array.from({ length: 2_000 }, () => row('Quetzalcoatl')))
    const beside = new SearchIndex(stage.folder, stage.db)
    await Promise.all([index.ready(60_000), beside.ready(60_000)])
    beside.close()
    expect(await found({ text: 'quetzal' })).toHaveLength(rows.length)
  })

  it('killed in the middle goes on from where it was: every row once', async () => {
    for (let i = 0; i < 10; i++) await append(Array.from({ length: 2_000 }, () => row('Quetzalcoatl')))
    const program = join(import.meta.dirname, 'testing/index.ts')
    for (const ms of [30, 80, 150]) {
      const child = spawn(process.execPath, [program, stage.folder.dir], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(child, 'exit')
      await once(child.stdout!, 'data')
      const timer = setTimeout(() => child.kill('SIGKILL'), ms)
      await ended
      clearTimeout(timer)
    }
    await index.ready(60_000)
    expect(await found({ text: 'quetzal' })).toHaveLength(20_000)
  })
})
