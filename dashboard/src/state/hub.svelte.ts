import { Live } from '../live.svelte.ts'
import { mayWatch } from '../pages.ts'
import { Clock } from './clock.svelte.ts'
import { Feed } from './feed.svelte.ts'
import { Incidents } from './incidents.svelte.ts'
import { Session } from './session.svelte.ts'
import { SiteState } from './site.svelte.ts'
import { Situations } from './situations.svelte.ts'
import { Station } from './station.svelte.ts'
import { Things } from './things.svelte.ts'
import { Waiting } from './waiting.svelte.ts'
import { Watch } from './watch.svelte.ts'

/** Everything the pages read, put together. `start` when someone is signed in, `stop` forgets all of it. */
export class Hub {
  readonly clock = new Clock()
  readonly session = new Session()
  readonly site = new SiteState()
  readonly things = new Things(this.site)
  readonly situations = new Situations()
  readonly feed = new Feed()
  readonly watch = new Watch()
  readonly live: Live
  /** What waits for this operator's approval. */
  readonly waiting = new Waiting(() => this.session.may('approvals.decide'))
  /** What was noticed, and nobody has said yet what it was. */
  readonly incidents = new Incidents(() => this.session.may('alerts.read'))
  /** Whether this browser stands beside a reader. */
  readonly station = new Station(() => void this.session.check())

  constructor() {
    this.live = new Live({
      now: () => this.clock.read(),
      hello: async (hello, fresh) => {
        this.clock.set(hello.now)
        this.things.replace(hello.points, hello.devices, hello.hub)
        this.situations.take(hello.situations)
        if (fresh) this.#begin(() => this.feed.begin(hello.missed))
        else this.feed.dropUnrecorded()
        await Promise.all([this.site.load(), this.incidents.load()])
      },
      frame: frame => {
        this.clock.set(frame.now)
        this.things.change(frame.points, frame.devices, frame.hub)
        this.situations.take(frame.situations)
      },
      events: events => {
        this.feed.add(events)
        this.watch.count(events)
        if (events.some(e => e.kind.startsWith('approval.'))) void this.waiting.load()
        if (events.some(e => e.kind.startsWith('incident.'))) void this.incidents.load()
      },
      shut: () => void this.session.check(),
      ended: why => void this.session.ended(why),
    })
  }

  /** Who may not watch has the site as it is configured, if even that. */
  start(): void {
    this.clock.start()
    void this.waiting.load()
    void this.incidents.load()
    if (mayWatch(this.session.may)) this.live.start()
    else if (this.session.may('site.read')) void this.site.load()
  }
  stop(): void {
    this.live.stop()
    this.clock.stop()
    this.feed.clear()
    this.things.clear()
    this.situations.clear()
    this.site.clear()
    this.watch.clear()
    this.waiting.clear()
    this.incidents.clear()
  }
  /** Once a second: at 08:00 and 20:00 another watch begins. */
  tick(): void {
    if (!mayWatch(this.session.may)) return
    if (this.site.view && this.watch.turn(this.clock.now, this.site.timeZone)) void this.#fillWatch()
  }
  /** More of the journal for the feed. */
  async older(): Promise<void> {
    await this.feed.older()
    this.watch.count(this.feed.rows)
  }
  async retry(): Promise<void> {
    await this.site.load()
    if (this.feed.failed || !this.feed.ready) {
      await this.feed.reload()
      this.#begin(() => undefined)
    }
  }

  #begin(fill: () => void): void {
    fill()
    this.watch.clear()
    void this.#fillWatch()
  }
  async #fillWatch(): Promise<void> {
    this.watch.count(this.feed.rows)
    if (this.watch.start > 0) await this.feed.reach(this.watch.start)
    this.watch.count(this.feed.rows)
  }
}
