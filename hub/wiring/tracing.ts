/**
 * Traces of badges, where somebody asked for them: from the arrival of a message to its PUBACK, with each wait for the journal
 * in it. Off unless VIGIE_OTLP_URL is set, and then nothing of it is in the way of a door: spans are made after the fact.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { readFileSync } from 'node:fs'
import { boundedFetch } from '../bounded-fetch.ts'
import type { Config } from '../config.ts'
import { Otlp, type Span, spanId, traceId } from '../notify/otlp.ts'
import type { DeviceEdge, JournalWriter } from '../ports.ts'

const FLUSH_MS = 5_000
const TIMEOUT_MS = 5_000
const PERCENT = 100

interface Root {
  readonly trace: string
  readonly id: string
}
interface Needs {
  readonly config: Config
  readonly journal: JournalWriter
  /** What is called when the hub stops. */
  readonly undo: (() => unknown)[]
  readonly log: { warn(details: object, words: string): void }
}
const now = (): number => performance.timeOrigin + performance.now()

/** The same edge; its badges leave traces where somebody asked for them. */
export function traced(edge: DeviceEdge, { journal, undo, ...needs }: Needs): DeviceEdge {
  if (needs.config.otlpUrl === '') return edge
  const tracing = new Tracing(needs)
  tracing.watch(journal)
  undo.push(() => tracing.stop())
  return tracing.traced(edge)
}

class Tracing {
  readonly #roots = new AsyncLocalStorage<Root>()
  readonly #otlp: Otlp
  readonly #share: number
  readonly #timer: NodeJS.Timeout

  constructor({ config, log }: Omit<Needs, 'journal' | 'undo'>) {
    const { otlpUrl: url, otlpTokenFile: file, otlpCa, otlpPercent } = config
    const ca = otlpCa === '' ? {} : { ca: readFileSync(otlpCa, 'utf8') }
    const authorization = (): string => (file === '' ? '' : `Bearer ${readFileSync(file, 'utf8').trim()}`)
    this.#otlp = new Otlp({ url, authorization, fetch: boundedFetch({ ...ca, timeoutMs: TIMEOUT_MS }), log })
    this.#share = otlpPercent / PERCENT
    this.#timer = setInterval(() => void this.#otlp.flush(), FLUSH_MS).unref()
  }

  /** The same edge; messages that are chosen leave a trace. */
  traced(edge: DeviceEdge): DeviceEdge {
    const message: DeviceEdge['message'] = (device, kind, payload, receivedAt) => {
      if (kind !== 'badge' || Math.random() >= this.#share) return edge.message(device, kind, payload, receivedAt)
      const root = { trace: traceId(), id: spanId() }
      const about = { name: 'badge', kind: 'server', attributes: { 'vigie.model': device.model } } as const
      return this.#within(about, root, () =>
        this.#roots.run(root, () => edge.message(device, kind, payload, receivedAt)),
      )
    }
    return Object.assign(Object.create(edge), { message })
  }

  /** Each wait for the disk is a part of the message that waits. */
  watch(journal: JournalWriter): void {
    const { append, appendAll } = { append: journal.append.bind(journal), appendAll: journal.appendAll.bind(journal) }
    const waiting = <T>(rows: number, work: () => Promise<T>): Promise<T> => {
      const root = this.#roots.getStore()
      if (!root) return work()
      const about = { name: 'journal.append', kind: 'internal', attributes: { 'vigie.rows': rows } } as const
      return this.#within({ ...about, parent: root.id }, { trace: root.trace, id: spanId() }, work)
    }
    journal.append = entry => waiting(1, () => append(entry))
    journal.appendAll = entries => waiting(entries.length, () => appendAll(entries))
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#otlp.flush()
  }

  async #within<T>(
    about: Pick<Span, 'name' | 'kind' | 'attributes' | 'parent'>,
    { trace, id }: Root,
    work: () => Promise<T>,
  ): Promise<T> {
    const began = now()
    const end = (failed: boolean): void =>
      this.#otlp.add({ ...about, trace, id, began, ended: now(), ...(failed && { failed }) })
    try {
      const result = await work()
      end(false)
      return result
    } catch (error) {
      end(true)
      throw error
    }
  }
}
