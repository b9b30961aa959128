import { expect, it } from 'vitest'
import { knows, smallSite } from '../test/small-site.ts'
import { validate } from './validate.ts'

it('a term the law asks for is not undercut; every other is the choice of the site', () => {
  const site = smallSite()
  expect(validate(site, knows)).toEqual([])
  site.site.policy = { retention: { 'controlled-drugs': 3650, records: 179, passages: 1 } }
  expect(validate(site, knows)).toEqual([
    { pointer: '/site/policy/retention/records', expected: 'at least 180 days: the law asks for them' },
  ])
})
