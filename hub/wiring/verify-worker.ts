/** One of the threads that check stretches of the journal. */
import '../thread-only.ts'
import { workerData } from 'node:worker_threads'
import { checkSpan, type Span, type SpanPlan } from '../record/chain-span.ts'
import { type DataFolder, openDatabase } from '../record/database.ts'
import { serve } from './thread-side.ts'

const { folder, plan } = workerData as { readonly folder: DataFolder; readonly plan: SpanPlan }
const db = openDatabase(folder, { readonly: true })
serve({ check: (span: Span) => checkSpan(db, plan, span) }, () => db.close())
