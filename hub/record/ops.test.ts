import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NOON, Stage } from '../test/stage.ts'
import { adminExists, isSetupToken, type OperatorRow, operatorByLogin } from './accounts.ts'
import { session } from './accounts-sessions.ts'
import { verify } from './chain-verify.ts'
import { openDatabase } from './database.ts'
import { certificates, code, device, certificate as find, revoked } from './devices.ts'
import type { OpArgs, OpName } from './ops.ts'
import { received } from './reading.ts'
import { revision } from './registry.ts'

const DAY = 86_400_000
let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply()
})
afterEach(() => stage.close())

const operator = (id: string, over: Partial<OperatorRow> = {}): OperatorRow => ({
  id,
  login: 'olga',
  name: 'Olga',
  role: 'administrator',
  passwordHash: 'argon2',
  createdAt: NOON,
  ...over,
})
const certificate = (serial: string, fresh: boolean, over: object = {}): OpArgs<'addCertificate'> => ({
  at: NOON,
  certificate: { serial, device: 'door-1', notBefore: NOON, notAfter: NOON + 90, fingerprint: 'ff', issuedAt: NOON },
  fresh,
  event: { kind: fresh ? 'device.enrolled' : 'device.renewed', device: 'door-1', serial },
  ...over,
})
/** A certificate of 90 days. */
const long = (serial: string, at: number, over: object = {}, device = 'door-1'): OpArgs<'addCertificate'> => ({
  at,
  certificate: { serial, device, notBefore: at, notAfter: at + 90 * DAY, fingerprint: 'ff', issuedAt: at },
  fresh: false,
  event: { kind: 'device.renewed', device, serial },
  ...over,
})
const renewal = (serial: string, at: number, presented = 's1') => long(serial, at, { presented })
const revocation = {
  at: NOON,
  id: 'door-1',
  reason: 'key-compromise',
  event: { kind: 'device.revoked', device: 'door-1' },
} as const

/** Every table, as it stands. */
function contents(): Record<string, unknown[]> {
  const tables = stage.db.prepare<[], { name: string }>("select name from sqlite_master where type = 'table'").all()
  return Object.fromEntries(tables.map(({ name }) => [name, stage.db.prepare(`select * from ${name}`).all()]))
}

describe('the setup token', () => {
  it('makes the first administrator once, with a journal row', async () => {
    stage.op('keepSetupToken', { hash: 'h' })
    expect(isSetupToken(stage.db, 'h')).toBe(true)
    const attempts = ['o-1', 'o-2', 'o-3'].map(id =>
      stage.journal.op('createFirstOperator', { operator: operator(id, { login: id }), setupTokenHash: 'h' }),
    )
    expect(await Promise.all(attempts)).toEqual([true, false, false])
    expect(stage.events().at(-1)).toEqual({ kind: 'operator.created', operator: 'o-1' })
    expect(adminExists(stage.db)).toBe(true)
    expect(operatorByLogin(stage.db, 'o-2')).toBeUndefined()
  })

  it.each(['', 'wrong', 'H'])('is not %j', hash => {
    stage.op('keepSetupToken', { hash: 'h' })
    const before = contents()
    expect(stage.op('createFirstOperator', { operator: operator('o-1'), setupTokenHash: hash })).toBe(false)
    expect(contents()).toEqual(before)
  })

  it('is the newest one only, and none once there is an administrator', () => {
    stage.op('keepSetupToken', { hash: 'old' })
    stage.op('keepSetupToken', { hash: 'new' })
    expect(stage.op('createFirstOperator', { operator: operator('o-1'), setupTokenHash: 'old' })).toBe(false)
    expect(stage.op('createFirstOperator', { operator: operator('o-1'), setupTokenHash: 'new' })).toBe(true)
    stage.op('keepSetupToken', { hash: 'again' })
    expect(stage.op('createFirstOperator', { operator: operator('o-2'), setupTokenHash: 'again' })).toBe(false)
    expect(isSetupToken(stage.db, '')).toBe(false)
  })
})

describe('a one-time code', () => {
  const withCode = (hash: string, at = NOON) => certificate(`s-${hash}`, true, { codeHash: hash, at })

  it('is used once: of two at the same moment one gets a certificate', async () => {
    stage.op('addCode', { at: NOON, device: 'door-1', hash: 'h', expiresAt: NOON + 1 })
    const both = [stage.journal.op('addCertificate', withCode('h')), stage.journal.op('addCertificate', withCode('h'))]
    expect(await Promise.all(both)).toEqual([true, false])
    expect(certificates(stage.db, 'door-1')).toHaveLength(1)
    expect(code(stage.db, 'door-1')).toBeUndefined()
    expect(stage.kinds().filter(k => k === 'device.enrolled')).toHaveLength(1)
  })

  it('is worth nothing when unknown, expired, another device’s or replaced; then nothing is written', () => {
    stage.op('addCode', { at: NOON, device: 'door-1', hash: 'old', expiresAt: NOON + 1 })
    stage.op('addCode', { at: NOON, device: 'door-1', hash: 'h', expiresAt: NOON + 1 })
    stage.op('addCode', { at: NOON, device: 'door-2', hash: 'h2', expiresAt: NOON + 1 })
    const before = contents()
    const refused = [withCode('x'), withCode('old'), withCode('h2'), withCode('h', NOON + 1)]
    expect(refused.map(a => stage.op('addCertificate', a))).toEqual([false, false, false, false])
    expect(contents()).toEqual(before)
  })

  it('goes with its device when that is revoked', () => {
    stage.op('addCode', { at: NOON, device: 'door-1', hash: 'h', expiresAt: NOON + 1 })
    stage.op('revokeDevice', revocation)
    expect(code(stage.db, 'door-1')).toBeUndefined()
    expect(stage.op('addCertificate', withCode('h'))).toBe(false)
    expect(stage.op('addCertificate', certificate('s', true))).toBe(false)
  })
})

