/** Who holds what, put together from the site, the accounts, the grants, and the index that knows when a badge was last seen. */
import { setImmediate } from 'node:timers/promises'
import type { Site } from '../access/site.ts'
import type { HeldAccount, HeldBadge, Inventory, InventoryLine, Role } from '../api.ts'
import { csvLine } from '../export/csv.ts'
import type { Registry } from '../flows/registry.ts'
import type { InventoryDesk, InventoryQuery } from '../http/inventory-ports.ts'
import { pageBy } from '../http/paging.ts'
import { firstRowAt } from '../record/backups-made.ts'
import { grants } from '../record/grants.ts'
import { type AdminRow, operatorRows } from '../record/operators-admin.ts'
import { timeOfRevision } from '../record/past.ts'
import { pinHolders } from '../record/pins.ts'
import { wordsOf } from '../record/search-terms.ts'
import { items } from '../record/site.ts'
import type { Db } from '../record/sql.ts'
import { tokens } from '../record/tokens.ts'
import { flagsOf, INVENTORY_FLAGS, isUnused } from '../rules/inventory.ts'

interface Needs {
  /** For reading. */
  readonly db: Db
  readonly registry: () => Registry
  /** Of these credentials, by pseudonym, when each was last used. @throws VigieError index-behind */
  readonly uses: (credentials: readonly string[]) => Promise<readonly (readonly [string, number])[]>
  readonly record: (event: { kind: 'journal.read'; by: string; rows: number; what: 'inventory' }) => Promise<unknown>
  readonly now: () => number
}
/** Lines between two turns of others: doors wait for nobody who counts. */
const AT_ONCE = 200

type Line = InventoryLine & { readonly words: readonly string[] }

export function inventoryDesk(needs: Needs): InventoryDesk {
  const { db, record } = needs
  const asked = async (query: InventoryQuery) => {
    const all = await linesOf(needs, query)
    const wanted = wordsOf(query.q ?? '')
    const found = all.filter(({ words }) => wanted.every(word => words.some(w => w.startsWith(word))))
    return { found, shown: found.filter(({ flags }) => query.flag === undefined || flags.includes(query.flag)) }
  }
  return {
    page: async (query, by) => {
      const { found, shown } = await asked(query)
      const { page, next } = pageBy(shown, line => line.key, query)
      await record({ kind: 'journal.read', by, rows: page.length, what: 'inventory' })
      const since = firstRowAt(db)
      return {
        lines: page.map(({ words: _, ...line }) => line),
        ...(next !== undefined && { next }),
        total: found.length,
        counts: Object.fromEntries(
          INVENTORY_FLAGS.map(flag => [flag, found.filter(({ flags }) => flags.includes(flag)).length]),
        ) as Inventory['counts'],
        ...(since !== undefined && { since }),
      }
    },
    csv: async (query, by) => {
      const { shown } = await asked(query)
      await record({ kind: 'journal.read', by, rows: shown.length, what: 'inventory' })
      return `\uFEFF${csvLine(COLUMNS)}${shown.map(line => csvLine(cellsOf(line))).join('')}`
    },
  }
}

const COLUMNS =
  'person name kind validUntil badges badgeLastUsed accounts roles secondFactor lastSignIn tokens grants pin flags'.split(
    ' ',
  )

function cellsOf({ person, badges, accounts, grants: live, pin, flags }: InventoryLine): (string | number)[] {
  const newest = (times: readonly (number | undefined)[]): string => {
    const known = times.filter(t => t !== undefined)
    return known.length === 0 ? '' : new Date(Math.max(...known)).toISOString()
  }
  return [
    ...[person?.id ?? '', person?.name ?? accounts.map(a => a.name).join(' '), person?.kind ?? ''],
    person?.validUntil === undefined ? '' : new Date(person.validUntil).toISOString(),
    badges.map(b => `${b.uid} (${b.status})`).join(' '),
    newest(badges.map(b => b.lastUsedAt)),
    accounts.map(a => `${a.login} (${a.status})`).join(' '),
    accounts.map(a => a.role).join(' '),
    accounts.map(a => (a.secondFactor || a.external ? 'yes' : 'no')).join(' '),
    newest(accounts.map(a => a.lastSignInAt)),
    accounts.reduce((sum, a) => sum + a.tokens, 0),
    ...[live, pin ? 'yes' : 'no', flags.join(' ')],
  ]
}

