/**
 * The contract of accounts, sessions and API tokens: REST shapes, types only. Part of hub/api.ts. Times are milliseconds
 * since 1970, UTC. No answer holds a password, a secret or a hash, but for the one that hands a new secret out, once.
 */
import type { Capability, Role } from './rules/roles.ts'

export type { Capability, Role } from './rules/roles.ts'

export interface Operator {
  readonly login: string
  readonly name: string
  readonly role: Role
  /** Zones of the site outside of which the role counts for nothing; absent: everywhere. */
  readonly zones?: readonly string[]
}

/** What one can prove oneself with, beside a password. A passkey stands for both. */
export type Factor = 'totp' | 'passkey' | 'recovery'
/**
 * How far a session has come. `factor`: the password was right, a second factor is owed. `enrol`: the role asks for a second
 * factor and there is none yet: nothing but setting one up works. `in`: signed in.
 */
export type Stage = 'factor' | 'enrol' | 'in'

/** GET /api/v1/session: answers before sign-in too, and then says nothing about the site. Also the answer to every step of signing in. */
export interface SessionInfo {
  /** From stage `enrol` on. */
  readonly operator?: Operator
  readonly stage?: Stage
  /** At stage `factor`: what this account has. */
  readonly factors?: readonly Factor[]
  /** What the page may offer. */
  readonly capabilities?: readonly Capability[]
  /** Until then what asks for a fresh second factor asks for none. */
  readonly steppedUpUntil?: number
  /** True while no administrator exists: the page then asks for the setup link's token. */
  readonly setupNeeded: boolean
  /** Signing in with the hospital's identity provider is offered under this name. */
  readonly provider?: string
}
/** POST /api/v1/setup, once. */
export interface SetupRequest {
  readonly token: string
  readonly login: string
  readonly name: string
  readonly password: string
}
/** POST /api/v1/session. */
export interface SignInRequest {
  readonly login: string
  readonly password: string
}
/**
 * POST /api/v1/session/factor finishes a sign-in; POST /api/v1/session/step-up renews the proof of who is signed in. Exactly
 * one of the three. `passkey`: what navigator.credentials.get answered to POST /api/v1/session/passkey/options.
 * POST /api/v1/session/passkey with a PasskeyProof signs in by a passkey alone.
 */
export type FactorRequest = { readonly totp: string } | { readonly recovery: string } | PasskeyProof
/** POST /api/v1/session/step-up. An account without any second factor proves itself by its password; others can't. */
export type StepUpRequest = FactorRequest | { readonly password: string }
export interface PasskeyProof {
  /** WebAuthn AuthenticationResponseJSON. */
  readonly passkey: unknown
}
/** POST /api/v1/session/passkey/options and POST /api/v1/account/passkeys/options: WebAuthn options as JSON, good for five minutes, once. */
export interface PasskeyOptions {
  readonly options: unknown
}

/** GET /api/v1/account: one's own. */
export interface AccountView extends Operator {
  readonly totp: boolean
  readonly passkeys: readonly PasskeyView[]
  readonly recoveryCodesLeft: number
  readonly passwordSince?: number
  /** The role may not do without. */
  readonly secondFactorRequired: boolean
  readonly person?: string
  /** Comes from the directory: it has no password, and can prove itself once more at the identity provider. */
  readonly external?: true
}
export interface PasskeyView {
  readonly id: string
  readonly name: string
  readonly createdAt: number
  readonly usedAt?: number
}
/** POST /api/v1/account/totp: a secret that counts once PUT /api/v1/account/totp has shown a code of it. Ten minutes. */
export interface TotpOffer {
  /** Base32. */
  readonly secret: string
  /** otpauth://totp/... (Key URI format). */
  readonly uri: string
}
/** PUT /api/v1/account/totp. Answered with RecoveryCodes where there were none yet, and with the session's new stage. */
export interface TotpConfirmation {
  readonly code: string
}
/** Shown once: ten, each good once. POST /api/v1/account/recovery-codes makes new ones, and the old ones end. */
export interface RecoveryCodes {
  readonly recoveryCodes: readonly string[]
}
/** Answer to PUT /api/v1/account/totp and POST /api/v1/account/passkeys. */
export interface FactorAdded extends Partial<RecoveryCodes> {
  readonly session: SessionInfo
}
/** POST /api/v1/account/passkeys: what navigator.credentials.create answered. */
export interface PasskeyRegistration {
  readonly name: string
  /** WebAuthn RegistrationResponseJSON. */
  readonly passkey: unknown
}
/** PUT /api/v1/account/password. Every other session of the account ends. */
export interface PasswordChange {
  readonly current: string
  readonly next: string
}
/** GET /api/v1/account/sessions, newest first; DELETE /api/v1/account/sessions/:id ends one, DELETE /api/v1/account/sessions all others. */
export interface SessionList {
  readonly sessions: readonly {
    readonly id: string
    readonly createdAt: number
    readonly seenAt: number
    readonly expiresAt: number
    /** Of the browser, in a few words: "Firefox, Windows". */
    readonly client: string
    readonly address: string
    readonly own: boolean
  }[]
}

