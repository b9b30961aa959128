/** Asks in a thread of its own, begun with the first question. */
import { Worker } from 'node:worker_threads'
import { type ErrorCode, VigieError } from '../errors.ts'
import type { DataFolder } from '../record/database.ts'
import type { Asking, QuestionName } from './questions.ts'
import type { FromQuestions, ToQuestions } from './questions-worker.ts'

interface Waiting {
  readonly resolve: (told: never) => void
  readonly reject: (error: Error) => void
}
/** Questions at once: each holds its share of memory, and people wait for people. */
const AT_ONCE = 8
const RETRY_S = 5

export class QuestionsThread implements Asking {
  readonly #folder: DataFolder
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #next = 1

  constructor(folder: DataFolder) {
    this.#folder = folder
  }

  readonly why = this.#asker('why')
  readonly who = this.#asker('who')
  readonly may = this.#asker('may')
  readonly simulate = this.#asker('simulate')
  readonly unused = this.#asker('unused')

  /** Whoever still waits gets an error. */
  async stop(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#failAll(new Error('the hub is stopping'))
    if (!worker) return
    const ended = new Promise(resolve => worker.once('exit', resolve))
    worker.postMessage('stop' satisfies ToQuestions)
    await ended
  }

  #asker<N extends QuestionName>(name: N): Asking[N] {
    return ((question: never) => this.#ask(name, question)) as unknown as Asking[N]
  }

  /** @throws VigieError of the question itself; too-many-requests while eight others are being answered */
  #ask(name: QuestionName, question: never): Promise<never> {
    if (this.#waiting.size >= AT_ONCE) return Promise.reject(new VigieError('too-many-requests', { seconds: RETRY_S }))
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#running().postMessage({ id, name, question } satisfies ToQuestions)
    })
  }

  #running(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./questions-worker.ts', import.meta.url), { workerData: this.#folder })
    worker.unref()
    worker.on('message', (said: FromQuestions) => this.#heard(said))
    worker.on('error', error => this.#died(worker, error))
    worker.on('exit', code => this.#died(worker, new Error(`the thread of questions ended with code ${code}`)))
    this.#worker = worker
    return worker
  }

  #heard(said: FromQuestions): void {
    const waiting = this.#waiting.get(said.id)
    this.#waiting.delete(said.id)
    if ('told' in said) waiting?.resolve(said.told as never)
    else waiting?.reject(errorOf(said))
  }

  /** The next question begins another one. */
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

function errorOf({ cause, code, details }: Extract<FromQuestions, { readonly cause: string }>): Error {
  if (code === undefined) return new Error(cause)
  return new VigieError(code as ErrorCode, (details ?? {}) as ConstructorParameters<typeof VigieError>[1])
}
