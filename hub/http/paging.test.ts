import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MOST_LISTED, pageBy } from './paging.ts'

const self = (one: string): string => one

it('hands out each once, in one order, whatever the size of a page', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1, maxLength: 4 })),
      fc.integer({ min: 1, max: 9 }),
      (all, size) => {
        const seen: string[] = []
        for (let after: string | undefined; ; ) {
          const { page, next } = pageBy(all, self, { limit: String(size), ...(after !== undefined && { after }) })
          seen.push(...page)
          if (next === undefined) break
          expect(page).toHaveLength(size)
          after = next
        }
        expect(new Set(seen)).toEqual(new Set(all))
        expect(seen).toHaveLength(all.length)
      },
    ),
  )
})

it('goes on where it was, though what it stopped at is gone', () => {
  const { next = '' } = pageBy(['a', 'b', 'c', 'd'], self, { limit: '2' })
  expect(pageBy(['a', 'c', 'd'], self, { after: next }).page).toEqual(['c', 'd'])
})

it(`hands out ${MOST_LISTED} where nothing is said, and says that there is more`, () => {
  const many = Array.from({ length: MOST_LISTED + 1 }, (_, i) => String(i).padStart(5, '0'))
  expect(pageBy(many, self, {})).toMatchObject({ next: '00999' })
  expect(pageBy(many.slice(1), self, {}).next).toBeUndefined()
})
