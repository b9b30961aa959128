/** The thread questions are answered in: compiling rights of the past takes half a second that no door has to wait for. */
import { parentPort, workerData } from 'node:worker_threads'
import { causeOf, isVigieError } from '../errors.ts'
import { type DataFolder, openDatabase } from '../record/database.ts'
import { type Asking, askingIn, type QuestionName } from './questions.ts'

export type ToQuestions = { readonly id: number; readonly name: QuestionName; readonly question: never } | 'stop'
export type FromQuestions =
  | { readonly id: number; readonly told: unknown }
  | { readonly id: number; readonly cause: string; readonly code?: string; readonly details?: object }

const port = parentPort
if (!port) throw new Error('runs as a worker thread only')
const db = openDatabase(workerData as DataFolder, { readonly: true })
const asking = askingIn(db, Date.now)

async function answer(id: number, name: QuestionName, question: never): Promise<FromQuestions> {
  try {
    const ask = asking[name] as (question: never) => ReturnType<Asking[QuestionName]>
    return { id, told: await ask(question) }
  } catch (error) {
    const known = isVigieError(error) ? { code: error.code, details: error.details } : {}
    return { id, cause: causeOf(error), ...known }
  }
}

port.on('message', (message: ToQuestions) => {
  if (message !== 'stop') {
    void answer(message.id, message.name, message.question).then(said => port.postMessage(said))
    return
  }
  db.close()
  port.close()
})
