/** One JSON line per happening on standard output, with the request it happened in and without what a log must not hold. */
import { type Logger, pino } from 'pino'
import { cleaned, redacted } from './redaction.ts'
import { working } from './working.ts'

/** @param to standard output where it is left out */
export const makeLog = (level: string, to?: { write(line: string): void }): Logger =>
  pino(
    {
      level,
      base: null,
      mixin: () => working() ?? {},
      // What comes here is clean already: pino's own way with errors would put their fields back.
      serializers: { err: (error: unknown) => error },
      formatters: { log: redacted },
      hooks: {
        logMethod(args, method) {
          method.apply(
            this,
            args.map(arg => (typeof arg === 'string' ? cleaned(arg) : arg)) as Parameters<typeof method>,
          )
        },
      },
    },
    ...(to ? [to] : []),
  )
