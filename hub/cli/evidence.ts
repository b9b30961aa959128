/** vigie journal verify | checkpoint | prove */
import { userInfo } from 'node:os'
import type { CheckpointView } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { SpanPlan } from '../record/chain-span.ts'
import type { Bad, Damage, Verdict } from '../record/chain-verify.ts'
import {
  checkpointOf,
  checkpointView,
  makeCheckpoint,
  newestCheckpoint,
  notesIn,
  readCheckpoint,
  type StoredCheckpoint,
  signCheckpoint,
} from '../record/checkpoints.ts'
import { openFolder } from '../record/database.ts'
import { missingNodes } from '../record/merkle-nodes.ts'
import { type FormerJournal, formerJournals } from '../record/new-origin.ts'
import { readNote, readVerifierKey, signersOf } from '../record/note.ts'
import { rowProof } from '../record/proofs.ts'
import { lastSeq } from '../record/reading.ts'
import { journalKeys, keyInFile, openSigner, originOf, signingKeyFile } from '../record/signing.ts'
import { verifyJournal } from '../wiring/verifying.ts'
import type { Context } from './context.ts'
import { readText } from './json-file.ts'
import type { Output } from './output.ts'

const DAMAGE_IN_FRENCH: Readonly<Record<Damage, string>> = {
  'the row is missing': 'elle manque',
  'its content was changed': 'son contenu a été modifié',
  'its content is gone': 'son contenu a disparu',
  'it does not follow from the row before': 'elle ne découle pas de la précédente',
  'the tail was cut: a later payload remains': 'la fin a été coupée\u202f: il reste un contenu postérieur',
  'the tail was cut: a signed checkpoint counts more rows':
    'la fin a été coupée\u202f: un point de contrôle signé compte plus de lignes',
  'a signed checkpoint does not match: the rows were written anew':
    'un point de contrôle signé ne correspond pas\u202f: des lignes ont été réécrites',
  'a stored checkpoint is not as it was signed': 'un point de contrôle enregistré n’est pas tel qu’il a été signé',
  'all signed checkpoints are gone': 'tous les points de contrôle signés ont disparu',
  'a stored hash of the tree does not match its rows':
    'une empreinte enregistrée de l’arbre ne correspond pas à ses lignes',
  'the change of the signing key is not signed by the key before':
    'le changement de la clé de signature n’est pas signé par la clé précédente',
  'the file of the signing key holds another key': 'le fichier de la clé de signature contient une autre clé',
}

type Reading = Pick<Context, 'db' | 'config'>
export const keyFileOf = (c: Reading): string => signingKeyFile(c.config.dataDir, c.config.signingKeyFile)

/**
 * @param o.checkpoint a file of checkpoints that a witness kept
 * @throws VigieError journal-damaged naming the first bad row; checkpoint-invalid, checkpoint-foreign, checkpoint-unsigned
 */
export async function verify(c: Reading, o: { readonly checkpoint?: string }, out: Output): Promise<void> {
  const { others, lost } = o.checkpoint === undefined ? NONE : notesOf(c, o.checkpoint)
  const verdict = await verifyJournal(openFolder(c.config.dataDir, c.config.journalKey), others)
  const bad = verdict.ok ? otherKey(c) : verdict
  if (bad) throw damaged(bad)
  if (verdict.ok) report(verdict, others.length, lost, out)
}

function damaged({ row, until, cause }: Bad): VigieError {
  const span = { en: until ? ` (rows ${row} to ${until})` : '', fr: until ? ` (lignes ${row} à ${until})` : '' }
  return new VigieError('journal-damaged', {
    row,
    ...(until !== undefined && { until }),
    cause: { en: `${cause}${span.en}`, fr: `${DAMAGE_IN_FRENCH[cause]}${span.fr}` },
  })
}

/** Whoever can write the database can put another key into it, but not into the file. */
function otherKey(c: Reading): Bad | undefined {
  const known = journalKeys(c.db).at(-1)?.vkey
  const own = keyInFile(c.db, keyFileOf(c))
  if (known === undefined || own === undefined || own === known) return undefined
  return { ok: false, row: 1, cause: 'the file of the signing key holds another key' }
}

