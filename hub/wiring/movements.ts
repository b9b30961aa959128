/** Arrivals and departures, put together: forms, tasks, and what is done by itself. */
import { randomBytes } from 'node:crypto'
import type { Direction, Invited, JobView, JobWish, MovementState, MovementView, TaskKind } from '../api.ts'
import { causeOf, VigieError } from '../errors.ts'
import { JobEdited } from '../flows/job-edited.ts'
import { type Form, MovementFiled } from '../flows/movement-filed.ts'
import { MovementWorked, needTask, type WorkedMovement } from '../flows/movement-worked.ts'
import { MovementsDue } from '../flows/movements-due.ts'
import type { PersonDeparted } from '../flows/person-departed.ts'
import type { Registry } from '../flows/registry.ts'
import type { OperatorAdmin } from '../http/account-ports.ts'
import type { Filing, MovementDesk } from '../http/movement-ports.ts'
import { pageBy } from '../http/paging.ts'
import type { FastifyPluginAsync } from '../http/plugin.ts'
import type { OperatorActs } from '../http/ports.ts'
import { jobRoutes } from '../http/routes/jobs.ts'
import { movementRoutes } from '../http/routes/movements.ts'
import { byName, type Names } from '../notify/model.ts'
import { operators } from '../record/accounts.ts'
import { job, jobs } from '../record/jobs.ts'
import {
  hasForgettable,
  type MovementRow,
  movement,
  movements,
  movementsOf,
  openMovements,
  standing,
  type TaskRow,
  tasksOf,
} from '../record/movements.ts'
import { over } from '../record/ops-movements.ts'
import { item } from '../record/site.ts'
import type { Db } from '../record/sql.ts'
import { NAMES_KEPT_MS } from '../rules/movements.ts'
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
  readonly acts: Pick<OperatorActs, 'putItem' | 'linkOperator'>
  readonly operators: Pick<OperatorAdmin, 'invite'>
  readonly log: { error(details: object, words: string): void }
  readonly now: () => number
}

export function movementPlugins(needs: Needs): FastifyPluginAsync[] {
  const desk = movementDesk(needs)
  return [movementRoutes(desk), jobRoutes(desk)]
}

function movementDesk(needs: Needs): MovementDesk {
  const { db, now } = needs
  const [filed, worked, due, edited] = [filing(needs), working(needs), dueOf(needs), editing(needs)]
  const timer = looking({
    nextAt: () => due.nextAt(),
    look: async () => {
      await due.look()
      const before = now() - NAMES_KEPT_MS
      if (hasForgettable(db, before)) await needs.op('forgetMovements', { before })
    },
    words: 'arrivals and departures could not be looked at; they are again soon',
    ...{ log: needs.log, now },
  })
  const view = (id: string, reach: Reach = undefined): MovementView => viewOf(needs, needRow(db, id, reach))
  const looked = async (id: string): Promise<MovementView> => {
    await due.look()
    timer.plan()
    return view(id)
  }
  const open = (id: string): WorkedMovement => workedOf(db, needOpen(db, id))
  return {
    start: timer.start,
    stop: timer.stop,
    list: (query, reach) => {
      const { overdue, limit, ...rest } = query
      const rows = movements(db, {
        ...{ ...rest, limit: limit + 1 },
        ...(overdue && { overdueAt: now() }),
        ...(reach && { zones: [...reach] }),
      })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const shown = page.map(row => viewOf(needs, row))
      return { movements: shown, ...(rows.length > limit && last && { next: last.number }) }
    },
    view,
    arrival: async (wish, who) => {
      const { id, departure } = await filed.arrival(wish, who)
      return { movement: await looked(id), ...(departure !== undefined && { departure }) }
    },
    departure: async (form, who) => looked(await filed.departure(form, who)),
    change: async (id, changes, who) => {
      const row = needOpen(db, id, who.reach)
      const { direction, zone, at } = row
      const known = { id, direction: direction as Direction, at, form: formOf(row), ...(zone !== null && { zone }) }
      await filed.change(known, changes, who)
      return looked(id)
    },
    cancel: async (id, reason, who) => {
      await cancel(needs, needRow(db, id, who.reach), reason, who)
      return view(id)
    },
    tick: async (id, task, done, by) => {
      await worked.tick(open(id), task, done, by)
      return view(id)
    },
    makePerson: async (id, by) => {
      await worked.makePerson(open(id), by)
      return looked(id)
    },
    giveBadge: async (id, uid, by) => {
      await worked.giveBadge(open(id), uid, by)
      return looked(id)
    },
    invite: async (id, login, by, origin) => {
      const invitation = await worked.invite(open(id), login, by, origin)
      return { movement: await looked(id), invitation }
    },
    carryOut: async (id, reason, by) => {
      const known = open(id)
      needTask(known, 'rights')
      await carryOut(needs, id, { person: known.person, by, ...(reason !== undefined && { statedReason: reason }) })
      return looked(id)
    },
    jobs: page => {
      const { page: rows, next } = pageBy(jobs(db), row => row.id, page)
      return { jobs: rows.map(jobOf), ...(next !== undefined && { next }) }
    },
    job: id => needJob(db, id),
    putJob: async (id, wish, edit) => {
      await edited.put(id, wish, edit)
      return needJob(db, id)
    },
    removeJob: (id, edit) => edited.remove(id, edit),
  }
}

