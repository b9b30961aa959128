/** What is being worked on: as it stands on disk. It ends when its time is over, whatever anybody forgets. */
import { randomBytes } from 'node:crypto'
import type { MaintenanceView, MaintenanceWish } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { MaintenanceDesk } from '../http/incident-ports.ts'
import { type MaintenanceRow, maintenances } from '../record/maintenance.ts'
import type { Subject } from '../rules/scenario-facts.ts'
import { within } from '../rules/zones.ts'
import type { ServiceNeeds } from './services.ts'

const MINUTE = 60_000
type Needs = Pick<ServiceNeeds, 'db' | 'op' | 'publish' | 'now' | 'registry'> & { readonly changed: () => void }

export class Works {
  readonly #needs: Needs
  #rows: readonly MaintenanceRow[]

  constructor(needs: Needs) {
    this.#needs = needs
    this.#rows = maintenances(needs.db)
  }

  covers({ zone, device }: Subject, at: number, above: (zone: string) => readonly string[]): boolean {
    if (this.#rows.length === 0) return false
    const chain = zone === undefined ? [] : above(zone)
    return this.#rows.some(
      row => at < row.until && (row.zone === undefined ? row.device === device : chain.includes(row.zone)),
    )
  }
  /** When the next one ends; infinity: none is under way. */
  nextAt(): number {
    return this.#rows[0]?.until ?? Number.POSITIVE_INFINITY
  }
  /** Ends what is over. @throws VigieError journal-unavailable */
  async look(now: number): Promise<void> {
    for (const { id, until } of this.#rows) if (until <= now) await this.#end({ at: now, id })
  }

  readonly desk: MaintenanceDesk = {
    list: reach => ({ maintenance: this.#rows.filter(r => within(reach, this.#zoneOf(r))).map(r => this.#view(r)) }),
    begin: async (wish, { by, reach }) => {
      const place = this.#placeOf(wish, reach)
      const at = this.#needs.now()
      const work = { id: `mt-${randomBytes(8).toString('hex')}`, at, until: at + wish.minutes * MINUTE, by, ...place }
      const { comment } = wish
      const row = await this.#needs.op('beginMaintenance', { work, ...(comment !== undefined && { comment }) })
      this.#changed(row)
      return this.#view(work)
    },
    end: async (id, { by, reach }) => {
      const work = this.#rows.find(row => row.id === id)
      if (!work || !within(reach, this.#zoneOf(work))) throw new VigieError('maintenance-unknown', { maintenance: id })
      await this.#end({ at: this.#needs.now(), id, by })
      return { id }
    },
  }

  async #end(args: { at: number; id: string; by?: string }): Promise<void> {
    const row = await this.#needs.op('endMaintenance', args)
    if (row) this.#changed(row)
    else this.#rows = maintenances(this.#needs.db)
  }
  #changed(row: Parameters<Needs['publish']>[0]): void {
    this.#needs.publish(row)
    this.#rows = maintenances(this.#needs.db)
    this.#needs.changed()
  }

  /** @throws VigieError one-place, zone-unknown, device-unknown */
  #placeOf({ zone, device }: MaintenanceWish, reach: Parameters<typeof within>[0]) {
    const { site } = this.#needs.registry()
    if ((zone === undefined) === (device === undefined)) throw new VigieError('one-place')
    if (zone !== undefined) {
      if (!site.zones.some(z => z.id === zone) || !within(reach, zone)) throw new VigieError('zone-unknown', { zone })
      return { zone }
    }
    const known = site.devices.find(d => d.id === device)
    if (!known || !within(reach, known.zone)) throw new VigieError('device-unknown', { device: device ?? '' })
    return { device: known.id }
  }
  #zoneOf({ zone, device }: MaintenanceRow): string | undefined {
    return zone ?? this.#needs.registry().site.devices.find(d => d.id === device)?.zone
  }
  #view(row: MaintenanceRow): MaintenanceView {
    const name = this.#needs.registry().nameOf(row.by)?.name
    return { ...row, ...(name !== undefined && { name }) }
  }
}
