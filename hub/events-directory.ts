/** What the hospital's directory and identity provider change, and people who leave. Part of hub/events.ts. No names. */
import type { AccountState } from './events-accounts.ts'

/** An account was made because the directory says so. `by`: `provider`, or `directory:<token>`. */
export interface OperatorProvisioned {
  readonly kind: 'operator.provisioned'
  readonly operator: string
  readonly by: string
  readonly after: AccountState
}
/** Somebody has left: badges, grants, PIN and account ended in one commit with this row. Numbers of what was live. */
export interface PersonDeparted {
  readonly kind: 'person.departed'
  readonly person: string
  readonly by: string
  readonly badges: number
  readonly grants: number
  /** The account that ended with it. */
  readonly operator?: string
  readonly statedReason?: string
}
/** A group of the directory changed its members: `group` by its id in Vigie. */
export interface DirectoryGroupChanged {
  readonly kind: 'directory.group-changed'
  readonly group: string
  readonly by: string
  readonly added: number
  readonly removed: number
}
export type DirectoryEvent = OperatorProvisioned | PersonDeparted | DirectoryGroupChanged
