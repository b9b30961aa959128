/**
 * Scenarios have concluded something from a row, or from the clock.
 *
 *   act      lights and sirens of the zone go on, and off again when it is over; releases are called back, a lockdown begins:
 *            at once, never from rows read at a start, and nothing closes because of a bought device
 *   arm      zones are armed and disarmed, also from what came while the hub was off: the last word counts
 *   group    what is alerted joins the incident it belongs to, or begins one (rules/incidents.ts)
 *   record   the incident as it then stands, and its row: one commit, in the order things were noticed
 *   retry    what can't be written waits, in order, and is written when the disk is back: it shows meanwhile
 *
 * Nothing here holds up a door: it hears of rows after they are on disk.
 */
import type { CommandMessage } from '#devices/messages.ts'
import { VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'
import {
  type Escalation,
  firstStepAt,
  type Incident,
  incidentOf,
  joined,
  type RaisedSignal,
  raised,
  restored,
  type Step,
  stepDue,
  toldTo,
} from '../rules/incidents.ts'
import type { Conclusion } from '../rules/scenario-engine.ts'
import type { Act, AlertKind, Severity } from '../rules/scenarios.ts'
import type { Message } from '../rules/telling.ts'
import type { Awaitable } from './acting.ts'

export interface Lamp {
  readonly device: string
  readonly point: string
}
export interface IncidentWrite {
  readonly at: number
  readonly incident: Incident
  /** Revision that was looked at; 0: it is new. */
  readonly expected: number
  readonly events: readonly VigieEvent[]
  readonly messages?: readonly Message[]
  /** Row that it came from. */
  readonly seen?: number
}
interface Needs {
  /** Zones over a zone, itself first. */
  readonly above: (zone: string) => readonly string[]
  readonly escalation: (of: Pick<Incident, 'zone' | 'kind'>) => Escalation
  /** Of the zone itself. */
  readonly lamps: (zone: string) => readonly Lamp[]
  readonly sirens: (zone: string) => readonly Lamp[]
  /** False for what was bought: it closes nothing. */
  readonly trusted: (device: string) => boolean
  /** Releases under way in the zone, and in those below it, are called back. */
  readonly lock: (zone: string) => unknown
  readonly lockdown: (plan: string, scenario: string) => unknown
  /** Kept until it is on disk. `at`: ms since 1970. */
  readonly arm: (zone: string, isArmed: boolean, scenario: string, at: number) => void
  readonly command: (device: string, command: Omit<CommandMessage, 'id' | 'expiresAt'>) => unknown
  /** @throws VigieError edit-conflict, journal-unavailable */
  readonly put: (write: IncidentWrite) => Awaitable<unknown>
  /** A step of the escalation is due: who is told of it, in the commit that says so. */
  readonly messages: (incident: Incident, step: Step, index: number, at: number) => readonly Message[]
  readonly changed: (incident: Incident) => void
  /** `in-` and 16 hexadecimal digits, never the same twice. */
  readonly newId: () => string
  readonly onFailure: (error: unknown) => void
}

export class IncidentsRaised {
  readonly #needs: Needs
  /** Not resolved, the oldest first; as they stand on disk, or will. */
  readonly #open: Map<string, Incident>
  readonly #waiting: IncidentWrite[] = []
  #writing: Promise<void> | undefined

  /** @param open as they stand on disk, the oldest first */
  constructor(needs: Needs, open: readonly Incident[]) {
    this.#needs = needs
    this.#open = new Map(open.map(i => [i.id, i]))
  }

  get open(): readonly Incident[] {
    return [...this.#open.values()]
  }
  /** What is noticed, and not on disk yet. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** @param acts false where the row is an old one: what it lit then is over */
  conclude(conclusion: Conclusion, acts = true): void {
    const { what, scenario, subject, at } = conclusion
    if (what === 'flapping') return
    for (const act of scenario.acts) {
      if (act.do === 'arm' && what === 'begun' && subject.zone !== undefined)
        this.#needs.arm(subject.zone, act.armed, scenario.id, at)
      else if (act.do === 'alert' && what === 'begun') this.#raise(act, conclusion)
      else if (act.do === 'alert') this.#restore(conclusion, at)
      else if (acts) this.#act(act, conclusion)
    }
  }

  #act(act: Act, conclusion: Conclusion): void {
    const { what, scenario, subject } = conclusion
    const { trusted, lock, lockdown } = this.#needs
    if (act.do === 'light') this.#light(act, conclusion)
    if (act.do === 'siren') this.#sound(act, conclusion)
    if (what !== 'begun' || (subject.device !== undefined && !trusted(subject.device))) return
    if (act.do === 'lock' && subject.zone !== undefined) lock(subject.zone)
    if (act.do === 'lockdown') lockdown(act.plan, scenario.id)
  }

  /**
   * Somebody does something with it: in its turn among what is noticed, so that neither overtakes the other.
   * @param expected revision that they looked at
   * @returns how it then stands, and whether that is on disk; else it waits, in memory, for the disk to come back
   * @throws VigieError incident-over, edit-conflict, and what `change` throws
   */
  async act(
    id: string,
    expected: number,
    change: (before: Incident) => { readonly incident: Incident; readonly event: VigieEvent; readonly at: number },
  ): Promise<{ readonly incident: Incident; readonly recorded: 'journal' | 'pending' }> {
    const before = this.#open.get(id)
    if (!before) throw new VigieError('incident-over', { incident: id })
    if (before.revision !== expected)
      throw new VigieError('edit-conflict', { kind: 'incident', id, revision: before.revision })
    const { incident, event, at } = change(before)
    const write = this.#put(before, incident, at, event)
    await this.settle()
    return { incident, recorded: this.#waiting.includes(write) ? 'pending' : 'journal' }
  }

  /** Steps that are due by now, each told once. */
  escalate(now: number): void {
    const { messages, escalation } = this.#needs
    for (const before of this.open) {
      const due = stepDue(before, escalation(before), now)
      if (!due) continue
      const told = messages(due.incident, due.step, due.index, now)
      const event = {
        kind: 'incident.escalated',
        incident: before.id,
        step: due.index,
        told: told.length,
        ...zoneOf(before),
      } as const
      this.#put(before, toldTo(due, told.length, now), now, event, { messages: told })
    }
  }
  /** When the next step is due, ms; infinity: none is. */
  nextAt(): number {
    return Math.min(
      ...this.open.map(i => (i.state === 'raised' ? i.nextStepAt : undefined) ?? Number.POSITIVE_INFINITY),
    )
  }

  /** Writes what waits; again after a failure only when it is called again. */
  settle(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
    return this.#writing
  }

  #raise(
    { kind, severity }: { kind: AlertKind; severity: Severity },
    { scenario, subject, at, seq }: Conclusion,
  ): void {
    const { above, newId, escalation } = this.#needs
    const signal: RaisedSignal = { scenario: scenario.id, kind, severity, subject, at }
    const known = incidentOf(this.open, signal, above)
    const first = firstStepAt(severity, at, escalation({ kind, ...zoneOf(subject) }))
    const incident = known ? joined(known, signal, first) : raised(newId(), signal, first)
    this.#put(
      known,
      incident,
      at,
      eventOf(known ? 'incident.joined' : 'incident.raised', incident.id, signal, seq),
      seenOf(seq),
    )
  }

  #restore({ scenario, subject, seq }: Conclusion, at: number): void {
    for (const before of this.open) {
      const after = restored(before, { scenario: scenario.id, subject, at })
      if (!after) continue
      const line = before.signals.find(
        s => s.scenario === scenario.id && after.signals.some(a => a.key === s.key && a.restoredAt === at),
      )
      if (line) this.#put(before, after, at, eventOf('incident.restored', before.id, line, seq), seenOf(seq))
    }
  }

  #light({ on, brightness, back }: Extract<Act, { do: 'light' }>, { what, subject }: Conclusion): void {
    const isOn = what === 'begun' ? on : !on
    if (subject.zone === undefined || (what === 'ended' && back !== true)) return
    for (const { device, point } of this.#needs.lamps(subject.zone))
      this.#needs.command(device, {
        action: 'set',
        point,
        on: isOn,
        ...(isOn && brightness !== undefined && { brightness }),
      })
  }

  #sound({ seconds }: Extract<Act, { do: 'siren' }>, { what, subject }: Conclusion): void {
    const soundMs = what === 'begun' ? seconds * 1_000 : 0
    for (const { device, point } of subject.zone === undefined ? [] : this.#needs.sirens(subject.zone))
      this.#needs.command(device, { action: 'sound', point, soundMs })
  }

  #put(
    before: Incident | undefined,
    incident: Incident,
    at: number,
    event: VigieEvent,
    more: Pick<IncidentWrite, 'seen' | 'messages'> = {},
  ): IncidentWrite {
    if (incident.state === 'resolved') this.#open.delete(incident.id)
    else this.#open.set(incident.id, incident)
    const expected = before?.revision ?? 0
    const write = { at, incident, expected, events: [event], ...more }
    this.#waiting.push(write)
    this.#needs.changed(incident)
    void this.settle()
    return write
  }

  async #write(): Promise<void> {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      try {
        await this.#needs.put(next)
        this.#waiting.shift()
      } catch (error) {
        this.#needs.onFailure(error)
        return
      }
    }
  }
}

const seenOf = (seen: number | undefined) => (seen === undefined ? {} : { seen })
const zoneOf = ({ zone }: { readonly zone?: string }) => (zone === undefined ? {} : { zone })

function eventOf(
  kind: 'incident.raised' | 'incident.joined' | 'incident.restored',
  incident: string,
  { kind: alert, severity, scenario, subject }: Pick<RaisedSignal, 'kind' | 'severity' | 'scenario' | 'subject'>,
  row: number | undefined,
): VigieEvent {
  const { zone, device, accessPoint } = subject
  return {
    ...{ kind, incident, alert, severity, scenario },
    ...zoneOf({ ...(zone !== undefined && { zone }) }),
    ...(device !== undefined && { device }),
    ...(accessPoint !== undefined && { accessPoint }),
    ...(row !== undefined && { row }),
  }
}
