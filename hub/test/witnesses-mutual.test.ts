/** Two hubs that watch each other, a log server as a witness, and what of it is still done as a hub stops. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckpointView } from '../api.ts'
import { freePort } from './free-port.ts'
import { smallSite, TestHub, until } from './harness.ts'
import { noRsyslog, OddLogServer, Rsyslog } from './log-server.ts'
import { verifier } from './mutation-round.ts'

interface Witnessed {
  readonly watched: readonly { readonly origin: string; readonly size?: number }[]
  readonly cosignatures: readonly { readonly size: number; readonly line: string }[]
}
const list = (of: TestHub): Promise<Witnessed> => of.vigieJson<Witnessed>('witness', 'list')
const sign = (of: TestHub): Promise<CheckpointView> => of.vigieJson<CheckpointView>('journal', 'checkpoint')
const keysOf = (of: TestHub) => of.vigieJson<{ journal: string; key: string; cosigner: string }>('witness', 'key')
const stoppedAt = async (of: TestHub): Promise<number> =>
  (await of.journal()).findLast(r => r.event.kind === 'hub.stopped')?.seq ?? Number.NaN

describe('two hubs that watch each other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-mutual-'))
  const file = join(folder, 'a.notes')
  const names = ['a', 'b'] as const
  const hubs = {} as Record<(typeof names)[number], TestHub>

  beforeAll(async () => {
    const ports = { a: await freePort(), b: await freePort() }
    const certs = { a: new TestHub(), b: new TestHub() }
    for (const name of names) {
      const other = name === 'a' ? 'b' : 'a'
      const settings = {
        VIGIE_HTTPS_PORT: `${ports[name]}`,
        VIGIE_WITNESS_HUBS: `https://localhost:${ports[other]}`,
        VIGIE_WITNESS_CA: join(certs[other].dir, 'ca.cert.pem'),
        ...(name === 'a' && { VIGIE_WITNESS_FILES: file }),
      }
      hubs[name] = new TestHub(settings)
      await hubs[name].apply(smallSite())
      await hubs[name].vigie('device', 'add', '--declared', '--out', certs[name].dir)
    }
    const [a, b] = await Promise.all(
      names.map(async name => {
        await sign(hubs[name])
        return keysOf(hubs[name])
      }),
    )
    for (const key of [a!.key, a!.cosigner]) await hubs.b.vigie('witness', 'trust', key)
    for (const key of [b!.key, b!.cosigner]) await hubs.a.vigie('witness', 'trust', key)
    await Promise.all(names.map(name => hubs[name].start()))
  })
  afterAll(async () => {
    await Promise.all(names.map(name => hubs[name].close()))
    rmSync(folder, { recursive: true })
  })

  it('each cosign the other’s newest checkpoint, though neither came up first', async () => {
    for (const name of names) {
      const other = name === 'a' ? 'b' : 'a'
      const { journal } = await keysOf(hubs[name])
      const { size } = await sign(hubs[name])
      const seen = async (): Promise<number> =>
        (await list(hubs[other])).watched.find(w => w.origin === journal)?.size ?? 0
      await until(`what ${other} saw of ${name}`, async () => (await seen()) >= size, 30_000)
      const cosigned = async (): Promise<number> => (await list(hubs[name])).cosignatures[0]?.size ?? 0
      await until(`its cosignature at ${name}`, async () => (await cosigned()) >= size, 30_000)
    }
  })

  it('have each other’s last checkpoint before they end: it covers the row that says so', async () => {
    const { journal } = await keysOf(hubs.a)
    const began = performance.now()
    expect(await hubs.a.end()).toBe(0)
    expect(performance.now() - began).toBeLessThan(9_000)
    const notes = verifier.readNotes(readFileSync(file, 'utf8')) ?? []
    const seen = (await list(hubs.b)).watched.find(w => w.origin === journal)?.size
    const last = await stoppedAt(hubs.a)
    expect(Number(notes.at(-1)?.split('\n')[1])).toBe(last)
    expect(seen).toBe(last)
  })

  it('end all the same where the other hub is gone, and are served when both are back', async () => {
    expect(await hubs.b.end()).toBe(0)
    const last = await stoppedAt(hubs.b)
    await Promise.all(names.map(name => hubs[name].start()))
    const { journal } = await keysOf(hubs.b)
    const seen = async () => (await list(hubs.a)).watched.find(w => w.origin === journal)?.size ?? 0
    await until('the checkpoint that was missed', async () => (await seen()) >= last, 60_000)
    const refused = (await hubs.a.journal()).filter(r => r.event.kind === 'destination.failed')
    expect(refused.filter(r => 'error' in r.event && r.event.error === 'witness-inconsistent')).toEqual([])
  })
})

describe('a log server as a witness', () => {
  it.skipIf(noRsyslog)('gets every new checkpoint, the last one before the hub ends included (rsyslog)', async () => {
    const server = new Rsyslog()
    await server.start()
    const { VIGIE_SYSLOG: address = '', ...certificates } = server.settings
    const hub = new TestHub({ ...certificates, VIGIE_WITNESS_SYSLOG: address })
    try {
      await hub.apply(smallSite())
      await hub.start()
      const notes = (): string[] =>
        server.lines.map(line => (JSON.parse(line.slice(line.indexOf('{'))) as { checkpoint: string }).checkpoint)
      await hub.vigie('journal', 'tail', '--lines', '1')
      const { note } = await sign(hub)
      await until('the checkpoint at the log server', () => notes().includes(note), 30_000)
      expect(server.lines[0]).toMatch(/^<\d+>1 \S+ \S+ \S+ \S+ checkpoint /)
      expect(await hub.end()).toBe(0)
      const last = await stoppedAt(hub)
      const sizes = (): number[] => notes().map(n => Number(n.split('\n')[1]))
      await until('the last one', () => sizes().includes(last))
      expect(verifier.readNotes(notes().join('\n'))).toHaveLength(notes().length)
    } finally {
      await hub.close()
      await server.close()
    }
  })

  it('that hangs, and a hub that hangs, hold up the end of this one by seconds only', async () => {
    const server = new OddLogServer()
    server.hangs = true
    await server.start()
    const folder = mkdtempSync(join(tmpdir(), 'vigie-hang-'))
    const silent = createServer(socket => void socket.on('error', () => undefined))
    await new Promise<void>(resolve => void silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as { port: number }
    const hub = new TestHub({
      VIGIE_WITNESS_SYSLOG: `tls://localhost:${server.port}`,
      VIGIE_WITNESS_HUBS: `https://localhost:${port}`,
      VIGIE_WITNESS_FILES: join(folder, 'x.notes'),
    })
    try {
      await hub.apply(smallSite())
      await hub.start()
      await until('the file', () => existsSync(join(folder, 'x.notes')), 30_000)
      const began = performance.now()
      expect(await hub.end()).toBe(0)
      expect(performance.now() - began).toBeLessThan(9_000)
      const notes = verifier.readNotes(readFileSync(join(folder, 'x.notes'), 'utf8')) ?? []
      expect(Number(notes.at(-1)?.split('\n')[1])).toBe(await stoppedAt(hub))
    } finally {
      await hub.close()
      await server.stop()
      silent.close()
      rmSync(folder, { recursive: true })
    }
  })
})
