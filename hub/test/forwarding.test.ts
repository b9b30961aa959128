/** Rows of a real hub at a real rsyslog, over TLS with certificates on both sides. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Recorded } from '../events.ts'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'
import { noRsyslog, noXmllint, Rsyslog } from './log-server.ts'

const HEADER = /^<(\d+)>1 (\S+) (\S+) (\S+) (\S+) (\S+) (-|(?:\[(?:[^\\\]"]|"(?:\\.|[^\\"])*")*\])+) (.*)$/su

interface Told {
  readonly pri: number
  readonly at: string
  readonly id: string
  readonly seq: number
  readonly after: number
  readonly data: string
  readonly text: string
}
function read(line: string): Told {
  const [, pri, at, , , , id, data = '', text = ''] = HEADER.exec(line) ?? []
  if (pri === undefined) throw new Error(`not RFC 5424: ${line}`)
  const number = (name: string): number => {
    const inData = new RegExp(` ${name}="(\\d+)"`).exec(data)?.[1]
    const inXml = new RegExp(`type="${name}" value="([^"]+)"`).exec(text)?.[1]
    return Number(inData ?? Buffer.from(inXml ?? '', 'base64').toString())
  }
  return { pri: Number(pri), at: at ?? '', id: id ?? '', seq: number('seq'), after: number('after'), data, text }
}

/** Every row from the first one sent on, without readings, is there; nothing is there that the journal does not hold. */
function complete(told: readonly Told[], journal: readonly Recorded[]): void {
  const first = Math.min(...told.map(t => t.after))
  const wanted = journal.filter(r => r.seq > first && r.event.kind !== 'readings').map(r => r.seq)
  // Rows go on coming after the journal was looked at.
  const seqs = told.map(t => t.seq).filter(seq => seq <= (journal.at(-1)?.seq ?? 0))
  expect([...new Set(seqs)].sort((a, b) => a - b)).toEqual(wanted)
}

