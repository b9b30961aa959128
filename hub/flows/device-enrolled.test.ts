import { describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import type { DeviceEvent } from '../events.ts'
import { DeviceEnrolled, type EnrolmentRegistry, type Proof } from './device-enrolled.ts'

const key = Buffer.from('public key')
const row = { serial: '4a', notBefore: 0, notAfter: 90, fingerprint: 'ff' }

function flow(over: Partial<EnrolmentRegistry> = {}) {
  const recorded: DeviceEvent[] = []
  const proofs: Proof[] = []
  const registry: EnrolmentRegistry = {
    device: id => (id === 'door-1' ? { revoked: false } : id === 'gone' ? { revoked: true } : undefined),
    code: () => ({ hash: 'h', expiresAt: 10 }),
    certificate: () => ({ device: 'door-1', notAfter: 10, revoked: false }),
    recordCertificate: (event, _, proof) => recorded.push(event) === proofs.push(proof),
    ...over,
  }
  const authority = {
    caPem: 'CA',
    codeMatches: (_: string, code: string, stored: string | undefined) => code === 'right' && stored === 'h',
    checkRequest: async () => key,
    makeDeviceKey: async () => ({ keyPem: 'KEY', publicKey: key }),
    issueDevice: async () => ({ ...row, certPem: 'CERT' }),
  }
  return { recorded, proofs, enrolled: new DeviceEnrolled({ registry, authority, now: () => 5, lifeMs: 90 }) }
}
const csr = Buffer.from('csr')

describe('a device gets its certificate', () => {
  it('by code, by its present certificate, or from the operator, each with its own journal row and proof', async () => {
    const { enrolled, recorded, proofs } = flow()
    expect(await enrolled.enrol('door-1', 'right', csr)).toEqual({
      ...row,
      device: 'door-1',
      certPem: 'CERT',
      caPem: 'CA',
    })
    await enrolled.reenrol('4a', 'door-1', csr)
    expect(await enrolled.provide('door-1', 'device.enrolled')).toMatchObject({ keyPem: 'KEY', certPem: 'CERT' })
    await enrolled.provide('door-1', 'device.renewed')
    expect(recorded.map(e => e.kind)).toEqual([
      'device.enrolled',
      'device.renewed',
      'device.enrolled',
      'device.renewed',
    ])
    expect(recorded[0]).toEqual({ kind: 'device.enrolled', device: 'door-1', serial: '4a' })
    expect(proofs).toEqual([{ codeHash: 'h' }, { presented: '4a' }, {}, {}])
  })

  it('never before the journal row is durable', async () => {
    const down = flow({
      recordCertificate: () => Promise.reject(new VigieError('journal-unavailable', { cause: 'disk full' })),
    })
    await expect(down.enrolled.enrol('door-1', 'right', csr)).rejects.toMatchObject({ code: 'journal-unavailable' })
    let commit = (_: boolean): void => undefined
    const slow = flow({
      recordCertificate: () =>
        new Promise(resolve => {
          commit = resolve
        }),
    })
    let handedOut = false
    const answer = slow.enrolled.provide('door-1', 'device.enrolled').then(() => {
      handedOut = true
    })
    await new Promise(setImmediate)
    expect(handedOut).toBe(false)
    commit(true)
    await answer
    expect(handedOut).toBe(true)
  })

  it('not when the code was used, or the certificate or device revoked, between check and record', async () => {
    const used = flow({ recordCertificate: () => false })
    await expect(used.enrolled.enrol('door-1', 'right', csr)).rejects.toMatchObject({ code: 'enrol-code-invalid' })
    await expect(used.enrolled.reenrol('4a', 'door-1', csr)).rejects.toMatchObject({
      code: 'client-certificate-required',
    })
    let asked = 0
    const revoked = flow({ recordCertificate: () => false, device: () => ({ revoked: ++asked > 1 }) })
    await expect(revoked.enrolled.provide('door-1', 'device.renewed')).rejects.toMatchObject({ code: 'device-revoked' })
  })

  it('not by a wrong, missing or expired code; a stranger can’t tell which', async () => {
    const failures = [
      flow().enrolled.enrol('door-1', 'wrong', csr),
      flow({ code: () => undefined }).enrolled.enrol('door-1', 'right', csr),
      flow({ code: () => ({ hash: 'h', expiresAt: 5 }) }).enrolled.enrol('door-1', 'right', csr),
    ]
    for (const failure of failures) await expect(failure).rejects.toMatchObject({ code: 'enrol-code-invalid' })
  })

  it('not by a certificate that is unknown, revoked, expired, another device’s, or of a revoked device', async () => {
    const present = { device: 'door-1', notAfter: 10, revoked: false }
    const certificates = [
      undefined,
      { ...present, revoked: true },
      { ...present, notAfter: 5 },
      { ...present, device: 'door-2' },
    ]
    for (const c of certificates) {
      const refused = flow({ certificate: () => c }).enrolled.reenrol('4a', 'door-1', csr)
      await expect(refused).rejects.toMatchObject({ code: 'client-certificate-required' })
    }
    const gone = flow({ certificate: () => ({ ...present, device: 'gone' }) }).enrolled.reenrol('4a', 'gone', csr)
    await expect(gone).rejects.toMatchObject({ code: 'client-certificate-required' })
  })

  it('not from the operator for an unknown or revoked device', async () => {
    await expect(flow().enrolled.provide('nobody', 'device.enrolled')).rejects.toMatchObject({ code: 'device-unknown' })
    await expect(flow().enrolled.provide('gone', 'device.renewed')).rejects.toMatchObject({ code: 'device-revoked' })
  })
})
