/** Who is asking, and the small shapes their routes share. */
import type { FastifyRequest } from 'fastify'
import { Type } from '#devices/schema.ts'
import { VigieError } from '../errors.ts'

/** The operator's pseudonym in the journal. @throws VigieError not-signed-in on a route that forgot to ask */
export function operatorOf(request: FastifyRequest): string {
  if (!request.signedIn) throw new VigieError('not-signed-in')
  return request.signedIn.id
}

export const strict = { additionalProperties: false } as const
/** An id of the site file. */
export const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
