/** Accounts' half of hub/api-accounts.ts over REST, as far as it is about oneself. Every call throws a RestError. */
import type {
  AccountView,
  FactorAdded,
  FactorRequest,
  PasskeyOptions,
  PasswordChange,
  RecoveryCodes,
  SessionInfo,
  SessionList,
  TotpOffer,
} from './contract.ts'
import { ask } from './rest.ts'

/** What proves that it is still the same person: a factor, or the password of an account that has none. */
export type Proof = FactorRequest | { readonly password: string }

export const giveFactor = (proof: Proof): Promise<SessionInfo> =>
  ask('POST', '/session/factor', proof) as Promise<SessionInfo>
export const giveStepUp = (proof: Proof): Promise<SessionInfo> =>
  ask('POST', '/session/step-up', proof) as Promise<SessionInfo>
export const acceptInvitation = (token: string, password: string): Promise<SessionInfo> =>
  ask('POST', '/invitation', { token, password }) as Promise<SessionInfo>

/** Asks for a passkey at the screen. @throws PasskeyError if none came of it */
export async function provePasskey(): Promise<{ readonly passkey: unknown }> {
  const [{ readPasskey }, { options }] = await Promise.all([
    import('./passkey.ts'),
    ask('POST', '/session/passkey/options') as Promise<PasskeyOptions>,
  ])
  return { passkey: await readPasskey(options) }
}
/** A passkey alone signs in. @throws PasskeyError */
export const signInByPasskey = async (): Promise<SessionInfo> =>
  (await ask('POST', '/session/passkey', await provePasskey())) as SessionInfo

export const getAccount = (): Promise<AccountView> => ask('GET', '/account') as Promise<AccountView>
export const offerTotp = (): Promise<TotpOffer> => ask('POST', '/account/totp') as Promise<TotpOffer>
export const confirmTotp = (code: string): Promise<FactorAdded> =>
  ask('PUT', '/account/totp', { code }) as Promise<FactorAdded>
export const removeTotp = (): Promise<unknown> => ask('DELETE', '/account/totp')

/** @throws PasskeyError */
export async function addPasskey(name: string): Promise<FactorAdded> {
  const [{ makePasskey }, { options }] = await Promise.all([
    import('./passkey.ts'),
    ask('POST', '/account/passkeys/options') as Promise<PasskeyOptions>,
  ])
  const passkey = await makePasskey(options)
  return ask('POST', '/account/passkeys', { name, passkey }) as Promise<FactorAdded>
}
export const removePasskey = (id: string): Promise<unknown> =>
  ask('DELETE', `/account/passkeys/${encodeURIComponent(id)}`)
export const newRecoveryCodes = (): Promise<RecoveryCodes> =>
  ask('POST', '/account/recovery-codes') as Promise<RecoveryCodes>
export const changePassword = (change: PasswordChange): Promise<unknown> => ask('PUT', '/account/password', change)

export const getSessions = (): Promise<SessionList> => ask('GET', '/account/sessions') as Promise<SessionList>
export const endSession = (id: string): Promise<unknown> => ask('DELETE', `/account/sessions/${encodeURIComponent(id)}`)
export const endOtherSessions = (): Promise<unknown> => ask('DELETE', '/account/sessions')
