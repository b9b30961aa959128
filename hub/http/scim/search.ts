/**
 * Looking for users and groups: by an index where the filter asks for one name or id, else by looking at all of them, some
 * at a time, so that nothing else has to wait.
 */
import type { GroupKey, ScimDirectory, ScimGroup, ScimUser, Slice, UserKey } from '../scim-ports.ts'
import { asksFor, equalities, type Filter, matches, parseFilter } from './filter.ts'
import { groupResource, userResource } from './resources.ts'

export interface Search {
  readonly filter?: string
  readonly startIndex?: string
  readonly count?: string
}
export interface FoundPage<T> {
  readonly total: number
  readonly found: readonly T[]
  /** From 1. */
  readonly from: number
}

const SLICE = 250

interface Store<T> {
  readonly count: () => number
  readonly slice: (slice: Slice) => readonly T[]
  /** Those that an index finds; undefined: none helps. */
  readonly indexed: (filter: Filter) => readonly T[] | undefined
  readonly fits: (filter: Filter) => (one: T) => boolean
  readonly turn: () => Promise<unknown>
}

const USER_KEYS: Readonly<Record<string, UserKey>> = { id: 'id', username: 'userName', externalid: 'externalId' }
const GROUP_KEYS: Readonly<Record<string, GroupKey>> = {
  ...{ id: 'id', displayname: 'displayName', externalid: 'externalId' },
  ...{ members: 'member', 'members.value': 'member' },
}

export const findUsers = (d: ScimDirectory, search: Search, most: number): Promise<FoundPage<ScimUser>> =>
  find(search, most, {
    count: () => d.userCount(),
    slice: slice => d.users(slice),
    indexed: filter => byIndex(filter, USER_KEYS, (key, value) => d.usersBy(key, value)),
    fits: filter => {
      const grouped = asksFor(filter, 'groups')
      return user => matches(filter, userResource(user, grouped ? d.groupsOf(user.id) : undefined))
    },
    turn: () => d.turn(),
  })

export const findGroups = (d: ScimDirectory, search: Search, most: number): Promise<FoundPage<ScimGroup>> =>
  find(search, most, {
    count: () => d.groupCount(),
    slice: slice => d.groups(slice),
    indexed: filter => byIndex(filter, GROUP_KEYS, (key, value) => d.groupsBy(key, value)),
    fits: filter => {
      const members = asksFor(filter, 'members')
      return group => matches(filter, groupResource(group, members ? d.membersOf(group.id) : undefined))
    },
    turn: () => d.turn(),
  })

function byIndex<K, T>(
  filter: Filter,
  keys: Readonly<Record<string, K>>,
  look: (key: K, value: string) => readonly T[],
): readonly T[] | undefined {
  const [first] = equalities(filter).filter(({ name }) => Object.hasOwn(keys, name))
  const key = first && keys[first.name]
  return first && key !== undefined ? look(key, first.value) : undefined
}

/** An index below 1 is 1, a count below 0 is 0 (RFC 7644, 3.4.2.4). @throws VigieError scim-filter */
async function find<T>(search: Search, most: number, store: Store<T>): Promise<FoundPage<T>> {
  const from = Math.max(1, Number(search.startIndex ?? 1))
  const limit = Math.min(most, Math.max(0, Number(search.count ?? most)))
  if (search.filter === undefined || search.filter.trim() === '')
    return { total: store.count(), found: limit === 0 ? [] : store.slice({ offset: from - 1, limit }), from }
  const all = await matching(parseFilter(search.filter), store)
  return { total: all.length, found: all.slice(from - 1, from - 1 + limit), from }
}

async function matching<T>(filter: Filter, store: Store<T>): Promise<readonly T[]> {
  const fits = store.fits(filter)
  const few = store.indexed(filter)
  if (few) return few.filter(fits)
  const found: T[] = []
  for (let offset = 0, count = store.count(); offset < count; offset += SLICE) {
    await store.turn()
    found.push(...store.slice({ offset, limit: SLICE }).filter(fits))
  }
  return found
}
