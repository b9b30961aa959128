/** What a witness file says of a journal: its newest signed checkpoint, and the list of what is revoked that it vouches for. */
import { type Said, VigieError } from '../errors.ts'
import { type CheckpointText, readCheckpointText } from './checkpoints.ts'
import { readNote, signersOf, type VerifierKey } from './note.ts'
import { readRevocation, revocationDigest } from './revocations.ts'

export interface Witnessed {
  /** Rows of the newest checkpoint. */
  readonly size: number
  /** When it was signed, ms. */
  readonly at: number
  /** Canonical lines. */
  readonly revoked: readonly string[]
}
interface WitnessFile {
  readonly file: string
  /** Signed notes, one after the other. */
  readonly notes: string
  /** The list beside it; undefined where there is none. */
  readonly revoked: string | undefined
}

/**
 * @param keys of the journal, as the backup knows them @param rows of the backup: a witness that knows of fewer can't say
 *   what was revoked since
 * @throws VigieError restore-witness-invalid
 */
export function readWitness(
  witness: WitnessFile,
  origin: string,
  keys: readonly VerifierKey[],
  rows: number,
): Witnessed {
  const fail = (cause: Said): never => {
    throw new VigieError('restore-witness-invalid', { file: witness.file, cause })
  }
  const newest = newestOf(witness.notes, origin)
  if (!newest)
    return fail({ en: 'it has no checkpoint of this journal', fr: 'il n’a aucun point de contrôle de ce journal' })
  const { text, note } = newest
  if (!signersOf(note, keys))
    return fail({
      en: 'its newest checkpoint is not signed by a key that the backup knows; if the key was changed since, use --revoked with the list beside it',
      fr: 'son dernier point de contrôle n’est pas signé par une clé que la sauvegarde connaît\u202f; si la clé a changé depuis, utilisez --revoked avec la liste voisine',
    })
  if (text.size < rows)
    return fail({
      en: `its newest checkpoint is older than the backup (${text.size} of ${rows} rows): it says nothing of what was revoked since`,
      fr: `son dernier point de contrôle est antérieur à la sauvegarde (${text.size} lignes sur ${rows})\u202f: il ne dit rien de ce qui a été révoqué depuis`,
    })
  const revoked = text.revoked ? linesOf(witness.revoked ?? '') : []
  const { count, sha256 } = revocationDigest(revoked)
  if (text.revoked && (count !== text.revoked.count || sha256 !== text.revoked.sha256))
    return fail({
      en: 'the list of revocations beside it is not the one its newest checkpoint names',
      fr: 'la liste de révocations voisine n’est pas celle que nomme son dernier point de contrôle',
    })
  return { size: text.size, at: text.time, revoked }
}

function newestOf(notes: string, origin: string) {
  let newest: { text: CheckpointText; note: NonNullable<ReturnType<typeof readNote>> } | undefined
  for (const one of notesIn(notes)) {
    const note = readNote(one)
    const text = note && readCheckpointText(note.text)
    if (text?.origin === origin && note && text.size >= (newest?.text.size ?? 0)) newest = { text, note }
  }
  return newest
}

/** Text without a blank line, a blank line, signatures. What a crash cut short in between is no note, and spoils none. */
const NOTE = /^[^\n]+\n\d+\n(?:[^\n]+\n)+\n(?:— [^\n]+\n)+/gmu
const notesIn = (text: string): string[] => [...text.matchAll(NOTE)].map(m => m[0])

const linesOf = (text: string): string[] => text.split('\n').filter(line => line !== '' && !line.startsWith('#'))

/** A list that somebody hands in: each line must be one. @throws VigieError restore-witness-invalid */
export function readRevoked(text: string, file: string): readonly string[] {
  const lines = linesOf(text.replaceAll('\r', ''))
  const bad = lines.findIndex(line => !readRevocation(line))
  if (bad < 0) return lines
  const cause = {
    en: `line ${bad + 1} of its lines is neither badge, device nor grant`,
    fr: `sa ligne ${bad + 1} n’est ni badge, ni device, ni grant`,
  }
  throw new VigieError('restore-witness-invalid', { file, cause })
}
