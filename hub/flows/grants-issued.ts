/**
 * Temporary grants are written, one or many, by an operator or by a connected application: all of them or none.
 *
 *   known    of an application: a key that stands for a grant already is that grant, and nothing is looked at again
 *   scope    of an application: people, place, class, origin, span and reference lie in what it may do
 *   check    the person and the place are of the site; from..until is a span, not past, and no longer than its class allows
 *   record   the grants and their journal rows, in one commit, if the application's token and scope are still the same, and
 *            there are not too many
 */
import { said } from '../access/french.ts'
import { grantProblem } from '../access/grant-check.ts'
import type { Grant } from '../access/grants.ts'
import { VigieError } from '../errors.ts'
import type { GrantEvent } from '../events.ts'
import { ScopeCheck, type TenantScope } from '../rules/tenant-scope.ts'
import { OUTSIDE } from '../rules/tenant-words.ts'
import { type ActFacts, type Awaitable, needPerson } from './acting.ts'
import { type GrantWish, grantEvent } from './grant-issued.ts'

/** Who writes them, as it asked. */
export interface GrantingTenant {
  readonly id: string
  /** Of its token, by hash. */
  readonly hash: string
  readonly revision: number
  readonly scope: TenantScope
}
export interface GrantsWrite {
  readonly at: number
  readonly grants: readonly { readonly grant: Grant; readonly event: GrantEvent }[]
  readonly tenant?: { readonly id: string; readonly hash: string; readonly revision: number; readonly most: number }
}
export interface GrantsWritten {
  readonly grants: readonly Grant[]
  readonly made: number
  readonly revision: number
}
interface Needs {
  readonly facts: () => ActFacts
  /** The grant that a key of an application stands for, revoked or not. */
  readonly known: (tenant: string, key: string) => Grant | undefined
  /** @throws VigieError token-refused, tenant-changed, tenant-full, grant-key-conflict, journal-unavailable */
  readonly write: (written: GrantsWrite) => Awaitable<GrantsWritten>
  readonly newId: () => string
  readonly now: () => number
}

export class GrantsIssued {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * @param wishes at least one @param by operator's pseudonym, `cli:<user>` or `tenant:<id>`
   * @param many problems name the index of the wish, as /grants/<index>/<field>
   * @throws VigieError person-unknown, grant-invalid, tenant-scope, tenant-full, tenant-changed, grant-key-conflict,
   * journal-unavailable
   */
  async issue(
    wishes: readonly GrantWish[],
    by: string,
    { many, tenant }: { readonly many: boolean; readonly tenant?: GrantingTenant },
  ): Promise<GrantsWritten> {
    const at = this.#needs.now()
    if (tenant) needKeysOnce(wishes)
    const seen = this.#needs.facts()
    const scope = tenant && new ScopeCheck(tenant.scope, seen.site)
    const prefix = (index: number): string => (many ? `/grants/${index}` : '')
    const grants = wishes.map((wish, index) =>
      this.#checked(wish, { by, at, seen, scope, tenant, pointer: prefix(index) }),
    )
    return this.#needs.write({
      at,
      grants,
      ...(tenant && {
        tenant: { id: tenant.id, hash: tenant.hash, revision: tenant.revision, most: tenant.scope.mostGrants },
      }),
    })
  }

  #checked(
    wish: GrantWish,
    { by, at, seen, scope, tenant, pointer }: Checking,
  ): { readonly grant: Grant; readonly event: GrantEvent } {
    const { known, newId } = this.#needs
    const grant: Grant = { ...wish, id: newId(), by }
    const repeated = tenant && wish.key !== undefined && known(tenant.id, wish.key) !== undefined
    if (!repeated) {
      const outside = scope?.outside(wish, at)
      if (outside)
        throw new VigieError('tenant-scope', { field: pointer + outside.field, expected: OUTSIDE[outside.expected] })
    }
    const person = personOf(seen, wish, pointer)
    const problem = repeated ? undefined : grantProblem(grant, seen.site, at)
    if (problem)
      throw new VigieError('grant-invalid', { field: pointer + problem.pointer, expected: said(problem.expected) })
    return { grant, event: grantEvent('grant.issued', grant, person, by) }
  }
}

interface Checking {
  readonly by: string
  readonly at: number
  readonly seen: ActFacts
  readonly scope: ScopeCheck | undefined
  readonly tenant: GrantingTenant | undefined
  /** Before each pointer. */
  readonly pointer: string
}

function personOf(seen: ActFacts, { person }: GrantWish, pointer: string): string {
  try {
    return needPerson(seen, person)
  } catch (error) {
    if (error instanceof VigieError) throw new VigieError(error.code, { ...error.details, field: `${pointer}/person` })
    throw error
  }
}

/** A key twice in one request says two things. @throws VigieError grant-key-conflict */
function needKeysOnce(wishes: readonly GrantWish[]): void {
  const seen = new Set<string>()
  for (const [index, { key }] of wishes.entries()) {
    if (key === undefined) continue
    if (seen.has(key)) throw new VigieError('grant-key-conflict', { key, field: `/grants/${index}/key` })
    seen.add(key)
  }
}
