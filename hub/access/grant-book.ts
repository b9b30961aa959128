/** Temporary grants of a snapshot, by the pseudonym of who holds them. */
import { DraftMap } from './draft-map.ts'
import type { Grant } from './grants.ts'
import type { Scope } from './site.ts'
import type { SnapshotGrant } from './snapshot.ts'

/** Index of each access point that a scope is about -> how long a grant may last there, ms. */
export type GrantReach = (scope: Scope) => ReadonlyMap<number, number>

/** How long a grant that ended is kept, ms: to say why nothing opens any more. */
export const KEPT_AFTER_END = 24 * 3_600_000

export class GrantBook {
  readonly #grants = new Map<string, Grant>()
  /** Person id -> grants. */
  readonly #of = new Map<string, Set<Grant>>()
  readonly #compiled = new DraftMap<string, readonly SnapshotGrant[]>()
  readonly #touched = new Set<string>()
  #points = new Map<string, ReadonlyMap<number, number>>()

  list(): Grant[] {
    return [...this.#grants.values()]
  }

  put(id: string, grant: Grant | undefined): void {
    this.#remove(id)
    if (!grant) return
    this.#grants.set(id, grant)
    const grants = this.#of.get(grant.person) ?? new Set()
    this.#of.set(grant.person, grants.add(grant))
    this.#touched.add(grant.person)
  }

  #remove(id: string): void {
    const before = this.#grants.get(id)
    if (!before) return
    this.#grants.delete(id)
    this.#of.get(before.person)?.delete(before)
    this.#touched.add(before.person)
  }

  /** Lets go of what ended more than a day before. */
  prune(now: number): void {
    for (const { id, until } of this.#grants.values()) if (until <= now - KEPT_AFTER_END) this.#remove(id)
  }

  /** Someone came, went, or has another pseudonym. */
  touch(person: string, pseudonymBefore: string | undefined): void {
    this.#touched.add(person)
    if (pseudonymBefore !== undefined) this.#compiled.set(pseudonymBefore, undefined)
  }

  /** What scopes reach, or for how long, has changed: every grant is worked out anew. */
  moved(): void {
    this.#points = new Map()
    for (const person of this.#of.keys()) this.#touched.add(person)
  }

  publish(
    reach: GrantReach,
    pseudonymOf: (person: string) => string | undefined,
  ): ReadonlyMap<string, readonly SnapshotGrant[]> {
    for (const person of this.#touched) {
      const pseudonym = pseudonymOf(person)
      const grants = [...(this.#of.get(person) ?? [])]
      if (grants.length === 0) this.#of.delete(person)
      if (pseudonym === undefined) continue
      const compiled = grants.map(grant => this.#compile(grant, reach)).sort(byBeginning)
      this.#compiled.set(pseudonym, compiled.length > 0 ? compiled : undefined)
    }
    this.#touched.clear()
    return this.#compiled.publish()
  }

  #compile({ id, origin, from, until, reference, target }: Grant, reach: GrantReach): SnapshotGrant {
    const points = target ? this.#pointsOf(target, reach) : NOWHERE
    return Object.freeze({ id, origin, from, until, points, ...(reference !== undefined && { reference }) })
  }

  /** Grants for the same place share one map. */
  #pointsOf(target: Scope, reach: GrantReach): ReadonlyMap<number, number> {
    const key = JSON.stringify([target.zone, target.accessPoint, target.classes])
    const points = this.#points.get(key) ?? reach(target)
    this.#points.set(key, points)
    return points
  }
}

const NOWHERE: ReadonlyMap<number, number> = new Map()
const byBeginning = (a: SnapshotGrant, b: SnapshotGrant): number => a.from - b.from || (a.id < b.id ? -1 : 1)