describe('certificates of a device', () => {
  const said = () =>
    stage.journal.append({
      event: { kind: 'device.online', device: 'door-1' },
      at: NOON,
      inbox: { device: 'door-1', seq: 9, id: 'm9' },
    })

  it('renewed overlap, and its sequence numbers go on', async () => {
    stage.op('addCertificate', certificate('s1', true))
    await said()
    stage.op('addCertificate', certificate('s2', false))
    expect(certificates(stage.db, 'door-1').map(c => [c.serial, c.revokedAt])).toEqual([
      ['s1', null],
      ['s2', null],
    ])
    expect(received(stage.db, 10)).toMatchObject([{ device: 'door-1', seq: 9 }])
  })

  it('enrolled afresh supersede the older ones, and its sequence numbers start again', async () => {
    stage.op('addCertificate', certificate('s1', true))
    await said()
    const before = revision(stage.db)
    stage.op('addCertificate', certificate('s2', true))
    expect(certificates(stage.db, 'door-1').map(c => [c.serial, c.revokedAt, c.reason])).toEqual([
      ['s1', NOON, 'superseded'],
      ['s2', null, null],
    ])
    expect(received(stage.db, 10)).toEqual([])
    expect(revision(stage.db)).toBe(before + 1)
  })

  it('renew only by one that is the device’s own, neither revoked nor expired at the commit; else nothing is written', () => {
    stage.op('addCertificate', certificate('s1', true))
    stage.op('addCertificate', certificate('s2', true))
    const before = contents()
    const by = (presented: string, over: object = {}) =>
      stage.op('addCertificate', certificate('s3', false, { presented, ...over }))
    const another = { certificate: { ...certificate('s3', false).certificate, device: 'door-2' } }
    expect([by('s1'), by('nobody’s'), by('s2', another), by('s2', { at: NOON + 90 })]).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(contents()).toEqual(before)
    expect(by('s2', { at: NOON + 89 })).toBe(true)
  })

  it('grow by a device’s own renewing to four that are not due; the operator and a code come through all the same', async () => {
    stage.op('addCertificate', long('s1', NOON, { fresh: true }))
    for (const n of [2, 3, 4]) expect(stage.op('addCertificate', renewal(`s${n}`, NOON + n * 1000))).toBe(true)
    const before = contents()
    const early = stage.journal.op('addCertificate', renewal('s5', NOON + 5000))
    await expect(early).rejects.toMatchObject({
      code: 'renewal-too-early',
      status: 429,
      details: { device: 'door-1', count: 4, date: '2026-08-09T08:00:00Z', seconds: 60 * 86_400 - 5 },
    })
    expect(contents()).toEqual(before)
    expect(stage.op('addCertificate', long('s5', NOON + 5000))).toBe(true)
    expect(stage.op('addCertificate', long('s6', NOON + 6000, { fresh: true }))).toBe(true)
    expect(stage.op('addCertificate', renewal('s7', NOON + 7000, 's6'))).toBe(true)
  })

  it('can be renewed again when a third of the oldest one’s life is left, and after a clock that ran ahead', () => {
    stage.op('addCertificate', long('s1', NOON, { fresh: true }))
    for (const n of [2, 3, 4]) stage.op('addCertificate', renewal(`s${n}`, NOON + n))
    expect(() => stage.op('addCertificate', renewal('s5', NOON + 60 * DAY - 1))).toThrow(/2026-08-09T08:00:00Z/)
    expect(stage.op('addCertificate', renewal('s5', NOON + 60 * DAY))).toBe(true)
    stage.op('addCertificate', long('s6', NOON + 61 * DAY, { fresh: true }))
    for (const n of [7, 8, 9]) stage.op('addCertificate', long(`s${n}`, NOON + 150 * DAY))
    expect(stage.op('addCertificate', renewal('s10', NOON + 62 * DAY, 's6'))).toBe(true)
  })

  it('are forgotten 30 days after they expired, but not those of another device, nor the revoked that tell generations apart', () => {
    stage.op('addCertificate', certificate('s1', true))
    stage.op('addCertificate', certificate('s2', true))
    stage.op('addCertificate', long('other', NOON - 200 * DAY, {}, 'door-2'))
    stage.op('addCertificate', long('s3', NOON + 90 + 30 * DAY))
    expect(certificates(stage.db).map(c => c.serial)).toEqual(['other', 's1', 's2', 's3'])
    stage.op('addCertificate', long('s4', NOON + 91 + 30 * DAY))
    expect(certificates(stage.db).map(c => c.serial)).toEqual(['other', 's1', 's3', 's4'])
    expect(find(stage.db, 's2')).toBeUndefined()
    expect(find(stage.db, 's1')).toMatchObject({ device: 'door-1', reason: 'superseded' })
  })

  it('are all revoked with it, keep the reason they had, and are listed until they expire', () => {
    stage.op('addCertificate', certificate('s1', true))
    stage.op('addCertificate', certificate('s2', true))
    expect(stage.op('revokeDevice', { ...revocation, at: NOON + 5 })).toBe(1)
    expect(revoked(stage.db, NOON + 89)).toEqual([
      { serial: 's1', revokedAt: NOON, reason: 'superseded' },
      { serial: 's2', revokedAt: NOON + 5, reason: 'key-compromise' },
    ])
    expect(revoked(stage.db, NOON + 90)).toEqual([])
    expect(device(stage.db, 'door-1')?.status).toBe('revoked')
  })

  it('of a device nobody knows: refused with the table’s words, nothing written', () => {
    const before = contents()
    expect(() => stage.op('revokeDevice', { ...revocation, id: 'nobody' })).toThrow(/No device nobody/)
    expect(contents()).toEqual(before)
  })
})

