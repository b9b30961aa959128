/** The load generator, seen from the benchmark. */
import { once } from 'node:events'
import type { Answer, Orders } from './load.ts'
import { type Child, cleanEnv, LOAD_CORE, startChild } from './processes.ts'

type Result<K extends keyof Orders> = Awaited<ReturnType<Orders[K]>>

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
  readonly late: NodeJS.Timeout
}

/** One order at a time, each answered or refused. */
export class LoadGenerator {
  readonly #child: Child = startChild(LOAD_CORE, ['bench/load.ts'], cleanEnv(), true)
  #waiting: Waiting | undefined
  #words = ''

  constructor() {
    const child = this.#child
    child.stdout.resume()
    child.stderr.on('data', chunk => {
      this.#words = (this.#words + chunk).slice(-1_000)
    })
    child.on('message', (answer: Answer) => this.#answered(answer))
    child.once('exit', () => this.#answered({ error: `the load generator ended: ${this.#words}` }))
  }

  /** @throws Error what the generator met, or that it took longer than `limitMs` */
  order<K extends keyof Orders>(name: K, args: Parameters<Orders[K]>[0], limitMs = 120_000): Promise<Result<K>> {
    return new Promise<Result<K>>((resolve, reject) => {
      const late = setTimeout(() => this.#answered({ error: `no answer within ${limitMs} ms` }), limitMs)
      this.#waiting = { resolve, reject: error => reject(new Error(`${name}: ${error.message}`)), late }
      this.#child.send({ name, args })
    })
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.disconnect()
    await gone
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting
    if (!waiting) return
    this.#waiting = undefined
    clearTimeout(waiting.late)
    if ('error' in answer) waiting.reject(new Error(answer.error))
    else waiting.resolve(answer.result as never)
  }
}
