/** Who comes, who leaves, who visits, and who holds what, over REST: hub/api-movements.ts. */
import type { paths } from './api.generated.d.ts'
import type { ArrivalWish, DepartureForm, JobWish, MovementChanges, VisitWish } from './contract.ts'
import { api, done, seen, textOf } from './rest.ts'

const of = (id: string) => ({ params: { path: { id } } })
const edit = (id: string, revision: number) => ({ params: { path: { id }, header: seen(revision) } })
type QueryOf<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : never

/** People of the site by the beginnings of words of their names. */
export const findPeople = (q: string) => done(() => api.GET('/api/v1/people', { params: { query: { q, limit: '8' } } }))

export const getMovements = (query: QueryOf<'/api/v1/movements'>) =>
  done(() => api.GET('/api/v1/movements', { params: { query } }))
export const getMovement = (id: string) => done(() => api.GET('/api/v1/movements/{id}', of(id)))
export const fileArrival = (body: ArrivalWish) =>
  done(() => api.POST('/api/v1/movements/arrivals', { body: bodyOf(body) }))
export const fileDeparture = (body: DepartureForm) => done(() => api.POST('/api/v1/movements/departures', { body }))
/** @param revision the one that was looked at; another in between is `edit-conflict`, and nothing changes */
export const changeMovement = (id: string, body: MovementChanges, revision: number) =>
  done(() => api.PATCH('/api/v1/movements/{id}', { ...edit(id, revision), body }))
export const cancelMovement = (id: string, reason: string) =>
  done(() => api.POST('/api/v1/movements/{id}/cancel', { ...of(id), body: { reason } }))
export const tickTask = (id: string, task: string, isDone: boolean) =>
  done(() =>
    api.POST('/api/v1/movements/{id}/tasks/{task}', { params: { path: { id, task } }, body: { done: isDone } }),
  )
export const makePerson = (id: string) => done(() => api.POST('/api/v1/movements/{id}/person', of(id)))
export const giveBadge = (id: string, uid: string) =>
  done(() => api.POST('/api/v1/movements/{id}/badge', { ...of(id), body: { uid } }))
export const giveAccount = (id: string, login: string) =>
  done(() => api.POST('/api/v1/movements/{id}/account', { ...of(id), body: { login } }))
export const carryOut = (id: string, reason: string) =>
  done(() => api.POST('/api/v1/movements/{id}/departure', { ...of(id), body: { reason } }))

export const getJobs = () => done(() => api.GET('/api/v1/jobs'))
/** @param revision that was looked at; 0: there is none yet */
export const putJob = (id: string, body: JobWish, revision: number) =>
  done(() => {
    const header = revision === 0 ? { 'if-none-match': '*' } : seen(revision)
    return api.PUT('/api/v1/jobs/{id}', { params: { path: { id }, header }, body: bodyOf(body) })
  })
export const removeJob = (id: string, revision: number) =>
  done(() => api.DELETE('/api/v1/jobs/{id}', edit(id, revision)))

export const getVisits = (query: QueryOf<'/api/v1/visits'>) =>
  done(() => api.GET('/api/v1/visits', { params: { query } }))
export const getVisit = (id: string) => done(() => api.GET('/api/v1/visits/{id}', of(id)))
export const announceVisit = (body: VisitWish) => done(() => api.POST('/api/v1/visits', { body: bodyOf(body) }))
export const moveVisit = (id: string, until: number, revision: number) =>
  done(() => api.PATCH('/api/v1/visits/{id}', { ...edit(id, revision), body: { until } }))
export const endVisit = (id: string, reason: string) =>
  done(() => api.POST('/api/v1/visits/{id}/end', { ...of(id), body: reason === '' ? {} : { reason } }))
export const newVisitCode = (id: string) => done(() => api.POST('/api/v1/visits/{id}/code', of(id)))

export const getInventory = (query: QueryOf<'/api/v1/inventory'>) =>
  done(() => api.GET('/api/v1/inventory', { params: { query } }))
export const getInventoryTable = (query: Readonly<Record<string, string>>): Promise<string> =>
  textOf(`/api/v1/inventory.csv?${new URLSearchParams(query)}`)

/** The lists of a wish may not be changed; those of a request may. What is sent is the same. */
type Changeable<T> = { -readonly [K in keyof T]: T[K] extends readonly unknown[] | object ? Changeable<T[K]> : T[K] }
const bodyOf = <T extends object>(wish: T): Changeable<T> => wish as Changeable<T>