const newId = (): string => `m-${randomBytes(8).toString('hex')}`

function filing({ db, op, registry, now }: Needs): MovementFiled {
  return new MovementFiled({
    ...{ now, newId },
    site: () => registry().site,
    job: id => jobWish(db, id),
    reserved: () => new Set(openMovements(db).flatMap(m => (m.direction === 'arrival' ? [m.person] : []))),
    held: person => heldBy(db, person, now()),
    personOf: by => operators(db).find(o => o.id === by)?.person ?? undefined,
    file: a => op('fileMovements', a),
    change: a => op('changeMovement', a),
  })
}

/** Badges that open something, what their arrivals handed out, and the zone they came to. */
function heldBy(db: Db, person: string, at: number) {
  const arrivals = movementsOf(db, person).filter(m => m.direction === 'arrival')
  const things = arrivals.flatMap(m => tasksOf(db, m.id).filter(t => t.kind === 'equipment' && t.doneAt !== null))
  const zone = arrivals.find(m => m.zone !== null && m.state !== 'cancelled')?.zone ?? undefined
  return {
    badges: standing(db, person, at).badges,
    equipment: [...new Set(things.flatMap(t => t.label ?? []))],
    ...(zone !== undefined && { zone }),
  }
}

function working({ db, op, registry, acts, operators: admin, now }: Needs): MovementWorked<Invited> {
  return new MovementWorked({
    now,
    site: () => registry().site,
    put: (kind, id, body, by) => acts.putItem(kind, id, body, { expected: item(db, kind, id)?.revision ?? 0, by }),
    invite: ({ login, name, account, mail }, by, origin) =>
      admin.invite(
        {
          login,
          name,
          ...account,
          ...(mail !== undefined && { email: mail }),
          ...(origin !== undefined && { origin }),
        },
        by,
      ),
    link: (login, person, by) => acts.linkOperator(login, person, by),
    tick: a => op('tickTask', a),
  })
}

function dueOf(needs: Needs): MovementsDue {
  const { db, op, log, now } = needs
  return new MovementsDue({
    now,
    open: () => openMovements(db).map(row => ({ ...workedOf(db, row), ...lookedOf(db, row) })),
    standing: (person, at) => standing(db, person, at),
    seen: a => op('tasksSeen', a),
    depart: (id, wish) => carryOut(needs, id, wish),
    onFailure: (id, error) =>
      log.error({ movement: id, cause: causeOf(error) }, 'a departure could not be carried out'),
  })
}

const carryOut = ({ departures, op }: Needs, id: string, wish: Parameters<PersonDeparted['depart']>[0]) =>
  departures.depart(wish, a => op('carryOutMovement', { ...a, id }))

function editing({ db, op, registry, now }: Needs): JobEdited {
  return new JobEdited({
    now,
    site: () => registry().site,
    find: id => jobWish(db, id),
    put: a => op('putJob', a),
    remove: a => op('removeJob', a),
  })
}

