/** One server under test with its devices connected. */
import type { Side } from './ground.ts'
import type { BadgeResult } from './patterns.ts'
import type { Bench } from './results.ts'
import type { Line, Server } from './server.ts'

export class Stand {
  readonly side: Side
  readonly #bench: Bench
  readonly #names: readonly string[]
  #server: Server

  private constructor(bench: Bench, side: Side, names: readonly string[], server: Server) {
    this.#bench = bench
    this.side = side
    this.#names = names
    this.#server = server
  }

  /** A fresh server, and these devices at it. */
  static async open(bench: Bench, side: Side, names: readonly string[]): Promise<Stand> {
    const stand = new Stand(bench, side, names, await bench.ground.start(side))
    await stand.#moveIn()
    return stand
  }

  get server(): Server {
    return this.#server
  }

  badges(rate: number, seconds: number, options: { seed: number; giveUpAt?: number }): Promise<BadgeResult> {
    return this.#bench.load.order('poisson', { side: this.side, rate, seconds, ...options })
  }

  /** Until the code that answers is compiled and the disk's files have grown to their size. */
  async warmUp(): Promise<void> {
    const { rate, seconds } = this.#bench.plan.warm
    await this.badges(rate, seconds, { seed: 0 })
  }

  /** After connections were lost, whether or not the server is still there. */
  async renew(): Promise<void> {
    await this.#bench.load.order('disconnect', { side: this.side })
    await this.#server.stop().catch((error: Error) => this.#bench.tell(`${this.side}: ${error.message}`))
    this.#server = await this.#bench.ground.start(this.side)
    await this.#moveIn()
  }

  /** @returns what the server said last. @throws Error if it did not end well */
  async close(): Promise<Line> {
    await this.#bench.load.order('disconnect', { side: this.side })
    return await this.#server.stop()
  }

  async #moveIn(): Promise<void> {
    const { load, ground } = this.#bench
    const where = { folder: ground.certificates, port: this.#server.port }
    await load.order('connect', { side: this.side, ...where, names: this.#names })
    await load.order('settleIn', { side: this.side })
  }
}
