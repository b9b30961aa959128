/** An address for each route. */
import type { Route } from '../http/app.ts'

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
