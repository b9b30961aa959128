/** The REST half of hub/api.ts. Every failure is a RestError that says what the hub said, or that it said nothing. */
import type {
  EvacuationMuster,
  EventPage,
  Problem,
  ReviewClosing,
  ReviewList,
  SessionInfo,
  SetupRequest,
  SignInRequest,
  SiteView,
} from './contract.ts'
import type { Act, ActName } from './situations.ts'

export class RestError extends Error {
  /** The code of the hub's error table, or `unreachable` when no answer came. */
  readonly code: string
  readonly status: number
  /** The field the hub names, without a pointer's slash. */
  readonly field: string | undefined
  /** Seconds to wait before trying again, where the hub says so. */
  readonly waitS: number | undefined
  /** The hub's own sentence, in the language of the page. */
  readonly said: string | undefined

  constructor(code: string, status: number, field?: string, waitS?: number, said?: string) {
    super(code)
    this.name = 'RestError'
    this.code = code
    this.status = status
    this.field = field
    this.waitS = waitS
    this.said = said
  }
}
/** Anything thrown, as a RestError; what is not one is a fault of the page and is thrown on. */
export function restError(e: unknown): RestError {
  if (e instanceof RestError) return e
  throw e
}

const DEADLINE_MS = 15_000

/** Asks the person for a fresh factor; resolves with whether it was given. Before there is a page, it never is. */
let prove = (): Promise<boolean> => Promise.resolve(false)
export function proveWith(way: () => Promise<boolean>): void {
  prove = way
}

/** Told when the hub no longer knows who asks. */
let lapsed = (): void => undefined
export function lapseWith(way: () => void): void {
  lapsed = way
}

/** Headers beside those that every request has. */
type Extra = Readonly<Record<string, string>>

/**
 * One request below /api/v1. What the hub refuses for want of a fresh factor is asked once more after the person gave one;
 * who gives none gets the refusal. @throws RestError
 */
export async function ask(method: string, path: string, body?: unknown, headers: Extra = {}): Promise<unknown> {
  try {
    return await once(method, path, body, headers)
  } catch (e) {
    if (restError(e).code !== 'step-up-needed' || !(await prove())) throw e
    return once(method, path, body, headers)
  }
}

async function once(method: string, path: string, body: unknown, headers: Extra): Promise<unknown> {
  const answer = await reach(method, path, body, headers)
  const text = await answer.text()
  const data: unknown = text === '' ? undefined : parse(text)
  if (answer.ok) return data
  const refused = refusal(answer, data)
  if (refused.code === 'not-signed-in') lapsed()
  throw refused
}

async function reach(method: string, path: string, body: unknown, headers: Extra): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(DEADLINE_MS),
      headers: {
        'accept-language': document.documentElement.lang,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch (cause) {
    throw Object.assign(new RestError('unreachable', 0), { cause })
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw Object.assign(new RestError('unreachable', 0), { cause }) // something else than the hub answered, such as a proxy's page
  }
}

function refusal(answer: Response, data: unknown): RestError {
  const problem = (typeof data === 'object' && data !== null ? data : {}) as Partial<Problem>
  const field = problem.field?.split('/').filter(Boolean).at(-1)
  return new RestError(
    problem.code ?? 'internal',
    answer.status,
    field,
    waitOf(answer.headers.get('retry-after'), problem.title),
    problem.title,
  )
}

/** Seconds from Retry-After (RFC 9110 10.2.3), else from the sentence of the error table, which names them before ` s`. */
export function waitOf(retryAfter: string | null, title: string | undefined): number | undefined {
  const found = /^\d+$/.exec(retryAfter ?? '')?.[0] ?? /(\d+) s\b/.exec(title ?? '')?.[1]
  const seconds = Number(found)
  return found !== undefined && seconds > 0 ? seconds : undefined
}

export const getSession = (): Promise<SessionInfo> => ask('GET', '/session') as Promise<SessionInfo>
export const signIn = (request: SignInRequest): Promise<SessionInfo> =>
  ask('POST', '/session', request) as Promise<SessionInfo>
export const signOut = (): Promise<unknown> => ask('DELETE', '/session')
export const setUp = (request: SetupRequest): Promise<SessionInfo> =>
  ask('POST', '/setup', request) as Promise<SessionInfo>
export const getSite = (): Promise<SiteView> => ask('GET', '/site') as Promise<SiteView>

export interface EventQuery {
  readonly before?: number
  readonly limit?: number
  readonly device?: string
}
export function getEvents(query: EventQuery): Promise<EventPage> {
  const params = new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))
  return ask('GET', `/events?${params}`) as Promise<EventPage>
}

const ACTS: Readonly<Record<ActName, (plan: string) => readonly [method: string, path: string]>> = {
  lockdown: plan => ['POST', `/lockdowns/${plan}`],
  'end-lockdown': plan => ['DELETE', `/lockdowns/${plan}`],
  evacuation: plan => ['POST', `/evacuations/${plan}`],
  'resume-evacuation': plan => ['POST', `/evacuations/${plan}/resume`],
  'end-evacuation': plan => ['DELETE', `/evacuations/${plan}`],
}
export const perform = ({ name, plan }: Act): Promise<unknown> => ask(...ACTS[name](encodeURIComponent(plan)))
export const getMuster = (plan: string): Promise<EvacuationMuster> =>
  ask('GET', `/evacuations/${encodeURIComponent(plan)}/muster`) as Promise<EvacuationMuster>
export const markSafe = (plan: string, person: string): Promise<unknown> =>
  ask('POST', `/evacuations/${encodeURIComponent(plan)}/safe`, { person })
export const getReviews = (): Promise<ReviewList> => ask('GET', '/reviews') as Promise<ReviewList>
export const closeReview = (id: string, closing: ReviewClosing): Promise<unknown> =>
  ask('POST', `/reviews/${encodeURIComponent(id)}/closing`, closing)
