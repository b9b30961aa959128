/**
 * Which rights and grants have opened anything, so that those nobody uses can be withdrawn. Only that and when last: how
 * often a person passes is nobody's business.
 */
import type { AccessGranted } from '../events.ts'
import { accessEvents } from './access-rows.ts'
import { versions } from './past.ts'
import { all, type Db, sql } from './sql.ts'

export interface Usage {
  /**
   * From when on this is the whole truth (milliseconds since 1970): `since`, or later where the journal is younger or its
   * rows do not say yet what opened. Nothing may be called unused for longer than from then to now.
   */
  readonly knownSince: number
  readonly rights: readonly UsedRight[]
  readonly grants: readonly UsedGrant[]
}
export interface UsedRight {
  /** Pseudonym. */
  readonly person: string
  readonly role: string
  /** Its place in the role as the site stands now, even if it had another one when it opened. */
  readonly right: number
  readonly lastAt: number
}
export interface UsedGrant {
  readonly grant: string
  readonly person: string
  readonly lastAt: number
}

const PAGE = 2_000

/** @param now end of the span, exclusive; milliseconds since 1970 */
export async function usage(db: Db, since: number, now = Date.now()): Promise<Usage> {
  const counted = new Count(db, since)
  for (let after: number | undefined = 0; after !== undefined; ) {
    const span = { since, until: now, limit: PAGE, ...(after > 0 ? { after } : {}) }
    const page = await accessEvents(db, span)
    for (const { at, event } of page.rows) if (event.kind === 'access.granted') counted.add(event, at)
    after = page.next
  }
  return counted.result()
}

class Count {
  readonly #places: Places
  readonly #rights = new Map<string, UsedRight>()
  readonly #grants = new Map<string, UsedGrant>()
  #knownSince: number

  constructor(db: Db, since: number) {
    this.#places = new Places(db)
    const oldest = all(db, sql.selectFrom('journal').select('at').orderBy('seq').limit(1))[0]?.at
    this.#knownSince = Math.max(since, oldest ?? since)
  }

  add({ person, via, rights }: AccessGranted, at: number): void {
    // Rows of a first version say nothing of it: whatever opened until then may have been used.
    if ((via as AccessGranted['via'] | undefined) === undefined) this.#knownSince = Math.max(this.#knownSince, at + 1)
    else if (via.kind === 'rule') this.#used(person, via.role, this.#places.now(via.role, via.right, rights), at)
    else if (via.kind === 'grant') {
      const { grant } = via
      const lastAt = Math.max(at, this.#grants.get(grant)?.lastAt ?? at)
      this.#grants.set(grant, { grant, person, lastAt })
    }
  }

  #used(person: string, role: string, right: number | undefined, at: number): void {
    if (right === undefined) return
    const key = `${person} ${role} ${right}`
    this.#rights.set(key, { person, role, right, lastAt: Math.max(at, this.#rights.get(key)?.lastAt ?? at) })
  }

  result(): Usage {
    return { knownSince: this.#knownSince, rights: [...this.#rights.values()], grants: [...this.#grants.values()] }
  }
}

/** Where a right of an earlier revision stands in its role now: editors insert and remove. */
class Places {
  readonly #present: ReadonlyMap<string, readonly string[]>
  readonly #versions: ReadonlyMap<string, readonly RoleVersion[]>

  constructor(db: Db) {
    const roles = versions(db, 'role').map(v => ({ ...v, rights: rightsOf(v.body) }))
    this.#versions = Map.groupBy(roles, v => v.id)
    this.#present = new Map(roles.flatMap(v => (v.until === null ? [[v.id, v.rights] as const] : [])))
  }

  /** @returns undefined if the role or the right is gone */
  now(role: string, right: number, revision: number): number | undefined {
    const present = this.#present.get(role) ?? []
    const then = this.#versions.get(role)?.find(v => v.since <= revision && (v.until === null || revision < v.until))
    // Before the record of the past begins the same place is the cautious guess: in use rather than not.
    const place = then ? present.indexOf(then.rights[right] ?? '') : right
    return place >= 0 && place < present.length ? place : undefined
  }
}

interface RoleVersion {
  readonly since: number
  /** Null: it stands. */
  readonly until: number | null
  readonly rights: readonly string[]
}

const rightsOf = (body: string): string[] => (JSON.parse(body) as { rights: readonly object[] }).rights.map(canonical)

/** Equal texts for equal meanings, whatever the order of fields and lists. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
  return `{${fields.sort().join()}}`
}
