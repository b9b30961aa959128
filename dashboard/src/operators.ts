/** What can be said of accounts without asking the hub. Pure. */
import type { OperatorChange, OperatorStatus, OperatorView, Role, RoleList, TokenView, Zone } from './contract.ts'
import { folded } from './format.ts'
import type { GlyphName } from './model.ts'
import type { OperatorWords } from './words/operators.types.ts'

export const STATUSES: readonly OperatorStatus[] = ['active', 'invited', 'disabled']
export const STATUS_GLYPH: Readonly<Record<OperatorStatus, GlyphName>> = {
  active: 'ok',
  invited: 'info',
  disabled: 'off',
}

const administers = (o: OperatorView): boolean =>
  o.status === 'active' && o.role === 'administrator' && o.zones === undefined
/** Who can manage accounts; limited to zones, nobody can. */
export const administrators = (all: readonly OperatorView[]): readonly OperatorView[] => all.filter(administers)
/** Without this account nobody could manage accounts any more. */
export const isLast = (o: OperatorView, all: readonly OperatorView[]): boolean =>
  administers(o) && administrators(all).length === 1

/** `Code, 2 clés d’accès`; empty for none. */
export const factorsOf = (o: Pick<OperatorView, 'totp' | 'passkeys'>, w: OperatorWords): string =>
  [o.totp ? w.totp : '', o.passkeys > 0 ? w.passkeys(o.passkeys) : ''].filter(Boolean).join(', ')
export const needsFactor = (role: Role, roles: RoleList | undefined): boolean =>
  roles?.roles.find(r => r.role === role)?.secondFactorRequired ?? false

/** Its name or login, its role or its zones; without accents. */
export function matching(
  all: readonly OperatorView[],
  text: string,
  wordsOf: (o: OperatorView) => readonly string[],
): readonly OperatorView[] {
  const wanted = folded(text.trim())
  return all
    .filter(o => folded([o.name, o.login, o.email ?? '', ...wordsOf(o)].join(' ')).includes(wanted))
    .sort((a, b) => a.name.localeCompare(b.name) || a.login.localeCompare(b.login))
}

/** What a form writes into. */
export interface AccountForm {
  name: string
  email: string
  role: Role
  /** Undefined: everywhere. */
  zones: readonly string[] | undefined
}
export const formOf = (o: OperatorView): AccountForm => ({
  name: o.name,
  email: o.email ?? '',
  role: o.role,
  zones: o.zones,
})
const sameZones = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.length === b.length && a.every(z => b.includes(z))

/** Only what differs from what was looked at; what others changed meanwhile is left alone. */
export function changeOf(before: Readonly<AccountForm>, now: Readonly<AccountForm>): Omit<OperatorChange, 'reason'> {
  return {
    ...(now.name.trim() !== before.name && { name: now.name.trim() }),
    ...(now.email.trim() !== before.email && { email: now.email.trim() || null }),
    ...(now.role !== before.role && { role: now.role }),
    ...(!sameZones(now.zones, before.zones) && { zones: now.zones ?? null }),
  }
}
const MAIL = /^[^\s@<>,;"]{1,64}@[A-Za-z0-9.-]{1,253}$/
export const isMail = (text: string): boolean => text.trim() === '' || MAIL.test(text.trim())
/** On one line, as the journal takes it. */
export const plain = (text: string): string => text.trim().replace(/\s+/g, ' ')
/** Of 3 to 500 characters. */
export const isReason = (text: string): boolean => {
  const { length } = [...plain(text)]
  return length >= 3 && length <= 500
}

export interface ZoneRow {
  readonly zone: Zone
  /** 0 at the top. */
  readonly depth: number
}
/** Zones with what lies in them below them; each once, also where the site's tree is broken. */
export function zoneTree(zones: readonly Zone[]): readonly ZoneRow[] {
  const known = new Set(zones.map(z => z.id))
  const rows: ZoneRow[] = []
  const seen = new Set<string>()
  const walk = (zone: Zone, depth: number): void => {
    if (seen.has(zone.id)) return
    seen.add(zone.id)
    rows.push({ zone, depth })
    for (const below of zones) if (below.parent === zone.id) walk(below, depth + 1)
  }
  for (const zone of zones) if (zone.parent === undefined || !known.has(zone.parent)) walk(zone, 0)
  for (const zone of zones) walk(zone, 0)
  return rows
}

const DAY_MS = 86_400_000
/** Soon enough that the program's owner must be told. */
const SOON_DAYS = 14
export type TokenState = 'valid' | 'soon' | 'expired'
export function tokenState({ expiresAt }: Pick<TokenView, 'expiresAt'>, now: number): TokenState {
  if (expiresAt <= now) return 'expired'
  return expiresAt - now < SOON_DAYS * DAY_MS ? 'soon' : 'valid'
}
