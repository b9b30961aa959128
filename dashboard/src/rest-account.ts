/** Accounts' half of hub/api-accounts.ts over REST, as far as it is about oneself. Every call throws a RestError. */
import type { BodyOf } from './client.ts'
import type { ContactTested, ContactWish, PasswordChange, PushWish, SessionInfo } from './contract.ts'
import { api, done, seen } from './rest.ts'

/** What proves that it is still the same person: a factor, or the password of an account that has none. */
export type Proof = BodyOf<'post', '/api/v1/session/step-up'>

export const giveFactor = (body: BodyOf<'post', '/api/v1/session/factor'>) =>
  done(() => api.POST('/api/v1/session/factor', { body }))
export const giveStepUp = (body: Proof) => done(() => api.POST('/api/v1/session/step-up', { body }))
export const acceptInvitation = (token: string, password: string) =>
  done(() => api.POST('/api/v1/invitation', { body: { token, password } }))

/** Asks for a passkey at the screen. @throws PasskeyError if none came of it */
export async function provePasskey(): Promise<BodyOf<'post', '/api/v1/session/passkey'>> {
  const [{ readPasskey }, { options }] = await Promise.all([
    import('./passkey.ts'),
    done(() => api.POST('/api/v1/session/passkey/options')),
  ])
  return { passkey: await readPasskey(options) }
}
/** A passkey alone signs in. @throws PasskeyError */
export async function signInByPasskey(): Promise<SessionInfo> {
  const body = await provePasskey()
  return done(() => api.POST('/api/v1/session/passkey', { body }))
}

export const getContact = () => done(() => api.GET('/api/v1/account/contact'))
export const putContact = (body: ContactWish, revision: number) =>
  done(() => api.PUT('/api/v1/account/contact', { params: { header: seen(revision) }, body }))
/** Sends one now. */
export const testContact = (channel: ContactTested['channel']) =>
  done(() => api.POST('/api/v1/account/contact/test', { body: { channel } }))

export const getPush = () => done(() => api.GET('/api/v1/account/push'))
export const addPush = (body: PushWish) => done(() => api.POST('/api/v1/account/push', { body }))
export const dropPush = (id: string) =>
  done(() => api.DELETE('/api/v1/account/push/{id}', { params: { path: { id } } }))

export const getAccount = () => done(() => api.GET('/api/v1/account'))
export const offerTotp = () => done(() => api.POST('/api/v1/account/totp'))
export const confirmTotp = (code: string) => done(() => api.PUT('/api/v1/account/totp', { body: { code } }))
export const removeTotp = () => done(() => api.DELETE('/api/v1/account/totp'))

/** @throws PasskeyError */
export async function addPasskey(name: string) {
  const [{ makePasskey }, { options }] = await Promise.all([
    import('./passkey.ts'),
    done(() => api.POST('/api/v1/account/passkeys/options')),
  ])
  const passkey = await makePasskey(options)
  return done(() => api.POST('/api/v1/account/passkeys', { body: { name, passkey } }))
}
export const removePasskey = (id: string) =>
  done(() => api.DELETE('/api/v1/account/passkeys/{id}', { params: { path: { id } } }))
export const newRecoveryCodes = () => done(() => api.POST('/api/v1/account/recovery-codes'))
export const changePassword = (body: PasswordChange) => done(() => api.PUT('/api/v1/account/password', { body }))

export const getSessions = () => done(() => api.GET('/api/v1/account/sessions'))
export const endSession = (id: string) =>
  done(() => api.DELETE('/api/v1/account/sessions/{id}', { params: { path: { id } } }))
export const endOtherSessions = () => done(() => api.DELETE('/api/v1/account/sessions'))
