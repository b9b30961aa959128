/**
 * Rights, devices or certificates have changed, or an operator has acted, in this hub or by the command line beside it.
 *
 *   read         what changed since the last look, in one consistent read
 *   swap         the compiled snapshot and the situations: the next badge is decided by them
 *   act          what an operator's act asks of the locks: called back in a lockdown, released in an evacuation
 *   cut          every live socket whose certificate no longer speaks for its device
 *   list         the revocation list, for new handshakes
 *   acknowledge  which revision is in force now and how many sockets were cut: the command line waits for this
 *
 * The first four take no time; what the disk has to do follows, and a change that comes meanwhile does not wait for it. A step
 * that fails is tried again each second, and the command line hears of the change only when every step is done.
 */
import type { SituationChange } from '../access/situations.ts'
import type { Registry, StoredChanges } from './registry.ts'

interface Needs {
  readonly revision: () => number
  /** What changed after a revision. */
  readonly read: (since: number) => StoredChanges
  /** Puts it in force, with the situations that operators' acts wrote up to that revision: all in one turn. */
  readonly use: (registry: Registry, changes: StoredChanges) => void
  /**
   * After every change, in force already: what operators' acts wrote, or nothing where rights alone changed, as with a
   * lost badge.
   */
  readonly onActs: (rows: readonly SituationChange[]) => void
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
  #finishing: Promise<void> | undefined
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
    this.#timer = setInterval(() => void this.look(), LOOK_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#finishing
  }

  /**
   * When it returns, what stands in the database is in force, or could not be taken over. Also cuts sockets whose
   * certificate has expired meanwhile. The promise never rejects: it resolves when the slow steps are done, or have failed.
   */
  look(): Promise<void> {
    this.#try(() => {
      const { revision, now } = this.#needs
      if (now() >= this.#retryAt && revision() !== this.#registry.revision) this.#swap()
      this.#cut += this.#cutStrangers()
    })
    if (this.#unfinished && this.#needs.now() >= this.#retryAt)
      this.#finishing ??= this.#finish().finally(() => {
        this.#finishing = undefined
      })
    return this.#finishing ?? Promise.resolve()
  }

  /** A badge was reported lost while nothing can be written: in force at once, ahead of the database. */
  loseBadge(uid: string, situations: readonly SituationChange[]): void {
    const { use, now } = this.#needs
    this.#registry = this.#registry.withLost(uid, now())
    const { revision } = this.#registry
    use(this.#registry, { revision, siteId: '', items: [], grants: [], situations, subjects: [], operators: [] })
    this.#act(situations)
  }

  #try(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    this.#retryAt = this.#needs.now() + RETRY_MS
    this.#needs.onFailure(error)
  }

  #swap(): void {
    const { read, use, now } = this.#needs
    const changes = read(this.#registry.revision)
    const registry = this.#registry.changed(changes, now())
    this.#registry = registry
    this.#unfinished = true
    this.#cut = 0
    use(registry, changes)
    this.#act(changes.situations)
  }

  /** An order to a lock must not come a second time, minutes later: what fails here is told, and over. */
  #act(rows: readonly SituationChange[]): void {
    try {
      this.#needs.onActs(rows)
    } catch (error) {
      this.#needs.onFailure(error)
    }
  }

  async #finish(): Promise<void> {
    const { renewList, acknowledge } = this.#needs
    const registry = this.#registry
    try {
      const list = listKey(registry)
      if (list !== this.#listed) await renewList()
      this.#listed = list
      await inTime(acknowledge(registry.revision, this.#cut))
      // A change that came meanwhile is in force already, and has these steps before it.
      this.#unfinished = this.#registry !== registry
    } catch (error) {
      this.#failed(error)
    }
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
