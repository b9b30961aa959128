/** A program that loads what threads load, in no thread, so that it is kept compiled. Each file ends at its first import. */
import { flushCompileCache } from 'node:module'
import { threadFiles } from './compiled.ts'

for (const file of threadFiles()) {
  const end: unknown = await import(file).catch((error: unknown) => error)
  if ((end as { code?: unknown }).code !== 'NOT_A_THREAD') throw end
}
flushCompileCache()
