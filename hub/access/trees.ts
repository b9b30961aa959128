/** Zones lie in zones, roles inherit from roles: walking up, and never round a cycle. */

/** The zone and those above it, innermost first; ends at a cycle rather than running round it. */
export function upwards(zone: string, parents: ReadonlyMap<string, string | undefined>): ReadonlySet<string> {
  const chain = new Set<string>()
  for (let at: string | undefined = zone; at !== undefined && !chain.has(at); at = parents.get(at)) chain.add(at)
  return chain
}

/** These and everything reached from them, nearest first; each once, so a cycle ends. */
export function closure(start: Iterable<string>, next: (id: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set(start)
  // A set hands out what is added to it while it is walked.
  for (const id of found) for (const other of next(id)) found.add(other)
  return found
}
