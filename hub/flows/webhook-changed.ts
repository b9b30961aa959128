/**
 * Somebody wants the hub to tell a receiver of what happens, or to tell it something else, or nothing more.
 *
 *   check    https, to a host that the settings list; zones and kinds that whoever asks may see
 *   record   the webhook and its journal row, with before and after, in one commit
 *
 * What operators set up is for all of them to look after, and tells what its owner may see: whoever changes what is told
 * becomes its owner. What an application set up it alone changes; operators pause, resume, try and remove it.
 */
import { VigieError } from '../errors.ts'
import { type EventKind, GUARDED_KINDS, type WebhookState } from '../events.ts'
import type { TenantScope } from '../rules/tenant-scope.ts'
import { WEBHOOK_LIMITS } from '../rules/webhooks.ts'
import { type Awaitable, shown } from './acting.ts'

export interface KnownWebhook {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly kinds: readonly EventKind[]
  readonly zones?: readonly string[]
  readonly tenant?: string
  readonly operator?: string
  readonly guarded: boolean
  readonly status: 'active' | 'paused'
  readonly revision: number
}
export type WebhookWish = Pick<KnownWebhook, 'name' | 'url' | 'kinds' | 'zones'>
export interface WebhookEdit extends Partial<Omit<WebhookWish, 'zones'>> {
  readonly zones?: readonly string[] | null
  readonly status?: 'active' | 'paused'
}
export interface WebhookAsking {
  /** Pseudonym, or `tenant:<id>`. */
  readonly by: string
  readonly guarded: boolean
  readonly tenant?: { readonly tenant: string; readonly scope: TenantScope }
}
interface Told {
  readonly at: number
  readonly id: string
  readonly by: string
  readonly tenant?: string
}
/** As the store keeps it. */
interface Stored {
  readonly name: string
  readonly url: string
  readonly kinds: string
  readonly zones: string | null
  readonly operator: string | null
  readonly guarded: number
}
interface Needs {
  readonly isOpen: () => boolean
  /** @throws VigieError webhook-host */
  readonly checkHost: (host: string) => Promise<void>
  readonly find: (id: string) => KnownWebhook | undefined
  /** Zones of the site that the application has; of the whole site where an operator asks. */
  readonly zonesOf: (tenant: WebhookAsking['tenant']) => ReadonlySet<string>
  /** Whether its application may have webhooks now. */
  readonly mayHave: (tenant: string) => boolean
  /** Whether rows of this kind are told of at all. */
  readonly isTold: (kind: EventKind) => boolean
  readonly newId: () => string
  readonly newSecret: () => string
  readonly add: (
    a: Omit<Told, 'id'> & {
      readonly hook: Stored & { readonly id: string; readonly tenant: string | null; readonly secret: string }
      readonly after: WebhookState
      readonly limits: { readonly all: number; readonly own: number }
    },
  ) => Awaitable<unknown>
  /** @throws VigieError edit-conflict */
  readonly put: (
    a: Told & {
      readonly expected: number
      readonly set: Stored & {
        readonly status: string
        readonly pausedBecause: string | null
        readonly pausedAt: number | null
      }
      readonly fresh: boolean
      readonly before: WebhookState
      readonly after: WebhookState
    },
  ) => Awaitable<unknown>
  /** @returns false if there is none */
  readonly drop: (a: Told & { readonly before: WebhookState }) => Awaitable<boolean>
  readonly putSecret: (a: Told & { readonly secret: string; readonly until: number }) => Awaitable<boolean>
  readonly now: () => number
}

export class WebhookChanged {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** What is there for whoever asks: one of somebody else's is none. @throws VigieError webhook-unknown */
  need(id: string, { tenant }: WebhookAsking): KnownWebhook {
    const known = this.#needs.find(id)
    if (!known || (tenant && known.tenant !== tenant.tenant))
      throw new VigieError('webhook-unknown', { webhook: shown(id) })
    return known
  }

  /** @returns its id and secret, this once @throws VigieError webhooks-closed, webhook-host, webhooks-full, ... */
  async create(wish: WebhookWish, who: WebhookAsking): Promise<{ readonly id: string; readonly secret: string }> {
    const { add, newId, newSecret, now } = this.#needs
    await this.#needWish(wish, who)
    const [id, secret, tenant] = [newId(), newSecret(), who.tenant?.tenant]
    const own = { ...wish, guarded: who.guarded, ...(tenant === undefined && { operator: who.by }) }
    await add({
      ...{ at: now(), by: who.by, ...(tenant !== undefined && { tenant }) },
      hook: { ...storedOf(own), id, secret, tenant: tenant ?? null },
      after: stateOf({ ...wish, status: 'active' }),
      limits: { all: WEBHOOK_LIMITS.all, own: tenant === undefined ? WEBHOOK_LIMITS.operators : WEBHOOK_LIMITS.tenant },
    })
    return { id, secret }
  }

