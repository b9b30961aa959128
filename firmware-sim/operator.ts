/** The operator at the command line: `vigie` run as a process of its own, always with --json. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { SimFailure } from './failure.ts'

const ROOT = resolve(import.meta.dirname, '..')

export interface Called {
  readonly code: number
  /** The last JSON object that it printed; undefined if there was none. */
  readonly answer: unknown
  /** Every line, for commands that print one object a line. */
  readonly lines: readonly string[]
}
/** @param stdin what the command reads, such as a PIN: never among the arguments, where every process could read it */
export type Vigie = (args: readonly string[], stdin?: string) => Promise<Called>

/** @param env names the data folder in VIGIE_DATA_DIR @param signal ends a call before its time; it throws AbortError */
export function vigieOn(env: NodeJS.ProcessEnv, signal?: AbortSignal): Vigie {
  return (args, stdin = '') =>
    new Promise((done, failed) => {
      const child = spawn(process.execPath, ['hub/cli.ts', ...args, '--json'], {
        cwd: ROOT,
        env,
        ...(signal ? { signal } : {}),
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      let out = ''
      const keep = (chunk: Buffer): void => {
        out += chunk.toString('utf8')
      }
      child.stdout.on('data', keep)
      child.stderr.on('data', keep)
      // A command that doesn't read its input may be gone before it is written; its exit code tells how it went.
      child.stdin.on('error', () => child.stdin.destroy())
      child.stdin.end(stdin)
      child.once('error', failed)
      child.once('close', code => {
        const lines = out.split('\n').filter(Boolean)
        done({ code: code ?? 1, answer: lastObject(lines), lines })
      })
    })
}

/** For calls that have to succeed. @throws SimFailure with the command's words */
export async function must(vigie: Vigie, args: readonly string[], stdin?: string): Promise<Called> {
  const called = await vigie(args, stdin)
  if (called.code === 0) return called
  const name = `vigie ${args.slice(0, 2).join(' ')}`
  throw new SimFailure(
    `${name} failed (${called.code}): ${called.lines.slice(-3).join(' ')}`,
    `Échec de ${name} (${called.code}).`,
  )
}

export function objectOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // a line for people: the exit code still tells how it went
  }
}
const lastObject = (lines: readonly string[]): unknown => lines.map(objectOf).findLast(value => value !== undefined)
