/** The thread questions are answered in: compiling rights of the past takes half a second that no door has to wait for. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import { type DataFolder, openDatabase } from '../record/database.ts'
import { askingIn } from './questions.ts'
import { serve } from './thread-side.ts'

const db = openDatabase(workerData as DataFolder, { readonly: true })
serve({ ...askingIn(db, Date.now) }, () => db.close())
