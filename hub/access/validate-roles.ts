/** Checks of roles: what they reach, under which conditions, and from whom they inherit. */
import { EXPECTED } from './expected.ts'
import { type Found, idsOf, references, repeated } from './problems.ts'
import type { Conditions, PointClass, Right, Role, Scope, Site } from './site.ts'
import { closure } from './trees.ts'

/** What roles may name. */
interface Known {
  readonly zones: ReadonlySet<string>
  readonly classOf: ReadonlyMap<string, PointClass>
  readonly schedules: ReadonlySet<string>
  readonly inherits: ReadonlyMap<string, readonly string[]>
  readonly roles: ReadonlySet<string>
}

export function* ofRoles(site: Site): Found {
  const known: Known = {
    zones: idsOf(site.zones),
    classOf: new Map(site.accessPoints.map(a => [a.id, a.class])),
    schedules: idsOf(site.schedules),
    inherits: new Map(site.roles.map(r => [r.id, r.inherits ?? []])),
    roles: idsOf(site.roles),
  }
  yield* repeated(site.roles, r => r.id, 'roles', 'id')
  for (const [i, role] of site.roles.entries()) {
    for (const [j, right] of role.rights.entries()) yield* ofRight(right, `/roles/${i}/rights/${j}`, known)
    yield* ofInheritance(role, `/roles/${i}/inherits`, known)
    for (const [j, scope] of (role.breakGlass ?? []).entries())
      yield* ofScope(scope, `/roles/${i}/breakGlass/${j}`, known)
  }
}

function* ofRight(right: Right, pointer: string, known: Known): Found {
  yield* ofScope(right, pointer, known)
  if (!known.schedules.has(right.schedule)) yield { pointer: `${pointer}/schedule`, expected: EXPECTED.schedule }
  if (right.effect === 'deny' && right.requires)
    yield { pointer: `${pointer}/requires`, expected: EXPECTED.denyRequires }
  else yield* ofConditions(right.requires, `${pointer}/requires`, known.roles)
}

/** What a right, or a grant, is about. */
export function* ofScope(
  { zone, accessPoint, classes }: Scope,
  pointer: string,
  known: Pick<Known, 'zones' | 'classOf'>,
): Found {
  const places = [zone, accessPoint].filter(place => place !== undefined).length
  if (places === 2 || (places === 0 && classes === undefined)) yield { pointer, expected: EXPECTED.oneScope }
  if (zone !== undefined && !known.zones.has(zone)) yield { pointer: `${pointer}/zone`, expected: EXPECTED.zone }
  if (accessPoint === undefined) return
  const own = known.classOf.get(accessPoint)
  if (own === undefined) yield { pointer: `${pointer}/accessPoint`, expected: EXPECTED.accessPoint }
  else if (classes && !classes.includes(own)) yield { pointer: `${pointer}/classes`, expected: EXPECTED.ownClass }
}

export function* ofConditions(conditions: Conditions | undefined, pointer: string, roles: ReadonlySet<string>): Found {
  const witness = conditions?.witness
  if (witness && !roles.has(witness.role)) yield { pointer: `${pointer}/witness/role`, expected: EXPECTED.role }
}

function* ofInheritance({ id, inherits = [] }: Role, pointer: string, known: Known): Found {
  yield* references(inherits, pointer, known.roles, EXPECTED.role)
  for (const [j, other] of inherits.entries()) {
    const leadsBack = closure([other], role => known.inherits.get(role) ?? []).has(id)
    if (leadsBack) yield { pointer: `${pointer}/${j}`, expected: EXPECTED.inherits }
  }
}
