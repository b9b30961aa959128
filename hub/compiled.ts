/**
 * Compiled code is kept from one start to the next, and is there before the first thread begins. A thread that finds none
 * takes the types off by itself, in WebAssembly; and when threads begin and end with WebAssembly in them, V8 of Node 24 now
 * and then ends the whole process (nodejs/node 64500). The hub of the doors must not die of how it was started.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

const HUB = import.meta.dirname
const KEPT_IN = join(HUB, '../node_modules/.cache/vigie-compiled')
const OURS = [HUB, join(HUB, '../devices')]
const PROGRAM = join(HUB, 'compile-threads.ts')

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name))

/** The files that threads begin with. */
export const threadFiles = (): string[] => filesBelow(HUB).filter(file => /[/\\-]worker\.ts$/.test(file))

/**
 * To be called before anything else is imported. Where nothing can be written, everything works, with the risk above.
 * @param folder where it is kept; Node tells the threads by NODE_COMPILE_CACHE, which also says if it is to be elsewhere
 */
export function keepCompiled(folder: string = process.env.NODE_COMPILE_CACHE ?? KEPT_IN): void {
  process.env.NODE_COMPILE_CACHE = folder
  const { directory } = enableCompileCache(folder)
  if (directory !== undefined) fill(join(directory, 'threads'))
}

let failure: unknown
/** Why the threads' code could not be kept, for whoever has a log: a hub starts all the same. */
export const notKept = (): unknown => failure

function fill(mark: string): void {
  try {
    const state = stateOfFiles()
    if (read(mark) === state) return
    const { status } = spawnSync(process.execPath, [PROGRAM], { stdio: ['ignore', 'ignore', 'inherit'] })
    if (status === 0) writeFileSync(mark, state)
  } catch (error) {
    failure = error
  }
}

/** Changes whenever a file of ours does, or Node. */
function stateOfFiles(): string {
  const hash = createHash('sha256').update(process.version)
  for (const file of OURS.flatMap(filesBelow).filter(f => f.endsWith('.ts') && !f.endsWith('.test.ts'))) {
    const { mtimeMs, size } = statSync(file)
    hash.update(`${file} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex')
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // never made, or not to be read: made anew
  }
}
