/** Exports are written in threads of their own, beside the doors. */
import type { DataFolder } from '../record/database.ts'
import type { ExportHandlers } from './exporting.ts'
import { Thread } from './thread.ts'

/** Measured: half of the memory at the same pace. */
const YOUNG_MB = 16
const CALLS_AT_ONCE = 32

export function exportThread(folder: DataFolder): Thread<Handlers> {
  const url = new URL('./export-worker.ts', import.meta.url)
  return new Thread<Handlers>({ url, workerData: folder, atOnce: CALLS_AT_ONCE, youngMb: YOUNG_MB })
}
type Handlers = { readonly [N in keyof ExportHandlers]: ExportHandlers[N] }
