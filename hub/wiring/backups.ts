/** Backups of the data folder: each day, when somebody asks, and an alarm where the newest good one is too old. */
import type { BackupsView } from '../api.ts'
import { causeOf, isVigieError, VigieError } from '../errors.ts'
import { isOverdue, overdueNow } from '../flows/backup-overdue.ts'
import { backupRoutes } from '../http/routes/backups.ts'
import { type BackupOutcome, type BackupWish, clearCopies } from '../record/backup.ts'
import { needRecipient, recipientIn } from '../record/backup-recipient.ts'
import { backupsMade, firstRowAt, newestBackup, overdueSaid } from '../record/backups-made.ts'
import { signingKeyFile } from '../record/signing.ts'
import { keepOutcomes } from './backup-run.ts'
import { daily, type Timer } from './clock.ts'
import type { LaterNeeds, Service } from './services.ts'
import { Thread } from './thread.ts'

type Handlers = { readonly make: (wish: BackupWish) => Promise<BackupOutcome[]> }
const LOOK_MS = 10 * 60_000
/** A hub that was off at its hour makes up for it. */
const MISSED_MS = 24 * 3_600_000
/** Doors first. */
const CATCH_UP_MS = 5_000

export function backups(needs: LaterNeeds): Service {
  const service = new Backups(needs)
  return {
    plugins: [backupRoutes({ list: () => service.view(), run: by => service.ask(by) })],
    start: () => service.start(),
    stop: () => service.stop(),
    health: () => ({ backups: service.destinations() }),
  }
}

class Backups {
  readonly #needs: LaterNeeds
  readonly #thread: Thread<Handlers>
  readonly #since: number
  #running: Promise<void> | undefined
  #daily: Timer | undefined
  #look: NodeJS.Timeout | undefined
  #catchUp: NodeJS.Timeout | undefined

  constructor(needs: LaterNeeds) {
    this.#needs = needs
    this.#since = firstRowAt(needs.db) ?? needs.now()
    this.#thread = new Thread({
      url: new URL('./backups-worker.ts', import.meta.url),
      workerData: undefined,
      atOnce: 1,
    })
  }

  start(): void {
    const { config, registry, folder, log } = this.#needs
    clearCopies(folder.dir).catch((error: unknown) =>
      log.warn({ cause: causeOf(error) }, 'a copy that an interrupted backup left could not be removed'),
    )
    if (config.backupTo.length === 0) return
    this.#daily = daily(
      config.backupAt,
      () => registry().site.site.timeZone,
      () => this.#scheduled(),
    )
    this.#look = setInterval(() => void this.#warn(), LOOK_MS).unref()
    if (this.#missed()) this.#catchUp = setTimeout(() => void this.#scheduled(), CATCH_UP_MS).unref()
    else void this.#warn()
  }

  async stop(): Promise<void> {
    clearInterval(this.#look)
    clearTimeout(this.#catchUp)
    this.#daily?.stop()
    await this.#thread.stop()
    await this.#running
  }

  /** Asked for with each look at the hub's health: one row of an index for each folder. */
  destinations(): BackupsView['destinations'] {
    const { db, config, now } = this.#needs
    return config.backupTo.map(destination => {
      const newest = newestBackup(db, destination)?.at
      const facts = { destination, ...(newest !== undefined && { newest }) }
      return { ...facts, overdue: isOverdue(facts, this.#since, now()) }
    })
  }

  view(): BackupsView {
    const { db, folder } = this.#needs
    const recipient = recipientIn(folder.dir)
    const running = this.#running !== undefined
    return {
      destinations: this.destinations(),
      running,
      backups: backupsMade(db),
      ...(recipient !== undefined && { recipient }),
    }
  }

  /** Begins one. @throws VigieError backup-nowhere, backup-key-missing, backup-running */
  ask(by: string): void {
    if (this.#needs.config.backupTo.length === 0) throw new VigieError('backup-nowhere')
    needRecipient(this.#needs.folder.dir)
    if (this.#running) throw new VigieError('backup-running')
    void this.#run(by)
  }

  async #scheduled(): Promise<void> {
    await (this.#running ?? this.#run('hub'))
  }

  #missed(): boolean {
    const { db, config, now } = this.#needs
    return config.backupTo.some(d => now() - (newestBackup(db, d)?.at ?? 0) > MISSED_MS)
  }

  #run(by: string): Promise<void> {
    this.#running = this.#make(by).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Never rejects: what goes wrong is a row for each folder. */
  async #make(by: string): Promise<void> {
    const { config, db, folder, op, tell, log, now } = this.#needs
    const wish = { folder, keyFile: signingKeyFile(folder.dir, config.signingKeyFile), at: now() }
    try {
      const outcomes = await this.#tried({ ...wish, destinations: config.backupTo })
      for (const o of outcomes)
        if ('cause' in o) log.error({ folder: o.destination, cause: o.cause }, 'no backup there')
      await keepOutcomes(outcomes, by, { db, op, tell, most: config.backupKeep, now })
    } catch (error) {
      log.error({ err: error }, 'a backup could not be recorded')
    }
    await this.#warn()
  }

  async #tried(wish: BackupWish): Promise<BackupOutcome[]> {
    try {
      // So that witnesses know at least as much as the backup; without one the copy signs its own state all the same.
      await this.#needs.checkpoints
        .now()
        .catch((error: unknown) =>
          this.#needs.log.warn({ err: error }, 'no checkpoint could be signed before a backup'),
        )
      return await this.#thread.call('make', wish)
    } catch (error) {
      const known = isVigieError(error) ? { code: error.code } : {}
      return wish.destinations.map(destination => ({ destination, cause: causeOf(error), ...known }))
    }
  }

  async #warn(): Promise<void> {
    const { config, db, op, log, now } = this.#needs
    const facts = config.backupTo.map(destination => {
      const [newest, said] = [newestBackup(db, destination)?.at, overdueSaid(db, destination)]
      return { destination, ...(newest !== undefined && { newest }), ...(said !== undefined && { said }) }
    })
    for (const event of overdueNow(facts, this.#since, now())) {
      const { destination } = event
      await Promise.resolve(op('backupOverdue', { at: now(), destination, event })).catch((error: unknown) =>
        log.error({ err: error }, 'that a backup is overdue could not be recorded'),
      )
    }
  }
}