function report(verdict: Verdict & { ok: true }, others: number, lost: number, out: Output): void {
  const { rows, head, erased, checkpoints, signed } = verdict
  const beyond = rows - signed
  const fr = [
    `Journal complet et intact\u202f: ${rows} lignes, empreinte ${head}.`,
    `Points de contrôle vérifiés\u202f: ${checkpoints}${others ? `, dont ${others} d’un témoin` : ''}\u202f; ${beyond} ligne(s) après le dernier.`,
    ...(erased ? [`Contenus effacés à leur terme ou sur demande\u202f: ${erased}, chacun attesté.`] : []),
  ]
  const en = [
    `Journal complete and untouched: ${rows} rows, head ${head}.`,
    `Checkpoints verified: ${checkpoints}${others ? `, ${others} of them a witness’s` : ''}; ${beyond} row(s) after the last one.`,
    ...(erased ? [`Contents erased at their term or on request: ${erased}, each vouched for.`] : []),
  ]
  if (lost > 0) {
    fr.push(`Non comparés\u202f: ${lost} points de contrôle du témoin, sur des lignes perdues lors d’une restauration.`)
    en.push(`Not compared: ${lost} checkpoints of the witness, over rows that a restore lost.`)
  }
  out.result({ ...verdict, lost }, fr.join('\n'), en.join('\n'))
}

interface Witnessed {
  readonly others: SpanPlan['others']
  /** Notes over rows that were lost when the journal was restored from a backup: there is nothing to compare them with. */
  readonly lost: number
}
const NONE: Witnessed = { others: [], lost: 0 }

/**
 * Of this journal, under its name of today or one from before a restore, and signed by it: what they say of its rows is for
 * verify to compare.
 */
function notesOf(c: Reading, file: string): Witnessed {
  const notes = notesIn(readText(file))
  if (notes.length === 0) throw new VigieError('checkpoint-invalid', { file })
  const present = { origin: originOf(c.db), rows: Number.POSITIVE_INFINITY, keys: journalKeys(c.db) }
  const journals = [present, ...formerJournals(c.db)]
  const read = notes.map(note => ({ note, ...signedBy(journals, note, file) }))
  const others = read.filter(n => n.size <= n.rows).map(({ size, note }) => ({ size, note }))
  return { others, lost: read.length - others.length }
}

/** @returns rows of the note, and how many of that journal are in this one */
function signedBy(journals: readonly FormerJournal[], note: string, file: string): { size: number; rows: number } {
  const [text, read] = [readCheckpoint(note), readNote(note)]
  if (!text || !read) throw new VigieError('checkpoint-invalid', { file })
  const journal = journals.find(j => j.origin === text.origin)
  if (!journal)
    throw new VigieError('checkpoint-foreign', { file, found: text.origin, expected: journals[0]?.origin ?? '' })
  const keys = journal.keys.flatMap(k => readVerifierKey(k.vkey) ?? [])
  if (!signersOf(read, keys)) throw new VigieError('checkpoint-unsigned', { file, row: text.size })
  return { size: text.size, rows: journal.rows }
}

type Writing = Pick<Context, 'db' | 'config' | 'op' | 'now'>

/** Signs what stands in the journal now, in this process; a size that was signed already keeps its note. */
export async function signNow(c: Writing): Promise<StoredCheckpoint> {
  const size = await signCheckpoint({
    missing: limit => missingNodes(c.db, limit),
    make: at => makeCheckpoint(c.db, openSigner(c.db, keyFileOf(c)), at),
    keepNodes: nodes => c.op('keepNodes', { nodes }),
    keep: made => c.op('keepCheckpoint', made),
    now: c.now,
  })
  const stored = checkpointOf(c.db, size)
  if (!stored) throw new VigieError('signing-key-wrong', { file: keyFileOf(c) })
  return stored
}

export async function checkpoint(c: Writing, out: Output): Promise<void> {
  const view: CheckpointView = checkpointView(c.db, await signNow(c))
  const note = view.note.trimEnd()
  out.result(view, note, note)
}

/** Reading a row is a row of its own. @throws VigieError row-unknown */
export async function prove(c: Writing, args: readonly string[], out: Output): Promise<void> {
  const seq = /^[1-9]\d{0,14}$/.test(args[0] ?? '') ? Number(args[0]) : undefined
  if (seq === undefined)
    throw new VigieError('usage', {
      expected: { en: 'name the row: vigie journal prove <seq>', fr: 'nommez la ligne\u202f: vigie journal prove <n>' },
    })
  if (seq > lastSeq(c.db)) throw new VigieError('row-unknown', { row: seq })
  const by = `cli:${userInfo().username}`
  c.op('record', { at: c.now(), event: { kind: 'journal.read', by, rows: 1, what: 'row', filter: { row: seq } } })
  const newest = newestCheckpoint(c.db)
  const proof = rowProof(c.db, seq, newest && newest.size >= seq ? newest : await signNow(c))
  const text = JSON.stringify(proof, null, 2)
  out.result(proof, text, text)
}
