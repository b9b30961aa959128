/** How much room there is: for the hub, which keeps to it, and for the command line, which shows it. */
import type { Config } from '../config.ts'
import type { Room } from '../flows/capacity-watched.ts'
import { diskOf, sizeOf } from '../record/room.ts'

const MB = 1024 * 1024

/** Of the quota or of the file system, whichever is nearer its end. */
export async function roomIn({ dataDir, diskQuotaMb }: Pick<Config, 'dataDir' | 'diskQuotaMb'>): Promise<Room> {
  const { total, free } = await diskOf(dataDir)
  const disk = { usedBytes: total - free, quotaBytes: total, freeBytes: free }
  if (diskQuotaMb === 0) return disk
  const own = { usedBytes: await sizeOf(dataDir), quotaBytes: diskQuotaMb * MB, freeBytes: free }
  return own.usedBytes / own.quotaBytes >= disk.usedBytes / disk.quotaBytes ? own : disk
}
