/** What proves operators, as it is stored: each change with its row, each code once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NOON, Stage } from '../test/stage.ts'
import { operatorById } from './accounts.ts'
import {
  acceptInvitation,
  hasRecoveryCode,
  invitedBy,
  passkeyOwner,
  passkeysOf,
  setInvitation,
} from './accounts-factors.ts'
import { session, sessionsOf } from './accounts-sessions.ts'
import { openDatabase } from './database.ts'
import { type Db, run, sql } from './sql.ts'

let stage: Stage
/** As another process has it open. */
let db: Db
const operator = 'o-1'
beforeEach(async () => {
  stage = await Stage.open()
  db = openDatabase(stage.folder)
  stage.op('keepSetupToken', { hash: 'h' })
  const account = {
    id: operator,
    login: 'olga',
    name: 'Olga',
    role: 'administrator',
    passwordHash: 'x',
    createdAt: NOON,
  }
  stage.op('createFirstOperator', { operator: account, setupTokenHash: 'h' })
})
afterEach(() => {
  db.close()
  return stage.close()
})

const told = (): unknown[] => stage.events().slice(1)
const status = (is: string): void =>
  void run(db, sql.updateTable('operator').set({ status: is }).where('id', '=', operator))
const open = (hash: string): void =>
  stage.op('createSession', {
    ...{ hash, operator, stage: 'in', steppedUpAt: null, client: '', address: '' },
    ...{ createdAt: NOON, seenAt: NOON, expiresAt: NOON + 100 },
  })

describe('a generator of codes', () => {
  it('comes and goes with a row; each step counts once, and none before it', () => {
    stage.op('setTotp', { operator, totp: { secret: 'S', step: 7 }, at: NOON })
    expect(operatorById(stage.db, operator)).toMatchObject({ totpSecret: 'S', totpStep: 7 })
    expect([7, 6, 8, 8, 10, 9].map(step => stage.op('useTotpStep', { operator, step }))).toEqual([
      ...[false, false, true, false, true, false],
    ])
    stage.op('setTotp', { operator, at: NOON })
    expect(operatorById(stage.db, operator)).toMatchObject({ totpSecret: null, totpStep: null })
    expect(told()).toEqual([
      { kind: 'operator.factor-added', operator, factor: 'totp' },
      { kind: 'operator.factor-removed', operator, factor: 'totp' },
    ])
  })
})

describe('recovery codes', () => {
  it('replace those before them, count once, and only for their account', () => {
    stage.op('setRecoveryCodes', { operator, hashes: ['a', 'b'], at: NOON })
    stage.op('setRecoveryCodes', { operator, hashes: ['c', 'd'], at: NOON })
    expect(['a', 'c'].map(hash => hasRecoveryCode(stage.db, operator, hash))).toEqual([false, true])
    expect(stage.op('useRecoveryCode', { operator: 'o-2', hash: 'c' })).toBe(false)
    expect(['c', 'c', 'a'].map(hash => stage.op('useRecoveryCode', { operator, hash }))).toEqual([true, false, false])
    expect(operatorById(stage.db, operator)?.recoveryCodesLeft).toBe(1)
  })
})

describe('a passkey', () => {
  const passkey = {
    ...{ id: 'k', operator, publicKey: Buffer.from('key'), counter: 3, transports: '[]', name: 'Blue' },
    ...{ createdAt: NOON, usedAt: null },
  }
  it('is one account’s, its counter only rises, and it goes with a row', () => {
    stage.op('addPasskey', { passkey, at: NOON })
    expect(() => stage.op('addPasskey', { passkey, at: NOON })).toThrow(/passkey/)
    expect(passkeyOwner(stage.db, 'k')).toBe(operator)
    stage.op('passkeyUsed', { id: 'k', counter: 9, at: NOON + 1 })
    stage.op('passkeyUsed', { id: 'k', counter: 8, at: NOON + 2 })
    expect(passkeysOf(stage.db, operator)).toEqual([{ ...passkey, counter: 9, usedAt: NOON + 1 }])
    expect(stage.op('removePasskey', { operator: 'o-2', id: 'k', at: NOON })).toBe(false)
    expect(stage.op('removePasskey', { operator, id: 'k', at: NOON })).toBe(true)
    expect(told().map(e => (e as { kind: string }).kind)).toEqual(['operator.factor-added', 'operator.factor-removed'])
  })
})

describe('a one-time link', () => {
  const link = { hash: 'l', operator, expiresAt: NOON + 10 }
  it('is replaced by a newer one, ends at its term, and with the account', () => {
    setInvitation(db, link)
    setInvitation(db, { ...link, hash: 'm' })
    const good = (hash: string, at = NOON): unknown => invitedBy(stage.db, hash, at)
    expect([good('l'), good('m'), good('m', NOON + 10)]).toEqual([undefined, operator, undefined])
    status('disabled')
    expect(good('m')).toBeUndefined()
  })

  it('counts once: makes the account active, with a row, and ends its sessions', () => {
    setInvitation(db, link)
    open('s')
    status('invited')
    const wish = { tokenHash: 'l', passwordHash: 'y', at: NOON }
    expect([stage.op('acceptInvitation', wish), stage.op('acceptInvitation', wish)]).toEqual([true, false])
    expect(acceptInvitation(db, wish)).toBeUndefined()
    expect(operatorById(stage.db, operator)).toMatchObject({ status: 'active', passwordHash: 'y', passwordAt: NOON })
    expect(sessionsOf(stage.db, operator)).toEqual([])
    expect(told()).toEqual([{ kind: 'operator.password-changed', operator }])
  })
})

describe('a session', () => {
  it.each(['disabled', 'invited'])('is none while its account is %s', is => {
    open('s')
    expect(session(stage.db, 's')?.login).toBe('olga')
    status(is)
    expect([session(stage.db, 's'), sessionsOf(stage.db, operator)]).toEqual([undefined, []])
  })

  it('stays where all others end', () => {
    for (const hash of ['a', 'b', 'c']) open(hash)
    expect(stage.op('endSessionsOf', { operator, but: 'b' })).toBe(2)
    expect(sessionsOf(stage.db, operator).map(s => s.hash)).toEqual(['b'])
  })
})
