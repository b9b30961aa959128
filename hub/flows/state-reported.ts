/**
 * A point reports how it is.
 *
 *   compare  with what it was: only a change is an opening, a closing, a tamper alarm
 *   judge    an opening nobody was granted and nobody asked to leave by is forced
 *   follow   who was let through has passed; a door of a man-trap stands open, or is shut again
 *   record   one row per conclusion and the situations that changed, all in one commit
 *   notify   observers
 *
 * A late report is recorded, and changes nothing: what came after it is the newer truth.
 */
import type { State } from '#devices/messages.ts'
import { closed, opened } from '../access/consequences.ts'
import type { SituationChange } from '../access/situations.ts'
import type { Snapshot } from '../access/snapshot.ts'
import type { Place, PointChanged } from '../events.ts'
import type { Entry, JournalWriter, Recorded } from '../ports.ts'
import type { Incoming } from './message-received.ts'
import type { Standing } from './standing.ts'
import type { Unlocks } from './unlocks.ts'

interface Needs {
  readonly journal: JournalWriter
  readonly unlocks: Unlocks
  readonly rights: () => Snapshot
  readonly situations: Standing
  /** Access points whose lock hangs at that point of that device: one, or one for each direction. */
  readonly openedAt: (device: string, point: string) => readonly string[]
  /** False where the model has no lock at that point. */
  readonly hasLock: (device: string, point: string) => boolean
  readonly placeOf: (device: string, point: string) => Omit<Place, 'point'>
  readonly notify: (recorded: Recorded) => void
}

type Fields = Omit<State, 'id' | 'at' | 'seq' | 'point'>
interface Known {
  readonly fields: Fields
  /** The how-manieth report this hub took: tells newer from older, also across new hardware. */
  readonly order: number
  readonly openedAt?: number
  readonly person?: string
}
interface Conclusion {
  readonly kind: PointChanged['kind']
  readonly person?: string
  readonly openMs?: number
}

interface Comparison {
  readonly conclusions: readonly Conclusion[]
  readonly changes: readonly SituationChange[]
}
const LATE: Comparison = { conclusions: [{ kind: 'state.changed' }], changes: [] }

export class StateReported {
  readonly #needs: Needs
  /** As last reported, and as last stored: the same but while rows are on their way to the disk. */
  readonly #points = new Map<string, Known>()
  readonly #stored = new Map<string, Known>()
  /** What a row stood for that was given up, for as long as the journal still holds on to that row. */
  readonly #givenUp = new WeakMap<Entry, Known>()
  /** By point: situations that changed with a report that could not be stored. They are written with the next one. */
  readonly #unwritten = new Map<string, readonly SituationChange[]>()
  #reports = 0

  constructor(needs: Needs) {
    this.#needs = needs
  }

  async handle(incoming: Incoming<State>): Promise<void> {
    const { message, origin, at } = incoming
    const { journal, notify, placeOf, situations } = this.#needs
    const { id, seq, at: _, point, kind: __, ...fields } = message as State & { kind: string }
    const { conclusions, changes } = origin.late ? LATE : this.#compare(origin.device, point, fields, at)
    const base = { ...origin, point, ...placeOf(origin.device, point), state: fields }
    const inbox = { device: origin.device, seq, id }
    const entries = conclusions.map((c): Entry => ({ event: { ...base, ...c }, at, inbox }))
    if (changes.length > 0) entries[0] = { ...entries[0]!, situations: situations.current(changes) }
    const stored = journal.appendAll(entries)
    if (!origin.late) this.#settle(keyOf(origin.device, point), entries, stored)
    for (const recorded of await stored) notify(recorded)
  }

