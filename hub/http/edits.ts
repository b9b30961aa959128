/** Whoever changes something names the revision they saw (RFC 9110, 13.1): nobody overwrites what they have not read. */
import type { FastifyRequest } from 'fastify'
import { VigieError } from '../errors.ts'

/** Strong: the same revision is the same bytes. */
export const etagOf = (revision: number): string => `"${revision}"`

/**
 * The revision that If-Match names; 0 for If-None-Match: *, which asks that there be none yet.
 * @throws VigieError precondition-required, input-invalid (weak, listed or foreign tags)
 */
export function revisionSeen({ headers }: Pick<FastifyRequest, 'headers'>): number {
  const { 'if-match': match, 'if-none-match': none } = headers
  if (match === undefined && none === undefined) throw new VigieError('precondition-required')
  if (match === undefined && none === '*') return 0
  const seen = /^"([0-9]{1,15})"$/.exec(match ?? '')?.[1]
  if (seen !== undefined && none === undefined) return Number(seen)
  throw new VigieError('input-invalid', {
    field: match === undefined ? 'If-None-Match' : 'If-Match',
    expected: {
      en: 'the ETag of the item as it was read, or If-None-Match: *',
      fr: 'l’ETag de l’élément tel que lu, ou If-None-Match\u202f: *',
    },
  })
}
