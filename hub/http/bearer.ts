/**
 * `Authorization: Bearer vigie_...` (RFC 6750): who asks where a program asks. Only the hash is looked up, at each request, so
 * that a token that was revoked, and one whose operator's account has ended, opens nothing from then on.
 *
 *   good      the operator it acts for, with what both the token and the operator's role allow; or a connected application,
 *             with its scope and no role
 *   not good  401, after a delay that grows with each failure from the same network; whoever has a good one never waits
 */
import { causeOf, VigieError } from '../errors.ts'
import type { OperatorEvent } from '../events.ts'
import { byToken } from '../rules/roles.ts'
import { tenantBy } from '../rules/tenant-scope.ts'
import { type ZoneNode, zonesBelow } from '../rules/zones.ts'
import type { StoredToken, Tokens } from './account-ports.ts'
import { refuseEarly } from './attempts.ts'
import type { Caller } from './permissions.ts'
import type { Clock, Log, RecordEvent } from './ports.ts'
import { hashOf, isSecret } from './secrets.ts'
import type { StoredTenant, TenantTokens } from './tenant-ports.ts'
import { networkOf, Throttle } from './throttle.ts'

export const TOKEN_PREFIX = 'vigie_'
/** Of a connected application's token. */
export const TENANT_PREFIX = 'vigie_t_'
/** How soon a stream notices that its token ended, or may do less: under 1 s. */
const SWEEP_MS = 500
/** Last used is written at most so often for each token. */
const USED_MS = 60_000
const MOST_NOTED = 10_000
/** Of its own: a program with an old token keeps nobody of the same network from signing in. */
const NETWORK = { free: 10, capMs: 300_000 }

/** What stands behind `Bearer`; undefined where the request brings none. */
export function bearerIn(header: string | undefined): string | undefined {
  if (header === undefined || !/^bearer(?: |$)/i.test(header)) return undefined
  return header.slice('bearer'.length).trim()
}

interface Watch {
  /** What it might do when the watch began. */
  readonly scope: string
  readonly tell: () => void
}

export interface BearerOptions {
  readonly tokens: Tokens
  /** Left out: no application is connected. */
  readonly tenants?: TenantTokens
  /** Never rejects. */
  readonly record: RecordEvent<OperatorEvent>
  /** Of the site as it is now. */
  readonly zones: () => readonly ZoneNode[]
  readonly log: Pick<Log, 'warn' | 'error'>
  readonly now: Clock
}

