/**
 * The live page's socket, and the only user of socket.io. An observer: it hears of events after they are recorded, or, while
 * the journal can't be written, at once and marked as not recorded yet.
 *
 *   upgrade   path -> gate (host, origin, session) -> room left? -> socket.io
 *   hello     everything as it stands, and the lines missed since the cursor the page names
 *   frame     every 80 ms at most: what is new since the position that page stands at
 *   ended     the session is over: the page is told, the socket is cut
 *
 * Nothing is queued for a page: each has a position in the feed and a revision of the model, and gets the difference when
 * its socket has taken the last frame. A frozen browser therefore costs two numbers.
 */
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { Server, type Socket } from 'socket.io'
import type {
  ClientEvents,
  DeviceState,
  EventPage,
  EventQuery,
  HubState,
  LiveEvent,
  ServerEvents,
  SiteView,
  SituationsView,
} from '../api.ts'
import { causeOf } from '../errors.ts'
import type { EventKind, Recorded } from '../events.ts'
import { type Reach, reachOf, tellsTo } from '../rules/zones.ts'
import { Feed } from './feed.ts'
import { type Admission, cursorOf, type Gate, refuse, type Why } from './handshake.ts'
import { isNews, lineOf, type Names } from './model.ts'
import { LiveModel, type LiveStart } from './states.ts'
import { keyOf, Tellings } from './told.ts'
import { type Heard, Unrecorded } from './unrecorded.ts'

export interface LiveOptions {
  readonly gate: Gate
  readonly names: Names
  /**
   * The journal, newest first, for first pages and for those that were away longer than the memory reaches. `operator`:
   * whom it is read for, so that the reading can be written down.
   */
  readonly events: (query: EventQuery, operator: string) => EventPage | Promise<EventPage>
  readonly hub: () => HubState
  /** What is going on, at this moment, as those see it whose role counts in these zones. */
  readonly situations: (reach: Reach) => SituationsView
  /**
   * What operators' acts have written above a journal seq, and the newest seq looked at: such rows come with what they
   * change, and from other processes too, so that nobody publishes them here.
   */
  readonly acted?: (after: number) => { readonly rows: readonly Recorded[]; readonly seq: number }
  readonly now: () => number
  readonly log: { warn(details: object, words: string): void; error(details: object, words: string): void }
  /** Events kept in memory; 5,000. */
  readonly held?: number
}

export const LIVE_PATH = '/socket.io/'
const FRAME_MS = 80
const QUIET_MS = 1_000
/** The page hears from the hub at least so often, and knows after two of them that it doesn't. */
const BEAT_MS = 5_000
const HELD = 5_000
/** Lines of a first page, and of one that was away too long. */
const FIRST_LINES = 200
const MAX_SOCKETS = 200
const MAX_SOCKETS_PER_SESSION = 20
/** A page that doesn't read doesn't hear that it is over; then its socket is cut without a word. */
const LAST_WORDS_MS = 300

type LiveSocket = Socket<ClientEvents, ServerEvents>
type Admitted = Extract<Admission, { ok: true }>
interface Reader {
  readonly socket: LiveSocket
  readonly operator: string
  /** Kinds of events that are not for them. */
  readonly hidden: readonly EventKind[]
  /** The zones their role counts in, without those below; absent: everywhere. */
  readonly zones: readonly string[] | undefined
  /** With those below, as the site is now. */
  readonly reach: Reach
}
interface Page extends Reader {
  position: number
  revision: number
  /** Which telling of the situations it has heard. */
  told: number
  /** Needs a new hello: the site changed, or it lags beyond what is held. */
  stale: boolean
}
type Lines = { readonly missed: LiveEvent[]; readonly gap: boolean }

export class Live {
  readonly model = new LiveModel()
  readonly #options: LiveOptions
  readonly #feed: Feed
  readonly #unrecorded = new Unrecorded()
  readonly #tellings: Tellings
  readonly #io: Server<ClientEvents, ServerEvents>
  readonly #pages = new Map<string, Page>()
  readonly #admitted = new WeakMap<IncomingMessage, Admitted>()
  readonly #bySession = new Map<string, number>()
  readonly #servers: (HttpServer | HttpsServer)[] = []
  readonly #beat: NodeJS.Timeout
  #timer: NodeJS.Timeout | undefined
  #settledAt = 0
  #actedTo = 0
  #beatDue = false

