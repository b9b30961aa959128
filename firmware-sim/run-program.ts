/** Runs one of the project's own programs to its end. */
import { spawn } from 'node:child_process'
import { SimFailure } from './failure.ts'

export interface RunOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly signal: AbortSignal
}

/** What a program said last is why it failed; more than this isn't kept. */
const KEPT_CHARACTERS = 4_000

/** @throws SimFailure with the program's last words, or AbortError when the signal comes first. */
export function runProgram(args: readonly string[], { cwd, env, signal }: RunOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    const keep = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).slice(-KEPT_CHARACTERS)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) return resolve()
      const name = args.slice(0, 3).join(' ')
      const words = said.trim().split('\n').slice(-5).join('\n  ')
      reject(new SimFailure(`${name} failed (${code ?? 'signal'}):\n  ${words}`, `Échec de ${name}.`))
    })
  })
}
