/** RFC 3339 instants of a site file, and the spans of validity made of them. */

/** Milliseconds since 1970, UTC; `from` inclusive, `until` exclusive. Open ends are infinite. */
export interface Validity {
  readonly from: number
  readonly until: number
}

/** @returns ms since 1970, UTC, or NaN for a date or time that does not exist, such as 30 February or 25:00. */
export function instantOf(text: string): number {
  const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.exec(text)?.[0]
  const wall = Date.parse(`${written}Z`)
  // The runtime turns some impossible dates into later ones, so the date must survive the way there and back.
  return Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(`${written}`) ? Number.NaN : Date.parse(text)
}

export function validityOf(limits: { readonly validFrom?: string; readonly validUntil?: string }): Validity {
  return {
    from: limits.validFrom === undefined ? Number.NEGATIVE_INFINITY : instantOf(limits.validFrom),
    until: limits.validUntil === undefined ? Number.POSITIVE_INFINITY : instantOf(limits.validUntil),
  }
}
