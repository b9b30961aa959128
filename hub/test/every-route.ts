/** Every bundle of routes that a hub has, behind ports that answer nothing: for tests of who gets that far. */
import type { FastifyPluginAsync } from 'fastify'
import { VigieError } from '../errors.ts'
import type { WatchDesk } from '../http/incident-ports.ts'
import { approvalRoutes } from '../http/routes/approvals.ts'
import { backupRoutes } from '../http/routes/backups.ts'
import { contactRoutes } from '../http/routes/contact.ts'
import { exportRoutes, scheduleRoutes } from '../http/routes/exports.ts'
import { incidentRoutes } from '../http/routes/incidents.ts'
import { inventoryRoutes } from '../http/routes/inventory.ts'
import { jobRoutes } from '../http/routes/jobs.ts'
import { journalRoutes } from '../http/routes/journal.ts'
import { movementRoutes } from '../http/routes/movements.ts'
import { operatorRoutes } from '../http/routes/operators.ts'
import { ownAccessRoutes } from '../http/routes/own-access.ts'
import { privacyRoutes } from '../http/routes/privacy.ts'
import { proofRoutes } from '../http/routes/proofs.ts'
import { pulseRoutes } from '../http/routes/pulse.ts'
import { questionRoutes } from '../http/routes/questions.ts'
import { scimRoutes } from '../http/routes/scim.ts'
import { seriesRoutes } from '../http/routes/series.ts'
import { type StationRoutes, stationRoutes } from '../http/routes/stations.ts'
import { type StreamNeeds, streamRoutes } from '../http/routes/stream.ts'
import { tenantRoutes } from '../http/routes/tenants.ts'
import { tokenRoutes } from '../http/routes/tokens.ts'
import { visitRoutes } from '../http/routes/visits.ts'
import { watchRoutes } from '../http/routes/watch.ts'
import { webhookRoutes } from '../http/routes/webhooks.ts'
import { witnessRoutes } from '../http/routes/witness.ts'
import type { Places } from '../http/within-zones.ts'

/** Whatever is asked of it has failed. */
const failing = <T extends object>(): T =>
  new Proxy({} as T, {
    get: () => () => {
      throw new VigieError('journal-unavailable', { cause: 'test' })
    },
  })

/** It begins and ends with the server; all else of it fails. */
const started = <T extends object>(desk: T): T =>
  new Proxy(desk, {
    get: (of, name) => (name === 'start' || name === 'stop' ? () => undefined : Reflect.get(of, name)),
  })

export const everyPlugin = (): FastifyPluginAsync[] => [
  journalRoutes(failing(), failing()),
  exportRoutes(failing()),
  scheduleRoutes(failing()),
  privacyRoutes(failing()),
  proofRoutes(failing()),
  backupRoutes(failing()),
  approvalRoutes(failing()),
  operatorRoutes(failing()),
  questionRoutes(failing(), failing<Places>(), failing()),
  ownAccessRoutes(failing()),
  pulseRoutes(failing()),
  scimRoutes(failing()),
  seriesRoutes(failing()),
  stationRoutes({
    ...{ desk: failing(), steps: failing(), sessions: failing() },
    stations: { start: () => undefined, stop: () => undefined } as unknown as StationRoutes['stations'],
  }),
  contactRoutes(failing()),
  incidentRoutes(failing()),
  watchRoutes({
    maintenance: failing(),
    scenarios: failing<WatchDesk>().scenarios,
    onCall: failing<WatchDesk>().onCall,
  }),
  inventoryRoutes(failing()),
  jobRoutes(failing()),
  movementRoutes(started(failing())),
  visitRoutes(started(failing())),
  tokenRoutes(failing()),
  tenantRoutes(failing(), failing()),
  webhookRoutes(failing()),
  streamRoutes({
    streams: {
      admit: failing<{ admit: () => never }>().admit,
      stop: async () => undefined,
    } as unknown as StreamNeeds['streams'],
    sessions: failing(),
    bearers: failing(),
    zones: () => [],
  }),
  witnessRoutes({ add: async () => ({ outcome: 'unknown' }), now: Date.now }),
]
