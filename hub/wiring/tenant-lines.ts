/** Rows of the journal as a connected application may see them: for its pages of events, its stream, its webhooks. */
import type { LiveEvent, Someone, TenantScope } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import type { ActFacts } from '../flows/acting.ts'
import type { Names } from '../notify/model.ts'
import { grant } from '../record/grants.ts'
import type { Db } from '../record/sql.ts'
import { tenantName } from '../record/tenants.ts'
import { mayName, placesOf, type ScopedSite, type ScopePlaces, tellsTenant, tenantBy } from '../rules/tenant-scope.ts'

/** Undefined: the row is not for it. @param line as the hub would show it to an operator who may see everything */
export type TenantLines = (
  who: { readonly tenant: string; readonly scope: TenantScope },
  event: VigieEvent,
  line: LiveEvent,
) => LiveEvent | undefined

/** Names of applications too: by id, and where the journal names one as who did it. */
export function withTenants(db: Db, { person }: Pick<Names, 'person'>): Names {
  const prefix = tenantBy('')
  const tenant = (id: string): string | undefined => tenantName(db, id)
  return {
    tenant,
    person: pseudonym => {
      const name = pseudonym.startsWith(prefix) ? tenant(pseudonym.slice(prefix.length)) : undefined
      return name === undefined ? person(pseudonym) : { name, role: 'application' }
    },
  }
}

/** What lines are made of. */
export type LineFacts = Pick<ActFacts, 'site' | 'nameOf'>
type Person = ScopedSite['people'][number]
interface Seen {
  readonly site: ActFacts['site']
  readonly people: ReadonlyMap<string, Person>
  readonly places: WeakMap<TenantScope, ScopePlaces>
}

/**
 * The line is put together anew from what it may hold: no operator, no other application, nobody whom it may not name, and
 * of references its own only.
 */
export function tenantLines({ db, facts }: { readonly db: Db; readonly facts: () => LineFacts }): TenantLines {
  let seen: Seen | undefined
  const look = ({ site }: LineFacts): Seen => {
    if (seen?.site !== site)
      seen = { site, people: new Map(site.people.map(p => [p.id, p])), places: new WeakMap<TenantScope, ScopePlaces>() }
    return seen
  }
  return ({ tenant, scope }, event, line) => {
    const now = facts()
    const { site, people, places } = look(now)
    const where = places.get(scope) ?? placesOf(scope, site)
    places.set(scope, where)
    if (!tellsTenant(event, scope, where, tenantBy(tenant))) return undefined
    const named = (field: 'person' | 'witness'): Someone | undefined => {
      const pseudonym = (event as { readonly [f in typeof field]?: string })[field]
      const known = pseudonym === undefined ? undefined : now.nameOf(pseudonym)
      const person = known?.id === undefined ? undefined : people.get(known.id)
      return known && person && mayName(scope, person) ? { id: person.id, name: known.name } : undefined
    }
    return { ...placed(line), ...ownGrant(db, tenant, event), ...someone(named('person'), named('witness')) }
  }
}

const someone = (person: Someone | undefined, witness: Someone | undefined): Pick<LiveEvent, 'person' | 'witness'> => ({
  ...(person && { person }),
  ...(witness && { witness }),
})

/** What says nothing of anybody. */
function placed({
  seq,
  at,
  kind,
  device,
  point,
  accessPoint,
  zone,
  reason,
  via,
  origin,
  why,
  ms,
}: LiveEvent): LiveEvent {
  return {
    ...{ seq, at, kind },
    ...(device !== undefined && { device }),
    ...(point !== undefined && { point }),
    ...(accessPoint !== undefined && { accessPoint }),
    ...(zone !== undefined && { zone }),
    ...(reason !== undefined && { reason }),
    ...(via !== undefined && { via }),
    ...(origin !== undefined && { origin }),
    ...(why !== undefined && { why }),
    ...(ms !== undefined && { ms }),
  }
}

/** Which of its grants a row is about: issued, taken back, or opened by. */
function ownGrant(db: Db, tenant: string, event: VigieEvent): Pick<LiveEvent, 'grant' | 'reference' | 'key'> {
  const id = grantIn(event)
  const known = id === undefined ? undefined : grant(db, id)?.grant
  if (known?.by !== tenantBy(tenant)) return {}
  const { reference, key } = known
  return {
    grant: known.id,
    ...(reference !== undefined && { reference }),
    ...(key !== undefined && { key }),
  }
}

function grantIn(event: VigieEvent): string | undefined {
  if (event.kind === 'grant.issued' || event.kind === 'grant.revoked') return event.grant
  return event.kind === 'access.granted' && event.via?.kind === 'grant' ? event.via.grant : undefined
}
