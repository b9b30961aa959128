/** What the HTTP edge asks of the inventory; wiring/inventory.ts hands it in. */
import type { Inventory, InventoryFlag } from '../api.ts'
import type { PageQuery } from './paging.ts'

export interface InventoryQuery extends PageQuery {
  /** Days without use from which on something counts as unused. */
  readonly unused: number
  readonly flag?: InventoryFlag
  /** Beginnings of words of names, logins, numbers, roles. */
  readonly q?: string
  /** Numbers of badges in full. */
  readonly whole: boolean
}
export interface InventoryDesk {
  /** That it was read is in the journal before it resolves. @throws VigieError index-behind, journal-unavailable */
  page(query: InventoryQuery, by: string): Promise<Inventory>
  /** The same as a table, all of it. */
  csv(query: InventoryQuery, by: string): Promise<string>
}
