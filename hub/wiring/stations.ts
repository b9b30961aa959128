/** Workstations, put together: badges as they are granted, PINs as doors check them, accounts by the person they are. */
import { modelRules } from '#devices/registry.ts'
import type { StationView } from '../api.ts'
import type { Recorded } from '../events.ts'
import type { Registry } from '../flows/registry.ts'
import type { FastifyPluginAsync } from '../http/plugin.ts'
import { stationRoutes } from '../http/routes/stations.ts'
import type { SessionSteps } from '../http/session-steps.ts'
import type { Sessions } from '../http/sessions.ts'
import { StationDesk } from '../http/station-desk.ts'
import type { BadgeHolders, PairedStation, StationStore } from '../http/station-ports.ts'
import { Stations, type StationsNeeds } from '../http/stations.ts'
import { byName, type Names } from '../notify/model.ts'
import { operators } from '../record/accounts.ts'
import { pinCheck } from '../record/pins.ts'
import type { Db } from '../record/sql.ts'
import { type StationRow, station, stationOf, stations as stored } from '../record/stations.ts'
import type { PerformOp } from './enrolment.ts'

interface Needs extends Pick<StationsNeeds, 'accounts' | 'record' | 'log' | 'now'> {
  readonly db: Db
  readonly op: PerformOp
  readonly registry: () => Registry
  readonly names: Names
  readonly sessions: Sessions
  readonly steps: SessionSteps
}
export interface Workstations {
  readonly plugin: FastifyPluginAsync
  /** Of every row as it is recorded. */
  observe(recorded: Recorded): void
}

export function workstations(needs: Needs): Workstations {
  const { db, registry, sessions, steps, now } = needs
  const store = storeOf(needs)
  const stations = new Stations({ ...needs, store, holders: holdersOf(db, registry) })
  return {
    plugin: stationRoutes({ stations, steps, sessions, desk: new StationDesk(store, now) }),
    observe: ({ at, event, unrecorded }) => {
      if (event.kind !== 'access.granted' || event.accessPoint === undefined || event.late || unrecorded) return
      const { person, credential, accessPoint, device, point, zone } = event
      const place = { device, point, ...(zone !== undefined && { zone }) }
      stations.badge({ person, credential, accessPoint, at, place })
    },
  }
}

function holdersOf(db: Db, registry: () => Registry): BadgeHolders {
  const pin = pinCheck(db)
  const personIn = (pseudonym: string): string | undefined => {
    const id = registry().idOf(pseudonym)
    return registry().site.people.some(p => p.id === id) ? id : undefined
  }
  return {
    pin: async (person, given) => pin(person, given),
    operatorOf: pseudonym => {
      const person = personIn(pseudonym)
      const found = person === undefined ? [] : operators(db).filter(o => o.person === person)
      return found.length === 1 ? found[0]?.id : undefined
    },
    inForce: ({ person, credential }) => {
      const [holder, uid] = [personIn(person), registry().idOf(credential)]
      return registry().site.badges.some(b => b.uid === uid && b.person === holder && b.status === 'active')
    },
  }
}

function storeOf({ db, op, registry, names, now }: Needs): StationStore {
  const pointOf = (id: string) => registry().site.accessPoints.find(p => p.id === id)
  const view = (row: StationRow, at: number): StationView => {
    const name = pointOf(row.accessPoint)?.name
    return {
      ...{ id: row.id, name: row.name, state: stateOf(row, at), createdAt: row.createdAt },
      accessPoint: { id: row.accessPoint, ...(name !== undefined && { name }) },
      by: byName(row.createdBy, names) ?? row.createdBy,
      ...(row.pairedAt !== null && { pairedAt: row.pairedAt }),
      ...(row.expiresAt !== null && { expiresAt: row.expiresAt }),
      ...(row.usedAt !== null && { usedAt: row.usedAt }),
    }
  }
  return {
    find: (hash, at): PairedStation | undefined => {
      const row = stationOf(db, hash, at)
      return row && { ...row, reader: pointOf(row.accessPoint)?.name ?? row.accessPoint }
    },
    list: at => stored(db).map(row => view(row, at)),
    view: (id, at) => {
      const row = station(db, id)
      return row && view(row, at)
    },
    create: async (made, code) => op('addStation', { at: now(), station: made, code }),
    newCode: async (id, by, code) => op('stationCode', { id, by, code }),
    pair: async (codeHash, hash, expiresAt) => op('pairStation', { at: now(), codeHash, hash, expiresAt }),
    remove: async (id, by) => op('removeStation', { at: now(), id, by }),
    used: async (id, at) => void (await op('stationUsed', { id, at })),
    hasReader: id => {
      const point = pointOf(id)
      const model = point && registry().site.devices.find(d => d.id === point.device)?.model
      return point !== undefined && model !== undefined && readsBadges(model, point.point)
    },
  }
}

const readsBadges = (model: string, point: string): boolean =>
  modelRules(model)?.points.get(point)?.says.has('badge') ?? false

function stateOf({ paired, expiresAt, codeExpiresAt }: StationRow, at: number): StationView['state'] {
  if (paired === 1) return (expiresAt ?? 0) > at ? 'paired' : 'expired'
  return (codeExpiresAt ?? 0) > at ? 'waiting' : 'expired'
}
