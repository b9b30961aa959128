/** A hub that a directory provisions by SCIM, and the directory: requests as Entra ID and Okta document them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SiteItem, TokenMade } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { smallSite, TestHub } from './harness.ts'

const DAY = 86_400_000
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'
export const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

export const GROUPS = {
  groups: [
    { group: 'Vigie IT', operator: { role: 'it' } },
    { group: 'Vigie Admins', operator: { role: 'administrator' } },
    { group: 'Cadres', operator: { role: 'ward-manager', zones: ['ward'] }, roles: ['nurse'] },
    { group: 'Soins', roles: ['nurse'] },
    { group: 'Brancardage', roles: ['visitor'] },
  ],
}

export interface Resource {
  readonly schemas: readonly string[]
  readonly id: string
  readonly meta: { readonly resourceType: string; readonly location: string; readonly version?: string }
  readonly userName?: string
  readonly displayName?: string
  readonly active?: boolean
  readonly externalId?: string
  readonly members?: readonly { readonly value: string }[]
  readonly [attribute: string]: unknown
}
export interface Listed {
  readonly schemas: readonly string[]
  readonly totalResults: number
  readonly startIndex: number
  readonly itemsPerPage: number
  readonly Resources: readonly Resource[]
}
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Resource & Listed & { readonly scimType?: string; readonly detail?: string }
}
type Operation = { readonly op: string; readonly path?: string; readonly value?: unknown }

/** The directory: nothing but HTTP and its token. */
export class TestDirectory {
  readonly #hub: TestHub
  readonly token: string

  constructor(hub: TestHub, token: string) {
    this.#hub = hub
    this.token = token
  }

  static async connect(hub: TestHub): Promise<TestDirectory> {
    const wish = { name: 'Annuaire', capabilities: ['directory.sync'], expiresAt: Date.now() + DAY }
    const { token } = await hub.admin.post<TokenMade>('/api/v1/tokens', wish)
    return new TestDirectory(hub, token)
  }

  async ask(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Answered> {
    const answer = await fetch(`${this.#hub.origin}/scim/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'content-type': 'application/scim+json' }),
        ...more,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) }
  }
  /** @throws with what was answered where it is refused */
  async does(method: string, path: string, body?: unknown): Promise<Resource & Listed> {
    const answer = await this.ask(method, path, body)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  user(userName: string, more: object = {}): Promise<Resource> {
    const [given = '', family = ''] = userName.split(/[.@]/)
    const name = { givenName: given, familyName: family, formatted: `${given} ${family}` }
    return this.does('POST', '/Users', {
      schemas: [USER],
      userName,
      name,
      displayName: userName,
      active: true,
      ...more,
    })
  }
  group(displayName: string, members: readonly string[] = []): Promise<Resource> {
    return this.does('POST', '/Groups', { schemas: [GROUP], displayName, members: members.map(value => ({ value })) })
  }
  patch(path: string, ...Operations: readonly Operation[]): Promise<Answered> {
    return this.ask('PATCH', path, { schemas: [PATCH], Operations })
  }
  find(kind: 'Users' | 'Groups', filter: string, more = ''): Promise<Listed> {
    return this.does('GET', `/${kind}?filter=${encodeURIComponent(filter)}${more}`)
  }
}

export interface SitePerson {
  readonly id: string
  readonly name: string
  readonly roles: readonly string[]
  readonly validUntil?: string
}

export class ScimStage {
  readonly #dir = mkdtempSync(join(tmpdir(), 'vigie-scim-'))
  readonly #file = join(this.#dir, 'groups.json')
  readonly hub: TestHub
  #directory: TestDirectory | undefined

  constructor(groups: object = GROUPS) {
    writeFileSync(this.#file, JSON.stringify(groups))
    this.hub = new TestHub({
      ...{ VIGIE_DIRECTORY_FILE: this.#file, VIGIE_TOKEN_RATE: '100000' },
      ...{ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000' },
    })
  }

  async start(): Promise<void> {
    await this.hub.apply(smallSite())
    await this.hub.vigie('device', 'add', '--declared', '--out', this.hub.certs)
    await this.hub.start()
    await this.hub.setUp()
    this.#directory = await TestDirectory.connect(this.hub)
  }
  /** Another file of groups, and the hub started again with it. */
  async restartWith(groups: object): Promise<void> {
    await this.hub.end()
    writeFileSync(this.#file, JSON.stringify(groups))
    await this.hub.start()
  }
  async close(): Promise<void> {
    await this.hub.close()
    rmSync(this.#dir, { recursive: true, force: true })
  }

  get directory(): TestDirectory {
    if (!this.#directory) throw new Error('start() comes first')
    return this.#directory
  }

  /** Of the site, by id; undefined where there is none. */
  async person(id: string): Promise<SitePerson | undefined> {
    const answer = await this.hub.fetch(`/api/v1/site/items/person/${id}`)
    return answer.status === 404 ? undefined : (((await answer.json()) as SiteItem).item as SitePerson)
  }
  /** Gives a person of the site a badge, and says so to the hub. */
  async badge(uid: string, person: string): Promise<void> {
    await this.hub.admin.fetch(`/api/v1/site/items/badge/${uid}`, {
      ...{ method: 'PUT', headers: { 'if-none-match': '*' } },
      body: JSON.stringify({ uid, person, status: 'active' }),
    })
  }
  async rowsAfter(seq: number): Promise<VigieEvent[]> {
    return (await this.hub.journal(5_000)).filter(r => r.seq > seq).map(r => r.event)
  }
  async newest(): Promise<number> {
    return (await this.hub.journal(1)).at(-1)?.seq ?? 0
  }
}
