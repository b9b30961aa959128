/** The flows of the devices' side, put together: what the broker hands in, what the journal takes, what moves. */
import { randomUUID } from 'node:crypto'
import { modelRules } from '#devices/registry.ts'
import type { Config } from '../config.ts'
import { BadgePresented } from '../flows/badge-presented.ts'
import { BoughtHeard, type Found } from '../flows/bought-heard.ts'
import { DeviceClocks } from '../flows/clocks.ts'
import { DeviceStatus } from '../flows/device-status.ts'
import { Inbox } from '../flows/inbox.ts'
import { LockAnswered } from '../flows/lock-answered.ts'
import { type Handlers, MessageReceived } from '../flows/message-received.ts'
import { ReadingsReceived } from '../flows/readings-received.ts'
import { Refusals } from '../flows/refusals.ts'
import type { Registry } from '../flows/registry.ts'
import { SituationsDue } from '../flows/situations-due.ts'
import type { Standing } from '../flows/standing.ts'
import { StateReported } from '../flows/state-reported.ts'
import { Unlocks } from '../flows/unlocks.ts'
import { isDevicePassword } from '../pki/device-password.ts'
import type {
  DeviceEdge,
  DeviceIdentity,
  DeviceLink,
  Entry,
  GatewayEdge,
  JournalWriter,
  PinCheck,
  Recorded,
  SituationChange,
} from '../ports.ts'

export interface DecidingNeeds {
  readonly config: Pick<Config, 'unlockExpiryMs' | 'skewLimitMs'>
  readonly journal: JournalWriter & {
    /** Rows that were given up as unavailable and turned out to be stored. */
    onLateCommit?(listener: (late: readonly { readonly entry: Entry; readonly recorded: Recorded }[]) => void): void
  }
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly registry: () => Registry
  readonly situations: Standing
  readonly pinCheck: PinCheck
  /** Writes rows of situations that nothing is told of. */
  readonly write: (changes: readonly SituationChange[]) => Promise<unknown>
  readonly link: Pick<DeviceLink, 'decide' | 'command'>
  readonly received: ConstructorParameters<typeof Inbox>[0]
  readonly notify: (recorded: Recorded) => void
  readonly log: { warn(details: object, words: string): void; error(details: object, words: string): void }
  readonly now: () => number
}

export interface Deciding {
  readonly edge: DeviceEdge
  readonly gatewayEdge: GatewayEdge
  /** What a gateway told of that no device of the site is. */
  readonly foundBehind: (gateway: string) => readonly Found[]
  readonly refusals: Refusals
  readonly status: DeviceStatus
  /** Orders to locks under way. */
  readonly unlocks: Unlocks
  readonly due: SituationsDue
  /** Live certificates, for the sockets to cut when one stops speaking for its device. */
  liveSerials(): { readonly serial: string; readonly device: string }[]
  start(): void
  stop(): Promise<void>
}

export function makeDeciding(needs: DecidingNeeds): Deciding {
  const { journal, registry, notify, now, log, config } = needs
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
  const clocks = new DeviceClocks(config.skewLimitMs)
  const zoneOf = (device: string): string | undefined => registry().zoneOf(device)
  const status = new DeviceStatus({ journal, clocks, zoneOf, refused, notify, onUnrecorded: unrecorded, now })
  const inbox = new Inbox(needs.received)
  const { handlers, unlocks, due, storedAfterAll, replaced } = makeFlows(needs, unrecorded)
  journal.onLateCommit?.(late => {
    for (const { entry, recorded } of late) {
      if (entry.inbox) inbox.storedAfterAll(entry.inbox.device, entry.inbox.seq, entry.inbox.id)
      if (storedAfterAll(entry)) notify(recorded)
    }
  })
  const messages = new MessageReceived({
    ...{ inbox, clocks, journal, refused, handlers },
    replayed: what => refusals.replayed(what),
  })
  const live = new Map<string, { device: string; sockets: number }>()
  const bought = new BoughtHeard({
    boughtAt: (gateway, address) => registry().boughtAt(gateway, address),
    isOthers: (gateway, address) =>
      registry()
        .speakersFor(address)
        .some(other => other !== gateway),
    receive: (device, kind, payload, at) => messages.receive(device, kind, payload, at),
    newest: device => inbox.newest(device),
    isOnline: device => status.online.has(device),
    connected: device => status.connected(device),
    disconnected: device => status.disconnected(device),
    refused,
  })
  return {
    edge: edgeOf(needs, { messages, status, inbox, refusals, live, replaced }),
    gatewayEdge: gatewayEdgeOf(needs, { status, refusals, live, bought }),
    foundBehind: gateway => bought.found(gateway),
    refusals,
    status,
    unlocks,
    due,
    liveSerials: () => [...live].map(([serial, { device }]) => ({ serial, device })),
    start: () => {
      refusals.start()
      due.start()
    },
    stop: async () => {
      unlocks.stop()
      refusals.stop()
      await due.stop()
    },
  }
}

