/** Something that is looked at every so often, and sooner where the next thing is due; one look at a time. */
import { causeOf } from '../errors.ts'

/** How often, at the least. */
const LOOK_MS = 5_000

interface Needs {
  readonly look: () => Promise<void>
  /** When something is due by itself, ms since 1970; infinity for nothing. */
  readonly nextAt: () => number
  readonly log: { error(details: object, words: string): void }
  /** What the log says where a look fails; the next one comes all the same. */
  readonly words: string
  readonly now: () => number
}
export interface Looking {
  start(): void
  /** Something may be due sooner than was known. */
  plan(): void
  stop(): Promise<void>
}

export function looking({ look, nextAt, log, words, now }: Needs): Looking {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let stopped = true
  const tried = async (): Promise<void> => {
    try {
      await look()
    } catch (error) {
      log.error({ cause: causeOf(error) }, words)
    }
  }
  const plan = (): void => {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(turn, Math.min(LOOK_MS, Math.max(0, nextAt() - now()))).unref()
  }
  const turn = (): void => {
    running ??= tried().finally(() => {
      running = undefined
      plan()
    })
  }
  return {
    plan,
    start: () => {
      stopped = false
      turn()
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
