import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  consistencyPlaces,
  covering,
  EMPTY_ROOT,
  folded,
  inclusionPlaces,
  isConsistent,
  leafHash,
  type Node,
  nodeHash,
  type Place,
  Range,
  rootOfInclusion,
} from './merkle.ts'

/** RFC 9162, section 2.1, word by word and as slow as it reads. */
const sha = (...parts: Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest()
const k = (n: number): number => {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}
function mth(d: readonly Buffer[]): Buffer {
  if (d.length === 0) return sha()
  if (d.length === 1) return sha(Buffer.from([0]), d[0]!)
  return sha(Buffer.from([1]), mth(d.slice(0, k(d.length))), mth(d.slice(k(d.length))))
}
function naivePath(m: number, d: readonly Buffer[]): Buffer[] {
  if (d.length === 1) return []
  const at = k(d.length)
  if (m < at) return [...naivePath(m, d.slice(0, at)), mth(d.slice(at))]
  return [...naivePath(m - at, d.slice(at)), mth(d.slice(0, at))]
}
function naiveProof(m: number, d: readonly Buffer[], whole: boolean): Buffer[] {
  if (m === d.length) return whole ? [] : [mth(d)]
  const at = k(d.length)
  if (m <= at) return [...naiveProof(m, d.slice(0, at), whole), mth(d.slice(at))]
  return [...naiveProof(m - at, d.slice(at), false), mth(d.slice(0, at))]
}

const MOST = 300
const entries = Array.from({ length: MOST }, (_, i) => Buffer.from(`entry ${i}`))
const roots = Array.from({ length: MOST + 1 }, (_, n) => mth(entries.slice(0, n)))
const nodes = new Map<string, Buffer>()
const key = ({ level, index }: Place): string => `${level}/${index}`
const whole = new Range(0, (node: Node) => void nodes.set(key(node), node.hash))
for (const entry of entries) whole.push(leafHash(entry))
const at = (place: Place): Buffer => nodes.get(key(place))!
const proofOf = (groups: readonly Place[][]): Buffer[] => groups.map(group => folded(group.map(at)))
const hex = (hashes: readonly Buffer[]): string[] => hashes.map(h => h.toString('hex'))
const size = fc.integer({ min: 1, max: MOST })

describe('a Merkle tree of RFC 9162', () => {
  it('has the roots that the standard defines, for every size from 0 to 300', () => {
    const range = new Range()
    expect(range.root()).toEqual(EMPTY_ROOT)
    for (const [i, entry] of entries.entries()) {
      range.push(leafHash(entry))
      expect(range.root()).toEqual(roots[i + 1])
      expect(folded(covering(0, i + 1).map(at))).toEqual(roots[i + 1])
    }
  })

  it('tells of every whole subtree as it is completed, once', () => {
    expect(nodes.size).toBe([300, 150, 75, 37, 18, 9, 4, 2, 1].reduce((a, b) => a + b))
    for (const [name, hash] of nodes) {
      const [level, index] = name.split('/').map(Number) as [number, number]
      expect(hash).toEqual(mth(entries.slice(index * 2 ** level, (index + 1) * 2 ** level)))
    }
  })

  it('covers any span by at most two subtrees a level, without a gap', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.nat(2 ** 20), (from, length) => {
        const places = covering(from, from + length)
        let end = from
        for (const { level, index } of places) {
          expect(index * 2 ** level).toBe(end)
          end += 2 ** level
        }
        expect(end).toBe(from + length)
        for (const { level } of places) expect(places.filter(p => p.level === level).length).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('gives the same root whether leaves come one by one or as spans that touch', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(MOST), { maxLength: 6 }), size, (cuts, n) => {
        const ends = [...new Set([...cuts.filter(c => c < n), n])].sort((a, b) => a - b)
        const merged = new Range()
        for (const [i, to] of ends.entries()) {
          const span = new Range(ends[i - 1] ?? 0)
          for (const entry of entries.slice(span.from, to)) span.push(leafHash(entry))
          expect(span.nodes.map(key)).toEqual(covering(span.from, to).map(key))
          for (const node of span.nodes) merged.add(node)
        }
        expect(merged.to).toBe(n)
        expect(merged.root()).toEqual(roots[n])
      }),
    )
  })

  it('goes on from what was kept of it', () => {
    const kept = covering(0, 201).map(place => ({ ...place, hash: at(place) }))
    const range = new Range(0, undefined, kept, 201)
    for (const entry of entries.slice(201)) range.push(leafHash(entry))
    expect(range.root()).toEqual(roots[MOST])
  })

  it('refuses a subtree that does not touch, a root of a span, and what is no hash', () => {
    expect(() => new Range().add({ level: 1, index: 1, hash: EMPTY_ROOT })).toThrow(RangeError)
    expect(() => new Range(4).root()).toThrow(RangeError)
    expect(() => nodeHash(Buffer.alloc(31), EMPTY_ROOT)).toThrow(RangeError)
  })
})

