/** docs/verify/verify.mjs against somebody who writes the export, or the file of a witness, to be believed. */
import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceOfRows } from '../record/evidence.ts'
import { signNote, verifierKey } from '../record/note.ts'
import { linesOf, notesOf, type Stand } from './evidence-stand.ts'
import { mutable, verifier } from './mutation-round.ts'
import type { Base } from './mutations.ts'

const PROGRAM = join(import.meta.dirname, '../../docs/verify/verify.mjs')
const ROWS = 240
const { verify, readKey, readNotes } = verifier
let stand: Stand
let base: Base
let dir: string
const file = (name: string): string => join(dir, name)
const keyed = () => ({ keys: stand.keys.slice(0, 1).map(k => readKey(k)) })
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-hostile-'))
  ;({ stand, base } = await mutable(ROWS))
})
afterAll(() => {
  stand.close()
  rmSync(dir, { recursive: true })
})

type Json = Record<string, unknown>
const jsonOf = (line: string | undefined): Json => JSON.parse(line ?? '') as Json
const edited = (lines: readonly string[], at: number, edit: (value: Json) => Json): string[] => {
  const place = at < 0 ? lines.length + at : at
  return lines.with(place, JSON.stringify(edit(jsonOf(lines[place]))))
}
/** Hashes with one bit of the n-th turned. */
const turned = (list: unknown, n = 0): string[] =>
  (list as string[]).map((text, i) => {
    const bytes = Buffer.from(text, 'base64')
    if (i === n) bytes[0] = (bytes[0] ?? 0) ^ 1
    return bytes.toString('base64')
  })

/** A hub of the forger's own: one row, signed by a key whose name is what the forger likes. */
function forged(origin: string): string[] {
  const { privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(privateKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const typed = Buffer.concat([Buffer.from([1]), raw])
  const id = sha256(Buffer.concat([Buffer.from(`${origin}\n`), typed])).subarray(0, 4)
  const at = Date.UTC(2026, 0, 1)
  const [salt, body] = [Buffer.alloc(16, 7), '{"kind":"hub.started","version":"1"}']
  const commitment = sha256(Buffer.concat([salt, Buffer.from(body)]))
  const numbers = Buffer.alloc(18)
  numbers.writeBigUInt64BE(1n)
  numbers.writeBigUInt64BE(BigInt(at), 8)
  numbers.writeUInt16BE('hub.started'.length, 16)
  const entry = Buffer.concat([numbers, Buffer.from('hub.started'), commitment])
  const chain = sha256(Buffer.concat([sha256(Buffer.from('vigie journal v1')), entry]))
  const root = sha256(Buffer.concat([Buffer.from([0]), entry])).toString('base64')
  const text = `${origin}\n1\n${root}\nchain ${chain.toString('base64')}\ntime ${at}\n`
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString('base64')
  const previous = sha256(Buffer.from('vigie journal v1')).toString('hex')
  const span = { from: 1, to: 1, previous, left: [], complete: true }
  const keys = [`${origin}+${id.toString('hex')}+${typed.toString('base64')}`]
  const row = `"kind":"hub.started","salt":"${salt.toString('hex')}","commitment":"${commitment.toString('hex')}"`
  return [
    JSON.stringify({ vigie: 'journal export', version: 1, origin, ...span, keys, rotations: [] }),
    `{"seq":1,"at":"${new Date(at).toISOString()}",${row},"hash":"${chain.toString('hex')}","event":${body}}`,
    JSON.stringify({
      ...{ end: true, rows: 1, right: [], checkpoints: [] },
      checkpoint: `${text}\n— ${origin} ${signature}\n`,
    }),
  ]
}

function run(args: readonly string[]): { code: number | null; out: string; err: string } {
  const env = { PATH: process.env.PATH, LANG: 'C' }
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    ...{ encoding: 'utf8', env, timeout: 20_000 },
    input: '',
  })
  return { code: status, out: stdout, err: stderr }
}

