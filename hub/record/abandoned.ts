/** Folders that a process left which died while it was at work in them: the lock that each holds on its own went with it. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { takeHubLock } from './database.ts'

/** Those that are at work still are left alone, as is everything of another name, and every file. */
export async function clearAbandoned(dir: string, prefix: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true }).catch(missingIsEmpty)) {
    if (!entry.isDirectory() || !entry.name.startsWith(prefix)) continue
    const free = takeHubLock(join(dir, entry.name))
    if (!free) continue
    free.release()
    await rm(join(dir, entry.name), { recursive: true, force: true })
  }
}

function missingIsEmpty(error: NodeJS.ErrnoException): never[] {
  if (error.code === 'ENOENT') return []
  throw error
}
