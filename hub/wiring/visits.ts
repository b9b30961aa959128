/** Visits, put together: announced, ended, forgotten. */
import { randomBytes } from 'node:crypto'
import type { VisitPlace, VisitState, VisitView } from '../api.ts'
import { causeOf, VigieError } from '../errors.ts'
import type { DepartureWish, PersonDeparted } from '../flows/person-departed.ts'
import type { Registry } from '../flows/registry.ts'
import { type KnownVisit, VisitAnnounced } from '../flows/visit-announced.ts'
import { VisitsDue } from '../flows/visits-due.ts'
import type { FastifyPluginAsync } from '../http/plugin.ts'
import { visitRoutes } from '../http/routes/visits.ts'
import type { VisitDesk } from '../http/visit-ports.ts'
import { byName, type Names } from '../notify/model.ts'
import { visitOver } from '../record/ops-visits.ts'
import type { Db } from '../record/sql.ts'
import { forgettableVisits, openVisits, type VisitRow, visit, visits } from '../record/visits.ts'
import { type Place, VISITOR_KEPT_MS } from '../rules/visits.ts'
import { type Reach, within } from '../rules/zones.ts'
import type { PerformOp } from './enrolment.ts'
import { looking } from './looking.ts'

interface Needs {
  /** For reading. */
  readonly db: Db
  readonly op: PerformOp
  readonly registry: () => Registry
  readonly names: Names
  readonly departures: Pick<PersonDeparted, 'depart'>
  readonly log: { error(details: object, words: string): void }
  readonly now: () => number
}

export const visitPlugin = (needs: Needs): FastifyPluginAsync => visitRoutes(visitDesk(needs))

function visitDesk(needs: Needs): VisitDesk {
  const { db, op, log, now } = needs
  const [announced, due] = [announcing(needs), dueOf(needs)]
  const timer = looking({
    nextAt: () => due.nextAt(),
    look: async () => {
      await due.look()
      const before = now() - VISITOR_KEPT_MS
      if (forgettableVisits(db, before).length > 0) await op('forgetVisits', { at: now(), before })
    },
    words: 'visits could not be looked at; they are again soon',
    ...{ log, now },
  })
  const view = (id: string, reach: Reach = undefined): VisitView => viewOf(needs, needRow(needs, id, reach))
  const planned = (id: string): VisitView => {
    timer.plan()
    return view(id)
  }
  return {
    start: timer.start,
    stop: timer.stop,
    list: ({ limit, ...query }, reach) => {
      const rows = visits(db, { ...query, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const seen = page.filter(row => reaches(needs, row, reach)).map(row => viewOf(needs, row))
      return { visits: seen, ...(rows.length > limit && last && { next: last.number }) }
    },
    view,
    announce: async (wish, who) => {
      const { id, code } = await announced.announce(wish, who)
      return { visit: planned(id), ...(code !== undefined && { code }) }
    },
    move: async (id, times, { by, reach, expected }) => {
      await announced.move(knownOf(needOpen(needs, id, reach)), times, by, expected)
      return planned(id)
    },
    end: async (id, reason, { by, reach }) => {
      const row = needOpen(needs, id, reach)
      const why = reason === undefined ? {} : { statedReason: reason }
      await end(needs, row, { person: row.person, by, ...why }, false)
      return view(id)
    },
    recode: async (id, { by, reach }) => {
      const row = needOpen(needs, id, reach)
      // A badge that was handed over is handed back, or reported lost: it is no code.
      if (row.shownAs !== 'qr') throw new VigieError('visit-unknown', { visit: id })
      const code = await announced.recode(knownOf(row), by)
      return { visit: view(id), code }
    },
  }
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex')

const announcing = ({ op, registry, now }: Needs): VisitAnnounced =>
  new VisitAnnounced({
    now,
    site: () => registry().site,
    announce: a => op('announceVisit', a),
    change: a => op('changeVisit', a),
    recode: a => op('recodeVisit', a),
    newId: () => `v-${hex(8)}`,
    newCode: () => hex(10).toUpperCase(),
    newGrantId: () => `g-${hex(8)}`,
  })

function dueOf(needs: Needs): VisitsDue {
  const { db, log, registry, now } = needs
  return new VisitsDue({
    now,
    open: () => openVisits(db),
    isThere: (id, at) => {
      const person = registry().site.people.find(p => p.id === id)
      return person !== undefined && (person.validUntil === undefined || Date.parse(person.validUntil) > at)
    },
    end: (row, wish) => end(needs, row, wish, true),
    onFailure: (id, error) => log.error({ visit: id, cause: causeOf(error) }, 'a visit could not be ended'),
  })
}

const end = (
  { departures, op, now }: Needs,
  { id, from }: { readonly id: string; readonly from: number },
  wish: DepartureWish,
  byItself: boolean,
): Promise<unknown> => {
  const cancelled = now() < from
  return departures.depart(wish, a => op('endVisit', { ...a, id, cancelled, byItself }))
}

/** @throws VigieError visit-unknown: what lies elsewhere is not there for whose role counts in some zones */
function needRow(needs: Needs, id: string, reach: Reach): VisitRow {
  const row = visit(needs.db, id)
  if (!row || !reaches(needs, row, reach)) throw new VigieError('visit-unknown', { visit: id })
  return row
}
/** @throws VigieError visit-unknown, visit-over */
function needOpen(needs: Needs, id: string, reach: Reach): VisitRow {
  const row = needRow(needs, id, reach)
  if (row.state !== 'announced') throw visitOver(row.state)
  return row
}

const placesOf = ({ places }: VisitRow): readonly Place[] => JSON.parse(places) as Place[]
/** Some place of it lies in their zones. */
const reaches = ({ registry }: Needs, row: VisitRow, reach: Reach): boolean =>
  reach === undefined ||
  placesOf(row).some(({ zone, accessPoint }) =>
    within(reach, zone ?? registry().site.accessPoints.find(p => p.id === accessPoint)?.zone),
  )

const knownOf = (row: VisitRow): KnownVisit => {
  const { id, person, badge, from, until } = row
  return { id, person, badge: badge ?? '', from, until, places: placesOf(row) }
}

function viewOf({ registry, names }: Needs, row: VisitRow): VisitView {
  const { site } = registry()
  const place = ({ zone, accessPoint }: Place): VisitPlace =>
    zone === undefined
      ? { kind: 'accessPoint', id: accessPoint ?? '', name: nameIn(site.accessPoints, accessPoint ?? '') }
      : { kind: 'zone', id: zone, name: nameIn(site.zones, zone) }
  return {
    ...{ id: row.id, state: row.state as VisitState, from: row.from, until: row.until, revision: row.revision },
    ...(row.visitor !== null && { visitor: JSON.parse(row.visitor) as NonNullable<VisitView['visitor']> }),
    host: { id: row.host, name: nameIn(site.people, row.host) },
    places: placesOf(row).map(place),
    shownAs: row.shownAs as VisitView['shownAs'],
    ...{ announcedBy: byName(row.announcedBy, names) ?? row.announcedBy, announcedAt: row.announcedAt },
    ...(row.endedAt !== null && { endedAt: row.endedAt }),
    ...(row.endedBy !== null && { endedBy: byName(row.endedBy, names) ?? row.endedBy }),
  }
}
const nameIn = (list: readonly { readonly id: string; readonly name: string }[], id: string): string =>
  list.find(one => one.id === id)?.name ?? id
