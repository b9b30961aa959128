/** What roles give, point by point: each role by itself, and the sets of roles that people hold. */
import type { Timetable } from './calendar.ts'
import type { Reach } from './places.ts'
import { joined, listsOf, noRules, type RuleTable, withRule } from './rule-table.ts'
import type { Right, Role } from './site.ts'
import type { Profile, SnapshotRule } from './snapshot.ts'
import { closure } from './trees.ts'

/** What one role states itself, without what it inherits. */
export interface RoleRights {
  readonly role: string
  readonly inherits: readonly string[]
  readonly lockdownRank: number
  readonly allow: RuleTable
  readonly deny: RuleTable
  /** Indexes of points. */
  readonly breakGlass: readonly number[]
}

/** What a role is compiled against: `points` is how many there are. */
export interface Ground {
  readonly points: number
  readonly reach: Reach
  readonly timetables: ReadonlyMap<string, Timetable>
}

/** What does not fit together allows nothing; a deny in a schedule that does not exist stands at all hours. */
export function roleRights(role: Role, ground: Ground): RoleRights {
  let [allow, deny] = [noRules(ground.points), noRules(ground.points)]
  for (const [place, right] of role.rights.entries()) {
    const points = ground.reach(right)
    const timetable = ground.timetables.get(right.schedule)
    if (right.effect === 'deny') deny = withRule(deny, ruleOf(role.id, right, place, timetable ?? AT_ALL_HOURS), points)
    else if (timetable) allow = withRule(allow, ruleOf(role.id, right, place, timetable), points)
  }
  return {
    role: role.id,
    inherits: role.inherits ?? [],
    lockdownRank: role.lockdownRank ?? 0,
    allow,
    deny,
    breakGlass: (role.breakGlass ?? []).flatMap(scope => ground.reach(scope)),
  }
}

const AT_ALL_HOURS: Timetable = { weekly: Array.from({ length: 7 }, () => [0, 1_440]), special: [], overnight: 0 }

const ruleOf = (role: string, { requires }: Right, right: number, timetable: Timetable): SnapshotRule =>
  Object.freeze({ role, right, timetable, ...(requires && { requires }) })

/** Stands where a profile was that nobody holds any more. */
export const EMPTY_PROFILE: Profile = Object.freeze({
  roles: new Set<string>(),
  lockdownRank: 0,
  allow: [],
  deny: [],
  breakGlass: [],
})

/** A set of roles in one order: people who hold the same ones share a profile. Ids hold no comma. */
export const profileKey = (roles: readonly string[]): string => [...new Set(roles)].sort().join()

/** The roles of a key and all they inherit, own ones first; also those that do not exist (yet). */
export function rolesOf(key: string, roles: ReadonlyMap<string, RoleRights>): ReadonlySet<string> {
  return closure(key === '' ? [] : key.split(','), id => roles.get(id)?.inherits ?? [])
}

/** Adds up what the roles of a closure give. */
export function profileOf(held: ReadonlySet<string>, roles: ReadonlyMap<string, RoleRights>, points: number): Profile {
  const rights = [...held].map(id => roles.get(id)).filter(r => r !== undefined)
  const breakGlass = new Array<true | undefined>(points).fill(undefined)
  for (const role of rights) for (const index of role.breakGlass) breakGlass[index] = true
  const none = noRules(points)
  return Object.freeze({
    roles: new Set(rights.map(r => r.role)),
    lockdownRank: Math.max(0, ...rights.map(r => r.lockdownRank)),
    allow: listsOf(rights.reduce((sum, r) => joined(sum, r.allow), none)),
    deny: listsOf(rights.reduce((sum, r) => joined(sum, r.deny), none)),
    breakGlass,
  })
}
