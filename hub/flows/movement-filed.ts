/**
 * Somebody will arrive, or leave: the form is filed, and becomes a list of tasks. It gives nobody anything yet.
 *
 *   check    job, roles, department and person are of the site; whoever comes new is not; the days are in order; nobody files
 *            their own departure; whose role counts in some zones files for those only
 *   record   the form with its tasks, and the journal row, which names no one; with a day of leaving, the departure too: one
 *            commit
 *
 * One of each direction is open for a person at a time.
 */
import type { Site } from '../access/site.ts'
import { type Said, VigieError } from '../errors.ts'
import { numbered, slugOf } from '../rules/directory-person.ts'
import {
  type ArrivalWish,
  arrivalTasks,
  type DepartureForm,
  type Direction,
  departureTasks,
  type JobWish,
  LONGEST_AHEAD_MS,
  type MovementChanges,
  type Task,
} from '../rules/movements.ts'
import { type Reach, within } from '../rules/zones.ts'
import { type Awaitable, shown } from './acting.ts'
import { needRoles } from './job-edited.ts'
import { needZones } from './operator-invited.ts'

/** The form as it is kept. */
export interface Form {
  readonly name: string
  readonly job?: { readonly id: string; readonly name: string }
  readonly roles: readonly string[]
  readonly account?: NonNullable<JobWish['account']>
  readonly leavesAt?: number
  readonly mail?: string
  readonly note?: string
}
export interface Filing {
  readonly by: string
  readonly reach: Reach
}
export interface Filed {
  readonly movement: {
    readonly id: string
    readonly direction: Direction
    readonly person: string
    readonly zone: string | null
    readonly at: number
    readonly filedBy: string
    /** `Form`, JSON. */
    readonly body: string
  }
  readonly tasks: readonly Task[]
  /** Without names: for the journal. */
  readonly after: Readonly<Record<string, unknown>>
}
export interface OpenMovement {
  readonly id: string
  readonly direction: Direction
  readonly zone?: string
  readonly at: number
  readonly form: Form
}
interface Needs {
  readonly site: () => Pick<Site, 'people' | 'roles' | 'zones'>
  readonly job: (id: string) => JobWish | undefined
  /** Ids that arrivals have taken whose people are not in the site yet. */
  readonly reserved: () => ReadonlySet<string>
  /** What a person holds: badges, things handed out; and the zone they came to. @param person by id */
  readonly held: (person: string) => {
    readonly badges: number
    readonly equipment: readonly string[]
    readonly zone?: string
  }
  /** The person of the site that an operator is. */
  readonly personOf: (operator: string) => string | undefined
  /** @throws VigieError movement-open, person-taken, journal-unavailable */
  readonly file: (a: {
    readonly at: number
    readonly by: string
    readonly isNew: boolean
    readonly filed: readonly Filed[]
  }) => Awaitable<unknown>
  /** @throws VigieError movement-over, edit-conflict, journal-unavailable */
  readonly change: (a: {
    readonly at: number
    readonly id: string
    readonly by: string
    readonly expected: number
    readonly set: { readonly at?: number; readonly zone?: string; readonly body: string }
    readonly before: Readonly<Record<string, unknown>>
    readonly after: Readonly<Record<string, unknown>>
  }) => Awaitable<unknown>
  readonly newId: () => string
  readonly now: () => number
}
/** Somebody fills in the form while the day begins. */
const LATE_MS = 24 * 3_600_000

export class MovementFiled {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * @returns ids of the arrival, and of the departure that was filed with it
   * @throws VigieError job-unknown, item-unknown (a role), zone-unknown, not-allowed, input-invalid (days), person-unknown,
   *   person-taken, movement-open, journal-unavailable
   */
  async arrival(
    wish: ArrivalWish,
    { by, reach }: Filing,
  ): Promise<{ readonly id: string; readonly departure?: string }> {
    const { file, now } = this.#needs
    const given = this.#given(wish)
    this.#checkPlace(wish.zone, reach)
    this.#checkDays(wish)
    const person = this.#personFor(wish)
    const form = formOf(wish, given)
    const equipment = [...new Set([...(given.job?.equipment ?? []), ...(wish.equipment ?? [])])]
    const tasks = arrivalTasks(wish.at, {
      account: form.account !== undefined,
      equipment,
      tasks: given.job?.tasks ?? [],
    })
    const common = { person, filedBy: by, zone: wish.zone ?? null }
    const arrival = this.#filed({ ...common, direction: 'arrival', at: wish.at }, form, tasks)
    const leaving = wish.leavesAt === undefined ? [] : [this.#leaving(common, wish.leavesAt, form, equipment)]
    await file({ at: now(), by, isNew: wish.returning !== true, filed: [arrival, ...leaving] })
    return { id: arrival.movement.id, ...(leaving[0] && { departure: leaving[0].movement.id }) }
  }

  /** @throws VigieError person-unknown, operator-own, zone-unknown, not-allowed, input-invalid (the day), movement-open, journal-unavailable */
  async departure(wish: DepartureForm, { by, reach }: Filing): Promise<string> {
    const { site, held, personOf, file, now } = this.#needs
    const person = site().people.find(p => p.id === wish.person)
    if (!person) throw new VigieError('person-unknown', { person: shown(wish.person) })
    if (personOf(by) === wish.person) throw new VigieError('operator-own', { login: wish.person })
    const holding = held(wish.person)
    const zone = wish.zone ?? holding.zone
    needZones(wish.zone === undefined ? undefined : [wish.zone], site().zones)
    if (!within(reach, holding.zone)) throw new VigieError('not-allowed')
    checkDay('at', wish.at, now())
    const form: Form = { name: person.name, roles: [], ...(wish.note !== undefined && { note: wish.note }) }
    const kept = { person: wish.person, filedBy: by, zone: zone ?? null, direction: 'departure' as const, at: wish.at }
    const filed = this.#filed(kept, form, departureTasks(wish.at, holding))
    await file({ at: now(), by, isNew: false, filed: [filed] })
    return filed.movement.id
  }

  /** @throws VigieError zone-unknown, not-allowed, input-invalid (days), movement-over, edit-conflict, journal-unavailable */
  async change(
    open: OpenMovement,
    changes: MovementChanges,
    who: Filing & { readonly expected: number },
  ): Promise<void> {
    const { by, reach, expected } = who
    if (changes.zone !== undefined) this.#checkPlace(changes.zone, reach)
    const { leavesAt, note, ...rest } = open.form
    const leaves = changes.leavesAt === undefined ? leavesAt : (changes.leavesAt ?? undefined)
    const words = changes.note === undefined ? note : (changes.note ?? undefined)
    const days = { at: changes.at ?? open.at, ...(leaves !== undefined && { leavesAt: leaves }) }
    if (changes.at !== undefined || changes.leavesAt !== undefined) this.#checkDays(days)
    const { leavesAt: until } = days
    const form = {
      ...rest,
      ...(until !== undefined && { leavesAt: until }),
      ...(words !== undefined && { note: words }),
    }
    await this.#needs.change({
      ...{ at: this.#needs.now(), id: open.id, by, expected },
      set: {
        body: JSON.stringify(form),
        ...(changes.at !== undefined && { at: changes.at }),
        ...(changes.zone !== undefined && { zone: changes.zone }),
      },
      before: plain({ at: open.at, leavesAt, zone: open.zone }),
      after: plain({ ...days, leavesAt: until, zone: changes.zone ?? open.zone }),
    })
  }

