/** Arrivals and departures change together with the rows that tell of it. No name stands in a row. */
import { VigieError } from '../errors.ts'
import type { MovementEvent } from '../events.ts'
import * as jobs from './jobs.ts'
import { type Leaving, type Left, leave } from './leaving.ts'
import * as movements from './movements.ts'
import { append, type OpContext } from './op-context.ts'
import { item, subject } from './site.ts'

type At = { readonly at: number }
type Told = At & { readonly id: string; readonly by: string }
type Facts = Readonly<Record<string, unknown>>
type More = Pick<MovementEvent, 'task' | 'before' | 'after' | 'statedReason'>

export const MOVEMENT_OPS = {
  /** All or none: an arrival, perhaps with its departure. @throws VigieError movement-open, person-taken */
  fileMovements: (
    c: OpContext,
    a: At & {
      by: string
      /** Whoever arrives must not be in the site yet. */
      isNew: boolean
      filed: readonly { movement: movements.NewMovement; tasks: readonly movements.NewTask[]; after: Facts }[]
    },
  ): void => {
    for (const { movement, tasks, after } of a.filed) {
      const { person, direction } = movement
      const open = movements.movementsOf(c.db, person).find(m => m.direction === direction && m.state === 'open')
      if (open) throw new VigieError('movement-open', { person, movement: open.id })
      if (a.isNew && item(c.db, 'person', person)) throw new VigieError('person-taken', { person })
      movements.addMovement(c.db, movement, tasks, a.at)
      told(c, { at: a.at, id: movement.id, by: a.by }, 'movement.filed', { after })
    }
  },

  /** @throws VigieError movement-unknown, movement-over, edit-conflict */
  changeMovement: (
    c: OpContext,
    a: Told & { expected: number; set: movements.MovementSet; before: Facts; after: Facts },
  ): void => {
    const { revision } = needOpen(c, a.id)
    if (revision !== a.expected) throw new VigieError('edit-conflict', { kind: 'movement', id: a.id, revision })
    movements.setMovement(c.db, a.id, a.set)
    if (a.set.at !== undefined) movements.moveTasks(c.db, a.id, a.set.at)
    told(c, a, 'movement.changed', { before: a.before, after: a.after })
  },

  /** @throws VigieError movement-unknown, movement-over */
  cancelMovement: (c: OpContext, a: Told & { statedReason: string }): void => {
    needOpen(c, a.id)
    movements.setMovement(c.db, a.id, { state: 'cancelled', endedAt: a.at })
    told(c, a, 'movement.cancelled', { statedReason: a.statedReason })
  },

  /** Ticked off by hand, or opened again. @throws VigieError movement-unknown, movement-over */
  tickTask: (c: OpContext, a: Told & { task: string; done: boolean }): void => {
    needOpen(c, a.id)
    if (!movements.setTask(c.db, a.id, a.task, a.done ? a.at : null, a.by)) return
    movements.setMovement(c.db, a.id, {})
    told(c, a, a.done ? 'movement.task-done' : 'movement.task-reopened', { task: a.task })
    finish(c, a)
  },

  /** Seen to be done by now. What has ended meanwhile, or was ticked by somebody else, is left as it is. */
  tasksSeen: (c: OpContext, a: Told & { tasks: readonly string[] }): void => {
    if (movements.movement(c.db, a.id)?.state === 'open') see(c, a, a.tasks)
  },

  /** A departure is carried out: all of it, and that it was, in one commit. @throws VigieError person-unknown, operator-last */
  carryOutMovement: (c: OpContext, { id, ...a }: Leaving & { id: string }): Left => {
    const left = leave(c, a)
    const open = movements.movement(c.db, id)
    if (open?.state === 'open' && open.carriedOutAt === null) {
      movements.setMovement(c.db, id, { carriedOutAt: a.at })
      see(c, { at: a.at, id, by: a.by }, ['rights'])
    }
    return left
  },

  forgetMovements: (c: OpContext, a: { before: number }): number => movements.forgetMovements(c.db, a.before),

  /** @returns the revision it has now @throws VigieError edit-conflict */
  putJob: (
    c: OpContext,
    a: Told & { body: string; expected: number; before: Facts | undefined; after: Facts },
  ): number => {
    const { at, id: job, by, before, after } = a
    const revision = jobs.putJob(c.db, job, a.body, a.expected)
    if (revision === undefined) throw overtaken(c, job)
    append(c, at, { kind: 'job.changed', job, by, ...(before && { before }), after })
    return revision
  },

  /** @throws VigieError edit-conflict */
  removeJob: (c: OpContext, a: Told & { expected: number; before: Facts }): void => {
    const { at, id: job, by, before } = a
    if (!jobs.removeJob(c.db, job, a.expected)) throw overtaken(c, job)
    append(c, at, { kind: 'job.changed', job, by, before })
  },
} as const

const overtaken = (c: OpContext, id: string): VigieError =>
  new VigieError('edit-conflict', { kind: 'job', id, revision: jobs.job(c.db, id)?.revision ?? 0 })

/** @throws VigieError movement-unknown, movement-over */
function needOpen(c: OpContext, id: string): movements.MovementRow {
  const found = movements.movement(c.db, id)
  if (!found) throw new VigieError('movement-unknown', { movement: id })
  if (found.state !== 'open') throw over(found.state)
  return found
}
export const over = (state: string): VigieError =>
  new VigieError('movement-over', {
    state: state === 'done' ? { en: 'finished', fr: 'terminé' } : { en: 'cancelled', fr: 'annulé' },
  })

function see(c: OpContext, a: Told, tasks: readonly string[]): void {
  const now = tasks.filter(task => movements.setTask(c.db, a.id, task, a.at, null))
  if (now.length > 0) movements.setMovement(c.db, a.id, {})
  for (const task of now) told(c, a, 'movement.task-done', { task })
  finish(c, a)
}

function finish(c: OpContext, a: Told): void {
  if (!movements.isAllDone(c.db, a.id)) return
  movements.setMovement(c.db, a.id, { state: 'done', endedAt: a.at })
  told(c, a, 'movement.done', {})
}

function told(c: OpContext, { at, id, by }: Told, kind: MovementEvent['kind'], more: More): void {
  const row = movements.movement(c.db, id)
  if (!row) return
  const person = subject(c.db, 'person', row.person)?.pseudonym
  const direction = row.direction as MovementEvent['direction']
  append(c, at, { kind, movement: id, direction, by, ...(person !== undefined && { person }), ...more })
}
