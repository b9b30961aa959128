/** /healthz says that the process answers, and nothing else; /api/v1/health says how it is, to those signed in. */
import type { FastifyPluginAsync } from 'fastify'
import type { ReadHealth } from '../ports.ts'

export function healthRoutes(health: ReadHealth): FastifyPluginAsync {
  return async app => {
    app.get('/healthz', { config: { permission: 'public' } }, async () => ({ status: 'ok' }))
    app.get('/api/v1/health', { config: { permission: 'health.read' } }, async () => health())
  }
}
