/**
 * POST /api/v1/witness/add-checkpoint (c2sp.org/tlog-witness): another hub hands in a signed checkpoint of its journal.
 * Nobody signs in; a journal that is not watched learns no more than that there is nothing here.
 */
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { VigieError } from '../../errors.ts'
import type { Clock } from '../ports.ts'
import { networkOf } from '../throttle.ts'
import { TokenBuckets } from '../token-buckets.ts'

export type WitnessOutcome =
  | { readonly outcome: 'cosigned'; readonly lines: string }
  | { readonly outcome: 'elsewhere'; readonly size: number }
  | { readonly outcome: 'malformed' | 'unknown' | 'untrusted' }
  | { readonly outcome: 'inconsistent'; readonly journal: string }
export interface WitnessPort {
  add(body: string): Promise<WitnessOutcome>
  readonly now: Clock
}

/** 63 hashes of a proof, and a note with sixteen signatures. */
const MOST_BYTES = 16_384
/** A hub hands in one a minute, and after an outage two. */
const RATE = { perSecond: 1, burst: 20 } as const

export function witnessRoutes(port: WitnessPort): FastifyPluginAsync {
  return async app => {
    const buckets = new TokenBuckets(RATE, port.now)
    app.removeAllContentTypeParsers()
    const asText = { parseAs: 'string', bodyLimit: MOST_BYTES } as const
    app.addContentTypeParser('*', asText, async (_: unknown, body: string) => body)
    app.post('/api/v1/witness/add-checkpoint', { config: { permission: 'public' } }, async (request, reply) => {
      const waitMs = buckets.take(networkOf(request.ip))
      if (waitMs > 0) throw new VigieError('too-many-requests', { seconds: Math.ceil(waitMs / 1000) })
      const body = typeof request.body === 'string' ? request.body : ''
      return answer(await port.add(body), reply.header('cache-control', 'no-store'))
    })
  }
}

/** The statuses are the standard's. */
function answer(told: WitnessOutcome, reply: FastifyReply): FastifyReply {
  switch (told.outcome) {
    case 'cosigned':
      return reply.type('text/plain; charset=utf-8').send(told.lines)
    case 'elsewhere':
      return reply.code(409).type('text/x.tlog.size').send(`${told.size}\n`)
    case 'malformed':
      throw new VigieError('request-malformed')
    case 'unknown':
      throw new VigieError('not-found')
    case 'untrusted':
      throw new VigieError('not-allowed')
    case 'inconsistent':
      throw new VigieError('witness-inconsistent', { journal: told.journal })
  }
}
