/** A whole hub with one door and one cabinet, and connected applications at it: for tests of what they may do. */
import type { GrantRequest, Problem, TenantScope, TenantTokenMade } from '../api.ts'
import type { Recorded, VigieEvent } from '../events.ts'
import { EventReader } from './event-reader.ts'
import { smallSite, type TestHub } from './harness.ts'

export const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Visitors, at the hall's door, by appointment. */
export const SCOPE: TenantScope = {
  zones: ['hall'],
  accessPoints: [],
  classes: ['door'],
  origins: ['appointment'],
  longestMs: 4 * HOUR,
  aheadMs: 10 * DAY,
  mostGrants: 50,
  people: { roles: ['visitor'], ids: [] },
  events: ['access.granted', 'access.denied', 'grant.issued', 'grant.revoked', 'point.opened'],
  webhooks: false,
}

/** As a program of another house would: nothing but HTTP and the token. */
export class TestTenant {
  readonly id: string
  token: string
  readonly #hub: TestHub

  constructor(hub: TestHub, id: string, token: string) {
    this.#hub = hub
    this.id = id
    this.token = token
  }

  static async register(hub: TestHub, id: string, scope: Partial<TenantScope> = {}, lifeMs = DAY): Promise<TestTenant> {
    const { token } = await hub.admin.post<TenantTokenMade>('/api/v1/tenants', {
      ...{ id, name: `Application ${id}`, expiresAt: Date.now() + lifeMs },
      scope: { ...SCOPE, ...scope },
    })
    return new TestTenant(hub, id, token)
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` }
  }

  ask(method: string, path: string, body?: object, more: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.#hub.origin}${path}`, {
      method,
      headers: { ...this.headers, ...(body && { 'content-type': 'application/json' }), ...more },
      ...(body && { body: JSON.stringify(body) }),
    })
  }

  /** @throws with the problem where it is refused */
  async get<T>(path: string): Promise<T> {
    const answer = await this.ask('GET', path)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  /** @returns status, code and field of what it is answered */
  async tries(method: string, path: string, body?: object): Promise<readonly [number, string?, string?]> {
    const answer = await this.ask(method, path, body)
    const text = await answer.text()
    if (answer.ok) return [answer.status]
    const { code, field } = JSON.parse(text) as Problem
    return field === undefined ? [answer.status, code] : [answer.status, code, field]
  }

  follow(lastId?: string): Promise<EventReader> {
    return EventReader.open(`${this.#hub.origin}/api/v1/events/stream`, this.headers, lastId)
  }
}

/** T. Ferrand, a visitor, at the hall's door for an hour. */
export const wish = (over: Partial<GrantRequest> = {}): GrantRequest => ({
  person: 't-ferrand',
  target: { accessPoint: 'door-1' },
  origin: 'appointment',
  from: Date.now(),
  until: Date.now() + HOUR,
  ...over,
})

export const site = () => smallSite()

export async function rowsOf<K extends VigieEvent['kind']>(
  hub: TestHub,
  kind: K,
): Promise<(VigieEvent & { readonly kind: K })[]> {
  const rows: Recorded[] = await hub.journal(5_000)
  return rows.flatMap(r => (r.event.kind === kind ? [r.event as VigieEvent & { readonly kind: K }] : []))
}