describe('a session', () => {
  beforeEach(() => {
    stage.op('keepSetupToken', { hash: 'h' })
    stage.op('createFirstOperator', { operator: operator('o-1'), setupTokenHash: 'h' })
  })
  const about = { stage: 'in', steppedUpAt: null, client: 'Firefox, Windows', address: '::1' }
  const start = (hash: string, createdAt = NOON) =>
    stage.op('createSession', {
      ...{ ...about, hash, operator: 'o-1' },
      ...{ createdAt, seenAt: createdAt, expiresAt: createdAt + 100 },
    })

  it('is found by its hash with its operator, is touched, and ends', () => {
    start('a')
    stage.op('touchSession', { hash: 'a', seenAt: NOON + 7 })
    expect(session(stage.db, 'a')).toMatchObject({
      operator: 'o-1',
      login: 'olga',
      role: 'administrator',
      seenAt: NOON + 7,
    })
    expect([stage.op('endSession', { hash: 'a' }), stage.op('endSession', { hash: 'a' })]).toEqual([1, 0])
    expect(session(stage.db, 'a')).toBeUndefined()
  })

  it('ends with all others of its operator, and expired ones are cleared by the next', () => {
    start('a')
    start('b', NOON + 101)
    expect(session(stage.db, 'a')).toBeUndefined()
    start('c', NOON + 101)
    expect(stage.op('endSessionsOf', { operator: 'o-1' })).toBe(2)
  })

  it('is none for an operator who does not exist', () => {
    const nobody = { ...about, hash: 'x', operator: 'nobody', createdAt: NOON, seenAt: NOON, expiresAt: NOON + 1 }
    expect(() => stage.op('createSession', nobody)).toThrow(/FOREIGN KEY/)
  })
})

describe('what tells of itself in the journal', () => {
  const changes: { [N in OpName]?: OpArgs<N> } = {
    record: { at: NOON, event: { kind: 'hub.started', version: '1' } },
    applySite: {
      at: NOON,
      base: 0,
      changes: [{ kind: 'zone', id: 'ward' }],
      siteId: 'other',
      withdrawn: ['door-1'],
      events: [{ kind: 'rights.changed', revision: 0, added: 0, changed: 0, removed: 2, origin: 'test' }],
    },
    addCode: { at: NOON, device: 'door-2', hash: 'h2', expiresAt: NOON + 1 },
    addDevice: { at: NOON, id: 'pir-1', model: 'pir', name: 'PIR' },
    addCertificate: certificate('s9', true, { codeHash: 'h' }),
    revokeDevice: revocation,
    createFirstOperator: { operator: operator('o-1'), setupTokenHash: 'h' },
    drain: {
      rows: [
        { at: NOON, kind: 'access.denied', body: '{"device":"d","message":"m"}', inbox: [{ device: 'd', seq: 1 }] },
      ],
    },
  }

  it.each(Object.keys(changes) as OpName[])('%s: one transaction; where the row fails, nothing has changed', name => {
    stage.op('addCode', { at: NOON, device: 'door-1', hash: 'h', expiresAt: NOON + 1 })
    stage.op('keepSetupToken', { hash: 'h' })
    const args = { ...changes[name], ...(name === 'applySite' ? { base: revision(stage.db) } : {}) } as never
    const before = contents()
    const db = openDatabase(stage.folder)
    db.exec("create trigger full before insert on journal_payload begin select raise(abort, 'disk full'); end")
    expect(() => stage.op(name, args)).toThrow(/disk full/)
    expect(contents()).toEqual(before)
    db.exec('drop trigger full')
    db.close()
    stage.op(name, args)
    expect(contents().journal?.length).toBe((before.journal?.length ?? 0) + 1)
    expect(verify(stage.db).ok).toBe(true)
  })
})
