/**
 * What would a scenario have done, had it stood these days?
 *
 *   change    a copy of the site, checked like the real thing: a bad scenario is answered with its error
 *   replay    the rows of those days through an engine of its own, with the clock: nothing is written, nothing acts
 *   tell      when and where it would have begun, the newest first, and how often it would have been held back
 *
 * Zones, hours and lamps are those of now; shifts and arming are those of then. Rows of a while before the first day say what
 * was going on by then. A slice at a time: whoever shares the thread has a turn.
 */
import { changedSite } from '../access/ask-change.ts'
import type { Grant } from '../access/grants.ts'
import type { Site } from '../access/site.ts'
import type { Knows } from '../access/validate.ts'
import type { Recorded } from '../events.ts'
import type { DryRunAnswer, DryRunQuestion, WouldHave } from '../rules/dry-run.ts'
import { type Conclusion, ScenarioEngine } from '../rules/scenario-engine.ts'
import { keyOf, type SiteNow } from '../rules/scenario-facts.ts'
import { isClock, LONGEST_HELD_MS, type Scenario } from '../rules/scenarios.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 7
/** Told one by one, the newest; the others are counted. */
const LIST_MAX = 200

export interface TryPorts {
  now(): number
  site(): Site
  readonly knows: Knows
  grantsSince(from: number): readonly Grant[]
  journalSince(): number | undefined
  /** Zones that were armed then. */
  armedAt(at: number): ReadonlySet<string>
  /** From then on, the oldest first, a slice at a time, others having their turn in between. */
  rowsSince(from: number): AsyncIterable<readonly Recorded[]>
  siteNow(site: Site, grants: readonly Grant[], armed: ReadonlySet<string>): SiteNow
}

/** @throws VigieError input-invalid naming the field of the scenario that does not fit */
export async function tryScenario(
  ports: TryPorts,
  { scenario, days = DEFAULT_DAYS }: DryRunQuestion,
): Promise<DryRunAnswer> {
  const until = ports.now()
  const from = until - days * DAY_MS
  const id = (scenario as { readonly id?: unknown } | null)?.id
  const site = changedSite(
    ports.site(),
    [{ kind: 'scenario', id: typeof id === 'string' ? id : '', item: scenario }],
    ports.knows,
  )
  // Tried as if it stood, also where it is switched off.
  const tried = { ...(scenario as Scenario), enabled: true }
  const tally = new Tried(from)
  const first = from - backOf(tried)
  const armed = new Set(ports.armedAt(first))
  const engine = new ScenarioEngine(ports.siteNow(site, ports.grantsSince(from), armed), [tried])
  engine.clockFrom(from)
  for await (const rows of ports.rowsSince(first))
    for (const row of rows) {
      if (row.at < first || row.at > until) continue
      tally.rows += row.at >= from ? 1 : 0
      tally.tell(engine.tick(row.at))
      arm(engine, armed, row)
      tally.tell(engine.take(row))
    }
  tally.tell(engine.tick(until))
  return { scenario: tried.id, days, from, until, ...since(ports.journalSince(), from), ...tally.answer() }
}

/** How long before the first day something may have begun that still counts in it. */
const backOf = ({ when }: Scenario): number =>
  isClock(when) ? 0 : Math.min(LONGEST_HELD_MS, (when.forMs ?? 0) + (when.times?.withinMs ?? 0) + (when.quietMs ?? 0))

const since = (journal: number | undefined, from: number) =>
  journal !== undefined && journal > from ? { journalSince: journal } : {}

function arm(engine: ScenarioEngine, armed: Set<string>, { event }: Recorded): void {
  if (event.kind !== 'zone.armed' && event.kind !== 'zone.disarmed') return
  if (event.kind === 'zone.armed') armed.add(event.zone)
  else armed.delete(event.zone)
  engine.armingChanged(event.zone)
}

class Tried {
  rows = 0
  readonly #from: number
  #begun = 0
  #heldBack = 0
  readonly #list: (WouldHave & { readonly key: string })[] = []

  constructor(from: number) {
    this.#from = from
  }
  tell(conclusions: readonly Conclusion[]): void {
    for (const { what, subject, at, seq } of conclusions) {
      const key = keyOf(subject)
      if (what === 'ended') {
        const i = this.#list.findLastIndex(w => w.key === key && w.endedAt === undefined)
        if (i !== -1) this.#list[i] = { ...this.#list[i]!, endedAt: at }
      } else if (at >= this.#from && what === 'flapping') this.#heldBack++
      else if (at >= this.#from) {
        this.#begun++
        const { zone, device, accessPoint } = subject
        const place = { ...(zone && { zone }), ...(device && { device }), ...(accessPoint && { accessPoint }) }
        this.#list.push({ key, at, ...(seq !== undefined && { row: seq }), ...place })
        if (this.#list.length > LIST_MAX) this.#list.shift()
      }
    }
  }
  answer(): Pick<DryRunAnswer, 'rows' | 'begun' | 'heldBack' | 'list'> {
    const list = this.#list.map(({ key: _, ...would }) => would).reverse()
    return { rows: this.rows, begun: this.#begun, heldBack: this.#heldBack, list }
  }
}
