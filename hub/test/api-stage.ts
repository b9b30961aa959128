/** A whole hub with the hospital of the demo, somebody of each role signed in, and what there is to be named in requests. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TokenMade } from '../api.ts'
import {
  byToken,
  type Capability,
  capabilitiesOf,
  isCapability,
  mayOperator,
  ROLES,
  type Role,
} from '../rules/roles.ts'
import { ApiDocument, type Call } from './api-document.ts'
import type { Target } from './api-fuzz.ts'
import type { Known } from './api-fuzz-inputs.ts'
import { TestHub } from './harness.ts'
import type { Seat } from './seat.ts'

const HOSPITAL = join(import.meta.dirname, '../../firmware-sim/hospital.site.json')

/** Of that hospital. `login` is nobody of those who are signed in. */
export const KNOWN: Known = {
  id: ['cab-02-a', 'lea-aubry', 't08', 'annexe', 'refus'],
  person: ['lea-aubry'],
  plan: ['confinement-pharmacie', 'evacuation-site'],
  zone: ['t08', 'hopital'],
  zones: ['hopital'],
  accessPoint: ['door-t15-front', 'cab-02-a-cabinet'],
  device: ['cab-02-a', 'door-t08'],
  kind: ['zone', 'person', 'badge', 'site', 'access.denied'],
  uid: ['04F20154592213'],
  badge: ['04F20154592213'],
  login: ['m.petit'],
  seq: ['1', '5'],
  at: ['07:02', '2026-11-23 03:00'],
  before: ['40'],
}
/** They end the very session that asks, or close the door behind it. */
export const ENDING: ReadonlySet<string> = new Set(['signOut', 'setUp'])

const DAY_MS = 86_400_000

export class ApiStage {
  readonly hub: TestHub
  readonly api: ApiDocument
  readonly seats: ReadonlyMap<Role, Seat>
  #program: Target | undefined

  private constructor(hub: TestHub, api: ApiDocument, seats: ReadonlyMap<Role, Seat>) {
    this.hub = hub
    this.api = api
    this.seats = seats
  }

  static async open(): Promise<ApiStage> {
    const hub = new TestHub({ VIGIE_TOKEN_RATE: '10000' }) // a fuzzer is in a hurry
    await hub.apply(JSON.parse(readFileSync(HOSPITAL, 'utf8')))
    await hub.start()
    await hub.setUp()
    const seats = new Map<Role, Seat>()
    for (const role of ROLES) seats.set(role, role === 'administrator' ? hub.admin : await hub.signInAs(role))
    const stage = new ApiStage(hub, await ApiDocument.of(hub.origin), seats)
    stage.#program = await stage.withToken(['directory.sync'])
    return stage
  }
  close(): Promise<void> {
    return this.hub.close()
  }

  get anonymous(): Target {
    return { port: this.hub.ready.httpPort, headers: { origin: this.hub.origin } }
  }
  as(role: Role): Target {
    const cookie = this.seats.get(role)?.cookie ?? ''
    return { ...this.anonymous, headers: { origin: this.hub.origin, cookie } }
  }
  /** No cookie, no Origin: a program. */
  async withToken(capabilities: readonly Capability[]): Promise<Target> {
    const wish = { name: 'Programme', capabilities, expiresAt: Date.now() + DAY_MS }
    const { token } = await this.hub.admin.post<TokenMade>('/api/v1/tokens', wish)
    return { ...this.anonymous, headers: { authorization: `Bearer ${token}` } }
  }
  /** All that a program may do in the administrator's name. */
  get widest(): readonly Capability[] {
    return capabilitiesOf({ role: 'administrator' }).filter(byToken)
  }

  /** Somebody who may. One's own account is the nurse's: it holds nothing that others need. */
  able({ operation }: Call): Target {
    const capability = operation['x-vigie-capability']
    if (!isCapability(capability)) return this.anonymous
    if (capability === 'account.own') return this.as('nurse')
    if (operation['x-vigie-token-only'] && this.#program) return this.#program
    const role = ROLES.findLast(one => mayOperator({ role: one }, capability))
    if (!role) throw new Error(`nobody may ${capability}`)
    return this.as(role)
  }

  /** Everybody proves once more who they are, and keeps codes for the next time. */
  async refresh(): Promise<void> {
    for (const seat of this.seats.values()) {
      await patiently(() => seat.stepUp())
      if (seat.totpSecret === '' || seat.recoveryCodes.length > 2) continue
      const made = await seat.post<{ recoveryCodes: string[] }>('/api/v1/account/recovery-codes')
      seat.recoveryCodes = made.recoveryCodes
    }
  }
}

/** What the hub puts off is tried again when it says so. */
async function patiently(ask: () => Promise<void>): Promise<void> {
  try {
    await ask()
  } catch (error) {
    const seconds = /"too-many-requests","seconds":(\d+)/.exec(String(error))?.[1]
    if (seconds === undefined) throw error
    await new Promise(resolve => setTimeout(resolve, Number(seconds) * 1000))
    await ask()
  }
}
