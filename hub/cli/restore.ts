/** vigie restore <file>: works on a folder that is empty, so that it opens none. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { text as textOf } from 'node:stream/consumers'
import { readConfig } from '../config.ts'
import { isVigieError, VigieError } from '../errors.ts'
import { decrypt } from '../export/age.ts'
import { fileCauseOf } from '../file-causes.ts'
import type { Manifest } from '../record/backup-manifest.ts'
import { type Known, type Restored, restore } from '../record/restore.ts'
import { readRevoked, readWitness } from '../record/restore-witness.ts'
import { need, wrongCall } from './acts.ts'
import type { Output } from './output.ts'

export interface RestoreOptions {
  readonly key?: string | undefined
  readonly into?: string | undefined
  readonly witness?: string | undefined
  readonly revoked?: string | undefined
  readonly 'nothing-revoked-since'?: boolean | undefined
  readonly by?: string | undefined
}

/** @throws VigieError usage, age-key-invalid, age-key-wrong, age-damaged, file-unreadable, and those of restore() */
export async function restoreFrom(args: readonly string[], o: RestoreOptions, out: Output): Promise<void> {
  const config = readConfig()
  const file = need(
    args[0],
    'name the backup: vigie restore <file> --key <file>',
    'nommez la sauvegarde\u202f: vigie restore <fichier> --key <fichier>',
  )
  const stated = statement(o)
  const identity = await identityFrom(o.key)
  const cipher = createReadStream(file)
  try {
    const restored = await restore({
      file,
      plain: await decrypted(cipher, file, identity),
      into: resolve(o.into ?? config.dataDir),
      keyFromEnvironment: config.journalKey,
      signingKeyFile: config.signingKeyFile,
      by: `cli:${userInfo().username}`,
      at: Date.now(),
      known: async manifest => (await stated) ?? askedAtTerminal(manifest, out),
    })
    tellOf(restored, out)
  } finally {
    cipher.destroy()
  }
}

async function decrypted(cipher: ReturnType<typeof createReadStream>, file: string, identity: string) {
  await new Promise<void>((opened, failed) => cipher.once('open', () => opened()).once('error', failed)).catch(
    unreadable(file),
  )
  try {
    return await decrypt(ReadableStream.from<Uint8Array>(cipher), identity)
  } catch (error) {
    throw isVigieError(error) ? error : new VigieError('age-damaged', {}, { cause: error })
  }
}

const unreadable =
  (file: string) =>
  (error: unknown): never => {
    throw new VigieError('file-unreadable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(unreadable(file))

/** A file as age-keygen writes it, or as it was shown; `-` is standard input. */
async function identityFrom(option: string | undefined): Promise<string> {
  const from = need(
    option,
    '--key names the file of the recovery key, or - for standard input',
    '--key nomme le fichier de la clé de secours, ou - pour l’entrée standard',
  )
  const text = from === '-' ? await textOf(process.stdin) : await read(from)
  const line = text.split(/\r?\n/).find(l => l.startsWith('AGE-SECRET-KEY-'))
  if (line === undefined) throw new VigieError('age-key-invalid', { expected: 'AGE-SECRET-KEY-1...' })
  return line.trim()
}

/** What was said on the command line; read before anything is unpacked. @throws VigieError usage */
async function statement(o: RestoreOptions): Promise<Known | undefined> {
  const nothing = o['nothing-revoked-since'] === true
  if ([o.witness !== undefined, o.revoked !== undefined, nothing].filter(Boolean).length > 1)
    throw wrongCall(
      'give one of --witness, --revoked, --nothing-revoked-since',
      'donnez un seul de --witness, --revoked, --nothing-revoked-since',
    )
  if (nothing) {
    const by = need(
      o.by,
      '--nothing-revoked-since needs --by <login>: who says so',
      '--nothing-revoked-since demande --by <identifiant>\u202f: qui le dit',
    )
    return { how: 'stated', by }
  }
  if (o.revoked !== undefined) return { how: 'list', lines: readRevoked(await read(o.revoked), o.revoked) }
  if (o.witness === undefined) return undefined
  const file = o.witness
  const notes = await read(file)
  const revoked = await readFile(`${file}.revoked`, 'utf8').catch(() => undefined) // needed only where the note names one
  return { how: 'witness', read: (...backup) => readWitness({ file, notes, revoked }, ...backup) }
}

/** Without a terminal nobody can be asked. */
async function askedAtTerminal({ created }: Manifest, out: Output): Promise<Known | undefined> {
  if (!process.stdin.isTTY) return undefined
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  const question =
    out.language === 'fr'
      ? `Sauvegarde du ${created}. Si RIEN n’a été révoqué depuis (badge, appareil, accès temporaire), tapez votre identifiant pour le déclarer\u202f; sinon, Entrée pour arrêter\u202f: `
      : `Backup of ${created}. If NOTHING was revoked since (badge, device, temporary access), type your login to state it; otherwise press Enter to stop: `
  const by = (await asking.question(question)).trim()
  asking.close()
  return by === '' ? undefined : { how: 'stated', by }
}

function tellOf(r: Restored, out: Output): void {
  const lost = { fr: '', en: '' }
  if (r.lost !== undefined) {
    lost.fr = ` ${r.lost} lignes écrites ensuite sont perdues.`
    lost.en = ` ${r.lost} rows written afterwards are lost.`
  }
  out.result(
    r,
    `${r.into}\u202f: ${r.rows} lignes de ${r.before}, sauvegardées le ${r.created}, complètes et intactes.${lost.fr} Révocations reprises\u202f: ${r.revoked}. Le journal continue sous le nom ${r.origin}. Comparez la clé avec celle des témoins\u202f: ${r.keys.at(-1) ?? ''}`,
    `${r.into}: ${r.rows} rows of ${r.before}, backed up ${r.created}, complete and untouched.${lost.en} Revocations taken over: ${r.revoked}. The journal goes on as ${r.origin}. Compare the key with that of the witnesses: ${r.keys.at(-1) ?? ''}`,
  )
}
