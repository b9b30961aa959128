/**
 * What runs beside the doors and must never delay one: checkpoints, search, exports, forwarding, privacy, backups, room on
 * the disk. Each is a file of this folder that makes a Service; begun in this order, stopped in reverse.
 */

import type { CommandMessage } from '#devices/messages.ts'
import type { HubState } from '../api.ts'
import type { Config } from '../config.ts'
import type { Recorded, VigieEvent } from '../events.ts'
import type { Registry } from '../flows/registry.ts'
import type { FastifyPluginAsync } from '../http/plugin.ts'
import type { Names } from '../notify/model.ts'
import type { DataFolder } from '../record/database.ts'
import type { Db } from '../record/sql.ts'
import { approving } from './approving.ts'
import { backups } from './backups.ts'
import { capacity } from './capacity.ts'
import { type Checkpoints, checkpoints } from './checkpoints.ts'
import { directory } from './directory.ts'
import type { PerformOp } from './enrolment.ts'
import { exports } from './exports.ts'
import { forwarding } from './forwarding.ts'
import { homeAssistant } from './home-assistant.ts'
import { incidentService } from './incidents.ts'
import { privacy } from './privacy.ts'
import { type Pulse, type PulseSources, pulseService } from './pulse.ts'
import { search } from './search.ts'
import { series } from './series.ts'
import { withTenants } from './tenant-lines.ts'
import { webhooks } from './webhooks.ts'

export interface ServiceNeeds {
  readonly config: Config
  readonly folder: DataFolder
  /** For reading, on the hub's own thread: short reads only. */
  readonly db: Db
  /** In the writer thread, in order with the journal's rows; in force when it resolves. */
  readonly op: PerformOp
  /** Resolves when the row is on disk and observers were told. @throws VigieError journal-unavailable */
  readonly record: (event: VigieEvent) => Promise<Recorded>
  /** Tells observers of a row that an operation wrote. */
  readonly publish: (recorded: Recorded) => void
  /** The journal, else the spool. Never rejects. */
  readonly tell: (event: VigieEvent) => Promise<void>
  readonly registry: () => Registry
  readonly names: Names
  /** An order to a device, with its expiry. @returns false where it is not connected */
  readonly command: (device: string, command: CommandMessage) => boolean
  /** What a scenario may close. */
  readonly closing: {
    /** @returns how many locks of these zones were released, and are called back */
    callBack(zones: ReadonlySet<string>): number
    /** @throws VigieError plan-unknown, plan-running */
    lockdown(plan: string, by: string): Promise<unknown>
  }
  /** Called with every row after it stands in the journal. Must not throw, must not take long. */
  readonly observe: (name: string, observer: (recorded: Recorded) => void) => void
  readonly log: {
    info(details: object, words: string): void
    warn(details: object, words: string): void
    error(details: object, words: string): void
  }
  readonly now: () => number
  /** Of this program. */
  readonly version: string
  readonly pulse: Pulse
  readonly sources: PulseSources
}
/** What a service gets that begins after the checkpoints. */
export interface LaterNeeds extends ServiceNeeds {
  readonly checkpoints: Checkpoints
}

export interface Service {
  /** Routes, each with its permission. */
  readonly plugins?: readonly FastifyPluginAsync[]
  start?(): void | Promise<void>
  stop?(): void | Promise<void>
  /** After everything that writes rows has stopped. */
  settle?(): Promise<void>
  /** What it adds to the state of the hub. */
  health?(): Partial<HubState>
}

export function makeServices(given: ServiceNeeds): readonly Service[] {
  const needs = { ...given, names: withTenants(given.db, given.names) }
  const signed = checkpoints(needs)
  const later: LaterNeeds = { ...needs, checkpoints: signed }
  const guarded = privacy(later)
  return [
    signed,
    ...[search, series, exports, forwarding, webhooks].map(make => make(later)),
    guarded,
    ...[backups, capacity].map(make => make(later)),
    approving({ ...later, erase: wish => guarded.erase(wish) }),
    directory(needs),
    incidentService(later),
    homeAssistant(later),
    pulseService(later),
  ]
}
