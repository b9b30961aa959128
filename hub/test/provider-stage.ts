/** A hub that knows an identity provider, and a browser before both. */
import type { OperatorView, SessionInfo } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { smallSite, TestHub, until } from './harness.ts'
import type { Wanderer } from './wanderer.ts'

export const GROUPS = {
  groups: [
    { group: 'Vigie Admins', operator: { role: 'administrator' } },
    { group: 'Vigie IT', operator: { role: 'it' } },
    { group: 'Soins', operator: { role: 'ward-manager', zones: ['ward'] }, roles: ['nurse'] },
    { group: 'Infirmerie', operator: { role: 'nurse' } },
    { group: 'Brancardage', roles: ['visitor'] },
  ],
}

export const START = '/api/v1/session/provider'
export const CALLBACK = '/api/v1/session/provider/callback'
export const SESSION = '__Host-vigie'
export const TRANSACTION = '__Host-vigie-oidc'

/** With an administrator of its own, signed in. */
export async function hubWith(settings: Record<string, string>): Promise<TestHub> {
  const hub = new TestHub(settings)
  await hub.apply(smallSite())
  await hub.start()
  await hub.setUp()
  return hub
}

/** From the sign-in page's button to where it ends. @returns the last address */
export async function signIn(hub: TestHub, browser: Wanderer, start = START): Promise<string> {
  const way = await browser.go(
    `${hub.origin}${start}`,
    ({ origin, pathname }) => origin === hub.origin && pathname === '/',
  )
  return way.at(-1)!.slice(hub.origin.length)
}

/** As the page asks, which is no other site. */
export async function sessionOf(hub: TestHub, browser: Wanderer): Promise<SessionInfo> {
  const answer = await browser.step(`${hub.origin}/api/v1/session`)
  return (await answer.json()) as SessionInfo
}

/** By way of the administrator. */
export const operatorOf = (hub: TestHub, login: string): Promise<OperatorView> =>
  hub.get<OperatorView>(`/api/v1/operators/${login}`)

/** Rows of a kind, oldest first, once there are as many. */
export async function rowsOf<K extends VigieEvent['kind']>(
  hub: TestHub,
  kind: K,
  count = 1,
): Promise<Extract<VigieEvent, { readonly kind: K }>[]> {
  return until(`${count} rows ${kind}`, async () => {
    const rows = (await hub.journal()).flatMap(({ event }) =>
      event.kind === kind ? [event as Extract<VigieEvent, { readonly kind: K }>] : [],
    )
    return rows.length >= count && rows
  })
}
