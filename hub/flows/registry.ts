/**
 * The registry as the hub decides from it: who, where, which certificate, compiled and in memory. A change makes a new one
 * that shares what stayed the same; nothing here waits for a disk.
 */

import { modelRules } from '#devices/registry.ts'
import { Compiler } from '../access/compile.ts'
import type { Grant } from '../access/grants.ts'
import type { Site } from '../access/site.ts'
import type { PointClass } from '../access/site-classes.ts'
import { ITEM_LISTS, type ItemChange, isItemKind } from '../access/site-items.ts'
import type { SituationChange } from '../access/situations.ts'
import { type Pseudonyms, pointKey, type Snapshot } from '../access/snapshot.ts'
import type { Place } from '../events.ts'
import type { DeviceIdentity } from '../ports.ts'
import { addressKey, type Bought, type BoughtDevice, boughtOf } from './bought.ts'
import { type Fleet, fleetOf, type Password } from './fleet.ts'

/** What record/ reads in one go; bodies are the JSON of the site file's items. */
export interface StoredRegistry {
  readonly revision: number
  readonly siteId: string
  readonly items: readonly { readonly kind: string; readonly id: string; readonly body: string }[]
  readonly subjects: readonly StoredSubject[]
  readonly operators: readonly { readonly id: string; readonly name: string; readonly role: string }[]
  readonly devices: readonly StoredDevice[]
  readonly certificates: readonly StoredCertificate[]
  /** Neither revoked nor ended more than a day ago. */
  readonly grants?: readonly Grant[]
  /** What is going on. */
  readonly situations?: readonly SituationChange[]
}
/** What changed since a revision. Operators are listed whole; devices and certificates too, if any of them changed. */
export interface StoredChanges {
  readonly revision: number
  readonly siteId: string
  /** Without a body: withdrawn. */
  readonly items: readonly { readonly kind: string; readonly id: string; readonly body?: string }[]
  /** Without a grant: revoked. */
  readonly grants: readonly { readonly id: string; readonly grant?: Grant }[]
  /** Written by operators' acts, as they stand. */
  readonly situations: readonly SituationChange[]
  /** Of the people and badges among the items. */
  readonly subjects: readonly StoredSubject[]
  readonly operators: StoredRegistry['operators']
  readonly hardware?: Hardware
}
export interface Hardware {
  readonly devices: readonly StoredDevice[]
  readonly certificates: readonly StoredCertificate[]
}
export interface StoredSubject {
  readonly pseudonym: string
  readonly kind: 'person' | 'badge'
  readonly id: string
  readonly label: string | null
  readonly role: string | null
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
  /** Of a password: its hash. */
  readonly fingerprint?: string
  /** Default: certificate. */
  readonly kind?: 'certificate' | 'password' | 'password-plain'
}

export interface Named {
  readonly name: string
  readonly role?: string
}

/** The stored site, or one without anything in it before the first `vigie apply`. */
export function siteOf({ items, siteId }: Pick<StoredRegistry, 'items' | 'siteId'>): Site {
  const bodies = new Map<string, unknown[]>(['site', ...Object.keys(ITEM_LISTS)].map(kind => [kind, []]))
  for (const { kind, body } of items) bodies.get(kind)?.push(JSON.parse(body))
  const site = bodies.get('site')?.[0] as Site['site'] | undefined
  const lists = Object.entries(ITEM_LISTS).map(([kind, list]) => [list, bodies.get(kind)])
  return { version: 1, site: { ...(site ?? unnamed()), id: siteId }, ...Object.fromEntries(lists) } as Site
}

const unnamed = (): Site['site'] => ({
  name: 'Vigie',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
})

/** What a registry and the one after it share. Pseudonyms are added, and forgotten where a person is erased: sharing them tells nobody anything wrong. */
interface Shared {
  readonly compiler: Compiler
  readonly subjects: Subjects
}
/** Worked out from lists, and only again when such a list has changed. */
interface Derived {
  readonly operators: ReadonlyMap<string, Named>
  readonly fleet: Fleet
  readonly zones: ReadonlyMap<string, string>
  readonly bought: Bought
  readonly roles: ReadonlyMap<string, string>
  /** By `device/point` of the lock. */
  readonly locks: ReadonlyMap<string, readonly string[]>
  /** By access point. */
  readonly classes: ReadonlyMap<string, PointClass>
}
interface Next {
  readonly revision: number
  readonly siteId: string
  readonly shared: Shared
  readonly derived: Derived
}

export class Registry {
  readonly revision: number
  readonly site: Site
  readonly snapshot: Snapshot
  readonly devices: readonly StoredDevice[]
  readonly certificates: readonly StoredCertificate[]
  readonly grants: readonly Grant[]
  readonly #siteId: string
  readonly #shared: Shared
  readonly #derived: Derived

