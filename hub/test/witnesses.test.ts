/** Checkpoints of a real hub at its witnesses: files, and a second hub that cosigns. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckpointView } from '../api.ts'
import { smallSite, TestHub, until } from './harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-witness-'))
const disk = join(folder, 'disk')
const file = join(disk, 'vigie.notes')
const notesIn = (path: string): string[] =>
  existsSync(path) ? (readFileSync(path, 'utf8').match(/(?:[^\n]+\n)+\n(?:— [^\n]+\n)+/g) ?? []) : []
const sizeOf = (note: string): number => Number(note.split('\n')[1])

const witness = new TestHub()
let hub: TestHub
let more: Record<string, string>

beforeAll(async () => {
  mkdirSync(disk)
  await witness.apply(smallSite())
  await witness.vigie('device', 'add', '--declared', '--out', witness.certs)
  await witness.start()
  const hubUrl = `https://localhost:${witness.ready.httpsPort}`
  more = {
    VIGIE_WITNESS_FILES: file,
    VIGIE_WITNESS_HUBS: hubUrl,
    VIGIE_WITNESS_CA: join(witness.certs, 'ca.cert.pem'),
  }
  hub = new TestHub(more)
  await hub.apply(smallSite())
  await hub.start()
})
afterAll(async () => {
  await hub.close()
  await witness.close()
  rmSync(folder, { recursive: true })
})

interface Witnessed {
  readonly watched: readonly { readonly origin: string; readonly size?: number }[]
  readonly cosignatures: readonly { readonly size: number; readonly line: string }[]
}
const list = (of: TestHub): Promise<Witnessed> => of.vigieJson<Witnessed>('witness', 'list')
/** A row, and the checkpoint that covers it. */
async function sign(): Promise<CheckpointView> {
  await hub.vigie('journal', 'tail', '--lines', '1')
  return hub.vigieJson<CheckpointView>('journal', 'checkpoint')
}
const kinds = async (of: TestHub): Promise<string[]> => (await of.journal(10_000)).map(r => r.event.kind)

describe('a witness file', () => {
  it('gets each checkpoint once, is readable by its owner only, and stands beside the list that the newest one names', async () => {
    await sign()
    const { size, note } = await sign()
    await until('the note in the file', () => notesIn(file).includes(note), 30_000)
    const sizes = notesIn(file).map(sizeOf)
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b))
    expect(sizes.at(-1)).toBe(size)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await hub.vigie('badge', 'lost', smallSite().badges[1]?.uid ?? '')
    await sign()
    await until('the list', () => existsSync(`${file}.revoked`) && readFileSync(`${file}.revoked`, 'utf8'), 30_000)
    const lines = readFileSync(`${file}.revoked`, 'utf8')
    expect(lines).toMatch(/^badge b-[0-9a-f]{16}\n$/)
    expect(notesIn(file).at(-1)).toContain('\nrevoked 1 ')
  })

  it('whose disk vanishes is not made anew at the mount point; it gets what it missed when the disk is back', async () => {
    renameSync(disk, join(folder, 'unplugged'))
    mkdirSync(disk)
    const missed = [await sign(), await sign()]
    await until('the failure', async () => (await kinds(hub)).includes('destination.failed'), 60_000)
    expect(existsSync(file)).toBe(false)
    rmSync(disk, { recursive: true })
    renameSync(join(folder, 'unplugged'), disk)
    appendFileSync(file, 'a write that was cut sh')
    await until('what it missed', () => missed.every(m => readFileSync(file, 'utf8').includes(`\n\n${m.note}`)), 90_000)
    await until('the recovery', async () => (await kinds(hub)).includes('destination.recovered'), 60_000)
    const rows = (await hub.journal(10_000)).filter(
      r => r.event.kind === 'destination.failed' && r.event.destination === file,
    )
    expect(rows.map(r => r.event)).toEqual([
      expect.objectContaining({ purpose: 'witness', error: 'witness-file-missing' }),
    ])
  })

  it('that is a new, empty one gets every checkpoint there is', async () => {
    const before = notesIn(file).length
    writeFileSync(file, '', { mode: 0o600 })
    const { note } = await sign()
    await until('the newest', () => notesIn(file).includes(note), 60_000)
    expect(notesIn(file).length).toBeGreaterThan(before)
    expect(await hub.vigieJson('journal', 'verify', '--checkpoint', file)).toMatchObject({ ok: true })
  })
})

