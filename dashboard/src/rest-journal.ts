/** The journal's half of hub/api-journal.ts over REST. */
import type { ExportRequest, JournalPage, SavedSearch } from './contract.ts'
import { queryOf, type Search } from './journal-filter.ts'
import { api, done } from './rest.ts'

const limit = '100'
const ofId = (id: string) => ({ params: { path: { id } } })

/** Of an event the description says its kind alone; what it is made of, hub/events.ts says. */
export const getJournal = (search: Search, cursor?: string) => {
  const query = { ...queryOf(search), limit, ...(cursor !== undefined && { cursor }) }
  return done(() => api.GET('/api/v1/journal', { params: { query } })) as Promise<JournalPage>
}
export const getDays = (search: Search) =>
  done(() => api.GET('/api/v1/journal/days', { params: { query: queryOf(search) } }))
export const getOwnHistory = (cursor?: string) =>
  done(() =>
    api.GET('/api/v1/me/history', { params: { query: { limit, ...(cursor !== undefined && { cursor }) } } }),
  ) as Promise<JournalPage>
export const getCheckpoint = () => done(() => api.GET('/api/v1/journal/checkpoint'))
export const getProof = (seq: number) =>
  done(() => api.GET('/api/v1/journal/{seq}/proof', { params: { path: { seq: String(seq) } } }))
export const getWhy = (seq: number) =>
  done(() => api.GET('/api/v1/explain', { params: { query: { seq: String(seq) } } }))

export const getSearches = () => done(() => api.GET('/api/v1/journal/searches'))
export const putSearch = ({ id, name, filter }: SavedSearch) =>
  done(() => api.PUT('/api/v1/journal/searches/{id}', { ...ofId(id), body: { name, filter } }))
export const deleteSearch = (id: string) => done(() => api.DELETE('/api/v1/journal/searches/{id}', ofId(id)))

export const startExport = (body: ExportRequest) => done(() => api.POST('/api/v1/exports', { body }))
export const getExport = (id: string) => done(() => api.GET('/api/v1/exports/{id}', ofId(id)))
export const exportHref = (id: string): string => `/api/v1/exports/${encodeURIComponent(id)}/file`
