/** A hub that runs, over its API: on this machine, or with an API token on another one. */
import type { EventPage, LiveEvent, SiteView } from '../api.ts'
import { isVigieError } from '../errors.ts'
import type { ShownPage } from '../flows/journal-searched.ts'
import type { InForce } from './context.ts'
import type { Desk, DeskActs, DeskJournal, DeskOperators, DeskQuestions, FirstRound } from './desk.ts'
import { GRACE_MS } from './direct-desk.ts'
import { type HubClient, PATIENCE_MS } from './hub-client.ts'

/** @param unlockExpiryMs the longest life of an order to a lock */
export function remoteDesk(hub: HubClient, { unlockExpiryMs }: { readonly unlockExpiryMs: number }): Desk {
  let latest: InForce = { hub: undefined }
  const acted: Acted = async asked => {
    const began = performance.now()
    const answer = await asked
    const { recorded } = (answer ?? {}) as { readonly recorded?: InForce['recorded'] }
    const tookMs = Math.round(performance.now() - began)
    latest = { hub: { tookMs, cut: 0 }, ...(recorded !== undefined && { recorded }) }
    return answer
  }
  const site = once(() => hub.call('get', '/api/v1/site') as Promise<SiteView>)
  return {
    acts: { ...plansOf(hub, acted, site, unlockExpiryMs), ...accessOf(hub, acted), ...itemsOf(hub, acted) },
    operators: operatorsOf(hub, acted),
    questions: questionsOf(hub),
    journal: journalOf(hub),
    inForce: () => latest,
    hubRuns: () => true,
    timeZone: async () => (await allowed(site()))?.site.timeZone ?? 'UTC',
    nameOf: async person => nameIn(await allowed(itemOf(hub, 'person', person))) ?? person,
    names: async () => namesIn(await allowed(exported(hub))),
    now: Date.now,
    close: () => undefined,
  }
}

type Acted = <T>(asked: Promise<T>) => Promise<T>
type Plans = Pick<
  DeskActs,
  | 'lockdowns'
  | 'startLockdown'
  | 'endLockdown'
  | 'evacuations'
  | 'startEvacuation'
  | 'resumeEvacuation'
  | 'endEvacuation'
  | 'released'
  | 'accountFor'
  | 'muster'
  | 'resetPassback'
  | 'resetInterlock'
>

function plansOf(hub: HubClient, acted: Acted, site: () => Promise<SiteView>, unlockExpiryMs: number): Plans {
  let begun: Begun | undefined
  const situations = () => hub.call('get', '/api/v1/situations')
  const lockdowns = async () => {
    const [{ lockdownPlans }, running] = await Promise.all([site(), situations()])
    return lockdownPlans.map(({ id, name, rank }) => ({
      ...{ plan: id, name, rank },
      ...running.lockdowns.find(l => l.plan === id),
    }))
  }
  const evacuations = async () => {
    const [{ evacuationPlans }, running] = await Promise.all([site(), situations()])
    return evacuationPlans.map(({ id, name }) => {
      const { since, releasing, by } = running.evacuations.find(e => e.plan === id) ?? {}
      return {
        ...{ plan: id, name },
        ...(since !== undefined && { since }),
        ...(releasing !== undefined && { releasing }),
        ...(by !== undefined && { by }),
      }
    })
  }
  const named = async <T extends object>(plan: string, done: T): Promise<T & { readonly name: string }> => {
    const all = (await allowed(site()))?.evacuationPlans
    return { ...done, name: all?.find(p => p.id === plan)?.name ?? plan }
  }
  const release = async (plan: string, path: '/api/v1/evacuations/{plan}' | '/api/v1/evacuations/{plan}/resume') => {
    const done = await acted(hub.call('post', path, { path: { plan } }))
    begun = { plan, since: done.since, after: 0 }
    return named(plan, done)
  }
  return {
    lockdowns,
    startLockdown: async plan => {
      const done = await acted(hub.call('post', '/api/v1/lockdowns/{plan}', { path: { plan } }))
      const known = (await allowed(site()))?.lockdownPlans.find(p => p.id === plan)
      return { ...done, name: known?.name ?? plan, rank: known?.rank ?? 0 }
    },
    endLockdown: plan => acted(hub.call('delete', '/api/v1/lockdowns/{plan}', { path: { plan } })),
    evacuations,
    startEvacuation: plan => release(plan, '/api/v1/evacuations/{plan}'),
    resumeEvacuation: async plan => {
      const after = await newestRound(hub)
      const done = await release(plan, '/api/v1/evacuations/{plan}/resume')
      begun = begun && after !== undefined ? { ...begun, after } : undefined
      return done
    },
    endEvacuation: plan => acted(hub.call('delete', '/api/v1/evacuations/{plan}', { path: { plan } })),
    released: () => firstRound(hub, begun, unlockExpiryMs),
    accountFor: (plan, person) =>
      acted(hub.call('post', '/api/v1/evacuations/{plan}/safe', { path: { plan }, body: { person } })),
    muster: plan => hub.call('get', '/api/v1/evacuations/{plan}/muster', { path: { plan } }),
    resetPassback: wish => acted(hub.call('post', '/api/v1/passback/reset', { body: wish })),
    resetInterlock: async accessPoint =>
      void (await acted(hub.call('post', '/api/v1/interlocks/{accessPoint}/reset', { path: { accessPoint } }))),
  }
}

