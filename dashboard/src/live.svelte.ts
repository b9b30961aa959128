/** The only socket. It reconnects by itself, names the last cursor it saw, and hands everything on in order. */
import { io, type Socket } from 'socket.io-client'
import type { ClientEvents, LiveEvent, ServerEvents } from './contract.ts'

type Hello = Parameters<ServerEvents['hello']>[0]
type Frame = Parameters<ServerEvents['frame']>[0]
type Why = Parameters<ServerEvents['ended']>[0]
export type LiveState = 'connecting' | 'catching' | 'live' | 'offline'

/**
 * Who is told. `fresh`: the hello's missed events are the newest ones and stand alone, nothing before them is known.
 * `hello` resolves when the page has read what it needs to be up to date.
 */
export interface Listener {
  hello(hello: Hello, fresh: boolean): Promise<void>
  frame(frame: Frame): void
  events(events: readonly LiveEvent[]): void
  /** The hub did not let us in, or can't be reached: is there still a session? */
  shut(): void
  ended(why: Why): void
  now(): number
}

/** Missed events are taken in by the hundred, so that a long absence never freezes the page. */
const CHUNK = 100
const BEATS = 6
const AGAIN_MS = 2000
/** The hub speaks every 5 s at least; after two silences the line is taken for dead, whatever the socket believes. */
const SILENCE_MS = 12_000

export class Live {
  readonly #listener: Listener
  #socket: Socket<ServerEvents, ClientEvents> | undefined
  #state = $state<LiveState>('connecting')
  #since = $state(0)
  #beats = $state.raw<readonly number[]>(new Array<number>(BEATS).fill(0))
  #queue = $state.raw<readonly LiveEvent[]>([])
  #cursor: number | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #silence: ReturnType<typeof setTimeout> | undefined
  #heardAt: number | undefined

  constructor(listener: Listener) {
    this.#listener = listener
  }
  get state(): LiveState {
    return this.#state
  }
  /** When the present state began: for `offline`, the last moment the page was right. */
  get since(): number {
    return this.#since
  }
  /** Missed events not yet shown. */
  get left(): number {
    return this.#queue.length
  }
  /** Events in each of the last frames, oldest first. */
  get beats(): readonly number[] {
    return this.#beats
  }

  start(): void {
    if (this.#socket) return
    const socket: Socket<ServerEvents, ClientEvents> = io({
      transports: ['websocket'],
      auth: give => give(this.#cursor === undefined ? {} : { cursor: this.#cursor }),
      reconnectionDelay: 400,
      reconnectionDelayMax: 5000,
      timeout: 8000,
    })
    this.#socket = socket
    this.#turn('connecting')
    socket.on('connect', () => this.#turn('catching'))
    socket.on('hello', hello => void this.#greeted(hello))
    socket.on('frame', frame => this.#frame(frame))
    socket.on('ended', why => this.#listener.ended(why))
    socket.on('disconnect', () => this.#lost(socket))
    socket.on('connect_error', () => this.#lost(socket))
  }
  stop(): void {
    clearTimeout(this.#retry)
    clearTimeout(this.#silence)
    this.#heardAt = undefined
    this.#socket?.removeAllListeners()
    this.#socket?.disconnect()
    this.#socket = undefined
    this.#cursor = undefined
    this.#queue = []
  }

  async #greeted(hello: Hello): Promise<void> {
    const socket = this.#socket
    const id = socket?.id
    const fresh = this.#cursor === undefined || hello.gap
    this.#cursor = hello.cursor
    this.#queue = fresh ? [] : [...this.#queue.filter(e => !e.unrecorded), ...hello.missed]
    const taken = this.#listener.hello(hello, fresh) // sets the clock, by which the next line tells the time
    this.#heard()
    await taken
    while (this.#queue.length > 0 && this.#socket === socket) {
      const chunk = this.#queue.slice(0, CHUNK)
      this.#queue = this.#queue.slice(CHUNK)
      this.#listener.events(chunk)
      if (this.#queue.length > 0) await new Promise(resolve => setTimeout(resolve, 16))
    }
    if (this.#socket === socket && socket?.connected && socket.id === id) this.#turn('live')
  }
  #frame(frame: Frame): void {
    this.#cursor = frame.cursor
    this.#listener.frame(frame)
    this.#heard()
    if (this.#queue.length > 0) this.#queue = [...this.#queue, ...frame.events]
    else if (frame.events.length > 0) this.#listener.events(frame.events)
    this.#beats = [
      ...this.#beats.slice(1),
      frame.events.length + Math.min(1, frame.points.length + frame.devices.length),
    ]
  }
  #heard(): void {
    this.#heardAt = this.#listener.now()
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#socket?.io.engine.close(), SILENCE_MS)
  }
  #lost(socket: Socket<ServerEvents, ClientEvents>): void {
    clearTimeout(this.#silence)
    this.#turn('offline')
    this.#listener.shut()
    // After a refusal or a parting by the hub the library does not try again by itself.
    if (socket.active) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => socket.connect(), AGAIN_MS)
  }
  #turn(state: LiveState): void {
    if (state === this.#state) return
    this.#since = (state === 'offline' && this.#heardAt) || this.#listener.now()
    this.#state = state
  }
}
