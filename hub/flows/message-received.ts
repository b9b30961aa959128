/**
 * A device has said something.
 *
 *   decode   bytes become a typed message, or a refusal that is counted          devices/registry.ts
 *   admit    new, late, or the same again                                        inbox.ts
 *   place    which zone and access point it is about, and how far its clock is off
 *   hand on  one flow per kind of message
 *
 * The returned promise is the device's PUBACK: it resolves when the message is stored, refused, or known already.
 */
import type { Ack, Badge, Reading, Refusal, State, UpMessage } from '#devices/messages.ts'
import { decodeUp, modelRules } from '#devices/registry.ts'
import type { Origin } from '../events.ts'
import type { DeviceIdentity, JournalWriter } from '../ports.ts'
import type { DeviceClocks } from './clocks.ts'
import type { Inbox } from './inbox.ts'
import type { Replayed } from './refusals.ts'

/** A message on its way through a flow. */
export interface Incoming<M> {
  readonly message: M
  readonly origin: Origin
  /** Hub time of arrival, milliseconds UTC: what decisions are made on. */
  readonly at: number
  /** True if the device's clock says that it was sent long before it arrived. */
  readonly stale: boolean
}

export interface Handlers {
  badge(incoming: Incoming<Badge>): Promise<void>
  state(incoming: Incoming<State>): Promise<void>
  reading(incoming: Incoming<Reading>): Promise<void>
  ack(incoming: Incoming<Ack>): Promise<void>
}

interface Needs {
  readonly inbox: Inbox
  readonly clocks: DeviceClocks
  readonly journal: JournalWriter
  readonly refused: (device: string, refusal: Refusal, field?: string) => void
  /** The same again, or an older number. */
  readonly replayed: (what: Replayed) => void
  readonly handlers: Handlers
}

export class MessageReceived {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  receive(device: DeviceIdentity, kind: string, payload: Buffer, at: number): Promise<void> {
    const { inbox } = this.#needs
    const rules = modelRules(device.model)
    const decoded = rules ? decodeUp(rules, kind, payload) : ({ ok: false, refusal: 'kind', field: '' } as const)
    if (!decoded.ok) return this.#refuse(device.id, decoded.refusal, decoded.field)
    const { message } = decoded

    const admission = inbox.admit(device.id, message.seq, message.id)
    if (admission.verdict === 'duplicate') {
      this.#replayed(device.id, message, 'duplicate')
      return admission.settled as Promise<void>
    }
    if (admission.verdict === 'late') this.#replayed(device.id, message, 'sequence')
    const incoming = this.#incoming(device.id, message, at, admission.verdict === 'late')
    if (admission.verdict === 'new' && admission.missing > 0) this.#reportGap(incoming, admission.missing)

    const stored = this.#handOn(message, incoming)
    inbox.settle(device.id, message.seq, message.id, stored)
    return stored
  }

  #replayed(device: string, { id, seq }: UpMessage, refusal: Replayed['refusal']): void {
    const { inbox, replayed } = this.#needs
    replayed({ device, message: id, deviceSeq: seq, newest: inbox.newest(device), refusal })
  }

  #refuse(device: string, refusal: Refusal, field: string): Promise<void> {
    this.#needs.refused(device, refusal, field)
    return Promise.resolve()
  }

  #incoming<M extends UpMessage>(device: string, message: M, at: number, late: boolean): Incoming<M> {
    const deviceAt = Date.parse(message.at)
    const { skewMs, stale } = this.#needs.clocks.compare(device, deviceAt, at)
    const origin: Origin = {
      device,
      message: message.id,
      deviceSeq: message.seq,
      deviceAt,
      ...(skewMs === undefined ? {} : { skewMs }),
      ...(late ? { late: true as const } : {}),
    }
    return { message, origin, at, stale: stale || late }
  }

  #handOn(message: UpMessage, incoming: Incoming<UpMessage>): Promise<void> {
    const { handlers } = this.#needs
    switch (message.kind) {
      case 'badge':
        return handlers.badge(incoming as Incoming<Badge>)
      case 'state':
        return handlers.state(incoming as Incoming<State>)
      case 'reading':
        return handlers.reading(incoming as Incoming<Reading>)
      case 'ack':
        return handlers.ack(incoming as Incoming<Ack>)
    }
  }

  /** A hole in the numbers is a fact of its own; if it can't be written, the message's own row fails with it. */
  #reportGap(incoming: Incoming<UpMessage>, missing: number): void {
    const gap = this.#needs.journal.append({
      event: { kind: 'device.gap', ...incoming.origin, missing },
      at: incoming.at,
    })
    gap.catch(() => this.#needs.refused(incoming.origin.device, 'sequence'))
  }
}
