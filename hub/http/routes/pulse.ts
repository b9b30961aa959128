/** /metrics for Prometheus, with an API token that may read the hub's health; /readyz for whoever starts and restarts hubs. */
import type { FastifyPluginAsync } from 'fastify'
import { VigieError } from '../../errors.ts'

export interface PulseDesk {
  metrics(): Promise<{ readonly type: string; readonly text: string }>
  /** Rows reach the journal. Doors are decided either way: a hub that is not ready must not be ended for it. */
  ready(): boolean
}

export function pulseRoutes(desk: PulseDesk): FastifyPluginAsync {
  return async app => {
    app.get('/metrics', { config: { permission: 'health.read' } }, async (_, reply) => {
      const { type, text } = await desk.metrics()
      return reply.type(type).send(text)
    })
    app.get('/readyz', { config: { permission: 'public' } }, async () => {
      if (!desk.ready()) throw new VigieError('not-ready')
      return { status: 'ok' }
    })
  }
}
