/** Bought devices: under which address of which gateway each of them is heard. Worked out once for each state of the site. */
import type { Site, SiteDevice } from '../access/site.ts'

export type Behind = NonNullable<SiteDevice['behind']>
export interface BoughtDevice {
  readonly id: string
  readonly model: string
  readonly behind: Behind
}
export interface Bought {
  readonly of: ReadonlyMap<string, BoughtDevice>
  /** By gateway and address. */
  readonly at: ReadonlyMap<string, readonly BoughtDevice[]>
  readonly through: ReadonlyMap<string, readonly BoughtDevice[]>
  /** By address: the gateways that speak for it. */
  readonly speakers: ReadonlyMap<string, readonly string[]>
}

export const addressKey = (gateway: string, address: string): string => `${gateway} ${address}`

export function boughtOf({ devices }: Pick<Site, 'devices'>): Bought {
  const all = devices.flatMap(({ id, model, behind }) => (behind ? [{ id, model, behind }] : []))
  return {
    of: new Map(all.map(d => [d.id, d])),
    at: Map.groupBy(all, ({ behind: { gateway, address } }) => addressKey(gateway, address)),
    speakers: speakersOf(all),
    through: Map.groupBy(all, ({ behind: { gateway } }) => gateway),
  }
}

function speakersOf(all: readonly BoughtDevice[]): Map<string, readonly string[]> {
  const byAddress = Map.groupBy(all, d => d.behind.address)
  return new Map([...byAddress].map(([address, of]) => [address, [...new Set(of.map(d => d.behind.gateway))]]))
}
