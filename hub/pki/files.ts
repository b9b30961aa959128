/** Files that only their owner may read, and that are there whole or not at all. */
import { randomBytes } from 'node:crypto'
import { chmod, type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { causeOf, VigieError } from '../errors.ts'

const OTHERS = 0o077

/** Makes the folder if needed and closes it to everybody else (0700). */
export async function ownFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await chmod(dir, 0o700)
  } catch (error) {
    throw new VigieError('file-unwritable', { file: dir, cause: causeOf(error) }, { cause: error })
  }
}

/**
 * The text of a file, or undefined if there is none.
 * @throws VigieError data-permissions if anybody but the owner may read or write it; file-unreadable
 */
export async function readOwn(file: string): Promise<string | undefined> {
  const handle = await openForReading(file)
  if (!handle) return undefined
  try {
    const { mode } = await handle.stat() // of the open file, so that it can't be exchanged in between
    if (mode & OTHERS) throw new VigieError('data-permissions', { file })
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

async function openForReading(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new VigieError('file-unreadable', { file, cause: causeOf(error) }, { cause: error })
  }
}

/**
 * Writes a file that must not exist yet, 0600 and durable. Of several processes exactly one succeeds, without a lock that
 * a crash could leave behind: a hard link to a finished file either appears or fails.
 * @returns false if the file is there already; it is left as it is.
 * @throws VigieError file-unwritable
 */
export async function createOwn(file: string, text: string): Promise<boolean> {
  return placed(file, text, async temporary => {
    try {
      await link(temporary, file)
      return true
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    }
  })
}

/** Writes or replaces a file, 0600 and durable; a reader sees the old or the new text. @throws VigieError file-unwritable */
export async function replaceOwn(file: string, text: string): Promise<void> {
  await placed(file, text, async temporary => {
    await rename(temporary, file)
    return true
  })
}

async function placed(file: string, text: string, place: (temporary: string) => Promise<boolean>): Promise<boolean> {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(6).toString('hex')}`)
  try {
    await writeDurable(temporary, text)
    const done = await place(temporary)
    await syncFolder(dirname(file))
    return done
  } catch (error) {
    throw new VigieError('file-unwritable', { file, cause: causeOf(error) }, { cause: error })
  } finally {
    await rm(temporary, { force: true })
  }
}

async function writeDurable(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A rename or link is only durable once its folder is. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
