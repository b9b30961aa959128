/** /api/v1/exports: rows of the journal as a file. Asking for one begins it; the file is there when its state is `done`. */
import type { Readable } from 'node:stream'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { ExportJob, ExportSchedule, ExportScheduleRequest, JournalFilter } from '../../api.ts'
import type { Language } from '../../errors.ts'
import type { EventKind } from '../../events.ts'
import { languageFor } from '../language.ts'
import { callerOf, notAllowed, strict } from '../operator.ts'
import { hiddenFrom, may } from '../permissions.ts'
import { KINDS } from './events.ts'

type Time = number | string
export interface ExportAsked {
  readonly format: ExportJob['format']
  /** Times in ms, or a day of the site, or RFC 3339. */
  readonly filter: Omit<JournalFilter, 'from' | 'until'> & { readonly from?: Time; readonly until?: Time }
  readonly statedReason: string
  readonly names?: boolean
  readonly language?: Language
  readonly bom?: boolean
  readonly recipient?: string
}
export interface ExportReader {
  /** Pseudonym. */
  readonly id: string
  readonly hidden: readonly EventKind[]
  /** May see names. */
  readonly names: boolean
  readonly language: Language
}
export interface ExportActs {
  /** @throws VigieError too-many-requests, input-invalid, filter-invalid, range-inverted, age-key-invalid, export-unwritable */
  begin(asked: ExportAsked, reader: ExportReader): Promise<ExportJob>
  list(reader: ExportReader): readonly ExportJob[]
  /** @throws VigieError export-unknown */
  one(id: string, reader: ExportReader): Promise<ExportJob>
  /** @throws VigieError export-unknown, export-unfinished */
  file(
    id: string,
    reader: ExportReader,
  ): { readonly stream: Readable; readonly name: string; readonly type: string; readonly bytes: number }
  /** @throws VigieError export-unknown */
  remove(id: string, reader: ExportReader): Promise<void>
}
export interface ScheduleActs {
  list(): readonly ExportSchedule[]
  /** @throws VigieError schedule-invalid, filter-invalid, age-key-invalid, mail-unset */
  add(wish: ExportScheduleRequest, reader: ExportReader): Promise<ExportSchedule>
  /** @throws VigieError schedule-unknown */
  remove(id: string, by: string): Promise<void>
}

const CLASSES: Readonly<Record<NonNullable<JournalFilter['class']>, true>> = {
  'controlled-drugs': true,
  medicines: true,
  'it-equipment': true,
  records: true,
  door: true,
  'escape-door': true,
  'crash-cart': true,
}
const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
const Word = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9:._@-]{0,127}$' })
const Moment = Type.Union([
  Type.Integer({ minimum: 0, maximum: 253_402_300_799_999 }),
  Type.String({ maxLength: 40, description: 'A day of the site, or RFC 3339' }),
])
const WHAT = {
  person: Type.Optional(Id),
  badge: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]{8,20}$' })),
  by: Type.Optional(Word),
  accessPoint: Type.Optional(Id),
  zone: Type.Optional(Id),
  class: Type.Optional(Type.Enum(Object.keys(CLASSES) as (keyof typeof CLASSES)[])),
  device: Type.Optional(Id),
  kinds: Type.Optional(
    Type.Array(Type.Enum(Object.keys(KINDS) as EventKind[]), { minItems: 1, maxItems: 100, uniqueItems: true }),
  ),
  reason: Type.Optional(Word),
  origin: Type.Optional(Word),
  text: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
}
const Format = Type.Enum(['csv', 'jsonl', 'pdf', 'fhir'] as ExportJob['format'][])
const Tongue = Type.Optional(Type.Enum(['fr', 'en'] as Language[]))
const Recipient = Type.String({ pattern: '^age1[a-z0-9]{1,4000}$' })
const Reason = Type.String({ minLength: 3, maxLength: 500 })
const HOW = { names: Type.Optional(Type.Boolean()), language: Tongue, bom: Type.Optional(Type.Boolean()) }
const Wish = Type.Object(
  {
    format: Format,
    filter: Type.Object({ ...WHAT, from: Type.Optional(Moment), until: Type.Optional(Moment) }, strict),
    statedReason: Reason,
    ...HOW,
    recipient: Type.Optional(Recipient),
  },
  strict,
)
const Schedule = Type.Object(
  {
    day: Type.Integer({ minimum: 1, maximum: 28 }),
    time: Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }),
    format: Format,
    filter: Type.Optional(Type.Object(WHAT, strict)),
    statedReason: Reason,
    ...HOW,
    folder: Type.Optional(Type.String({ pattern: '^/', minLength: 1, maxLength: 1_000 })),
    mail: Type.Optional(Type.Array(Type.String({ minLength: 3, maxLength: 254 }), { minItems: 1, maxItems: 10 })),
    recipient: Recipient,
  },
  strict,
)
const OfExport = Type.Object({ id: Type.String({ pattern: '^e-[0-9a-f]{16}$' }) }, strict)
const OfSchedule = Type.Object({ id: Type.String({ pattern: '^s-[0-9a-f]{8}$' }) }, strict)
type ById = { Params: { readonly id: string } }
const config = { permission: 'journal.export' } as const

export function exportRoutes(exports: ExportActs): FastifyPluginAsync {
  return async app => {
    app.post<{ Body: Static<typeof Wish> }>(
      '/api/v1/exports',
      { config, schema: { body: Wish } },
      async (request, reply) =>
        reply.code(202).send(await exports.begin(request.body, readerOf(request, request.body.filter))),
    )
    app.get('/api/v1/exports', { config }, async request => exports.list(readerOf(request)))
    app.get<ById>('/api/v1/exports/:id', { config, schema: { params: OfExport } }, async request =>
      exports.one(request.params.id, readerOf(request)),
    )
    app.get<ById>(
      '/api/v1/exports/:id/file',
      { config: { ...config, stepUp: true }, schema: { params: OfExport } },
      async (request, reply) => {
        const { stream, name, type, bytes } = exports.file(request.params.id, readerOf(request))
        return reply
          .header('content-type', type)
          .header('content-length', bytes)
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(stream)
      },
    )
    app.delete<ById>('/api/v1/exports/:id', { config, schema: { params: OfExport } }, async (request, reply) => {
      await exports.remove(request.params.id, readerOf(request))
      return reply.code(204).send()
    })
  }
}

export function scheduleRoutes(schedules: ScheduleActs): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/export-schedules', { config }, async () => schedules.list())
    app.post<{ Body: Static<typeof Schedule> }>(
      '/api/v1/export-schedules',
      { config, schema: { body: Schedule } },
      async (request, reply) =>
        reply.code(201).send(await schedules.add(request.body, readerOf(request, request.body.filter))),
    )
    app.delete<ById>(
      '/api/v1/export-schedules/:id',
      { config, schema: { params: OfSchedule } },
      async (request, reply) => {
        await schedules.remove(request.params.id, readerOf(request).id)
        return reply.code(204).send()
      },
    )
  }
}

/** @throws VigieError not-allowed for kinds that this role must not look for */
function readerOf(request: FastifyRequest, asked: { readonly kinds?: readonly EventKind[] } = {}): ExportReader {
  const caller = callerOf(request)
  const hidden = hiddenFrom(caller)
  if (asked.kinds?.some(kind => hidden.includes(kind))) throw notAllowed('events.guarded')
  const language = languageFor(request.headers['accept-language'], 'fr')
  return { id: caller.id, hidden, names: may(caller, 'journal.people'), language }
}
