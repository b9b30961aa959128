import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Stage } from '../test/stage.ts'
import { readRevocation, revocationDigest, revocations } from './revocations.ts'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
})
afterAll(() => stage.close())

const badge = (id: string, status?: string): void => {
  const body = status === undefined ? {} : { body: JSON.stringify({ uid: id, person: 'anna', status }) }
  const base = Number(stage.db.prepare("select value from meta where key = 'registry_revision'").pluck().get() ?? 0)
  stage.op('applySite', { at: 1, changes: [{ kind: 'badge', id, ...body }], base, withdrawn: [], events: [] })
}

describe('the list of what is revoked', () => {
  it('names badges that are lost, suspended, revoked or gone, by pseudonym; not the active ones', () => {
    for (const [id, status] of [
      ['04AA0001', 'active'],
      ['04AA0002', 'lost'],
      ['04AA0003', 'suspended'],
      ['04AA0004', 'revoked'],
    ])
      badge(id ?? '', status)
    badge('04AA0005', 'active')
    badge('04AA0005')
    const named = ['04AA0002', '04AA0003', '04AA0004', '04AA0005'].map(id => `badge ${stage.pseudonym('badge', id)}`)
    expect(revocations(stage.db)).toEqual(named.sort())
  })

  it('names revoked certificates and grants, and every line reads back', () => {
    stage.op('addDevice', { at: 1, id: 'door-9', model: 'door', name: 'Door' })
    const certificate = {
      serial: '4abc',
      device: 'door-9',
      notBefore: 0,
      notAfter: 9e12,
      fingerprint: 'f',
      issuedAt: 1,
    }
    stage.op('addCertificate', { at: 1, certificate, fresh: true, event: { kind: 'hub.started', version: '1' } })
    const before = revocations(stage.db)
    stage.op('revokeDevice', { at: 2, id: 'door-9', reason: 'stolen', event: { kind: 'hub.started', version: '1' } })
    const lines = revocations(stage.db)
    expect(lines.filter(l => !before.includes(l))).toEqual(['device door-9 4abc'])
    expect(lines.map(readRevocation).every(r => r !== undefined)).toBe(true)
    expect([...lines].sort()).toEqual(lines)
  })

  it('has a digest that a changed, missing or further line changes', () => {
    const { count, sha256 } = revocationDigest(['a', 'b'])
    expect(count).toBe(2)
    expect(sha256).toBe('911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2')
    expect(new Set([['a'], ['a', 'b'], ['ab'], ['b', 'a'], []].map(l => revocationDigest(l).sha256)).size).toBe(5)
  })

  it('takes no other lines', () => {
    const bad = [
      '',
      'badge 04AA0001',
      'badge b-0123456789abcdef ',
      'device Door 4a',
      'grant 1',
      'badge b-0123456789abcdef\n',
    ]
    expect(bad.map(readRevocation)).toEqual(bad.map(() => undefined))
  })
})
