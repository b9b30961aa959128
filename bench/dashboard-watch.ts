/** Somebody at the live page, over the same socket as a browser: when alerts reach them. */
import { io, type Socket } from 'socket.io-client'
import type { LiveEvent } from '#hub/api.ts'
import { Seat } from '#hub/test/seat.ts'

export interface Seen {
  readonly zone: string
  /** When the hub wrote it down, and when it was here; ms since 1970. */
  readonly raisedAt: number
  readonly at: number
}

const WHO = { login: 'bench', name: 'Bench', password: 'nobody signs in with this one' }
const ALERTS: ReadonlySet<string> = new Set(['incident.raised', 'incident.joined'])

export class DashboardWatch {
  readonly seen: Seen[] = []
  readonly #socket: Socket

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('frame', ({ events }: { events: readonly LiveEvent[] }) => {
      const at = performance.timeOrigin + performance.now()
      for (const event of events)
        if (ALERTS.has(event.kind) && event.zone !== undefined)
          this.seen.push({ zone: event.zone, raisedAt: event.at, at })
    })
  }

  /** @param setupUrl of a hub that nobody has set up yet */
  static async open(setupUrl: string): Promise<DashboardWatch> {
    const { origin, hash } = new URL(setupUrl)
    const token = hash.replace('#token=', '')
    const { cookie } = await new Seat(WHO, origin).arrive('/api/v1/setup', { ...WHO, token })
    const socket = io(origin, {
      ...{ transports: ['websocket'], forceNew: true, reconnection: false },
      extraHeaders: { origin, cookie },
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('hello', () => resolve())
      socket.once('connect_error', reject)
    })
    return new DashboardWatch(socket)
  }

  close(): void {
    this.#socket.close()
  }
}
