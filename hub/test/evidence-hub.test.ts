/** Checkpoints, proofs and keys of a running hub, over HTTP and on the command line. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckpointView, ConsistencyProof, RowProof } from '../api.ts'
import type { Recorded } from '../events.ts'
import { readCheckpoint } from '../record/checkpoints.ts'
import { isConsistent, rootOfInclusion } from '../record/merkle.ts'
import { readNote, readVerifierKey, signersOf } from '../record/note.ts'
import { smallSite, TestHub, until } from './harness.ts'

const bytes = (hashes: readonly string[]): Buffer[] => hashes.map(h => Buffer.from(h, 'base64'))
/** The keys it comes with sign it: nothing but the view itself is needed. */
const holds = ({ note, keys }: CheckpointView): boolean =>
  signersOf(
    readNote(note)!,
    keys.map(k => readVerifierKey(k)!),
  ) !== undefined

let hub: TestHub
beforeAll(async () => {
  hub = new TestHub()
  await hub.apply(smallSite())
  await hub.start()
  await hub.setUp()
  await hub.continueAs('auditor')
}, 120_000)
afterAll(() => hub.close(), 60_000)

const checkpoint = (): Promise<CheckpointView> => hub.get('/api/v1/journal/checkpoint')

describe('a running hub', () => {
  it('has signed what it found at its start, with a key that only its owner can read', async () => {
    const view = await until('a checkpoint', async () => (await checkpoint()).size > 0 && checkpoint())
    expect(holds(view)).toBe(true)
    expect(statSync(join(hub.dir, 'checkpoint.key.pem')).mode & 0o777).toBe(0o600)
    expect(readCheckpoint(view.note)).toMatchObject({ size: view.size, time: view.at })
  })

  it('proves any row, signs for it what is not signed yet, and journals the reading', async () => {
    const [newest] = (await hub.journal(1)) as [Recorded]
    const proof = await hub.get<RowProof>(`/api/v1/journal/${newest.seq}/proof`)
    expect(proof.checkpoint.size).toBeGreaterThanOrEqual(newest.seq)
    expect(holds(proof.checkpoint)).toBe(true)
    const root = rootOfInclusion(
      Buffer.from(proof.leaf, 'base64'),
      proof.seq - 1,
      proof.checkpoint.size,
      bytes(proof.proof),
    )
    expect(root?.toString('base64')).toBe(proof.checkpoint.root)
    const read = (await hub.journal(10)).map(r => r.event)
    expect(read).toContainEqual(
      expect.objectContaining({ kind: 'journal.read', what: 'row', rows: 1, filter: { row: newest.seq } }),
    )
  })

  it('proves that one checkpoint continues another', async () => {
    const before = await checkpoint()
    const after = await hub.vigieJson<CheckpointView>('journal', 'checkpoint')
    expect(after.size).toBeGreaterThan(before.size)
    const p = await hub.get<ConsistencyProof>(`/api/v1/journal/consistency?from=${before.size}&to=${after.size}`)
    expect([p.fromRoot, p.toRoot]).toEqual([before.root, after.root])
    const [from, to] = bytes([p.fromRoot, p.toRoot]) as [Buffer, Buffer]
    expect(isConsistent(p.from, p.to, from, to, bytes(p.proof))).toBe(true)
  })

  it.each([
    ['/api/v1/journal/999999999/proof', 404, 'row-unknown'],
    ['/api/v1/journal/0/proof', 422, 'input-invalid'],
    ['/api/v1/journal/consistency?from=3&to=2', 422, 'range-inverted'],
    ['/api/v1/journal/consistency?from=1&to=999999999', 404, 'row-unknown'],
    ['/api/v1/journal/consistency?from=1', 422, 'input-invalid'],
  ])('refuses %s with %i %s', async (path, status, code) => {
    const answer = await hub.fetch(path)
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code])
  })

  it('takes up a key that the command line rotated, and signs on', async () => {
    const { to, since } = await hub.vigieJson<{ to: string; since: number }>('key', 'rotate')
    const proof = await hub.get<RowProof>(`/api/v1/journal/${since}/proof`)
    expect(proof.kind).toBe('journal.key-rotated')
    await hub.journal(1)
    const [newest] = (await hub.journal(1)) as [Recorded]
    const { checkpoint: view } = await hub.get<RowProof>(`/api/v1/journal/${newest.seq}/proof`)
    expect(view.keys.at(-1)).toBe(to)
    expect(signersOf(readNote(view.note)!, [readVerifierKey(to)!])).toHaveLength(1)
    expect(await hub.vigie('key', 'show')).toContain(to)
    expect(await hub.vigie('journal', 'verify')).toMatch(/complete and untouched/)
  })

  it('verifies against what a witness kept, and refuses the checkpoints of another hub or of another key', async () => {
    const file = join(hub.dir, 'witness.txt')
    const note = `${await hub.vigie('journal', 'checkpoint')}`
    writeFileSync(file, note)
    expect(await hub.vigie('journal', 'verify', '--checkpoint', file)).toMatch(/1 of them a witness’s/)
    const { stderr: foreign } = await failing(
      file,
      note.replace(/^vigie-journal\/.{16}/, 'vigie-journal/0000000000000000'),
    )
    expect(foreign).toMatch(/belongs to another journal, vigie-journal\/0{16}/)
    expect((await failing(file, note.replace(/\ntime \d+/, '\ntime 1'))).stderr).toMatch(/not signed by its key/)
    expect((await failing(file, 'nothing')).stderr).toMatch(/no checkpoint that can be read/)
  })

  it('signs at its clean stop what is in the journal then, down to the row of its stop', async () => {
    expect(await hub.end()).toBe(0)
    const verdict = await hub.vigieJson<{ rows: number; signed: number }>('journal', 'verify')
    expect(verdict.signed).toBe(verdict.rows)
    expect((await hub.journal(2)).map(r => r.event.kind)).toContain('hub.stopped')
  })
})

async function failing(file: string, text: string) {
  writeFileSync(file, text)
  expect(readFileSync(file, 'utf8')).toBe(text)
  return hub.vigieFails('journal', 'verify', '--checkpoint', file)
}
