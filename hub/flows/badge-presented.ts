/**
 * A badge is held to a reader.
 *
 *   facts    the rights in force, what is going on, the PIN if one was entered, hub time; a stale message is never a
 *            reason to open
 *   decide   access/decide.ts: pure, the same at the hub, at the edge and in "explain"
 *   follow   access/consequences.ts: what changes by it (a second person awaited, who is inside, wrong PINs), in memory
 *            at once, so that the next badge is decided by it
 *   record   the verdict, what is told beside it and the changed situations are on disk, in one commit, BEFORE anything moves
 *   look     again, if rights or an operator's act came while the disk was busy: a grant that would be refused by now is
 *            withdrawn (access/withdrawal.ts), with a row of its own, and what it had changed is undone
 *   act      the decision to the reader, one unlock command with an expiry to the lock
 *   notify   observers hear of it; they can't change it
 *
 * If the rows can't be written the point fails in the direction its class declares: `secure` refuses with
 * `audit-unavailable` and takes back what followed, `open-with-alarm` looks again, opens, spools what happened and raises an alarm. If
 * the spool can't be written either there is no PUBACK; the same badge message sent again is then recorded as it was
 * answered, and moves nothing.
 *
 * What follows (lock answered, opened, closed) are happenings of their own: lock-answered.ts, state-reported.ts.
 */
import type { Badge } from '#devices/messages.ts'
import { consequences } from '../access/consequences.ts'
import { badgeOf, decide, failureModeOf } from '../access/decide.ts'
import type { AccessRequest, Decision, Denied } from '../access/decision.ts'
import { CALM, type PinFact, type SituationRows } from '../access/situations.ts'
import { pointKey, type Snapshot } from '../access/snapshot.ts'
import { withdrawal } from '../access/withdrawal.ts'
import type { AccessGranted } from '../events.ts'
import type { DeviceLink, Entry, JournalWriter, PinCheck, Recorded } from '../ports.ts'
import {
  broughtFor,
  entriesOf,
  insteadOf,
  isFact,
  QUIET,
  requestOf,
  subjectOf,
  tellsFact,
  toldOf,
  tooLate,
  unrecorded,
  type Verdict,
  verdictOf,
  withdrawnOf,
} from './badge-verdict.ts'
import type { Incoming } from './message-received.ts'
import type { Pending, Standing } from './standing.ts'
import { Turns } from './turns.ts'
import { OPENING_GRACE_MS, type Unlocks } from './unlocks.ts'

interface Needs {
  /** The rights in force at this moment. */
  readonly rights: () => Snapshot
  readonly situations: Standing
  readonly pinCheck: PinCheck
  /** True if that point of that device tells when it is opened: a passage then counts from there, not from the badge. */
  readonly reportsContact: (device: string, point: string) => boolean
  readonly journal: JournalWriter
  /** Where rows wait that the journal could not take. @throws if even that fails */
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly link: Pick<DeviceLink, 'decide' | 'command'>
  readonly unlocks: Unlocks
  readonly notify: (recorded: Recorded) => void
  readonly onFailure: (error: unknown) => void
  readonly newId: () => string
  /** Milliseconds after which a command moves nothing. */
  readonly expiryMs: number
  readonly now: () => number
}

/** A decision, as it is to be recorded. */
interface Answer {
  readonly request: AccessRequest
  /** What goes into the row: of two people, what the first one brought. */
  readonly brought: AccessRequest
  readonly decision: Decision
  readonly verdict: Verdict
  /** The verdict's row first. */
  readonly entries: readonly [Entry, ...Entry[]]
  /** True whatever the answer, and what goes with an opening. Both are in force already. */
  readonly facts: Pending
  readonly opening: Pending
  readonly mode: ReturnType<typeof failureModeOf>
  /** What it was decided by, to see at a glance whether anything is different since. */
  readonly seen: {
    readonly rights: Snapshot
    readonly acts: number
    readonly awaited: SituationRows['witness'] | undefined
  }
}

const NO_IDS = { command: '', breakGlass: '' }
/** Answers kept that neither journal nor spool took; the oldest is given up first. */
const OWED_LIMIT = 1_000

