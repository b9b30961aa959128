/**
 * Work that takes longer than a door may wait, in a thread of its own: begun with the first call, and again after it died.
 * A thread is a file that calls `serve` of thread-side.ts with its handlers by name.
 */
import { Worker } from 'node:worker_threads'
import { type ErrorCode, VigieError } from '../errors.ts'
import type { FromThread, ToThread } from './thread-side.ts'

/** Handlers of a thread, by name. Arguments and results are cloned on their way. */
export type Handlers = Readonly<Record<string, (args: never) => unknown>>
type Args<H extends Handlers, N extends keyof H> = Parameters<H[N]>[0]
type Result<H extends Handlers, N extends keyof H> = Promise<Awaited<ReturnType<H[N]>>>

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}
interface Options {
  /** Of the thread's file. */
  readonly url: URL
  readonly workerData: unknown
  /** Calls at once; more are refused with too-many-requests. */
  readonly atOnce: number
  /** Megabytes in which new objects are made. Left to itself, a thread that streams takes as much as it can get before it clears up. */
  readonly youngMb?: number
}
const RETRY_S = 5

export class Thread<H extends Handlers> {
  readonly #options: Options
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #stopped = false
  #next = 1

  constructor(options: Options) {
    this.#options = options
  }

  /** @throws VigieError of the call itself; too-many-requests while `atOnce` others are being answered */
  call<N extends keyof H & string>(name: N, args: Args<H, N>): Result<H, N> {
    if (this.#stopped) return Promise.reject(stopping())
    if (this.#waiting.size >= this.#options.atOnce)
      return Promise.reject(new VigieError('too-many-requests', { seconds: RETRY_S }))
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
      this.#running().postMessage({ id, name, args } satisfies ToThread)
    })
  }

  /** Whoever still waits gets an error, and so does whoever asks later: the web may be there a moment longer. */
  async stop(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#stopped = true
    this.#failAll(stopping())
    if (!worker) return
    const ended = new Promise(resolve => worker.once('exit', resolve))
    worker.postMessage('stop' satisfies ToThread)
    await ended
  }

  #running(): Worker {
    if (this.#worker) return this.#worker
    const { url, workerData, youngMb } = this.#options
    const limits = youngMb === undefined ? {} : { resourceLimits: { maxYoungGenerationSizeMb: youngMb } }
    const worker = new Worker(url, { workerData, ...limits })
    worker.unref()
    worker.on('message', (said: FromThread) => this.#heard(said))
    worker.on('error', error => this.#died(worker, error))
    worker.on('exit', code => this.#died(worker, new Error(`a thread ended with code ${code}`)))
    this.#worker = worker
    return worker
  }

  #heard(said: FromThread): void {
    const waiting = this.#waiting.get(said.id)
    this.#waiting.delete(said.id)
    if ('result' in said) waiting?.resolve(said.result as never)
    else waiting?.reject(errorOf(said))
  }

  /** The next call begins another one. */
  #died(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#failAll(error instanceof Error ? error : new Error(String(error)))
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}

const stopping = (): Error => new Error('the hub is stopping')

function errorOf({ cause, code, details }: Extract<FromThread, { readonly cause: string }>): Error {
  if (code === undefined) return new Error(cause)
  return new VigieError(code as ErrorCode, (details ?? {}) as ConstructorParameters<typeof VigieError>[1])
}
