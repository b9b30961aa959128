/** Patience that ends. */
import { setTimeout as later } from 'node:timers/promises'

/** Resolves when `work` does, or after `ms`; what it comes to then nobody learns. @throws as `work`, before that */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const patience = new AbortController()
  const ended = later(ms, undefined, { signal: patience.signal }).catch(() => undefined) // no longer waited for
  try {
    await Promise.race([work, ended])
  } finally {
    patience.abort()
  }
}
