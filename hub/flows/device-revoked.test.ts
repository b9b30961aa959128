import { describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import { DeviceRevoked, type RevocationPorts } from './device-revoked.ts'

interface Over {
  readonly crl?: RevocationPorts['authority']['crl']
  readonly revokeDevice?: RevocationPorts['registry']['revokeDevice']
}

function flow(over: Over = {}) {
  const done: string[] = []
  const gone = new Map<string, number>()
  const ports: RevocationPorts = {
    registry: {
      device: id => (id === 'nobody' ? undefined : { revoked: gone.has(id) }),
      revokeDevice: (event, at) => {
        done.push(`record ${event.device} ${event.reason}`)
        gone.set(event.device, at)
      },
      revoked: () => [...gone].map(([serial, revokedAt]) => ({ serial, revokedAt, reason: 'superseded' })),
      ...(over.revokeDevice ? { revokeDevice: over.revokeDevice } : {}),
    },
    authority: {
      crl:
        over.crl ??
        (async revoked => {
          done.push(`list ${revoked.length}`)
          return revoked.map(r => r.serial).join()
        }),
    },
    link: {
      renewTls: crl => void done.push(`renew ${crl}`),
      cutDevice: device => done.push(`cut ${device}`) && 2,
    },
    now: () => 7,
  }
  return { done, revoked: new DeviceRevoked(ports) }
}

describe('a device is revoked', () => {
  it('recorded first, then listed, then handed to the TLS edges, then cut, and the time is told', async () => {
    const { done, revoked } = flow()
    const { cut, tookMs } = await revoked.revoke('door-1', 'key-compromise')
    expect(done).toEqual(['record door-1 key-compromise', 'list 1', 'renew door-1', 'cut door-1'])
    expect(cut).toBe(2)
    expect(tookMs).toBeGreaterThanOrEqual(0)
    expect(tookMs).toBeLessThan(2000)
  })

  it('cuts the sockets even when the list can’t be written, and says so; the next one works again', async () => {
    let full = true
    const { done, revoked } = flow({
      crl: async () => {
        if (full) throw new VigieError('file-unwritable', { file: 'crl.pem', cause: 'disk full' })
        return 'crl'
      },
    })
    await expect(revoked.revoke('door-1')).rejects.toMatchObject({ code: 'file-unwritable' })
    expect(done).toEqual(['record door-1 cessation-of-operation', 'cut door-1'])
    full = false
    await revoked.revoke('door-1')
    expect(done.slice(2)).toEqual(['renew crl', 'cut door-1'])
  })

  it('does nothing at all when the journal can’t be written', async () => {
    const { done, revoked } = flow({
      revokeDevice: () => Promise.reject(new VigieError('journal-unavailable', { cause: 'disk full' })),
    })
    await expect(revoked.revoke('door-1')).rejects.toMatchObject({ code: 'journal-unavailable' })
    expect(done).toEqual([])
  })

  it('records a second revocation of the same device only once', async () => {
    const { done, revoked } = flow()
    await revoked.revoke('door-1')
    await revoked.revoke('door-1')
    expect(done.filter(d => d.startsWith('record'))).toHaveLength(1)
    expect(done.filter(d => d.startsWith('cut'))).toHaveLength(2)
  })

  it('never replaces a newer list by an older one when several are revoked at once', async () => {
    let first = true
    const lists: number[] = []
    const { revoked } = flow({
      crl: async list => {
        if (first) await new Promise(setImmediate) // the first is slow to write
        first = false
        lists.push(list.length)
        return ''
      },
    })
    await Promise.all(['a', 'b', 'c'].map(d => revoked.revoke(d)))
    expect(lists).toEqual([...lists].sort())
    expect(lists.at(-1)).toBe(3)
  })

  it('refuses a device it does not know', async () => {
    await expect(flow().revoked.revoke('nobody')).rejects.toMatchObject({ code: 'device-unknown' })
  })
})
