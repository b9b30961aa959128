/** Who holds what, and what of it should not be: unused, without a second factor, of somebody who has left, of nobody. Pure. */

/** In the order they are shown. */
export const INVENTORY_FLAGS = ['departed', 'no-holder', 'no-second-factor', 'unused', 'never-signed-in'] as const
export type InventoryFlag = (typeof INVENTORY_FLAGS)[number]

export interface Holding {
  /** Absent: of nobody in the site. Ms since 1970. */
  readonly person?: { readonly validUntil?: number }
  readonly badges: readonly { readonly status: string; readonly unused: boolean }[]
  readonly accounts: readonly {
    readonly status: string
    readonly secondFactor: boolean
    readonly external: boolean
    readonly lastSignInAt?: number
    readonly unused: boolean
    /** Ms since 1970. */
    readonly createdAt: number
  }[]
  readonly grants: number
}

const DAY_MS = 86_400_000
/** An invitation that nobody has taken up by then. */
const PATIENCE_MS = 7 * DAY_MS

/** @returns what is wrong, or may be, in the order of the list */
export function flagsOf({ person, badges, accounts, grants }: Holding, now: number): InventoryFlag[] {
  const liveBadges = badges.filter(({ status }) => OPENS.has(status))
  const liveAccounts = accounts.filter(({ status }) => status !== 'disabled')
  const isLive = liveBadges.length + liveAccounts.length + grants > 0
  const isOver = person?.validUntil !== undefined && person.validUntil <= now
  const wrong: Readonly<Record<InventoryFlag, boolean>> = {
    departed: isOver && isLive,
    'no-holder': person === undefined && isLive,
    'no-second-factor': accounts.some(a => a.status === 'active' && !a.secondFactor && !a.external),
    unused: liveBadges.some(b => b.unused) || accounts.some(a => a.status === 'active' && a.unused),
    'never-signed-in': liveAccounts.some(a => a.lastSignInAt === undefined && a.createdAt < now - PATIENCE_MS),
  }
  return INVENTORY_FLAGS.filter(flag => wrong[flag])
}
const OPENS: ReadonlySet<string> = new Set(['active', 'suspended'])

/**
 * Whether something that opens was not used for so long: only if it was there for as long, and the journal would know.
 * @param madeAt when it was handed out, ms; undefined: before anybody wrote that down
 */
export const isUnused = (
  { lastUsedAt, madeAt }: { readonly lastUsedAt?: number | undefined; readonly madeAt?: number | undefined },
  { now, days, since }: { readonly now: number; readonly days: number; readonly since: number | undefined },
): boolean => {
  const from = now - days * DAY_MS
  return (lastUsedAt ?? Number.NEGATIVE_INFINITY) < from && (madeAt ?? 0) < from && (since ?? now) <= from
}
