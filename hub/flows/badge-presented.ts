/**
 * A badge is held to a reader.
 *
 *   facts    the rights in force, the point, hub time; a stale message is never a reason to open
 *   decide   access/decide.ts: pure, the same at the hub, at the edge and in "explain"
 *   record   the journal row is on disk BEFORE anything moves
 *   act      the decision to the reader, one unlock command with an expiry to the lock
 *   notify   observers hear of it; they can't change it
 *
 * If the row can't be written the point fails in the direction its class declares: `secure` refuses with
 * `audit-unavailable`, `open-with-alarm` opens, spools what happened and raises an alarm. If the spool can't be written
 * either there is no PUBACK; the same badge message sent again is then recorded as it was answered, and moves nothing.
 *
 * What follows (lock answered, opened, closed) are happenings of their own: lock-answered.ts, state-reported.ts.
 */
import type { Badge } from '#devices/messages.ts'
import { type Decision, decide, failureModeOf, type Granted } from '../access/decide.ts'
import type { FailureMode } from '../access/site.ts'
import type { Snapshot } from '../access/snapshot.ts'
import type { AccessDenied, AccessGranted } from '../events.ts'
import type { DeviceLink, Entry, JournalWriter, Recorded } from '../ports.ts'
import type { Incoming } from './message-received.ts'
import { OPENING_GRACE_MS, type Unlocks } from './unlocks.ts'

interface Needs {
  /** The rights in force at this moment. */
  readonly rights: () => Snapshot
  readonly journal: JournalWriter
  /** Where rows wait that the journal could not take. @throws if even that fails */
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly link: Pick<DeviceLink, 'decide' | 'command'>
  readonly unlocks: Unlocks
  readonly notify: (recorded: Recorded) => void
  readonly newId: () => string
  /** Milliseconds after which a command moves nothing. */
  readonly expiryMs: number
  readonly now: () => number
}

type Verdict = AccessGranted | AccessDenied

/** Answers kept that neither journal nor spool took; the oldest is given up first. */
const OWED_LIMIT = 1_000

export class BadgePresented {
  readonly #needs: Needs
  /** Device and message id -> the rows of what was answered and is recorded nowhere yet. */
  readonly #owed = new Map<string, readonly Entry[]>()
  /** Grants the journal did not take in time, answered with a refusal instead. */
  readonly #superseded = new WeakSet<Entry>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  async handle(incoming: Incoming<Badge>): Promise<void> {
    const { rights, journal, notify } = this.#needs
    const owed = this.#owed.get(keyOf(incoming))
    if (owed) return this.#settleOwed(incoming, owed)
    const snapshot = rights()
    const decision = inTime(incoming, decide(snapshot, factsOf(incoming)))
    const verdict = this.#conclude(incoming, decision)
    const entry = entryOf(incoming, verdict)

