/**
 * One round of "the N-th write fails": the kernel refuses to let any file of a process grow past a limit (RLIMIT_FSIZE, EFBIG),
 * so that raising the limit page by page makes one write after the other of the same run the first that fails.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { verify } from '../record/chain-verify.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { events } from '../record/reading.ts'
import { Stand } from './evidence-stand.ts'
import { hospitalYear } from './year.ts'

const PROGRAM = join(import.meta.dirname, 'write-fails-program.ts')
const SEED_ROWS = 20

/** `prlimit` gives room back to a process that is running; `ulimit` takes it away. Linux has both. */
export const canLimit = spawnSync('prlimit', ['--version']).status === 0

export interface LimitedRound {
  /** False: the run ended before any file was that long. */
  readonly failed: boolean
  readonly promised: number
  readonly refused: number
  /** Empty if all is well. */
  readonly faults: readonly string[]
}

/** A journal with a few rows and a checkpoint, which each round begins with. */
export function seedFolder(dir: string): void {
  const stand = new Stand(dir)
  stand.append(hospitalYear(SEED_ROWS))
  stand.sign()
  stand.close()
}

/** @param limitKib length that no file may pass, until the program says that it is full */
export async function limitedRound(seed: string, dir: string, limitKib: number): Promise<LimitedRound> {
  rmSync(dir, { recursive: true, force: true })
  cpSync(seed, dir, { recursive: true })
  const said = await play(dir, limitKib)
  const promised = new Map(said.flatMap(line => promiseOf(line)))
  const refused = said.filter(line => line.startsWith('refused ')).map(line => line.split(' ')[1]!)
  const ended = said.at(-1) === 'done' ? [] : [`it did not go on once there was room: ${said.at(-1)}`]
  const faults = [...ended, ...faultsOf(dir, promised, refused)]
  return { failed: said.includes('full'), promised: promised.size, refused: refused.length, faults }
}

function promiseOf(line: string): [string, number][] {
  const [word, message, row] = line.split(' ')
  return word === 'promised' ? [[message!, Number(row)]] : []
}

async function play(dir: string, limitKib: number): Promise<string[]> {
  const script = `trap '' XFSZ; ulimit -S -f ${limitKib}; exec "$0" "$@"`
  const child = spawn('bash', ['-c', script, process.execPath, PROGRAM, dir], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  const said: string[] = []
  for await (const line of createInterface(child.stdout)) {
    said.push(line)
    if (line !== 'full') continue
    spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:'])
    child.stdin.write('room\n')
  }
  await ended
  return said
}

function faultsOf(dir: string, promised: ReadonlyMap<string, number>, refused: readonly string[]): string[] {
  const db = openDatabase(openFolder(dir, ''))
  try {
    const rows = events(db, { after: SEED_ROWS, limit: Number.MAX_SAFE_INTEGER })
    const erased = new Set(db.prepare<[], number>('select seq from erased').pluck().all())
    const stored = rows.flatMap(({ seq, event }) => ('message' in event ? [[event.message, seq] as const] : []))
    const counts = Map.groupBy(stored, ([message]) => message)
    const missing = [...promised].filter(([message, row]) => !erased.has(row) && counts.get(message)?.[0]?.[1] !== row)
    const doubled = [...counts].filter(([, list]) => list.length > 1)
    const ghosts = refused.filter(message => counts.has(message))
    const verdict = verify(db)
    return [
      ...missing.map(([message]) => `${message} was promised and is not there`),
      ...doubled.map(([message]) => `${message} is there more than once`),
      ...ghosts.map(message => `${message} was refused and is there`),
      ...(verdict.ok ? [] : [JSON.stringify(verdict)]),
    ]
  } finally {
    db.close()
  }
}
