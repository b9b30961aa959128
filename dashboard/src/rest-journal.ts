/** The journal's half of hub/api-journal.ts over REST. */
import type {
  CheckpointView,
  ExportJob,
  ExportRequest,
  JournalDays,
  JournalPage,
  RowProof,
  SavedSearch,
  WhyAnswer,
} from './contract.ts'
import { paramsOf, type Search } from './journal-filter.ts'
import { ask } from './rest.ts'

const PAGE = '100'
const query = (path: string, params: URLSearchParams): string => (params.size > 0 ? `${path}?${params}` : path)

export const getJournal = (search: Search, cursor?: string): Promise<JournalPage> =>
  ask('GET', query('/journal', paramsOf(search, { cursor, limit: PAGE }))) as Promise<JournalPage>
export const getDays = (search: Search): Promise<JournalDays> =>
  ask('GET', query('/journal/days', paramsOf(search))) as Promise<JournalDays>
export const getOwnHistory = (cursor?: string): Promise<JournalPage> =>
  ask('GET', query('/me/history', paramsOf({ kinds: [] }, { cursor, limit: PAGE }))) as Promise<JournalPage>
export const getCheckpoint = (): Promise<CheckpointView> => ask('GET', '/journal/checkpoint') as Promise<CheckpointView>
export const getProof = (seq: number): Promise<RowProof> => ask('GET', `/journal/${seq}/proof`) as Promise<RowProof>
export const getWhy = (seq: number): Promise<WhyAnswer> => ask('GET', `/explain?seq=${seq}`) as Promise<WhyAnswer>

export const getSearches = (): Promise<readonly SavedSearch[]> =>
  ask('GET', '/journal/searches') as Promise<readonly SavedSearch[]>
export const putSearch = ({ id, name, filter }: SavedSearch): Promise<unknown> =>
  ask('PUT', `/journal/searches/${encodeURIComponent(id)}`, { name, filter })
export const deleteSearch = (id: string): Promise<unknown> =>
  ask('DELETE', `/journal/searches/${encodeURIComponent(id)}`)

export const startExport = (request: ExportRequest): Promise<ExportJob> =>
  ask('POST', '/exports', request) as Promise<ExportJob>
export const getExport = (id: string): Promise<ExportJob> =>
  ask('GET', `/exports/${encodeURIComponent(id)}`) as Promise<ExportJob>
export const exportHref = (id: string): string => `/api/v1/exports/${encodeURIComponent(id)}/file`
