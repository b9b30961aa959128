#!/usr/bin/env node
import * as crypto from 'node:crypto'
/**
 * Checks an export of Vigie's journal (JSON Lines) without Vigie: one file, no dependency, Node 20 or newer.
 *
 *   node verify.mjs <export.jsonl> [--checkpoints <notes>]... [--key <vkey>]... [--made <RFC 3339 time>] [--json]
 *
 * Exit code 0: untouched; 1: not, and the first bad row is named; 2: it was called wrongly. French where LANG says so.
 * The format, and how to use this: README.md, LISEZMOI.md beside it. Memory stays flat whatever the number of rows.
 */
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, readSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

// ---- Hashing: the chain, and the tree of RFC 9162, section 2.1 ----

const sha256 = crypto.hash
  ? bytes => crypto.hash('sha256', bytes, 'buffer')
  : bytes => createHash('sha256').update(bytes).digest()
const GENESIS = sha256('vigie journal v1')
const EMPTY_ROOT = sha256('')
const inner = (left, right) => sha256(Buffer.concat([INNER, left, right], 65))
const INNER = Buffer.from([1])
const HASH_BYTES = 32

/** Previous hash | 0x00 | seq | at | kind length | kind | commitment: the chain hashes it without the 0x00, a leaf from there. */
function linkAndLeaf(previous, seq, at, kind, commitment) {
  const kindBytes = Buffer.byteLength(kind)
  const entry = Buffer.allocUnsafe(1 + 18 + kindBytes + HASH_BYTES)
  entry[0] = 0
  entry.writeBigUInt64BE(BigInt(seq), 1)
  entry.writeBigUInt64BE(BigInt(at), 9)
  entry.writeUInt16BE(kindBytes, 17)
  entry.write(kind, 19)
  commitment.copy(entry, 19 + kindBytes)
  return { link: previous && sha256(Buffer.concat([previous, entry.subarray(1)])), leaf: sha256(entry) }
}

/** Levels of the largest whole subtrees that make up the leaves from..to, left to right. */
function levelsOf(from, to) {
  const levels = []
  for (let at = from; at < to; at += 2 ** levels.at(-1)) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1
    levels.push(level)
  }
  return levels
}

/** The tree so far, as the hashes of its largest whole subtrees. */
class Tree {
  #levels = []
  #hashes = []

