/**
 * What a site's shape can't say: that references lead somewhere, ids are unique, windows don't overlap, and no point is
 * declared to fail in a direction its class forbids. Pure; linear in the size of the site.
 */
import { type Window, wallClock, windowsOf } from './calendar.ts'
import { instantOf } from './instant.ts'
import { type AccessPoint, CLASSES, type Role, type Schedule, type Site } from './site.ts'
import { pointKey } from './snapshot.ts'

/** Where (a JSON pointer) and what should stand there. Never quotes what stands there now. */
export interface Problem {
  readonly pointer: string
  readonly expected: string
}

/** What the validator must be told of device models. */
export interface Knows {
  model(id: string): boolean
  /** True if that point exists on that model and has a lock. */
  canUnlock(model: string, point: string): boolean
  /** True if that point exists on that model and reads badges. Not checked where left out. */
  readsBadges?(model: string, point: string): boolean
}

type Found = Generator<Problem>

/** @returns every problem, list after list in the order of the schema; empty if the site can be applied. */
export function validate(site: Site, knows: Knows): Problem[] {
  return [
    ...ofTimeZone(site),
    ...ofZones(site),
    ...ofSchedules(site),
    ...ofDevices(site, knows),
    ...ofAccessPoints(site, knows),
    ...ofRoles(site),
    ...ofPeople(site),
    ...ofBadges(site),
  ]
}

const idsOf = (list: readonly { readonly id: string }[]): Set<string> => new Set(list.map(item => item.id))

function* ofTimeZone(site: Site): Found {
  const zone = wallClock(site.site.timeZone)
  if (!zone.ok) yield { pointer: '/site/timeZone', expected: zone.expected }
}

function* ofZones(site: Site): Found {
  const parents = new Map(site.zones.map(z => [z.id, z.parent]))
  yield* repeated(site.zones, z => z.id, 'zones', 'id')
  for (const [i, zone] of site.zones.entries()) {
    const pointer = `/zones/${i}/parent`
    if (zone.parent === undefined) continue
    if (!parents.has(zone.parent)) yield { pointer, expected: 'an existing zone id' }
    else if (isBelowItself(zone.id, parents)) yield { pointer, expected: 'a zone that is not this one or below it' }
  }
}

function isBelowItself(zone: string, parents: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>()
  for (let at = parents.get(zone); at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === zone) return true
    seen.add(at)
  }
  return false
}

function* ofSchedules(site: Site): Found {
  yield* repeated(site.schedules, s => s.id, 'schedules', 'id')
  for (const [i, schedule] of site.schedules.entries()) {
    for (const [j, line] of schedule.weekly.entries()) {
      if (line.from === '24:00')
        yield { pointer: `/schedules/${i}/weekly/${j}/from`, expected: '00:00 to 23:59 (24:00 can only end a window)' }
    }
    yield* overlaps(schedule, `/schedules/${i}/weekly`)
  }
}

function* overlaps(schedule: Schedule, pointer: string): Found {
  const windows = schedule.weekly
    .flatMap((line, index) => windowsOf(line).map(w => ({ ...w, index })))
    .sort((a, b) => a.from - b.from)
  const told = new Set<number>()
  let widest: (Window & { index: number }) | undefined
  for (const window of windows) {
    if (widest && window.from < widest.to) told.add(Math.max(window.index, widest.index))
    if (!widest || window.to > widest.to) widest = window
  }
  for (const index of told)
    yield { pointer: `${pointer}/${index}`, expected: 'hours that no other line of this schedule covers' }
}

function* ofDevices(site: Site, knows: Knows): Found {
  const zones = idsOf(site.zones)
  yield* repeated(site.devices, d => d.id, 'devices', 'id')
  for (const [i, device] of site.devices.entries()) {
    if (!knows.model(device.model)) yield { pointer: `/devices/${i}/model`, expected: 'a known device model' }
    if (!zones.has(device.zone)) yield { pointer: `/devices/${i}/zone`, expected: 'an existing zone id' }
  }
}

function* ofAccessPoints(site: Site, knows: Knows): Found {
  const zones = idsOf(site.zones)
  const models = new Map(site.devices.map(d => [d.id, d.model]))
  yield* repeated(site.accessPoints, a => a.id, 'accessPoints', 'id')
  yield* repeated(
    site.accessPoints,
    a => pointKey(a.device, a.point),
    'accessPoints',
    'point',
    'a point that no other access point of this file uses',
  )
  for (const [i, point] of site.accessPoints.entries()) {
    const pointer = `/accessPoints/${i}`
    if (!zones.has(point.zone)) yield { pointer: `${pointer}/zone`, expected: 'an existing zone id' }
    yield* ofFailureMode(point, pointer)
    const reader = [...ofReader(point, pointer, models, knows)]
    yield* reader
    if (point.lock || reader.length === 0) yield* ofLock(point, pointer, models, knows)
  }
}