/** Who does not come has no departure either. */
async function cancel({ db, op, now }: Needs, row: MovementRow, statedReason: string, { by }: Filing): Promise<void> {
  if (row.state !== 'open') throw over(row.state)
  await op('cancelMovement', { at: now(), id: row.id, by, statedReason })
  if (row.direction !== 'arrival' || item(db, 'person', row.person)) return
  for (const other of movementsOf(db, row.person))
    if (other.state === 'open') await op('cancelMovement', { at: now(), id: other.id, by, statedReason })
}

/** @throws VigieError movement-unknown: what lies elsewhere is not there for whose role counts in some zones */
function needRow(db: Db, id: string, reach: Reach): MovementRow {
  const row = movement(db, id)
  if (!row || !within(reach, row.zone ?? undefined)) throw new VigieError('movement-unknown', { movement: id })
  return row
}
/** @throws VigieError movement-unknown, movement-over */
function needOpen(db: Db, id: string, reach: Reach = undefined): MovementRow {
  const row = needRow(db, id, reach)
  if (row.state !== 'open') throw over(row.state)
  return row
}

const formOf = ({ body }: MovementRow): Form => (body === null ? { name: '', roles: [] } : (JSON.parse(body) as Form))
const lookedOf = (db: Db, row: MovementRow) => ({
  ...{ filedAt: row.filedAt, carriedOutAt: row.carriedOutAt, roles: formOf(row).roles },
  open: tasksOf(db, row.id).flatMap(({ id, kind, doneAt }) =>
    doneAt === null ? [{ id, kind: kind as TaskKind }] : [],
  ),
})
const workedOf = (db: Db, row: MovementRow): WorkedMovement => ({
  ...{ id: row.id, direction: row.direction as Direction, person: row.person, at: row.at, form: formOf(row) },
  tasks: tasksOf(db, row.id).map(({ id, kind, doneAt }) => ({ id, kind: kind as TaskKind, done: doneAt !== null })),
})

const jobWish = (db: Db, id: string): JobWish | undefined => {
  const row = job(db, id)
  return row && (JSON.parse(row.body) as JobWish)
}
const jobOf = ({ id, body, revision }: ReturnType<typeof jobs>[number]): JobView => ({
  ...{ id, ...(JSON.parse(body) as JobWish), revision },
})
/** @throws VigieError job-unknown */
function needJob(db: Db, id: string): JobView {
  const row = job(db, id)
  if (!row) throw new VigieError('job-unknown', { job: id })
  return jobOf(row)
}

function viewOf({ db, registry, names, now }: Needs, row: MovementRow): MovementView {
  const { site } = registry()
  const form = row.body === null ? undefined : formOf(row)
  const name = site.people.find(p => p.id === row.person)?.name ?? form?.name
  const zone = row.zone === null ? undefined : (site.zones.find(z => z.id === row.zone)?.name ?? row.zone)
  const { job: template, account, leavesAt, mail, note } = form ?? {}
  return {
    ...{ id: row.id, direction: row.direction as Direction, state: row.state as MovementState, at: row.at },
    person: { id: row.person, ...(name !== undefined && { name }) },
    ...(template && { job: template }),
    ...(row.zone !== null && zone !== undefined && { zone: { id: row.zone, name: zone } }),
    ...(leavesAt !== undefined && { leavesAt }),
    roles: form?.roles ?? [],
    ...(account && { account }),
    ...(mail !== undefined && { mail }),
    ...(note !== undefined && { note }),
    ...{ filedBy: byName(row.filedBy, names) ?? row.filedBy, filedAt: row.filedAt },
    ...(row.carriedOutAt !== null && { carriedOutAt: row.carriedOutAt }),
    ...(row.endedAt !== null && { endedAt: row.endedAt }),
    tasks: tasksOf(db, row.id).map(task => taskView(task, row.state, now(), names)),
    revision: row.revision,
  }
}

function taskView({ id, kind, label, dueAt, doneAt, doneBy }: TaskRow, state: string, now: number, names: Names) {
  return {
    ...{ id, kind: kind as TaskKind, dueAt, overdue: state === 'open' && doneAt === null && dueAt <= now },
    ...(label !== null && { label }),
    ...(doneAt !== null && { doneAt }),
    ...(doneBy !== null && { doneBy: byName(doneBy, names) ?? doneBy }),
  }
}