  /** @param now ms since 1970, UTC; grants that ended more than a day before are left out */
  constructor(from: StoredRegistry | Next, now = 0) {
    const { revision, siteId, shared, derived } = 'shared' in from ? from : firstOf(from, now)
    this.revision = revision
    this.#siteId = siteId
    this.#shared = shared
    this.#derived = derived
    this.site = shared.compiler.site
    this.snapshot = shared.compiler.snapshot
    this.grants = shared.compiler.grants
    this.devices = derived.fleet.devices
    this.certificates = derived.fleet.certificates
  }

  /** The registry after these changes: costs what depends on them. This one must not be changed a second time. */
  changed(changes: StoredChanges, now = 0): Registry {
    const { compiler, subjects } = this.#shared
    const { revision, siteId, grants } = changes
    subjects.add(changes.subjects)
    const before = this.snapshot.points
    const items = [...this.#siteItem(siteId, changes), ...changes.items.flatMap(itemOf)]
    const { points } = compiler.update({ revision, now, items, grants, pseudonyms: pseudonymsOf(changes.subjects) })
    const touched = new Set(items.map(i => i.kind))
    const derived = derivedAfter(this.#derived, changes, {
      ...(touched.has('device') ? { zones: zonesOf(compiler.site), bought: boughtOf(compiler.site) } : {}),
      ...(touched.has('role') ? { roles: rolesOf(compiler.site) } : {}),
      ...(points === before ? {} : { locks: locksOf(compiler.snapshot), classes: classesOf(compiler.snapshot) }),
    })
    return new Registry({ revision, siteId, shared: this.#shared, derived })
  }

  /** The same with a badge that opens nothing any more, ahead of what is stored: the revision stays. Like `changed`, once. */
  withLost(uid: string, now = 0): Registry {
    const badge = this.site.badges.find(b => b.uid === uid)
    const opens = badge?.status === 'active' || badge?.status === 'suspended'
    const items = opens ? [{ kind: 'badge', id: uid, item: { ...badge, status: 'lost' } } as const] : []
    this.#shared.compiler.update({ revision: this.revision, now, items, grants: [] })
    return new Registry({
      revision: this.revision,
      siteId: this.#siteId,
      shared: this.#shared,
      derived: this.#derived,
    })
  }

  /** The site's own item carries the site's id, which is stored apart. */
  #siteItem(id: string, { items }: StoredChanges): ItemChange[] {
    if (id === this.#siteId || items.some(i => i.kind === 'site')) return []
    return [{ kind: 'site', id: 'site', item: { ...this.site.site, id } }]
  }

  /** Default deny: an unknown serial, a revoked or expired certificate, another device's name. */
  identify(serial: string, commonName: string, now: number): DeviceIdentity | undefined {
    const known = this.#derived.fleet.serials.get(serial)
    return known && known.identity.id === commonName && now < known.notAfter ? known.identity : undefined
  }

  /** What a gateway signs in with. */
  passwordOf(gateway: string, now: number): Password | undefined {
    const known = this.#derived.fleet.passwords.get(gateway)
    return known && now < known.notAfter ? known : undefined
  }

  /** Bought devices that are heard under that address of that gateway; all behind it without one. */
  boughtAt(gateway: string, address?: string): readonly BoughtDevice[] {
    const { at, through } = this.#derived.bought
    return (address === undefined ? through.get(gateway) : at.get(addressKey(gateway, address))) ?? NOTHING
  }

  /** Gateways that speak for that address. */
  speakersFor(address: string): readonly string[] {
    return this.#derived.bought.speakers.get(address) ?? NONE
  }

  bought(device: string): BoughtDevice | undefined {
    return this.#derived.bought.of.get(device)
  }

  /** How many of a device's certificates are revoked: new hardware under an old name makes it rise, renewing does not. */
  generationOf(device: string): number {
    return this.#derived.fleet.generations.get(device) ?? 0
  }

  zoneOf(device: string): string | undefined {
    return this.#derived.zones.get(device)
  }

  /** Access points whose lock hangs there: more than one where each direction has a reader of its own. */
  lockedAt(device: string, point: string): readonly string[] {
    return this.#derived.locks.get(pointKey(device, point)) ?? NONE
  }

  /** True if that point tells when it is opened and closed. */
  reportsContact(device: string, point: string): boolean {
    const model = this.#derived.fleet.models.get(device)
    return model !== undefined && (modelRules(model)?.points.get(point)?.states.has('contact') ?? false)
  }

  /** False where the device's model has no lock at that point; an unknown device is taken to have one. */
  hasLock(device: string, point: string): boolean {
    const model = this.#derived.fleet.models.get(device)
    return model === undefined || (modelRules(model)?.points.get(point)?.states.has('lock') ?? true)
  }

  /** Where a point is: by the access point of its reader or its lock, else by its device. */
  placeOf(device: string, point: string): Omit<Place, 'point'> {
    const known = this.snapshot.points.get(pointKey(device, point))
    const zone = known?.zone ?? this.zoneOf(device)
    const accessPoint = known?.accessPoint ?? this.lockedAt(device, point)[0]
    const of = known?.class ?? this.#derived.classes.get(accessPoint ?? '')
    return { ...(accessPoint ? { accessPoint } : {}), ...(zone ? { zone } : {}), ...(of ? { class: of } : {}) }
  }

  /** The person or operator a pseudonym stands for. */
  nameOf(pseudonym: string): Named | undefined {
    const subject = this.#shared.subjects.get(pseudonym)
    if (!subject) return this.#derived.operators.get(pseudonym)
    const { label, role } = subject
    if (label === null) return undefined
    return { name: label, ...(role ? { role: this.#derived.roles.get(role) ?? role } : {}) }
  }

  /** Pseudonym of a person, by id, or of a badge, by uid. */
  pseudonymOf(kind: 'person' | 'badge', id: string): string | undefined {
    return this.#shared.subjects.pseudonymOf(kind, id)
  }

  /** Person id or badge uid that a pseudonym stands for, also of somebody who is not in the site any more. */
  idOf(pseudonym: string): string | undefined {
    return this.#shared.subjects.get(pseudonym)?.id
  }

  /** Revoked and not expired: what the revocation list has to name. */
  revoked(now: number): { readonly serial: string; readonly revokedAt: number; readonly reason: string }[] {
    return this.certificates.flatMap(c =>
      c.revokedAt === null || c.notAfter <= now || (c.kind ?? 'certificate') !== 'certificate'
        ? []
        : [{ serial: c.serial, revokedAt: c.revokedAt, reason: c.reason ?? '' }],
    )
  }
}

const NONE: readonly string[] = []
const NOTHING: readonly BoughtDevice[] = []

/** Pseudonyms, both ways. */
class Subjects {
  readonly #byPseudonym = new Map<string, StoredSubject>()
  readonly #ids = { person: new Map<string, string>(), badge: new Map<string, string>() }

  add(subjects: readonly StoredSubject[]): void {
    for (const subject of subjects) {
      const before = this.#byPseudonym.get(subject.pseudonym)
      const ids = this.#ids[subject.kind]
      // Erased: the id is nobody's any more, or that of whoever was entered under it since.
      if (before && before.id !== subject.id && ids.get(before.id) === subject.pseudonym) ids.delete(before.id)
      this.#byPseudonym.set(subject.pseudonym, subject)
      ids.set(subject.id, subject.pseudonym)
    }
  }

  get(pseudonym: string): StoredSubject | undefined {
    return this.#byPseudonym.get(pseudonym)
  }

  pseudonymOf(kind: StoredSubject['kind'], id: string): string | undefined {
    return this.#ids[kind].get(id)
  }
}

function firstOf(stored: StoredRegistry, now: number): Next {
  const { revision, siteId, grants = [] } = stored
  const compiler = new Compiler(siteOf(stored), revision, pseudonymsOf(stored.subjects), grants, now)
  const subjects = new Subjects()
  subjects.add(stored.subjects)
  const derived = {
    operators: operatorsOf(stored.operators),
    fleet: fleetOf(stored, siteId),
    zones: zonesOf(compiler.site),
    bought: boughtOf(compiler.site),
    roles: rolesOf(compiler.site),
    locks: locksOf(compiler.snapshot),
    classes: classesOf(compiler.snapshot),
  }
  return { revision, siteId, shared: { compiler, subjects }, derived }
}

function derivedAfter(before: Derived, changes: StoredChanges, anew: Partial<Derived>): Derived {
  const { hardware, siteId, operators } = changes
  const same = hardware === undefined && siteId === before.fleet.siteId
  const fleet = same ? before.fleet : fleetOf(hardware ?? before.fleet, siteId)
  return { ...before, ...anew, fleet, operators: operatorsOf(operators) }
}

/** A kind that this version does not know gives no right. */
function itemOf({ kind, id, body }: StoredChanges['items'][number]): ItemChange[] {
  if (!isItemKind(kind)) return []
  return [{ kind, id, ...(body === undefined ? {} : { item: JSON.parse(body) }) } as ItemChange]
}

function pseudonymsOf(subjects: readonly StoredSubject[]): Pseudonyms {
  const of = (kind: StoredSubject['kind']) =>
    new Map(subjects.filter(s => s.kind === kind).map(s => [s.id, s.pseudonym]))
  return { person: of('person'), badge: of('badge') }
}

const operatorsOf = (operators: StoredRegistry['operators']): Map<string, Named> =>
  new Map(operators.map(o => [o.id, { name: o.name, role: o.role }]))
const zonesOf = (site: Site): Map<string, string> => new Map(site.devices.map(d => [d.id, d.zone]))
const rolesOf = (site: Site): Map<string, string> => new Map(site.roles.map(r => [r.id, r.name]))

const classesOf = ({ points }: Snapshot): Map<string, PointClass> =>
  new Map([...points.values()].map(p => [p.accessPoint, p.class]))

function locksOf({ points }: Snapshot): Map<string, string[]> {
  const locks = new Map<string, string[]>()
  for (const { lock, accessPoint } of points.values()) {
    const key = pointKey(lock.device, lock.point)
    locks.set(key, [...(locks.get(key) ?? []), accessPoint])
  }
  return locks
}
