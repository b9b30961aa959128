import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RowProof } from '#hub/api.ts'
import { covering, folded, inclusionPlaces, leafHash, Range } from '#hub/record/merkle.ts'
import { rootOf, STEPS, verifyRow } from '../src/proof.ts'

const ORIGIN = 'vigie-journal/0123456789abcdef'
const sha = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()
const SALT = Buffer.alloc(16, 7)

interface Made {
  readonly entry: Buffer
  readonly commitment: Buffer
  readonly hash: Buffer
  readonly body: string
}
const at = (seq: number): number => 1_763_800_000_000 + seq
/** A journal of so many rows, hashed by the formulas of the format. */
function journal(rows: number): Made[] {
  let previous = sha(Buffer.from('vigie journal v1'))
  return Array.from({ length: rows }, (_, i) => {
    const body = JSON.stringify({ kind: 'hub.started', version: `${i} é` })
    const commitment = sha(SALT, Buffer.from(body))
    const head = Buffer.alloc(18)
    head.writeBigUInt64BE(BigInt(i + 1), 0)
    head.writeBigUInt64BE(BigInt(at(i + 1)), 8)
    head.writeUInt16BE('hub.started'.length, 16)
    const entry = Buffer.concat([head, Buffer.from('hub.started'), commitment])
    previous = sha(previous, entry)
    return { entry, commitment, hash: previous, body }
  })
}
const b64 = (b: Buffer): string => b.toString('base64')
const keys = generateKeyPairSync('ed25519')
const rawKey = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
const typed = Buffer.concat([Buffer.from([1]), rawKey(keys.publicKey)])
const keyId = sha(Buffer.from(`${ORIGIN}\n`), typed).subarray(0, 4)
const VKEY = `${ORIGIN}+${keyId.toString('hex')}+${b64(typed)}`

function noted(size: number, root: string): string {
  const text = `${ORIGIN}\n${size}\n${root}\nchain AAAA\ntime 1763800000000\n`
  return `${text}\n— ${ORIGIN} ${b64(Buffer.concat([keyId, sign(null, Buffer.from(text), keys.privateKey)]))}\n`
}
function proofOf(rows: readonly Made[], seq: number): RowProof {
  const leaves = rows.map(r => leafHash(r.entry))
  const tree = new Map<string, Buffer>()
  const range = new Range(0, n => tree.set(`${n.level}/${n.index}`, n.hash))
  for (const leaf of leaves) range.push(leaf)
  const at_ = (p: { level: number; index: number }): Buffer => tree.get(`${p.level}/${p.index}`)!
  const root = b64(folded(covering(0, rows.length).map(at_)))
  const row = rows[seq - 1]!
  return {
    seq,
    at: at(seq),
    kind: 'hub.started',
    commitment: b64(row.commitment),
    previous: (seq === 1 ? sha(Buffer.from('vigie journal v1')) : rows[seq - 2]!.hash).toString('hex'),
    hash: row.hash.toString('hex'),
    salt: b64(SALT),
    body: row.body,
    leaf: b64(leaves[seq - 1]!),
    proof: inclusionPlaces(seq - 1, rows.length).map(group => b64(folded(group.map(at_)))),
    checkpoint: { size: rows.length, at: 1_763_800_000_000, root, note: noted(rows.length, root), keys: [VKEY] },
  }
}

describe('a row’s proof, checked in the browser', () => {
  it('holds in every step for every row of journals of 1 to 20 rows', async () => {
    for (let size = 1; size <= 20; size++) {
      const rows = journal(size)
      for (let seq = 1; seq <= size; seq++) {
        const { steps, intact } = await verifyRow(proofOf(rows, seq))
        expect([seq, size, intact, Object.values(steps)]).toEqual([seq, size, true, STEPS.map(() => 'holds')])
      }
    }
  })
  it('names the step that fails', async () => {
    const good = proofOf(journal(11), 6)
    const other = journal(12)
    const failing = async (changed: Partial<RowProof>): Promise<string[]> => {
      const { steps, intact } = await verifyRow({ ...good, ...changed })
      expect(intact).toBe(false)
      return STEPS.filter(s => steps[s] === 'fails')
    }
    const note = (change: (n: string) => string): Partial<RowProof> => ({
      checkpoint: { ...good.checkpoint, note: change(good.checkpoint.note) },
    })
    expect(await failing({ body: `${good.body} ` })).toEqual(['content'])
    expect(await failing({ at: good.at + 1 })).toEqual(['chain', 'leaf', 'path'])
    expect(await failing({ kind: 'hub.stopped' })).toEqual(['chain', 'leaf', 'path'])
    expect(await failing({ previous: other[0]!.hash.toString('hex') })).toEqual(['chain'])
    expect(await failing({ leaf: b64(leafHash(other[0]!.entry)) })).toEqual(['leaf'])
    expect(await failing({ proof: good.proof.slice(1) })).toEqual(['path'])
    expect(await failing({ proof: [...good.proof].reverse() })).toEqual(['path'])
    expect(await failing(note(n => n.replace('time 1', 'time 2')))).toEqual(['signature'])
    expect(await failing(note(n => n.replace('\n11\n', '\n12\n')))).toEqual(['path', 'signature'])
    expect(await failing(note(() => 'no note'))).toEqual(['path', 'signature'])
    expect(await failing({ checkpoint: { ...good.checkpoint, keys: [] } })).toEqual(['signature'])
    expect(await failing({ commitment: 'not base64' })).toEqual([...STEPS])
  })
  it('says of an erased payload that there is nothing to compare, and proves the row all the same', async () => {
    const { salt: _, body: __, ...erased } = proofOf(journal(5), 2)
    const { steps, intact } = await verifyRow(erased)
    expect([steps.content, steps.path, intact]).toEqual(['erased', 'holds', true])
  })
  it('accepts no path of another length or place', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 39 }),
        fc.integer({ min: 0, max: 39 }),
        async (size, a, b) => {
          const [index, wrong] = [a % size, b % size]
          const made = proofOf(journal(size), index + 1)
          const path = made.proof.map(p => new Uint8Array(Buffer.from(p, 'base64')))
          const leaf = new Uint8Array(Buffer.from(made.leaf, 'base64'))
          const root = async (at_: number, steps: typeof path): Promise<string> =>
            Buffer.from((await rootOf(leaf, at_, size, steps)) ?? []).toString('base64')
          expect(await root(index, path)).toBe(made.checkpoint.root)
          if (wrong !== index) expect(await root(wrong, path)).not.toBe(made.checkpoint.root)
          expect(await root(index, [...path, leaf])).not.toBe(made.checkpoint.root)
        },
      ),
      { numRuns: 60 },
    )
  })
})
