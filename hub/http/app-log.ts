/** Fastify's logger, for plugins that log through the request: warnings and worse reach the hub's log, the rest nobody. */
import type { FastifyBaseLogger } from 'fastify'
import type { Log } from './ports.ts'

export function appLog(log: Log): FastifyBaseLogger {
  const quiet = (): undefined => undefined
  const loud = (details: unknown, words?: unknown): void =>
    log.error(asDetails(details), String(words ?? 'a request failed'))
  const logger: FastifyBaseLogger = {
    level: 'warn',
    fatal: loud,
    error: loud,
    warn: (details: unknown, words?: unknown) => log.warn(asDetails(details), String(words ?? '')),
    info: quiet,
    debug: quiet,
    trace: quiet,
    silent: quiet,
    child: () => logger,
  }
  return logger
}

function asDetails(details: unknown): object {
  if (details instanceof Error) return { cause: details.message, stack: details.stack }
  return typeof details === 'object' && details !== null ? details : { details: String(details) }
}
