/** The thread that follows the journal with time series, sends them to outside stores, and draws curves. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import { isVigieError } from '../errors.ts'
import { openDatabase } from '../record/database.ts'
import type { CurveAsked } from '../rules/series.ts'
import { reportIn } from './reporting.ts'
import { SeriesFollowing } from './series-following.ts'
import { openStore, Shipping } from './series-stores.ts'
import type { CurveFound, SeriesHandlers, SeriesTold } from './series-thread.ts'
import { serve } from './thread-side.ts'

const { folder, stores, chartsFrom } = workerData as SeriesTold
const journal = openDatabase(folder, { readonly: true })
const following = new SeriesFollowing(folder, journal)
const { store } = following
const shippings = stores.map(told => new Shipping(openStore(told), following))

async function curve(asked: CurveAsked, timeZone: string): Promise<CurveFound> {
  const outside = shippings.find(({ store: { name } }) => name === chartsFrom)?.store
  try {
    if (outside) return { points: await outside.curve(following.aligned(asked), timeZone), source: outside.name }
  } catch (error) {
    // One that does not answer is told of where points are sent to it; the curve is here as well.
    if (!isVigieError(error)) throw error
  }
  return { points: following.curve(asked, timeZone), source: 'embedded' }
}

const handlers: SeriesHandlers = {
  follow: async told => {
    await following.catchUp(told)
    for (const shipping of shippings) shipping.wake(told.now)
    return {
      ...{ newest: store.newestSeq, reached: store.reached.seq, bytes: store.bytes, part: following.part },
      stores: shippings.map(({ state, broken }) => ({ ...state, ...(broken !== undefined && { broken }) })),
    }
  },
  curve: ({ asked, timeZone }) => curve(asked, timeZone),
  report: asked => reportIn(journal, following, asked),
}
serve({ ...handlers }, async () => {
  await Promise.all(shippings.map(shipping => shipping.stop()))
  following.close()
  journal.close()
})
