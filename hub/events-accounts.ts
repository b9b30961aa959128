/** What happens to operators' accounts, and what is done in their name. Part of hub/events.ts. Operators by pseudonym. */

/** `operator`: whose account; `by`: whoever did it, absent where it was the account's own. */
export interface OperatorEvent {
  readonly kind:
    | 'operator.created'
    | 'operator.signed-in'
    | 'operator.signed-out'
    | 'operator.refused'
    | 'operator.linked'
    | 'operator.stepped-up'
    | 'operator.password-changed'
    | 'operator.factor-added'
    | 'operator.factor-removed'
  readonly operator?: string
  readonly reason?: string
  /** operator.linked: the person of the site this operator is; absent where the link was taken away. */
  readonly person?: string
  readonly by?: string
  /** How it was proved who it is, or which factor came or went. */
  readonly factor?: 'totp' | 'passkey' | 'recovery' | 'provider' | 'badge'
}
/** What an account may do. No names: they are joined at reading time. */
export interface AccountState {
  readonly role: string
  readonly zones?: readonly string[]
  readonly status: 'invited' | 'active' | 'disabled'
}
/** An account was invited, given a new link after its password or factors were taken away, changed, ended or begun again. */
export interface OperatorChanged {
  readonly kind: 'operator.invited' | 'operator.reset' | 'operator.changed'
  readonly operator: string
  readonly by: string
  readonly before?: AccountState
  readonly after: AccountState
  /** In the words of whoever did it. */
  readonly statedReason?: string
}
/** A key for programs. `token` names it and opens nothing. */
export interface TokenEvent {
  readonly kind: 'token.created' | 'token.revoked'
  readonly token: string
  readonly by: string
  /** token.created: whose it is, where somebody else made it. */
  readonly operator?: string
  readonly capabilities?: readonly string[]
  readonly zones?: readonly string[]
  readonly expiresAt?: number
}
/** Something was asked for that this operator, or this token, may not do. At most one row a minute for each and capability. */
export interface NotAllowed {
  readonly kind: 'operator.not-allowed'
  readonly operator?: string
  readonly token?: string
  readonly capability: string
}

/** On every row with `by`: the token, where a program did it in that operator's name. */
export interface ByToken {
  readonly token?: string
}

export type AccountEvent = OperatorEvent | OperatorChanged | TokenEvent | NotAllowed
