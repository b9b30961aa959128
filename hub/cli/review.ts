/** vigie review list: emergency openings that nobody has looked into yet. They are closed on the hub's page, by a second person. */
import { localTime } from './acts.ts'
import type { Desk } from './desk.ts'
import { type Output, table } from './output.ts'

export async function list(desk: Desk, out: Output): Promise<void> {
  const reviews = await desk.acts.reviews()
  if (out.json) {
    out.line(JSON.stringify(reviews))
    return
  }
  const timeZone = await desk.timeZone()
  const french = out.language === 'fr'
  const late = french ? ' (en retard)' : ' (overdue)'
  const head = french
    ? ['examen', 'personne', 'point d’accès', 'ouvert le', 'à clore avant', 'motif']
    : ['review', 'person', 'access point', 'opened', 'due', 'reason']
  const rows = reviews.map(r => [
    r.id,
    r.name,
    r.accessPoint,
    localTime(r.at, timeZone),
    localTime(r.dueAt, timeZone) + (r.overdue ? late : ''),
    r.statedReason,
  ])
  out.line(table([head, ...rows]))
}
