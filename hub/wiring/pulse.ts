/**
 * The hub's own pulse, in Prometheus' text format: how long a badge and a commit take, what waits where, what runs out. Numbers
 * of the whole hub: nobody, no zone and no device is named.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { HubState } from '../api.ts'
import type { Recorded } from '../events.ts'
import { pulseRoutes } from '../http/routes/pulse.ts'
import type { DeviceEdge } from '../ports.ts'
import { openIncidents } from '../record/incidents.ts'
import type { LaterNeeds, Service } from './services.ts'

/** Seconds. A lone badge takes about two milliseconds; at 100 a nurse begins to notice. */
const BADGE_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]
const COMMIT_BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2]
/** Kinds of rows that are counted: what an alarm may be set on. The number of series is that of this list. */
const COUNTED = new Set([
  ...([
    'access.granted',
    'access.denied',
    'access.withdrawn',
    'audit.unavailable',
    'point.forced',
    'lock.silent',
  ] as const),
  ...([
    'device.offline',
    'device.refused',
    'device.gap',
    'incident.raised',
    'operator.refused',
    'payloads.erased',
  ] as const),
  ...([
    'destination.failed',
    'backup.failed',
    'backup.overdue',
    'storage.warning',
    'storage.full',
    'webhook.dead',
  ] as const),
])

export interface PulseSources {
  readonly state: () => HubState
  /** Entries that wait for the journal's writer. */
  readonly queued: () => number
  /** Rows that wait for the journal in a file of their own. */
  readonly spooled: () => number
}

export class Pulse {
  readonly #registry = new Registry()
  readonly #badge: Histogram
  readonly #commit: Histogram
  readonly #rows: Counter<'kind'>
  readonly #gauges = new Map<string, Gauge<string>>()
  /** Of the hub's own certificate and of its authority, ms since 1970. */
  #ends: Readonly<Record<string, number>> = {}

  constructor() {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    this.#badge = new Histogram({
      name: 'vigie_badge_decision_seconds',
      help: 'From the arrival of a badge to the decision that left, its row on disk',
      buckets: BADGE_BUCKETS,
      registers,
    })
    this.#commit = new Histogram({
      name: 'vigie_journal_commit_seconds',
      help: 'One commit of the journal with its fsync, many rows or one',
      buckets: COMMIT_BUCKETS,
      registers,
    })
    this.#rows = new Counter({
      name: 'vigie_events_total',
      help: 'Rows of the journal, by kind',
      labelNames: ['kind'],
      registers,
    })
    for (const kind of COUNTED) this.#rows.inc({ kind }, 0)
  }

  /** @param ms of one commit */
  readonly committed = (ms: number): void => this.#commit.observe(ms / 1_000)

  runsOut(ends: { readonly server: number; readonly authority: number }): void {
    this.#ends = ends
  }

  /** The same edge, timed: a badge's promise resolves when its decision has left. */
  timed(edge: DeviceEdge): DeviceEdge {
    const message: DeviceEdge['message'] = (device, kind, payload, receivedAt) => {
      const handled = edge.message(device, kind, payload, receivedAt)
      if (kind !== 'badge') return handled
      const began = performance.now()
      return handled.then(() => this.#badge.observe((performance.now() - began) / 1_000))
    }
    return Object.assign(Object.create(edge), { message })
  }

  readonly seen = ({ event }: Recorded): void => {
    if ((COUNTED as ReadonlySet<string>).has(event.kind)) this.#rows.inc({ kind: event.kind })
  }

  /** All of it, as text; what is asked for at that moment is read then. */
  async text(needs: LaterNeeds): Promise<{ type: string; text: string }> {
    const { sources } = needs
    this.#ofState(sources.state())
    this.#set('vigie_journal_queue_entries', 'Entries that wait for the journal', sources.queued())
    this.#set('vigie_spool_rows', 'Rows that wait for the journal in a file of their own', sources.spooled())
    this.#ofCertificates(needs)
    this.#set('vigie_incidents_open', 'Incidents that are not resolved', openIncidents(needs.db).length)
    return { type: this.#registry.contentType, text: await this.#registry.metrics() }
  }

  #ofState({
    journal,
    version,
    devicesKnown,
    devicesOnline,
    storage,
    series,
    startedAt,
    unidentified = {},
  }: HubState): void {
    this.#set('vigie_info', 'Version of the hub', 1, { version })
    this.#set('vigie_started_seconds', 'When it was started, seconds since 1970', startedAt / 1_000)
    this.#set('vigie_journal_writable', '1 where rows reach the journal', Number(journal.writable))
    this.#set('vigie_journal_rows', 'Rows of the journal', journal.rows)
    this.#set('vigie_devices_known', 'Devices of the site', devicesKnown)
    this.#set('vigie_devices_online', 'Devices that are connected', devicesOnline)
    for (const [reason, count] of Object.entries(unidentified))
      this.#set('vigie_sockets_refused', 'Sockets without a valid certificate, since the start', count, { reason })
    if (storage) {
      this.#set('vigie_storage_used_bytes', 'Of the data folder', storage.usedBytes)
      this.#set('vigie_storage_limit_bytes', 'That it may take', storage.quotaBytes)
    }
    if (!series) return
    this.#set('vigie_series_behind_rows', 'Rows of the journal that are not in the curves yet', series.behind)
    this.#set('vigie_series_bytes', 'Of the embedded store of curves', series.bytes)
    for (const { name: store, behind, aside, trouble } of series.stores) {
      this.#set('vigie_store_behind_rows', 'Rows of the journal that an outside store was not sent yet', behind, {
        store,
      })
      this.#set('vigie_store_refused_points', 'Points that an outside store never took', aside, { store })
      this.#set('vigie_store_failing', '1 while an outside store fails', Number(trouble !== undefined), { store })
    }
  }

  #ofCertificates({ registry, now }: LaterNeeds): void {
    const left = (at: number): number => (at - now()) / 1_000
    const devices = newestOfEach(
      registry().certificates.filter(
        ({ kind = 'certificate', revokedAt }) => kind === 'certificate' && revokedAt === null,
      ),
    )
    const ends = { ...this.#ends, device: Math.min(...devices.values()) }
    for (const [of, at] of Object.entries(ends))
      if (Number.isFinite(at))
        this.#set('vigie_certificate_left_seconds', 'Until the first of them runs out', left(at), { of })
  }

  #set(name: string, help: string, value: number, labels: Readonly<Record<string, string>> = {}): void {
    let gauge = this.#gauges.get(name)
    if (!gauge) {
      gauge = new Gauge({ name, help, labelNames: Object.keys(labels), registers: [this.#registry] })
      this.#gauges.set(name, gauge)
    }
    gauge.set(labels, value)
  }
}

/** A device that renewed has an older certificate that runs out beside it. */
function newestOfEach(
  all: readonly { readonly device: string; readonly notAfter: number }[],
): ReadonlyMap<string, number> {
  const newest = new Map<string, number>()
  for (const { device, notAfter } of all) newest.set(device, Math.max(notAfter, newest.get(device) ?? 0))
  return newest
}

export function pulseService(needs: LaterNeeds): Service {
  const { pulse, sources } = needs
  needs.observe('pulse', pulse.seen)
  return {
    plugins: [
      pulseRoutes({
        metrics: () => pulse.text(needs),
        ready: () => sources.state().journal.writable && sources.state().storage?.state !== 'full',
      }),
    ],
  }
}
