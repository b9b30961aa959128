/**
 * A connected application is registered, given another scope or another token, or cut off.
 *
 *   check    what its scope names is of the site; the token ends within a year
 *   record   the application and its journal row, with before and after, in one commit; with the cut, its grants
 *   narrow   grants that a narrower scope would not allow end: none was added meanwhile by the wider one
 */
import type { Grant } from '../access/grants.ts'
import { VigieError } from '../errors.ts'
import type { TenantState } from '../events.ts'
import { ScopeCheck, TENANT_LIMITS, type TenantScope, unknownIn } from '../rules/tenant-scope.ts'
import { OUTSIDE } from '../rules/tenant-words.ts'
import { type ActFacts, type Awaitable, shown } from './acting.ts'

const DAY_MS = 86_400_000

export interface KnownTenant {
  readonly id: string
  readonly name: string
  readonly status: TenantState['status']
  readonly scope: TenantScope
  readonly expiresAt: number
  readonly revision: number
}
interface NewTenant {
  readonly id: string
  readonly name: string
  readonly scope: TenantScope
  readonly expiresAt: number
}
type Told = { readonly at: number; readonly id: string; readonly by: string; readonly after: TenantState }
type Changed = Told & { readonly before: TenantState }
interface Needs {
  readonly facts: () => ActFacts
  readonly find: (id: string) => KnownTenant | undefined
  /** Grants of its that have not ended. */
  readonly live: (id: string, at: number) => readonly Grant[]
  readonly newToken: () => { readonly token: string; readonly hash: string }
  /** @throws VigieError tenant-exists */
  readonly add: (
    a: Pick<Told, 'at' | 'by' | 'after'> & {
      readonly tenant: Omit<NewTenant, 'scope'> & { readonly scope: string; readonly hash: string }
    },
  ) => Awaitable<unknown>
  /** @throws VigieError edit-conflict */
  readonly put: (
    a: Changed & {
      readonly expected: number
      readonly name: string
      readonly scope: string
      readonly statedReason: string
    },
  ) => Awaitable<unknown>
  readonly putToken: (
    a: Changed & { readonly expected: number; readonly hash: string; readonly expiresAt: number },
  ) => Awaitable<unknown>
  readonly end: (a: {
    readonly at: number
    readonly id: string
    readonly ids: readonly string[]
    readonly by: string
  }) => Awaitable<number>
  /** @returns how many grants ended @throws VigieError tenant-cut-off */
  readonly cutOff: (a: Changed & { readonly statedReason: string }) => Awaitable<number>
  readonly now: () => number
}

export class TenantChanged {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @returns its token, this once @throws VigieError tenant-exists, tenant-invalid, tenant-term, journal-unavailable */
  async register(wish: NewTenant, by: string): Promise<string> {
    const { add, newToken, now, facts } = this.#needs
    const at = now()
    needTerm(wish.expiresAt, at)
    this.#needScope(wish.scope)
    const { token, hash } = newToken()
    const { id, name, scope, expiresAt } = wish
    const after = stateOf({ ...wish, status: 'active' }, facts())
    await add({ at, by, after, tenant: { id, name, scope: JSON.stringify(scope), expiresAt, hash } })
    return token
  }

  /** @throws VigieError tenant-unknown, tenant-invalid, edit-conflict, journal-unavailable */
  async change(
    id: string,
    { name, scope, reason }: { readonly name?: string; readonly scope?: TenantScope; readonly reason: string },
    { expected, by }: { readonly expected: number; readonly by: string },
  ): Promise<void> {
    const { put, now, facts } = this.#needs
    const known = this.#need(id)
    if (scope) this.#needScope(scope)
    const next = { ...known, name: name ?? known.name, scope: scope ?? known.scope }
    const [before, after] = [stateOf(known, facts()), stateOf(next, facts())]
    const told = { at: now(), id, by, before, after, statedReason: reason }
    await put({ ...told, expected, name: next.name, scope: JSON.stringify(next.scope) })
    if (scope) await this.#narrow(id, next.scope, by)
  }

  /** The one before ends. @returns its token, this once @throws VigieError tenant-unknown, tenant-term, edit-conflict */
  async renew(id: string, expiresAt: number, by: string): Promise<string> {
    const { putToken, newToken, now, facts } = this.#needs
    const at = now()
    const known = this.#need(id)
    needTerm(expiresAt, at)
    const { token, hash } = newToken()
    const before = stateOf(known, facts())
    const after: TenantState = { ...before, status: 'active', expiresAt }
    await putToken({ at, id, by, before, after, expected: known.revision, hash, expiresAt })
    return token
  }

  /** @returns how many grants ended @throws VigieError tenant-unknown, tenant-cut-off, journal-unavailable */
  async cutOff(id: string, reason: string, by: string): Promise<number> {
    const { cutOff, now, facts } = this.#needs
    const known = this.#need(id)
    const before = stateOf(known, facts())
    return cutOff({ at: now(), id, by, before, after: { ...before, status: 'cut-off' }, statedReason: reason })
  }

  async #narrow(id: string, scope: TenantScope, by: string): Promise<void> {
    const { live, end, now, facts } = this.#needs
    const at = now()
    const check = new ScopeCheck(scope, facts().site)
    const ids = live(id, at).flatMap(grant => (check.stands(grant) ? [] : [grant.id]))
    if (ids.length > 0) await end({ at, id, ids, by })
  }

  #need(id: string): KnownTenant {
    const known = this.#needs.find(id)
    if (!known) throw new VigieError('tenant-unknown', { tenant: shown(id) })
    return known
  }

  #needScope(scope: TenantScope): void {
    const unknown = unknownIn(scope, this.#needs.facts().site)
    if (unknown) throw new VigieError('tenant-invalid', { field: unknown.field, expected: OUTSIDE[unknown.expected] })
  }
}

function needTerm(expiresAt: number, now: number): void {
  if (expiresAt <= now || expiresAt > now + TENANT_LIMITS.days * DAY_MS)
    throw new VigieError('tenant-term', { days: TENANT_LIMITS.days, field: 'expiresAt' })
}

/** As the journal tells it: people by pseudonym. */
function stateOf(
  { name, status, scope, expiresAt }: Omit<KnownTenant, 'id' | 'revision'>,
  facts: Pick<ActFacts, 'personOf'>,
): TenantState {
  const people =
    scope.people === 'everyone'
      ? scope.people
      : { ...scope.people, ids: scope.people.ids.flatMap(id => facts.personOf(id) ?? []) }
  return { name, status, scope: { ...scope, people }, expiresAt }
}