export class Bearers {
  readonly #options: BearerOptions
  readonly #byNetwork: Throttle
  /** Token id -> when its use was last written. */
  readonly #noted = new Map<string, number>()
  /** What each connection sent last. Only whoever sent it is compared with it. */
  readonly #last = new WeakMap<object, { readonly sent: string; readonly prefix: string; readonly hash: string }>()
  /** What stands for a token, as long as its row is the same. */
  readonly #made = new WeakMap<StoredToken, Caller>()
  /** By hash. */
  readonly #watches = new Map<string, Set<Watch>>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: BearerOptions) {
    this.#options = options
    this.#byNetwork = new Throttle(NETWORK, options.now)
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#sweep(), SWEEP_MS).unref()
  }
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /**
   * @param sent what stood behind `Bearer`
   * @param by the connection that it came by
   * @returns undefined where it opens nothing: then it is refused
   */
  caller(sent: string, by: object): Caller | undefined {
    const { tokens, tenants, now } = this.#options
    if (sent.startsWith(TENANT_PREFIX)) {
      const hash = this.#hashed(sent, TENANT_PREFIX, by)
      const tenant = hash === undefined ? undefined : tenants?.find(hash, now())
      if (hash !== undefined && tenants && tenant) return this.#tenant(hash, tenant, tenants)
    }
    const hash = this.#hashed(sent, TOKEN_PREFIX, by)
    const found = hash === undefined ? undefined : tokens.find(hash, now())
    if (hash === undefined || !found) return undefined
    this.#noteUsed(found.id, tokens)
    return this.#made.get(found) ?? this.#caller(hash, found)
  }

  /** A program says the same on its connection again and again: worked out once for each. */
  #hashed(sent: string, prefix: string, by: object): string | undefined {
    const before = this.#last.get(by)
    if (before?.sent === sent && before.prefix === prefix) return before.hash
    const hash = hashIn(sent, prefix)
    if (hash !== undefined) this.#last.set(by, { sent, prefix, hash })
    return hash
  }

  /** No role, no capability, no zone: whatever does not look at its scope refuses it. */
  #tenant(hash: string, { id, name, scope }: StoredTenant, tenants: TenantTokens): Caller {
    const by = tenantBy(id)
    this.#noteUsed(id, tenants)
    return {
      ...{ session: hash, id: by, tenant: id, scope, token: by, stage: 'in', capabilities: [], zones: [] },
      operator: { login: by, name, role: 'nurse', zones: [] },
    }
  }

  /** @returns the function that ends the watch. `tell` is called once, when the token has ended or may do something else. */
  watch({ session: hash }: Caller, tell: () => void): () => void {
    const watch = { scope: this.#scopeOf(hash) || 'ended meanwhile', tell }
    const all = this.#watches.get(hash) ?? new Set()
    this.#watches.set(hash, all.add(watch))
    return () => {
      all.delete(watch)
      if (all.size === 0 && this.#watches.get(hash) === all) this.#watches.delete(hash)
    }
  }

  /** @param address that a token came from which opens nothing @throws VigieError token-refused, too-many-requests */
  async refuse(address: string): Promise<never> {
    const network = networkOf(address)
    const waitMs = this.#byNetwork.waitMs(network)
    const told = waitMs > 0 && this.#byNetwork.tellOnce(network)
    if (told) await this.#options.record({ kind: 'operator.refused', reason: 'too-many' })
    refuseEarly(waitMs)
    const delayMs = this.#byNetwork.charge(network)
    await this.#options.record({ kind: 'operator.refused', reason: 'token' })
    throw new VigieError('token-refused', { seconds: Math.ceil(delayMs / 1000) })
  }

  /** Written behind: a disk that fails keeps no program out. */
  #noteUsed(id: string, tokens: Pick<Tokens, 'used'>): void {
    const now = this.#options.now()
    if (now - (this.#noted.get(id) ?? Number.NEGATIVE_INFINITY) < USED_MS) return
    this.#noted.delete(id)
    this.#noted.set(id, now)
    for (const oldest of this.#noted.keys()) {
      if (this.#noted.size <= MOST_NOTED) break
      this.#noted.delete(oldest)
    }
    tokens.used(id, now).catch((error: unknown) => {
      this.#options.log.warn({ token: id, cause: causeOf(error) }, 'the use of a token could not be written')
    })
  }

  #caller(hash: string, found: StoredToken): Caller {
    const { id, operator, capabilities, zones } = found
    const { id: pseudonym, zones: own, ...known } = operator
    const both = this.#zonesOf(own, zones)
    const caller: Caller = {
      session: hash,
      id: pseudonym,
      operator: { ...known, ...(both && { zones: both }) },
      stage: 'in',
      ...(both && { zones: both }),
      capabilities: capabilities.filter(byToken),
      token: id,
    }
    // With zones on both sides it hangs on how zones lie in zones, which is asked each time.
    if (!own || !zones) this.#made.set(found, caller)
    return caller
  }

  /** What lies in both, each with the zones below it. */
  #zonesOf(own: readonly string[] | undefined, token: readonly string[] | undefined): readonly string[] | undefined {
    if (!own || !token) return own ?? token
    const nodes = this.#options.zones()
    return [...zonesBelow(nodes, own).intersection(zonesBelow(nodes, token))]
  }

  #sweep(): void {
    try {
      for (const [hash, watches] of this.#watches) {
        const scope = this.#scopeOf(hash)
        for (const watch of [...watches]) if (watch.scope !== scope) this.#tell(hash, watches, watch)
      }
    } catch (error) {
      this.#options.log.error({ cause: causeOf(error) }, 'tokens could not be checked')
    }
  }

  #scopeOf(hash: string): string {
    const { tokens, tenants, now } = this.#options
    const tenant = tenants?.find(hash, now())
    return tenant ? JSON.stringify([tenant.id, tenant.scope]) : scopeOf(tokens.find(hash, now()))
  }

  #tell(hash: string, watches: Set<Watch>, watch: Watch): void {
    watches.delete(watch)
    if (watches.size === 0) this.#watches.delete(hash)
    watch.tell()
  }
}

/** @returns undefined for what was never handed out */
function hashIn(sent: string, prefix: string): string | undefined {
  const secret = sent.startsWith(prefix) ? sent.slice(prefix.length) : undefined
  return isSecret(secret) ? hashOf(secret) : undefined
}

/** All that decides what it may do; the same text as long as nothing of it changes. */
const scopeOf = (found: StoredToken | undefined): string =>
  found === undefined
    ? ''
    : JSON.stringify([found.id, found.capabilities, found.zones, found.operator.role, found.operator.zones])
