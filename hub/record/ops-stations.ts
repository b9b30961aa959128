/** Workstations come and go together with the rows that tell of them. */
import { append, type OpContext } from './op-context.ts'
import * as stations from './stations.ts'

type At = { readonly at: number }

export const STATION_OPS = {
  addStation: (c: OpContext, a: At & { station: stations.NewStation; code: stations.Code }): void =>
    stations.addStation(c.db, a.station, a.code, a.at),

  /** @returns false, with nothing written, if there is no such station */
  stationCode: (c: OpContext, a: { id: string; by: string; code: stations.Code }): boolean =>
    stations.setCode(c.db, a.id, a.by, a.code),

  /** @returns the station's id; undefined, with nothing written, for a code that is none, was used, or has run out */
  pairStation: (c: OpContext, a: At & { codeHash: string; hash: string; expiresAt: number }): string | undefined => {
    const found = stations.byCode(c.db, a.codeHash, a.at)
    if (!found) return undefined
    const { id, accessPoint, createdBy: by } = found
    stations.pair(c.db, id, a.hash, a.at, a.expiresAt)
    append(c, a.at, { kind: 'station.paired', station: id, accessPoint, by })
    return id
  },

  /** @returns false, with nothing written, if there is none */
  removeStation: (c: OpContext, a: At & { id: string; by: string }): boolean => {
    const known = stations.station(c.db, a.id)
    if (!known || !stations.removeStation(c.db, a.id)) return false
    append(c, a.at, { kind: 'station.unpaired', station: a.id, accessPoint: known.accessPoint, by: a.by })
    return true
  },

  stationUsed: (c: OpContext, a: At & { id: string }): number => stations.stationUsed(c.db, a.id, a.at),
} as const