/** One flow for each kind of message, and the one that time drives. */
function makeFlows(needs: DecidingNeeds, unrecorded: (error: unknown) => void) {
  const { journal, registry, situations, notify, now, log, config, link } = needs
  const rights = () => registry().snapshot
  const unlocks: Unlocks = new Unlocks(unlock => void locks.silent(unlock, now()).catch(unrecorded))
  const locks = new LockAnswered({ journal, unlocks, notify })
  const common = { journal, rights, situations, unlocks, notify, now }
  const badges = new BadgePresented({
    ...common,
    pinCheck: needs.pinCheck,
    reportsContact: (device, point) => registry().reportsContact(device, point),
    spool: needs.spool,
    link,
    onFailure: error => log.error({ err: error }, 'a PIN could not be checked'),
    newId: randomUUID,
    expiryMs: config.unlockExpiryMs,
  })
  const states = new StateReported({
    ...common,
    openedAt: (device, point) => registry().lockedAt(device, point),
    hasLock: (device, point) => registry().hasLock(device, point),
    placeOf: (device, point) => registry().placeOf(device, point),
  })
  const readings = new ReadingsReceived({ journal, zoneOf: device => registry().zoneOf(device), notify })
  const due = new SituationsDue({ ...common, write: needs.write, onFailure: unrecorded })
  const handlers: Handlers = {
    badge: m => badges.handle(m),
    state: m => states.handle(m),
    reading: m => readings.handle(m),
    ack: m => locks.handle(m),
  }
  /** @returns whether it is what happened: observers have not heard of it yet */
  const storedAfterAll = (entry: Entry): boolean => {
    states.storedAfterAll(entry)
    due.storedAfterAll(entry)
    return !badges.wasSuperseded(entry)
  }
  return { handlers, unlocks, due, storedAfterAll, replaced: (device: string) => states.replaced(device) }
}

function edgeOf(
  { registry, now }: DecidingNeeds,
  parts: {
    readonly messages: MessageReceived
    readonly status: DeviceStatus
    readonly inbox: Inbox
    readonly refusals: Refusals
    readonly live: Map<string, { device: string; sockets: number }>
    readonly replaced: (device: string) => void
  },
): DeviceEdge {
  const { messages, status, inbox, refusals, live, replaced } = parts
  const generations = new Map(registry().devices.map(d => [d.id, registry().generationOf(d.id)]))
  return {
    identify: (serial, commonName) => registry().identify(serial, commonName, now()),
    message: (device, kind, payload, at) => messages.receive(device, kind, payload, at),
    status: (device, payload) => status.status(device, payload),
    connected: device => {
      if (renewed(generations, device.id, registry().generationOf(device.id))) {
        inbox.forget(device.id)
        replaced(device.id)
      }
      count(live, device, 1)
      status.connected(device)
    },
    disconnected: device => {
      count(live, device, -1)
      status.disconnected(device)
    },
    refused: (subject, refusal) => refusals.refused(subject, refusal),
  }
}

function gatewayEdgeOf(
  { registry, now }: DecidingNeeds,
  parts: {
    readonly status: DeviceStatus
    readonly refusals: Refusals
    readonly live: Map<string, { device: string; sockets: number }>
    readonly bought: BoughtHeard
  },
): GatewayEdge {
  const { status, refusals, live, bought } = parts
  return {
    signIn: (name, password, isEncrypted) => {
      const known = registry().passwordOf(name, now())
      const dialect = known && modelRules(known.identity.model)?.model.gateway
      if (!known || !dialect || !isDevicePassword(password, known.hash)) return 'identity'
      return isEncrypted || known.plain ? { gateway: known.identity, dialect } : 'certificate'
    },
    heard: (gateway, heard, at) => bought.hear(gateway, heard, at),
    connected: gateway => {
      count(live, gateway, 1)
      status.connected(gateway)
      bought.connected(gateway)
    },
    disconnected: gateway => {
      count(live, gateway, -1)
      bought.disconnected(gateway)
      status.disconnected(gateway)
    },
    refused: (subject, refusal) => refusals.refused(subject, refusal),
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
