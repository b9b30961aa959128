/** Every route of the document, by method and path. */
import { Type } from '#devices/schema.ts'
import type { Operation, Operations } from './operation.ts'
import { ACCESS } from './operations-access.ts'
import { ACCOUNTS } from './operations-accounts.ts'
import { APPROVALS } from './operations-approvals.ts'
import { DIRECTORY } from './operations-directory.ts'
import { INCIDENTS } from './operations-incidents.ts'
import { INVENTORY } from './operations-inventory.ts'
import { JOURNAL } from './operations-journal.ts'
import { LIVE } from './operations-live.ts'
import { MOVEMENTS } from './operations-movements.ts'
import { SERIES } from './operations-series.ts'
import { SESSION } from './operations-session.ts'
import { STATIONS } from './operations-stations.ts'
import { TENANTS } from './operations-tenants.ts'
import { VISITS } from './operations-visits.ts'
import { WATCH } from './operations-watch.ts'
import { WEBHOOKS } from './operations-webhooks.ts'

const SELF: Operations = {
  'GET /api/v1/openapi.json': {
    id: 'getDocument',
    tag: 'hub',
    says: { en: 'This description of the API (OpenAPI 3.1).', fr: 'Cette description de l’API (OpenAPI 3.1).' },
    answers: { 200: Type.Object({}, { additionalProperties: true }), 304: null },
    etag: true,
    headers: ['if-none-match'],
  },
}

export const OPERATIONS: Operations = {
  ...SESSION,
  ...ACCOUNTS,
  ...LIVE,
  ...ACCESS,
  ...APPROVALS,
  ...DIRECTORY,
  ...INVENTORY,
  ...JOURNAL,
  ...MOVEMENTS,
  ...SERIES,
  ...STATIONS,
  ...TENANTS,
  ...INCIDENTS,
  ...VISITS,
  ...WATCH,
  ...WEBHOOKS,
  ...SELF,
}

const BY_ID = new Map(Object.values(OPERATIONS).map(o => [o.id, o]))
export const operationById = (id: string): Operation | undefined => BY_ID.get(id)
