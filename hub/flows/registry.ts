/**
 * The registry as the hub decides from it: who, where, which certificate, compiled and in memory. Replaced as a whole when
 * anything changes; nothing here waits for a disk.
 */

import type { Site } from '../access/site.ts'
import { compile, type Snapshot } from '../access/snapshot.ts'
import type { DeviceIdentity } from '../ports.ts'

/** What record/ reads in one go; bodies are the JSON of the site file's items. */
export interface StoredRegistry {
  readonly revision: number
  readonly siteId: string
  readonly items: readonly { readonly kind: string; readonly id: string; readonly body: string }[]
  readonly subjects: readonly {
    readonly pseudonym: string
    readonly kind: 'person' | 'badge'
    readonly id: string
    readonly label: string | null
    readonly role: string | null
  }[]
  readonly operators: readonly { readonly id: string; readonly name: string; readonly role: string }[]
  readonly devices: readonly StoredDevice[]
  readonly certificates: readonly StoredCertificate[]
}
export interface StoredDevice {
  readonly id: string
  readonly model: string
  readonly name: string
  readonly status: 'declared' | 'enrolled' | 'revoked'
}
export interface StoredCertificate {
  readonly serial: string
  readonly device: string
  readonly notAfter: number
  readonly revokedAt: number | null
  readonly reason: string | null
}

export interface Named {
  readonly name: string
  readonly role?: string
}

/** The stored site, or one without anything in it before the first `vigie apply`. */
export function siteOf(stored: Pick<StoredRegistry, 'items' | 'siteId'>): Site {
  const of = <T>(kind: string): T[] => stored.items.filter(i => i.kind === kind).map(i => JSON.parse(i.body) as T)
  const site = of<Site['site']>('site')[0] ?? {
    name: 'Vigie',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
  return {
    version: 1,
    site: { ...site, id: stored.siteId },
    zones: of('zone'),
    schedules: of('schedule'),
    devices: of('device'),
    accessPoints: of('accessPoint'),
    roles: of('role'),
    people: of('person'),
    badges: of('badge'),
  }
}

export class Registry {
  readonly revision: number
  readonly site: Site
  readonly snapshot: Snapshot
  readonly devices: readonly StoredDevice[]
  readonly certificates: readonly StoredCertificate[]
  readonly #serials: ReadonlyMap<string, { readonly identity: DeviceIdentity; readonly notAfter: number }>
  readonly #zones: ReadonlyMap<string, string>
  readonly #names: ReadonlyMap<string, Named>
  readonly #generations: ReadonlyMap<string, number>

  constructor(stored: StoredRegistry) {
    this.revision = stored.revision
    this.site = siteOf(stored)
    this.snapshot = compile(this.site, stored.revision, pseudonymsOf(stored))
    this.devices = stored.devices
    this.certificates = stored.certificates
    this.#serials = serialsOf(stored)
    this.#zones = new Map(this.site.devices.map(d => [d.id, d.zone]))
    this.#names = namesOf(stored, this.site)
    this.#generations = generationsOf(stored)
  }

  /** Default deny: an unknown serial, a revoked or expired certificate, another device's name. */
  identify(serial: string, commonName: string, now: number): DeviceIdentity | undefined {
    const known = this.#serials.get(serial)
    return known && known.identity.id === commonName && now < known.notAfter ? known.identity : undefined
  }

  /** How many of a device's certificates are revoked: new hardware under an old name makes it rise, renewing does not. */
  generationOf(device: string): number {
    return this.#generations.get(device) ?? 0
  }

  zoneOf(device: string): string | undefined {
    return this.#zones.get(device)
  }

  /** Where a point is: by its access point, else by its device. */
  placeOf(device: string, point: string): { readonly accessPoint?: string; readonly zone?: string } {
    const known = this.snapshot.points.get(`${device}/${point}`)
    const zone = known?.zone ?? this.zoneOf(device)
    return { ...(known ? { accessPoint: known.accessPoint } : {}), ...(zone ? { zone } : {}) }
  }

  /** The person or operator a pseudonym stands for. */
  nameOf(pseudonym: string): Named | undefined {
    return this.#names.get(pseudonym)
  }

  /** Revoked and not expired: what the revocation list has to name. */
  revoked(now: number): { readonly serial: string; readonly revokedAt: number; readonly reason: string }[] {
    return this.certificates.flatMap(c =>
      c.revokedAt === null || c.notAfter <= now
        ? []
        : [{ serial: c.serial, revokedAt: c.revokedAt, reason: c.reason ?? '' }],
    )
  }
}

function pseudonymsOf(stored: StoredRegistry) {
  const of = (kind: 'person' | 'badge') =>
    new Map(stored.subjects.filter(s => s.kind === kind).map(s => [s.id, s.pseudonym]))
  return { person: of('person'), badge: of('badge') }
}

function serialsOf({ devices, certificates, siteId }: StoredRegistry) {
  const enrolled = new Map(devices.filter(d => d.status === 'enrolled').map(d => [d.id, d]))
  const valid = certificates.filter(c => c.revokedAt === null && enrolled.has(c.device))
  return new Map(
    valid.map(c => [
      c.serial,
      {
        identity: { id: c.device, site: siteId, model: enrolled.get(c.device)!.model, serial: c.serial },
        notAfter: c.notAfter,
      },
    ]),
  )
}

function generationsOf({ certificates }: StoredRegistry): Map<string, number> {
  const count = new Map<string, number>()
  for (const c of certificates) if (c.revokedAt !== null) count.set(c.device, (count.get(c.device) ?? 0) + 1)
  return count
}

function namesOf(stored: StoredRegistry, site: Site): Map<string, Named> {
  const roles = new Map(site.roles.map(r => [r.id, r.name]))
  const people = stored.subjects.flatMap(s =>
    s.label === null
      ? []
      : [[s.pseudonym, { name: s.label, ...(s.role ? { role: roles.get(s.role) ?? s.role } : {}) }] as const],
  )
  return new Map([...people, ...stored.operators.map(o => [o.id, { name: o.name, role: o.role }] as const)])
}
