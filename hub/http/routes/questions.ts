/**
 * /api/v1/explain, who, may, simulate, unused: questions about rights. Whoever reads people's history by one of them is
 * in the journal before the answer is out (wiring/questions.ts).
 */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type {
  DryRunAnswer,
  DryRunQuestion,
  MayAnswer,
  MayQuestion,
  PeopleFound,
  SimulateAnswer,
  SimulateQuestion,
  UnusedAnswer,
  UnusedQuestion,
  WhoAnswer,
  WhoQuestion,
  WhyAnswer,
  WhyQuestion,
} from '../../api.ts'
import { VigieError } from '../../errors.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import { mayWithin, type Places } from '../within-zones.ts'

/** What is asked of the rest of the hub. `by` is the operator's pseudonym. */
export interface QuestionsAsked {
  why(question: WhyQuestion, by: string): Promise<WhyAnswer>
  who(question: WhoQuestion): Promise<WhoAnswer>
  may(question: MayQuestion): Promise<MayAnswer>
  simulate(question: SimulateQuestion, by: string): Promise<SimulateAnswer>
  unused(question: UnusedQuestion, by: string): Promise<UnusedAnswer>
  dryRun(question: DryRunQuestion): Promise<DryRunAnswer>
}

export interface PeopleFinder {
  /** By the beginnings of words of names and ids, whole words first. */
  find(q: string, limit: number): PeopleFound
}

const Uid = Type.String({ pattern: '^[0-9A-Fa-f]{8,20}$' })
/** What it means is for the clock of the site to say (flows/question-times.ts). */
const At = Type.String({ pattern: '^[0-9TZ:. +-]{5,32}$', description: '07:02, 2026-12-25 03:00, or RFC 3339' })

/** Everything in a query string is text; nothing is coerced before it is checked. */
const Explain = Type.Object(
  {
    seq: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$' })),
    person: Type.Optional(Id),
    badge: Type.Optional(Uid),
    at: Type.Optional(At),
    minutes: Type.Optional(
      Type.String({ pattern: '^([1-9][0-9]?|[1-6][0-9]{2}|7[01][0-9]|720)$', description: '1 to 720' }),
    ),
  },
  strict,
)
const Who = Type.Object({ accessPoint: Id, at: Type.Optional(At) }, strict)
const May = Type.Object({ person: Id, at: Type.Optional(At) }, strict)
const People = Type.Object(
  {
    q: Type.String({ minLength: 1, maxLength: 100, description: 'Beginnings of words of a name or an id' }),
    limit: Type.Optional(Type.String({ pattern: '^([1-9]|[1-4][0-9]|50)$', description: '1 to 50; 20 if left out' })),
  },
  strict,
)
const Unused = Type.Object(
  {
    days: Type.Optional(
      Type.String({
        pattern: '^([1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-4][0-9]|3650)$',
        description: '1 to 3650',
      }),
    ),
  },
  strict,
)
const Simulate = Type.Object(
  {
    changes: Type.Array(
      Type.Object(
        { kind: Type.String({ maxLength: 32 }), id: Type.String({ maxLength: 63 }), item: Type.Unknown() },
        strict,
      ),
      { minItems: 1, maxItems: 200 },
    ),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
  },
  strict,
)

const DryRun = Type.Object(
  { scenario: Type.Unknown(), days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })) },
  strict,
)

const read = { permission: 'rights.read' } as const
const FOUND = 20

export function questionRoutes(questions: QuestionsAsked, places: Places, people: PeopleFinder): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Static<typeof Explain> }>(
      '/api/v1/explain',
      { config: read, schema: { querystring: Explain } },
      async request => {
        const asked = whyAsked(request.query)
        const answer = places.whyWithin(request.reach, await questions.why(asked, operatorOf(request)))
        if ('seq' in asked && answer.events.length === 0) throw new VigieError('row-unknown', { row: asked.seq })
        return answer
      },
    )
    app.get<{ Querystring: Static<typeof People> }>(
      '/api/v1/people',
      { config: read, schema: { querystring: People } },
      async ({ query }) => people.find(query.q, query.limit === undefined ? FOUND : Number(query.limit)),
    )
    app.get<{ Querystring: Static<typeof Who> }>(
      '/api/v1/who',
      { config: read, schema: { querystring: Who } },
      async request => {
        places.needPoint(request.reach, request.query.accessPoint)
        return questions.who(request.query)
      },
    )
    app.get<{ Querystring: Static<typeof May> }>(
      '/api/v1/may',
      { config: read, schema: { querystring: May } },
      async request => mayWithin(request.reach, await questions.may(request.query)),
    )
    app.post<{ Body: Static<typeof Simulate> }>(
      '/api/v1/simulate',
      { config: { permission: 'rights.simulate' }, schema: { body: Simulate } },
      request => questions.simulate(request.body, operatorOf(request)),
    )
    app.post<{ Body: Static<typeof DryRun> }>(
      '/api/v1/scenarios/dry-run',
      { config: { permission: 'rights.simulate' }, schema: { body: DryRun } },
      request => {
        places.needZone(request.reach, undefined)
        return questions.dryRun(request.body)
      },
    )
    app.get<{ Querystring: Static<typeof Unused> }>(
      '/api/v1/unused',
      { config: read, schema: { querystring: Unused } },
      async request => {
        places.needZone(request.reach, undefined)
        return questions.unused(daysIn(request.query), operatorOf(request))
      },
    )
  }
}

const daysIn = ({ days }: Static<typeof Unused>): UnusedQuestion => (days === undefined ? {} : { days: Number(days) })

const WHICH = { en: 'seq alone, or a person or badge with at', fr: 'seq seul, ou une personne ou un badge avec at' }

function whyAsked({ seq, person, badge, at, minutes }: Static<typeof Explain>): WhyQuestion {
  const around = person ?? badge ?? at ?? minutes
  if ((seq === undefined) === (around === undefined))
    throw new VigieError('input-invalid', { field: 'seq', expected: WHICH })
  if (seq !== undefined) return { seq: Number(seq) }
  if (at === undefined) throw new VigieError('input-invalid', { field: 'at', expected: WHICH })
  return { person, badge, at, minutes: minutes === undefined ? undefined : Number(minutes) }
}
