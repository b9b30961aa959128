/** The far side of thread.ts: answers calls by name until it is told to stop. */
import { platform, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { causeOf, isVigieError } from '../errors.ts'
import type { Handlers } from './thread.ts'

export type ToThread = { readonly id: number; readonly name: string; readonly args: unknown } | 'stop'
export type FromThread =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly cause: string; readonly code?: string; readonly details?: object }

/** Of 19: where a core is short, the threads of the doors get about nine tenths of it. */
const NICE = 10

/** Linux counts this for the calling thread alone; elsewhere it would slow the whole hub. */
function giveWay(): void {
  if (platform() === 'linux') setPriority(NICE)
}

/** It gives way to the doors. @param close gives back what the thread holds; then it ends */
export function serve(handlers: Handlers, close: () => unknown): void {
  const port = parentPort
  if (!port) throw new Error('runs as a worker thread only')
  giveWay()
  port.on('message', (message: ToThread) => {
    if (message !== 'stop') {
      void answer(handlers, message).then(said => port.postMessage(said))
      return
    }
    void Promise.resolve(close()).finally(() => port.close())
  })
}

async function answer(handlers: Handlers, { id, name, args }: Exclude<ToThread, 'stop'>): Promise<FromThread> {
  try {
    return { id, result: await handlers[name]?.(args as never) }
  } catch (error) {
    const known = isVigieError(error) ? { code: error.code, details: error.details } : {}
    return { id, cause: causeOf(error), ...known }
  }
}
