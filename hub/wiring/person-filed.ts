/** What was filed of one person: arrivals, departures and visits of theirs, and of visits to them that there were some. */
import type { Site } from '../access/site.ts'
import type { Said } from '../errors.ts'
import type { PersonHead } from '../export/person-file.ts'
import type { Form } from '../flows/movement-filed.ts'
import { type MovementRow, movementsOf, tasksOf } from '../record/movements.ts'
import type { Db } from '../record/sql.ts'
import { type VisitRow, visitsOf } from '../record/visits.ts'

type Filed = NonNullable<PersonHead['filed']>[number]
const WHAT: Readonly<Record<'arrival' | 'departure' | 'visit' | 'visited', Said>> = {
  arrival: { fr: 'Arrivée', en: 'Arrival' },
  departure: { fr: 'Départ', en: 'Departure' },
  visit: { fr: 'Votre visite', en: 'Your visit' },
  visited: { fr: 'Une visite chez vous', en: 'A visit to you' },
}
const alike = (text: string): Said => ({ fr: text, en: text })

/** @param person of the site, by id */
export const filedOn = (db: Db, site: Pick<Site, 'zones' | 'accessPoints'>, person: string): Filed[] =>
  [
    ...movementsOf(db, person).map(row => movementFiled(db, site, row)),
    ...visitsOf(db, person).map(row => visitFiled(site, row, person)),
  ].toSorted((a, b) => a.from - b.from)

function movementFiled(db: Db, { zones }: Pick<Site, 'zones'>, row: MovementRow): Filed {
  const form = row.body === null ? undefined : (JSON.parse(row.body) as Form)
  const zone = zones.find(z => z.id === row.zone)?.name
  const said = [form?.name, form?.job?.name, zone, form?.mail, form?.note, ...tasksOf(db, row.id).map(t => t.label)]
  return {
    what: row.direction === 'arrival' ? WHAT.arrival : WHAT.departure,
    from: row.at,
    ...(form?.leavesAt !== undefined && { until: form.leavesAt }),
    details: said.flatMap(text => (text ? [alike(text)] : [])),
  }
}

/** Of a visit to somebody, the visitor is another person: they are not named. */
function visitFiled({ zones, accessPoints }: Pick<Site, 'zones' | 'accessPoints'>, row: VisitRow, of: string): Filed {
  const isOwn = row.person === of
  const visitor = isOwn && row.visitor !== null ? (JSON.parse(row.visitor) as { name: string; company?: string }) : {}
  const names = new Map([...zones, ...accessPoints].map(({ id, name }) => [id, name]))
  const places = (JSON.parse(row.places) as { zone?: string; accessPoint?: string }[]).map(
    ({ zone, accessPoint }) => names.get(accessPoint ?? zone ?? '') ?? accessPoint ?? zone ?? '',
  )
  return {
    ...{ what: isOwn ? WHAT.visit : WHAT.visited, from: row.from, until: row.until },
    details: [...Object.values(visitor), ...places].map(text => alike(String(text))),
  }
}