async function linesOf(needs: Needs, query: InventoryQuery): Promise<Line[]> {
  const { db, registry, now } = needs
  const { site } = registry()
  const badges = await badgesOf(needs, query)
  const accounts = accountsOf(needs, query)
  const live = countBy(
    grants(db, now()).filter(g => g.until > now()),
    g => g.person,
  )
  const pins = new Set(pinHolders(db).map(p => p.person))
  const held: Line[] = []
  for (const [i, person] of site.people.entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await setImmediate()
    const { id } = person
    const has = { badges: badges.get(id) ?? [], accounts: accounts.get(id) ?? [], grants: live.get(id) ?? 0 }
    held.push(lineOf({ key: id, person: personOf(person), ...has, pin: pins.has(id) }, now()))
  }
  const known = new Set(site.people.map(p => p.id))
  const nobodys = [...accounts].flatMap(([id, list]) =>
    known.has(id)
      ? []
      : list.map(account =>
          lineOf({ key: `~${account.login}`, badges: [], accounts: [account], grants: 0, pin: false }, now()),
        ),
  )
  return [...held, ...nobodys]
}

function personOf({ id, name, kind = 'staff', validUntil }: Site['people'][number]): InventoryLine['person'] & object {
  return { id, name, kind, ...(validUntil !== undefined && { validUntil: Date.parse(validUntil) }) }
}

interface Account extends HeldAccount {
  readonly createdAt: number
}
function lineOf(
  held: Omit<InventoryLine, 'flags' | 'accounts'> & { readonly accounts: readonly Account[] },
  now: number,
): Line {
  const { person, badges, accounts } = held
  const said = [
    person?.name,
    person?.id,
    ...badges.map(b => b.uid),
    ...accounts.flatMap(a => [a.login, a.name, a.role]),
  ]
  return {
    ...held,
    accounts: accounts.map(({ createdAt: _, ...account }) => account),
    flags: flagsOf(held, now),
    words: said.flatMap(text => wordsOf(text ?? '')),
  }
}

/** Person -> their badges. */
async function badgesOf(
  { db, registry, uses, now }: Needs,
  { unused: days, whole }: InventoryQuery,
): Promise<Map<string, HeldBadge[]>> {
  const { site } = registry()
  const named = site.badges.map(badge => [badge, registry().pseudonymOf('badge', badge.uid)] as const)
  const last = new Map(await uses(named.flatMap(([, credential]) => credential ?? [])))
  const span = { now: now(), days, since: firstRowAt(db) }
  const made = madeTimes(db)
  const found = new Map<string, HeldBadge[]>()
  for (const [{ uid, person, status }, credential] of named) {
    const lastUsedAt = credential === undefined ? undefined : last.get(credential)
    const madeAt = made.get(uid)
    const held: HeldBadge = {
      ...{ uid: whole ? uid : `…${uid.slice(-4)}`, status, unused: isUnused({ lastUsedAt, madeAt }, span) },
      ...(lastUsedAt !== undefined && { lastUsedAt }),
    }
    found.set(person, [...(found.get(person) ?? []), held])
  }
  return found
}

/** Number of a badge -> when it was handed out, or last altered. */
function madeTimes(db: Db): Map<string, number | undefined> {
  const times = new Map<number, number | undefined>()
  return new Map(
    items(db, 'badge').map(({ id, revision }) => {
      if (!times.has(revision)) times.set(revision, timeOfRevision(db, revision))
      return [id, times.get(revision)]
    }),
  )
}

/** Person -> their accounts; under '' those of nobody. */
function accountsOf({ db, now }: Needs, { unused: days }: InventoryQuery): Map<string, Account[]> {
  const live = countBy(
    tokens(db, now()).filter(t => t.expiresAt > now()),
    t => t.operator,
  )
  const found = new Map<string, Account[]>()
  for (const row of operatorRows(db)) {
    const at = row.person ?? ''
    found.set(at, [...(found.get(at) ?? []), accountOf(row, live.get(row.id) ?? 0, { now: now(), days, since: 0 })])
  }
  return found
}

function accountOf(row: AdminRow, live: number, span: Parameters<typeof isUnused>[1]): Account {
  const { login, name, role, zones, status, totp, passkeys, external, signedInAt, createdAt } = row
  return {
    ...{ login, name, role: role as Role, status: status as HeldAccount['status'], createdAt, tokens: live },
    ...(zones !== null && { zones: JSON.parse(zones) as string[] }),
    ...{ secondFactor: totp === 1 || passkeys > 0, external: external !== null },
    unused: isUnused({ lastUsedAt: signedInAt ?? undefined, madeAt: createdAt }, span),
    ...(signedInAt !== null && { lastSignInAt: signedInAt }),
  }
}

function countBy<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const one of list) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1)
  return counts
}
