/**
 * `npm run generate:api`: the types of the API's clients, from the document that a hub serves, into a file that is not
 * committed. Thus it can be neither edited nor out of date: `npm run check` makes it anew before it looks at the dashboard.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTypes, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { ApiDocument } from './api-document.ts'
import { TestHub } from './harness.ts'

const FILE = join(import.meta.dirname, '../../dashboard/src/api.generated.d.ts')

const hub = new TestHub({ VIGIE_LOG_LEVEL: 'info' })
try {
  await hub.start()
  const { document } = await ApiDocument.of(hub.origin)
  const types = await openapiTypes(document as unknown as OpenAPI3, { alphabetize: true, immutable: true })
  writeFileSync(FILE, `/* From the hub's own description: npm run generate:api */\n${astToString(types)}`)
} finally {
  await hub.close()
}