const ROUNDS = { kind: 'evacuation.released', limit: '1' } as const
const LOOK_MS = 200

/** An evacuation that began at `since`, and its first row above `after`. */
interface Begun {
  readonly plan: string
  readonly since: number
  readonly after: number
}

const rounds = async (hub: HubClient, patienceMs?: number): Promise<LiveEvent | undefined> =>
  ((await hub.call('get', '/api/v1/events', { query: ROUNDS }, patienceMs)) as EventPage).events[0]

/** Asked before people are let out again: they don't wait for it. */
async function newestRound(hub: HubClient): Promise<number | undefined> {
  try {
    return (await rounds(hub, 1_000))?.seq ?? 0
  } catch (error) {
    if (isVigieError(error)) return undefined
    throw error
  }
}

/** Nothing that goes wrong here says anything about the evacuation, which is in force: what is not known in time is left out. */
async function firstRound(hub: HubClient, begun: Begun | undefined, expiryMs: number): Promise<FirstRound | undefined> {
  const deadline = performance.now() + expiryMs + GRACE_MS
  try {
    while (begun && performance.now() < deadline) {
      const line = await rounds(hub)
      if (line && line.plan === begun.plan && line.seq > begun.after && line.at >= begun.since)
        return (await doorsOf(hub, line.seq)) ?? { released: line.count ?? 0, silent: line.silent ?? 0 }
      await new Promise(resolve => setTimeout(resolve, LOOK_MS))
    }
  } catch (error) {
    if (!isVigieError(error)) throw error
  }
  return undefined
}

/** Which doors, for whoever may read the journal. */
async function doorsOf(hub: HubClient, seq: number): Promise<FirstRound | undefined> {
  const query = { kind: 'evacuation.released', limit: '1' } as const
  const { rows } = (await allowed(hub.call('get', '/api/v1/journal', { query }))) ?? { rows: [] }
  const { released, silent } = (rows.find(r => r.seq === seq)?.event ?? {}) as Partial<FirstRound>
  return released !== undefined && silent !== undefined ? { released, silent } : undefined
}

type Access = Pick<
  DeskActs,
  'grants' | 'issueGrant' | 'revokeGrant' | 'badgeLost' | 'depart' | 'setPin' | 'clearPin' | 'reviews' | 'linkOperator'
>

function accessOf(hub: HubClient, acted: Acted): Access {
  return {
    grants: all =>
      everyPage(async after => {
        const query = { all: all ? ('true' as const) : ('false' as const), ...(after !== undefined && { after }) }
        const { grants, next } = await hub.call('get', '/api/v1/grants', { query })
        return { rows: grants, next }
      }),
    issueGrant: async wish => {
      const made = await acted(hub.call('post', '/api/v1/grants', { body: wish }))
      return 'grant' in made ? made.grant : made.grants[0]!
    },
    revokeGrant: async id => (await acted(hub.call('delete', '/api/v1/grants/{id}', { path: { id } }))).grant,
    badgeLost: uid => acted(hub.call('post', '/api/v1/badges/{uid}/lost', { path: { uid } })),
    depart: (id, reason) =>
      acted(hub.call('post', '/api/v1/people/{id}/departure', { path: { id }, body: { reason } })),
    setPin: async (id, pin, duressPin) => {
      const body = { pin, ...(duressPin !== undefined && { duressPin }) }
      await acted(hub.call('put', '/api/v1/people/{id}/pin', { path: { id }, body }))
    },
    clearPin: id => acted(hub.call('delete', '/api/v1/people/{id}/pin', { path: { id } })),
    reviews: async () =>
      (await hub.call('get', '/api/v1/reviews')).reviews.map(({ person, own: _, needsPerson: __, ...row }) => ({
        ...row,
        name: person.name,
        ...(person.id !== undefined && { person: person.id }),
      })),
    linkOperator: async (login, person) => {
      const path = { login }
      await acted<unknown>(
        person === undefined
          ? hub.call('delete', '/api/v1/operators/{login}/person', { path })
          : hub.call('put', '/api/v1/operators/{login}/person', { path, body: { person } }),
      )
    },
  }
}

