/** Signed checkpoints of the journal: every minute of activity, and whenever something asks for one. */
import type { CheckpointView } from '../api.ts'
import { VigieError } from '../errors.ts'
import { proofRoutes } from '../http/routes/proofs.ts'
import { checkpointView, newestCheckpoint, signCheckpoint } from '../record/checkpoints.ts'
import { rowAt } from '../record/proofs.ts'
import { lastSeq } from '../record/reading.ts'
import { signingKeyFile } from '../record/signing.ts'
import type { KeeperHandlers } from './keeper-worker.ts'
import type { Service, ServiceNeeds } from './services.ts'
import { Thread } from './thread.ts'
import { within } from './within.ts'

export interface Checkpoints extends Service {
  /** A checkpoint of everything that stands in the journal now. @throws VigieError journal-unavailable */
  now(): Promise<CheckpointView>
  /** Called with each new one. Must not throw. */
  onSigned(listener: (checkpoint: CheckpointView) => void): void
}

const PERIOD_MS = 60_000
/** A journal whose tree is far behind is signed at the next start. */
const SETTLE_MS = 5_000
/** Of the keeper's own, which come one after the other. */
const SIGNING_AT_ONCE = 4
/** Proofs people ask for; more are refused. */
const PROOFS_AT_ONCE = 8

/**
 * @param periodMs at most so long after a row was added it is signed
 * @param settleMs at the end the hub waits so long for the last one
 */
export function checkpoints(
  needs: ServiceNeeds,
  periodMs: number = PERIOD_MS,
  settleMs: number = SETTLE_MS,
): Checkpoints {
  const keeper = new Keeper(needs)
  const proofs = threadOf(needs, PROOFS_AT_ONCE)
  let timer: NodeJS.Timeout | undefined
  return {
    plugins: [
      proofRoutes({
        newest: async () => {
          const newest = newestCheckpoint(needs.db)
          return newest ? checkpointView(needs.db, newest) : keeper.now()
        },
        row: seq => rowAt(needs.db, seq),
        signed: async seq => {
          if ((newestCheckpoint(needs.db)?.size ?? 0) < seq) await keeper.now()
        },
        proof: seq => proofs.call('proof', seq),
        consistency: (from, to) => proofs.call('consistency', { from, to }),
        note: async (by, seq) => {
          await needs.record({ kind: 'journal.read', by, rows: 1, what: 'row', filter: { row: seq } })
        },
      }),
    ],
    now: () => keeper.now(),
    onSigned: listener => keeper.listeners.push(listener),
    start: () => {
      timer = setInterval(() => void keeper.follow(), periodMs).unref()
      void keeper.follow()
    },
    stop: async () => {
      clearInterval(timer)
      await proofs.stop()
    },
    settle: async () => {
      await within(settleMs, keeper.follow())
      await keeper.stop()
    },
  }
}

const threadOf = ({ folder, config }: ServiceNeeds, atOnce: number): Thread<KeeperHandlers> =>
  new Thread<KeeperHandlers>({
    url: new URL('./keeper-worker.ts', import.meta.url),
    workerData: { folder, keyFile: signingKeyFile(folder.dir, config.signingKeyFile) },
    atOnce,
  })

/** Signs one at a time. Whoever asks while one is being signed gets the next: rows may have come since it began. */
class Keeper {
  readonly listeners: ((checkpoint: CheckpointView) => void)[] = []
  readonly #needs: ServiceNeeds
  readonly #thread: Thread<KeeperHandlers>
  #running: Promise<CheckpointView> | undefined
  #next: Promise<CheckpointView> | undefined
  #signed: number
  #failing = false
  #stopped = false

  constructor(needs: ServiceNeeds) {
    this.#needs = needs
    this.#thread = threadOf(needs, SIGNING_AT_ONCE)
    this.#signed = newestCheckpoint(needs.db)?.size ?? 0
  }

  now(): Promise<CheckpointView> {
    if (!this.#running) return this.#begin()
    this.#next ??= this.#running.then(ignored, ignored).then(() => this.#begin())
    return this.#next
  }

  #begin(): Promise<CheckpointView> {
    this.#next = undefined
    const running = this.#sign().finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }

  /** Signs if rows were added. A failure is told once, and again when it is over: what is not signed yet is signed later. */
  async follow(): Promise<void> {
    try {
      if (lastSeq(this.#needs.db) > this.#signed) await this.now()
      if (this.#failing) this.#needs.log.info({ size: this.#signed }, 'checkpoints of the journal are signed again')
      this.#failing = false
    } catch (error) {
      if (this.#stopped) return // what it did not come to is signed at the next start
      if (!this.#failing) this.#needs.log.error({ err: error }, 'a checkpoint of the journal could not be signed')
      this.#failing = true
    }
  }

  async #sign(): Promise<CheckpointView> {
    const { op, now } = this.#needs
    const size = await signCheckpoint({
      missing: limit => this.#thread.call('missing', limit),
      make: at => this.#thread.call('make', at),
      keepNodes: async nodes => op('keepNodes', { nodes }),
      keep: async made => op('keepCheckpoint', made),
      now,
    })
    const view = await this.#thread.call('view', size)
    if (!view) throw new VigieError('journal-unavailable', { cause: 'the checkpoint was not kept' })
    if (size > this.#signed) this.#tell(view)
    return view
  }

  #tell(view: CheckpointView): void {
    this.#signed = view.size
    for (const listener of this.listeners) listener(view)
  }

  stop(): Promise<void> {
    this.#stopped = true
    return this.#thread.stop()
  }
}

const ignored = (): void => undefined
