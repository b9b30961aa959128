/**
 * The writer keeps to the room it is given: while the disk, or its quota, is full, it refuses the rows of devices, as a full
 * disk would, and what refuses nothing is left for: acts of operators, revocations, erasures. Of a connection, not of the
 * database: the command line is not held to it.
 */
import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { COPY_PREFIX } from './backup-manifest.ts'
import type { OpContext } from './op-context.ts'
import type { Db } from './sql.ts'

const full = new WeakSet<Db>()

/** @throws Error while the writer is told that there is no room */
export function needRoom(db: Db): void {
  if (full.has(db)) throw new Error('the disk is full')
}

export const ROOM_OPS = {
  /** Until it is said again, or the writer begins anew. */
  limitRows: (c: OpContext, a: { full: boolean }) => {
    if (a.full) full.add(c.db)
    else full.delete(c.db)
  },
} as const

/** Below the data folder: given up while the disk is full, so that the spool has room. */
export const RESERVE_FILE = 'reserve'

/** Bytes of the file system: all, and what is free for this process. */
export async function diskOf(dir: string): Promise<{ readonly total: number; readonly free: number }> {
  const { blocks, bavail, bsize } = await statfs(dir)
  return { total: blocks * bsize, free: bavail * bsize }
}

/** Bytes of the hub's own data: without copies that are being made, and without the reserve. */
export async function sizeOf(dir: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const passing = entry.name.startsWith(COPY_PREFIX) || entry.name === RESERVE_FILE
    if (passing) continue
    const path = join(dir, entry.name)
    if (entry.isDirectory()) bytes += await sizeOf(path)
    else if (entry.isFile()) bytes += (await stat(path).catch(gone)).size
  }
  return bytes
}

/** Between listing and looking a file may go: a WAL, a spool. */
function gone(error: NodeJS.ErrnoException): { size: number } {
  if (error.code === 'ENOENT') return { size: 0 }
  throw error
}
