/** Checks of access points: reader and lock exist, they fail as their class says, conditions and passages make sense. */
import { EXPECTED } from './expected.ts'
import { type Found, idsOf, repeated } from './problems.ts'
import { type AccessPoint, CLASSES, type Site } from './site.ts'
import { pointKey } from './snapshot.ts'
import { ofConditions } from './validate-roles.ts'

/** What the validator must be told of device models. */
export interface Knows {
  model(id: string): boolean
  /** True if that point exists on that model and has a lock. */
  canUnlock(model: string, point: string): boolean
  /** True if that point exists on that model and reads badges. Not checked where left out. */
  readsBadges?(model: string, point: string): boolean
  /** Speaks for bought devices. */
  isGateway(model: string): boolean
  /** Is heard through a gateway, and trusted less. */
  isBought(model: string): boolean
}

export function* ofAccessPoints(site: Site, knows: Knows): Found {
  const zones = idsOf(site.zones)
  const roles = idsOf(site.roles)
  const models = new Map(site.devices.map(d => [d.id, d.model]))
  yield* repeated(site.accessPoints, a => a.id, 'accessPoints', 'id')
  yield* repeated(site.accessPoints, a => pointKey(a.device, a.point), 'accessPoints', 'point', EXPECTED.reader)
  for (const [i, point] of site.accessPoints.entries()) {
    const pointer = `/accessPoints/${i}`
    if (!zones.has(point.zone)) yield { pointer: `${pointer}/zone`, expected: EXPECTED.zone }
    yield* ofFailureMode(point, pointer)
    const reader = [...ofReader(point, pointer, models, knows)]
    yield* reader
    if (point.lock || reader.length === 0) yield* ofLock(point, pointer, models, knows)
    yield* ofConditions(point.requires, `${pointer}/requires`, roles)
    yield* ofPassage(point, `${pointer}/passage`, zones)
  }
}

function* ofFailureMode(point: AccessPoint, pointer: string): Found {
  const { fixed, failureMode } = CLASSES[point.class]
  if (fixed && point.failureMode !== undefined && point.failureMode !== failureMode) {
    yield { pointer: `${pointer}/failureMode`, expected: `${failureMode}: the class ${point.class} always fails so` }
  }
}

function* ofReader(point: AccessPoint, pointer: string, models: ReadonlyMap<string, string>, knows: Knows): Found {
  const model = models.get(point.device)
  if (model === undefined) yield { pointer: `${pointer}/device`, expected: EXPECTED.deviceHere }
  else if (knows.model(model) && knows.readsBadges?.(model, point.point) === false)
    yield { pointer: `${pointer}/point`, expected: `a point of ${model} that reads badges` }
}

function* ofLock(point: AccessPoint, pointer: string, models: ReadonlyMap<string, string>, knows: Knows): Found {
  const lock = point.lock ?? point
  const base = point.lock ? `${pointer}/lock` : pointer
  const model = models.get(lock.device)
  if (model === undefined && point.lock) yield { pointer: `${base}/device`, expected: EXPECTED.deviceHere }
  if (model !== undefined && knows.model(model) && !knows.canUnlock(model, lock.point))
    yield { pointer: `${base}/point`, expected: `a point of ${model} that has a lock` }
}

/** Only doors are gone through: nobody is inside a drawer. */
function* ofPassage({ class: kind, passage }: AccessPoint, pointer: string, zones: ReadonlySet<string>): Found {
  if (!passage) return
  if (kind !== 'door' && kind !== 'escape-door') yield { pointer, expected: EXPECTED.passageClass }
  if (!zones.has(passage.from)) yield { pointer: `${pointer}/from`, expected: EXPECTED.zone }
  if (!zones.has(passage.to)) yield { pointer: `${pointer}/to`, expected: EXPECTED.zone }
  else if (passage.from === passage.to) yield { pointer: `${pointer}/to`, expected: EXPECTED.otherSide }
}
