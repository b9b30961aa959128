/**
 * /api/v1/stations: workstations, for IT. /api/v1/station: the browser that asks, by its own cookie, and nothing of whose
 * badge lies at its reader. /api/v1/session/badge: a PIN after a badge.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { SessionInfo } from '../../api.ts'
import { keepSession, keepStation, stationIn } from '../cookie.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import type { SessionSteps } from '../session-steps.ts'
import type { Sessions } from '../sessions.ts'
import type { StationDesk } from '../station-desk.ts'
import type { Stations } from '../stations.ts'

const Wish = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }), accessPoint: Id },
  strict,
)
const One = Type.Object({ id: Id }, strict)
type OfOne = { Params: Static<typeof One> }
const Pairing = Type.Object(
  { code: Type.String({ pattern: '^[A-Za-z2-9]{8}$', description: 'eight letters and digits' }) },
  strict,
)
const Look = Type.Object(
  { seen: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: '`number` of the last answer' })) },
  strict,
)
const Pin = Type.Object({ pin: Type.String({ pattern: '^[0-9]{4,8}$', description: '4 to 8 digits' }) }, strict)

const config = { permission: 'stations.manage' } as const
const OPEN = { permission: 'public' } as const

export interface StationRoutes {
  readonly stations: Stations
  readonly desk: StationDesk
  readonly steps: SessionSteps
  readonly sessions: Pick<Sessions, 'peek'>
}

export function stationRoutes({ stations, desk, steps, sessions }: StationRoutes): FastifyPluginAsync {
  return async app => {
    app.addHook('onReady', async () => stations.start())
    app.addHook('preClose', async () => stations.stop())
    managing(app)
    app.post<{ Body: Static<typeof Pairing> }>(
      '/api/v1/station/pairing',
      { config: OPEN, schema: { body: Pairing } },
      async (request, reply) => {
        const secret = await stations.pair(request.body.code, request.ip)
        return keepStation(reply, secret).send(await stations.look(secret, undefined))
      },
    )
    app.get<{ Querystring: Static<typeof Look> }>(
      '/api/v1/station',
      { config: OPEN, schema: { querystring: Look } },
      request => {
        const { seen } = request.query
        return stations.look(stationIn(request.headers.cookie), seen === undefined ? undefined : Number(seen))
      },
    )
    app.post<{ Body: Static<typeof Pin> }>('/api/v1/session/badge', { config: OPEN, schema: { body: Pin } }, signIn)
  }

  function managing(app: Parameters<FastifyPluginAsync>[0]): void {
    app.get('/api/v1/stations', { config }, async () => desk.list())
    app.post<{ Body: Static<typeof Wish> }>(
      '/api/v1/stations',
      { config, schema: { body: Wish } },
      async (request, reply) => {
        reply.code(201).header('cache-control', 'no-store')
        return desk.make(request.body, operatorOf(request))
      },
    )
    app.post<OfOne>('/api/v1/stations/:id/code', { config, schema: { params: One } }, (request, reply) => {
      reply.header('cache-control', 'no-store')
      return desk.anew(request.params.id, operatorOf(request))
    })
    app.delete<OfOne>('/api/v1/stations/:id', { config, schema: { params: One } }, async (request, reply) => {
      await desk.remove(request.params.id, operatorOf(request))
      return reply.code(204).send()
    })
  }

  async function signIn(
    request: FastifyRequest<{ Body: Static<typeof Pin> }>,
    reply: FastifyReply,
  ): Promise<SessionInfo> {
    const entered = await stations.signIn(stationIn(request.headers.cookie), request.body.pin)
    const id = await steps.enter(request, { ...entered, station: entered.station.accessPoint })
    const signedIn = await sessions.peek(id)
    if (signedIn) stations.opened(entered.station, entered.badge, signedIn)
    keepSession(reply, id)
    return steps.info(signedIn)
  }
}
