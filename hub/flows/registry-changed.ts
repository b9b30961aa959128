/**
 * Rights, devices or certificates have changed, by this hub or by the command line beside it.
 *
 *   read         the registry, in one consistent read
 *   swap         the compiled snapshot: the next badge is decided by it
 *   list         the revocation list, for new handshakes
 *   cut          every live socket whose certificate no longer speaks for its device
 *   acknowledge  which revision is in force now and how many sockets were cut: the command line waits for this
 *
 * One change at a time; a change during a change is picked up by the next look. A step that fails is tried again each
 * second, and the command line hears of the change only when every step is done.
 */
import { Registry, type StoredRegistry } from './registry.ts'

interface Needs {
  readonly revision: () => number
  readonly read: () => StoredRegistry
  readonly use: (registry: Registry) => void
  /** Writes the list and hands it to the TLS edges. */
  readonly renewList: () => Promise<void>
  readonly liveSerials: () => Iterable<{ readonly serial: string; readonly device: string }>
  readonly cut: (serial: string) => number
  readonly acknowledge: (revision: number, cut: number) => Promise<void>
  readonly onFailure: (error: unknown) => void
  readonly now: () => number
}

/** How often the revision is looked at, milliseconds. A look costs a few microseconds. */
const LOOK_MS = 100
const ACKNOWLEDGE_MS = 3_000
const RETRY_MS = 1_000

export class RegistryChanged {
  readonly #needs: Needs
  #registry: Registry
  #listed: string
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #busy = false
  /** Steps of the present revision that are still to be done, and when they may be tried. */
  #unfinished = false
  #retryAt = Number.NEGATIVE_INFINITY
  #cut = 0

  constructor(needs: Needs, first: Registry) {
    this.#needs = needs
    this.#registry = first
    this.#listed = listKey(first)
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), LOOK_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  /** Also cuts sockets whose certificate has expired meanwhile. */
  look(): void {
    if (this.#busy) return
    this.#busy = true
    this.#running = this.#look()
      .catch(error => {
        this.#retryAt = this.#needs.now() + RETRY_MS
        this.#needs.onFailure(error)
      })
      .finally(() => {
        this.#busy = false
      })
  }

  async #look(): Promise<void> {
    const { revision, now } = this.#needs
    if (now() >= this.#retryAt && revision() !== this.#registry.revision) this.#swap()
    this.#cut += this.#cutStrangers()
    if (this.#unfinished && now() >= this.#retryAt) await this.#finish()
  }

  #swap(): void {
    const registry = new Registry(this.#needs.read())
    this.#registry = registry
    this.#unfinished = true
    this.#cut = 0
    this.#needs.use(registry)
  }

  async #finish(): Promise<void> {
    const { renewList, acknowledge } = this.#needs
    const list = listKey(this.#registry)
    if (list !== this.#listed) await renewList()
    this.#listed = list
    await inTime(acknowledge(this.#registry.revision, this.#cut))
    this.#unfinished = false
  }

  /** Sockets go before the list is written: a handshake is refused by the registry too, so nothing slips in between. */
  #cutStrangers(): number {
    const { liveSerials, cut, now } = this.#needs
    const at = now()
    const strangers = [...liveSerials()].filter(l => !this.#registry.identify(l.serial, l.device, at))
    return strangers.reduce((sum, l) => sum + cut(l.serial), 0)
  }
}

/** A disk that does not answer must not keep the hub from cutting the next certificate that runs out. */
function inTime(acknowledged: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the change could not be acknowledged in time')), ACKNOWLEDGE_MS)
    acknowledged.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const listKey = (registry: Registry): string =>
  registry.certificates.flatMap(c => (c.revokedAt === null ? [] : [c.serial])).join()