  constructor(options: LiveOptions) {
    this.#options = options
    this.#tellings = new Tellings(options.situations)
    this.#feed = new Feed(options.held ?? HELD)
    // WebSocket only: one handshake to check instead of many requests, and no second way in to keep equally tight.
    this.#io = new Server({
      path: LIVE_PATH,
      serveClient: false,
      transports: ['websocket'],
      allowUpgrades: false,
      perMessageDeflate: false,
      maxHttpBufferSize: 4_096,
      connectTimeout: 5_000,
      pingInterval: 10_000,
      pingTimeout: 10_000,
    })
    // socket.io wants a server of its own; this one never listens. Upgrades are handed over once the gate has let them in.
    this.#io.attach(createServer())
    this.#io.on('connection', socket => this.#connected(socket))
    this.#beat = setInterval(() => this.#beatNow(), BEAT_MS).unref()
  }

  /** How everything stands at the start. `cursor`: the journal's newest seq at that moment. */
  prime(start: LiveStart & { readonly cursor: number }): void {
    this.model.prime(start)
    this.#feed.startAt(start.cursor)
    this.#actedTo = start.cursor
  }

  /** Other places, devices or certificates: every page gets everything anew. */
  siteChanged(site: SiteView, devices: readonly DeviceState[]): void {
    this.model.declare(site, devices)
    for (const page of this.#pages.values()) page.stale = true
    this.situationsChanged()
  }

  /** Somebody has acted: an operator here, or the command line. */
  readonly situationsChanged = (): void => {
    this.#hearOfActs()
    this.#arm()
  }

  #hearOfActs(): void {
    try {
      const acted = this.#options.acted?.(this.#actedTo)
      for (const row of acted?.rows ?? []) this.observe(row)
      this.#actedTo = acted?.seq ?? this.#actedTo
    } catch (error) {
      this.#options.log.warn({ cause: causeOf(error) }, 'the rows of an act could not be read for the live page')
    }
  }

  /** Answers live handshakes on these servers, and refuses every other upgrade. */
  attach(servers: readonly (HttpServer | HttpsServer)[]): void {
    for (const server of servers) {
      server.on('upgrade', this.#upgrade)
      this.#servers.push(server)
    }
  }

  /** For the bus: cheap, synchronous, and silent about names until a page is there to read them. */
  readonly observe = (recorded: Recorded): void => {
    if (this.#feed.has(recorded.seq)) return // heard already: its act was looked up before it was published
    const heard = recorded.unrecorded ? this.#unrecorded.tell(recorded) : this.#unrecorded.recorded(recorded)
    if (!heard) return
    if (heard.replaces === undefined) this.model.apply(heard)
    if (isNews(heard.event)) this.#feed.push(heard)
    else this.#feed.pass(heard.seq)
    if (this.#pages.size > 0) this.#arm()
  }

  /** They were erased: what they did, and what was said of it, leaves the memory too. */
  forget(pseudonyms: readonly string[]): void {
    this.#feed.forget(pseudonyms)
  }

  async stop(): Promise<void> {
    clearInterval(this.#beat)
    clearTimeout(this.#timer)
    for (const server of this.#servers.splice(0)) server.off('upgrade', this.#upgrade)
    for (const page of this.#pages.values()) page.socket.request.socket.destroySoon()
    this.#pages.clear()
    await this.#io.close()
  }

  readonly #upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy())
    this.#decide(request).then(
      admission => {
        if (!admission.ok) return refuse(socket, admission.code)
        this.#admitted.set(request, admission)
        this.#io.engine.handleUpgrade(request, socket, head)
      },
      (error: unknown) => {
        this.#options.log.error({ cause: causeOf(error) }, 'a live handshake could not be checked')
        refuse(socket, 'internal')
      },
    )
  }

  async #decide(request: IncomingMessage): Promise<Admission> {
    if (request.url?.split('?', 1)[0] !== LIVE_PATH) return { ok: false, code: 'not-found' }
    const admission = await this.#options.gate(request)
    if (!admission.ok) return admission
    const full =
      this.#io.engine.clientsCount >= MAX_SOCKETS ||
      (this.#bySession.get(admission.session) ?? 0) >= MAX_SOCKETS_PER_SESSION
    return full ? { ok: false, code: 'too-many-requests' } : admission
  }

  #connected(socket: LiveSocket): void {
    const admitted = this.#admitted.get(socket.request)
    if (!admitted) {
      socket.disconnect(true)
      return
    }
    const unwatch = admitted.onEnded(why => end(socket, why))
    this.#bySession.set(admitted.session, (this.#bySession.get(admitted.session) ?? 0) + 1)
    socket.onAny(() => socket.disconnect(true)) // a page has nothing to say here
    socket.on('disconnect', () => {
      unwatch()
      this.#pages.delete(socket.id)
      this.#release(admitted.session)
    })
    const { operator, hidden, zones } = admitted
    void this.#welcome(this.#reader({ socket, operator, hidden, zones }), cursorOf(socket.handshake.auth))
  }

  /** Zones that lie in theirs are of the site as it is now. */
  #reader(reader: Omit<Reader, 'reach'>): Reader {
    return { ...reader, reach: reachOf(this.model.site().zones, reader.zones) }
  }

  #release(session: string): void {
    const left = (this.#bySession.get(session) ?? 1) - 1
    if (left > 0) this.#bySession.set(session, left)
    else this.#bySession.delete(session)
  }

  async #welcome(reader: Reader, asked: number | undefined): Promise<void> {
    const inMemory = asked === undefined ? undefined : this.#feed.since(asked)
    const lines = inMemory ? undefined : await this.#newest(reader, asked !== undefined)
    if (reader.socket.connected)
      this.#greet(reader, lines ?? { missed: this.#lines(inMemory ?? [], reader), gap: false })
  }

  /** From here to the position taken nothing is awaited: hello and first frame meet without a hole or a double. */
  #greet(asked: Reader, { missed, gap }: Lines): void {
    const reader = this.#reader(asked) // the site may be another since
    const { socket } = reader
    const recorded = missed.filter(line => !line.unrecorded)
    const { now, hub } = this.#options
    const { position, cursor } = this.#feed
    const { view, count } = this.#tellings.now(reader.reach)
    socket.emit('hello', {
      now: now(),
      cursor,
      ...this.model.within(reader.reach),
      hub: hub(),
      situations: view,
      missed: [
        ...recorded,
        ...this.#lines(
          this.#unrecorded.list().filter(r => isNews(r.event)),
          reader,
        ),
      ],
      gap,
    })
    const { revision } = this.model
    this.#pages.set(socket.id, { ...reader, position, revision, told: count, stale: false })
  }

  /** The newest lines of the journal, completed by what was heard while it was read. */
  async #newest(reader: Reader, gap: boolean): Promise<Lines> {
    try {
      const read = (await this.#read(reader)).filter(e => e.seq <= this.#feed.cursor).toReversed()
      const known = new Set(read.map(e => e.seq))
      const heard = this.#feed.held().filter(r => r.seq > (read[0]?.seq ?? 0) && !known.has(r.seq))
      return { missed: [...read, ...this.#lines(heard, reader)].sort((a, b) => a.seq - b.seq).slice(-FIRST_LINES), gap }
    } catch (error) {
      this.#options.log.warn({ cause: causeOf(error) }, 'the journal could not be read for a live page')
      return { missed: this.#lines(this.#feed.held().slice(-FIRST_LINES), reader), gap: true }
    }
  }

  /** On past the stretches that gave no line: a page takes the end of what it gets for the end of the journal. */
  async #read({ socket, operator, hidden, reach }: Reader): Promise<EventPage['events']> {
    const narrowed = reach && { zones: [...reach], own: operator }
    const query = { limit: FIRST_LINES, ...(hidden.length > 0 && { except: hidden }), ...narrowed }
    let { events, next } = await this.#options.events(query, operator)
    while (events.length === 0 && next !== undefined && socket.connected)
      ({ events, next } = await this.#options.events({ ...query, before: next }, operator))
    return events
  }

  readonly #lines = (heard: readonly Heard[], { hidden, reach, operator }: Reader): LiveEvent[] =>
    heard
      .filter(r => !hidden.includes(r.event.kind) && tellsTo(r.event, reach, operator))
      .map(r => shownLine(r, this.#options.names))

  #beatNow(): void {
    if (this.#pages.size === 0) return
    this.#beatDue = true
    this.#arm()
  }

  #arm(): void {
    if (this.#pages.size > 0) this.#timer ??= setTimeout(() => this.#flush(), FRAME_MS)
  }

  /** Pages that stand at the same place get the same frame, written once. One whose socket is still busy waits its turn. */
  #flush(): void {
    this.#timer = undefined
    this.#settle()
    this.#tellings.keep([...this.#pages.values()].map(p => p.reach))
    const ready = [...this.#pages.values()].filter(p => p.socket.conn.transport.writable)
    const inStep = Map.groupBy(ready, p => (p.stale ? 'stale' : placeOf(p)))
    for (const [place, pages] of inStep) {
      if (place === 'stale') for (const page of pages) this.#renew(page)
      else this.#frame(pages)
    }
    this.#beatDue = false
    if (ready.length < this.#pages.size || this.model.hasQuiet) this.#arm()
  }

  #settle(): void {
    const now = performance.now()
    if (now - this.#settledAt < QUIET_MS) return
    this.#settledAt = now
    this.model.settle()
  }

  #frame(pages: readonly Page[]): void {
    const [{ position, revision, told, ...reader }] = pages as readonly [Page, ...Page[]]
    const heard = this.#feed.after(position)
    if (!heard) {
      for (const page of pages) this.#renew(page)
      return
    }
    const { points, devices } = this.model.within(reader.reach, revision)
    const events = this.#lines(heard, reader)
    const { view, count } = this.#tellings.now(reader.reach)
    const untold = told !== count
    if (events.length + points.length + devices.length === 0 && !untold && !this.#beatDue) return
    const beat = this.#beatDue ? { hub: this.#options.hub() } : {}
    const frame = {
      now: this.#options.now(),
      cursor: this.#feed.cursor,
      events,
      points,
      devices,
      ...beat,
      ...(untold && { situations: view }),
    }
    this.#io.to(pages.map(p => p.socket.id)).emit('frame', frame)
    const stands = { position: this.#feed.position, revision: this.model.revision, told: count }
    for (const page of pages) Object.assign(page, stands)
  }

  /** A new hello for a page that is on: with the lines it hasn't seen, or with the newest ones and a gap. */
  #renew({ socket, operator, hidden, zones, position }: Page): void {
    const reader = this.#reader({ socket, operator, hidden, zones })
    this.#pages.delete(socket.id)
    const news = this.#feed.after(position)
    if (news) this.#greet(reader, { missed: this.#lines(news, reader), gap: false })
    else void this.#newest(reader, true).then(lines => socket.connected && this.#greet(reader, lines))
  }
}

/** Pages of the same place get the same frame. In some zones only, everybody's own doings come on top. */
const placeOf = ({ position, revision, told, hidden, reach, operator }: Page): string =>
  [position, revision, told, hidden, reach === undefined ? '' : `${operator} ${keyOf(reach)}`].join('/')

const shownLine = ({ replaces, ...recorded }: Heard, names: Names): LiveEvent => ({
  ...lineOf(recorded, names),
  ...(recorded.unrecorded && { unrecorded: true }),
  ...(replaces !== undefined && { replaces }),
})

function end(socket: LiveSocket, why: Why): void {
  const raw = socket.request.socket
  socket.emit('ended', why)
  socket.disconnect(true)
  setTimeout(() => raw.destroy(), LAST_WORDS_MS)
}
