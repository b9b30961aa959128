/** What a backup says of itself: the first file in it. Everything else in it is named here, with its hash. */
import { VigieError } from '../errors.ts'

export const MANIFEST = 'manifest.json'
export const DATABASE = 'vigie.db'
export const JOURNAL_KEY = 'journal.key'
export const SIGNING_KEY = 'checkpoint.key.pem'
/** Of the data folder: the age recipient backups are encrypted to. */
export const RECIPIENT = 'backup.recipient'

/** Folders of this name below the data folder are copies being made. */
export const COPY_PREFIX = '.backup-'

export interface PackedFile {
  /** Relative to the data folder, with `/`. */
  readonly name: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
}
export interface Manifest {
  readonly vigie: 'backup'
  readonly version: 1
  readonly site: string
  /** Of the journal. */
  readonly origin: string
  readonly rows: number
  /** Hexadecimal chain hash of the newest row. */
  readonly head: string
  /** Signed note of exactly these rows. */
  readonly checkpoint: string
  /** RFC 3339, UTC. */
  readonly created: string
  /** Canonical lines of revocations.ts. */
  readonly revoked: readonly string[]
  readonly files: readonly PackedFile[]
}

/** Names that a backup may hold: nothing that leaves the folder, and nothing that is not the hub's. */
const NAME =
  /^(?:vigie\.db|journal\.key|checkpoint\.key\.pem|backup\.recipient|pki(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){1,4})$/

export const mayHold = (name: string): boolean => NAME.test(name)

/** @param file for the words of the error @throws VigieError restore-damaged */
export function readManifest(text: string, file: string): Manifest {
  const value = parsed(text)
  if (!isManifest(value)) {
    const cause = { en: 'its manifest is not one of this version', fr: 'son manifeste n’est pas de cette version' }
    throw new VigieError('restore-damaged', { file, cause })
  }
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // told as what it is by the caller: no manifest
  }
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false
  const m = value as Record<string, unknown>
  const texts = [m.site, m.origin, m.head, m.checkpoint, m.created]
  if (m.vigie !== 'backup' || m.version !== 1 || !Number.isSafeInteger(m.rows)) return false
  if (!texts.every(t => typeof t === 'string') || Number.isNaN(Date.parse(String(m.created)))) return false
  if (!Array.isArray(m.revoked) || !m.revoked.every(line => typeof line === 'string')) return false
  return Array.isArray(m.files) && m.files.every(isPackedFile) && m.files.some(f => f.name === DATABASE)
}

function isPackedFile(value: unknown): value is PackedFile {
  const { name, bytes, sha256 } = (value ?? {}) as Record<string, unknown>
  return (
    typeof name === 'string' && mayHold(name) && Number.isSafeInteger(bytes) && /^[0-9a-f]{64}$/.test(String(sha256))
  )
}
