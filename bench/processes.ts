/** Children of the benchmark: each pinned to its core where the system can, and none left behind. */
import { type ChildProcess, type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

export const ROOT = join(import.meta.dirname, '..')
/** Of the server under test, and of the load generator. */
export const SERVER_CORE = 0
export const LOAD_CORE = 1

/** Cores can be chosen: two or more of them, and a `taskset` that works. */
export const pinned = availableParallelism() > 1 && spawnSync('taskset', ['-c', String(LOAD_CORE), 'true']).status === 0

/** Our own settings don't leak into the servers; theirs are all given here. */
export function cleanEnv(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VIGIE_') && name !== 'NODE_OPTIONS')
  return { ...Object.fromEntries(own), ...extra }
}

/** Every child that is still running, so that an interrupted benchmark leaves none. */
const running = new Set<ChildProcess>()
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

export type Child = ChildProcessByStdio<null, Readable, Readable>

/** @param ipc with a channel for messages, whose closing ends the child */
export function startChild(core: number, args: readonly string[], env: NodeJS.ProcessEnv, ipc = false): Child {
  const [program, ...rest] = pinned
    ? ['taskset', '-c', String(core), process.execPath, ...args]
    : [process.execPath, ...args]
  const stdio = ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])] as ['ignore', 'pipe', 'pipe']
  const child = spawn(program as string, rest, { cwd: ROOT, env, stdio, serialization: 'advanced' })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Runs a program of the benchmark or the hub's command line to its end. @returns its last line of JSON @throws Error with its last words */
export async function runToEnd<T>(
  core: number,
  args: readonly string[],
  env: NodeJS.ProcessEnv = cleanEnv(),
): Promise<T> {
  const child = startChild(core, args, env)
  let said = ''
  let complaint = ''
  child.stdout.on('data', chunk => (said += chunk))
  child.stderr.on('data', chunk => (complaint += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}: ${complaint.trim().slice(-500)}`)
  return JSON.parse(said.trim().split('\n').at(-1) as string) as T
}
