/** /api/v1/journal: looking for rows, counting them by day, saved searches, and one's own history. Reading is recorded. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { JournalDays, JournalFilter, JournalPage, SavedSearch } from '../../api.ts'
import type { EventKind } from '../../events.ts'
import type { Reach } from '../../rules/zones.ts'
import { callerOf, Id, notAllowed, operatorOf, readerOf as plainReader, strict } from '../operator.ts'
import { may } from '../permissions.ts'
import type { Awaitable } from '../ports.ts'
import { KINDS } from './events.ts'

/** Times are a day of the site's calendar, or RFC 3339. */
export type JournalQuery = Omit<JournalFilter, 'from' | 'until'> & { readonly from?: string; readonly until?: string }
export interface JournalReader {
  readonly id: string
  readonly hidden: readonly EventKind[]
  readonly words: boolean
  /** Zones their role counts in; undefined: everywhere. */
  readonly reach: Reach
}
export interface JournalPaging {
  readonly cursor?: string
  readonly limit: number
}
/** Each is recorded before it resolves. @throws VigieError filter-invalid, range-inverted, cursor-invalid, index-behind, journal-unavailable */
export interface JournalReading {
  page(query: JournalQuery, paging: JournalPaging, reader: JournalReader): Promise<JournalPage>
  days(query: JournalQuery, reader: JournalReader): Promise<JournalDays>
  /** @throws VigieError history-unlinked too */
  own(span: Pick<JournalQuery, 'from' | 'until'>, paging: JournalPaging, reader: JournalReader): Promise<JournalPage>
}
export interface SavedSearches {
  list(operator: string): readonly SavedSearch[]
  /** @throws VigieError searches-full */
  save(operator: string, search: SavedSearch): Awaitable<void>
  /** @throws VigieError search-unknown */
  drop(operator: string, id: string): Awaitable<void>
}

const PAGE = 100

const CLASSES: Readonly<Record<NonNullable<JournalFilter['class']>, true>> = {
  'controlled-drugs': true,
  medicines: true,
  'it-equipment': true,
  records: true,
  door: true,
  'escape-door': true,
  'crash-cart': true,
}
const Kind = Type.Enum(Object.keys(KINDS) as EventKind[])
const Text = Type.String({ minLength: 1, maxLength: 200 })
const Word = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9:._@-]{0,127}$' })
const WHAT = {
  person: Type.Optional(Id),
  badge: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]{8,20}$' })),
  by: Type.Optional(Word),
  accessPoint: Type.Optional(Id),
  zone: Type.Optional(Id),
  class: Type.Optional(Type.Enum(Object.keys(CLASSES) as (keyof typeof CLASSES)[])),
  device: Type.Optional(Id),
  reason: Type.Optional(Word),
  origin: Type.Optional(Word),
  text: Type.Optional(Text),
}
const Time = Type.Optional(Type.String({ maxLength: 40, description: 'A day of the site, or RFC 3339' }))
const SPAN = { from: Time, until: Time }
const PAGING = {
  cursor: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,80}$' })),
  limit: Type.Optional(
    Type.String({ pattern: '^([1-9][0-9]{0,2}|1000)$', description: `1 to 1000; ${PAGE} if left out` }),
  ),
}
const Kinds = Type.Optional(Type.Union([Kind, Type.Array(Kind, { minItems: 1, maxItems: 100 })]))
const Days = Type.Object({ ...WHAT, ...SPAN, kind: Kinds }, strict)
const Query = Type.Object({ ...WHAT, ...SPAN, ...PAGING, kind: Kinds }, strict)
const Own = Type.Object({ ...SPAN, ...PAGING }, strict)
const Ms = Type.Optional(Type.Integer({ minimum: 0, maximum: 253_402_300_799_999 }))
const Saved = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    filter: Type.Object(
      { ...WHAT, from: Ms, until: Ms, kinds: Type.Optional(Type.Array(Kind, { minItems: 1, maxItems: 100 })) },
      strict,
    ),
  },
  strict,
)
const ById = Type.Object({ id: Id }, strict)
type OfSearch = { Params: Static<typeof ById> }

export function journalRoutes(journal: JournalReading, searches: SavedSearches): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Static<typeof Query> }>(
      '/api/v1/journal',
      { config: { permission: 'journal.read' }, schema: { querystring: Query } },
      request =>
        journal.page(filterOf(request.query), pagingOf(request.query), readerOf(request, filterOf(request.query))),
    )
    app.get<{ Querystring: Static<typeof Days> }>(
      '/api/v1/journal/days',
      { config: { permission: 'journal.read' }, schema: { querystring: Days } },
      request => journal.days(filterOf(request.query), readerOf(request, filterOf(request.query))),
    )
    app.get<{ Querystring: Static<typeof Own> }>(
      '/api/v1/me/history',
      { config: { permission: 'history.own' }, schema: { querystring: Own } },
      request => journal.own(filterOf(request.query), pagingOf(request.query), readerOf(request, {})),
    )
    app.get('/api/v1/journal/searches', { config: { permission: 'journal.read' } }, request =>
      searches.list(operatorOf(request)),
    )
    app.put<OfSearch & { Body: Static<typeof Saved> }>(
      '/api/v1/journal/searches/:id',
      { config: { permission: 'journal.read' }, schema: { params: ById, body: Saved } },
      async request => {
        const { name, filter } = request.body
        readerOf(request, filter)
        const search = { id: request.params.id, name, filter: asKept(filter) }
        await searches.save(operatorOf(request), search)
        return search
      },
    )
    app.delete<OfSearch>(
      '/api/v1/journal/searches/:id',
      { config: { permission: 'journal.read' }, schema: { params: ById } },
      async (request, reply) => {
        await searches.drop(operatorOf(request), request.params.id)
        return reply.code(204).send()
      },
    )
  }
}

/** @throws VigieError not-allowed for what this role may not look for */
function readerOf(request: FastifyRequest, asked: Omit<JournalFilter, 'from' | 'until'>): JournalReader {
  const reader = plainReader(request)
  const words = may(callerOf(request), 'journal.people')
  const people =
    [asked.person, asked.badge, asked.by, asked.text].some(value => value !== undefined) || isActor(asked.origin)
  if (people && !words) throw notAllowed('journal.people')
  if (asked.kinds?.some(kind => reader.hidden.includes(kind))) throw notAllowed('events.guarded')
  return { ...reader, words }
}

/** A change of rights comes from somebody: to look for that is to look for them. */
const isActor = (origin: string | undefined): boolean => origin !== undefined && /^(o-|[^:]*:)/.test(origin)

function filterOf({ cursor: _, limit: __, kind, ...rest }: Static<typeof Query>): JournalQuery {
  return { ...rest, ...(kind !== undefined && { kinds: typeof kind === 'string' ? [kind] : kind }) }
}

/** As the site writes numbers of badges and logins: what is erased is found by them. */
const asKept = ({ badge, by, ...rest }: JournalFilter): JournalFilter => ({
  ...rest,
  ...(badge !== undefined && { badge: badge.toUpperCase() }),
  ...(by !== undefined && { by: by.includes(':') ? by : by.toLowerCase() }),
})

const pagingOf = ({ cursor, limit }: Pick<Static<typeof Query>, 'cursor' | 'limit'>): JournalPaging => ({
  limit: limit === undefined ? PAGE : Number(limit),
  ...(cursor !== undefined && { cursor }),
})
