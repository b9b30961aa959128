/** Somewhere that copies go to: a failure is a row once, and so is its end, however often it is tried in between. */
import type { ErrorCode } from '../errors.ts'
import type { DestinationEvent } from '../events.ts'

export interface DestinationPorts {
  /** As it stands in the journal: a host, a file, an address. */
  readonly name: string
  readonly purpose: DestinationEvent['purpose']
  /** An earlier run ended while it failed. */
  readonly failing: boolean
  /** The journal, else the spool. */
  tell(event: DestinationEvent): Promise<void>
  /** Kept over restarts. */
  mark(failing: boolean): Promise<void>
  readonly log: { info(details: object, words: string): void; warn(details: object, words: string): void }
}

export class Destination {
  readonly #ports: DestinationPorts
  #failing: boolean

  constructor(ports: DestinationPorts) {
    this.#ports = ports
    this.#failing = ports.failing
  }

  get failing(): boolean {
    return this.#failing
  }

  /** @param behind rows or checkpoints that wait @param cause for the log only */
  failed(error: ErrorCode, behind: number, cause: string): void {
    const { name: destination, purpose, log } = this.#ports
    if (this.#failing) return
    log.warn({ destination, purpose, error, behind, cause }, 'copies do not reach a destination')
    this.#turn(true, { kind: 'destination.failed', destination, purpose, error, behind })
  }

  served(): void {
    const { name: destination, purpose, log } = this.#ports
    if (!this.#failing) return
    log.info({ destination, purpose }, 'copies reach a destination again')
    this.#turn(false, { kind: 'destination.recovered', destination, purpose })
  }

  #turn(failing: boolean, event: DestinationEvent): void {
    const { name: destination, log, tell, mark } = this.#ports
    this.#failing = failing
    Promise.all([tell(event), mark(failing)]).catch((error: unknown) =>
      log.warn({ destination, err: error }, 'the state of a destination could not be kept'),
    )
  }
}
