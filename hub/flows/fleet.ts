/** Devices and their certificates: which certificate speaks for which device. */
import type { DeviceIdentity } from '../ports.ts'
import type { Hardware, StoredCertificate, StoredDevice } from './registry.ts'

export interface Fleet extends Hardware {
  readonly siteId: string
  readonly models: ReadonlyMap<string, string>
  readonly serials: ReadonlyMap<string, { readonly identity: DeviceIdentity; readonly notAfter: number }>
  readonly generations: ReadonlyMap<string, number>
  /** Of gateways, by their id, which is the user's name too. */
  readonly passwords: ReadonlyMap<string, Password>
}
export interface Password {
  readonly identity: DeviceIdentity
  /** SHA-256 of the password, lower-case hex. */
  readonly hash: string
  /** It also counts where the connection is not encrypted. */
  readonly plain: boolean
  readonly notAfter: number
}

export function fleetOf({ devices, certificates }: Hardware, siteId: string): Fleet {
  return {
    siteId,
    devices,
    certificates,
    models: new Map(devices.map(d => [d.id, d.model])),
    serials: serialsOf(devices, certificates, siteId),
    generations: generationsOf(certificates),
    passwords: passwordsOf(devices, certificates, siteId),
  }
}

function passwordsOf(devices: readonly StoredDevice[], certificates: readonly StoredCertificate[], site: string) {
  const serials = serialsOf(devices, certificates, site)
  return new Map(
    certificates.flatMap(({ serial, kind, fingerprint = '' }): [string, Password][] => {
      const known = kind === 'password' || kind === 'password-plain' ? serials.get(serial) : undefined
      return known ? [[known.identity.id, { ...known, hash: fingerprint, plain: kind === 'password-plain' }]] : []
    }),
  )
}

function serialsOf(devices: readonly StoredDevice[], certificates: readonly StoredCertificate[], site: string) {
  const enrolled = new Map(devices.filter(d => d.status === 'enrolled').map(d => [d.id, d.model]))
  return new Map(
    certificates.flatMap(({ serial, device: id, notAfter, revokedAt }) => {
      const model = enrolled.get(id)
      return revokedAt !== null || model === undefined
        ? []
        : [[serial, { identity: { id, site, model, serial }, notAfter }]]
    }),
  )
}

function generationsOf(certificates: readonly StoredCertificate[]): Map<string, number> {
  const count = new Map<string, number>()
  for (const c of certificates) if (c.revokedAt !== null) count.set(c.device, (count.get(c.device) ?? 0) + 1)
  return count
}
