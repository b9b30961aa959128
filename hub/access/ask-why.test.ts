import { describe, expect, it } from 'vitest'
import type { AccessDenied, AccessGranted } from '../events.ts'
import { goodBadgeOf } from './ask-simulate.ts'
import { standInFor } from './ask-standin.ts'
import { type BadgeEvent, compared, journaledOf, rebuild } from './ask-why.ts'
import { decide } from './decide.ts'
import type { DenyReason } from './decision.ts'
import { REASONS } from './reasons.ts'
import { AT, askedSite, bookFor } from './testing/asked-site.ts'

const book = bookFor()
const base = {
  device: 'cabinet-1',
  message: 'm',
  deviceSeq: 1,
  deviceAt: 0,
  rights: 7,
  accessPoint: 'drugs',
  zone: 'pharmacy',
}
const denied = (over: Partial<AccessDenied>): AccessDenied => ({
  ...base,
  kind: 'access.denied',
  point: 'drawer-1',
  person: 'person-0',
  credential: 'badge-0',
  reason: 'no-right',
  ...over,
})
const granted = (over: Partial<AccessGranted>): AccessGranted => ({
  ...base,
  kind: 'access.granted',
  point: 'drawer-1',
  person: 'person-3',
  credential: 'badge-6',
  command: 'c',
  unlockMs: 5_000,
  via: { kind: 'rule', role: 'charge', right: 0 },
  ...over,
})
const again = (event: BadgeEvent, of = book) => {
  const { request, situations, standIns } = rebuild(event, AT, of.uidOf, p => goodBadgeOf(of, p, AT))
  const decision = decide(of.snapshot, situations, request)
  const standIn = event.kind === 'access.denied' ? standInFor(event, AT, of.snapshot, situations) : undefined
  const remade = decide(of.snapshot, standIn ?? situations, request)
  return { decision: remade, standIns, ...compared(event, remade, decision, standIns) }
}

/** The closed list of reasons that are about the message or the journal, and never come from rights. */
const OF_THE_MESSAGE = new Set<string>(['stale-message', 'rate-limited', 'audit-unavailable'])

