/** This hub as a witness, against whoever may write to it without signing in: real keys, real trees, a real database. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CheckpointCosigned, type WitnessAnswer } from '../flows/checkpoint-cosigned.ts'
import { Destination } from '../flows/destination.ts'
import { cosign, cosignatureIn, cosignerOf, readCosigner } from '../record/cosign.ts'
import { isConsistent } from '../record/merkle.ts'
import { readNote, readVerifierKey, signersOf, signNote, type VerifierKey, verifierKey } from '../record/note.ts'
import { consistency } from '../record/proofs.ts'
import { openSigner } from '../record/signing.ts'
import { SignedJournal } from '../record/testing/signed-journal.ts'
import { seenOf, trustedKeys } from '../record/witnessed.ts'

let witness: SignedJournal
let watched: SignedJournal
let told: string[]
let now: number
let cosigned: CheckpointCosigned<VerifierKey>

beforeEach(async () => {
  ;[witness, watched] = [new SignedJournal(), new SignedJournal()]
  told = []
  now = 0
  witness.append(1)
  await witness.sign()
  watched.append(10)
  await watched.sign()
  const { by } = openSigner(watched.db, watched.keyFile)
  witness.op('trustWitness', { at: 1, vkey: by.vkey, origin: by.name, by: 'cli:test' })
  const destination = new Destination({
    ...{ name: by.name, purpose: 'witness', failing: false, mark: async () => undefined },
    tell: async event => void told.push(event.kind),
    log: { info: () => undefined, warn: () => undefined },
  })
  cosigned = new CheckpointCosigned<VerifierKey>({
    textOf: note => readNote(note)?.text,
    keys: origin => trustedKeys(witness.db, origin),
    isSigned: (note, keys) => {
      const read = readNote(note)
      return read !== undefined && signersOf(read, keys) !== undefined
    },
    seen: origin => seenOf(witness.db, origin),
    isConsistent,
    keep: async seen => witness.op('keepSeen', { ...seen, at: 2 }),
    cosign: async text => cosign(text, openSigner(witness.db, witness.keyFile), 3_000),
    destination: () => destination,
    now: () => now,
  })
})
afterEach(() => {
  witness.close()
  watched.close()
})

const key = (): { by: VerifierKey; sign: (text: string) => string } => openSigner(watched.db, watched.keyFile)
const textOf = (note: string): string => readNote(note)?.text ?? ''
const stored = (size: number): string =>
  watched.db.prepare<[number], string>('select note from checkpoint where size = ?').pluck().get(size) ?? ''
const hand = (old: number, note: string, proof: readonly string[] = []): Promise<WitnessAnswer> =>
  cosigned.add(`old ${old}\n${proof.map(hash => `${hash}\n`).join('')}\n${note}`)
/** As the watched hub itself, with its key, could sign a lie. */
const lie = (size: number, time = 9, byte = 1): string => {
  const hash = Buffer.alloc(32, byte).toString('base64')
  return key().sign(`${key().by.name}\n${size}\n${hash}\nchain ${hash}\ntime ${time}\n`)
}
const seen = () => seenOf(witness.db, key().by.name)
const proofOf = (from: number, to: number) => consistency(watched.db, from, to).proof

describe('whoever holds the key of the watched journal', () => {
  it('gets no second tree of one size cosigned, in turn or at once, and the attempt is told once', async () => {
    const both = await Promise.all([hand(0, stored(10)), hand(0, lie(10))])
    expect(both.map(a => a.outcome).sort()).toEqual(['cosigned', 'elsewhere'])
    expect(seen()?.note).toBe(stored(10))
    for (const time of [1, 9_999_999_999_999]) {
      expect(await hand(10, lie(10, time))).toEqual({ outcome: 'elsewhere', size: 10 })
      expect(await hand(0, lie(10, time))).toEqual({ outcome: 'elsewhere', size: 10 })
    }
    expect([told, seen()?.note]).toEqual([['destination.failed'], stored(10)])
  })

  it('gets no past rewritten: neither without a proof nor with that of another tree', async () => {
    await hand(0, stored(10))
    watched.append(10)
    await watched.sign()
    expect((await hand(10, lie(20), proofOf(10, 20))).outcome).toBe('inconsistent')
    expect((await hand(10, stored(20), [])).outcome).toBe('inconsistent')
    expect((await hand(10, stored(20), [...proofOf(10, 20), ...proofOf(10, 20)])).outcome).toBe('inconsistent')
    expect((await hand(10, stored(20), proofOf(10, 20).toReversed())).outcome).toBe('inconsistent')
    expect(seen()?.size).toBe(10)
    expect((await hand(10, stored(20), proofOf(10, 20))).outcome).toBe('cosigned')
    // What was signed before comes again: it is old, and no alarm.
    expect(await hand(10, stored(10))).toEqual({ outcome: 'elsewhere', size: 20 })
  })

  it('fills no journal: what was told stands for an hour, and until the journal has gone on', async () => {
    await hand(0, stored(10))
    watched.append(10)
    await watched.sign()
    for (let i = 0; i < 50; i++) {
      expect((await hand(10, stored(20), [])).outcome).toBe('inconsistent')
      expect((await hand(10, stored(10))).outcome).toBe('cosigned')
    }
    expect((await hand(10, stored(20), proofOf(10, 20))).outcome).toBe('cosigned')
    expect(told).toEqual(['destination.failed'])
    now = 60 * 60_000
    expect((await hand(20, stored(20))).outcome).toBe('cosigned')
    expect(told).toEqual(['destination.failed'])
    watched.append(1)
    await watched.sign()
    expect((await hand(20, stored(21), proofOf(20, 21))).outcome).toBe('cosigned')
    expect(told).toEqual(['destination.failed', 'destination.recovered'])
  })

  it('rolls nothing back by having its journal forgotten and trusted again', async () => {
    await hand(0, stored(10))
    const { name: origin, vkey } = key().by
    witness.op('forgetWitness', { at: 4, origin, by: 'cli:test' })
    expect((await hand(10, stored(10))).outcome).toBe('unknown')
    witness.op('trustWitness', { at: 5, vkey, origin, by: 'cli:test' })
    expect(await hand(0, lie(5, 99))).toEqual({ outcome: 'elsewhere', size: 10 })
  })
})

