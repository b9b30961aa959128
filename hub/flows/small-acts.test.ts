import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SituationChange } from '../access/situations.ts'
import { checkPin, pinOf } from '../record/pins.ts'
import { ActsStage, BY } from '../test/acts-stage.ts'
import { NOON } from '../test/stage.ts'

let on: ActsStage
beforeEach(async () => {
  on = await ActsStage.open()
})
afterEach(() => on.close())

describe('a PIN', () => {
  const fact = (pin: string) => checkPin(pinOf(on.stage.db, on.person('anna')), pin)

  it('is set with a duress PIN; neither stands in the journal', async () => {
    await on.acts.setPin('anna', '4719', '8824', BY)
    expect(await Promise.all(['4719', '8824', '0007'].map(fact))).toEqual(['right', 'duress', 'wrong'])
    expect(on.stage.events().at(-1)).toEqual({ kind: 'pin.set', person: on.person('anna'), by: BY })
  })

  it('that is new forgets the wrong tries of before', async () => {
    const key = on.stage.pseudonym('badge', '04AA0001')
    on.put({ kind: 'pin', key, value: { wrong: 5, lastAt: NOON, lockedUntil: NOON + 60_000 } })
    await on.acts.setPin('anna', '4719', undefined, BY)
    expect(on.stage.situations()).toEqual({})
  })

  it.each([
    ['pin', '1234', undefined],
    ['pin', '12', undefined],
    ['duressPin', '4719', '4719'],
    ['duressPin', '4719', '47190'],
  ])('is refused where %s is weak, without a word of it', async (field, pin, duress) => {
    const error = await on.acts.setPin('anna', pin, duress, BY).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'pin-weak', details: { field } })
    expect(String(error)).not.toContain(pin === '12' ? '"12"' : pin)
    expect(await fact(pin)).toBe('unset')
  })

  it('is cleared once', async () => {
    await on.acts.setPin('anna', '4719', undefined, BY)
    expect(await on.acts.clearPin('anna', BY)).toMatchObject({ changed: true })
    expect(await fact('4719')).toBe('unset')
    const rows = on.stage.rows()
    expect(await on.acts.clearPin('anna', BY)).toEqual({ changed: false })
    expect(on.stage.rows()).toEqual(rows)
    await expect(on.acts.clearPin('zoe', BY)).rejects.toMatchObject({ code: 'person-unknown' })
  })
})

describe('who is inside is set right by hand', () => {
  const position = (id: string, zone: string): SituationChange => ({
    ...{ kind: 'position', key: on.person(id), value: { zone, since: NOON, accessPoint: 'ward-door' } },
  })
  beforeEach(() => {
    on.put(position('anna', 'pharmacy'), position('bela', 'ward'), position('cleo', 'garden'))
    on.put({
      kind: 'passage',
      key: on.person('anna'),
      value: { accessPoint: 'ward-door', to: 'ward', until: NOON + 9 },
    })
  })
  const left = () => Object.keys(on.stage.situations()).sort()

  it('for a zone and those below it: each person counts once', async () => {
    expect(await on.acts.resetPassback({ zone: 'ward' }, BY)).toMatchObject({ count: 2 })
    expect(left()).toEqual([`position ${on.person('cleo')}`])
    expect(on.stage.events().at(-1)).toEqual({ kind: 'passback.reset', by: BY, zone: 'ward', count: 2 })
  })

  it('for one person, and for everybody', async () => {
    expect(await on.acts.resetPassback({ person: 'bela' }, BY)).toMatchObject({ count: 1 })
    expect(on.stage.events().at(-1)).toMatchObject({ person: on.person('bela'), count: 1 })
    expect(await on.acts.resetPassback({}, BY)).toMatchObject({ count: 2 })
    expect(left()).toEqual([])
  })

  it.each([
    [{ zone: 'cellar' }, 'zone-unknown'],
    [{ person: 'zoe' }, 'person-unknown'],
  ])('not for %j, which is not there', async (wish, code) => {
    await expect(on.acts.resetPassback(wish, BY)).rejects.toMatchObject({ code })
    expect(left()).toHaveLength(4)
  })
})

