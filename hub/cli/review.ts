/** vigie review list: emergency openings that nobody has looked into yet. They are closed on the hub's page, by a second person. */
import { localTime, openActs } from './acts.ts'
import type { Context } from './context.ts'
import { type Output, table } from './output.ts'

export function list(c: Context, out: Output): void {
  const acting = openActs(c)
  const reviews = acting.acts.reviews()
  if (out.json) {
    out.line(JSON.stringify(reviews))
    return
  }
  const { timeZone } = acting.facts().site.site
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
