/** What of the journal a webhook is told, as its owner may see it at that moment. */
import type { LiveEvent, TenantScope } from '../api.ts'
import { type EventKind, GUARDED_KINDS, type Recorded } from '../events.ts'
import { lineOf, type Names, QUIET_KINDS } from '../notify/model.ts'
import type { Db } from '../record/sql.ts'
import type { WebhookRow } from '../record/webhooks.ts'
import { mayOperator, type Role } from '../rules/roles.ts'
import { reachOf, tellsTo, zonesBelow } from '../rules/zones.ts'
import { type LineFacts, tenantLines } from './tenant-lines.ts'

/** Undefined: the row is not for it. */
export type WebhookLine = (row: Recorded) => LiveEvent | undefined

type Owner = Pick<
  WebhookRow,
  'tenant' | 'tenantStatus' | 'tenantScope' | 'tenantExpiresAt' | 'operatorStatus' | 'operatorRole' | 'operatorZones'
>

/** Whether its owner may have it told of anything now: an account that is gone, or an application that was cut off, may not. */
export function mayTell(owner: Owner, now: number): boolean {
  if (owner.tenant !== null) {
    const { tenantStatus, tenantScope, tenantExpiresAt } = owner
    const isConnected = tenantStatus === 'active' && (tenantExpiresAt ?? 0) > now
    return isConnected && tenantScope !== null && (JSON.parse(tenantScope) as TenantScope).webhooks
  }
  const operator = operatorOf(owner)
  return (
    owner.operatorStatus === 'active' &&
    operator !== undefined &&
    mayOperator(operator, 'webhooks.manage') &&
    mayOperator(operator, 'events.read')
  )
}

const operatorOf = ({ operatorRole, operatorZones }: Owner) =>
  operatorRole === null
    ? undefined
    : {
        role: operatorRole as Role,
        ...(operatorZones !== null && { zones: JSON.parse(operatorZones) as readonly string[] }),
      }

/** @returns for a webhook as it stands the function that makes its lines; good for as long as neither it nor the site changes */
export function webhookLines({
  db,
  facts,
  names,
}: {
  readonly db: Db
  readonly facts: () => LineFacts
  readonly names: Names
}): (hook: WebhookRow) => WebhookLine {
  const forTenant = tenantLines({ db, facts })
  return hook => {
    const wanted = wantedBy(hook, facts)
    const { tenant, tenantScope } = hook
    if (tenant !== null) {
      const scope = JSON.parse(tenantScope ?? 'null') as TenantScope | null
      return row => (scope && wanted(row) ? forTenant({ tenant, scope }, row.event, lineOf(row, names)) : undefined)
    }
    const seen = seenBy(hook, facts)
    return row => (wanted(row) && seen(row) ? lineOf(row, names) : undefined)
  }
}

/** Of kinds and in zones that it was set up for. */
function wantedBy({ kinds, zones }: WebhookRow, facts: () => LineFacts): (row: Recorded) => boolean {
  const asked = new Set(JSON.parse(kinds) as readonly EventKind[])
  const around = zones === null ? undefined : zonesBelow(facts().site.zones, JSON.parse(zones) as string[])
  return ({ event }) => {
    const { zone } = event as { readonly zone?: string }
    const isAsked = asked.size === 0 || asked.has(event.kind)
    return isAsked && !QUIET_KINDS.includes(event.kind) && (!around || (zone !== undefined && around.has(zone)))
  }
}

/** What the operator whose it is may see. */
function seenBy(hook: WebhookRow, facts: () => LineFacts): (row: Recorded) => boolean {
  const operator = operatorOf(hook)
  if (!operator) return () => false
  const hidden: readonly EventKind[] =
    hook.guarded === 1 && mayOperator(operator, 'events.guarded') ? [] : GUARDED_KINDS
  const reach = reachOf(facts().site.zones, operator.zones)
  return ({ event }) => !hidden.includes(event.kind) && tellsTo(event, reach, hook.operator ?? '')
}
