/** Compiled sites for tests, and looking things up in them. */
import { fullSite, pseudonymsOf } from '../../test/small-site.ts'
import { compile } from '../compile.ts'
import type { Grant } from '../grants.ts'
import type { Site } from '../site.ts'
import type { Profile, Snapshot, SnapshotPoint } from '../snapshot.ts'

export const NOON = Date.parse('2026-07-01T12:00:00+02:00')
export const HOUR = 3_600_000

export const compiled = (site: Site, grants: readonly Grant[] = [], now = 0): Snapshot =>
  compile(site, 3, pseudonymsOf(site), grants, now)

export const pointOf = (snapshot: Snapshot, id: string): SnapshotPoint =>
  [...snapshot.points.values()].find(p => p.accessPoint === id)!

/** The profile of a person of the site, by place in its list. */
export const profileOf = (snapshot: Snapshot, person: number): Profile =>
  snapshot.profiles[snapshot.people.get(`person-${person}`)!.profile]!

export function changed(change: (site: Site) => void, site = fullSite()): Site {
  change(site)
  return site
}
