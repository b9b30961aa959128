/** The pages, what each asks for, and where somebody begins who may not see the first. Pure. */
import type { Capability } from './contract.ts'

export type PageId =
  | 'live'
  | 'incidents'
  | 'devices'
  | 'journal'
  | 'history'
  | 'movements'
  | 'visits'
  | 'inventory'
  | 'operators'
  | 'roles'
  | 'approvals'
  | 'stations'
  | 'tokens'
  | 'tenants'
  | 'webhooks'
  | 'account'
export interface Page {
  readonly id: PageId
  readonly path: string
  /** All of them are needed; the hub asks again. */
  readonly needs: readonly Capability[]
}
/** In the order of the navigation. */
export const PAGES: readonly Page[] = [
  { id: 'live', path: '/', needs: ['events.read', 'devices.read', 'situations.read', 'site.read'] },
  { id: 'incidents', path: '/alerts', needs: ['alerts.read', 'site.read'] },
  { id: 'devices', path: '/devices', needs: ['devices.read', 'events.read', 'site.read'] },
  { id: 'journal', path: '/journal', needs: ['journal.read'] },
  { id: 'history', path: '/journal/me', needs: ['history.own'] },
  { id: 'approvals', path: '/approvals', needs: ['approvals.decide'] },
  { id: 'movements', path: '/movements', needs: ['movements.read', 'site.read'] },
  { id: 'visits', path: '/visits', needs: ['visits.write', 'site.read'] },
  { id: 'inventory', path: '/inventory', needs: ['inventory.read', 'site.read'] },
  { id: 'operators', path: '/operators', needs: ['operators.manage'] },
  { id: 'tokens', path: '/tokens', needs: ['tokens.manage'] },
  { id: 'tenants', path: '/tenants', needs: ['tenants.manage', 'site.read'] },
  { id: 'webhooks', path: '/webhooks', needs: ['webhooks.manage', 'events.read', 'site.read'] },
  { id: 'stations', path: '/stations', needs: ['stations.manage', 'site.read'] },
  { id: 'roles', path: '/roles', needs: ['account.own'] },
  { id: 'account', path: '/account', needs: ['account.own'] },
]
export type May = (capability: Capability) => boolean

/** The first page stands for every address that is none. */
export const pageAt = (path: string): Page => PAGES.find(p => p.path === path) ?? PAGES[0]!
export const maySee = (page: Page, may: May): boolean => page.needs.every(may)
/** What keeps somebody from a page; empty where nothing does. */
export const missing = (page: Page, may: May): readonly Capability[] => page.needs.filter(c => !may(c))
/** Where somebody begins; one's own account is there for everybody. */
export const homeOf = (may: May): Page => PAGES.find(p => maySee(p, may)) ?? PAGES.at(-1)!
/** Whether the hub shows this reader what happens as it happens. */
export const mayWatch = (may: May): boolean => may('events.read')
