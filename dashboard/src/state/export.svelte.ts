import type { ExportJob, ExportRequest } from '../contract.ts'
import { type RestError, restError } from '../rest.ts'
import { getExport, startExport } from '../rest-journal.ts'

const POLL_MS = 700

/** One export, from being asked for until its file is there. */
export class Exporting {
  #job = $state.raw<ExportJob>()
  #error = $state.raw<RestError>()
  #sending = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined

  get job(): ExportJob | undefined {
    return this.#job
  }
  /** It was refused, or what became of it is not known. */
  get error(): RestError | undefined {
    return this.#error
  }
  get busy(): boolean {
    return this.#sending || this.#job?.state === 'running'
  }
  async start(request: ExportRequest): Promise<void> {
    this.#sending = true
    await this.#take(() => startExport(request))
    this.#sending = false
  }
  /** Stops asking; the hub finishes it all the same. */
  leave(): void {
    clearTimeout(this.#timer)
    this.#job = undefined
    this.#error = undefined
  }

  async #take(ask: () => Promise<ExportJob>): Promise<void> {
    clearTimeout(this.#timer)
    try {
      const job = await ask()
      this.#job = job
      this.#error = undefined
      if (job.state === 'running') this.#timer = setTimeout(() => void this.#take(() => getExport(job.id)), POLL_MS)
    } catch (e) {
      this.#error = restError(e)
    }
  }
}
