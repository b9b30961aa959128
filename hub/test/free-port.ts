/** A port that a server may have for the length of a test, stopped and started again. */
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below the range that systems give to outgoing connections (32768 and up on Linux): one of those, made by another test,
 * could have taken a port from that range while its server was away.
 */
const FIRST = 20_000
const LAST = 32_000

export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
    throw error
  }
  await new Promise(resolve => server.close(resolve))
  return true
}
