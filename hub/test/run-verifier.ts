/** docs/verify/verify.mjs in a process of its own, as an auditor runs it, with what it took. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

const PROGRAM = join(import.meta.dirname, '../../docs/verify/verify.mjs')
const LOOK_MS = 20

export interface Ran {
  readonly code: number | null
  readonly said: string
  readonly ms: number
  /** Highest resident memory, and that of its first moment; 0 where there is no /proc. */
  readonly rssMb: number
  readonly idleMb: number
}

export async function runVerifier(args: readonly string[]): Promise<Ran> {
  const started = performance.now()
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let [said, rssMb, idleMb] = ['', 0, 0]
  child.stdout.on('data', chunk => {
    said += chunk
  })
  const watch = setInterval(() => {
    rssMb = Math.max(rssMb, residentMb(child.pid))
    idleMb ||= rssMb
  }, LOOK_MS)
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(watch)
  return { code, said, ms: performance.now() - started, rssMb, idleMb }
}

function residentMb(pid: number | undefined): number {
  try {
    const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kb ?? 0) / 1024
  } catch {
    return 0 // another system, or it has just ended
  }
}
