/**
 * What somebody could do to an export, row by row: each field changed, a row taken out, put in, doubled or swapped, its
 * payload taken away, the end cut, the chain rebuilt without the key. Each knows which row has to be named.
 */
import { createHash } from 'node:crypto'
import { commit, entryOf, GENESIS, link } from '../record/chain.ts'
import { leafHash } from '../record/merkle.ts'
import type { Db } from '../record/sql.ts'

export interface Mutation {
  readonly what: string
  readonly lines: readonly string[]
  /** The bad row, or the rows among which it must be said to be. */
  readonly row: number
  /** True where only a span can be told: nothing else than a signature tells that something was changed. */
  readonly span?: true
}
export interface Base {
  /** Of an untouched export from row 1 to the newest checkpoint. */
  readonly lines: readonly string[]
  readonly db: Db
  /** A row that vouches for erased payloads. */
  readonly voucher: number
}

/** Everything that can be done at row `seq`. */
export function* mutationsAt(base: Base, seq: number, random: () => number): Generator<Mutation> {
  const line = base.lines[seq]
  if (line === undefined) throw new RangeError(`no row ${seq}`)
  for (const { what, changed, span } of fieldsOf(line, random))
    yield { what, lines: base.lines.with(seq, changed), row: seq, ...(span && { span }) }
  yield* movedAt(base, seq, line)
  yield* cutAt(base, seq, line, random)
  if (line.includes(',"event":')) yield { what: 'payload taken away', ...gone(base, seq, line) }
  yield { what: 'chain rebuilt without the key', lines: rebuilt(base, seq), row: seq, span: true }
}

interface Changed {
  readonly what: string
  readonly changed: string
  readonly span?: true
}

const HEX = /"(salt|commitment|hash)":"([0-9a-f]+)"/g

function* fieldsOf(line: string, random: () => number): Generator<Changed> {
  const head = line.split(',"event":')[0] ?? ''
  yield {
    what: 'seq',
    changed: line.replace(/"seq":(\d+)/, (_, n) => `"seq":${Number(n) + 1 + Math.floor(random() * 50)}`),
  }
  for (const found of head.matchAll(HEX))
    yield { what: found[1]!, changed: replaced(line, found, flipped(found[2]!, random)) }
  if (line.includes('"withheld"')) {
    yield { what: 'leaf', changed: line.replace(/"leaf":"[^"]+"/, `"leaf":"${digestOf(line)}"`), span: true }
    return
  }
  const at = /"at":"([^"]+)"/.exec(head)!
  yield {
    what: 'at',
    changed: replaced(line, at, new Date(Date.parse(at[1]!) + 1 + Math.floor(random() * 1e6)).toISOString()),
  }
  const kind = /"kind":"([^"]+)"/.exec(head)!
  yield {
    what: 'kind',
    changed: replaced(line, kind, kind[1] === 'access.denied' ? 'access.granted' : 'access.denied'),
  }
  if (line.includes('"erasedBy"')) {
    yield { what: 'erasedBy', changed: line.replace(/"erasedBy":(\d+)/, (_, n) => `"erasedBy":${Number(n) + 1}`) }
    yield { what: 'erasedBy beyond the end', changed: line.replace(/"erasedBy":\d+/, '"erasedBy":900719925474099') }
  } else yield* bodies(line, random)
}

