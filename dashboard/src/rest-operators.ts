/** Accounts, roles and API tokens over REST: hub/api-accounts.ts as administrators and IT use it. */
import type {
  Invited,
  OperatorChange,
  OperatorInvitation,
  OperatorList,
  OperatorView,
  RoleList,
  TokenList,
  TokenMade,
  TokenRequest,
} from './contract.ts'
import { ask } from './rest.ts'

const at = (login: string): string => `/operators/${encodeURIComponent(login)}`

export const getOperators = (): Promise<OperatorList> => ask('GET', '/operators') as Promise<OperatorList>
export const getOperator = (login: string): Promise<OperatorView> => ask('GET', at(login)) as Promise<OperatorView>
export const invite = (invitation: OperatorInvitation): Promise<Invited> =>
  ask('POST', '/operators', invitation) as Promise<Invited>
/** @param revision the one that was looked at; another in between is `edit-conflict`, and nothing changes */
export const changeOperator = (login: string, change: OperatorChange, revision: number): Promise<unknown> =>
  ask('PATCH', at(login), change, { 'if-match': `"${revision}"` })
export const resetOperator = (login: string, reason: string): Promise<Invited> =>
  ask('POST', `${at(login)}/reset`, { reason }) as Promise<Invited>

export const getRoles = (): Promise<RoleList> => ask('GET', '/roles') as Promise<RoleList>

export const getTokens = (): Promise<TokenList> => ask('GET', '/tokens') as Promise<TokenList>
export const createToken = (request: TokenRequest): Promise<TokenMade> =>
  ask('POST', '/tokens', request) as Promise<TokenMade>
export const revokeToken = (id: string): Promise<unknown> => ask('DELETE', `/tokens/${encodeURIComponent(id)}`)
