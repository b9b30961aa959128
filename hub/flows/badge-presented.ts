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
 * `audit-unavailable`, `open-with-alarm` opens, spools what happened and raises an alarm.
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
}

type Verdict = AccessGranted | AccessDenied

export class BadgePresented {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  async handle(incoming: Incoming<Badge>): Promise<void> {
    const { rights, journal, notify } = this.#needs
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
    this.#act(incoming, verdict, decision)
    notify(recorded)
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

  /** Tells the reader, then orders the lock: nothing here is retained, queued or sent again. */
  #act(incoming: Incoming<Badge>, verdict: Verdict, decision: Decision): void {
    const { link, newId, expiryMs } = this.#needs
    const { message, origin, at } = incoming
    const expiresAt = new Date(at + expiryMs).toISOString()
    const granted = verdict.kind === 'access.granted'
    const answer = granted
      ? { granted, reason: 'granted', unlockMs: verdict.unlockMs }
      : { granted, reason: verdict.reason }
    link.decide(origin.device, { id: newId(), request: message.id, ...answer, expiresAt })
    if (granted && decision.granted) this.#unlock(incoming, verdict, decision.lock, expiresAt)
  }

  #unlock(
    { at }: Incoming<Badge>,
    verdict: AccessGranted,
    lock: { device: string; point: string },
    expiresAt: string,
  ): void {
    const { link, unlocks, expiryMs } = this.#needs
    const openUntil = at + expiryMs + verdict.unlockMs + OPENING_GRACE_MS
    unlocks.sent({ ...lock, ...subjectOf(verdict), command: verdict.command, badgeAt: at, openUntil }, expiryMs)
    link.command(lock.device, {
      id: verdict.command,
      expiresAt,
      action: 'unlock',
      point: lock.point,
      unlockMs: verdict.unlockMs,
    })
  }

  /** The journal did not take the row. What is answered now is spooled, and becomes rows when the journal is back. */
  async #failAsDeclared(incoming: Incoming<Badge>, decision: Decision, entry: Entry, mode: FailureMode): Promise<void> {
    const verdict = entry.event as Verdict
    if (verdict.kind === 'access.denied') {
      this.#act(incoming, verdict, decision)
      return this.#needs.spool([entry])
    }
    const shown = mode === 'secure' ? denyInstead(verdict) : verdict
    this.#act(incoming, shown, decision)
    await this.#needs.spool([
      { ...entry, event: shown },
      alarmOf(incoming, verdict, mode === 'secure' ? 'refused' : 'opened'),
    ])
  }
}

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