  /** @throws VigieError webhook-unknown, webhook-foreign, webhook-ended, webhook-host, edit-conflict */
  async change(id: string, edit: WebhookEdit, expected: number, who: WebhookAsking): Promise<void> {
    const { put, now } = this.#needs
    const known = this.need(id, who)
    const { status = known.status, zones, ...said } = edit
    const { zones: _, ...rest } = known
    const around = zones === undefined ? known.zones : (zones ?? undefined)
    const next = { ...rest, ...said, ...(around && { zones: around }), status }
    const isTelling = edit.url !== undefined || edit.kinds !== undefined || zones !== undefined
    if (isTelling || edit.name !== undefined) needOwn(known, who)
    const resumed = known.status === 'paused' && status === 'active'
    if (isTelling || resumed) await this.#needWish(next, ownAsking(known, who))
    if (resumed) this.#needMayHave(known)
    const owned = known.tenant === undefined && (isTelling || resumed) ? { operator: who.by, guarded: who.guarded } : {}
    const at = now()
    const paused = status === 'paused'
    await put({
      ...{ at, id, by: who.by, expected, ...tenantOf(known), fresh: resumed || edit.url !== undefined },
      set: {
        ...storedOf({ ...next, ...owned }),
        ...{ status, pausedBecause: paused ? 'operator' : null, pausedAt: paused ? at : null },
      },
      ...{ before: stateOf(known), after: stateOf(next) },
    })
  }

  /** @throws VigieError webhook-unknown */
  async remove(id: string, who: WebhookAsking): Promise<void> {
    const { drop, now } = this.#needs
    const known = this.need(id, who)
    if (!(await drop({ at: now(), id, by: who.by, ...tenantOf(known), before: stateOf(known) })))
      throw new VigieError('webhook-unknown', { webhook: id })
  }

  /** @returns the new one, this once @throws VigieError webhook-unknown, webhook-foreign */
  async newSecret(id: string, who: WebhookAsking): Promise<string> {
    const { putSecret, newSecret, now } = this.#needs
    const known = this.need(id, who)
    needOwn(known, who)
    const [at, secret] = [now(), newSecret()]
    const until = at + WEBHOOK_LIMITS.rotationMs
    if (!(await putSecret({ at, id, by: who.by, ...tenantOf(known), secret, until })))
      throw new VigieError('webhook-unknown', { webhook: id })
    return secret
  }

  #needMayHave({ id, tenant }: KnownWebhook): void {
    if (tenant !== undefined && !this.#needs.mayHave(tenant)) throw new VigieError('webhook-ended', { webhook: id })
  }

  async #needWish({ url, kinds, zones }: WebhookWish, { tenant, guarded }: WebhookAsking): Promise<void> {
    const { isOpen, checkHost, isTold, zonesOf } = this.#needs
    if (!isOpen()) throw new VigieError('webhooks-closed')
    const quiet = kinds.find(kind => !isTold(kind))
    if (quiet !== undefined) throw new VigieError('input-invalid', { field: 'kinds', expected: NOT_QUIET })
    if (!tenant && !guarded && kinds.some(isGuarded))
      throw new VigieError('not-allowed', { capability: 'events.guarded' })
    const outside = tenant && kinds.some(kind => !(tenant.scope.events as readonly EventKind[]).includes(kind))
    if (outside) throw new VigieError('tenant-scope', { field: 'kinds', expected: IN_SCOPE })
    const known = zones && zonesOf(tenant)
    const strange = zones?.find(zone => !known?.has(zone))
    if (strange !== undefined && tenant) throw new VigieError('tenant-scope', { field: 'zones', expected: IN_SCOPE })
    if (strange !== undefined) throw new VigieError('zone-unknown', { zone: strange, field: 'zones' })
    await checkHost(hostOf(url))
  }
}

const isGuarded = (kind: EventKind): boolean => (GUARDED_KINDS as readonly EventKind[]).includes(kind)
const IN_SCOPE = { en: 'of its scope', fr: 'de son périmètre' }
const NOT_QUIET = {
  en: 'no readings, state.changed or lock.kept: they are not told of',
  fr: 'sans readings, state.changed ni lock.kept\u202f: ils ne sont pas transmis',
}
const A_URL = {
  en: 'an address https://host/path without user, password or fragment',
  fr: 'une adresse https://hôte/chemin sans compte, mot de passe ni fragment',
}

/** As URL reads it; so it is asked for later. @throws VigieError input-invalid */
function hostOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const plain = url?.protocol === 'https:' && url.username + url.password + url.hash === '' && url.port !== '0'
  if (!(url && plain) || text.includes('#') || url.hostname.endsWith('.'))
    throw new VigieError('input-invalid', { field: 'url', expected: A_URL })
  return url.hostname
}

/** @throws VigieError webhook-foreign */
function needOwn({ id, tenant }: KnownWebhook, who: WebhookAsking): void {
  if (tenant !== who.tenant?.tenant) throw new VigieError('webhook-foreign', { webhook: id })
}
/** An operator who resumes an application's is not held to what operators may see: it tells what the application may. */
const ownAsking = (known: KnownWebhook, who: WebhookAsking): WebhookAsking =>
  known.tenant === undefined ? who : { ...who, guarded: true }
const tenantOf = ({ tenant }: KnownWebhook): { readonly tenant?: string } => (tenant === undefined ? {} : { tenant })

const storedOf = ({
  name,
  url,
  kinds,
  zones,
  operator,
  guarded,
}: WebhookWish & Pick<KnownWebhook, 'operator' | 'guarded'>): Stored => ({
  ...{ name, url, kinds: JSON.stringify(kinds), zones: zones ? JSON.stringify(zones) : null },
  ...{ operator: operator ?? null, guarded: guarded ? 1 : 0 },
})

/** As the journal tells it. */
const stateOf = ({ name, url, kinds, zones, status }: WebhookWish & Pick<KnownWebhook, 'status'>): WebhookState => ({
  ...{ name, host: new URL(url).host, status, kinds },
  ...(zones && { zones }),
})
