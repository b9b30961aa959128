import { expect, it } from 'vitest'
import { awaiting } from '../test/decide-cases/put.ts'
import { badgeAt, NILS, NOON, NORA, wardSite, wardSnapshot } from '../test/ward-site.ts'
import { decide } from './decide.ts'
import { applied } from './situations.ts'

/** Nora awaits a second person; Nils, of her role, has an emergency opening running at that cabinet. */
const whileRunning = (breakGlass: boolean, until = NOON + 60_000) => {
  const site = wardSite()
  const roles = site.roles.map(r =>
    r.id === 'nurse' && breakGlass ? { ...r, breakGlass: [...(r.breakGlass ?? []), { accessPoint: 'two' }] } : r,
  )
  const running = { id: 'e-1', since: NOON - 1, until }
  const situations = applied(awaiting('nora', NORA, 'two'), [
    { kind: 'break-glass', key: 'p-nils/two', value: running },
  ])
  return decide(wardSnapshot({ ...site, roles }), situations, badgeAt('two', NILS, {}))
}

it('whoever has an emergency opening running here opens for themselves, and is nobody’s witness', () => {
  const decision = whileRunning(true)
  expect(decision).toMatchObject({ granted: true, person: 'p-nils', via: { kind: 'break-glass', id: 'e-1' } })
  expect(decision).not.toHaveProperty('witness')
})

it.each([
  ['is over', true, NOON],
  ['was withdrawn from them', false, NOON + 60_000],
])('whose emergency opening %s is a second person like any other', (_, right, until) =>
  expect(whileRunning(right, until)).toMatchObject({ granted: true, person: 'p-nora', witness: 'p-nils' }),
)
