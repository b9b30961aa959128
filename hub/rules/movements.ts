/** Arrivals and departures: what there is to do for one, and what of it is seen to be done. Pure. */
import type { Role } from './roles.ts'

export type Direction = 'arrival' | 'departure'
/**
 * `person`, `badge`, `account`, `rights`: Vigie sees by itself that it is done, and does it where it is asked to. `return`: a
 * badge brought back. `equipment`, `other`: ticked off by hand.
 */
export type TaskKind = 'person' | 'badge' | 'account' | 'rights' | 'return' | 'equipment' | 'other'

/** What somebody of this job is given: rights by site role, perhaps an account, things, and what else there is to do. */
export interface JobWish {
  readonly name: string
  /** Of the site. */
  readonly roles: readonly string[]
  /** Of the account; absent: none. */
  readonly account?: { readonly role: Role; readonly zones?: readonly string[] }
  /** Things handed out and brought back: a locker, a phone. */
  readonly equipment: readonly string[]
  /** Anything else, in words. */
  readonly tasks: readonly string[]
}
/** The form of somebody who comes. Times are milliseconds since 1970, UTC. */
export interface ArrivalWish {
  readonly name: string
  /** Left out: made of the name. */
  readonly id?: string
  /** `id` is somebody of the site, who comes back. */
  readonly returning?: boolean
  readonly job?: string
  readonly zone?: string
  readonly at: number
  readonly leavesAt?: number
  readonly roles?: readonly string[]
  readonly equipment?: readonly string[]
  readonly mail?: string
  readonly note?: string
}
/** The form of somebody who leaves. */
export interface DepartureForm {
  /** Of the site, by id. */
  readonly person: string
  readonly zone?: string
  readonly at: number
  readonly note?: string
}
/** What may change while it is open; null: is taken away. */
export interface MovementChanges {
  readonly at?: number
  readonly leavesAt?: number | null
  readonly zone?: string
  readonly note?: string | null
}

export interface Task {
  readonly id: string
  readonly kind: TaskKind
  /** Of a thing or a piece of work; of a badge that comes back, nothing: its number is in no list of tasks. */
  readonly label?: string
  /** Milliseconds since 1970, UTC. */
  readonly dueAt: number
}

/** How many days ahead one may be filed. */
export const LONGEST_AHEAD_MS = 400 * 86_400_000
/** Names of one that has ended are kept so long, for whoever has a question. */
export const NAMES_KEPT_MS = 90 * 86_400_000
/** Of one arrival or departure: more is no list that anybody works through. */
export const MOST_TASKS = 60

/** @param given what the job and the form bring together */
export function arrivalTasks(
  at: number,
  given: { readonly account: boolean; readonly equipment: readonly string[]; readonly tasks: readonly string[] },
): Task[] {
  return [
    { id: 'person', kind: 'person', dueAt: at },
    { id: 'badge', kind: 'badge', dueAt: at },
    ...(given.account ? [{ id: 'account', kind: 'account' as const, dueAt: at }] : []),
    ...labelled('equipment', given.equipment, at),
    ...labelled('other', given.tasks, at),
  ]
}

/** Backwards: what was handed out comes back, and then all that opened anything ends. @param badges how many are held */
export function departureTasks(
  at: number,
  held: { readonly badges: number; readonly equipment: readonly string[] },
): Task[] {
  const returns = Array.from(
    { length: held.badges },
    (_, i): Task => ({ id: `return-${i + 1}`, kind: 'return', dueAt: at }),
  )
  return [...returns, ...labelled('equipment', held.equipment, at), { id: 'rights', kind: 'rights', dueAt: at }]
}

const labelled = (kind: 'equipment' | 'other', labels: readonly string[], dueAt: number): Task[] =>
  labels.map((label, i) => ({ id: `${kind}-${i + 1}`, kind, label, dueAt }))

/** Vigie sees these by itself: a tick by hand could be wrong. */
const SEEN: ReadonlySet<TaskKind> = new Set<TaskKind>(['person', 'badge', 'account', 'rights'])
export const isSeen = (kind: TaskKind): boolean => SEEN.has(kind)

/** How things stand with the person it is about. */
export interface Standing {
  /** Undefined: not in the site. */
  readonly roles?: readonly string[]
  /** That open something. */
  readonly badges: number
  readonly grants: number
  /** That have not ended. */
  readonly accounts: number
  /** The end of their time in the site, ms, if it has come. */
  readonly overSince?: number
}
export interface Looked {
  readonly at: number
  readonly filedAt: number
  /** That an arrival gives. */
  readonly roles: readonly string[]
  /** Not done yet. */
  readonly open: readonly Pick<Task, 'id' | 'kind'>[]
}

/** Of those still to be done, the ones that are done by now; none is ever taken back. */
export const doneByNow = (movement: Looked, standing: Standing, now: number): string[] =>
  movement.open.filter(({ kind }) => isDone(kind, movement, standing, now)).map(({ id }) => id)

function isDone(kind: TaskKind, { roles, at, filedAt }: Looked, standing: Standing, now: number): boolean {
  const { badges, accounts, overSince } = standing
  if (kind === 'person')
    return overSince === undefined && standing.roles !== undefined && roles.every(r => standing.roles?.includes(r))
  if (kind === 'badge') return badges > 0
  if (kind === 'account') return accounts > 0
  // Who comes back has an end from the time before: it is none of this departure.
  return kind === 'rights' && hasLeft(standing) && (now >= at || (overSince ?? 0) >= filedAt)
}

const hasLeft = ({ roles, overSince, badges, grants, accounts }: Standing): boolean =>
  (roles === undefined || overSince !== undefined) && badges + grants + accounts === 0

/** A departure is carried out at its minute, once; an arrival never by itself. */
export const isDue = (
  { direction, at, carriedOutAt }: { direction: Direction; at: number; carriedOutAt: number | null },
  now: number,
): boolean => direction === 'departure' && carriedOutAt === null && at <= now
