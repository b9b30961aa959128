import type { PasskeyFault } from '../passkey-error.ts'
import type { PasswordFault } from '../password.ts'

/** Signing in beyond the password, first accounts and one's own account. Fetched with the pages that say them. */
export interface AccountWords {
  readonly factor: Record<
    | 'title'
    | 'sub'
    | 'code'
    | 'codeHint'
    | 'recovery'
    | 'recoveryHint'
    | 'useRecovery'
    | 'useCode'
    | 'go'
    | 'going'
    | 'restart'
    | 'lost'
    | 'none',
    string
  >
  readonly stepUp: Record<'title' | 'means' | 'password' | 'cancel' | 'escape', string>
  readonly invitation: Record<
    'title' | 'sub' | 'go' | 'going' | 'refused' | 'refusedNext' | 'toSignIn' | 'leave',
    string
  > & {
    /** Somebody else uses this browser. */
    taken(name: string): string
  }
  readonly password: Record<'label' | 'again' | 'advice' | 'differ' | 'breached' | 'same' | 'needed', string> & {
    readonly faults: Readonly<Record<Exclude<PasswordFault, 'short'>, string>>
    /** Too short by so many characters. */
    short(missing: number): string
  }
  readonly enrol: Record<
    'title' | 'sub' | 'recommended' | 'passkey' | 'passkeyWhy' | 'passkeyCannot' | 'app' | 'appWhy' | 'appGo' | 'leave',
    string
  > & {
    /** Who is about to set a factor up, in which role. */
    as(name: string, role: string): string
  }
  readonly passkeys: Record<
    | 'title'
    | 'name'
    | 'nameHint'
    | 'nameNeeded'
    | 'add'
    | 'adding'
    | 'none'
    | 'never'
    | 'remove'
    | 'removeMeans'
    | 'unnamed',
    string
  > & {
    readonly faults: Readonly<Record<PasskeyFault, string>>
    created(at: string): string
    used(at: string): string
    removeTitle(name: string): string
  }
  readonly totp: Record<
    | 'title'
    | 'on'
    | 'off'
    | 'add'
    | 'replace'
    | 'remove'
    | 'removeTitle'
    | 'removeMeans'
    | 'scan'
    | 'qr'
    | 'type'
    | 'secret'
    | 'code'
    | 'go'
    | 'going'
    | 'cancel'
    | 'copied'
    | 'copy'
    | 'open',
    string
  >
  readonly recovery: Record<
    | 'title'
    | 'keepTitle'
    | 'keep'
    | 'copy'
    | 'copied'
    | 'print'
    | 'kept'
    | 'renew'
    | 'renewTitle'
    | 'renewMeans'
    | 'renewGo'
    | 'none'
    | 'sheet',
    string
  > & {
    left(n: number): string
    /** On paper: whose codes of which site, made when. */
    printed(login: string, host: string, at: string): string
  }
  readonly own: Record<
    | 'title'
    | 'who'
    | 'login'
    | 'role'
    | 'roleMeans'
    | 'zones'
    | 'everywhere'
    | 'person'
    | 'proofs'
    | 'required'
    | 'advised'
    | 'password'
    | 'change'
    | 'current'
    | 'next'
    | 'changeGo'
    | 'changeGoing'
    | 'changed'
    | 'cancel'
    | 'noPassword'
    | 'failed'
    | 'escape'
    | 'end',
    string
  > & {
    since(at: string): string
  }
  readonly sessions: Record<
    | 'title'
    | 'this'
    | 'end'
    | 'ending'
    | 'endOthers'
    | 'everywhere'
    | 'everywhereTitle'
    | 'everywhereMeans'
    | 'others'
    | 'only',
    string
  > & {
    /** What the button of one ends. */
    endOf(client: string): string
    started(at: string): string
    seen(at: string): string
    until(at: string): string
    ended(n: number): string
  }
}
