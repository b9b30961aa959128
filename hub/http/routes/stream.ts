/** /api/v1/events/stream: the journal as it grows (text/event-stream), from where the reader left off. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { VigieError } from '../../errors.ts'
import { type Reach, reachOf, type ZoneNode } from '../../rules/zones.ts'
import type { Bearers } from '../bearer.ts'
import type { EventStreams, StreamReader } from '../event-stream.ts'
import { askingTenant, callerOf, strict } from '../operator.ts'
import { hiddenFrom } from '../permissions.ts'
import type { Sessions } from '../sessions.ts'
import type { TenantDesk } from '../tenant-ports.ts'

const SEQ = /^(?:0|[1-9][0-9]{0,14})$/
const Query = Type.Object(
  {
    after: Type.Optional(
      Type.String({ pattern: SEQ.source, description: 'A journal seq; the Last-Event-ID goes first' }),
    ),
  },
  strict,
)
type OfStream = { Querystring: Static<typeof Query> }

export interface StreamNeeds {
  readonly streams: EventStreams
  readonly sessions: Pick<Sessions, 'watch'>
  readonly bearers: Pick<Bearers, 'watch'>
  readonly zones: () => readonly ZoneNode[]
  /** Left out: no application is connected. */
  readonly tenants?: Pick<TenantDesk, 'line'>
}

export function streamRoutes({ streams, sessions, bearers, zones, tenants }: StreamNeeds): FastifyPluginAsync {
  return async app => {
    app.addHook('onClose', async () => streams.stop())
    app.get<OfStream>(
      '/api/v1/events/stream',
      { config: { permission: 'events.read', tenant: true }, schema: { querystring: Query }, exposeHeadRoute: false },
      async (request, reply) => {
        const reader = readerOf(request)
        const place = await streams.admit(reader, afterOf(request))
        streams.begin(reader, place, () => takenOver(reply))
      },
    )
  }

  function readerOf(request: FastifyRequest): StreamReader {
    const caller = callerOf(request)
    const { id, token, session, operator, commandLine } = caller
    const tenant = askingTenant(caller)
    return {
      ...(tenant && { tell: row => tenants?.line(tenant, row) }),
      principal: token ?? id,
      operator: id,
      hidden: hiddenFrom(caller),
      reach: (): Reach => reachOf(zones(), operator.zones),
      watch: tell => {
        if (commandLine) return () => undefined // nothing ends it but the hub, or whoever reads
        return token === undefined ? sessions.watch(session, tell) : bearers.watch(caller, () => tell('token'))
      },
    }
  }
}

/** What a browser sends when it comes back counts before what the address says. @throws VigieError input-invalid */
function afterOf({ headers, query }: FastifyRequest<OfStream>): number | undefined {
  const last = headers['last-event-id']
  if (last === undefined || last === '') return query.after === undefined ? undefined : Number(query.after)
  if (typeof last === 'string' && SEQ.test(last)) return Number(last)
  throw new VigieError('input-invalid', {
    field: 'Last-Event-ID',
    expected: { en: 'the id of an event of this stream', fr: 'l’id d’un événement de ce flux' },
  })
}

/** From here on the response is the stream's; the headers of every answer go with it. */
function takenOver(reply: FastifyReply): FastifyReply['raw'] {
  reply.header('content-type', 'text/event-stream; charset=utf-8').header('cache-control', 'no-store')
  reply.header('x-accel-buffering', 'no') // proxies that gather answers would hold events back
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.hijack()
  reply.raw.writeHead(200)
  return reply.raw
}
