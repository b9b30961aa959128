/** Accounts, roles and API tokens over REST: hub/api-accounts.ts as administrators and IT use it. */
import type { OperatorChange, OperatorInvitation, OperatorList, TokenList, TokenRequest } from './contract.ts'
import { api, done, everyPage, seen } from './rest.ts'

const of = (login: string) => ({ params: { path: { login } } })

export const getOperators = async (): Promise<OperatorList> => {
  const read = (query: { after?: string }) => done(() => api.GET('/api/v1/operators', { params: { query } }))
  return { operators: await everyPage(read, page => page.operators) }
}
export const getOperator = (login: string) => done(() => api.GET('/api/v1/operators/{login}', of(login)))
export const invite = (body: OperatorInvitation) => done(() => api.POST('/api/v1/operators', { body }))
/** @param revision the one that was looked at; another in between is `edit-conflict`, and nothing changes */
export const changeOperator = (login: string, body: OperatorChange, revision: number) =>
  done(() => api.PATCH('/api/v1/operators/{login}', { params: { path: { login }, header: seen(revision) }, body }))
export const resetOperator = (login: string, reason: string) =>
  done(() => api.POST('/api/v1/operators/{login}/reset', { ...of(login), body: { reason } }))

export const getRoles = () => done(() => api.GET('/api/v1/roles'))

export const getTokens = async (): Promise<TokenList> => {
  const read = (query: { after?: string }) => done(() => api.GET('/api/v1/tokens', { params: { query } }))
  return { tokens: await everyPage(read, page => page.tokens) }
}
export const createToken = (body: TokenRequest) => done(() => api.POST('/api/v1/tokens', { body }))
export const revokeToken = (id: string) => done(() => api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }))
