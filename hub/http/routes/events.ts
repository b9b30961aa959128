/** /api/v1/events: the journal, newest first, page by page. Reading it is itself recorded. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { EventPage, EventQuery } from '../../api.ts'
import type { EventKind } from '../../events.ts'
import { tenantBy } from '../../rules/tenant-scope.ts'
import { askingTenant, callerOf, notAllowed, readerOf } from '../operator.ts'
import type { ReadEvents } from '../ports.ts'
import type { JournalReads } from '../reads.ts'
import type { AskingTenant, TenantDesk } from '../tenant-ports.ts'

const PAGE = 100
const PAGE_MAX = 200

/** A record, so that a new kind of event that is missing here does not compile. */
export const KINDS: Readonly<Record<EventKind, true>> = {
  'access.granted': true,
  'access.denied': true,
  'access.withdrawn': true,
  'access.awaiting': true,
  'access.lapsed': true,
  'duress.raised': true,
  'pin.alarm': true,
  'passback.violated': true,
  'break-glass.opened': true,
  'break-glass.ended': true,
  'break-glass.review-overdue': true,
  'break-glass.review-closed': true,
  'lockdown.started': true,
  'lockdown.ended': true,
  'evacuation.started': true,
  'evacuation.ended': true,
  'evacuation.resumed': true,
  'evacuation.paused': true,
  'evacuation.released': true,
  'muster.counted': true,
  'grant.issued': true,
  'grant.revoked': true,
  'badge.lost': true,
  'pin.set': true,
  'pin.cleared': true,
  'passback.reset': true,
  'interlock.reset': true,
  'lock.unlocked': true,
  'lock.kept': true,
  'lock.locked': true,
  'lock.refused': true,
  'lock.failed': true,
  'lock.silent': true,
  'point.opened': true,
  'point.closed': true,
  'point.forced': true,
  'point.locked': true,
  'point.released': true,
  'exit.requested': true,
  'tamper.raised': true,
  'tamper.cleared': true,
  'state.changed': true,
  readings: true,
  'device.online': true,
  'device.offline': true,
  'device.enrolled': true,
  'device.renewed': true,
  'device.revoked': true,
  'device.added': true,
  'device.code': true,
  'device.refused': true,
  'device.gap': true,
  'audit.unavailable': true,
  'rights.changed': true,
  'operator.created': true,
  'operator.signed-in': true,
  'operator.signed-out': true,
  'operator.refused': true,
  'operator.linked': true,
  'operator.stepped-up': true,
  'operator.password-changed': true,
  'operator.factor-added': true,
  'operator.factor-removed': true,
  'operator.invited': true,
  'operator.reset': true,
  'operator.changed': true,
  'operator.not-allowed': true,
  'token.created': true,
  'token.revoked': true,
  'operator.provisioned': true,
  'person.departed': true,
  'directory.group-changed': true,
  'tenant.registered': true,
  'tenant.changed': true,
  'tenant.token-made': true,
  'tenant.cut-off': true,
  'tenant.refused': true,
  'webhook.created': true,
  'webhook.changed': true,
  'webhook.removed': true,
  'webhook.secret-made': true,
  'webhook.dead': true,
  'webhook.paused': true,
  'webhook.redelivered': true,
  'approval.asked': true,
  'approval.given': true,
  'approval.refused': true,
  'approval.withdrawn': true,
  'approval.expired': true,
  'approval.failed': true,
  'movement.filed': true,
  'movement.changed': true,
  'movement.task-done': true,
  'movement.task-reopened': true,
  'movement.done': true,
  'movement.cancelled': true,
  'visit.announced': true,
  'visit.changed': true,
  'visit.ended': true,
  'visit.cancelled': true,
  'job.changed': true,
  'incident.raised': true,
  'incident.joined': true,
  'incident.restored': true,
  'incident.acknowledged': true,
  'incident.assigned': true,
  'incident.snoozed': true,
  'incident.resolved': true,
  'incident.escalated': true,
  'alert.delivered': true,
  'alert.undelivered': true,
  'contact.changed': true,
  'zone.armed': true,
  'zone.disarmed': true,
  'maintenance.started': true,
  'maintenance.ended': true,
  'scenario.flapping': true,
  'station.paired': true,
  'station.unpaired': true,
  'journal.read': true,
  'journal.exported': true,
  'journal.export-failed': true,
  'journal.key-rotated': true,
  'destination.failed': true,
  'destination.recovered': true,
  'payloads.erased': true,
  'privacy.erasure-asked': true,
  'privacy.erased': true,
  'privacy.access-given': true,
  'privacy.purge-failed': true,
  'hold.placed': true,
  'hold.released': true,
  'backup.made': true,
  'backup.failed': true,
  'backup.overdue': true,
  'backup.restored': true,
  'backup.key-made': true,
  'storage.warning': true,
  'storage.full': true,
  'storage.recovered': true,
  'device.replayed': true,
  'hub.started': true,
  'hub.stopped': true,
}

const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
/** Everything in a query string is text; nothing is coerced before it is checked. */
const Query = Type.Object(
  {
    before: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'A journal seq, exclusive' })),
    limit: Type.Optional(
      Type.String({ pattern: '^([1-9][0-9]?|1[0-9][0-9]|200)$', description: `1 to ${PAGE_MAX}; ${PAGE} if left out` }),
    ),
    kind: Type.Optional(Type.Enum(Object.keys(KINDS) as EventKind[])),
    zone: Type.Optional(Id),
    device: Type.Optional(Id),
  },
  { additionalProperties: false },
)
type Query = Static<typeof Query>

/** @param tenants what applications are shown; left out: none is connected */
export function eventRoutes(
  events: ReadEvents,
  reads: JournalReads,
  tenants?: Pick<TenantDesk, 'events'>,
): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Query }>(
      '/api/v1/events',
      { config: { permission: 'events.read', tenant: true }, schema: { querystring: Query } },
      request => page(request, request.query),
    )
  }

  async function page(request: FastifyRequest, query: Query): Promise<EventPage> {
    const tenant = askingTenant(callerOf(request))
    if (tenant) return pageOf(tenant, query)
    const { id, hidden, reach } = readerOf(request)
    if (query.kind !== undefined && hidden.includes(query.kind)) throw notAllowed('events.guarded')
    const found = await events({
      ...parsed(query),
      ...(hidden.length > 0 && { except: hidden }),
      ...(reach && { zones: [...reach], own: id }),
    })
    await reads.note(id, found.events.length)
    return found
  }

  async function pageOf(tenant: AskingTenant, query: Query): Promise<EventPage> {
    const found = (await tenants?.events(tenant, parsed(query))) ?? { events: [] }
    await reads.note(tenantBy(tenant.tenant), found.events.length)
    return found
  }
}

function parsed({ before, limit, ...narrowed }: Query): EventQuery {
  return {
    ...narrowed,
    limit: limit === undefined ? PAGE : Number(limit),
    ...(before !== undefined && { before: Number(before) }),
  }
}
