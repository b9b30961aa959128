/** The REST half of hub/api.ts. Every failure is a RestError that says what the hub said, or that it said nothing. */
import { type Answered, clientWith } from './client.ts'
import type { Problem, ReviewClosing, SetupRequest, SignInRequest, SiteView } from './contract.ts'
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
/** Longest wait that nobody is bothered with, seconds. */
const MOMENT_S = 3
/** Of a look that waits for a change: the hub answers after 25 s. */
const LONG_MS = 40_000

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

export const api = clientWith(request => promptly(request))

/**
 * What one request comes to. What the hub refuses for want of a fresh factor is asked once more after the person gave one;
 * who gives none gets the refusal. @throws RestError
 */
export async function done<T>(call: () => Promise<Answered<T>>): Promise<T> {
  try {
    return await once(call)
  } catch (e) {
    if (restError(e).code !== 'step-up-needed' || !(await prove())) throw e
    return once(call)
  }
}

async function once<T>(call: () => Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await reached(call)
  if (response.ok) return data as T // nothing where nothing is declared
  const refused = refusal(response, error)
  if (refused.code === 'not-signed-in') lapsed()
  throw refused
}

/** What is no JSON, such as a proxy's page, comes from something else than the hub. */
async function reached<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    throw Object.assign(new RestError('unreachable', 0), { cause })
  }
}

/** A file of text, such as a table for a spreadsheet. @throws RestError */
export const textOf = (path: string): Promise<string> =>
  done(async () => {
    const response = await promptly(new Request(path, { credentials: 'same-origin', cache: 'no-store' }))
    return response.ok ? { data: await response.text(), response } : { error: await response.json(), response }
  })

const within =
  (deadlineMs: number) =>
  (request: Request): Promise<Response> => {
    request.headers.set('accept-language', document.documentElement.lang)
    return patient(request, AbortSignal.timeout(deadlineMs))
  }
/** A reading that the hub asks for again in a moment, as while its index catches up, is asked for again, once. */
async function patient(request: Request, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(request, { signal })
  const waitS = Number(answer.headers.get('retry-after') ?? Number.NaN)
  if (request.method !== 'GET' || answer.status !== 503 || !(waitS <= MOMENT_S)) return answer
  await new Promise(resolve => setTimeout(resolve, waitS * 1000))
  return fetch(request, { signal })
}
const promptly = within(DEADLINE_MS)
/** For a look that the hub answers when there is something new. */
export const patiently = within(LONG_MS)

/** All of a list that is handed out in pages of a thousand. */
export async function everyPage<P extends { readonly next?: string | undefined }, T>(
  read: (query: { after?: string }) => Promise<P>,
  rowsOf: (page: P) => readonly T[],
): Promise<T[]> {
  const all: T[] = []
  let query: { after?: string } | undefined = {}
  while (query) {
    const page: P = await read(query)
    all.push(...rowsOf(page))
    query = page.next === undefined ? undefined : { after: page.next }
  }
  return all
}

/** If-Match: the revision that was looked at. */
export const seen = (revision: number) => ({ 'if-match': `"${revision}"` })

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

export const getSession = () => done(() => api.GET('/api/v1/session'))
export const signIn = (body: SignInRequest) => done(() => api.POST('/api/v1/session', { body }))
export const signOut = () => done(() => api.DELETE('/api/v1/session'))
export const setUp = (body: SetupRequest) => done(() => api.POST('/api/v1/setup', { body }))
/** The site file's own types say of no list that it may not be changed. */
export const getDevice = (id: string) => done(() => api.GET('/api/v1/devices/{id}', { params: { path: { id } } }))
export const getSite = () => done(() => api.GET('/api/v1/site')) as Promise<SiteView>

export interface EventQuery {
  readonly before?: number
  readonly limit?: number
  readonly device?: string
}
export const getEvents = (query: EventQuery) => {
  const asked = Object.fromEntries(Object.entries(query).map(([k, v]) => [k, String(v)]))
  return done(() => api.GET('/api/v1/events', { params: { query: asked } }))
}

type Plan = { readonly params: { readonly path: { readonly plan: string } } }
const ACTS: Readonly<Record<ActName, (at: Plan) => Promise<Answered<unknown>>>> = {
  lockdown: at => api.POST('/api/v1/lockdowns/{plan}', at),
  'end-lockdown': at => api.DELETE('/api/v1/lockdowns/{plan}', at),
  evacuation: at => api.POST('/api/v1/evacuations/{plan}', at),
  'resume-evacuation': at => api.POST('/api/v1/evacuations/{plan}/resume', at),
  'end-evacuation': at => api.DELETE('/api/v1/evacuations/{plan}', at),
}
const of = (plan: string): Plan => ({ params: { path: { plan } } })
export const perform = ({ name, plan }: Act) => done(() => ACTS[name](of(plan)))
export const getMuster = (plan: string) => done(() => api.GET('/api/v1/evacuations/{plan}/muster', of(plan)))
export const markSafe = (plan: string, person: string) =>
  done(() => api.POST('/api/v1/evacuations/{plan}/safe', { ...of(plan), body: { person } }))
export const getReviews = () => done(() => api.GET('/api/v1/reviews'))
export const closeReview = (id: string, body: ReviewClosing) =>
  done(() => api.POST('/api/v1/reviews/{id}/closing', { params: { path: { id } }, body }))