export class BadgePresented {
  readonly #needs: Needs
  readonly #turns = new Turns()
  /** Device and message id -> the rows of what was answered and is recorded nowhere yet. */
  readonly #owed = new Map<string, readonly Entry[]>()
  /** Rows the journal did not take in time, of an opening that was answered with a refusal instead. */
  readonly #superseded = new WeakSet<Entry>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  handle(incoming: Incoming<Badge>): Promise<void> {
    const owed = this.#owed.get(keyOf(incoming))
    if (owed) return this.#settleOwed(incoming, owed)
    const { origin, message } = incoming
    const reader = `${origin.device}/${message.point}`
    return this.#turns.take(reader, this.#pinOf(incoming), pin => this.#answer(incoming, pin))
  }

  /** True for an opening that was given up and refused: stored after all, it is still not what happened. */
  wasSuperseded(entry: Entry): boolean {
    return this.#superseded.has(entry)
  }

  /** Undefined where there is nothing to look into: no PIN, nobody's badge, or a message that comes too late to count. */
  #pinOf({ message, stale }: Incoming<Badge>): (() => Promise<PinFact | undefined>) | undefined {
    const { rights, pinCheck, onFailure } = this.#needs
    const { pin } = message
    const badge = pin === undefined || stale ? undefined : badgeOf(rights(), message.credential.uid)
    if (pin === undefined || badge === undefined) return undefined
    return async () => {
      try {
        return await pinCheck(badge.holder.person, pin)
      } catch (error) {
        onFailure(error)
        return undefined // a PIN that can't be looked into counts for nothing: what needs one stays shut
      }
    }
  }

  async #answer(incoming: Incoming<Badge>, pin: PinFact | undefined): Promise<void> {
    const answer = this.#judge(incoming, pin)
    let recorded: readonly Recorded[]
    try {
      recorded = await this.#append(answer.entries)
    } catch {
      return this.#failAsDeclared(incoming, answer)
    }
    answer.facts.keep()
    const refusal = this.#lookAgain(answer)
    if (!refusal) answer.opening.keep()
    if (!refusal) this.#act(incoming, answer.verdict, answer.decision, incoming.at)
    recorded.forEach(this.#needs.notify)
    if (refusal) await this.#withdraw(incoming, answer, refusal)
  }

  /** Decides, and puts in force what follows. Nothing waits for anything in here. */
  #judge(incoming: Incoming<Badge>, pin: PinFact | undefined): Answer {
    const { rights, situations, newId } = this.#needs
    const snapshot = rights()
    const request = requestOf(incoming, pin)
    const awaited = situations.witness.get(pointKey(request.device, request.point))
    const decision = this.#decide(snapshot, request, incoming)
    const begins = decision.granted && decision.via.kind === 'break-glass' && decision.via.begins
    const ids = decision.granted ? { command: newId(), breakGlass: begins ? newId() : '' } : NO_IDS
    const { changes, tells } = incoming.stale ? QUIET : this.#follow(snapshot, request, decision, ids.breakGlass)
    const badge = badgeOf(snapshot, request.uid)
    const brought = broughtFor(request, decision, badge, awaited)
    const verdict = verdictOf(incoming, brought, decision, ids)
    const told = tells.length === 0 ? [] : toldOf(incoming, request, decision, tells, badge)
    return {
      request,
      brought,
      decision,
      verdict,
      entries: entriesOf(incoming, verdict, changes, told),
      facts: situations.apply(changes.filter(isFact)),
      opening: situations.apply(changes.filter(change => !isFact(change))),
      mode: failureModeOf(snapshot, request.device, request.point),
      seen: { rights: snapshot, acts: situations.acts, awaited },
    }
  }

  /** Nothing to do where neither rights nor acts came since. @returns why a grant opens no more */
  #lookAgain({ request, decision, seen }: Answer): Denied | undefined {
    const { rights, situations } = this.#needs
    const snapshot = rights()
    if (!decision.granted || (snapshot === seen.rights && situations.acts === seen.acts)) return undefined
    return withdrawal(snapshot, situations, request, decision, seen.awaited)
  }

  /** The row of the grant stands; from this one on it is plain that nothing was released, and what it had changed is as before. */
  async #withdraw(incoming: Incoming<Badge>, { verdict, entries, opening }: Answer, refusal: Denied): Promise<void> {
    const { journal, situations, notify, now } = this.#needs
    if (verdict.kind !== 'access.granted') return
    const events = withdrawnOf(verdict, refusal, entries, situations)
    opening.undo()
    this.#tell(incoming, { granted: false, reason: refusal.reason }, now())
    const at = Math.max(incoming.at, now())
    const undone = situations.current(entries[0].situations ?? [])
    const rows = events.map((event, i): Entry => ({ event, at, ...(i === 0 ? { situations: undone } : {}) }))
    try {
      const recorded = await journal.appendAll(rows)
      recorded.forEach(notify)
    } catch {
      await this.#keep(incoming, rows)
    }
  }

  /** What waited on its way is nobody's second person either: it is decided as if nobody were awaited. */
  #decide(snapshot: Snapshot, request: AccessRequest, incoming: Incoming<Badge>): Decision {
    const { situations } = this.#needs
    if (!incoming.stale) return decide(snapshot, situations, request)
    return tooLate(incoming, decide(snapshot, { ...situations, witness: CALM.witness }, request))
  }

  #follow(snapshot: Snapshot, request: AccessRequest, decision: Decision, id: string) {
    const { situations, reportsContact } = this.#needs
    const confirmsPassage = decision.granted && reportsContact(decision.lock.device, decision.lock.point)
    return consequences(snapshot, situations, request, decision, { id, confirmsPassage })
  }

  async #append(entries: Answer['entries']): Promise<readonly Recorded[]> {
    const { journal } = this.#needs
    return entries.length === 1 ? [await journal.append(entries[0])] : journal.appendAll(entries)
  }

  /** Tells the reader, then orders the lock: nothing here is retained, queued or sent again. Expiry counts `from` here. */
  #act(incoming: Incoming<Badge>, verdict: Verdict, decision: Decision, from: number): void {
    this.#tell(incoming, shownOf(verdict, decision), from)
    if (verdict.kind === 'access.granted' && decision.granted) this.#unlock(incoming, verdict, decision.lock, from)
  }

  #tell({ message, origin }: Incoming<Badge>, shown: ReturnType<typeof shownOf>, from: number): void {
    const { link, newId, expiryMs } = this.#needs
    const expiresAt = new Date(from + expiryMs).toISOString()
    link.decide(origin.device, { id: newId(), request: message.id, ...shown, expiresAt })
  }

  #unlock(
    { at }: Incoming<Badge>,
    verdict: AccessGranted,
    lock: { device: string; point: string },
    from: number,
  ): void {
    const { link, unlocks, expiryMs } = this.#needs
    const openUntil = from + expiryMs + verdict.unlockMs + OPENING_GRACE_MS
    unlocks.sent({ ...lock, ...subjectOf(verdict), command: verdict.command, badgeAt: at, openUntil }, expiryMs)
    const sent = link.command(lock.device, {
      id: verdict.command,
      expiresAt: new Date(from + expiryMs).toISOString(),
      action: 'unlock',
      point: lock.point,
      // At a door that an evacuation keeps released a badge must not lock it sooner.
      unlockMs: Math.max(verdict.unlockMs, unlocks.heldFor(lock.device, lock.point, this.#needs.now())),
    })
    if (!sent) unlocks.undelivered(verdict.command)
  }

  /**
   * The journal did not take the rows. What is answered now is spooled, and becomes rows when the journal is back. Finding
   * out took time, maybe more than a command lives: the expiry of an order that opens all the same counts from now.
   */
  async #failAsDeclared(incoming: Incoming<Badge>, answer: Answer): Promise<void> {
    const { brought, verdict, decision, entries, mode } = answer
    const secured = verdict.kind !== 'access.denied' && mode === 'secure'
    const refusal = secured ? insteadOf(decision, 'audit-unavailable') : this.#lookAgain(answer)
    const shown = refusal ? verdictOf(incoming, brought, refusal, NO_IDS) : verdict
    answer.facts.keep()
    if (refusal) answer.opening.undo()
    else answer.opening.keep()
    this.#act(incoming, shown, decision, this.#needs.now())
    const rows = refusal ? this.#instead(entries, shown) : [...entries]
    if (refusal || verdict.kind === 'access.granted')
      rows.push(unrecorded(incoming, verdict, refusal ? 'refused' : 'opened'))
    await this.#keep(incoming, rows)
  }

  /**
   * The rows of a refusal in place of an opening: with the situations as they are again, so that they stand like this on
   * disk also if the journal stores what it was thought to have lost.
   */
  #instead([first, ...told]: Answer['entries'], event: Verdict): Entry[] {
    this.#superseded.add(first)
    for (const entry of told) if (!tellsFact(entry.event)) this.#superseded.add(entry)
    const again = first.situations && { situations: this.#needs.situations.current(first.situations) }
    return [{ ...first, event, ...again }, ...told.filter(entry => tellsFact(entry.event))]
  }

  /** The spool first: what it may hold of these rows already, it drains once. Then the journal, if that is back. */
  async #settleOwed(incoming: Incoming<Badge>, rows: readonly Entry[]): Promise<void> {
    const { journal, situations, notify } = this.#needs
    try {
      await this.#keep(incoming, rows)
    } catch {
      const recorded = await journal.appendAll(situations.asTheyStand(rows))
      this.#owed.delete(keyOf(incoming))
      recorded.forEach(notify)
    }
  }

  /** @throws VigieError journal-unavailable; the rows are then owed until the device sends its message again */
  async #keep(incoming: Incoming<Badge>, rows: readonly Entry[]): Promise<void> {
    const key = keyOf(incoming)
    this.#owed.set(key, rows)
    if (this.#owed.size > OWED_LIMIT) this.#owed.delete(this.#owed.keys().next().value as string)
    await this.#needs.spool(rows)
    this.#owed.delete(key)
  }
}

const keyOf = ({ origin }: Incoming<Badge>): string => `${origin.device}/${origin.message}`

/** What the reader shows. Nothing of it, neither a field nor a length, tells a duress PIN from the right one. */
function shownOf(verdict: Verdict, decision: Decision) {
  if (verdict.kind === 'access.granted') return { granted: true, reason: 'granted', unlockMs: verdict.unlockMs }
  const reason = verdict.kind === 'access.denied' ? verdict.reason : 'witness-awaited'
  const waitMs = !decision.granted && decision.reason === reason ? decision.waitMs : undefined
  return { granted: false, reason, ...(waitMs === undefined ? {} : { waitMs }) }
}