describe.skipIf(noRsyslog)('a log server (rsyslog with TLS)', () => {
  const server = new Rsyslog()
  const cabinet = new TestDevice('cab-1', 'test-site')
  let hub: TestHub

  beforeAll(async () => {
    await server.start()
    hub = new TestHub({ ...server.settings, VIGIE_SYSLOG_FROM: 'first' })
    await hub.apply(smallSite())
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    await cabinet.connect(hub)
  })
  afterAll(async () => {
    await cabinet.close()
    await hub.close()
    await server.close()
  })
  const told = (): Told[] => server.lines.map(read)
  const caughtUp = async (): Promise<readonly Recorded[]> => {
    const journal = await hub.journal(10_000)
    const last = journal.filter(r => r.event.kind !== 'readings').at(-1)?.seq
    await until(`row ${last} at the log server`, () => told().some(t => t.seq === last), 90_000)
    return journal
  }

  it('gets every row, the first of the journal included, as RFC 5424 wants it', async () => {
    await cabinet.badge(NURSE, 'drawer-1')
    await cabinet.badge(VISITOR)
    const journal = await caughtUp()
    complete(told(), journal)
    const granted = journal.find(r => r.event.kind === 'access.granted')
    const line = told().find(t => t.id === 'access.granted')
    expect(line).toMatchObject({ pri: 13 * 8 + 5, seq: granted?.seq, at: new Date(granted?.at ?? 0).toISOString() })
    expect(line?.text.startsWith('\uFEFF{')).toBe(true)
    const { seq, at, ...event } = JSON.parse(line?.text.slice(1) ?? '') as Record<string, unknown>
    expect([seq, at]).toEqual([granted?.seq, line?.at])
    expect(event).toEqual(granted?.event)
    expect(told().find(t => t.id === 'access.denied')?.pri).toBe(13 * 8 + 4)
  })

  it('is told no name, no badge number and no free text', async () => {
    await cabinet.badge(NURSE, 'drawer-1', { reason: 'Douleur de Mme Vasseur' })
    await hub.vigie('badge', 'lost', VISITOR)
    await caughtUp()
    const bytes = server.lines.join('\n')
    for (const secret of ['Marchand', 'Ferrand', NURSE, VISITOR, 'Vasseur', 'Douleur', 'Armoire', 'Infirmi'])
      expect(bytes).not.toContain(secret)
    expect(bytes).toContain('badge.lost')
  })

  it('that is restarted, and killed, in the midst of traffic misses nothing: what comes twice has its number', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (let i = 0; i < 20; i++) await cabinet.badge(VISITOR)
      const stopped = server.stop(signal)
      for (let i = 0; i < 20; i++) await cabinet.badge(VISITOR)
      await stopped
      await cabinet.badge(VISITOR)
      await server.start()
      const journal = await caughtUp()
      complete(told(), journal)
    }
    const seqs = told().map(t => t.seq)
    for (const { seq, after } of told())
      expect(seqs.includes(after) || after === 0, `row ${seq} after ${after}`).toBe(true)
  })

  it('that is out of reach is a row once, is served from where it was after a restart of the hub, and that is a row once', async () => {
    await server.stop()
    await until('the failure in the journal', async () => (await kinds()).includes('destination.failed'), 60_000)
    for (let i = 0; i < 10; i++) expect((await cabinet.badge(VISITOR)).granted).toBe(false)
    await cabinet.close()
    await hub.end()
    await hub.start()
    await cabinet.connect(hub)
    await server.start()
    await until('the recovery in the journal', async () => (await kinds()).includes('destination.recovered'), 90_000)
    const journal = await caughtUp()
    complete(told(), journal)
    const failed = (await hub.journal(10_000)).filter(r => r.event.kind === 'destination.failed')
    expect(failed.map(r => r.event)).toEqual([
      expect.objectContaining({ purpose: 'forwarding', destination: server.address, error: 'log-server-unreachable' }),
    ])
    expect((await kinds()).filter(k => k === 'destination.recovered')).toHaveLength(1)
  })
  const kinds = async (): Promise<string[]> => (await hub.journal(10_000)).map(r => r.event.kind)
})

describe.skipIf(noRsyslog || noXmllint)('an audit record repository (IHE ATNA, ITI-20)', () => {
  const server = new Rsyslog()
  const cabinet = new TestDevice('cab-1', 'test-site')
  let hub: TestHub

  beforeAll(async () => {
    await server.start()
    hub = new TestHub({ ...server.settings, VIGIE_SYSLOG_FROM: 'first', VIGIE_SYSLOG_FORMAT: 'atna' })
    await hub.apply(smallSite())
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    await cabinet.connect(hub)
  })
  afterAll(async () => {
    await cabinet.close()
    await hub.close()
    await server.close()
  })

  it('gets each row as an audit message that is well formed and valid, with PRI 85 and MSGID IHE+RFC-3881', async () => {
    await cabinet.badge(NURSE)
    await cabinet.badge(VISITOR)
    const journal = await hub.journal()
    const last = journal.at(-1)?.seq
    await until('the last row', () => server.lines.map(read).some(t => t.seq === last), 60_000)
    const told = server.lines.map(read)
    complete(told, journal)
    const folder = server.file('log')
    const files = told.map(({ pri, id, data, text, seq }) => {
      expect([pri, id, data]).toEqual([85, 'IHE+RFC-3881', '-'])
      const file = join(folder, `${seq}.xml`)
      writeFileSync(file, text)
      return file
    })
    const schema = join(import.meta.dirname, 'audit-message.rng')
    const checked = spawnSync('xmllint', ['--noout', '--nonet', '--relaxng', schema, ...files], { encoding: 'utf8' })
    expect([checked.status, checked.status === 0 ? '' : checked.stderr]).toEqual([0, ''])
    for (const secret of ['Marchand', NURSE]) expect(server.lines.join()).not.toContain(secret)
  })
})