describe('the review of an emergency opening', () => {
  beforeEach(() => {
    const about = { person: on.person('dora'), accessPoint: 'drugs', zone: 'pharmacy', statedReason: 'cardiac arrest' }
    on.put({ kind: 'review', key: 'e-1', value: { ...about, at: NOON - 9, dueAt: NOON - 1, escalations: 1 } })
    on.put({ kind: 'review', key: 'e-2', value: { ...about, at: NOON - 9, dueAt: NOON + 1, escalations: 0 } })
    const operator = {
      id: 'o-1',
      login: 'dora',
      name: 'Dora',
      role: 'administrator',
      passwordHash: 'x',
      createdAt: NOON,
    }
    on.stage.op('keepSetupToken', { hash: 'h' })
    on.stage.op('createFirstOperator', { operator, setupTokenHash: 'h' })
  })

  it('is listed by name, the overdue ones marked', () => {
    expect(on.acts.reviews()).toMatchObject([
      { id: 'e-1', person: 'dora', name: 'Dora', overdue: true, statedReason: 'cardiac arrest' },
      { id: 'e-2', overdue: false },
    ])
  })

  const closing = (id = 'e-1') => on.acts.closeReview(id, 'justified', '', 'o-1')
  const openedLater = () => {
    const about = { person: on.person('dora'), accessPoint: 'drugs', zone: 'pharmacy', statedReason: 'again' }
    on.put({ kind: 'review', key: 'e-3', value: { ...about, at: on.now, dueAt: on.now + 9, escalations: 0 } })
  }

  it('is closed once, with a finding', async () => {
    await on.acts.linkOperator('dora', 'anna', BY)
    await on.acts.closeReview('e-1', 'justified', ' as protocol says ', 'o-1')
    expect(on.stage.events().at(-1)).toEqual({
      ...{ kind: 'break-glass.review-closed', id: 'e-1', person: on.person('dora'), accessPoint: 'drugs' },
      ...{ zone: 'pharmacy', by: 'o-1', finding: 'justified', comment: 'as protocol says' },
    })
    expect(on.acts.reviews().map(r => r.id)).toEqual(['e-2'])
    await expect(on.acts.closeReview('e-1', 'justified', '', 'o-1')).rejects.toMatchObject({ code: 'review-unknown' })
  })

  it('is not closed by whoever broke the glass, nor by whoever was linked to them at any time since', async () => {
    await on.acts.linkOperator('dora', 'dora', BY)
    await expect(closing()).rejects.toMatchObject({ code: 'review-own' })
    on.now += 10
    await on.acts.linkOperator('dora', 'anna', BY)
    await expect(closing()).rejects.toMatchObject({ code: 'review-own' })
    expect(on.acts.reviews('o-1').map(r => r.unfit)).toEqual(['review-own', 'review-own'])
    on.now += 10
    openedLater()
    await closing('e-3') // opened when the account was somebody else's
    expect(on.acts.reviews().map(r => r.id)).toEqual(['e-1', 'e-2'])
  })

  it('is not closed by an account that is nobody of the site, with whom to ask and the command', async () => {
    const refusal = {
      code: 'review-needs-person',
      message: expect.stringMatching(/another administrator.*vigie operator link dora <person>/),
    }
    await expect(closing()).rejects.toMatchObject(refusal)
    await on.acts.linkOperator('dora', 'anna', BY)
    await on.acts.linkOperator('dora', undefined, BY)
    await expect(closing()).rejects.toMatchObject(refusal)
    await on.acts.linkOperator('dora', 'emil', BY)
    for (const [kind, id] of [['badge', '04AA0008'] as const, ['person', 'emil'] as const])
      await on.acts.removeItem(kind, id, { expected: on.stage.revisionOf(kind, id), by: BY })
    await expect(closing()).rejects.toMatchObject(refusal)
    expect(on.acts.reviews('o-1').map(r => r.unfit)).toEqual(['review-needs-person', 'review-needs-person'])
    expect(on.acts.reviews().map(r => r.unfit)).toEqual([undefined, undefined])
  })

  it('is closed with a finding of the list and a short comment only', async () => {
    await on.acts.linkOperator('dora', 'anna', BY)
    const close = (finding: string, comment: string) => on.acts.closeReview('e-1', finding as never, comment, 'o-1')
    await expect(close('fine', '')).rejects.toMatchObject({ code: 'input-invalid', details: { field: 'finding' } })
    await expect(close('justified', 'x'.repeat(501))).rejects.toMatchObject({ details: { field: 'comment' } })
    expect(on.acts.reviews()).toHaveLength(2)
  })
})