function* ofFailureMode(point: AccessPoint, pointer: string): Found {
  const { fixed, failureMode } = CLASSES[point.class]
  if (fixed && point.failureMode !== undefined && point.failureMode !== failureMode) {
    yield { pointer: `${pointer}/failureMode`, expected: `${failureMode}: the class ${point.class} always fails so` }
  }
}

const DEVICE = 'the id of a device of this file'

function* ofReader(point: AccessPoint, pointer: string, models: ReadonlyMap<string, string>, knows: Knows): Found {
  const model = models.get(point.device)
  if (model === undefined) yield { pointer: `${pointer}/device`, expected: DEVICE }
  else if (knows.model(model) && knows.readsBadges?.(model, point.point) === false)
    yield { pointer: `${pointer}/point`, expected: `a point of ${model} that reads badges` }
}

function* ofLock(point: AccessPoint, pointer: string, models: ReadonlyMap<string, string>, knows: Knows): Found {
  const lock = point.lock ?? point
  const base = point.lock ? `${pointer}/lock` : pointer
  const model = models.get(lock.device)
  if (model === undefined && point.lock) yield { pointer: `${base}/device`, expected: DEVICE }
  if (model !== undefined && knows.model(model) && !knows.canUnlock(model, lock.point))
    yield { pointer: `${base}/point`, expected: `a point of ${model} that has a lock` }
}

function* ofRoles(site: Site): Found {
  const known = { zones: idsOf(site.zones), points: idsOf(site.accessPoints), schedules: idsOf(site.schedules) }
  yield* repeated(site.roles, r => r.id, 'roles', 'id')
  for (const [i, role] of site.roles.entries()) {
    for (const [j, right] of role.rights.entries()) yield* ofRight(right, `/roles/${i}/rights/${j}`, known)
  }
}

function* ofRight(
  right: Role['rights'][number],
  pointer: string,
  known: { readonly zones: Set<string>; readonly points: Set<string>; readonly schedules: Set<string> },
): Found {
  if ((right.zone === undefined) === (right.accessPoint === undefined))
    yield { pointer, expected: 'either zone or accessPoint, one of the two' }
  if (right.zone !== undefined && !known.zones.has(right.zone))
    yield { pointer: `${pointer}/zone`, expected: 'an existing zone id' }
  if (right.accessPoint !== undefined && !known.points.has(right.accessPoint))
    yield { pointer: `${pointer}/accessPoint`, expected: 'an existing access point id' }
  if (!known.schedules.has(right.schedule))
    yield { pointer: `${pointer}/schedule`, expected: 'an existing schedule id' }
}

function* ofPeople(site: Site): Found {
  const roles = idsOf(site.roles)
  yield* repeated(site.people, p => p.id, 'people', 'id')
  for (const [i, person] of site.people.entries()) {
    for (const [j, role] of person.roles.entries()) {
      if (!roles.has(role)) yield { pointer: `/people/${i}/roles/${j}`, expected: 'an existing role id' }
    }
    yield* ofValidity(person, `/people/${i}`)
  }
}

function* ofBadges(site: Site): Found {
  const people = idsOf(site.people)
  yield* repeated(site.badges, b => b.uid, 'badges', 'uid')
  for (const [i, badge] of site.badges.entries()) {
    if (!people.has(badge.person)) yield { pointer: `/badges/${i}/person`, expected: 'the id of a person of this file' }
    yield* ofValidity(badge, `/badges/${i}`)
  }
}

function* ofValidity(limits: { readonly validFrom?: string; readonly validUntil?: string }, pointer: string): Found {
  const from = instantOf(limits.validFrom ?? '0000-01-01T00:00Z')
  const until = instantOf(limits.validUntil ?? '9999-12-31T23:59Z')
  if (Number.isNaN(from)) yield { pointer: `${pointer}/validFrom`, expected: 'a date and time that exist' }
  if (Number.isNaN(until)) yield { pointer: `${pointer}/validUntil`, expected: 'a date and time that exist' }
  if (until <= from) yield { pointer: `${pointer}/validUntil`, expected: 'a time after validFrom' }
}

function* repeated<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
  path: string,
  field: string,
  expected = 'a value not used before in this list',
): Found {
  const seen = new Set<string>()
  for (const [i, item] of list.entries()) {
    const key = keyOf(item)
    if (seen.has(key)) yield { pointer: `/${path}/${i}/${field}`, expected }
    seen.add(key)
  }
}
