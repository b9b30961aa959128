/** A badge that was reported lost while the database could not be written: its row in the spool brings the status with it. */
import type { BadgeLost } from '../events.ts'
import type { Row } from './chain.ts'
import type { OpContext } from './op-context.ts'
import { item, putItems, uidOf } from './site.ts'

/** One that is lost or revoked already, or not of the site any more, stays as it is. */
export function loseBadge(c: OpContext, { at, body }: Pick<Row, 'at' | 'body'>): void {
  const { credential } = JSON.parse(body) as BadgeLost
  const uid = uidOf(c.db, credential)
  const stored = uid === undefined ? undefined : item(c.db, 'badge', uid)
  if (!stored) return
  const badge = JSON.parse(stored.body) as { readonly status: string }
  if (badge.status === 'lost' || badge.status === 'revoked') return
  putItems(c.db, [{ kind: 'badge', id: stored.id, body: JSON.stringify({ ...badge, status: 'lost' }) }], at)
}