export type OperatorStatus = 'invited' | 'active' | 'disabled'
/** GET /api/v1/operators, and GET /api/v1/operators/:login with an ETag of `revision`. */
export interface OperatorView extends Operator {
  readonly status: OperatorStatus
  readonly email?: string
  readonly createdAt: number
  readonly signedInAt?: number
  readonly totp: boolean
  readonly passkeys: number
  /** Comes from the directory: name, role and end are changed there. */
  readonly external: boolean
  /** Person of the site that the operator is, by id. */
  readonly person?: string
  readonly revision: number
}
export interface OperatorList {
  readonly operators: readonly OperatorView[]
  /** To be given as `after` for the next page; absent at the end. */
  readonly next?: string
}
/** POST /api/v1/operators: a named person is invited. */
export interface OperatorInvitation {
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly zones?: readonly string[]
  /** The link is mailed there, if mail is set up. */
  readonly email?: string
}
/** Also of POST /api/v1/operators/:login/reset, which takes password and second factors away and ends all sessions. */
export interface Invited {
  readonly login: string
  /** Path and fragment of the one-time link, to be opened under the hub's own address; handed out once. */
  readonly link: string
  readonly expiresAt: number
  readonly mailed: boolean
  readonly revision: number
}
/** PATCH /api/v1/operators/:login with If-Match. Never one's own. `zones`: null for everywhere. */
export interface OperatorChange {
  readonly name?: string
  readonly role?: Role
  readonly zones?: readonly string[] | null
  readonly email?: string | null
  readonly status?: 'active' | 'disabled'
  /** In words of whoever changes it; in the journal. */
  readonly reason: string
}
/** POST /api/v1/invitation: signs in, like setup. */
export interface InvitationAccepted {
  readonly token: string
  readonly password: string
}
/** GET /api/v1/roles. */
export interface RoleList {
  readonly roles: readonly {
    readonly role: Role
    readonly capabilities: readonly Capability[]
    readonly secondFactorRequired: boolean
    /** Milliseconds. */
    readonly longestSession: number
  }[]
}

/** POST /api/v1/tokens: never more than the one who makes it may do, and never managing accounts, tokens or keys. */
export interface TokenRequest {
  readonly name: string
  readonly capabilities: readonly Capability[]
  readonly zones?: readonly string[]
  /** At most 366 days ahead. */
  readonly expiresAt: number
}
export interface TokenView {
  readonly id: string
  readonly name: string
  readonly capabilities: readonly Capability[]
  readonly zones?: readonly string[]
  readonly createdAt: number
  readonly expiresAt: number
  readonly usedAt?: number
  /** Name of the operator who made it. The token ends with that account. */
  readonly by: string
}
/** GET /api/v1/tokens; DELETE /api/v1/tokens/:id. */
export interface TokenList {
  readonly tokens: readonly TokenView[]
  /** To be given as `after` for the next page; absent at the end. */
  readonly next?: string
}
/** `token` is shown once: `vigie_` and 43 characters, sent as `Authorization: Bearer`. */
export interface TokenMade {
  readonly token: string
  readonly view: TokenView
}
