/** Zones lie in zones: what somebody may see or do in one holds for everything below it too. Pure. */

export interface ZoneNode {
  readonly id: string
  readonly parent?: string
}

/** These zones and all below them; a cycle ends, and a zone that is not of the site stands for itself. */
export function zonesBelow(zones: readonly ZoneNode[], tops: Iterable<string>): ReadonlySet<string> {
  const found = new Set(tops)
  for (let size = -1; size < found.size; ) {
    size = found.size
    for (const { id, parent } of zones) if (parent !== undefined && found.has(parent)) found.add(id)
  }
  return found
}

/** The zones somebody's role counts in; undefined: everywhere, and for what lies in no zone too. */
export type Reach = ReadonlySet<string> | undefined

export const reachOf = (zones: readonly ZoneNode[], tops: readonly string[] | undefined): Reach =>
  tops && zonesBelow(zones, tops)

/** What lies in no zone is for those whose role counts everywhere. */
export const within = (reach: Reach, zone: string | undefined): boolean =>
  reach === undefined || (zone !== undefined && reach.has(zone))

/** @param event of the journal: in a zone of theirs, or told of their own account or doing. @param own pseudonym of the operator */
export function tellsTo(event: object, reach: Reach, own: string): boolean {
  const { zone, by, operator } = event as { readonly [field in 'zone' | 'by' | 'operator']?: unknown }
  return reach === undefined || by === own || operator === own || (typeof zone === 'string' && reach.has(zone))
}