/** One byte of the event as it stands, and one value that stays JSON. */
function* bodies(line: string, random: () => number): Generator<Changed> {
  const start = line.indexOf(',"event":') + 9
  const place = start + 1 + Math.floor(random() * (line.length - start - 3))
  const other = line[place] === 'x' ? 'y' : 'x'
  yield { what: 'event, one byte', changed: line.slice(0, place) + other + line.slice(place + 1) }
  yield { what: 'event, a field added', changed: `${line.slice(0, -2)},"forged":1}}` }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64')
const replaced = (line: string, found: RegExpExecArray | RegExpMatchArray, value: string): string => {
  const start = found.index! + found[0].lastIndexOf(found.at(-1)!)
  return line.slice(0, start) + value + line.slice(start + found.at(-1)!.length)
}

function flipped(hex: string, random: () => number): string {
  const place = Math.floor(random() * hex.length)
  return hex.slice(0, place) + ((Number.parseInt(hex[place]!, 16) + 1) % 16).toString(16) + hex.slice(place + 1)
}

function* movedAt({ lines }: Base, seq: number, line: string): Generator<Mutation> {
  const last = lines.length - 2
  yield { what: 'row deleted', lines: lines.toSpliced(seq, 1), row: seq }
  yield { what: 'row doubled', lines: lines.toSpliced(seq, 0, line), row: seq + 1 }
  yield { what: 'garbage put in', lines: lines.toSpliced(seq, 0, 'x\u0000{"seq":'), row: seq }
  if (line.includes(',"event":')) yield { what: 'row put in', lines: lines.toSpliced(seq, 0, forged(line)), row: seq }
  if (seq < last)
    yield { what: 'neighbours swapped', lines: lines.with(seq, lines[seq + 1]!).with(seq + 1, line), row: seq }
}

/** With a commitment that fits, as a forger would make it. */
function forged(line: string): string {
  const salt = Buffer.alloc(16, 7)
  const body = '{"kind":"access.denied","forged":true}'
  return line
    .replace(/"salt":"[^"]+"/, `"salt":"${salt.toString('hex')}"`)
    .replace(/"commitment":"[^"]+"/, `"commitment":"${commit(salt, body).toString('hex')}"`)
    .replace(/,"event":.*$/, `,"event":${body}}`)
}

/** Rows from `seq` on are gone: as they are, with the frame made to fit, and with the file just ending. */
function* cutAt({ lines }: Base, seq: number, line: string, random: () => number): Generator<Mutation> {
  const kept = lines.slice(0, seq)
  const end = lines.at(-1)!
  yield { what: 'tail cut', lines: [...kept, end], row: seq }
  if (seq > 1) {
    const fitted = kept.with(0, kept[0]!.replace(/"to":\d+/, `"to":${seq - 1}`))
    yield {
      what: 'tail cut, frame made to fit',
      lines: [...fitted, end.replace(/"rows":\d+/, `"rows":${seq - 1}`)],
      row: seq,
    }
  }
  yield { what: 'file cut between lines', lines: kept, row: seq }
  yield {
    what: 'file cut within a line',
    lines: [...kept, line.slice(0, 1 + Math.floor(random() * (line.length - 1)))],
    row: seq,
  }
}

/** A row that does vouch, but for others, is named. */
function gone({ lines, voucher }: Base, seq: number, line: string): Pick<Mutation, 'lines' | 'row'> {
  const bare = line.replace(/"salt":"[^"]+",/, '').replace(/(,"who":.*)?,"event":.*$/, `,"erasedBy":${voucher}}`)
  return { lines: lines.with(seq, bare), row: seq }
}

interface Stored {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly commitment: Buffer
}

/** Row `seq` says something else, and every hash from there on fits again. The signatures are the old ones. */
function rebuilt({ lines, db }: Base, seq: number): string[] {
  const rows = db
    .prepare<[number], Stored>('select seq, at, kind, commitment from journal where seq >= ? order by seq')
    .all(seq)
  const before = db.prepare<[number], { hash: Buffer }>('select hash from journal where seq = ?').get(seq - 1)
  const fresh = [...lines]
  const line = fresh[seq]!
  const changed = line.includes(',"event":') ? forged(line) : undefined
  if (changed) fresh[seq] = changed
  let hash = before?.hash ?? GENESIS
  for (const row of rows) {
    const commitment = row.seq === seq ? forgedCommitment(changed) : row.commitment
    hash = link(hash, row.seq, row.at, row.kind, commitment)
    fresh[row.seq] = rehashed(fresh[row.seq]!, { ...row, commitment }, hash)
  }
  return fresh
}

const forgedCommitment = (line: string | undefined): Buffer =>
  Buffer.from(/"commitment":"([^"]+)"/.exec(line ?? '')?.[1] ?? '0'.repeat(64), 'hex')

function rehashed(line: string, row: Stored, hash: Buffer): string {
  const fitted = line.replace(/"hash":"[^"]+"/, `"hash":"${hash.toString('hex')}"`)
  if (!line.includes('"withheld"'))
    return fitted.replace(/"commitment":"[^"]+"/, `"commitment":"${row.commitment.toString('hex')}"`)
  const leaf = leafHash(entryOf(row.seq, row.at, row.kind, row.commitment))
  return fitted.replace(/"leaf":"[^"]+"/, `"leaf":"${leaf.toString('base64')}"`)
}
