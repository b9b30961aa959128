/**
 * Rights, devices or certificates have changed, by this hub or by the command line beside it.
 *
 *   read         the registry, in one consistent read
 *   swap         the compiled snapshot: the next badge is decided by it
 *   list         the revocation list, for new handshakes
 *   cut          every live socket whose certificate no longer speaks for its device
 *   acknowledge  which revision is in force now and how many sockets were cut: the command line waits for this
 *
 * One change at a time; a change during a change is picked up by the next look.
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

export class RegistryChanged {
  readonly #needs: Needs
  #registry: Registry
  #listed: string
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #busy = false

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
    if (this.#needs.revision() === this.#registry.revision) {
      this.#cutStrangers()
      return
    }
    this.#busy = true
    this.#running = this.#change()
      .catch(this.#needs.onFailure)
      .finally(() => {
        this.#busy = false
      })
  }

  async #change(): Promise<void> {
    const { read, use, renewList, acknowledge } = this.#needs
    const registry = new Registry(read())
    this.#registry = registry
    use(registry)
    const cut = this.#cutStrangers()
    const list = listKey(registry)
    if (list !== this.#listed) await renewList()
    this.#listed = list
    await acknowledge(registry.revision, cut)
  }

  /** Sockets go before the list is written: a handshake is refused by the registry too, so nothing slips in between. */
  #cutStrangers(): number {
    const { liveSerials, cut, now } = this.#needs
    const at = now()
    const strangers = [...liveSerials()].filter(l => !this.#registry.identify(l.serial, l.device, at))
    return strangers.reduce((sum, l) => sum + cut(l.serial), 0)
  }
}

const listKey = (registry: Registry): string =>
  registry.certificates.flatMap(c => (c.revokedAt === null ? [] : [c.serial])).join()