const itemOf = (hub: HubClient, kind: string, id: string) =>
  hub.call('get', '/api/v1/site/items/{kind}/{id}', { path: { kind, id } })
const exported = async (hub: HubClient): Promise<string> => (await hub.text('get', '/api/v1/site/export')).body

function itemsOf(hub: HubClient, acted: Acted) {
  return {
    item: async (kind, id) => {
      const { item, ...shown } = await itemOf(hub, kind, id)
      return { ...shown, item }
    },
    itemIds: kind => allIds(hub, kind),
    putItem: (kind, id, item, seen) =>
      acted(hub.call('put', '/api/v1/site/items/{kind}/{id}', { path: { kind, id }, body: item, seen })),
    removeItem: (kind, id, seen) =>
      acted(hub.call('delete', '/api/v1/site/items/{kind}/{id}', { path: { kind, id }, seen })),
    exportSite: () => exported(hub),
  } satisfies Pick<DeskActs, 'item' | 'itemIds' | 'putItem' | 'removeItem' | 'exportSite'>
}

async function allIds(hub: HubClient, kind: string): Promise<readonly string[]> {
  const all: string[] = []
  for (let after: string | undefined; ; ) {
    const query = after === undefined ? {} : { after }
    const page = await hub.call('get', '/api/v1/site/items/{kind}', { path: { kind }, query })
    all.push(...page.ids)
    if (page.next === undefined) return all
    after = page.next
  }
}

function operatorsOf(hub: HubClient, acted: Acted): DeskOperators {
  return {
    list: () =>
      everyPage(async after => {
        const query = after === undefined ? {} : { after }
        const { operators, next } = await hub.call('get', '/api/v1/operators', { query })
        return { rows: operators, next }
      }),
    invite: wish => acted(hub.call('post', '/api/v1/operators', { body: wish })),
    change: async (login, wish) => {
      const path = { login }
      const { revision } = await hub.call('get', '/api/v1/operators/{login}', { path })
      return acted(hub.call('patch', '/api/v1/operators/{login}', { path, body: wish, seen: revision }))
    },
    reset: (login, reason) =>
      acted(hub.call('post', '/api/v1/operators/{login}/reset', { path: { login }, body: { reason } })),
  }
}

function questionsOf(hub: HubClient): DeskQuestions {
  const { question } = PATIENCE_MS
  return {
    why: asked => hub.call('get', '/api/v1/explain', { query: textsOf(asked) }, question),
    who: asked => hub.call('get', '/api/v1/who', { query: { accessPoint: '', ...textsOf(asked) } }, question),
    may: asked => hub.call('get', '/api/v1/may', { query: { person: '', ...textsOf(asked) } }, question),
    unused: asked => hub.call('get', '/api/v1/unused', { query: textsOf(asked) }, question),
  }
}

function journalOf(hub: HubClient): DeskJournal {
  const asked = ({ kinds, ...filter }: Parameters<DeskJournal['days']>[0]) => ({
    ...given(filter),
    ...(kinds !== undefined && { kind: kinds }),
  })
  return {
    page: (filter, { limit, cursor }) => {
      const query = { ...asked(filter), limit: String(limit), ...(cursor !== undefined && { cursor }) }
      // The description leaves the fields of a row's event open: there are as many shapes as kinds.
      return hub.call('get', '/api/v1/journal', { query }, PATIENCE_MS.question) as Promise<ShownPage>
    },
    days: filter => hub.call('get', '/api/v1/journal/days', { query: asked(filter) }, PATIENCE_MS.question),
  }
}

/** Everything in a query string is text. */
const textsOf = (asked: object): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(asked).flatMap(([k, v]) => (v === undefined ? [] : [[k, String(v)]])))

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> }
/** Without what is there and undefined. */
const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>

/** Undefined for whoever may not see it, or for what is not there. */
async function allowed<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isVigieError(error) && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined
  return () => {
    asked ??= ask()
    return asked
  }
}

function nameIn(view: { readonly item: unknown } | undefined): string | undefined {
  const { name } = (view?.item ?? {}) as { readonly name?: unknown }
  return typeof name === 'string' ? name : undefined
}
function namesIn(site: string | undefined): ReadonlyMap<string, string> {
  const { people = [] } = JSON.parse(site ?? '{}') as {
    readonly people?: readonly { readonly id: string; readonly name: string }[]
  }
  return new Map(people.map(p => [p.id, p.name]))
}

/** Of a list that is handed out in pages. */
async function everyPage<T>(
  read: (after: string | undefined) => Promise<{ readonly rows: readonly T[]; readonly next?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = []
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const { rows, next } = await read(after)
    all.push(...rows)
    after = next
  }
  return all
}
