/** docs/verify/verify.mjs, as an auditor runs it: on exports of a real journal, untouched and tampered with. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceOfRows, evidenceOfSpan } from '../record/evidence.ts'
import { linesOf, liveYear, notesOf, Stand, writeEvidence } from './evidence-stand.ts'
import { mutable, mutateRow, verifier } from './mutation-round.ts'
import type { Base } from './mutations.ts'

const PROGRAM = join(import.meta.dirname, '../../docs/verify/verify.mjs')
const ROWS = 240
const { verify, readKey } = verifier
let stand: Stand
let base: Base
let dir: string
const file = (name: string): string => join(dir, name)
const keyed = () => ({ keys: stand.keys.slice(0, 1).map(k => readKey(k)) })

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-verify-'))
  ;({ stand, base } = await mutable(ROWS))
  writeFileSync(file('export.jsonl'), `${base.lines.join('\n')}\n`)
})
afterAll(() => {
  stand.close()
  rmSync(dir, { recursive: true })
})

function run(args: readonly string[], language = 'C'): { code: number | null; out: string; err: string } {
  const env = { PATH: process.env.PATH, LANG: language }
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8', env })
  return { code: status, out: stdout, err: stderr }
}

const notes = (db = stand.db): string[] => notesOf(db)

describe('an untouched export', () => {
  it('is complete and untouched, with erased payloads, withheld rows and a rotated key', () => {
    expect(verify(base.lines, keyed())).toMatchObject({
      ok: true,
      complete: true,
      from: 1,
      to: ROWS,
      rows: ROWS,
      erased: 6,
      withheld: 3,
    })
  })

  it('agrees with every checkpoint of a witness', () => {
    const count = notes().length
    expect(verify(base.lines, { ...keyed(), checkpoints: notes() })).toMatchObject({ ok: true, agreed: 2 * count })
  })

  it.each([
    [1, 1],
    [1, 100],
    [77, 78],
    [101, ROWS],
    [ROWS, ROWS],
  ])('of the span %i to %i needs no rows before or after it', async (from, to) => {
    const lines = await stand.lines({ from, to })
    expect(verify(lines, keyed())).toMatchObject({ ok: true, from, to, rows: to - from + 1 })
  })

  it('of a selection says only that each row is in the journal', async () => {
    const lines = await linesOf(
      evidenceOfRows(stand.db, { from: 1, to: ROWS, filter: { kinds: 'x' } }, [[2, 3], [ROWS]]),
    )
    expect(verify(lines, keyed())).toMatchObject({ ok: true, complete: false, rows: 3, erased: 1 })
    for (const [place, line] of lines.slice(1, 4).entries())
      expect(verify(lines.with(place + 1, line.replace(/"at":"202./, '"at":"2019')), keyed())).toMatchObject({
        ok: false,
      })
    expect(verify(lines.toSpliced(1, 1), keyed())).toMatchObject({ ok: false, code: 'count' })
  })

  it('of names says that they prove nothing, and stays untouched when one changes', async () => {
    const names = (rows: readonly unknown[]) => rows.map(() => ({ 'p-1': { name: 'Zoé "Z" ,"event":{ Ø' } }))
    const lines = await stand.lines({ names })
    expect(verify(lines, keyed())).toMatchObject({ ok: true, rows: ROWS })
    const smuggled = lines.with(5, lines[5]!.replace(/},"event"/, '},"at":"2020-01-01T00:00:00.000Z","event"'))
    expect(verify(smuggled, keyed())).toMatchObject({ ok: false, row: 5 })
  })

  it('of 5,000 rows of a hospital raises no false alarm', async () => {
    const year = new Stand()
    liveYear(year, 5_000, 500)
    await writeEvidence(file('year.jsonl'), evidence(year))
    expect(verifier.verifyFile(file('year.jsonl'), { keys: year.keys.map(k => readKey(k)) })).toMatchObject({
      ok: true,
      rows: 5_000,
      agreed: 10,
    })
    year.close()
  })
})

const evidence = (of: Stand) => evidenceOfSpan(of.db, { from: 1, to: of.rows })

describe('a tampered export', () => {
  it('is noticed whatever is done at 20 of its rows, and the first bad row is named', () => {
    const rows = [1, 2, 3, 99, 100, 101, 119, 120, 121, 122, 123, 124, 125, 126, 127, 200, 237, 238, 239, 240]
    const outcomes = rows.map(row => mutateRow(base, stand.keys.slice(0, 1), row, 1))
    expect(outcomes.flatMap(o => o.undetected)).toEqual([])
    expect(outcomes.flatMap(o => o.misnamed)).toEqual([])
    expect(outcomes.reduce((sum, o) => sum + o.tried, 0)).toBeGreaterThan(280)
  })

  it.each([
    ['origin', /"origin":"vigie-journal\/./, '"origin":"vigie-journal/x'],
    ['first row', /"from":1/, '"from":2'],
    ['last row', /"to":\d+/, '"to":500'],
    ['hash before it', /"previous":"./, '"previous":"x'],
    ['whether it is complete', /"complete":true/, '"complete":false'],
    ['rotation note', /"rotations":\["/, '"rotations":["x'],
  ])('is noticed when the %s of its first line was changed', (_, found, put) => {
    expect(verify(base.lines.with(0, base.lines[0]!.replace(found, put)), keyed()).ok).toBe(false)
  })

  it.each([
    ['number of rows', /"rows":\d/, '"rows":9'],
    ['checkpoint', /\\ntime 1/, '\\ntime 2'],
    ['signature', /(— \S+ \S{20})./, '$1_'],
    ['hashes after the rows', /"right":\[/, `"right":["${'A'.repeat(43)}="`],
    ['earlier checkpoints', /("checkpoints":\[".{60})./, '$1x'],
  ])('is noticed when the %s of its last line were changed', (_, found, put) => {
    const last = base.lines.at(-1)!
    expect(last).toMatch(found)
    expect(verify([...base.lines.slice(0, -1), last.replace(found, put)], keyed()).ok).toBe(false)
  })

  it('is noticed when a witness holds checkpoints of a longer journal: row 61 and on are missing', async () => {
    const short = new Stand()
    liveYear(short, 60, 20)
    const lines = await short.lines()
    liveYear(short, 40, 20, 3)
    const keys = short.keys.map(k => readKey(k))
    const later = notes(short.db)
    short.close()
    expect(verify(lines, { keys })).toMatchObject({ ok: true })
    expect(verify(lines, { keys, checkpoints: later })).toMatchObject({ ok: false, code: 'tail-cut', row: 61 })
    const made = (lines.at(-1)!.match(/\\ntime (\d+)/) ?? [])[1]
    expect(verify(lines, { keys, checkpoints: later, made: Number(made) })).toMatchObject({ ok: true, unchecked: 2 })
  })

  it('is noticed when its checkpoints, or those of the witness, are another hub’s', () => {
    const other = new Stand()
    liveYear(other, ROWS, 100)
    const [note] = notes(other.db)
    const last = JSON.parse(base.lines.at(-1)!) as object
    const foreign = [...base.lines.slice(0, -1), JSON.stringify({ ...last, checkpoint: note })]
    expect(verify(foreign, keyed())).toMatchObject({ ok: false, code: 'other-hub' })
    expect(verify(base.lines, { ...keyed(), checkpoints: [note] })).toMatchObject({ ok: false, code: 'other-hub' })
    expect(verify(base.lines, { keys: other.keys.map(k => readKey(k)) })).toMatchObject({
      ok: false,
      code: 'other-hub',
    })
    other.close()
  })
})

describe('the command', () => {
  it('exits 0 and says complete and untouched, with the key and witnesses given', () => {
    writeFileSync(file('witness.notes'), notes().join('\n'))
    const { code, out } = run([file('export.jsonl'), '--key', stand.keys[0]!, '--checkpoints', file('witness.notes')])
    expect(code).toBe(0)
    expect(out).toContain(`Complete and untouched from row 1 to row ${ROWS}`)
    expect(out).not.toContain('WARNING')
  })

  it('passes over what a witness could not finish writing, wherever it was cut, and nothing else', () => {
    const [first = '', second = ''] = notes()
    for (let cut = 1; cut < first.length - 1; cut++)
      expect(verifier.readNotes(`${first.slice(0, cut)}\n\n${second}\n`)).toEqual([second])
    expect(verifier.readNotes(`${second}\nsomething else\n`)).toBeUndefined()
  })

  it('warns loudly without a key, and prints the one of the export with its fingerprint', () => {
    const { code, out } = run([file('export.jsonl')])
    expect(code).toBe(0)
    expect(out).toContain('WARNING: no key was given')
    expect(out).toContain(stand.keys[0])
    expect(out).toMatch(/fingerprint.*: ([0-9a-f]{8} ){7}[0-9a-f]{8}/)
  })

  it('speaks French where LANG says so', () => {
    expect(run([file('export.jsonl')], 'fr_FR.UTF-8').out).toContain('Complet et intact de la ligne 1')
  })

  it('exits 1 and names the row, in words and as JSON', () => {
    writeFileSync(
      file('bad.jsonl'),
      readFileSync(file('export.jsonl'), 'utf8').replace('"event":{"kind"', '"event":{"Kind"'),
    )
    const { code, out } = run([file('bad.jsonl'), '--key', stand.keys[0]!])
    expect(code).toBe(1)
    expect(out).toContain('First bad row: 1.')
    const json = JSON.parse(run([file('bad.jsonl'), '--json']).out) as object
    expect(json).toMatchObject({ ok: false, code: 'content', row: 1 })
  })

  it('exits 1 on a file that was cut anywhere, or goes on after its end', () => {
    for (const bytes of [0, 10, 5_000, 50_000]) {
      writeFileSync(file('cut.jsonl'), readFileSync(file('export.jsonl')))
      truncateSync(file('cut.jsonl'), bytes)
      expect(run([file('cut.jsonl')]).code).toBe(1)
    }
    writeFileSync(file('long.jsonl'), readFileSync(file('export.jsonl')))
    appendFileSync(file('long.jsonl'), base.lines[1]!)
    expect(run([file('long.jsonl')]).code).toBe(1)
  })

  it.each([
    ['nothing', []],
    ['a file that is not there', ['nowhere.jsonl']],
    ['an unknown option', ['x.jsonl', '--force']],
    ['no key', ['x.jsonl', '--key', 'abc']],
    ['no notes', ['x.jsonl', '--checkpoints', PROGRAM]],
    ['no time', ['x.jsonl', '--made', 'yesterday']],
  ])('exits 2 when it is given %s', (_, args) => {
    const { code, out, err } = run(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).not.toContain('    at ')
  })
})