function post(
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const url = `https://localhost:${witness.ready.httpsPort}/api/v1/witness/add-checkpoint`
    const asked = request(
      url,
      { method: 'POST', ca: readFileSync(join(witness.certs, 'ca.cert.pem')), headers },
      answer => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', body: text }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

describe('another hub as a witness', () => {
  it('cosigns nothing of a journal it was not told to watch, and that is told once', async () => {
    const { note } = await sign()
    expect((await post(`old 0\n\n${note}`)).status).toBe(404)
    const refused = async () =>
      (await hub.journal(10_000)).filter(
        r => r.event.kind === 'destination.failed' && r.event.error === 'witness-refused',
      )
    await until('the refusal', async () => (await refused()).length > 0, 60_000)
    expect(await refused()).toHaveLength(1)
  })

  it('cosigns once it trusts the key, from then on each newest checkpoint, and both sides show it', async () => {
    const { journal, key } = await hub.vigieJson<{ journal: string; key: string }>('witness', 'key')
    const its = await witness.vigieJson<{ cosigner: string }>('witness', 'key')
    await witness.vigie('witness', 'trust', key)
    await hub.vigie('witness', 'trust', its.cosigner)
    const { size } = await sign()
    await until('the cosignature', async () => (await list(hub)).cosignatures[0]?.size !== undefined, 90_000)
    await until('the newest', async () => ((await list(hub)).cosignatures[0]?.size ?? 0) >= size, 90_000)
    const seen = (await list(witness)).watched.find(w => w.origin === journal)
    expect(seen?.size).toBeGreaterThanOrEqual(size)
    expect((await list(hub)).cosignatures[0]?.line).toMatch(/^— vigie-journal\/[0-9a-f]{16} [A-Za-z0-9+/]+=*\n$/)
    const trusted = (await witness.journal()).find(
      r => r.event.kind === 'rights.changed' && r.event.item?.kind === 'witness',
    )
    expect(trusted?.event).toMatchObject({ item: { id: journal } })
  })

  it('answers as the standard says: 400, 403, 409 with its size, 422', async () => {
    const { note, size } = await sign()
    await until('the newest', async () => ((await list(hub)).cosignatures[0]?.size ?? 0) >= size, 90_000)
    expect((await post('nonsense')).status).toBe(400)
    expect((await post(`old ${size + 1}\n\n${note}`)).status).toBe(400)
    expect((await post(`old 0\n\n${note.replace(`\n${size}\n`, `\n${size + 1}\n`)}`)).status).toBe(403)
    expect(await post(`old 0\n\n${note}`)).toMatchObject({ status: 409, type: 'text/x.tlog.size', body: `${size}\n` })
    const next = await hub.vigieJson<CheckpointView>('journal', 'checkpoint')
    expect((await post(`old ${size}\n\n${note}`)).status).toBe(200)
    expect((await post(`old ${size}\n\n${note}`, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post('x'.repeat(20_000))).status).toBe(413)
    expect(next.size).toBeGreaterThanOrEqual(size)
  })

  it('refuses a journal that was rolled back, keeps what it has seen, and tells of it', async () => {
    const copy = new TestHub(more)
    await hub.end()
    rmSync(copy.dir, { recursive: true })
    const { cpSync } = await import('node:fs')
    cpSync(hub.dir, copy.dir, { recursive: true })
    await hub.start()
    for (let i = 0; i < 3; i++) await sign()
    const { size } = await sign()
    await until('the newest', async () => ((await list(hub)).cosignatures[0]?.size ?? 0) >= size, 90_000)
    await hub.end()
    await copy.start()
    await copy.vigie('journal', 'tail', '--lines', '1')
    await copy.vigie('journal', 'checkpoint')
    const told = async () =>
      (await witness.journal(10_000)).filter(
        r => r.event.kind === 'destination.failed' && r.event.error === 'witness-inconsistent',
      )
    await until('the rollback told at the witness', async () => (await told()).length > 0, 90_000)
    expect(await told()).toHaveLength(1)
    expect((await list(witness)).watched[0]?.size).toBeGreaterThanOrEqual(size)
    await copy.close()
  })
})
