/** Whom backups are encrypted to: the public half of the recovery key. The other half is nowhere on this machine. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import { RECIPIENT } from './backup-manifest.ts'

const fileIn = (dir: string): string => join(dir, RECIPIENT)

/** age1..., or undefined where no recovery key was made yet. @throws VigieError file-unreadable */
export function recipientIn(dir: string): string | undefined {
  const file = fileIn(dir)
  if (!existsSync(file)) return undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new VigieError('file-unreadable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
}

/** @throws VigieError backup-key-missing */
export function needRecipient(dir: string): string {
  const recipient = recipientIn(dir)
  if (recipient === undefined) throw new VigieError('backup-key-missing')
  return recipient
}

/** On disk when it returns. @throws VigieError file-unwritable */
export function keepRecipient(dir: string, recipient: string): void {
  const file = fileIn(dir)
  try {
    const fd = openSync(`${file}.new`, 'w', 0o600)
    try {
      writeSync(fd, `${recipient}\n`)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(`${file}.new`, file)
  } catch (error) {
    throw new VigieError('file-unwritable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
}
