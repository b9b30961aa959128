/** The parts of the table of errors, by what they are about. */
import { ACCOUNT_ERRORS } from './error-table-accounts.ts'
import { APPROVALS_ERRORS } from './error-table-approvals.ts'
import { ARCHIVE_ERRORS } from './error-table-archive.ts'
import { BOUGHT_ERRORS } from './error-table-bought.ts'
import { DIRECTORY_ERRORS } from './error-table-directory.ts'
import { INCIDENTS_ERRORS } from './error-table-incidents.ts'
import { MOVEMENTS_ERRORS } from './error-table-movements.ts'
import { REMOTE_ERRORS } from './error-table-remote.ts'
import { SERIES_ERRORS } from './error-table-series.ts'
import { STATIONS_ERRORS } from './error-table-stations.ts'
import { TENANTS_ERRORS } from './error-table-tenants.ts'
import { VISITS_ERRORS } from './error-table-visits.ts'
import { WEBHOOKS_ERRORS } from './error-table-webhooks.ts'

export const MORE_ERRORS = {
  ...ACCOUNT_ERRORS,
  ...APPROVALS_ERRORS,
  ...ARCHIVE_ERRORS,
  ...BOUGHT_ERRORS,
  ...DIRECTORY_ERRORS,
  ...INCIDENTS_ERRORS,
  ...MOVEMENTS_ERRORS,
  ...REMOTE_ERRORS,
  ...SERIES_ERRORS,
  ...STATIONS_ERRORS,
  ...TENANTS_ERRORS,
  ...VISITS_ERRORS,
  ...WEBHOOKS_ERRORS,
} as const
