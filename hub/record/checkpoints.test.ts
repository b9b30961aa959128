import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { link } from './chain.ts'
import {
  checkpointFrom,
  checkpointsBetween,
  checkpointView,
  makeCheckpoint,
  newestCheckpoint,
  notesIn,
  readCheckpoint,
  readCheckpointText,
} from './checkpoints.ts'
import { isConsistent, rootOfInclusion } from './merkle.ts'
import { missingNodes, nodeHashes, rootOf } from './merkle-nodes.ts'
import { readNote, readVerifierKey, signersOf } from './note.ts'
import { consistency, rowProof } from './proofs.ts'
import { journalKeys, openSigner, originOf, prepareRotation } from './signing.ts'
import { SignedJournal } from './testing/signed-journal.ts'

let journal: SignedJournal
beforeEach(() => {
  journal = new SignedJournal()
})
afterEach(() => journal.close())

const keysOf = () => journalKeys(journal.db).map(k => readVerifierKey(k.vkey)!)

describe('a checkpoint', () => {
  it('says what the journal was, signed, and is kept', async () => {
    journal.append(600)
    const stored = await journal.sign()
    const text = readCheckpoint(stored.note)!
    expect(text).toMatchObject({ origin: originOf(journal.db), size: 600, time: journal.at })
    expect(text.root).toEqual(rootOf(journal.db, 600))
    expect(text.chain).toEqual(journal.db.prepare('select hash from journal where seq = 600').pluck().get())
    expect(signersOf(readNote(stored.note)!, keysOf())).toHaveLength(1)
    expect(newestCheckpoint(journal.db)).toEqual(stored)
    expect(checkpointView(journal.db, stored)).toMatchObject({ size: 600, keys: [keysOf()[0]!.vkey] })
  })

  it('of the same size again is the one that was kept', async () => {
    journal.append(3)
    const first = await journal.sign()
    journal.at += 5_000
    expect(await journal.sign()).toEqual(first)
  })

  it('names what is revoked, by number and digest', async () => {
    journal.append(1)
    expect(readCheckpoint((await journal.sign()).note)?.revoked).toBeUndefined()
    journal.db.exec("insert into pseudonym values ('b-0123456789abcdef', 'badge', '04AA', null, null)")
    journal.append(1)
    expect(readCheckpoint((await journal.sign()).note)?.revoked).toMatchObject({
      count: 1,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('can never be changed or deleted', async () => {
    journal.append(1)
    await journal.sign()
    expect(() => journal.db.exec("update checkpoint set note = ''")).toThrow(/never changed/)
    expect(() => journal.db.exec('delete from checkpoint')).toThrow(/never changed/)
  })

  it('is found by the row it covers and by span, thinned evenly with both ends', async () => {
    for (let i = 0; i < 9; i++) {
      journal.append(10)
      await journal.sign()
    }
    expect(checkpointFrom(journal.db, 11)?.size).toBe(20)
    expect(checkpointFrom(journal.db, 91)).toBeUndefined()
    expect(checkpointsBetween(journal.db, 20, 80, 100).map(c => c.size)).toEqual([20, 30, 40, 50, 60, 70, 80])
    expect(checkpointsBetween(journal.db, 20, 80, 3).map(c => c.size)).toEqual([20, 50, 80])
    expect(checkpointsBetween(journal.db, 81, 89, 3)).toEqual([])
  })

  it.each([
    ['another order', (t: string) => t.replace(/(chain.*\n)(time.*\n)/, '$2$1')],
    ['a leading zero', (t: string) => t.replace('\n3\n', '\n03\n')],
    ['a short root', (t: string) => t.replace(/\n\S{44}\n/, '\nAAAA\n')],
    ['a further line', (t: string) => `${t}more\n`],
  ])('text with %s is none', async (_, change) => {
    journal.append(3)
    const { text } = readNote((await journal.sign()).note)!
    expect(readCheckpointText(text)?.size).toBe(3)
    expect(readCheckpointText(change(text))).toBeUndefined()
  })

  it('is found in a file among others and other lines', async () => {
    journal.append(3)
    const { note: a } = await journal.sign()
    journal.append(3)
    const { note: b } = await journal.sign()
    expect(notesIn(`${a}\nbadge b-0123456789abcdef\n\n${b}${b}`)).toEqual([a, b, b])
    expect(notesIn('nothing of the kind\n')).toEqual([])
  })
})

describe('the kept hashes of the tree', () => {
  it('are those of the rows, and change no root', async () => {
    journal.append(1_300)
    const [before, parts] = [rootOf(journal.db, 1_300), nodeHashes(journal.db, [{ level: 10, index: 0 }])]
    await journal.sign()
    expect(missingNodes(journal.db, 10)).toEqual([])
    expect(journal.db.prepare('select count(*) from merkle_node').pluck().get()).toBe(5)
    expect(rootOf(journal.db, 1_300)).toEqual(before)
    expect(nodeHashes(journal.db, [{ level: 10, index: 0 }])).toEqual(parts)
  })

  it('come in slices, lowest level first, also for a journal of long ago', () => {
    journal.append(70_000)
    const sizes: number[] = []
    for (let nodes = missingNodes(journal.db, 100); nodes.length > 0; nodes = missingNodes(journal.db, 100)) {
      sizes.push(nodes.length)
      journal.op('keepNodes', { nodes })
    }
    expect(sizes).toEqual([100, 100, 73, 1])
  })

  it('of rows that are not there do not exist', () => {
    journal.append(5)
    expect(() => rootOf(journal.db, 6)).toThrow(/no row 6/)
  })
})

describe('a proof', () => {
  it('leads from any row to the signed root, with everything its entry is made of', async () => {
    journal.append(700)
    const checkpoint = await journal.sign()
    journal.append(50)
    for (const seq of [1, 256, 257, 511, 512, 513, 699, 700]) {
      const p = rowProof(journal.db, seq, checkpoint)
      const root = rootOfInclusion(
        Buffer.from(p.leaf, 'base64'),
        seq - 1,
        700,
        p.proof.map(h => Buffer.from(h, 'base64')),
      )
      expect(root?.toString('base64')).toBe(p.checkpoint.root)
      const linked = link(Buffer.from(p.previous, 'hex'), seq, p.at, p.kind, Buffer.from(p.commitment, 'base64'))
      expect(linked.toString('hex')).toBe(p.hash)
      expect(p.body).toContain('device.online')
    }
    expect(() => rowProof(journal.db, 701, checkpoint)).toThrow(expect.objectContaining({ code: 'row-unknown' }))
  })

  it('of an erased row has no content and holds all the same', async () => {
    journal.append(9)
    journal.erase([4])
    const proof = rowProof(journal.db, 4, await journal.sign())
    expect(proof).not.toHaveProperty('body')
    expect(proof).not.toHaveProperty('salt')
    expect(proof.proof).toHaveLength(4)
  })

  it('shows that one checkpoint continues another', async () => {
    journal.append(300)
    await journal.sign()
    journal.append(477)
    await journal.sign()
    const p = consistency(journal.db, 300, 777)
    const [from, to] = [p.fromRoot, p.toRoot].map(h => Buffer.from(h, 'base64')) as [Buffer, Buffer]
    expect(p.fromRoot).toBe(checkpointFrom(journal.db, 300)?.root.toString('base64'))
    expect(
      isConsistent(
        300,
        777,
        from,
        to,
        p.proof.map(h => Buffer.from(h, 'base64')),
      ),
    ).toBe(true)
    expect(() => consistency(journal.db, 5, 4)).toThrow(expect.objectContaining({ code: 'range-inverted' }))
    expect(() => consistency(journal.db, 5, 778)).toThrow(expect.objectContaining({ code: 'row-unknown' }))
  })
})

describe('the signing key', () => {
  const open = () => openSigner(journal.db, journal.keyFile)
  const refusal = (code: string) => expect.objectContaining({ code })

  it('is made at first use, for its owner only, and is the same from then on', async () => {
    journal.append(1)
    await journal.sign()
    expect(statSync(journal.keyFile).mode & 0o777).toBe(0o600)
    expect(open().by.vkey).toBe(journalKeys(journal.db)[0]?.vkey)
  })

  it('that others may read is refused', () => {
    open()
    chmodSync(journal.keyFile, 0o640)
    expect(open).toThrow(refusal('data-permissions'))
  })

  it('of another journal, none at all, or no key signs nothing', async () => {
    journal.append(1)
    await journal.sign()
    const other = new SignedJournal()
    other.append(1)
    await other.sign()
    copyFileSync(other.keyFile, journal.keyFile)
    other.close()
    expect(open).toThrow(refusal('signing-key-wrong'))
    writeFileSync(journal.keyFile, 'not a key')
    expect(open).toThrow(refusal('signing-key-wrong'))
    rmSync(journal.keyFile)
    expect(open).toThrow(refusal('signing-key-missing'))
    expect(existsSync(journal.keyFile)).toBe(false)
  })

  it('is in its place after a change that was interrupted between the row and the file', async () => {
    journal.append(1)
    await journal.sign()
    const { from, to, note } = prepareRotation(journal.db, journal.keyFile, 1)
    expect(open().by.vkey).toBe(from)
    const event = { kind: 'journal.key-rotated', by: 'cli:test', from, to, note } as const
    journal.op('rotateKey', { at: journal.at, event, file: journal.keyFile })
    expect(open().by.vkey).toBe(to)
    expect(readdirSync(journal.dir).filter(name => name.endsWith('.next'))).toEqual([])
    expect(() => journal.op('rotateKey', { at: journal.at, event, file: 'f' })).toThrow(refusal('signing-key-wrong'))
  })

  it('is not lost where two change it at once: the first one does, and the other is refused', async () => {
    journal.append(1)
    await journal.sign()
    const [early, late] = [1, 1].map(size => prepareRotation(journal.db, journal.keyFile, size))
    const rotate = ({ from, to, note }: { from: string; to: string; note: string }) =>
      journal.op('rotateKey', {
        at: journal.at,
        event: { kind: 'journal.key-rotated', by: 'cli:test', from, to, note },
        file: journal.keyFile,
      })
    expect(rotate(early!)).toBe(2)
    expect(() => rotate(late!)).toThrow(refusal('signing-key-wrong'))
    late!.discard()
    early!.finish()
    expect(open().by.vkey).toBe(early!.to)
    expect((await journal.sign()).size).toBe(2)
  })

  it('is not changed by a note that the old key has outrun: what it signed since would be taken for forged', async () => {
    journal.append(1)
    await journal.sign()
    const { from, to, note } = prepareRotation(journal.db, journal.keyFile, 1)
    journal.append(1)
    await journal.sign()
    const event = { kind: 'journal.key-rotated', by: 'cli:test', from, to, note } as const
    expect(journal.op('rotateKey', { at: journal.at, event, file: journal.keyFile })).toBeUndefined()
    expect(journalKeys(journal.db).map(k => k.vkey)).toEqual([from])
    expect(open().by.vkey).toBe(from)
  })

  it('that was changed meanwhile does not sign, and nothing is kept', async () => {
    journal.append(1)
    await journal.sign()
    const old = open()
    await journal.rotate()
    expect(journal.op('keepCheckpoint', makeCheckpoint(journal.db, old, journal.at))).toBe(false)
    expect(newestCheckpoint(journal.db)?.size).toBe(1)
    expect(readFileSync(journal.keyFile, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/)
  })
})
