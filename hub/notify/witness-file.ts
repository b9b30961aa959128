/**
 * Signed notes added to a file on another disk, each on that disk before it counts, and beside it the list of what is
 * revoked. A file is made once, in a folder that is there. One that has vanished is not made again: its disk may not be
 * mounted, and what is then written below the mount point is a copy on the wrong disk.
 */
import { constants } from 'node:fs'
import { type FileHandle, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants
const OWNER_ONLY = 0o600

export type FileState = 'missing' | 'empty' | 'begun'

/** @throws VigieError file-unwritable */
export async function stateOf(file: string): Promise<FileState> {
  try {
    return (await stat(file)).size === 0 ? 'empty' : 'begun'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing'
    throw unwritable(file, error)
  }
}

/**
 * @param notes each ended; a blank line goes between them
 * @param make the file must not be there yet
 * @throws VigieError file-unwritable
 */
export async function addNotes(file: string, notes: readonly string[], make: boolean): Promise<void> {
  try {
    const handle = await open(file, O_RDWR | O_APPEND | O_NOFOLLOW | (make ? O_CREAT | O_EXCL : 0), OWNER_ONLY)
    try {
      await handle.appendFile((await separator(handle)) + notes.map(note => `${note}\n`).join(''))
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (make) await syncFolder(dirname(file))
  } catch (error) {
    throw unwritable(file, error)
  }
}

/** After a write that was cut short the next note must not begin in the midst of it. */
async function separator(handle: FileHandle): Promise<string> {
  const { size } = await handle.stat()
  if (size === 0) return ''
  const end = Buffer.alloc(2)
  await handle.read(end, 0, 2, Math.max(0, size - 2))
  return end.toString() === '\n\n' ? '' : '\n\n'
}

/** All of it or nothing, where it is not so already. @throws VigieError file-unwritable */
export async function replaceList(file: string, text: string): Promise<void> {
  try {
    if ((await present(file)) === text) return
    const part = `${file}.part`
    const handle = await open(part, 'w', OWNER_ONLY)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, file)
    await syncFolder(dirname(file))
  } catch (error) {
    throw unwritable(file, error)
  }
}

/** None is as good as an empty one. */
async function present(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const unwritable = (file: string, error: unknown): VigieError =>
  new VigieError('file-unwritable', { file, cause: fileCauseOf(error) }, { cause: error })
