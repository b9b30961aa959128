/** Keeps to the room that the disk, or its quota, leaves: a warning in time, and a stated behaviour without any. */
import { CapacityWatched, LEAST_FREE_BYTES } from '../flows/capacity-watched.ts'
import { Reserve } from '../record/reserve.ts'
import { roomIn } from './room.ts'
import type { LaterNeeds, Service } from './services.ts'

const MB = 1024 * 1024
/** A file system call and a dozen files: cheap enough to be in time when a disk fills within a minute. */
const LOOK_MS = 10_000
/** After a row that could not be written. */
const SOON_MS = 200

export function capacity({ config, op, tell, observe, log }: LaterNeeds): Service {
  const reserve = new Reserve(config.dataDir, config.diskReserveMb * MB)
  const watched = new CapacityWatched({
    measure: () => roomIn(config),
    limit: full => op('limitRows', { full }),
    giveReserve: () => reserve.give(),
    takeReserve: () => reserve.take(2 * LEAST_FREE_BYTES),
    tell,
    onTrouble: cause => log.error({ cause }, 'room on the disk could not be looked at'),
  })
  let timer: NodeJS.Timeout | undefined
  let soon: NodeJS.Timeout | undefined
  const lookSoon = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined
      void watched.look()
    }, SOON_MS).unref()
  }
  return {
    start: async () => {
      observe('capacity', recorded => recorded.unrecorded && lookSoon())
      timer = setInterval(() => void watched.look(), LOOK_MS).unref()
      await watched.look()
    },
    stop: async () => {
      clearInterval(timer)
      clearTimeout(soon)
    },
    health: () => (watched.view ? { storage: watched.view } : {}),
  }
}
