/** vigie backup <folder> | key | list, vigie storage */
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { causeOf, isVigieError, type Said, VigieError } from '../errors.ts'
import { newIdentity, recipientOf } from '../export/age.ts'
import type { BackupOutcome } from '../record/backup.ts'
import { keepRecipient, recipientIn } from '../record/backup-recipient.ts'
import { backupsMade } from '../record/backups-made.ts'
import { openFolder } from '../record/database.ts'
import { signingKeyFile } from '../record/signing.ts'
import { keepOutcomes, makeHere } from '../wiring/backup-run.ts'
import { roomIn } from '../wiring/room.ts'
import { need } from './acts.ts'
import type { Context } from './context.ts'
import { type Output, table, time } from './output.ts'

export const BACKUP_OPTIONS = {
  key: { type: 'string' },
  into: { type: 'string' },
  witness: { type: 'string' },
  revoked: { type: 'string' },
  'nothing-revoked-since': { type: 'boolean' },
} as const

export const BACKUP_HELP = {
  en: `  vigie backup key [--again]
                        makes the recovery key and shows it once: keep it in a safe, apart from the
                        backups; only its public half stays here
  vigie backup <folder> a backup to an existing folder now, encrypted, read back and checked
  vigie backup list     the good ones that are kept
  vigie restore <file> --key <file> [--into <folder>]
                (--witness <file> | --revoked <file> | --nothing-revoked-since --by <login>)
                        a backup into an empty folder (default VIGIE_DATA_DIR), checked; --key - reads
                        the key from standard input; what was revoked since stays revoked
  vigie storage         room on the disk, and of the quota
`,
  fr: `  vigie backup key [--again]
                        crée la clé de secours et l’affiche une seule fois\u202f: à garder au coffre,
                        loin des sauvegardes\u202f; seule sa moitié publique reste ici
  vigie backup <dossier>
                        une sauvegarde dans un dossier existant, maintenant, chiffrée, relue et vérifiée
  vigie backup list     les bonnes qui sont conservées
  vigie restore <fichier> --key <fichier> [--into <dossier>]
                (--witness <fichier> | --revoked <fichier> | --nothing-revoked-since --by <identifiant>)
                        une sauvegarde dans un dossier vide (VIGIE_DATA_DIR par défaut), vérifiée\u202f;
                        --key - lit la clé sur l’entrée standard\u202f; ce qui a été révoqué depuis le reste
  vigie storage         place sur le disque, et sur le quota
`,
} as const

/**
 * The identity is shown here and nowhere else, ever. The row comes first: a key that nobody can tell of is not made.
 * @throws VigieError backup-key-exists, journal-unavailable
 */
export async function key(c: Context, again: boolean, out: Output): Promise<void> {
  const { dataDir } = c.config
  const known = recipientIn(dataDir)
  if (known !== undefined && !again) throw new VigieError('backup-key-exists', { recipient: known })
  const identity = await newIdentity()
  const recipient = await recipientOf(identity)
  const changed = { ...(known !== undefined && { from: known }), to: recipient }
  c.op('record', { at: c.now(), event: { kind: 'backup.key-made', by: `cli:${userInfo().username}`, ...changed } })
  keepRecipient(dataDir, recipient)
  out.result(
    { identity, recipient },
    `${identity}\n\nClé de secours, montrée cette seule fois. Mettez-la au coffre, loin des sauvegardes\u202f: sans elle aucune sauvegarde ne s’ouvre, avec elle toutes. Les sauvegardes sont désormais chiffrées pour ${recipient}.`,
    `${identity}\n\nThe recovery key, shown this once. Put it in a safe, apart from the backups: without it no backup opens, with it all do. From now on backups are encrypted to ${recipient}.`,
  )
}

/** @throws VigieError backup-key-missing, backup-copy-failed, journal-damaged, backup-unwritable, backup-differs */
export async function make(c: Context, folder: string | undefined, out: Output): Promise<void> {
  const destination = resolve(
    need(folder, 'name the folder: vigie backup <folder>', 'nommez le dossier\u202f: vigie backup <dossier>'),
  )
  const by = `cli:${userInfo().username}`
  const outcome = await tried(c, destination)
  const tell = (event: Parameters<typeof c.op<'record'>>[1]['event']) => c.op('record', { at: c.now(), event })
  await keepOutcomes([outcome], by, { db: c.db, op: c.op, tell, most: c.config.backupKeep, now: c.now })
  if ('cause' in outcome) throw failureOf(outcome)
  const { file, rows, bytes, sha256 } = outcome
  out.result(
    { destination, file, rows, bytes, sha256 },
    `${file}\u202f: ${rows} lignes, ${bytes} octets, relue et vérifiée.`,
    `${file}: ${rows} rows, ${bytes} bytes, read back and checked.`,
  )
}

async function tried(c: Context, destination: string): Promise<BackupOutcome> {
  const { dataDir, journalKey, signingKeyFile: configured } = c.config
  const folder = openFolder(dataDir, journalKey)
  const wish = { folder, keyFile: signingKeyFile(dataDir, configured), destinations: [destination], at: c.now() }
  try {
    const [outcome] = await makeHere(wish)
    return outcome ?? { destination, cause: 'nothing was tried' }
  } catch (error) {
    if (isVigieError(error) && error.code === 'backup-key-missing') throw error
    const known = isVigieError(error) ? { code: error.code, details: error.details } : {}
    return { destination, cause: causeOf(error), ...known }
  }
}

function failureOf({ destination, code, details, cause }: Extract<BackupOutcome, { cause: string }>): VigieError {
  if (code === undefined) return new VigieError('backup-unwritable', { file: destination, cause })
  return new VigieError(code, details ?? {})
}

export function list(c: Context, out: Output): void {
  const made = backupsMade(c.db)
  const rows = table(made.map(b => [time(b.at), b.destination, b.file, String(b.rows), String(b.bytes)]))
  out.result(made, rows || 'Aucune sauvegarde connue.', rows || 'No backup is known.')
}

const MB = 1024 * 1024
export async function storage(c: Context, out: Output): Promise<void> {
  const room = await roomIn(c.config)
  const share = Math.round((room.usedBytes / room.quotaBytes) * 100)
  const [used, all, free] = [room.usedBytes, room.quotaBytes, room.freeBytes].map(b => Math.round(b / MB))
  const words: Said = {
    fr: `${used} de ${all}\u00a0Mo utilisés (${share}\u00a0%)\u202f; ${free}\u00a0Mo libres sur le disque.`,
    en: `${used} of ${all} MB used (${share} %); ${free} MB free on the disk.`,
  }
  out.result({ ...room, share }, words.fr, words.en)
}
