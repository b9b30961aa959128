/** Messages as they are stored, and whom one may be for. */
import type { MessageRow } from '../record/messages.ts'
import type { AdminRow } from '../record/operators-admin.ts'
import { mayOperator, type Role } from '../rules/roles.ts'
import type { Message } from '../rules/telling.ts'
import { reachOf, within } from '../rules/zones.ts'

export const messageRow = (m: Message): MessageRow => ({
  ...{ id: m.id, incident: m.incident ?? null, operator: m.operator, state: m.state, at: m.at, dueAt: m.dueAt },
  body: JSON.stringify(m),
})
export const messageIn = ({ body }: Pick<MessageRow, 'body'>): Message => JSON.parse(body) as Message

/** Whether an account may take incidents of a zone: nobody else is told of one. */
export function takes(row: AdminRow, zone: string | undefined, zones: Parameters<typeof reachOf>[0]): boolean {
  const own = row.zones === null ? undefined : (JSON.parse(row.zones) as string[])
  const may = mayOperator({ role: row.role as Role, ...(own && { zones: own }) }, 'alerts.ack')
  return row.status === 'active' && may && within(reachOf(zones, own), zone)
}