describe('an inclusion proof', () => {
  it('is what the standard computes, and leads to the root, for every leaf of every size up to 70 and of 300', () => {
    for (const n of [...Array.from({ length: 70 }, (_, i) => i + 1), MOST])
      for (let i = 0; i < n; i++) {
        const proof = proofOf(inclusionPlaces(i, n))
        expect(hex(proof)).toEqual(hex(naivePath(i, entries.slice(0, n))))
        expect(rootOfInclusion(leafHash(entries[i]!), i, n, proof)).toEqual(roots[n])
      }
  })

  it('leads elsewhere for another leaf, another place or another size', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), (n, a, b) => {
        const i = a % n
        const j = b % n
        fc.pre(i !== j)
        const proof = proofOf(inclusionPlaces(i, n))
        const root = roots[n]!.toString('hex')
        expect(rootOfInclusion(leafHash(entries[j]!), i, n, proof)?.toString('hex')).not.toBe(root)
        expect(rootOfInclusion(leafHash(entries[i]!), j, n, proof)?.toString('hex')).not.toBe(root)
        expect(rootOfInclusion(leafHash(entries[i]!), i, n, proof.slice(1))).toBeUndefined()
        expect(rootOfInclusion(leafHash(entries[i]!), n, n, proof)).toBeUndefined()
      }),
    )
  })

  it('of a leaf that is not there does not exist', () => {
    expect(() => inclusionPlaces(3, 3)).toThrow(RangeError)
    expect(() => inclusionPlaces(-1, 3)).toThrow(RangeError)
  })
})

describe('a consistency proof', () => {
  it('is what the standard computes, and holds, for every pair of sizes up to 48', () => {
    for (let n = 1; n <= 48; n++)
      for (let m = 1; m <= n; m++) {
        const proof = proofOf(consistencyPlaces(m, n))
        expect(hex(proof)).toEqual(m === n ? [] : hex(naiveProof(m, entries.slice(0, n), true)))
        expect(isConsistent(m, n, roots[m]!, roots[n]!, proof)).toBe(true)
      }
  })

  it('holds for any pair up to 300, and not for a changed root, a changed step or a proof cut short', () => {
    fc.assert(
      fc.property(size, size, fc.nat(), (a, b, at) => {
        const [m, n] = [Math.min(a, b), Math.max(a, b)]
        const proof = proofOf(consistencyPlaces(m, n))
        expect(isConsistent(m, n, roots[m]!, roots[n]!, proof)).toBe(true)
        const other = leafHash(Buffer.from('other'))
        expect(isConsistent(m, n, other, roots[n]!, proof)).toBe(false)
        expect(isConsistent(m, n, roots[m]!, other, proof)).toBe(false)
        expect(isConsistent(m, n, roots[m]!, roots[n]!, [...proof, other])).toBe(false)
        fc.pre(proof.length > 0)
        expect(isConsistent(m, n, roots[m]!, roots[n]!, proof.with(at % proof.length, other))).toBe(false)
        expect(isConsistent(m, n, roots[m]!, roots[n]!, proof.slice(1))).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('splits at the right power of two far beyond what fits 32 bits', () => {
    const n = 2 ** 41 + 1
    expect(consistencyPlaces(2 ** 41, n)).toEqual([[{ level: 0, index: 2 ** 41 }]])
    expect(inclusionPlaces(2 ** 41, n)).toEqual([[{ level: 41, index: 0 }]])
    const [left, right] = [leafHash(Buffer.from('l')), leafHash(Buffer.from('r'))]
    expect(isConsistent(2 ** 41, n, left, nodeHash(left, right), [right])).toBe(true)
  })

  it('of nothing, or backwards, does not exist', () => {
    expect(() => consistencyPlaces(0, 3)).toThrow(RangeError)
    expect(() => consistencyPlaces(4, 3)).toThrow(RangeError)
    expect(isConsistent(0, 3, EMPTY_ROOT, roots[3]!, [])).toBe(false)
    expect(isConsistent(4, 3, roots[4]!, roots[3]!, [])).toBe(false)
  })
})
