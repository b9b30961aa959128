/** /api/v1/scenarios, /on-call and /maintenance: what is watched for, who would be told, and where work keeps it quiet. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { WatchDesk } from '../incident-ports.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import { MaintenanceWishShape } from '../schemas/watch.ts'

const READ = { permission: 'alerts.read' } as const
const WORK = { permission: 'maintenance' } as const
const One = Type.Object({ id: Id }, strict)
type OfOne = { Params: Static<typeof One> }

export function watchRoutes(desk: WatchDesk): FastifyPluginAsync {
  const { maintenance } = desk
  return async app => {
    app.get('/api/v1/scenarios', { config: READ }, async () => desk.scenarios())
    app.get('/api/v1/on-call', { config: READ }, async () => desk.onCall())
    app.get('/api/v1/maintenance', { config: READ }, async ({ reach }) => maintenance.list(reach))
    app.post<{ Body: Static<typeof MaintenanceWishShape> }>(
      '/api/v1/maintenance',
      { config: WORK, schema: { body: MaintenanceWishShape } },
      async (request, reply) => {
        const who = { by: operatorOf(request), reach: request.reach }
        return reply.code(201).send(await maintenance.begin(request.body, who))
      },
    )
    app.delete<OfOne>('/api/v1/maintenance/:id', { config: WORK, schema: { params: One } }, async request =>
      maintenance.end(request.params.id, { by: operatorOf(request), reach: request.reach }),
    )
  }
}