    let recorded: Recorded
    try {
      recorded = await journal.append(entry)
    } catch {
      return this.#failAsDeclared(
        incoming,
        decision,
        entry,
        failureModeOf(snapshot, incoming.origin.device, incoming.message.point),
      )
    }
    this.#act(incoming, verdict, decision, incoming.at)
    notify(recorded)
  }

  /** True for a grant that was given up and refused: stored after all, it is still not what happened. */
  wasSuperseded(entry: Entry): boolean {
    return this.#superseded.has(entry)
  }

  #conclude({ message, origin }: Incoming<Badge>, decision: Decision): Verdict {
    const { granted, reason, ...known } = decision
    const about = { ...origin, point: message.point, rights: known.rights, ...subjectOf(known) }
    if (!granted) return { kind: 'access.denied', ...about, reason }
    return {
      kind: 'access.granted',
      ...about,
      ...decisionSubject(decision),
      unlockMs: decision.unlockMs,
      command: this.#needs.newId(),
    }
  }

  /** Tells the reader, then orders the lock: nothing here is retained, queued or sent again. Expiry counts `from` here. */
  #act(incoming: Incoming<Badge>, verdict: Verdict, decision: Decision, from: number): void {
    const { link, newId, expiryMs } = this.#needs
    const { message, origin } = incoming
    const expiresAt = new Date(from + expiryMs).toISOString()
    const granted = verdict.kind === 'access.granted'
    const answer = granted
      ? { granted, reason: 'granted', unlockMs: verdict.unlockMs }
      : { granted, reason: verdict.reason }
    link.decide(origin.device, { id: newId(), request: message.id, ...answer, expiresAt })
    if (granted && decision.granted) this.#unlock(incoming, verdict, decision.lock, from)
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
      unlockMs: verdict.unlockMs,
    })
    if (!sent) unlocks.undelivered(verdict.command)
  }

  /**
   * The journal did not take the row. What is answered now is spooled, and becomes rows when the journal is back. Finding
   * out took time, maybe more than a command lives: the expiry of an order that opens all the same counts from now.
   */
  async #failAsDeclared(incoming: Incoming<Badge>, decision: Decision, entry: Entry, mode: FailureMode): Promise<void> {
    const verdict = entry.event as Verdict
    const shown = verdict.kind === 'access.granted' && mode === 'secure' ? denyInstead(verdict) : verdict
    this.#act(incoming, shown, decision, this.#needs.now())
    if (shown !== verdict) this.#superseded.add(entry)
    const rows: Entry[] = [{ ...entry, event: shown }]
    if (verdict.kind === 'access.granted')
      rows.push(alarmOf(incoming, verdict, mode === 'secure' ? 'refused' : 'opened'))
    await this.#keep(incoming, rows)
  }

  /** The spool first: what it may hold of these rows already, it drains once. Then the journal, if that is back. */
  async #settleOwed(incoming: Incoming<Badge>, rows: readonly Entry[]): Promise<void> {
    try {
      await this.#keep(incoming, rows)
    } catch {
      const recorded = await this.#needs.journal.appendAll(rows)
      this.#owed.delete(keyOf(incoming))
      recorded.forEach(this.#needs.notify)
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

const factsOf = ({ message, origin, at }: Incoming<Badge>) => ({
  device: origin.device,
  point: message.point,
  uid: message.credential.uid,
  at,
})

/** What waited on its way opens nothing, whatever the rights say. */
function inTime(incoming: Incoming<Badge>, decision: Decision): Decision {
  if (!incoming.stale || !decision.granted) return decision
  const { unlockMs: _, lock: __, ...known } = decision
  return { ...known, granted: false, reason: 'stale-message' }
}

const entryOf = ({ message, origin, at }: Incoming<Badge>, event: Verdict): Entry => ({
  event,
  at,
  inbox: { device: origin.device, seq: message.seq, id: message.id },
})

const subjectOf = ({
  accessPoint,
  zone,
  person,
  credential,
}: {
  accessPoint?: string
  zone?: string
  person?: string
  credential?: string
}) => ({
  ...(accessPoint === undefined ? {} : { accessPoint }),
  ...(zone === undefined ? {} : { zone }),
  ...(person === undefined ? {} : { person }),
  ...(credential === undefined ? {} : { credential }),
})

const decisionSubject = ({ person, credential }: Granted) => ({ person, credential })

function denyInstead({ kind: _, command: __, unlockMs: ___, ...known }: AccessGranted): AccessDenied {
  return { ...known, kind: 'access.denied', reason: 'audit-unavailable' }
}

function alarmOf(
  { message, origin, at }: Incoming<Badge>,
  verdict: AccessGranted,
  outcome: 'refused' | 'opened',
): Entry {
  const { device } = origin
  return {
    event: {
      kind: 'audit.unavailable',
      device,
      point: message.point,
      request: message.id,
      ...subjectOf(verdict),
      outcome,
    },
    at,
  }
}