describe('an event of the journal, decided again', () => {
  it('comes to the same from the same rights', () => {
    expect(again(denied({}))).toMatchObject({ decision: { reason: 'no-right' }, verdict: 'same', notes: [] })
    const suspended = denied({ credential: 'badge-3', reason: 'badge-suspended' })
    expect(again(suspended)).toMatchObject({ decision: { reason: 'badge-suspended' }, verdict: 'same' })
  })

  it('says plainly where it comes to something else, in both languages', () => {
    const { verdict, notes } = again(denied({ reason: 'badge-lost' }))
    expect([verdict, notes]).toEqual([
      'differs',
      [
        {
          en: 'Disagreement: the journal says “badge reported lost”, the rights and grants of that time come to “no right here”, and no situation accounts for it.',
          fr: 'Désaccord\u202f: le journal dit «\u202fbadge déclaré perdu\u202f», les droits et accès temporaires de ce moment donnent «\u202faucun droit ici\u202f», et aucune situation ne l’explique.',
        },
      ],
    ])
  })

  it.each<[DenyReason, 'situation' | 'differs']>(
    (Object.keys(REASONS) as DenyReason[])
      .filter(r => (r as string) !== 'granted' && r !== 'no-right')
      .map(r => [r, OF_THE_MESSAGE.has(r) ? 'situation' : 'differs']),
  )('%s: taken as given only where neither rights nor any situation could give it: %s', (reason, verdict) => {
    const found = again(denied({ reason, because: 'x' }))
    expect(found.verdict).toBe(verdict)
    if (verdict === 'situation') expect(found.notes.at(-1)?.en).toContain('come to: no right here.')
  })

  it('takes a lockdown from the row, and says what the rights come to without it', () => {
    const plan = { id: 'red', name: 'Red', zones: ['ward'], rank: 3, revertAfterMinutes: 30 }
    const locked = bookFor({ ...askedSite(), lockdownPlans: [plan] })
    const row = denied({ point: 'drawer-2', accessPoint: 'medicines', reason: 'lockdown', because: 'red' })
    const { decision, verdict, notes } = again(row, locked)
    expect([decision, verdict]).toMatchObject([{ granted: false, reason: 'lockdown', because: 'red' }, 'situation'])
    expect(notes.map(n => n.en)).toEqual([
      'This reason comes from the situation of that moment, which is not kept: it is taken from the journal as it stands.',
      'Without it, the rights of that time come to: Granted.',
    ])
  })

  it('does not blame a refusal of two people, whose row names the first only, for the missing second', () => {
    const trap = [{ id: 'trap', name: 'Trap', accessPoints: ['drugs', 'medicines'] }]
    const site = bookFor({ ...askedSite(), interlocks: trap })
    const row = denied({
      person: 'person-3',
      credential: 'badge-6',
      pin: 'right',
      reason: 'interlock',
      because: 'medicines',
    })
    expect(again(row, site)).toMatchObject({ decision: { reason: 'witness-awaited' }, verdict: 'situation' })
  })

  it('needs the second person of a pair, who is taken from the row: without them it would not open', () => {
    const pair = granted({ pin: 'right', witness: 'person-0' })
    expect(again(pair)).toMatchObject({
      decision: { granted: true, witness: 'person-0' },
      verdict: 'same',
      standIns: ['witness'],
    })
    const alone = granted({ pin: 'right' })
    const erased = granted({ pin: 'right', witness: 'person-99' })
    for (const event of [alone, erased])
      expect(again(event)).toMatchObject({ decision: { reason: 'witness-awaited' }, verdict: 'differs' })
  })

  it.each([
    [{ statedReason: 'round', reference: { kind: 'prescription', id: 'rx-1' } }, 'same', 'granted'],
    [{ reference: { kind: 'prescription', id: 'rx-1' } }, 'differs', 'reason-required'],
    [{ statedReason: 'round' }, 'differs', 'reference-required'],
  ] as const)('puts what the first of two people brought before the rights again: %j', (brought, verdict, reason) => {
    const site = askedSite()
    const requires = { reason: true, reference: 'prescription' } as const
    const accessPoints = site.accessPoints.map(a => (a.id === 'drugs' ? { ...a, requires } : a))
    const strict = bookFor({ ...site, accessPoints })
    const pair = granted({ ...brought, pin: 'right', witness: 'person-0' })
    expect(again(pair, strict)).toMatchObject({ verdict, decision: { reason } })
  })

  it('decides a row of a first version, which does not say what opened, by the rights alone', () => {
    const { via: _, ...old } = granted({ pin: 'right' })
    expect(again(old as AccessGranted)).toMatchObject({ decision: { reason: 'witness-awaited' }, standIns: [] })
  })

  it('takes a running emergency from the row, and one that began from what was presented', () => {
    const via = { kind: 'break-glass', id: 'bg-1' } as const
    expect(again(granted({ via }))).toMatchObject({
      decision: { granted: true },
      standIns: ['break-glass'],
      verdict: 'same',
    })
    const begun = granted({ via, breakGlass: true, statedReason: 'arrest' })
    expect(again(begun)).toMatchObject({ decision: { granted: true }, standIns: [], verdict: 'same' })
  })

  it.each([
    ['drugs', 'Drugs'],
    ['attic', 'attic'],
  ])('calls %s by its name in the rights of that time, and what they do not know by its id: %s', (id, name) =>
    expect(book.pointName(id)).toBe(name),
  )

  it('never finds a badge for a row that names none', () => {
    const { person: _, credential: __, ...nobody } = denied({ reason: 'badge-unknown' })
    expect(again(nobody as AccessDenied)).toMatchObject({ decision: { reason: 'badge-unknown' }, verdict: 'same' })
  })

  it('keeps what stood in the way by its id', () => {
    expect(journaledOf(denied({ reason: 'lockdown', because: 'plan-1' }))).toEqual({
      granted: false,
      reason: 'lockdown',
      because: 'plan-1',
    })
    const withdrawn = { ...denied({ reason: 'badge-lost' }), kind: 'access.withdrawn', command: 'c' } as BadgeEvent
    expect(journaledOf(withdrawn)).toEqual({ granted: false, reason: 'badge-lost' })
    expect(journaledOf({ ...denied({}), kind: 'access.awaiting', until: 1 } as never)).toEqual({
      granted: false,
      reason: 'witness-awaited',
    })
  })
})
