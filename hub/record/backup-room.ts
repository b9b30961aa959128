/**
 * Whether a backup fits where it goes. A disk that fills while it is written would stop the doors if it is the one of the
 * data, so that there it is not even begun; any other disk may fill, and says so.
 */
import { statSync } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import type { Said } from '../errors.ts'

/** As a file system tells it, in bytes; `id` is the same for folders of one file system. */
export interface Disk {
  readonly id: number
  readonly free: number
}
export const FULL: Said = { en: 'the disk is full', fr: 'le disque est plein' }
export type DiskOf = (dir: string) => Promise<Disk>

/** Left on the disk of the data: with less than half of it the journal takes no more rows of devices. */
export const SPARE_BYTES: number = 4 * 1024 * 1024
/** For what is written meanwhile, and for what packing and encryption add. */
const MARGIN = 1.1

export async function diskOf(dir: string): Promise<Disk> {
  const [{ dev }, { bavail, bsize }] = [await stat(dir), await statfs(dir)]
  return { id: dev, free: bavail * bsize }
}

/** Bytes that a copy of the database takes; what waits in its log is in the copy. */
export const copyBytes = (database: string): number =>
  [database, `${database}-wal`].reduce((sum, f) => sum + (statSync(f, { throwIfNoEntry: false })?.size ?? 0), 0) *
  MARGIN

export interface RoomAsked {
  /** Of the data, where the copy is made first. */
  readonly dir: string
  readonly copy: number
  /** Of keys and certificates, which go into each backup too. */
  readonly beside: number
  readonly destinations: readonly string[]
}

/**
 * @returns destinations that have no room for a backup beside the copy, and beside those before them on the same disk;
 *   undefined where there is not even room for the copy
 */
export async function withoutRoom(asked: RoomAsked, disk: DiskOf): Promise<ReadonlySet<string> | undefined> {
  const data = await disk(asked.dir)
  let left = data.free - SPARE_BYTES - asked.copy
  if (left < 0) return undefined
  const refused = new Set<string>()
  for (const destination of asked.destinations) {
    const there = await disk(destination).catch(() => undefined) // not there: the attempt to write says why
    if (there?.id !== data.id) continue
    const needed = asked.copy + asked.beside * MARGIN
    if (left < needed) refused.add(destination)
    else left -= needed
  }
  return refused
}
