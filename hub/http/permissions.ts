/**
 * What a route asks of whoever calls it: one capability of the closed list (hub/rules/roles.ts), `public`, or `device`. A
 * route that names none keeps the hub from starting. What asks for a fresh second factor beside it stands in one table.
 */
import type { Stage } from '../api.ts'
import { type EventKind, GUARDED_KINDS } from '../events.ts'
import { byCommandLine, type Capability, mayOperator } from '../rules/roles.ts'
import type { TenantScope } from '../rules/tenant-scope.ts'
import type { Reach } from '../rules/zones.ts'
import type { SignedIn } from './sessions.ts'

/** `public` asks for no sign-in; `device` leaves it to the route, which asks for a one-time code or a client certificate. */
export type Permission = Capability | 'public' | 'device'

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: Permission
    /** Where it depends on what is asked for: in place of `permission`. */
    permissionOf?: (request: { readonly params: unknown }) => Capability
    /** How far a session must have come; left out: signed in. */
    stages?: readonly Stage[]
    /** Asks for a fresh second factor, or for none, whatever the table says. */
    stepUp?: boolean
    /** Open to connected applications, which have no capability at all: the route holds them to their scope by itself. */
    tenant?: boolean
    /** For programs alone: neither a session nor the command line on this machine gets in. */
    tokenOnly?: boolean
  }
  interface FastifyRequest {
    /** Set on every route that is neither `public` nor `device`. */
    signedIn: Caller | undefined
    /** The zones that the role of whoever asks counts in, those below them included; undefined: everywhere. */
    reach: Reach
  }
}

export const isOpen = (permission: Permission): permission is 'public' | 'device' =>
  permission === 'public' || permission === 'device'

/** Who asks: in a session, or by a token of the operator's, which may do only what it names. */
export interface Caller extends SignedIn {
  readonly capabilities?: readonly Capability[]
  /** Names the token; opens nothing. */
  readonly token?: string
  /**
   * A connected application, by id, and what it may do. It has no role: `operator` stands for nobody, and `may` never holds.
   * Its `id` is how the journal names it, `tenant:<id>`.
   */
  readonly tenant?: string
  readonly scope?: TenantScope
  /** The command line on this machine (local-door.ts): `operator` stands for nobody, and no session and no token is behind it. */
  readonly commandLine?: true
}
export type Asking = Pick<Caller, 'operator' | 'capabilities' | 'tenant' | 'commandLine'>

export const may = ({ operator, capabilities, tenant, commandLine }: Asking, capability: Capability): boolean =>
  commandLine === true
    ? byCommandLine(capability)
    : tenant === undefined &&
      mayOperator(operator, capability) &&
      (capabilities === undefined || capabilities.includes(capability))

/**
 * Capabilities that ask for a fresh second factor (OWASP ASVS 5, 7.5.3): `writes` where something is begun or changed by
 * them. Lockdowns and evacuations never do: people must get out.
 */
const STEP_UP: Partial<Readonly<Record<Permission, 'always' | 'writes'>>> = {
  'journal.export': 'writes',
  'privacy.read': 'writes',
  'privacy.erase': 'writes',
  'keys.manage': 'always',
  'operators.manage': 'writes',
  'tokens.manage': 'writes',
  'tenants.manage': 'writes',
  'webhooks.manage': 'writes',
  'backups.manage': 'writes',
  'stations.manage': 'writes',
}

export function needsStepUp(permission: Permission, method: string): boolean {
  const when = STEP_UP[permission]
  return when === 'always' || (when === 'writes' && method !== 'GET' && method !== 'HEAD')
}

/** Kinds of events of which they must not even learn that there was one. */
export const hiddenFrom = (asking: Asking): readonly EventKind[] => (may(asking, 'events.guarded') ? [] : GUARDED_KINDS)
