/** Time series: a thread follows the journal with them, sends them to outside stores, and answers what is asked of them. */
import type { SeriesHealth } from '../api.ts'
import { causeOf } from '../errors.ts'
import type { Destination } from '../flows/destination.ts'
import { seriesRoutes } from '../http/routes/series.ts'
import { destinationOf } from './destinations.ts'
import { seriesDesk } from './series-desk.ts'
import type { StoreTold } from './series-stores.ts'
import { type SeriesState, seriesThread } from './series-thread.ts'
import type { LaterNeeds, Service } from './services.ts'

/** Rows of so long are one transaction: the same minute is written once, and the disk is left to the journal. */
const FOLLOW_MS = 5_000
/** Of the room of the data folder: the journal needs the rest. */
const QUOTA_PART = 4

export function series(needs: LaterNeeds): Service {
  const { config, folder, registry, log, now } = needs
  const thread = seriesThread({ folder, stores: storesIn(config), chartsFrom: config.chartsFrom })
  const timeZone = (): string => registry().site.site.timeZone
  let timer: NodeJS.Timeout | undefined
  let following = false
  let state: SeriesState | undefined
  let stopped = false
  const destinations = new Map<string, Destination>()
  const watch = ({ place, name, behind, trouble, broken }: SeriesState['stores'][number]): void => {
    const known = destinations.get(place) ?? destinationOf(needs, place, 'series')
    destinations.set(place, known)
    if (broken !== undefined)
      log.error({ store: name, cause: broken }, 'points could not be sent to a time series store')
    if (!trouble) known.served()
    else if (now() - trouble.since >= config.storeLateSeconds * 1_000) known.failed(trouble.code, behind, trouble.cause)
  }
  const follow = (): void => {
    const room = needs.sources.state().storage
    // Curves are for looking: where room is short, what is left of it is the journal's.
    if (stopped || following || room?.state === 'full') return
    following = true
    thread
      .call('follow', { now: now(), timeZone: timeZone(), mostMb: mostMbOf(config, room?.state === 'warning') })
      .then(reached => {
        state = reached
        for (const store of reached.stores) watch(store)
      })
      .catch((error: unknown) => {
        if (!stopped) log.warn({ cause: causeOf(error) }, 'time series do not follow the journal')
      })
      .finally(() => {
        following = false
      })
  }
  return {
    plugins: [
      seriesRoutes(
        seriesDesk({
          registry,
          now,
          curve: asked => thread.call('curve', { asked, timeZone: timeZone() }),
          report: asked => thread.call('report', asked),
        }),
      ),
    ],
    start: () => {
      follow()
      timer = setInterval(follow, FOLLOW_MS).unref()
    },
    stop: () => {
      stopped = true
      clearInterval(timer)
      return thread.stop()
    },
    health: () => (state ? { series: healthOf(state) } : {}),
  }
}

const healthOf = ({ newest, reached, bytes, part, stores }: SeriesState): SeriesHealth => ({
  ...{ behind: newest - reached, bytes, part },
  stores: stores.map(({ name, behind, aside, trouble }) => ({
    name,
    behind,
    aside,
    ...(trouble && { trouble: trouble.code }),
  })),
})

/** Never more than a quarter of what the data folder may take; half of that where its room runs out. */
function mostMbOf({ seriesMb, diskQuotaMb }: LaterNeeds['config'], isShort: boolean): number {
  const most = diskQuotaMb === 0 ? seriesMb : Math.min(seriesMb, diskQuotaMb / QUOTA_PART)
  return isShort ? most / 2 : most
}

/** Those whose address is set. */
function storesIn(config: LaterNeeds['config']): readonly StoreTold[] {
  const caFile = config.influxCa
  const first: StoreTold = {
    ...{ name: 'influx1', url: config.influx1Url, database: config.influx1Database, caFile },
    ...{ username: config.influx1Username, passwordFile: config.influx1PasswordFile },
  }
  const second: StoreTold = {
    ...{ name: 'influx2', url: config.influx2Url, org: config.influx2Org, bucket: config.influx2Bucket, caFile },
    tokenFile: config.influx2TokenFile,
  }
  return [first, second].filter(({ url }) => url !== '')
}
