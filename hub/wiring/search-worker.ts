/** The thread that follows the journal with its index, and looks for rows in it. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import { type DataFolder, openDatabase } from '../record/database.ts'
import { searchingIn } from './searching.ts'
import { serve } from './thread-side.ts'

const folder = workerData as DataFolder
const db = openDatabase(folder, { readonly: true })
const { close, ...handlers } = searchingIn(folder, db)
serve(handlers, () => {
  close()
  db.close()
})
