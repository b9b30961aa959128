/** A program that follows the stream of events, as any client of server-sent events does. */
import { get, type IncomingMessage } from 'node:http'
import type { LiveEvent } from '../api.ts'
import { until } from './harness.ts'

export class EventReader {
  readonly lines: LiveEvent[] = []
  /** What the hub said at the end. */
  ended: string | undefined
  closed = false
  lastId: string | undefined
  beats = 0
  readonly #response: IncomingMessage
  #rest = ''

  private constructor(response: IncomingMessage) {
    this.#response = response
    response.setEncoding('utf8').on('data', (text: string) => this.#take(text))
    response.on('error', () => undefined) // cut by the hub: `closed` tells
    response.on('close', () => {
      this.closed = true
    })
  }

  /** @throws with the status if it is refused */
  static async open(url: string, headers: Readonly<Record<string, string>>, lastId?: string): Promise<EventReader> {
    const all = { ...headers, ...(lastId !== undefined && { 'last-event-id': lastId }) }
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      get(url, { headers: all, agent: false }, resolve).on('error', reject),
    )
    if (response.statusCode !== 200) {
      response.resume()
      throw new Error(`the stream answered ${response.statusCode}`)
    }
    return new EventReader(response)
  }

  get headers(): IncomingMessage['headers'] {
    return this.#response.headers
  }

  /** Takes nothing more off its socket. */
  freeze(): void {
    this.#response.pause()
  }

  thaw(): void {
    this.#response.resume()
  }

  async close(): Promise<void> {
    this.#response.destroy()
    await until('the stream is closed', () => this.closed)
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop() ?? ''
    for (const block of blocks) this.#takeBlock(block.split('\n'))
  }

  #takeBlock(block: readonly string[]): void {
    const field = (name: string): string | undefined =>
      block.find(line => line.startsWith(`${name}: `))?.slice(name.length + 2)
    const data = field('data')
    if (block[0]?.startsWith(':')) this.beats += 1
    if (field('event') === 'ended') this.ended = (JSON.parse(data ?? '{}') as { why?: string }).why
    else if (data !== undefined) this.lines.push(JSON.parse(data) as LiveEvent)
    this.lastId = field('id') ?? this.lastId
  }
}