describe('whoever does not hold it', () => {
  const other = (): { by: VerifierKey; privateKey: KeyObject } => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    return { by: verifierKey(key().by.name, publicKey), privateKey }
  }

  it('gets nothing cosigned by another key, by a right signature under other words, or beside a wrong one', async () => {
    const { by, privateKey } = other()
    const text = textOf(stored(10))
    expect((await hand(0, signNote(text, by, privateKey))).outcome).toBe('untrusted')
    const right = stored(10).slice(text.length + 1)
    expect((await hand(0, `${text.replace('\n10\n', '\n11\n')}\n${right}`)).outcome).toBe('untrusted')
    const wrong = lie(10).slice(textOf(lie(10)).length + 1)
    expect((await hand(0, `${stored(10)}${wrong}`)).outcome).toBe('untrusted')
    expect((await hand(0, stored(10).replace(/^vigie-journal\/./, 'vigie-journal/x'))).outcome).toBe('unknown')
    expect([told, seen()]).toEqual([[], undefined])
  })

  it.each([
    ['', ''],
    ['no gap', 'old 0\n'],
    ['no proof and no note', 'old 0\n\n'],
    ['a number that is none', 'old 0x10\n\n@'],
    ['a negative number', 'old -1\n\n@'],
    ['a number with zeros before it', 'old 007\n\n@'],
    ['a number beyond counting', 'old 99999999999999999999\n\n@'],
    ['more than there are rows', 'old 11\n\n@'],
    ['carriage returns', 'old 0\r\n\r\n@'],
    ['a proof that is none', 'old 0\n__proto__\n\n@'],
    ['64 hashes', `old 0\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n@`],
    ['a BOM', '\uFEFFold 0\n\n@'],
    ['a control character in the note', 'old 0\n\n\u001b@'],
    ['17 signatures', `old 0\n\n@${'— x AAAAAAAA\n'.repeat(17)}`],
    ['half a surrogate', 'old 0\n\n\ud800@'],
  ])('is refused %s as malformed', async (_, body) => {
    expect(await cosigned.add(body.replace('@', stored(10)))).toEqual({ outcome: 'malformed' })
    expect(seen()).toBeUndefined()
  })
})

describe('a cosignature', () => {
  it('is no signature of a journal, whatever it was asked for, and one of no other text or witness', async () => {
    const signer = openSigner(witness.db, witness.keyFile)
    const answer = await hand(0, stored(10))
    const lines = answer.outcome === 'cosigned' ? answer.lines : ''
    const [cosigner] = [readCosigner(cosignerOf(signer.by).vkey)]
    expect(cosignatureIn(lines, textOf(stored(10)), [cosigner!])).toMatchObject({ at: 3_000 })
    expect(cosignatureIn(lines, textOf(lie(10)), [cosigner!])).toBeUndefined()
    expect(cosignatureIn(lines, textOf(stored(10)), [readCosigner(cosignerOf(key().by).vkey)!])).toBeUndefined()
    expect(readVerifierKey(cosignerOf(signer.by).vkey)).toBeUndefined()
    const asNote = readNote(`cosignature/v1\ntime 3\n${textOf(stored(10))}\n${lines}`)
    expect(asNote && signersOf(asNote, [signer.by])).toBeUndefined()
  })
})
