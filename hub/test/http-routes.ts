/** The operators' routes that ask for a session, in their order, and an address for each. */
import type { Route } from '../http/app.ts'

export const GUARDED: readonly string[] = [
  'DELETE /api/v1/session',
  'GET /api/v1/site',
  'GET /api/v1/devices',
  'GET /api/v1/devices/:id',
  'GET /api/v1/events',
  'GET /api/v1/health',
  'GET /api/v1/situations',
  'POST /api/v1/lockdowns/:plan',
  'DELETE /api/v1/lockdowns/:plan',
  'POST /api/v1/evacuations/:plan',
  'POST /api/v1/evacuations/:plan/resume',
  'DELETE /api/v1/evacuations/:plan',
  'POST /api/v1/evacuations/:plan/safe',
  'GET /api/v1/evacuations/:plan/muster',
  'POST /api/v1/passback/reset',
  'POST /api/v1/interlocks/:accessPoint/reset',
  'GET /api/v1/reviews',
  'POST /api/v1/reviews/:id/closing',
  'GET /api/v1/grants',
  'POST /api/v1/grants',
  'DELETE /api/v1/grants/:id',
  'POST /api/v1/badges/:uid/lost',
  'PUT /api/v1/people/:id/pin',
  'DELETE /api/v1/people/:id/pin',
  'PUT /api/v1/operators/:login/person',
  'DELETE /api/v1/operators/:login/person',
  'GET /api/v1/site/export',
  'GET /api/v1/site/items/:kind',
  'GET /api/v1/site/items/:kind/:id',
  'PUT /api/v1/site/items/:kind/:id',
  'DELETE /api/v1/site/items/:kind/:id',
]

const SAMPLES: Readonly<Record<string, string>> = {
  id: 'cabinet-1',
  plan: 'south',
  accessPoint: 'trap-a',
  uid: '04A2B3C4',
  kind: 'role',
  login: 'claire',
}
export const pathOf = (route: Route): string =>
  route.url.replace(/:(\w+)/g, (_, name: string) => SAMPLES[name] ?? name).replace('*', '')