  add(level, hash) {
    while (this.#levels.length > 0 && this.#levels.at(-1) === level) {
      this.#levels.pop()
      hash = inner(this.#hashes.pop(), hash)
      level += 1
    }
    this.#levels.push(level)
    this.#hashes.push(hash)
  }
  root() {
    return this.#hashes.reduceRight((right, left) => (right ? inner(left, right) : left), undefined) ?? EMPTY_ROOT
  }
}

/** RFC 9162, 2.1.3.2. @returns the root that leaf and proof lead to, or undefined */
function rootBy(index, size, leaf, proof) {
  let [fn, sn, hash] = [index, size - 1, leaf]
  for (const step of proof) {
    if (sn === 0) return undefined
    if (fn % 2 === 1 || fn === sn) {
      hash = inner(step, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else hash = inner(hash, step)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 ? hash : undefined
}

// ---- Signed notes: checkpoints and key rotations (C2SP signed-note, tlog-checkpoint) ----

/** What is wrong with an export: a code of WORDS, and where. */
class Bad extends Error {
  constructor(code, details = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex')
const B64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** @returns the bytes, or undefined unless it is base64, written the one way there is, of a hash */
function hashOf(text) {
  const bytes = typeof text === 'string' && B64.test(text) ? Buffer.from(text, 'base64') : undefined
  return bytes?.length === HASH_BYTES && bytes.toString('base64') === text ? bytes : undefined
}

/** `<name>+<8 hex key id>+<base64(0x01 | public key)>`. @returns undefined if it is no such key */
export function readKey(vkey) {
  const [, name, id, text] = /^([^\s+\p{C}]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(vkey) ?? []
  const raw = Buffer.from(text ?? '', 'base64')
  if (raw.length !== 33 || raw[0] !== 1) return undefined
  if (sha256(Buffer.concat([Buffer.from(`${name}\n`), raw])).toString('hex', 0, 4) !== id) return undefined
  const spki = { key: Buffer.concat([SPKI_ED25519, raw.subarray(1)]), format: 'der', type: 'spki' }
  return { vkey, name, id, key: createPublicKey(spki), fingerprint: sha256(raw.subarray(1)).toString('hex') }
}

/** @returns what is signed, and the signatures; undefined if it is no signed note */
function readNote(note) {
  const cut = typeof note === 'string' ? note.lastIndexOf('\n\n') : -1
  if (cut < 0 || !note.endsWith('\n')) return undefined
  const signatures = note
    .slice(cut + 2, -1)
    .split('\n')
    .map(readSignature)
  return signatures.every(s => s) ? { text: note.slice(0, cut + 1), signatures } : undefined
}

function readSignature(line) {
  const [, name, text = ''] = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
  const bytes = Buffer.from(text, 'base64')
  if (!name || bytes.toString('base64') !== text) return undefined
  return { name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) }
}

/** A wrong signature of a known key spoils the note, whatever stands beside it (C2SP signed-note). */
function isSignedBy(note, key) {
  const own = note.signatures.filter(s => s.name === key.name && s.id === key.id)
  return own.length > 0 && own.every(s => verifySignature(null, Buffer.from(note.text), key.key, s.bytes))
}

function readCheckpoint(text) {
  const note = readNote(text)
  const [origin, size, root, ...more] = note?.text.split('\n').slice(0, -1) ?? []
  const extra = name => more.find(line => line.startsWith(`${name} `))?.slice(name.length + 1)
  const time = /^\d{1,15}$/.test(extra('time') ?? '') ? Number(extra('time')) : undefined
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size ?? '') || !hashOf(root) || time === undefined || !hashOf(extra('chain')))
    throw new Bad('checkpoint-unreadable')
  return { origin, size: Number(size), root: hashOf(root), chain: hashOf(extra('chain')), time, note }
}

/** Keys that are trusted: the ones given, and those that they signed as their successors. Each up to the size it was used to. */
class Keys {
  #trusted = new Map()

  constructor(keys, rotations, origin) {
    for (const key of keys) this.#trusted.set(key.vkey, { key, until: Number.POSITIVE_INFINITY })
    for (const text of rotations) this.#rotate(text, origin)
  }

  #rotate(text, origin) {
    const note = readNote(text)
    const [what, of, from, to, size] = note?.text.split('\n') ?? []
    const next = readKey(to ?? '')
    if (what !== 'vigie key rotation' || of !== origin || !next || !/^\d{1,16}$/.test(size ?? ''))
      throw new Bad('rotation')
    const old = this.#trusted.get(from)
    if (!old) return // of before the key that was given
    if (!isSignedBy(note, old.key)) throw new Bad('rotation')
    old.until = Number(size)
    if (!this.#trusted.has(to)) this.#trusted.set(to, { key: next, until: Number.POSITIVE_INFINITY })
  }

  has(key) {
    return this.#trusted.has(key.vkey)
  }

  /** @returns the key that signed it, if it is trusted for that size */
  signerOf({ note, size }) {
    for (const { key, until } of this.#trusted.values()) if (size <= until && isSignedBy(note, key)) return key
    return undefined
  }
}

// ---- Payloads that are gone: each must be named by a row that says so ----

const PAGE = 4096

/** Four bytes per erased row that no row has vouched for yet. */
class Missing {
  #pages = new Map()
  #vouchers = [0]
  #numbers = new Map()

  add(seq, by) {
    const page = Math.floor(seq / PAGE)
    const marks = this.#pages.get(page) ?? { left: 0, by: new Uint32Array(PAGE) }
    this.#pages.set(page, marks)
    if (!this.#numbers.has(by)) this.#numbers.set(by, this.#vouchers.push(by) - 1)
    marks.by[seq % PAGE] = this.#numbers.get(by)
    marks.left += 1
  }

  /** @param ranges `1-5,8`, as row `by` says */
  vouch(by, ranges) {
    const number = this.#numbers.get(by)
    if (number === undefined || typeof ranges !== 'string') return
    for (const range of ranges.split(',')) {
      const [first, last = first] = range.split('-').map(Number)
      for (const page of this.#pagesOf(first, Math.min(last, by - 1)))
        for (let seq = Math.max(first, page * PAGE); seq <= Math.min(last, by - 1, page * PAGE + PAGE - 1); seq++)
          this.#clear(seq, number)
    }
  }

  /** Those where something is missing: a range may be as long as its writer likes. */
  #pagesOf(first, last) {
    const [low, high] = [Math.floor(first / PAGE), Math.floor(last / PAGE)]
    if (!(high - low < this.#pages.size)) return [...this.#pages.keys()].filter(page => page >= low && page <= high)
    return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i)
  }

  #clear(seq, number) {
    const marks = this.#pages.get(Math.floor(seq / PAGE))
    if (marks?.by[seq % PAGE] !== number) return
    marks.by[seq % PAGE] = 0
    marks.left -= 1
    if (marks.left === 0) this.#pages.delete(Math.floor(seq / PAGE))
  }

  /** @returns the first that nothing vouches for */
  first() {
    if (this.#pages.size === 0) return undefined
    const page = Math.min(...this.#pages.keys())
    const place = this.#pages.get(page).by.findIndex(number => number > 0)
    return { row: page * PAGE + place, by: this.#vouchers[this.#pages.get(page).by[place]] }
  }
}

// ---- Lines ----

const EVENT = Buffer.from(',"event":')
const HEX32 = '([0-9a-f]{64})'
const START = String.raw`^\{("vouches":true,)?"seq":([1-9]\d{0,15}),"at":"([^"]{20,30})","kind":"([^"\\]{1,100})"`
const ROW = new RegExp(
  String.raw`${START},"salt":"([0-9a-f]{32})","commitment":"${HEX32}"(?:,"hash":"${HEX32}")?(?:,"proof":\[([^\]]*)\])?(?:,"who":(\{.*\}))?$`,
)
const GONE = new RegExp(
  String.raw`${START}(),"commitment":"${HEX32}"(?:,"hash":"${HEX32}")?(?:,"proof":\[([^\]]*)\])?(),"erasedBy":([1-9]\d{0,15})\}$`,
)
const WITHHELD = new RegExp(
  String.raw`^\{"seq":([1-9]\d{0,15}),"withheld":true,"leaf":"([A-Za-z0-9+/]{43}=)"(?:,"hash":"${HEX32}")?\}$`,
)

/** @param line bytes without the line break. @returns undefined if it is no row */
function readRow(line) {
  const cut = line.indexOf(EVENT)
  if (cut < 0) return readBare(line.toString())
  const found = ROW.exec(line.toString('latin1', 0, cut))
  if (!found || line.at(-1) !== 0x7d) return undefined
  if (found[9] !== undefined && !isJson(`${line.toString('utf8', 0, cut)},"event":0}`, found[9])) return undefined
  return rowOf(found, line.subarray(cut + EVENT.length, -1))
}

/** The part in question, and the line around it, must each be JSON: no key is smuggled in between. */
function isJson(text, who) {
  try {
    JSON.parse(who)
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function readBare(text) {
  const gone = GONE.exec(text)
  if (gone) return rowOf(gone)
  const [, seq, leaf, hash] = WITHHELD.exec(text) ?? []
  return seq && { seq: Number(seq), leaf: hashOf(leaf), hash: hash && Buffer.from(hash, 'hex'), withheld: true }
}

function rowOf([, vouches, seq, iso, kind, salt, commitment, hash, proof, , erasedBy], body) {
  const at = Date.parse(iso)
  if (!(at >= 0) || new Date(at).toISOString() !== iso) return undefined
  const steps = proof === undefined ? undefined : proof === '' ? [] : proof.split(',').map(p => hashOf(p.slice(1, -1)))
  if (steps?.includes(undefined)) return undefined
  return {
    vouches: vouches !== undefined,
    seq: Number(seq),
    at,
    kind,
    salt: salt && Buffer.from(salt, 'hex'),
    commitment: Buffer.from(commitment, 'hex'),
    hash: hash && Buffer.from(hash, 'hex'),
    proof: steps,
    erasedBy: erasedBy && Number(erasedBy),
    body,
  }
}

function objectOf(line) {
  try {
    const value = JSON.parse(line.toString())
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

const isList = value => Array.isArray(value) && value.every(v => typeof v === 'string')
const isSeq = value => Number.isSafeInteger(value) && value >= 1

function readHeader(line) {
  const h = objectOf(line)
  if (h.vigie !== 'journal export') throw new Bad('header', { line: 1 })
  if (h.version !== 1) throw new Bad('version', { line: 1 })
  const previous = /^[0-9a-f]{64}$/.test(h.previous) ? Buffer.from(h.previous, 'hex') : undefined
  const left = isList(h.left) ? h.left.map(hashOf) : [undefined]
  const isSound =
    isSeq(h.from) && isSeq(h.to) && h.from <= h.to && typeof h.complete === 'boolean' && typeof h.origin === 'string'
  if (!isSound || !isList(h.keys) || !isList(h.rotations)) throw new Bad('header', { line: 1 })
  if (h.complete && (!previous || left.includes(undefined))) throw new Bad('header', { line: 1 })
  return { ...h, previous, left }
}

/** @returns undefined if it is not the last line of an export */
function readEnd(line) {
  const end = line === undefined ? {} : objectOf(line)
  if (end.end !== true || !Number.isSafeInteger(end.rows) || !isList(end.checkpoints)) return undefined
  const right = isList(end.right) ? end.right.map(hashOf) : [undefined]
  return right.includes(undefined) ? undefined : { ...end, right }
}

// ---- The verdict ----

/** Stretches of withheld rows that are told by their numbers. */
const MOST_NAMED = 20

/** Takes the lines one by one; the last one is known beforehand, because it holds the checkpoints to look out for. */
class Verifier {
  #options
  #header
  #end
  #keys
  #main
  /** By size: checkpoints that the rows are held against. */
  #due = new Map()
  #tree = new Tree()
  #missing = new Missing()
  #previous
  #next
  /** Size of the last checkpoint that agreed. */
  #agreed
  #suspect
  #line = 0
  #ended = false
  #count = { rows: 0, erased: 0, withheld: 0, agreed: 0, unchecked: 0 }
  #last = { seq: 0, withheld: false }
  /** Of withheld rows, first and last of each stretch; one more than is told. */
  #hidden = []
  #times = {}

  constructor(lastLine, options) {
    this.#options = options
    this.#end = readEnd(lastLine)
  }

  line(bytes) {
    this.#line += 1
    if (this.#line === 1) return this.#begin(bytes)
    if (this.#ended) throw new Bad('after-end', { line: this.#line })
    const row = readRow(bytes)
    if (row?.vouches) this.#voucher(row)
    else if (row) this.#row(row)
    else if (readEnd(bytes)) this.#stop()
    else throw new Bad('garbage', { line: this.#line, row: this.#next })
  }

  #stop() {
    if (!this.#end) throw new Bad('after-end', { line: this.#line + 1 }) // it is not the file's last line
    this.#ended = true
  }

  #begin(bytes) {
    const header = readHeader(bytes)
    this.#header = header
    this.#next = header.from
    this.#previous = header.previous
    this.#agreed = header.from - 1
    this.#trust()
    if (!header.complete) return
    const levels = levelsOf(0, header.from - 1)
    if (levels.length !== header.left.length) throw new Bad('header', { line: 1 })
    for (const [i, level] of levels.entries()) this.#tree.add(level, header.left[i])
    if (header.from === 1 && !this.#previous.equals(GENESIS)) throw new Bad('header', { line: 1, row: 1 })
    this.#holdAgainst(header.from - 1, this.#previous)
  }

  /** Whose signatures count, and what they signed. Without an end line only the rows can be looked at, until they stop. */
  #trust() {
    const { origin, rotations, keys } = this.#header
    const given = this.#options.keys ?? []
    const own = readKey(keys[0] ?? '')
    if (given.length === 0 && !own) throw new Bad('header', { line: 1 })
    const trusted = given.length > 0 ? given : [own]
    if (trusted.some(k => k.name !== origin)) throw new Bad('other-hub', { found: origin })
    this.#keys = new Keys(trusted, rotations, origin)
    if (!this.#end) return
    this.#main = readCheckpoint(this.#end.checkpoint)
    const signer = this.#signed(this.#main)
    if (!signer) throw new Bad('signature', { size: this.#main.size })
    this.#main.signer = signer
    if (this.#main.size < this.#header.to)
      throw new Bad('checkpoint-short', { size: this.#main.size, row: this.#main.size + 1 })
    this.#expect(this.#main)
    for (const text of this.#end.checkpoints) this.#expectEarlier(readCheckpoint(text))
    for (const text of this.#options.checkpoints ?? []) this.#expectWitnessed(readCheckpoint(text))
  }

  #signed(checkpoint) {
    if (checkpoint.origin !== this.#header.origin) throw new Bad('other-hub', { found: checkpoint.origin })
    return this.#keys.signerOf(checkpoint)
  }

  #expectEarlier(checkpoint) {
    if (this.#signed(checkpoint)) this.#expect(checkpoint)
    else if (this.#isOlderKey(checkpoint)) this.#count.unchecked += 1
    else throw new Bad('signature', { size: checkpoint.size })
  }

  /** By a key of before the one that was given: nobody we trust says it is the hub's. */
  #isOlderKey(checkpoint) {
    return this.#header.keys.some(text => {
      const key = readKey(text)
      if (!key || this.#keys.has(key)) return false // one that is trusted signed what it may not sign any more
      return isSignedBy(checkpoint.note, key) && (this.#options.keys ?? []).length > 0
    })
  }

  #expectWitnessed(checkpoint) {
    this.#expectEarlier(checkpoint)
    if (checkpoint.size <= this.#main.size || checkpoint.time > (this.#options.made ?? Number.POSITIVE_INFINITY)) return
    const details = { row: this.#main.size + 1, size: checkpoint.size, time: checkpoint.time }
    throw new Bad('tail-cut', details)
  }

  #expect({ size, root, chain, time }) {
    const list = this.#due.get(size) ?? []
    this.#due.set(size, [...list, { size, root, chain, time }])
  }

  #row(row) {
    const { complete, to } = this.#header
    if (complete && row.seq !== this.#next) throw new Bad('order', { row: this.#suspect ?? this.#next, found: row.seq })
    if (row.seq < this.#next || row.seq > to) throw new Bad('order', { row: row.seq, found: row.seq })
    if (row.leaf === undefined) this.#content(row)
    if (complete) this.#chained(row)
    else this.#included(row)
    this.#next = row.seq + 1
    this.#count.rows += 1
    this.#last = row
  }

  /** The payload is what the row commits itself to, or a row says why it is gone. */
  #content(row) {
    if (row.erasedBy === undefined) {
      if (!sha256(Buffer.concat([row.salt, row.body])).equals(row.commitment))
        throw new Bad('content', { row: row.seq })
      if (row.kind === 'payloads.erased') this.#missing.vouch(row.seq, objectOf(row.body).ranges)
    } else {
      if (row.erasedBy <= row.seq) throw new Bad('unvouched', { row: row.seq, by: row.erasedBy })
      this.#missing.add(row.seq, row.erasedBy)
      this.#count.erased += 1
    }
    this.#times.first ??= row.at
    this.#times.last = row.at
  }

  #chained(row) {
    if (row.withheld) this.#withheld(row.seq)
    else if (row.proof || !row.hash) throw new Bad('garbage', { line: this.#line, row: row.seq })
    else row.leaf = this.#linked(row)
    this.#tree.add(0, row.leaf)
    this.#previous = row.hash
    this.#holdAgainst(row.seq, row.hash)
  }

  #withheld(seq) {
    this.#count.withheld += 1
    const last = this.#hidden.at(-1)
    if (last?.[1] === seq - 1) last[1] = seq
    else if (this.#hidden.length <= MOST_NAMED) this.#hidden.push([seq, seq])
  }

  #linked(row) {
    if (!this.#previous) throw new Bad('garbage', { line: this.#line, row: row.seq })
    const { link, leaf } = linkAndLeaf(this.#previous, row.seq, row.at, row.kind, row.commitment)
    if (link.equals(row.hash)) return leaf
    // After a withheld row either of the two may be the changed one: the tree will tell which.
    if (!this.#last.withheld || this.#suspect) throw new Bad('chain', { row: this.#suspect ?? row.seq })
    this.#suspect = row.seq
    return leaf
  }

  /** The tree of the first `size` rows must be the one that was signed. */
  #holdAgainst(size, hash) {
    for (const checkpoint of this.#due.get(size) ?? []) {
      if (!checkpoint.root.equals(this.#tree.root())) throw this.#rebuilt(checkpoint)
      if (hash && !checkpoint.chain.equals(hash)) throw this.#unchained(size)
      if (this.#suspect) throw new Bad('chain', { row: this.#suspect - 1 })
      this.#agreed = size
      this.#count.agreed += 1
    }
    this.#due.delete(size)
  }

  #unchained(size) {
    const { from } = this.#header
    return size < from ? new Bad('before', { row: from, size }) : new Bad('chain', { row: size })
  }

  #rebuilt({ size, time }) {
    if (this.#suspect) return new Bad('chain', { row: this.#suspect })
    const { from, to } = this.#header
    if (size < from) return new Bad('before', { row: from, size })
    return new Bad('rebuilt', { row: this.#agreed + 1, until: Math.min(size, to + 1), size, time })
  }

  #included(row) {
    if (row.withheld || !row.proof || row.hash) throw new Bad('garbage', { line: this.#line, row: row.seq })
    if (!this.#main) return
    const { leaf } = linkAndLeaf(undefined, row.seq, row.at, row.kind, row.commitment)
    const root = row.seq <= this.#main.size ? rootBy(row.seq - 1, this.#main.size, leaf, row.proof) : undefined
    if (!root?.equals(this.#main.root)) throw new Bad('proof', { row: row.seq })
  }

  /** A row from elsewhere in the journal that says why payloads of these rows are gone. */
  #voucher(row) {
    if (row.kind !== 'payloads.erased' || row.erasedBy !== undefined)
      throw new Bad('garbage', { line: this.#line, row: row.seq })
    const times = { ...this.#times }
    this.#content(row)
    this.#included(row)
    this.#times = times
  }

  finish() {
    if (this.#line === 0) throw new Bad('header', { line: 1 })
    const { complete, to } = this.#header
    if (!this.#ended)
      throw new Bad('truncated', { row: complete && this.#next <= to ? this.#next : undefined, line: this.#line + 1 })
    if (complete && this.#next <= to) throw new Bad('missing', { row: this.#next })
    if (this.#end.rows !== this.#count.rows) throw new Bad('count', { found: this.#count.rows, said: this.#end.rows })
    if (complete) this.#after(to)
    else this.#sameRoot()
    const unvouched = this.#missing.first()
    if (unvouched) throw new Bad('unvouched', unvouched)
    return this.#good()
  }

  /** Of a selection: whoever else signed that size must have signed the same tree. */
  #sameRoot() {
    const { size, root } = this.#main
    const same = this.#due.get(size) ?? []
    for (const other of same)
      if (!other.root.equals(root)) throw new Bad('rebuilt', { row: 1, until: size, size, time: other.time })
    this.#count.agreed = same.length
    this.#due.delete(size)
    for (const rest of this.#due.values()) this.#count.unchecked += rest.length
  }

  #after(to) {
    const { size } = this.#main
    const levels = levelsOf(to, size)
    if (levels.length !== this.#end.right.length) throw new Bad('missing', { row: to + 1 })
    for (const [i, level] of levels.entries()) this.#tree.add(level, this.#end.right[i])
    if (size > to) this.#holdAgainst(size)
    for (const rest of this.#due.values()) this.#count.unchecked += rest.length
  }

  #good() {
    const { complete, origin, from, to, keys } = this.#header
    const { size, time, root, signer } = this.#main
    const checkpoint = { size, time, root: root.toString('base64'), key: signer.vkey }
    const own = readKey(keys[0] ?? '')
    const trusted = {
      keyGiven: (this.#options.keys ?? []).length > 0,
      firstKey: keys[0],
      fingerprint: own?.fingerprint,
    }
    const hidden = this.#hidden.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    const withheldRows = [...hidden.slice(0, MOST_NAMED), ...(hidden.length > MOST_NAMED ? ['...'] : [])].join(', ')
    const count = { ...this.#count, ...(withheldRows !== '' && { withheldRows }) }
    return { ok: true, complete, origin, from, to, ...count, ...this.#times, checkpoint, ...trusted }
  }
}

function judged(work) {
  try {
    return work()
  } catch (error) {
    if (error instanceof Bad) return { ok: false, code: error.code, ...error.details }
    throw error
  }
}

/**
 * @param lines of an export, in order, without line breaks: strings or Buffers
 * @param options keys: of readKey; checkpoints: signed notes of witnesses; made: ms, when the export was made
 * @returns `{ok: true, complete, from, to, ...}` or `{ok: false, code, row?, ...}`
 */
export function verify(lines, options = {}) {
  return judged(() => {
    const bytes = line => (typeof line === 'string' ? Buffer.from(line) : line)
    const verifier = new Verifier(lines.length > 0 ? bytes(lines.at(-1)) : undefined, options)
    for (const line of lines) verifier.line(bytes(line))
    return verifier.finish()
  })
}

// ---- Files ----

const CHUNK = 1 << 20
/** Longer than any line of an export: what is longer is none. */
const LONGEST = 64 << 20

/** The last line, if the file ends in a line break. */
function lastLine(fd, size) {
  for (let want = CHUNK; ; want *= 2) {
    const length = Math.min(want, size)
    const tail = Buffer.alloc(length)
    readSync(fd, tail, 0, length, size - length)
    if (tail.at(-1) !== 0x0a) return undefined
    const cut = tail.lastIndexOf(0x0a, -2)
    if (cut >= 0) return tail.subarray(cut + 1, -1)
    if (length === size || length > LONGEST) return undefined
  }
}

/** One line after the other, with a megabyte in memory. What follows the last line break is no line. */
function* linesOf(fd) {
  let rest = Buffer.alloc(0)
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK)
    const length = readSync(fd, chunk, 0, CHUNK, null)
    if (length === 0 || rest.length > LONGEST) break
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk.subarray(0, length)]) : chunk.subarray(0, length)
    let start = 0
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      yield bytes.subarray(start, end)
      start = end + 1
    }
    rest = bytes.subarray(start)
  }
}

/** It is read twice, so it must be a file. */
function openFile(path) {
  const fd = openSync(path, 'r')
  if (fstatSync(fd).isFile()) return fd
  closeSync(fd)
  throw Object.assign(new Error('not a file'), { code: 'EINVAL', syscall: 'open' })
}

/** @returns as verify() does */
export function verifyFile(path, options = {}) {
  const fd = openFile(path)
  try {
    return judged(() => {
      const verifier = new Verifier(lastLine(fd, fstatSync(fd).size), options)
      for (const line of linesOf(fd)) verifier.line(line)
      return verifier.finish()
    })
  } finally {
    closeSync(fd)
  }
}

const SIGNATURE_BYTES = 64

/**
 * Signed notes one after the other, as a witness keeps them. One whose writing was cut short (the witness's disk was full, its
 * power went) is passed over. @returns undefined if there is anything else in it, or no note
 */
export function readNotes(text) {
  const notes = []
  for (const { body, signatures } of piecesOf(text)) {
    const note = `${body.join('\n')}\n\n${signatures.join('\n')}\n`
    if (readNote(note)?.signatures.some(s => s.bytes.length === SIGNATURE_BYTES)) notes.push(note)
    else if (!isPieceOfNote(body, signatures)) return undefined
  }
  return notes.length > 0 ? notes : undefined
}

/** Lines up to a blank one, and those of signatures after it. Each line is looked at once, whatever file this is. */
function* piecesOf(text) {
  let [body, signatures, ended] = [[], [], false]
  for (const line of [...text.split('\n'), '']) {
    if (ended && SIGNATURE_BEGUN.test(line)) signatures.push(line)
    else if (signatures.length > 0 || (ended && line !== '')) {
      yield { body, signatures }
      ;[body, signatures, ended] = [line === '' ? [] : [line], [], false]
    } else if (line === '') ended = body.length > 0
    else body.push(line)
  }
  if (body.length > 0) yield { body, signatures }
}

const ORIGIN = 'vigie-journal/'
/** A dash that was cut in its midst is read as U+FFFD. */
const SIGNATURE_BEGUN = /^(?:—|\uFFFD)/
const isPieceOfNote = ([first], signatures) =>
  first.startsWith(ORIGIN) ||
  ORIGIN.startsWith(first.trim()) ||
  (signatures.length === 0 && SIGNATURE_BEGUN.test(first))

// ---- Words ----

const WORDS = {
  en: {
    header: 'The first line is not that of a journal export of Vigie, or it was changed.',
    version: 'This export is of a newer format than this program: get the verify.mjs that belongs to it.',
    garbage: 'Line {line} is no row of an export.',
    truncated: 'The file stops at line {line}, before its last line: it was cut.',
    'after-end': 'Something follows the last line, at line {line}.',
    order: 'Row {row} should stand here, and row {found} does: rows are missing, doubled, inserted or swapped.',
    missing: 'Row {row} and those after it are missing: the end was cut.',
    count: 'The export says that it holds {said} rows, and holds {found}.',
    content: 'The content of row {row} is not what was recorded: it, its salt or its commitment was changed.',
    chain: 'Row {row} does not follow from the row before it: its time, kind, commitment or hash was changed.',
    rebuilt:
      'Rows {row} to {until} are not the ones that were signed: up to row {agreed} all agrees, the checkpoint over {size} rows of {time} does not. Something in between was changed, and the chain rebuilt without the key; or the hashes beside the rows were changed.',
    before: 'What stands before row {row} is not what was signed at {size} rows.',
    proof: 'Row {row} is not in the journal that was signed, or was changed.',
    unvouched: 'The content of row {row} is gone, and row {by} does not vouch for it.',
    'tail-cut':
      'Row {row} and those after it are missing: a witness holds a checkpoint of {time} over {size} rows, which is more than this export knows of. If the export was made before then, say when: --made.',
    'other-hub': 'This comes from another journal: {found}.',
    signature:
      'The checkpoint over {size} rows is not signed by a key that is trusted for it: forged, changed, or of another key.',
    'checkpoint-unreadable': 'A checkpoint is not in the form of C2SP tlog-checkpoint.',
    'checkpoint-short': 'The checkpoint covers {size} rows only: nothing is signed from row {row} on.',
    rotation: 'A note about a new key is not signed by the key before it.',
    whole: 'Complete and untouched from row {from} to row {to}: {rows} rows, {first} to {last}.',
    wholeButWithheld:
      'Complete and untouched from row {from} to row {to}: {rows} rows, {first} to {last}, of which {withheld} withheld from whoever exported: {withheldRows}.',
    part: 'Each of these {rows} rows is in the journal, unchanged. Whether any other belongs to this selection can not be told from it.',
    signed: 'Checkpoint over {size} rows, signed {time}, key {id}.',
    agreed: '{agreed} checkpoint(s) agree; {unchecked} more could not be compared with these rows.',
    gone: '{erased} row(s) without content: it was erased, and a row of the journal vouches for each.',
    names: 'Names are joined when an export is made: they are not part of what is proven.',
    untrusted: [
      'WARNING: no key was given. The key is the word of this export alone: whoever forged it would have put a key of their own here.',
      'Compare it, by another way than this file, with the one your hub shows (vigie key show), or give it with --key:',
    ],
    fingerprint: 'fingerprint (SHA-256 of the public key)',
    bad: 'NOT untouched.',
    badRow: 'NOT untouched. First bad row: {row}.',
    badRows: 'NOT untouched. First bad row: between {row} and {until}.',
    none: 'none',
    usage:
      'node verify.mjs <export.jsonl> [--checkpoints <file of notes>]... [--key <verifier key>]... [--made <time>] [--json]',
    unreadable: '{file} can not be read: {cause}',
    'bad-key': 'This is no verifier key (<name>+<8 hex digits>+<base64>): {found}',
    'bad-notes': '{file} is no file of signed notes.',
    'bad-time': 'This is no RFC 3339 time: {found}',
  },
  fr: {
    header: "La première ligne n'est pas celle d'un export du journal de Vigie, ou elle a été modifiée.",
    version: 'Cet export est d’un format plus récent que ce programme : prenez le verify.mjs qui va avec.',
    garbage: "La ligne {line} n'est pas une ligne d'export.",
    truncated: "Le fichier s'arrête à la ligne {line}, avant sa dernière ligne : il a été coupé.",
    'after-end': 'Quelque chose suit la dernière ligne, à la ligne {line}.',
    order:
      'La ligne de journal {row} devrait être ici, et c’est la {found} : il en manque, ou elles sont doublées, insérées ou échangées.',
    missing: 'La ligne de journal {row} et les suivantes manquent : la fin a été coupée.',
    count: "L'export dit contenir {said} lignes de journal et en contient {found}.",
    content:
      "Le contenu de la ligne de journal {row} n'est pas ce qui a été enregistré : lui, son sel ou son engagement a été modifié.",
    chain:
      'La ligne de journal {row} ne suit pas celle d’avant : son heure, son genre, son engagement ou son empreinte a été modifié.',
    rebuilt:
      "Les lignes de journal {row} à {until} ne sont pas celles qui ont été signées : tout concorde jusqu'à la ligne {agreed}, mais pas le point de contrôle sur {size} lignes du {time}. Quelque chose entre les deux a été modifié et la chaîne refaite sans la clé ; ou les empreintes à côté des lignes ont été modifiées.",
    before: 'Ce qui précède la ligne de journal {row} n’est pas ce qui a été signé à {size} lignes.',
    proof: "La ligne de journal {row} n'est pas dans le journal signé, ou a été modifiée.",
    unvouched: 'Le contenu de la ligne de journal {row} a disparu, et la ligne {by} ne s’en porte pas garante.',
    'tail-cut':
      'La ligne de journal {row} et les suivantes manquent : un témoin détient un point de contrôle du {time} sur {size} lignes, plus que cet export n’en connaît. Si l’export a été fait avant, dites quand : --made.',
    'other-hub': "Ceci vient d'un autre journal : {found}.",
    signature:
      'Le point de contrôle sur {size} lignes n’est pas signé par une clé de confiance pour lui : faux, modifié, ou d’une autre clé.',
    'checkpoint-unreadable': "Un point de contrôle n'a pas la forme C2SP tlog-checkpoint.",
    'checkpoint-short':
      "Le point de contrôle ne couvre que {size} lignes : rien n'est signé à partir de la ligne {row}.",
    rotation: "Une note sur une nouvelle clé n'est pas signée par la clé d'avant.",
    whole: 'Complet et intact de la ligne {from} à la ligne {to} : {rows} lignes, {first} à {last}.',
    wholeButWithheld:
      'Complet et intact de la ligne {from} à la ligne {to} : {rows} lignes, {first} à {last}, dont {withheld} non montrée(s) à qui a exporté : {withheldRows}.',
    part: 'Chacune de ces {rows} lignes est dans le journal, inchangée. Rien ici ne dit si d’autres appartiennent à cette sélection.',
    signed: 'Point de contrôle sur {size} lignes, signé le {time}, clé {id}.',
    agreed: '{agreed} point(s) de contrôle concordent ; {unchecked} autre(s) ne peuvent être comparés à ces lignes.',
    gone: '{erased} ligne(s) sans contenu : il a été effacé, et une ligne du journal se porte garante pour chacune.',
    names: "Les noms sont ajoutés à l'export : ils ne font pas partie de ce qui est prouvé.",
    untrusted: [
      "ATTENTION : aucune clé n'a été donnée. La clé n'est que la parole de cet export : un faussaire y aurait mis la sienne.",
      'Comparez-la, par une autre voie que ce fichier, à celle que montre votre hub (vigie key show), ou donnez-la avec --key :',
    ],
    fingerprint: 'empreinte (SHA-256 de la clé publique)',
    bad: 'PAS intact.',
    badRow: 'PAS intact. Première ligne de journal fautive : {row}.',
    badRows: 'PAS intact. Première ligne de journal fautive : entre {row} et {until}.',
    none: 'aucune',
    usage:
      'node verify.mjs <export.jsonl> [--checkpoints <fichier de notes>]... [--key <clé de vérification>]... [--made <heure>] [--json]',
    unreadable: '{file} est illisible : {cause}',
    'bad-key': "Ceci n'est pas une clé de vérification (<nom>+<8 chiffres hexadécimaux>+<base64>) : {found}",
    'bad-notes': "{file} n'est pas un fichier de notes signées.",
    'bad-time': "Ceci n'est pas une heure RFC 3339 : {found}",
  },
}

const iso = ms => (ms === undefined ? undefined : new Date(ms).toISOString())

/** What an export says of itself could move the cursor, or turn the writing round, and with that say the opposite. */
const inert = value =>
  `${value}`.replace(/[\p{C}\u2028\u2029]/gu, c => `\\u{${c.codePointAt(0).toString(16).padStart(4, '0')}}`)
const inertJson = value => JSON.stringify(value).replace(/[\p{C}\u2028\u2029]/gu, escaped)
const escaped = c =>
  [...Array(c.length).keys()].map(i => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')

function wordsIn(language) {
  const table = WORDS[language]
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => inert(values[name] ?? table.none))
  return (key, values = {}) =>
    [table[key]]
      .flat()
      .map(text => fill(text, values))
      .join('\n')
}

function goodLines(verdict, say) {
  const { checkpoint, first, last } = verdict
  const [, id] = checkpoint.key.split('+')
  const warning = [
    say('untrusted'),
    `  ${inert(verdict.firstKey)}`,
    `  ${say('fingerprint')}: ${grouped(verdict.fingerprint)}`,
  ]
  return [
    say(verdict.complete ? (verdict.withheld > 0 ? 'wholeButWithheld' : 'whole') : 'part', {
      ...verdict,
      first: iso(first),
      last: iso(last),
    }),
    say('signed', { ...checkpoint, time: iso(checkpoint.time), id }),
    say('agreed', verdict),
    ...(verdict.erased > 0 ? [say('gone', verdict)] : []),
    say('names'),
    ...(verdict.keyGiven ? [] : warning),
  ]
}

const grouped = hex => hex.match(/.{8}/g).join(' ')

function badLines(verdict, say) {
  const head = verdict.row === undefined ? 'bad' : verdict.until > verdict.row ? 'badRows' : 'badRow'
  const values = { ...verdict, time: iso(verdict.time), agreed: (verdict.row ?? 1) - 1 }
  return [say(head, values), say(verdict.code, values)]
}

// ---- The command ----

class Misuse extends Error {
  constructor(code, details) {
    super(code)
    this.details = details
  }
}

function readable(file, read) {
  try {
    return read(file)
  } catch (error) {
    if (error.syscall === undefined) throw error
    throw new Misuse('unreadable', { file, cause: error.code })
  }
}

const OPTIONS = {
  checkpoints: { type: 'string', multiple: true, default: [] },
  key: { type: 'string', multiple: true, default: [] },
  made: { type: 'string' },
  json: { type: 'boolean', default: false },
}

function parsed(args) {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true })
    if (positionals.length === 1) return { ...values, file: positionals[0] }
  } catch {
    // what it says is in English only; the usage line says the same
  }
  throw new Misuse('usage')
}

function keyOf(text) {
  const key = readKey(text)
  if (!key) throw new Misuse('bad-key', { found: text })
  return key
}

function notesOf(file) {
  const notes = readNotes(readable(file, path => readFileSync(path, 'utf8')))
  if (!notes) throw new Misuse('bad-notes', { file })
  return notes
}

function timeOf(text) {
  const time = text === undefined ? undefined : Date.parse(text)
  if (Number.isNaN(time)) throw new Misuse('bad-time', { found: text })
  return time
}

function main(args, say) {
  const { file, key, checkpoints, made, json } = parsed(args)
  const options = { keys: key.map(keyOf), checkpoints: checkpoints.flatMap(notesOf), made: timeOf(made) }
  const verdict = readable(file, path => verifyFile(path, options))
  const lines = verdict.ok ? goodLines(verdict, say) : badLines(verdict, say)
  process.stdout.write(json ? `${inertJson({ ...verdict, words: lines })}\n` : `${lines.join('\n')}\n`)
  return verdict.ok ? 0 : 1
}

const { LC_ALL, LC_MESSAGES, LANG } = process.env
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const say = wordsIn(/^fr/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'fr' : 'en')
  try {
    process.exitCode = main(process.argv.slice(2), say)
  } catch (error) {
    if (!(error instanceof Misuse)) throw error
    process.stderr.write(`${say(error.message, error.details)}\n`)
    process.exitCode = 2
  }
}