  /** What was not stored is taken back: sent again it is judged as if for the first time, so a forced door stays forced. */
  #settle(key: string, entries: readonly Entry[], stored: Promise<unknown>): void {
    const now = this.#points.get(key)!
    const takeBack = (): void => {
      for (const entry of entries) this.#givenUp.set(entry, now)
      const [unwritten] = entries
      if (unwritten?.situations) this.#unwritten.set(key, unwritten.situations)
      if (this.#points.get(key) !== now) return // something newer was reported, and settles for itself
      const before = this.#stored.get(key)
      if (before) this.#points.set(key, before)
      else this.#points.delete(key)
    }
    stored.then(() => this.#stored.set(key, now), takeBack)
  }

  /**
   * It was given up, and then turned out to be stored all the same: sent again it is a duplicate, so what it says counts
   * from here on, unless something newer was reported since.
   */
  storedAfterAll(entry: Entry): void {
    const known = this.#givenUp.get(entry)
    if (!known) return
    const { device, point } = entry.event as PointChanged
    const key = keyOf(device, point)
    for (const map of [this.#points, this.#stored]) if (known.order > (map.get(key)?.order ?? 0)) map.set(key, known)
  }

  /**
   * New hardware under an old name. That the old one's door stood open was forgotten with it: told again, it is news. What
   * was shut stays so, so that a door that is found open is forced.
   */
  replaced(device: string): void {
    for (const [key, { fields }] of this.#points) {
      if (fields.contact !== 'open' || !key.startsWith(`${device}/`)) continue
      for (const map of [this.#points, this.#stored, this.#unwritten]) map.delete(key)
    }
  }

  #compare(device: string, point: string, fields: Fields, at: number): Comparison {
    const key = keyOf(device, point)
    const before = this.#points.get(key)
    const turned = fields.contact === before?.fields.contact ? undefined : fields.contact
    if (fields.request === true) this.#needs.unlocks.exitRequested(device, point, at)
    const conclusions = [
      ...contactConclusions(before, fields, at, () => this.#openedBy(device, point, at)),
      ...otherConclusions(before, fields),
    ]
    this.#points.set(key, { ...remember(before, fields, conclusions[0], at), order: ++this.#reports })
    return {
      conclusions: conclusions.length > 0 ? conclusions : LATE.conclusions,
      changes: turned === undefined ? [] : this.#follow(device, point, turned, at),
    }
  }

  /** What has no lock is opened by anybody's hand, and never forced. */
  #openedBy(device: string, point: string, at: number): { person?: string } | undefined {
    const { openedAt, unlocks, hasLock } = this.#needs
    return !hasLock(device, point) && openedAt(device, point).length === 0 ? {} : unlocks.openedBy(device, point, at)
  }

  /**
   * In force at once, and for good: an open door is open, recorded or not, and its other door has to stay shut. Also at the
   * first report after a start, because a door may have been shut while nobody was listening.
   */
  #follow(device: string, point: string, contact: 'open' | 'closed', at: number): SituationChange[] {
    const { openedAt, unlocks, rights, situations } = this.#needs
    const key = keyOf(device, point)
    const unlock = unlocks.openAt(device, point, at)
    const changes = openedAt(device, point).flatMap(id => {
      if (contact === 'closed') return closed(situations, id, at)
      return opened(rights(), situations, id, unlock?.accessPoint === id ? unlock.person : undefined, at)
    })
    situations.apply(changes).keep()
    const unwritten = this.#unwritten.get(key) ?? []
    this.#unwritten.delete(key)
    return [...unwritten, ...changes]
  }
}

const keyOf = (device: string, point: string): string => `${device}/${point}`

function contactConclusions(
  before: Known | undefined,
  now: Fields,
  at: number,
  openedBy: () => { person?: string } | undefined,
): Conclusion[] {
  if (now.contact === undefined || now.contact === before?.fields.contact) return []
  if (now.contact === 'closed') {
    if (before?.fields.contact !== 'open') return []
    return [
      {
        kind: 'point.closed',
        ...(before.openedAt === undefined ? {} : { openMs: at - before.openedAt }),
        ...(before.person ? { person: before.person } : {}),
      },
    ]
  }
  const by = openedBy()
  // The first report after a start is how things stand, not a break-in.
  return [by || before?.fields.contact === undefined ? { kind: 'point.opened', ...by } : { kind: 'point.forced' }]
}

function otherConclusions(before: Known | undefined, now: Fields): Conclusion[] {
  const list: Conclusion[] = []
  if (now.lock !== undefined && now.lock !== before?.fields.lock)
    list.push({ kind: now.lock === 'locked' ? 'point.locked' : 'point.released' })
  if (now.tamper !== undefined && now.tamper !== (before?.fields.tamper ?? false))
    list.push({ kind: now.tamper ? 'tamper.raised' : 'tamper.cleared' })
  if (now.request === true) list.push({ kind: 'exit.requested' })
  return list
}

function remember(
  before: Known | undefined,
  now: Fields,
  first: Conclusion | undefined,
  at: number,
): Omit<Known, 'order'> {
  const fields = { ...before?.fields, ...now }
  if (first?.kind === 'point.opened' || first?.kind === 'point.forced')
    return { fields, openedAt: at, ...(first.person ? { person: first.person } : {}) }
  if (fields.contact !== 'open' || before?.openedAt === undefined) return { fields }
  return { ...before, fields }
}
