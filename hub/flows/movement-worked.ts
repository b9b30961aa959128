/**
 * A task of an arrival or a departure is done: by hand, or by Vigie when somebody who may asks it to.
 *
 *   check    the movement is open, and has such a task
 *   act      the person is put into the site, a badge registered, an account invited, a departure carried out: by the flow
 *            that does it anywhere else, in the name of whoever asks
 *   look     what is done now is ticked off (movements-due.ts)
 */
import type { Badge, Person, Site } from '../access/site.ts'
import { VigieError } from '../errors.ts'
import { isSeen, type TaskKind } from '../rules/movements.ts'
import { type Awaitable, shown } from './acting.ts'
import type { Form } from './movement-filed.ts'

export interface WorkedMovement {
  readonly id: string
  readonly direction: 'arrival' | 'departure'
  /** Of the site, by id. */
  readonly person: string
  readonly at: number
  readonly form: Form
  readonly tasks: readonly { readonly id: string; readonly kind: TaskKind; readonly done: boolean }[]
}
interface Needs<I> {
  readonly site: () => Pick<Site, 'people' | 'badges'>
  /** Not yet filed people's names are nobody else's. */
  readonly put: (kind: 'person' | 'badge', id: string, item: Person | Badge, by: string) => Promise<unknown>
  readonly invite: (
    wish: Form & { readonly login: string; readonly account: NonNullable<Form['account']> },
    by: string,
    origin: string | undefined,
  ) => Promise<I>
  readonly link: (login: string, person: string, by: string) => Promise<unknown>
  /** @throws VigieError movement-over */
  readonly tick: (a: { at: number; id: string; by: string; task: string; done: boolean }) => Awaitable<unknown>
  readonly now: () => number
}

/** @typeParam I what an invitation is answered with */
export class MovementWorked<I> {
  readonly #needs: Needs<I>

  constructor(needs: Needs<I>) {
    this.#needs = needs
  }

  /** @throws VigieError movement-task-unknown, movement-task-seen, movement-over, journal-unavailable */
  async tick(movement: WorkedMovement, task: string, done: boolean, by: string): Promise<void> {
    const known = movement.tasks.find(({ id }) => id === task)
    if (!known) throw new VigieError('movement-task-unknown', { task: shown(task) })
    if (isSeen(known.kind)) throw new VigieError('movement-task-seen', { task })
    await this.#needs.tick({ at: this.#needs.now(), id: movement.id, by, task, done })
  }

  /** In the site from the day of the form on, with its roles. @throws VigieError person-taken, item-invalid, edit-conflict, … */
  async makePerson(movement: WorkedMovement, by: string): Promise<void> {
    needTask(movement, 'person')
    const { person: id, form, at } = movement
    const known = this.#needs.site().people.find(p => p.id === id)
    const until = form.leavesAt === undefined ? {} : { validUntil: new Date(form.leavesAt).toISOString() }
    const { validFrom: _, validUntil: __, ...kept } = known ?? { id, name: form.name }
    const roles = [...new Set([...(isOver(known, this.#needs.now()) ? [] : (known?.roles ?? [])), ...form.roles])]
    await this.#needs.put('person', id, { ...kept, roles, validFrom: new Date(at).toISOString(), ...until }, by)
  }

  /** A card that came back from somebody who has left is handed out again. @throws VigieError badge-taken, person-unknown, … */
  async giveBadge(movement: WorkedMovement, uid: string, by: string): Promise<void> {
    needTask(movement, 'badge')
    const { people, badges } = this.#needs.site()
    if (!people.some(p => p.id === movement.person)) throw new VigieError('person-unknown', { person: movement.person })
    const known = badges.find(b => b.uid === uid)
    const returned =
      known?.status === 'revoked' &&
      isOver(
        people.find(p => p.id === known.person),
        this.#needs.now(),
      )
    if (known && known.person !== movement.person && !returned)
      throw new VigieError('badge-taken', { uid: `…${uid.slice(-4)}` })
    await this.#needs.put('badge', uid, { uid, person: movement.person, status: 'active' }, by)
  }

  /** @throws VigieError movement-task-unknown, person-unknown, operator-exists, zone-unknown, journal-unavailable */
  async invite(movement: WorkedMovement, login: string, by: string, origin: string | undefined): Promise<I> {
    needTask(movement, 'account')
    const { form, person } = movement
    if (!form.account) throw new VigieError('movement-task-unknown', { task: 'account' })
    if (!this.#needs.site().people.some(p => p.id === person)) throw new VigieError('person-unknown', { person })
    const invited = await this.#needs.invite({ ...form, login, account: form.account }, by, origin)
    await this.#needs.link(login, person, by)
    return invited
  }
}

/** @throws VigieError movement-task-unknown */
export function needTask({ tasks }: WorkedMovement, kind: TaskKind): void {
  if (!tasks.some(task => task.kind === kind)) throw new VigieError('movement-task-unknown', { task: kind })
}

const isOver = (person: Person | undefined, now: number): boolean =>
  person?.validUntil !== undefined && Date.parse(person.validUntil) <= now
