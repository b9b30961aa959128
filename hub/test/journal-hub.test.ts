/** Searching a hub that runs: over HTTP and from the command line beside it, with rows that come from real devices. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalDays, JournalPage, JournalRow } from '../api.ts'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'

const hub = new TestHub()
const cabinet = new TestDevice('cab-1', 'test-site')

beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.addDevice('cab-1', 'medicine-cabinet')
  await hub.start()
  await hub.setUp()
  await hub.continueAs('auditor')
  await cabinet.connect(hub)
  await cabinet.badge(NURSE, 'drawer-2')
  const { id: command } = await until('the order', () => cabinet.commands[0])
  await cabinet.send('ack', { command, outcome: 'done' })
  await cabinet.send('state', { point: 'drawer-2', contact: 'open' })
  await cabinet.badge(VISITOR, 'drawer-1')
})
afterAll(async () => {
  await cabinet.close()
  await hub.close()
})

const search = (query: string): Promise<JournalPage> => hub.get(`/api/v1/journal?${query}`)
const kinds = (rows: readonly JournalRow[]): string[] => rows.map(r => r.kind)
const CLI = ['journal', 'search', '--class', 'controlled-drugs', '--json'] as const
const lines = (text: string): JournalRow[] =>
  text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as JournalRow)

describe('a hub that runs', () => {
  it('finds by class what was granted, what the lock answered and what was opened, newest first', async () => {
    const { rows } = await search('class=controlled-drugs')
    expect(kinds(rows)).toEqual(['point.opened', 'lock.unlocked', 'access.granted'])
    expect(Object.values(rows[0]?.who ?? {})).toEqual([{ name: 'C. Marchand', role: 'Infirmière' }])
    expect(kinds((await search('person=t-ferrand')).rows)).toEqual(['access.denied'])
    expect(kinds((await search(`badge=${VISITOR}&kind=access.denied`)).rows)).toEqual(['access.denied'])
  })

  it('names the operator who acted, from their very first row on', async () => {
    const { rows } = await search('by=b.kessler&kind=operator.created')
    expect(rows.map(r => Object.values(r.who ?? {}))).toEqual([[{ name: 'B. Kessler', role: 'administrator' }]])
  })

  it('counts by day, and has a row of each reading', async () => {
    const counted = await hub.get<JournalDays>('/api/v1/journal/days?class=controlled-drugs')
    expect([counted.timezone, counted.total, counted.days.length]).toEqual(['Europe/Paris', 3, 1])
    const { rows } = await search('kind=journal.read')
    expect(rows[0]?.event).toMatchObject({ what: 'days', rows: 3, filter: { class: 'controlled-drugs' } })
  })

  it('is searched from the command line meanwhile, as it is when stopped, by pseudonym unless names are asked for', async () => {
    const running = lines(await hub.vigie(...CLI))
    expect(kinds(running)).toEqual(['point.opened', 'lock.unlocked', 'access.granted'])
    expect(JSON.stringify(running)).not.toContain('Marchand')
    expect(await hub.vigie('journal', 'search', '--kind', 'access.denied', '--names')).toMatch(
      /access\.denied.*reason=no-right.*person=T\. Ferrand/,
    )
    expect(await hub.vigie('journal', 'days', '--kind', 'access.denied', '--kind', 'access.granted')).toMatch(
      / {2}2\nTotal: 2/,
    )
    await cabinet.close()
    await hub.end()
    expect(lines(await hub.vigie(...CLI))).toEqual(running)
    const { seq } = lines(await hub.vigie('journal', 'search', '--kind', 'journal.read', '--limit', '1', '--json'))[0]!
    expect(seq).toBeGreaterThan(running[0]!.seq)
  })

  it.each([
    [['--kind', 'nonsense'], 2, /--kind is one of/],
    [['--limit', '0'], 2, /--limit/],
    [['--person', 'nobody'], 1, /field person/],
    [['--from', 'yesterday'], 1, /field from/],
    [['--from', '2026-02-02', '--until', '2026-02-01'], 1, /before its beginning/],
  ] as [string[], number, RegExp][])('says what is wrong with %j', async (args, code, words) => {
    const failed = await hub.vigieFails('journal', 'search', ...args)
    expect(failed.code).toBe(code)
    expect(failed.stderr).toMatch(words)
  })

  it('of a folder without a journal says so', async () => {
    const empty = new TestHub({ VIGIE_DATA_DIR: mkdtempSync(join(tmpdir(), 'vigie-none-')) })
    expect((await empty.vigieFails('journal', 'search')).stderr).toMatch(/vigie: /)
    await empty.close()
  })
})