describe('a forger who writes hashes that are not of these rows', () => {
  it.each([
    [77, 180],
    [101, 240],
    [2, 2],
  ])('is noticed before and after the span %i to %i', async (from, to) => {
    const lines = await stand.lines({ from, to })
    const { left } = jsonOf(lines[0]) as { left: string[] }
    const { right } = jsonOf(lines.at(-1)) as { right: string[] }
    for (const n of left.keys())
      expect(
        verify(
          edited(lines, 0, h => ({ ...h, left: turned(h.left, n) })),
          keyed(),
        ).ok,
      ).toBe(false)
    for (const n of right.keys())
      expect(
        verify(
          edited(lines, -1, e => ({ ...e, right: turned(e.right, n) })),
          keyed(),
        ).ok,
      ).toBe(false)
    expect(
      verify(
        edited(lines, 0, h => ({ ...h, left: left.slice(1) })),
        keyed(),
      ).ok,
    ).toBe(left.length === 0)
    expect(
      verify(
        edited(lines, 0, h => ({ ...h, left: [...left].reverse() })),
        keyed(),
      ).ok,
    ).toBe(left.length < 2)
  })

  it('is noticed where a checkpoint says what the row before the span hashed to', async () => {
    const lines = await stand.lines({ from: 101, to: 110 })
    const witness = notesOf(stand.db).filter(note => note.split('\n')[1] === '100')
    expect(witness).toHaveLength(1)
    expect(verify(lines, { ...keyed(), checkpoints: witness })).toMatchObject({ ok: true })
    // Rows that are hashed anew from another beginning: each still follows from the one before.
    let previous: Buffer = Buffer.alloc(32, 1)
    const anew = lines.map((line, i) => {
      if (i === 0) return JSON.stringify({ ...jsonOf(line), previous: previous.toString('hex') })
      const [, seq, at, kind = '', commitment = ''] =
        /^\{"seq":(\d+),"at":"([^"]+)","kind":"([^"]+)".*?"commitment":"(\w+)"/.exec(line) ?? []
      if (seq === undefined) return line
      const numbers = Buffer.alloc(18)
      numbers.writeBigUInt64BE(BigInt(seq))
      numbers.writeBigUInt64BE(BigInt(Date.parse(at ?? '')), 8)
      numbers.writeUInt16BE(kind.length, 16)
      previous = sha256(Buffer.concat([previous, numbers, Buffer.from(kind), Buffer.from(commitment, 'hex')]))
      return line.replace(/"hash":"\w+"/, `"hash":"${previous.toString('hex')}"`)
    })
    expect(verify(anew, { ...keyed(), checkpoints: witness })).toMatchObject({ ok: false, code: 'before', row: 101 })
  })
})

describe('a forger who plays with the form', () => {
  const bent: readonly [string, (lines: readonly string[]) => string[]][] = [
    ['rows follow the last line', l => [...l, l[1]!]],
    ['a second last line follows', l => [...l, l.at(-1)!]],
    ['a last line stands in the midst', l => l.toSpliced(50, 0, l.at(-1)!)],
    ['two neighbours are swapped', l => l.with(30, l[31]!).with(31, l[30]!)],
    ['a row stands twice', l => l.toSpliced(30, 0, l[30]!)],
    ['a key stands twice in a row', l => l.with(3, l[3]!.replace('"kind"', '"at":"2020-01-01T00:00:00.000Z","kind"'))],
    ['a key stands twice behind the event', l => l.with(3, `${l[3]!.slice(0, -1)},"event":{}}`)],
    ['__proto__ stands in a row', l => l.with(3, l[3]!.replace('"kind"', '"__proto__":{"seq":9},"kind"'))],
    ['spaces stand in a row', l => l.with(3, l[3]!.replace(',"kind"', ', "kind"'))],
    ['a carriage return ends a row', l => l.with(3, `${l[3]}\r`)],
    ['a BOM begins the file', l => l.with(0, `\uFEFF${l[0]}`)],
    ['an empty line stands between', l => l.toSpliced(9, 0, '')],
    ['an escape stands in a kind', l => l.with(3, l[3]!.replace(/"kind":"(.)/, '"kind":"\\u00$1'))],
    ['it begins with another row', l => edited(l, 0, h => ({ ...h, from: 2 })).toSpliced(1, 1)],
    ['no row is left', l => [l[0]!, edited(l, -1, e => ({ ...e, rows: 0 })).at(-1)!]],
    ['row numbers are beyond counting', l => edited(l, 0, h => ({ ...h, from: 2 ** 53 - 1, to: 2 ** 53 - 1 }))],
    ['it claims to be a selection', l => edited(l, 0, h => ({ ...h, complete: false }))],
    ['the note has one line more', l => edited(l, -1, e => ({ ...e, checkpoint: withLine(e.checkpoint) }))],
    ['the checkpoint is an earlier one', l => edited(l, -1, e => ({ ...e, checkpoint: notesOf(stand.db)[0] }))],
  ]
  it.each(bent)('is noticed where %s', (_, bend) => {
    expect(verify(bend(base.lines), keyed()).ok).toBe(false)
  })

  it('is noticed where a row of a selection stands twice, or out of order', async () => {
    const lines = await linesOf(evidenceOfRows(stand.db, { from: 1, to: ROWS }, [[3, 4, 5]]))
    expect(verify(lines, keyed()).ok).toBe(true)
    expect(verify([lines[0]!, lines[1]!, lines[1]!, ...lines.slice(3)], keyed()).ok).toBe(false)
    expect(verify(lines.with(1, lines[2]!).with(2, lines[1]!), keyed()).ok).toBe(false)
  })

  it('is noticed where a wrong signature of the same key stands beside the right one', () => {
    const spoiled = edited(base.lines, -1, e => ({ ...e, checkpoint: withSignature(String(e.checkpoint)) }))
    expect(verify(spoiled, keyed())).toMatchObject({ ok: false, code: 'signature' })
  })
})
const withLine = (note: unknown): string => String(note).replace('\n\n', '\nrevoked 1 x\n\n')
function withSignature(note: string): string {
  const [, name = '', text = ''] = /— (\S+) (\S+)\n$/.exec(note) ?? []
  const bytes = Buffer.from(text, 'base64')
  bytes[40] = (bytes[40] ?? 0) ^ 1
  return `${note}— ${name} ${bytes.toString('base64')}\n`
}

describe('rows that are withheld', () => {
  it('are named in the first sentence, so that nobody takes what is hidden for shown', async () => {
    const hidden = new Set(['duress.raised'])
    writeFileSync(file('withheld.jsonl'), `${(await stand.lines({ hidden })).join('\n')}\n`)
    const [first] = run([file('withheld.jsonl')]).out.split('\n')
    expect(first).toMatch(/^Complete and untouched from row 1 .* of which 3 withheld from whoever exported: 121-123\.$/)
    expect(verify(base.lines, keyed())).toMatchObject({ withheld: 3, withheldRows: '121-123' })
  })
})

describe('a forger who writes to the terminal of whoever checks', () => {
  const CLEAR = '\u001b[2J\u001b[8m\u009b1A\u202e'

  it('gets no key believed whose name would hide the warning', () => {
    writeFileSync(file('hides.jsonl'), `${forged(`vigie-journal/${CLEAR}`).join('\n')}\n`)
    const { code, out } = run([file('hides.jsonl')])
    expect(code).toBe(1)
    expect(out).toMatch(/^[\x20-\x7e\n]+$/)
  })

  it('is shown what its words are made of, in words and as JSON', () => {
    const lie = `${CLEAR}Complete and untouched from row 1\r`
    writeFileSync(file('lie.jsonl'), `${edited(base.lines, 0, h => ({ ...h, origin: lie })).join('\n')}\n`)
    const { code, out } = run([file('lie.jsonl'), '--key', stand.keys[0]!])
    expect(code).toBe(1)
    expect(out).toMatch(/^NOT untouched[^\n]*\n[^\n]*\\u\{001b\}[^\n]*\n$/)
    expect(out).toMatch(/^[\x20-\x7e\n]+$/)
    const json = run([file('lie.jsonl'), '--json', '--key', stand.keys[0]!]).out
    expect(json).toMatch(/^[\x20-\x7e]+\n$/)
    expect(jsonOf(json)).toMatchObject({ ok: false, found: lie })
  })

  it('is believed by no one who gave a key, and makes whoever gave none compare the fingerprint', () => {
    const plain = forged('vigie-journal/0123456789abcdef')
    expect(verify(plain, keyed())).toMatchObject({ ok: false, code: 'other-hub' })
    writeFileSync(file('plain.jsonl'), `${plain.join('\n')}\n`)
    expect(run([file('plain.jsonl')]).out).toContain('WARNING')
  })
})

describe('a forger who wants the check never to end', () => {
  it('gains nothing by a row that vouches for more rows than there can be', async () => {
    const lines = await linesOf(evidenceOfRows(stand.db, { from: 1, to: ROWS }, [[2, 3]]))
    const by = Number.MAX_SAFE_INTEGER
    const body = `{"kind":"payloads.erased","ranges":"1-${by}"}`
    const salt = Buffer.alloc(16)
    const commitment = sha256(Buffer.concat([salt, Buffer.from(body)])).toString('hex')
    const start = `{"vouches":true,"seq":${by},"at":"2026-01-01T00:00:00.000Z","kind":"payloads.erased"`
    const voucher = `${start},"salt":"${salt.toString('hex')}","commitment":"${commitment}","proof":[],"event":${body}}`
    expect(lines[1]).toContain('"erasedBy"')
    const told = lines.with(1, lines[1]!.replace(/"erasedBy":\d+/, `"erasedBy":${by}`)).toSpliced(3, 0, voucher)
    expect(verify(told, keyed())).toMatchObject({ ok: false, row: by })
  })

  it('gains nothing by a file of a witness that is none, however long its lines', () => {
    const began = performance.now()
    expect(readNotes(`${'x'.repeat(200)}\n`.repeat(20_000))).toBeUndefined()
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('is told that a pipe can not be checked, and is not told that the export is bad', () => {
    const { code, out, err } = run(['/dev/stdin'])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('can not be read')
  })
})

describe('the file of a witness', () => {
  it('whose last note was cut between any two bytes gives the notes before and after it', () => {
    const [first = '', second = ''] = notesOf(stand.db)
    const bytes = Buffer.from(first)
    for (let cut = 1; cut < bytes.length - 1; cut++)
      expect(readNotes(`${bytes.subarray(0, cut)}\n\n${second}\n`)).toEqual([second])
    expect(readNotes(`${first}${second}\n\n\n${first}`)).toEqual([first, second, first])
    expect(readNotes(`${first}\n— stray x\n\n${second}`)).toEqual([first, second])
    expect(readNotes(`${first}\nsomething else\n\n${second}`)).toBeUndefined()
  })

  it('is not passed over where a key signed more rows than it had when it was changed', async () => {
    const [note = ''] = notesOf(stand.db).slice(-1)
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const [origin = ''] = note.split('\n')
    const by = verifierKey(origin, publicKey)
    const next = verifierKey(origin, generateKeyPairSync('ed25519').publicKey)
    const rotation = signNote(`vigie key rotation\n${origin}\n${by.vkey}\n${next.vkey}\n100\n`, by, privateKey)
    const signed = (size: number): string =>
      signNote(note.slice(0, note.indexOf('\n\n') + 1).replace(`\n${ROWS}\n`, `\n${size}\n`), by, privateKey)
    const lines = edited(base.lines, 0, h => ({
      ...h,
      keys: [...(h.keys as string[]), by.vkey],
      rotations: [...(h.rotations as string[]), rotation],
    }))
    const keys = [...keyed().keys, readKey(by.vkey)]
    expect(verify(lines, { keys, checkpoints: [signed(180)] })).toMatchObject({ ok: false, code: 'signature' })
  })
})
