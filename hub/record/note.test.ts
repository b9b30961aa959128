import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNote, readVerifierKey, signersOf, signNote, verifierKey } from './note.ts'

/** The example of c2sp.org/signed-note: written by another program. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const PETERS_NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`
const maker = () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  return { privateKey, key: verifierKey('vigie-journal/0123456789abcdef', privateKey) }
}
const { privateKey, key } = maker()
const TEXT = 'vigie-journal/0123456789abcdef\n7\nAAAA\n'

describe('a signed note', () => {
  it('of another program is read and verified', () => {
    const peter = readVerifierKey(PETER)!
    expect(peter).toMatchObject({ name: 'PeterNeumann', id: 'c74f20a3', vkey: PETER })
    expect(signersOf(readNote(PETERS_NOTE)!, [peter])).toEqual([peter])
    expect(signersOf(readNote(PETERS_NOTE.replace('answer', 'Answer'))!, [peter])).toBeUndefined()
  })

  it('of ours is verified by the key as it is written down', () => {
    const note = signNote(TEXT, key, privateKey)
    expect(note).toMatch(/^vigie-journal\/0123456789abcdef\n7\nAAAA\n\n— vigie-journal\/0123456789abcdef \S{92}\n$/)
    expect(readNote(note)?.text).toBe(TEXT)
    expect(signersOf(readNote(note)!, [readVerifierKey(key.vkey)!])).toMatchObject([{ vkey: key.vkey }])
  })

  it('may be signed by several: unknown ones are passed over, a bad one of a known key spoils it', () => {
    const other = maker()
    const note = signNote(TEXT, key, privateKey)
    const second = signNote(TEXT, other.key, other.privateKey).split('\n\n')[1]!
    const both = readNote(note + second)!
    expect(both.signatures).toHaveLength(2)
    expect(signersOf(both, [key])).toEqual([key])
    expect(signersOf(both, [key, other.key])).toEqual([key, other.key])
    expect(signersOf(both, [maker().key])).toBeUndefined()
    const bad = { ...both, signatures: [both.signatures[0]!, { ...both.signatures[1]!, bytes: Buffer.alloc(64) }] }
    expect(signersOf(bad, [key, other.key])).toBeUndefined()
    expect(signersOf(bad, [key])).toEqual([key])
  })

  it('is verified only as it was signed, whichever character is changed', () => {
    const note = signNote(TEXT, key, privateKey)
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.constantFrom('0', 'A', ' ', '\n', '\t', '+', '—', '='), (at, c) => {
        fc.pre(note[at] !== c)
        const read = readNote(note.slice(0, at) + c + note.slice(at + 1))
        expect(read && signersOf(read, [key])).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['no text', ''],
    ['no signature', TEXT],
    ['an empty signature block', `${TEXT}\n`],
    ['a hyphen for the dash', signNote(TEXT, key, privateKey).replace('—', '-')],
    ['no line break at its end', signNote(TEXT, key, privateKey).slice(0, -1)],
    ['windows line breaks', signNote(TEXT, key, privateKey).replaceAll('\n', '\r\n')],
    ['a control character', signNote(TEXT, key, privateKey).replace('7', '\u0007')],
    ['base64 written otherwise', signNote(TEXT, key, privateKey).replace(/=*\n$/, '\n')],
    ['a signature of nothing', `${TEXT}\n— a AAAA\n`],
    ['more than is read', `${'x'.repeat(70_000)}\n${signNote(TEXT, key, privateKey)}`],
  ])('with %s is none', (_, note) => {
    expect(readNote(note)).toBeUndefined()
  })

  it.each([
    ['another id', PETER.replace('c74f20a3', 'c74f20a4')],
    ['another name', PETER.replace('Peter', 'Paul')],
    ['another type', PETER.replace('ARpc', 'AhpC')],
    ['a key cut short', PETER.slice(0, -4)],
    ['words', 'not a key'],
  ])('is not checked by a key with %s', (_, vkey) => {
    expect(readVerifierKey(vkey)).toBeUndefined()
  })

  it('is not made of what could be read in two ways', () => {
    expect(() => signNote('no end', key, privateKey)).toThrow(RangeError)
    expect(() => signNote('a\u0000b\n', key, privateKey)).toThrow(RangeError)
    expect(() => verifierKey('a b', privateKey)).toThrow(RangeError)
  })
})
