/** The thread that writes exports: reads the journal, and writes files. What is recorded of it, the hub's own thread records. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import { type DataFolder, openDatabase } from '../record/database.ts'
import { exportingIn } from './exporting.ts'
import { serve } from './thread-side.ts'

const db = openDatabase(workerData as DataFolder, { readonly: true })
const { close, ...handlers } = exportingIn(workerData as DataFolder, db)
serve(handlers, () => {
  close()
  db.close()
})
