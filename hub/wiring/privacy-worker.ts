/** The thread that looks through the journal for what is to go, and writes down what is held on somebody. Reads only. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import { type DataFolder, openDatabase } from '../record/database.ts'
import { writePersonFile } from './person-writing.ts'
import { privacyIn } from './privacying.ts'
import { serve } from './thread-side.ts'

const db = openDatabase(workerData as DataFolder, { readonly: true })
const handlers = {
  ...privacyIn(db),
  personFile: (asked: Parameters<typeof writePersonFile>[1]) => writePersonFile(db, asked),
}
export type PrivacyHandlers = typeof handlers
serve(handlers, () => db.close())