  #given({ job, roles = [] }: ArrivalWish) {
    const template = job === undefined ? undefined : this.#needs.job(job)
    if (job !== undefined && !template) throw new VigieError('job-unknown', { job: shown(job) })
    needRoles(roles, this.#needs.site().roles)
    return { ...(template && { job: { ...template, id: job as string } }), roles }
  }

  /** @throws VigieError zone-unknown, not-allowed */
  #checkPlace(zone: string | undefined, reach: Reach): void {
    needZones(zone === undefined ? undefined : [zone], this.#needs.site().zones)
    if (!within(reach, zone)) throw new VigieError('not-allowed')
  }

  #checkDays({ at, leavesAt }: Pick<ArrivalWish, 'at' | 'leavesAt'>): void {
    checkDay('at', at, this.#needs.now())
    if (leavesAt === undefined) return
    checkDay('leavesAt', leavesAt, this.#needs.now(), 50 * LONGEST_AHEAD_MS)
    if (leavesAt <= at) throw invalid('leavesAt', { en: 'later than at', fr: 'après at' })
  }

  /** @throws VigieError person-unknown, person-taken, input-invalid */
  #personFor({ id, name, returning }: ArrivalWish): string {
    const taken = new Set([...this.#needs.site().people.map(p => p.id), ...this.#needs.reserved()])
    if (returning && id === undefined) throw invalid('id', { en: 'who comes back', fr: 'qui revient' })
    if (returning && !this.#needs.site().people.some(p => p.id === id))
      throw new VigieError('person-unknown', { person: shown(id ?? '') })
    if (id !== undefined && !returning && taken.has(id)) throw new VigieError('person-taken', { person: id })
    if (id !== undefined) return id
    const slug = slugOf(name)
    let number = 1
    while (taken.has(numbered(slug, number))) number += 1
    return numbered(slug, number)
  }

  #leaving(common: Common, at: number, { name }: Form, equipment: readonly string[]): Filed {
    const form: Form = { name, roles: [] }
    return this.#filed({ ...common, direction: 'departure', at }, form, departureTasks(at, { badges: 1, equipment }))
  }

  #filed(kept: Common & Pick<Filed['movement'], 'direction' | 'at'>, form: Form, tasks: readonly Task[]): Filed {
    const { at, zone } = kept
    return {
      movement: { ...kept, id: this.#needs.newId(), body: JSON.stringify(form) },
      tasks,
      after: plain({
        ...{ at, zone: zone ?? undefined, leavesAt: form.leavesAt, job: form.job?.id, account: form.account?.role },
        ...{ roles: form.roles.length > 0 ? form.roles : undefined, tasks: tasks.length },
      }),
    }
  }
}

type Common = Pick<Filed['movement'], 'person' | 'filedBy' | 'zone'>

function formOf(
  { name, leavesAt, mail, note }: ArrivalWish,
  { job, roles }: { job?: JobWish & { id: string }; roles: readonly string[] },
): Form {
  return {
    name,
    ...(job && { job: { id: job.id, name: job.name } }),
    roles: [...new Set([...(job?.roles ?? []), ...roles])],
    ...(job?.account && { account: job.account }),
    ...(leavesAt !== undefined && { leavesAt }),
    ...(mail !== undefined && { mail }),
    ...(note !== undefined && { note }),
  }
}

/** What is not there is not told. */
const plain = (facts: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))

function checkDay(field: string, day: number, now: number, ahead = LONGEST_AHEAD_MS): void {
  if (day >= now - LATE_MS && day <= now + ahead) return
  const days = Math.round(ahead / 86_400_000)
  throw invalid(field, {
    en: `from today on, at most ${days} days ahead`,
    fr: `à partir d’aujourd’hui, au plus tard dans ${days}\u00a0jours`,
  })
}
const invalid = (field: string, expected: Said): VigieError => new VigieError('input-invalid', { field, expected })
