/**
 * The JSON Schema of a site file, as published for editors and other tools. Regenerate after a change of hub/access/site.ts:
 *
 *   node hub/test/site-schema.ts > docs/site.schema.json && npx biome format --write docs/site.schema.json
 */
import { Site } from '../access/site.ts'

export function siteSchema(): object {
  const { $id, ...rest } = Site as typeof Site & { readonly $id: string }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id,
    title: 'Vigie site file',
    description:
      'A whole site for `vigie plan` and `vigie apply`. Lists are complete: what they no longer name is withdrawn.',
    ...rest,
  }
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(siteSchema(), undefined, 2)}\n`)
