/** /api/v1/me/access: what whoever is signed in may open now, as the person of the site that they are. */
import type { FastifyPluginAsync } from 'fastify'
import type { MayAnswer, OwnAccess } from '../../api.ts'
import { callerOf } from '../operator.ts'
import type { Awaitable } from '../ports.ts'

export interface OwnAccessNeeds {
  /** Of the site, by id; undefined where the account is linked to nobody. */
  readonly personOf: (operator: string) => Awaitable<string | undefined>
  readonly may: (person: string) => Promise<MayAnswer>
}

export function ownAccessRoutes({ personOf, may }: OwnAccessNeeds): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/me/access', { config: { permission: 'history.own' } }, async (request): Promise<OwnAccess> => {
      const person = await personOf(callerOf(request).id)
      return person === undefined ? { linked: false } : { linked: true, may: await may(person) }
    })
  }
}
