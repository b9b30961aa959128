/** Who is asking, and the small shapes their routes share. */
import type { FastifyRequest } from 'fastify'
import { Type } from '#devices/schema.ts'
import { VigieError } from '../errors.ts'
import type { EventKind } from '../events.ts'
import type { Capability } from '../rules/roles.ts'
import type { Reach } from '../rules/zones.ts'
import { type Caller, hiddenFrom, may } from './permissions.ts'
import type { AskingTenant } from './tenant-ports.ts'

/** @throws VigieError not-signed-in on a route that forgot to ask */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.signedIn) throw new VigieError('not-signed-in')
  return request.signedIn
}

/** The application that asks; undefined where an operator does. */
export function askingTenant({ tenant, scope, session }: Caller): AskingTenant | undefined {
  return tenant === undefined || scope === undefined ? undefined : { tenant, scope, session }
}

/** The operator's pseudonym in the journal. @throws VigieError not-signed-in on a route that forgot to ask */
export const operatorOf = (request: FastifyRequest): string => callerOf(request).id

/** Who reads the journal, and what of it is not for them. */
export interface Reader {
  /** Pseudonym. */
  readonly id: string
  /** Kinds of events of which they must not even learn that there was one. */
  readonly hidden: readonly EventKind[]
  /** Zones that their role counts in; undefined: everywhere. */
  readonly reach: Reach
}

export function readerOf(request: FastifyRequest): Reader {
  const caller = callerOf(request)
  return { id: caller.id, hidden: hiddenFrom(caller), reach: request.reach }
}

/** Refused, and told in the journal under that capability (app.ts). */
export const notAllowed = (capability: Capability): VigieError => new VigieError('not-allowed', { capability })

/** @throws VigieError not-allowed */
export function need(request: FastifyRequest, capability: Capability): void {
  if (!may(callerOf(request), capability)) throw notAllowed(capability)
}

export const strict = { additionalProperties: false } as const
/** An id of the site file. */
export const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
