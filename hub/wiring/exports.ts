/** Exports of the journal: those that operators ask for, and monthly ones. Each kind is written in a thread of its own. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import type { ExportSchedule, ExportScheduleRequest } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { Destination } from '../flows/destination.ts'
import { ExportScheduled, nextRun } from '../flows/export-scheduled.ts'
import { type ExportWish, JournalExported } from '../flows/journal-exported.ts'
import { type ExportReader, exportRoutes, scheduleRoutes } from '../http/routes/exports.ts'
import { sendMail } from '../notify/mail.ts'
import { siteId } from '../record/site.ts'
import { destinationOf } from './destinations.ts'
import { ExportJobs, exportFolder, newExportId } from './export-jobs.ts'
import {
  checkSchedule,
  type DueSchedule,
  deliver,
  destinationName,
  type KeptSchedule,
  schedulesIn,
  viewsIn,
} from './export-schedules.ts'
import { exportThread } from './export-thread.ts'
import type { LaterNeeds, Service } from './services.ts'
import { within } from './within.ts'

const LOOK_MS = 60_000
/** Doors first. */
const FIRST_LOOK_MS = 5_000
/** A folder on a mount that hangs does not hold up the end of the hub. */
const STOP_MS = 3_000

export function exports(needs: LaterNeeds): Service {
  const asked = new Writer(needs)
  const monthly = new Monthly(needs)
  const jobs = new ExportJobs({
    dataDir: needs.folder.dir,
    export: asked.export(),
    cancel: id => asked.thread.call('cancel', id),
    progress: id => asked.thread.call('progress', id),
    site: () => ({ id: siteId(needs.db), timeZone: needs.registry().site.site.timeZone }),
    now: needs.now,
    onFailure: error => needs.log.error({ err: error }, 'an export failed'),
  })
  let timer: NodeJS.Timeout | undefined
  let first: NodeJS.Timeout | undefined
  const look = (): void => {
    jobs.drop()
    void monthly.scheduled.look()
  }
  return {
    plugins: [
      exportRoutes(jobs),
      scheduleRoutes({
        list: () => viewsIn(needs.db),
        add: (wish, reader) => addSchedule(needs, asked, wish, reader),
        remove: async (id, by) => needs.op('dropExportSchedule', { at: needs.now(), id, by }),
      }),
    ],
    start: () => {
      jobs.clear()
      timer = setInterval(look, LOOK_MS).unref()
      first = setTimeout(look, FIRST_LOOK_MS).unref()
    },
    stop: async () => {
      clearInterval(timer)
      clearTimeout(first)
      await within(STOP_MS, Promise.all([asked.thread.stop(), monthly.stop()]))
    },
  }
}

/** A thread that writes, and what is recorded of what it writes. */
class Writer {
  readonly thread: ReturnType<typeof exportThread>
  readonly #needs: LaterNeeds

  constructor(needs: LaterNeeds) {
    this.#needs = needs
    this.thread = exportThread(needs.folder)
  }

  export(tellFailure = true): JournalExported {
    const { checkpoints, record, tell } = this.#needs
    return new JournalExported({
      check: wish => this.thread.call('check', wish),
      sign: () => checkpoints.now(),
      write: (wish, note, checkpoint) => this.thread.call('write', { wish, note, checkpoint }),
      record,
      tell: async event => tellFailure && tell(event),
      isCurrent: mark => this.thread.call('isCurrent', mark),
      publish: published => this.thread.call('publish', published),
      discard: parts => this.thread.call('discard', parts),
    })
  }
}

class Monthly {
  readonly scheduled: ExportScheduled<DueSchedule>
  readonly #writer: Writer
  readonly #needs: LaterNeeds
  readonly #destinations = new Map<string, Destination>()

  constructor(needs: LaterNeeds) {
    this.#needs = needs
    this.#writer = new Writer(needs)
    this.scheduled = new ExportScheduled({
      schedules: () => schedulesIn(needs.db),
      timeZone: () => needs.registry().site.site.timeZone,
      deliver: (schedule, month) => this.#deliver(schedule, month),
      mark: done => Promise.resolve(needs.op('markExportSchedule', done)),
      telling: schedule => {
        const destination = this.#destinationOf(schedule)
        return {
          failed: (error, cause) => destination.failed(error as Parameters<Destination['failed']>[0], 1, cause),
          served: () => destination.served(),
        }
      },
      now: needs.now,
    })
  }

  async stop(): Promise<void> {
    const stopped = this.scheduled.stop()
    await this.#writer.thread.stop()
    await stopped
  }

  #deliver(schedule: DueSchedule, month: Parameters<typeof deliver>[1]): Promise<void> {
    const { folder, db, registry, now } = this.#needs
    const mailFolder = exportFolder(folder.dir)
    mkdirSync(mailFolder, { recursive: true, mode: 0o700 })
    // One that fails each hour tells of it once.
    const flow = this.#writer.export(!this.#destinationOf(schedule).failing)
    return deliver(schedule, month, {
      ...{ mailFolder, now, newId: newExportId },
      site: () => ({ id: siteId(db), name: registry().site.site.name }),
      export: async (wish: ExportWish) => (await flow.ask(wish))(),
      send: mail => sendMail(this.#mailServer(), mail),
      remove: file => rmSync(file, { force: true }),
    })
  }

  #mailServer(): Parameters<typeof sendMail>[0] {
    const { smtpUrl: url, smtpCa: ca, mailFrom: from } = this.#needs.config
    if (url === '' || from === '') throw new VigieError('mail-unset')
    return { url, from, ...(ca !== '' && { ca }) }
  }

  #destinationOf(schedule: DueSchedule): Destination {
    const name = destinationName(schedule)
    const known = this.#destinations.get(name) ?? destinationOf(this.#needs, name, 'export')
    this.#destinations.set(name, known)
    return known
  }
}

/** @throws VigieError schedule-invalid, filter-invalid, age-key-invalid, mail-unset, export-unwritable */
async function addSchedule(
  { config, db, op, registry, now }: LaterNeeds,
  writer: Writer,
  wish: ExportScheduleRequest,
  reader: ExportReader,
): Promise<ExportSchedule> {
  checkSchedule(wish, config.smtpUrl !== '' && config.mailFrom !== '')
  const { hidden, id: by, language } = reader
  const names = reader.names && wish.names !== false
  const kept: KeptSchedule = { ...wish, language: wish.language ?? language, names, hidden, by }
  const id = newScheduleId()
  await writer.thread.call('checkSchedule', kept)
  const nextAt = nextRun(kept, now(), registry().site.site.timeZone)
  await op('addExportSchedule', { at: now(), id, by, body: JSON.stringify(kept), nextAt })
  const added = viewsIn(db).find(s => s.id === id)
  if (!added) throw new VigieError('schedule-unknown', { schedule: id })
  return added
}

export const newScheduleId = (): string => `s-${randomBytes(4).toString('hex')}`
