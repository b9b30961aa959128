/** The thread that follows the journal with time series, and draws curves. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import { type DataFolder, openDatabase } from '../record/database.ts'
import { SeriesFollowing } from './series-following.ts'
import type { SeriesHandlers } from './series-thread.ts'
import { serve } from './thread-side.ts'

const folder = workerData as DataFolder
const journal = openDatabase(folder, { readonly: true })
const following = new SeriesFollowing(folder, journal)
const { store } = following
const handlers: SeriesHandlers = {
  follow: async told => {
    await following.catchUp(told)
    return { newest: store.newestSeq, reached: store.reached.seq, bytes: store.bytes, part: following.part }
  },
  curve: ({ asked, timeZone }) => following.curve(asked, timeZone),
}
serve({ ...handlers }, () => {
  following.close()
  journal.close()
})
