/** What goes at its term, each night; holds and requests of the people concerned, over HTTP. */
import { causeOf, isVigieError } from '../errors.ts'
import type { ErasureWish } from '../flows/person-erased.ts'
import { privacyRoutes } from '../http/routes/privacy.ts'
import { daily, type Timer } from './clock.ts'
import { personFiles } from './person-files.ts'
import { type Looking, privacyActs } from './privacy-acts.ts'
import { privacyHttp } from './privacy-http.ts'
import type { PrivacyHandlers } from './privacy-worker.ts'
import { searchThread } from './search-thread.ts'
import type { LaterNeeds, Service } from './services.ts'
import { Thread } from './thread.ts'

const AT_ONCE = 8

/** What others may ask of it: an erasure that was approved. */
export interface Privacy extends Service {
  erase(wish: ErasureWish): Promise<unknown>
}

export function privacy(needs: LaterNeeds): Privacy {
  const { config, folder, db, op, record, registry, tell, log, now } = needs
  const url = new URL('./privacy-worker.ts', import.meta.url)
  const thread = new Thread<PrivacyHandlers>({ url, workerData: folder, atOnce: AT_ONCE })
  const looking: Looking = {
    due: asked => thread.call('due', asked),
    about: asked => thread.call('about', asked),
    unnamed: () => thread.call('unnamed', undefined as never),
    clean: () => thread.call('clean', undefined as never),
    policy: () => thread.call('policy', undefined as never),
  }
  const index = searchThread(folder)
  // Whatever else is derived from the journal belongs here: time series too, when there are any.
  const onErased = [() => index.call('catchUp', undefined)]
  const onUncleaned = (): void =>
    log.warn({}, 'what was erased is in the write-ahead log still, because somebody was reading: tonight it goes')
  const acts = privacyActs({ dataDir: config.dataDir, db, op, looking, onErased, onUncleaned, now })
  const files = personFiles({ config, db, record, now, write: asked => thread.call('personFile', asked) })
  let timer: Timer | undefined
  let running: Promise<void> | undefined
  const purge = async (): Promise<void> => {
    try {
      const purged = await acts.purging.run()
      await op('notePurge', { at: now(), payloads: purged.total })
      log.info(purged, 'what was past its term is erased')
    } catch (error) {
      log.error({ cause: causeOf(error) }, 'what is past its term could not be erased')
      const code = isVigieError(error) ? error.code : 'internal'
      await tell({ kind: 'privacy.purge-failed', error: code })
      await noteFailure(code)
    }
  }
  /** The row above may wait in the spool; this is for whoever asks when the last purge was. */
  const noteFailure = async (error: string): Promise<void> => {
    try {
      await op('notePurge', { at: now(), payloads: 0, error })
    } catch (cause) {
      log.warn({ cause: causeOf(cause) }, 'that the purge failed could not be noted beside the journal')
    }
  }
  const begin = (): Promise<void> => {
    running ??= purge().finally(() => {
      running = undefined
    })
    return running
  }
  return {
    erase: wish => acts.erase(wish),
    plugins: [privacyRoutes(privacyHttp({ acts, files, config, db, registry, now }))],
    start: () => {
      timer = daily(config.purgeAt, () => registry().site.site.timeZone, begin)
    },
    stop: async () => {
      timer?.stop()
      acts.purging.stop()
      await running
      await Promise.all([thread.stop(), index.stop()])
    },
  }
}
