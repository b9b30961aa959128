/** Asks in a thread of its own, begun with the first question. */
import type { DataFolder } from '../record/database.ts'
import type { Asking, QuestionName } from './questions.ts'
import { Thread } from './thread.ts'

type Handlers = { readonly [N in QuestionName]: Asking[N] }
/** Questions at once: each holds its share of memory, and people wait for people. */
const AT_ONCE = 8

export class QuestionsThread implements Asking {
  readonly #thread: Thread<Handlers>

  constructor(folder: DataFolder) {
    const url = new URL('./questions-worker.ts', import.meta.url)
    this.#thread = new Thread<Handlers>({ url, workerData: folder, atOnce: AT_ONCE })
  }

  readonly why: Asking['why'] = question => this.#thread.call('why', question)
  readonly who: Asking['who'] = question => this.#thread.call('who', question)
  readonly may: Asking['may'] = question => this.#thread.call('may', question)
  readonly simulate: Asking['simulate'] = question => this.#thread.call('simulate', question)
  readonly unused: Asking['unused'] = question => this.#thread.call('unused', question)
  readonly dryRun: Asking['dryRun'] = question => this.#thread.call('dryRun', question)

  /** Whoever still waits gets an error. */
  stop(): Promise<void> {
    return this.#thread.stop()
  }
}
