/** /scim/v2: the hospital's directory says who works here and in which groups (RFC 7643, RFC 7644). For API tokens alone. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { VigieError } from '../../errors.ts'
import { callerOf } from '../operator.ts'
import { SCIM_TYPE } from '../scim/attributes.ts'
import { MOST_RESULTS, RESOURCE_TYPES, SCHEMAS, SERVICE_PROVIDER } from '../scim/discovery.ts'
import { userIn } from '../scim/draft.ts'
import { groupIn, operationsIn, patchedGroup, patchedUser } from '../scim/patch.ts'
import { tellAsScim } from '../scim/problems.ts'
import { GROUPS, groupResource, listOf, type Resource, USERS, userResource, Wanted } from '../scim/resources.ts'
import { findGroups, findUsers } from '../scim/search.ts'
import type { ScimDirectory, ScimEdit, ScimGroup, ScimUser } from '../scim-ports.ts'

/** Whole numbers as texts: nothing in a query is made into anything else on the way. */
const Whole = Type.String({ pattern: '^-?[0-9]{1,9}$', description: 'A whole number' })
const Names = Type.String({ maxLength: 2_000, description: 'Names of attributes, by commas' })
const Parts = { attributes: Type.Optional(Names), excludedAttributes: Type.Optional(Names) }
const Search = Type.Object({
  ...Parts,
  filter: Type.Optional(Type.String({ maxLength: 4_000, description: 'RFC 7644, 3.4.2.2' })),
  startIndex: Type.Optional(Whole),
  count: Type.Optional(Whole),
})
const View = Type.Object(Parts)
const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) })
const Sent = Type.Object({}, { additionalProperties: true })
type OfOne = { Params: Static<typeof ById>; Querystring: Static<typeof View> }
type OfSearch = { Querystring: Static<typeof Search> }
type WithBody = { Body: unknown; Querystring: Static<typeof View> }

const config = { permission: 'directory.sync', tokenOnly: true } as const
/** Of a group with thousands of members. */
const LARGE_BODY_BYTES = 4_194_304

export function scimRoutes(directory: ScimDirectory): FastifyPluginAsync {
  return async app => {
    tellAsScim(app)
    const parse = app.getDefaultJsonParser('error', 'error')
    app.addContentTypeParser<string>(SCIM_TYPE, { parseAs: 'string' }, (request, body, done) => {
      parse(request, body, done)
    })
    discoveryRoutes(app)
    userRoutes(app, directory)
    groupRoutes(app, directory)
  }
}

function discoveryRoutes(app: FastifyInstance): void {
  app.get('/scim/v2/ServiceProviderConfig', { config }, (_, reply) => answer(reply, SERVICE_PROVIDER))
  const lists = { ResourceTypes: RESOURCE_TYPES, Schemas: SCHEMAS }
  for (const [name, list] of Object.entries(lists)) {
    app.get(`/scim/v2/${name}`, { config }, (_, reply) => answer(reply, listOf(list, list.length, 1)))
    app.get<OfOne>(`/scim/v2/${name}/:id`, { config, schema: { params: ById } }, (request, reply) => {
      const found = list.find(one => String(one.id).toLowerCase() === request.params.id.toLowerCase())
      if (!found) throw unknown(name)
      return answer(reply, found)
    })
  }
}

function userRoutes(app: FastifyInstance, directory: ScimDirectory): void {
  const shown = ({ query }: { query: Static<typeof View> }, user: ScimUser): Resource => {
    const wanted = wantedIn(query)
    return wanted.of(userResource(user, wanted.has('groups') ? directory.groupsOf(user.id) : undefined))
  }
  app.get<OfSearch>(USERS, { config, schema: { querystring: Search } }, async ({ query }, reply) => {
    const { total, found, from } = await findUsers(directory, query, MOST_RESULTS)
    return answer(
      reply,
      listOf(
        found.map(user => shown({ query }, user)),
        total,
        from,
      ),
    )
  })
  app.post<WithBody>(USERS, { config, schema: { querystring: View, body: Sent } }, async (request, reply) => {
    const made = await directory.createUser(userIn(request.body, true), editOf(request))
    return created(reply, `${USERS}/${made.id}`, made, shown(request, made))
  })
  const one = `${USERS}/:id`
  const schema = { params: ById, querystring: View }
  app.get<OfOne>(one, { config, schema }, (request, reply) => {
    const [user] = directory.usersBy('id', request.params.id)
    if (!user) throw unknown('User')
    return tagged(request, reply, user, () => shown(request, user))
  })
  app.put<OfOne & { Body: unknown }>(one, { config, schema: { ...schema, body: Sent } }, async (request, reply) => {
    const put = await directory.changeUser(
      request.params.id,
      now => userIn(request.body, now.active),
      editOf(request, one => directory.usersBy('id', one)[0]),
    )
    return changed(reply, put, shown(request, put))
  })
  app.patch<OfOne & { Body: unknown }>(one, { config, schema: { ...schema, body: Sent } }, async (request, reply) => {
    const operations = operationsIn(request.body)
    const edit = editOf(request, one => directory.usersBy('id', one)[0])
    const patched = await directory.changeUser(request.params.id, now => patchedUser(now, operations), edit)
    return changed(reply, patched, shown(request, patched))
  })
  app.delete<OfOne>(one, { config, schema: { params: ById } }, async (request, reply) => {
    await directory.removeUser(
      request.params.id,
      editOf(request, id => directory.usersBy('id', id)[0]),
    )
    return reply.code(204).send()
  })
}

