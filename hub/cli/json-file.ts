/** Files that commands take items from: what is not JSON is told with its line and column. */
import { readFileSync } from 'node:fs'
import { parseJson } from '../access/site-file.ts'
import { VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'

/** @param file undefined: standard input @throws VigieError file-unreadable, site-syntax, site-invalid (a field named twice) */
export const readJson = (file: string | undefined): unknown => parseJson(readText(file), file ?? 'stdin')

/** @throws VigieError file-unreadable */
export function readText(file: string | undefined): string {
  try {
    return readFileSync(file ?? 0, 'utf8')
  } catch (error) {
    throw new VigieError('file-unreadable', { file: file ?? 'stdin', cause: fileCauseOf(error) }, { cause: error })
  }
}
