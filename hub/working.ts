/** What is being worked on, for lines of the log: whatever it begins is part of it. */
import { AsyncLocalStorage } from 'node:async_hooks'

interface Working {
  /** Names an HTTP request. */
  readonly request: string
}
const store = new AsyncLocalStorage<Working>()

export const workingOn = <T>(what: Working, work: () => T): T => store.run(what, work)
export const working = (): Working | undefined => store.getStore()
