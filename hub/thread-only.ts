/** The first import of a thread's file: outside a thread, nothing after it runs. */
import { isMainThread } from 'node:worker_threads'

if (isMainThread) throw Object.assign(new Error('runs as a thread only'), { code: 'NOT_A_THREAD' })
