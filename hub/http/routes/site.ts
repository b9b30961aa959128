/** /api/v1/site: what the plan is drawn from. */
import type { FastifyPluginAsync } from 'fastify'
import type { ReadModel } from '../ports.ts'
import { siteWithin } from '../within-zones.ts'

export function siteRoutes(model: ReadModel): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/site', { config: { permission: 'site.read' } }, async request =>
      siteWithin(model.site(), request.reach),
    )
  }
}
