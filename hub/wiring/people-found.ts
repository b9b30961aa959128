/** People of the site by what somebody types of their names. The words are taken apart once for each state of the site. */
import type { Site } from '../access/site.ts'
import type { PeopleFound } from '../api.ts'
import type { PeopleFinder } from '../http/routes/questions.ts'
import { wordsOf } from '../record/search-terms.ts'

type Person = Site['people'][number]
interface Known {
  readonly person: Person
  readonly words: readonly string[]
}

export function peopleFinder(site: () => Pick<Site, 'people'>): PeopleFinder {
  let of: readonly Person[] | undefined
  let known: readonly Known[] = []
  return {
    find: (q, limit) => {
      const { people } = site()
      if (people !== of) known = knownOf(people)
      of = people
      const found = peopleWith(known, wordsOf(q))
      return { people: found.slice(0, limit).map(viewOf), more: found.length > limit }
    },
  }
}

const knownOf = (people: readonly Person[]): Known[] =>
  people
    .map(person => ({ person, words: wordsOf(`${person.name} ${person.id}`) }))
    .toSorted((a, b) => a.person.name.localeCompare(b.person.name, 'fr') || (a.person.id < b.person.id ? -1 : 1))

/** Whole words before beginnings of words; then by name. */
function peopleWith(known: readonly Known[], wanted: readonly string[]): Person[] {
  if (wanted.length === 0) return []
  const fits = known.filter(({ words }) => wanted.every(w => words.some(word => word.startsWith(w))))
  const [whole, begun] = [[] as Person[], [] as Person[]]
  for (const { person, words } of fits) (wanted.every(w => words.includes(w)) ? whole : begun).push(person)
  return [...whole, ...begun]
}

const viewOf = ({ id, name, kind = 'staff', validUntil }: Person): PeopleFound['people'][number] => ({
  ...{ id, name, kind },
  ...(validUntil !== undefined && { validUntil: Date.parse(validUntil) }),
})
