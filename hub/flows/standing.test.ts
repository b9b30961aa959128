import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CALM, type SituationChange } from '../access/situations.ts'
import { type Pending, Standing } from './standing.ts'

const zone = (name: string, key = 'anna'): SituationChange => ({
  kind: 'position',
  key,
  value: { zone: name, since: 1, accessPoint: 'door' },
})
const gone: SituationChange = { kind: 'position', key: 'anna' }
const zoneOf = (standing: Standing): string | undefined => standing.position.get('anna')?.zone

describe('what is going on', () => {
  it('begins as it is stored, and is what decisions look at', () => {
    const standing = new Standing([zone('ward')])
    expect(zoneOf(standing)).toBe('ward')
    expect(Object.keys(standing).toSorted()).toEqual(Object.keys(CALM).toSorted())
  })

  it('changes at once, and is as before when the change is taken back', () => {
    const standing = new Standing([zone('ward')])
    const pending = standing.apply([zone('lab'), zone('lab', 'bela')])
    expect(zoneOf(standing)).toBe('lab')
    pending.undo()
    expect(standing.rows()).toEqual([zone('ward')])
    standing.apply([gone]).undo()
    expect(zoneOf(standing)).toBe('ward')
  })

  it('keeps what came after a change that is taken back', () => {
    const standing = new Standing([zone('ward')])
    const first = standing.apply([zone('lab')])
    const second = standing.apply([zone('yard')])
    first.undo()
    expect(zoneOf(standing)).toBe('yard')
    second.undo()
    expect(zoneOf(standing)).toBe('ward') // not the lab: that never happened
  })

  it('lets an operator’s act win over what is on its way', () => {
    const standing = new Standing()
    const pending = standing.apply([zone('lab')])
    standing.merge([gone])
    pending.undo()
    expect(zoneOf(standing)).toBeUndefined()
    const other = standing.apply([zone('yard')])
    standing.merge([zone('ward')])
    other.keep()
    expect(zoneOf(standing)).toBe('ward')
  })

  it('takes a change up again that was stored after all, unless something newer is in force', () => {
    const standing = new Standing([zone('ward')])
    const stored = standing.apply([zone('lab')])
    stored.undo()
    stored.redo()
    expect(zoneOf(standing)).toBe('lab')
    const late = standing.apply([zone('yard')])
    late.undo()
    standing.apply([gone]).keep()
    late.redo()
    expect(zoneOf(standing)).toBeUndefined()
  })

  it('adopts from the spool what it has never touched, as stored, and knows better of the rest', () => {
    const standing = new Standing()
    standing.apply([zone('lab')]).keep()
    const row = {
      event: { kind: 'hub.started', version: '' } as const,
      at: 1,
      situations: [zone('ward'), zone('ward', 'bela')],
    }
    expect(standing.asTheyStand([row])[0]?.situations).toEqual([zone('lab'), zone('ward', 'bela')])
    standing.adopt([row], () => ({ zone: 'yard', since: 2, accessPoint: 'door' }))
    expect(zoneOf(standing)).toBe('lab')
    expect(standing.position.get('bela')?.zone).toBe('yard')
  })

  /** Rows are stored in order, so that they settle in order: what is kept is what a database would hold. */
  it('ends, whatever is kept and taken back, as a database would that stored the kept ones in their order', () => {
    const step = fc.record({
      key: fc.constantFrom('anna', 'bela'),
      name: fc.option(fc.constantFrom('a', 'b', 'c')),
      kept: fc.boolean(),
      settleAfter: fc.nat(4),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), steps => {
        const standing = new Standing([zone('ward')])
        const database = new Standing([zone('ward')])
        const open: { pending: Pending; change: SituationChange; kept: boolean }[] = []
        const settle = (): void => {
          const next = open.shift()
          if (next?.kept) {
            next.pending.keep()
            database.merge([next.change])
          } else next?.pending.undo()
        }
        for (const { key, name, kept, settleAfter } of steps) {
          const change: SituationChange = name === null ? { kind: 'position', key } : zone(name, key)
          open.push({ pending: standing.apply([change]), change, kept })
          for (let i = 0; i < settleAfter; i++) settle()
        }
        while (open.length > 0) settle()
        expect(sorted(standing)).toEqual(sorted(database))
      }),
    )
  })
})

const sorted = (standing: Standing): string[] =>
  standing
    .rows()
    .map(r => JSON.stringify(r))
    .toSorted()
