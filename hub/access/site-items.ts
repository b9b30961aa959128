/** The items of a site, one by one: which kinds there are, which list of the site file holds each, and changing one. */
import type {
  AccessPoint,
  Badge,
  Calendar,
  Escalation,
  EvacuationPlan,
  Interlock,
  LockdownPlan,
  Person,
  Role,
  Rota,
  Scenario,
  Schedule,
  Site,
  SiteDevice,
  Zone,
} from './site.ts'

/** Kind -> list of the site file, in the order things depend on each other. The site itself (kind `site`) is in no list. */
export const ITEM_LISTS = {
  calendar: 'calendars',
  zone: 'zones',
  schedule: 'schedules',
  device: 'devices',
  accessPoint: 'accessPoints',
  role: 'roles',
  person: 'people',
  badge: 'badges',
  interlock: 'interlocks',
  lockdownPlan: 'lockdownPlans',
  evacuationPlan: 'evacuationPlans',
  scenario: 'scenarios',
  rota: 'rotas',
  escalation: 'escalations',
} as const satisfies Record<string, keyof Site>

export interface SiteItems {
  readonly site: Site['site']
  readonly calendar: Calendar
  readonly zone: Zone
  readonly schedule: Schedule
  readonly device: SiteDevice
  readonly accessPoint: AccessPoint
  readonly role: Role
  readonly person: Person
  readonly badge: Badge
  readonly interlock: Interlock
  readonly lockdownPlan: LockdownPlan
  readonly evacuationPlan: EvacuationPlan
  readonly scenario: Scenario
  readonly rota: Rota
  readonly escalation: Escalation
}
export type ItemKind = keyof SiteItems
export type ListedKind = keyof typeof ITEM_LISTS
export const LISTED_KINDS = Object.keys(ITEM_LISTS) as ListedKind[]
export const ITEM_KINDS: readonly ItemKind[] = ['site', ...LISTED_KINDS]

/** `item` absent: it is withdrawn. The site itself can't be. A badge's id is its uid; the site's is `site`. */
export interface ItemChange<K extends ItemKind = ItemKind> {
  readonly kind: K
  readonly id: string
  readonly item?: SiteItems[K] | undefined
}

export const isItemKind = (kind: string): kind is ItemKind => kind === 'site' || Object.hasOwn(ITEM_LISTS, kind)

/** The items of one kind; a list that the site leaves out is empty. */
export function itemsOf<K extends ListedKind>(site: Site, kind: K): readonly SiteItems[K][] {
  return (site[ITEM_LISTS[kind]] ?? []) as readonly unknown[] as readonly SiteItems[K][]
}

export const idOf = (item: { readonly id: string } | { readonly uid: string }): string =>
  'uid' in item ? item.uid : item.id

/** A site with one item put in place of that of the same id, added at the end, or taken away. Pure. */
export function withItem<K extends ItemKind>(site: Site, kind: K, id: string, item: SiteItems[K] | undefined): Site {
  if (kind === 'site') return item === undefined ? site : { ...site, site: item as Site['site'] }
  const list: readonly SiteItems[ListedKind][] = itemsOf(site, kind as ListedKind)
  const at = list.findIndex(other => idOf(other) === id)
  const next = list.filter((_, i) => i !== at)
  if (item !== undefined) next.splice(at === -1 ? next.length : at, 0, item as SiteItems[ListedKind])
  return { ...site, [ITEM_LISTS[kind as ListedKind]]: next }
}
