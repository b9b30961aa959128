/** The hub as a program: configuration in, one JSON log line per event out, a clean end on SIGINT and SIGTERM. */
import { getCompileCacheDir } from 'node:module'
import { pino } from 'pino'
import { notKept } from './compiled.ts'
import { readConfig } from './config.ts'
import { causeOf, isVigieError } from './errors.ts'
import { Hub } from './hub.ts'
import { makeLog } from './log.ts'

const STOP_LIMIT_MS = 10_000

async function main(): Promise<void> {
  const config = readConfig()
  const log = makeLog(config.logLevel)
  if (!getCompileCacheDir() || notKept())
    log.warn(
      { adr: '0010', ...(notKept() ? { err: notKept() } : {}) },
      'compiled code can not be kept: starts are slow, and threads carry a risk',
    )
  const hub = new Hub(config, log)
  let stopping = false
  const end = (code: number, why: string): void => {
    if (stopping) return
    stopping = true
    log.info({ why }, 'stopping')
    setTimeout(() => process.exit(code || 1), STOP_LIMIT_MS).unref()
    void hub.stop().then(() => process.exit(code))
  }
  process.on('SIGINT', () => end(0, 'SIGINT'))
  process.on('SIGTERM', () => end(0, 'SIGTERM'))
  const crashed = (error: unknown): void => {
    log.fatal({ err: error }, 'unexpected failure')
    end(1, 'failure')
  }
  process.on('unhandledRejection', crashed)
  process.on('uncaughtException', crashed)

  const { setupToken, ...ports } = await hub.start()
  // Whoever started the hub waits for these two lines, whatever the log level.
  const announce = pino({ base: null })
  announce.info({ ...ports, pid: process.pid }, 'ready')
  if (setupToken) announce.warn({ url: `http://localhost:${ports.httpPort}/setup#token=${setupToken}` }, 'setup')
}

main().catch((error: unknown) => {
  const words = isVigieError(error) ? { code: error.code } : { err: error }
  makeLog('info').fatal(words, causeOf(error))
  process.exitCode = 1
  setTimeout(() => process.exit(1), 500).unref()
})
