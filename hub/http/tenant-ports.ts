/** What the HTTP edge asks of the store of connected applications. Secrets come and go as hashes. */
import type {
  EventPage,
  Grant,
  GrantList,
  GrantRequest,
  GrantsIssued,
  LiveEvent,
  OwnTenant,
  TenantCutOffDone,
  TenantList,
  TenantScope,
  TenantTokenMade,
  TenantView,
} from '../api.ts'
import type { EventKind } from '../events.ts'
import type { TailRow } from './event-stream.ts'
import type { Caller } from './permissions.ts'

export interface StoredTenant {
  readonly id: string
  readonly name: string
  readonly scope: TenantScope
  readonly revision: number
  readonly expiresAt: number
}
export interface TenantTokens {
  /** By the hash of its token. Undefined where that is spent, replaced, or the application is cut off. */
  find(hash: string, at: number): StoredTenant | undefined
  used(id: string, at: number): Promise<void>
}

/** The application that asks: its token's hash, so that what it began with a token that ends meanwhile is refused. */
export type AskingTenant = Required<Pick<Caller, 'tenant' | 'scope' | 'session'>>

/** What applications do. Each throws VigieError with what stands in the way. */
export interface TenantDesk {
  self(tenant: AskingTenant): OwnTenant
  /** Not the quiet kinds, and nothing outside its scope. `limit` 1 to 200. */
  events(
    tenant: AskingTenant,
    query: {
      readonly before?: number
      readonly limit: number
      readonly kind?: EventKind
      readonly zone?: string
      readonly device?: string
    },
  ): Promise<EventPage>
  /** The line of a row as the application sees it; undefined: it is not for it. */
  line(tenant: AskingTenant, row: TailRow): LiveEvent | undefined
}

/** Grants, one or many, by operators and by applications. */
export interface GrantDesk {
  /**
   * All or none. @param tenant holds them to its scope; absent: an operator's
   * @throws VigieError grant-invalid, person-unknown, tenant-scope, tenant-full, tenant-changed, grant-key-conflict
   */
  issue(
    wishes: readonly GrantRequest[],
    by: string,
    tenant: AskingTenant | undefined,
    /** Problems name the index of the wish. */
    many: boolean,
  ): Promise<GrantsIssued & { readonly made: number }>
  /** Of one application, by id, from `after` on. */
  list(tenant: string, page: { readonly all: boolean; readonly after?: string; readonly limit: number }): GrantList
  find(id: string): Grant | undefined
}

/** What administrators do with applications. `by` is the operator's pseudonym, or `cli:<user>`. */
export interface TenantAdmin {
  list(): TenantList
  /** @throws VigieError tenant-unknown */
  view(id: string): TenantView
  /** @returns the token, this once @throws VigieError tenant-exists, tenant-invalid, tenant-term */
  register(
    wish: { readonly id: string; readonly name: string; readonly scope: TenantScope; readonly expiresAt: number },
    by: string,
  ): Promise<TenantTokenMade>
  /** Grants outside a narrower scope end. @throws VigieError tenant-unknown, tenant-invalid, edit-conflict */
  change(
    id: string,
    change: { readonly name?: string; readonly scope?: TenantScope; readonly reason: string },
    edit: { readonly expected: number; readonly by: string },
  ): Promise<TenantView>
  /** The one before ends at once. Lets an application back in that was cut off. @throws VigieError tenant-unknown, tenant-term */
  newToken(id: string, expiresAt: number, by: string): Promise<TenantTokenMade>
  /** Token, grants, streams and webhooks end. @throws VigieError tenant-unknown, tenant-cut-off */
  cutOff(id: string, reason: string, by: string): Promise<TenantCutOffDone>
}
