/** The profiles in use, each at an index that stays while somebody holds it. */
import { EMPTY_PROFILE, profileOf, type RoleRights, rolesOf } from './profiles.ts'
import type { Profile } from './snapshot.ts'

interface Slot {
  readonly index: number
  /** How many people hold it. */
  users: number
  /** Roles whose change changes it: held, inherited, or named but not there. */
  watched: ReadonlySet<string>
}

export class ProfileBook {
  readonly #slots = new Map<string, Slot>()
  readonly #free: number[] = []
  #published: readonly Profile[] = []
  #draft: Profile[] | undefined
  #roles: ReadonlyMap<string, RoleRights> = new Map()
  #points = 0

  /** One person more has these roles (a profileKey). @returns the index of their profile */
  hold(key: string): number {
    const slot = this.#slots.get(key) ?? this.#open(key)
    slot.users++
    return slot.index
  }

  /** One person fewer. Nobody left: the index is used again. */
  release(key: string): void {
    const slot = this.#slots.get(key)
    if (!slot || --slot.users > 0) return
    this.#slots.delete(key)
    this.#write(slot.index, EMPTY_PROFILE)
    this.#free.push(slot.index)
  }

  /** Works out anew what the changed roles are part of. `roles` is every role there is, `points` the length of its lists. */
  refresh(roles: ReadonlyMap<string, RoleRights>, points: number, changed: ReadonlySet<string> | 'all'): void {
    this.#roles = roles
    this.#points = points
    for (const [key, slot] of this.#slots) {
      if (changed === 'all' || !slot.watched.isDisjointFrom(changed)) this.#fill(key, slot)
    }
  }

  /** By index. The same object as last time if nothing changed. */
  publish(): readonly Profile[] {
    if (this.#draft) this.#published = Object.freeze(this.#draft)
    this.#draft = undefined
    return this.#published
  }

  #open(key: string): Slot {
    const index = this.#free.pop() ?? (this.#draft ?? this.#published).length
    const slot: Slot = { index, users: 0, watched: new Set() }
    this.#slots.set(key, slot)
    this.#fill(key, slot)
    return slot
  }

  #fill(key: string, slot: Slot): void {
    slot.watched = rolesOf(key, this.#roles)
    this.#write(slot.index, profileOf(slot.watched, this.#roles, this.#points))
  }

  #write(index: number, profile: Profile): void {
    this.#draft ??= [...this.#published]
    this.#draft[index] = profile
  }
}