function groupRoutes(app: FastifyInstance, directory: ScimDirectory): void {
  const shown = ({ query }: { query: Static<typeof View> }, group: ScimGroup): Resource => {
    const wanted = wantedIn(query)
    return wanted.of(groupResource(group, wanted.has('members') ? directory.membersOf(group.id) : undefined))
  }
  const known = (id: string): ScimGroup | undefined => directory.groupsBy('id', id)[0]
  app.get<OfSearch>(GROUPS, { config, schema: { querystring: Search } }, async ({ query }, reply) => {
    const { total, found, from } = await findGroups(directory, query, MOST_RESULTS)
    return answer(
      reply,
      listOf(
        found.map(group => shown({ query }, group)),
        total,
        from,
      ),
    )
  })
  const large = { config, bodyLimit: LARGE_BODY_BYTES }
  app.post<WithBody>(GROUPS, { ...large, schema: { querystring: View, body: Sent } }, async (request, reply) => {
    const made = await directory.createGroup(groupIn(request.body), editOf(request))
    return created(reply, `${GROUPS}/${made.id}`, made, shown(request, made))
  })
  const one = `${GROUPS}/:id`
  const schema = { params: ById, querystring: View }
  app.get<OfOne>(one, { config, schema }, (request, reply) => {
    const group = known(request.params.id)
    if (!group) throw unknown('Group')
    return tagged(request, reply, group, () => shown(request, group))
  })
  app.put<OfOne & { Body: unknown }>(one, { ...large, schema: { ...schema, body: Sent } }, async (request, reply) => {
    const body = groupIn(request.body)
    const put = await directory.changeGroup(request.params.id, () => body, editOf(request, known))
    return changed(reply, put, shown(request, put))
  })
  app.patch<OfOne & { Body: unknown }>(one, { ...large, schema: { ...schema, body: Sent } }, async (request, reply) => {
    const operations = operationsIn(request.body)
    const edit = editOf(request, known)
    await directory.changeGroup(request.params.id, now => patchedGroup(now, operations), edit)
    return reply.code(204).send() // with thousands of members an answer would say little: RFC 7644, 3.5.2
  })
  app.delete<OfOne>(one, { config, schema: { params: ById } }, async (request, reply) => {
    await directory.removeGroup(request.params.id, editOf(request, known))
    return reply.code(204).send()
  })
}

const wantedIn = ({ attributes, excludedAttributes }: Static<typeof View>): Wanted =>
  new Wanted(attributes, excludedAttributes)

const unknown = (kind: string): VigieError => new VigieError('scim-unknown', { kind })

const answer = (reply: FastifyReply, body: object): FastifyReply =>
  reply.type(SCIM_TYPE).header('cache-control', 'no-store').send(JSON.stringify(body))
const etag = ({ revision }: Versioned): string => `"${revision}"`
interface Versioned {
  readonly revision: number
}

const created = (reply: FastifyReply, location: string, made: Versioned, body: Resource): FastifyReply =>
  answer(reply.code(201).header('location', location).header('etag', etag(made)), body)
const changed = (reply: FastifyReply, now: Versioned, body: Resource): FastifyReply =>
  answer(reply.header('etag', etag(now)), body)

function tagged({ headers }: FastifyRequest, reply: FastifyReply, now: Versioned, body: () => Resource): FastifyReply {
  reply.header('etag', etag(now))
  const known = tagsIn(headers['if-none-match'])
  return known?.some(tag => tag === '*' || tag === etag(now)) ? reply.code(304).send() : answer(reply, body())
}

/** RFC 7644, 3.14, has weak tags: they are taken for what they name. */
const tagsIn = (header: string | undefined): readonly string[] | undefined =>
  header?.split(',').map(tag => tag.trim().replace(/^W\//, ''))

/** @param known what is there now, where a condition may name it */
function editOf(request: FastifyRequest, known?: (id: string) => Versioned | undefined): ScimEdit {
  const { token = '' } = callerOf(request)
  const by = `directory:${token}`
  const tags = tagsIn(request.headers['if-match'])
  if (!tags || tags.includes('*') || !known) return { by }
  const now = known((request.params as Static<typeof ById>).id)
  return { by, expected: now && tags.includes(etag(now)) ? now.revision : NEVER }
}
/** No revision: whoever named another one is too late. */
const NEVER = 0
