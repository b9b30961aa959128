/** Accounts and sessions held in memory, as the store of a hub holds them. */
import type { Role } from '../api.ts'
import type { Account, Accounts, NewSession, SessionStore, StoredSession } from '../http/account-ports.ts'

export class MemoryAccounts implements Accounts {
  readonly rows = new Map<string, Account>()
  /** Hash -> account and end. */
  readonly invitations = new Map<string, { readonly id: string; readonly until: number }>()
  /** Hashes, by account. */
  readonly codes = new Map<string, Set<string>>()
  setupToken: string | undefined
  /** What the store does when it is written. */
  disk: () => void | Promise<void> = () => undefined

  /** As if it had been made and signed in to before. */
  add(account: Pick<Account, 'login' | 'role'> & Partial<Account>): Account {
    const bare = { status: 'active', passwordHash: '', passkeys: [], recoveryCodesLeft: 0, revision: 1 } as const
    const row = { ...bare, id: `op-${account.login}`, name: account.login, ...account }
    this.rows.set(row.login, row)
    return this.byId(row.id) as Account
  }
  /** Under an open session, as an administrator or another process would. */
  give(login: string, role: Role): void {
    const row = this.rows.get(login)
    if (row) this.rows.set(login, { ...row, role })
  }

  adminExists = (): boolean => [...this.rows.values()].some(a => a.role === 'administrator')
  byLogin = (login: string): Account | undefined => {
    const row = this.rows.get(login)
    return row && { ...row, recoveryCodesLeft: this.codes.get(row.id)?.size ?? 0 }
  }
  byId = (id: string): Account | undefined => this.#find(a => a.id === id)
  byPasskey = (credential: string): Account | undefined => this.#find(a => a.passkeys.some(p => p.id === credential))
  byInvitation = (hash: string, at: number): Account | undefined => {
    const link = this.invitations.get(hash)
    return link && link.until > at ? this.#find(a => a.id === link.id && a.status !== 'disabled') : undefined
  }
  keepSetupToken = (hash: string): void => {
    this.setupToken = hash
  }
  isSetupToken = (hash: string): boolean => this.setupToken === hash
  browserKey = (): string => '00'.repeat(32)
  createOperator: Accounts['createOperator'] = ({ login, name, role, passwordHash, createdAt, setupTokenHash }) => {
    if (this.adminExists() || this.setupToken !== setupTokenHash) return undefined
    this.setupToken = undefined
    return this.add({ login, name, role, passwordHash, passwordAt: createdAt })
  }
  acceptInvitation: Accounts['acceptInvitation'] = ({ tokenHash, passwordHash, at }) => {
    const account = this.byInvitation(tokenHash, at)
    if (!account) return false
    this.invitations.delete(tokenHash)
    this.#change(account.id, a => ({ ...a, passwordHash, passwordAt: at, status: 'active' }))
    return true
  }
  setPassword: Accounts['setPassword'] = (id, passwordHash, passwordAt) =>
    this.#change(id, a => ({ ...a, passwordHash, passwordAt }))
  setTotp: Accounts['setTotp'] = (id, totp) =>
    this.#change(id, ({ totpSecret: _, totpStep: __, ...rest }) => ({
      ...rest,
      ...(totp && { totpSecret: totp.secret, totpStep: totp.step }),
    }))
  useTotpStep: Accounts['useTotpStep'] = async (id, step) => {
    await this.disk()
    if (step <= (this.byId(id)?.totpStep ?? -1)) return false
    this.#change(id, a => ({ ...a, totpStep: step }))
    return true
  }
  addPasskey: Accounts['addPasskey'] = (id, passkey) =>
    this.#change(id, a => ({ ...a, passkeys: [...a.passkeys, passkey] }))
  removePasskey: Accounts['removePasskey'] = (id, credential) => {
    const known = this.byPasskey(credential)?.id === id
    this.#change(id, a => ({ ...a, passkeys: a.passkeys.filter(p => p.id !== credential) }))
    return known
  }
  passkeyUsed: Accounts['passkeyUsed'] = async (credential, counter, usedAt) => {
    await this.disk()
    this.#change(this.byPasskey(credential)?.id ?? '', a => ({
      ...a,
      passkeys: a.passkeys.map(p => (p.id === credential ? { ...p, counter, usedAt } : p)),
    }))
  }
  setRecoveryCodes: Accounts['setRecoveryCodes'] = (id, hashes) => void this.codes.set(id, new Set(hashes))
  hasRecoveryCode: Accounts['hasRecoveryCode'] = (id, hash) => this.codes.get(id)?.has(hash) === true
  useRecoveryCode: Accounts['useRecoveryCode'] = async (id, hash) => {
    await this.disk()
    return this.codes.get(id)?.delete(hash) === true
  }
  signedIn: Accounts['signedIn'] = () => undefined

  #find(fits: (account: Account) => boolean): Account | undefined {
    const row = [...this.rows.values()].find(fits)
    return row && this.byLogin(row.login)
  }
  #change(id: string, change: (account: Account) => Account): void {
    const row = [...this.rows.values()].find(a => a.id === id)
    if (row) this.rows.set(row.login, change(row))
  }
}

export class MemorySessions implements SessionStore {
  readonly rows = new Map<string, NewSession>()
  readonly #accounts: MemoryAccounts

  constructor(accounts: MemoryAccounts) {
    this.#accounts = accounts
  }
  create: SessionStore['create'] = session => void this.rows.set(session.hash, session)
  find = (hash: string): StoredSession | undefined => {
    const row = this.rows.get(hash)
    const operator = row && this.operator(row.operator)
    return row && operator && { ...row, operator }
  }
  listOf: SessionStore['listOf'] = operator =>
    [...this.rows.values()].flatMap(row => (row.operator === operator ? (this.find(row.hash) ?? []) : []))
  operator = (id: string): Account | undefined => {
    const account = this.#accounts.byId(id)
    return account?.status === 'active' ? account : undefined
  }
  touch: SessionStore['touch'] = (hash, seenAt) => {
    const row = this.rows.get(hash)
    if (row) this.rows.set(hash, { ...row, seenAt })
  }
  end: SessionStore['end'] = hash => void this.rows.delete(hash)
  endAllOf: SessionStore['endAllOf'] = (operator, but) => {
    for (const [hash, row] of this.rows) if (row.operator === operator && hash !== but) this.rows.delete(hash)
  }
}
