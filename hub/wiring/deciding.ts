/** The flows of the devices' side, put together: what the broker hands in, what the journal takes, what moves. */
import { randomUUID } from 'node:crypto'
import type { Config } from '../config.ts'
import { BadgePresented } from '../flows/badge-presented.ts'
import { DeviceClocks } from '../flows/clocks.ts'
import { DeviceStatus } from '../flows/device-status.ts'
import { Inbox } from '../flows/inbox.ts'
import { LockAnswered } from '../flows/lock-answered.ts'
import { MessageReceived } from '../flows/message-received.ts'
import { ReadingsReceived } from '../flows/readings-received.ts'
import { Refusals } from '../flows/refusals.ts'
import type { Registry } from '../flows/registry.ts'
import { StateReported } from '../flows/state-reported.ts'
import { Unlocks } from '../flows/unlocks.ts'
import type { DeviceEdge, DeviceIdentity, DeviceLink, Entry, JournalWriter, Recorded } from '../ports.ts'

export interface DecidingNeeds {
  readonly config: Pick<Config, 'unlockExpiryMs' | 'skewLimitMs'>
  readonly journal: JournalWriter & {
    /** Rows that were given up as unavailable and turned out to be stored. */
    onLateCommit?(listener: (late: readonly { readonly entry: Entry; readonly recorded: Recorded }[]) => void): void
  }
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly registry: () => Registry
  readonly link: Pick<DeviceLink, 'decide' | 'command'>
  readonly received: ConstructorParameters<typeof Inbox>[0]
  readonly notify: (recorded: Recorded) => void
  readonly log: { warn(details: object, words: string): void; error(details: object, words: string): void }
  readonly now: () => number
}

export interface Deciding {
  readonly edge: DeviceEdge
  readonly refusals: Refusals
  readonly status: DeviceStatus
  /** Live certificates, for the sockets to cut when one stops speaking for its device. */
  liveSerials(): { readonly serial: string; readonly device: string }[]
  start(): void
  stop(): void
}

export function makeDeciding(needs: DecidingNeeds): Deciding {
  const { journal, registry, notify, now, log, config, link } = needs
  const unrecorded = (error: unknown): void => log.error({ err: error }, 'an event could not be journaled')
  const refusals = new Refusals({
    journal,
    notify,
    now,
    onUnrecorded: unrecorded,
    log: fields => log.warn(fields, 'refused'),
  })
  const refused = (device: string, refusal: Parameters<Refusals['refused']>[1], field?: string): void =>
    refusals.refused({ device }, refusal, field)
  const unlocks: Unlocks = new Unlocks(unlock => void locks.silent(unlock, now()).catch(unrecorded))
  const locks = new LockAnswered({ journal, unlocks, notify })
  const clocks = new DeviceClocks(config.skewLimitMs)
  const zoneOf = (device: string): string | undefined => registry().zoneOf(device)
  const status = new DeviceStatus({ journal, clocks, zoneOf, refused, notify, onUnrecorded: unrecorded, now })
  const badges = new BadgePresented({
    rights: () => registry().snapshot,
    journal,
    spool: needs.spool,
    link,
    unlocks,
    notify,
    newId: randomUUID,
    expiryMs: config.unlockExpiryMs,
    now,
  })
  const states = new StateReported({
    journal,
    unlocks,
    placeOf: (device, point) => registry().placeOf(device, point),
    notify,
  })
  const readings = new ReadingsReceived({ journal, zoneOf, notify })
  const inbox = new Inbox(needs.received)
  journal.onLateCommit?.(late => {
    for (const { entry, recorded } of late) {
      if (entry.inbox) inbox.storedAfterAll(entry.inbox.device, entry.inbox.seq, entry.inbox.id)
      states.storedAfterAll(entry)
      if (!badges.wasSuperseded(entry)) notify(recorded)
    }
  })
  const messages = new MessageReceived({
    inbox,
    clocks,
    journal,
    refused,
    handlers: {
      badge: m => badges.handle(m),
      state: m => states.handle(m),
      reading: m => readings.handle(m),
      ack: m => locks.handle(m),
    },
  })
  const live = new Map<string, { device: string; sockets: number }>()
  const generations = new Map(registry().devices.map(d => [d.id, registry().generationOf(d.id)]))
  return {
    edge: {
      identify: (serial, commonName) => registry().identify(serial, commonName, now()),
      message: (device, kind, payload, at) => messages.receive(device, kind, payload, at),
      status: (device, payload) => status.status(device, payload),
      connected: device => {
        if (renewed(generations, device.id, registry().generationOf(device.id))) inbox.forget(device.id)
        count(live, device, 1)
        status.connected(device)
      },
      disconnected: device => {
        count(live, device, -1)
        status.disconnected(device)
      },
      refused: (subject, refusal) => refusals.refused(subject, refusal),
    },
    refusals,
    status,
    liveSerials: () => [...live].map(([serial, { device }]) => ({ serial, device })),
    start: () => refusals.start(),
    stop: () => {
      unlocks.stop()
      refusals.stop()
    },
  }
}

/** True once for new hardware under an old name: its sequence numbers start again. */
function renewed(generations: Map<string, number>, device: string, generation: number): boolean {
  const before = generations.get(device) ?? 0
  generations.set(device, generation)
  return generation !== before
}

function count(
  live: Map<string, { device: string; sockets: number }>,
  { serial, id }: DeviceIdentity,
  by: number,
): void {
  const sockets = (live.get(serial)?.sockets ?? 0) + by
  if (sockets > 0) live.set(serial, { device: id, sockets })
  else live.delete(serial)
}
