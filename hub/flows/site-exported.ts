/**
 * The site is written out as a file: as it stands, with the revision it stands at, so that applying it later is refused
 * where somebody else has changed the same things in between (site-applied.ts). PINs and grants are no part of it.
 */
import type { Site } from '../access/site.ts'

/** Lists in the order of the schema; ends with a line break. */
export function siteText(site: Site, revision: number): string {
  const { $schema: _, version, revision: __, ...rest } = site
  return `${JSON.stringify({ version, revision, ...rest }, null, 2)}\n`
}
