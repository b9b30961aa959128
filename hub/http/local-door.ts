/**
 * A third door to the same routes, for the command line: a Unix socket in the data folder, which only its owner may open.
 * Whoever can open it could as well write the database beside it, so that is the whole check: no cookie, no token, no Origin,
 * and nothing that comes over TCP passes for it. Who sits at the command line is what the command line says.
 */
import { chmodSync, rmSync } from 'node:fs'
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { userInfo } from 'node:os'
import { causeOf } from '../errors.ts'
import type { Caller } from './permissions.ts'
import type { Log } from './ports.ts'

/** In the data folder. */
export const LOCAL_SOCKET = 'hub.sock'
/** The user of the operating system who gave the command, percent-encoded. */
export const USER_HEADER = 'vigie-user'
const OWNER_ONLY = 0o600
/** Nobody else gets in between the socket's making and its mode. */
const OWNER_MASK = 0o177

export class LocalDoor {
  readonly #file: string
  readonly #log: Pick<Log, 'warn'>
  /** Sockets that came in by it. */
  readonly #own = new WeakSet<Socket>()

  constructor(file: string, log: Pick<Log, 'warn'>) {
    this.#file = file
    this.#log = log
  }

  /**
   * To be called while the lock of the data folder is held: what a hub left there that was killed is replaced. Where it can't
   * be opened the hub runs without it, and the command line works on the data folder itself.
   */
  async open(server: Server): Promise<void> {
    server.on('connection', socket => this.#own.add(socket))
    try {
      rmSync(this.#file, { force: true })
      await listen(server, this.#file)
      chmodSync(this.#file, OWNER_ONLY)
    } catch (error) {
      this.#log.warn({ cause: causeOf(error) }, 'the command line can not reach this hub, and works on its data folder')
    }
  }

  /** @returns undefined for what came another way */
  caller({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): Caller | undefined {
    if (!this.#own.has(socket)) return undefined
    const by = `cli:${userIn(headers[USER_HEADER])}`
    return {
      ...{ session: by, id: by, stage: 'in', commandLine: true },
      operator: { login: by, name: by, role: 'administrator' },
    }
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const mask = process.umask(OWNER_MASK)
    try {
      server.listen({ path }, () => {
        server.off('error', reject)
        resolve()
      })
    } finally {
      process.umask(mask) // the socket is made before listen() returns
    }
  })
}

/** The owner of this process where the command line does not say. */
function userIn(header: string | string[] | undefined): string {
  try {
    const name = decodeURIComponent(typeof header === 'string' ? header : '')
    if (/^[^\p{Cc}]{1,64}$/u.test(name)) return name
  } catch (error) {
    if (!(error instanceof URIError)) throw error
  }
  return userInfo().username
}
