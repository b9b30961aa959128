import { describe, expect, it } from 'vitest'
import { demandsOf, grantWords, originWords, scheduleWords, scopeWords, spanWords } from './ask-words.ts'
import type { Conditions, Schedule } from './site.ts'

const schedule = (over: Partial<Schedule>): Schedule => ({ id: 's', name: 'S', weekly: [], ...over })
const calendars = [{ id: 'holidays', name: 'Jours fériés', days: [{ date: '--12-25' }] }]

describe('a schedule in words', () => {
  it.each<[Partial<Schedule>, string, string]>([
    [{}, 'jamais', 'never'],
    [
      { weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', to: '19:00' }] },
      'lun.–ven. 07:00–19:00',
      'Mon–Fri 07:00–19:00',
    ],
    [{ weekly: [{ days: ['sun', 'sat'], from: '00:00', to: '24:00' }] }, 'sam., dim. 24\u00a0h/24', 'Sat, Sun all day'],
    [
      { weekly: [{ days: ['mon', 'wed', 'thu', 'fri', 'sun'], from: '22:00', to: '06:00' }] },
      'lun., mer.–ven., dim. 22:00–06:00 le lendemain',
      'Mon, Wed–Fri, Sun 22:00–06:00 next day',
    ],
    [
      {
        weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '08:00', to: '12:00' }],
        specialDays: [
          {
            calendar: 'holidays',
            hours: [
              { from: '09:00', to: '10:00' },
              { from: '11:00', to: '12:00' },
            ],
          },
          { calendar: 'gone', hours: [] },
        ],
      },
      'tous les jours 08:00–12:00\u202f; Jours fériés\u202f: 09:00–10:00, 11:00–12:00\u202f; gone\u202f: fermé',
      'every day 08:00–12:00; Jours fériés: 09:00–10:00, 11:00–12:00; gone: closed',
    ],
  ])('%j', (over, fr, en) => expect(scheduleWords(schedule(over), calendars)).toEqual({ fr, en }))
})

it('a span is on the clock of the site: an hour that a change of clocks skips is not in it', () => {
  const [from, until] = [Date.UTC(2026, 2, 29, 0, 30), Date.UTC(2026, 2, 29, 1, 30)]
  expect(spanWords(from, until, 'Europe/Paris').fr).toBe('du 29/03/2026 01:30 au 29/03/2026 03:30')
})

it.each([
  [{ zone: 'w' }, 'W'],
  [{ accessPoint: 'p' }, 'P'],
  [{ classes: ['door'] as const }, 'Door'],
  [{ zone: 'w', classes: ['door', 'medicines'] as const }, 'Door, Medicines in W'],
])('a scope %j is called %s', (scope, en) => {
  const upper = (id: string): string => id.toUpperCase()
  expect(scopeWords(scope as never, { zone: upper, point: upper }).en).toBe(en)
})

it('a zone in what a scope covers is elided in French', () => {
  const named = (name: string) => scopeWords({ zone: 'z', classes: ['door'] }, { zone: () => name, point: () => '' }).fr
  expect([named('Urgences'), named('Service')]).toEqual(['Porte d’Urgences', 'Porte de Service'])
})

it('a temporary grant is named by what it is for', () => {
  const origins = ['shift', 'appointment', 'maintenance', 'prescription', 'loan'] as const
  expect(origins.map(o => originWords(o).fr)).toEqual(['garde', 'rendez-vous', 'maintenance', 'ordonnance', 'prêt'])
  expect(grantWords('shift')).toEqual({ fr: 'accès temporaire (garde)', en: 'temporary grant (shift)' })
})

describe('what has to be met', () => {
  const away = { onDuty: false, prescription: false }
  const here = { onDuty: true, prescription: true }
  const words = (conditions: (Conditions | undefined)[], met = away) =>
    demandsOf(conditions, id => id.toUpperCase(), met).map(d => [d.text.fr, d.text.en, d.met])

  it.each<[Conditions, string, string, true | undefined]>([
    [{ pin: true }, 'code PIN', 'PIN', undefined],
    [{ reason: true }, 'motif', 'a reason', undefined],
    [{ reference: 'patient' }, 'référence patient', 'patient reference', undefined],
    [{ reference: 'prescription' }, 'référence d’ordonnance', 'prescription reference', true],
    [{ reference: 'any' }, 'référence patient ou ordonnance', 'patient or prescription reference', true],
    [{ onDuty: true }, 'en service', 'on duty', true],
    [
      { witness: { role: 'nurse', withinS: 30 } },
      'deuxième personne (NURSE) dans les 30\u00a0s',
      'a second person (NURSE) within 30 s',
      undefined,
    ],
  ])('%j in words, and whether a shift or a prescription meets it', (condition, fr, en, met) => {
    expect(words([condition])).toEqual([[fr, en, undefined]])
    expect(words([undefined, condition], here)).toEqual([[fr, en, met]])
  })

  it('by the rule and by the point alike is said once, in the order they are met', () => {
    const asked = words([{ pin: true, reason: true }, undefined, { pin: true, onDuty: true }])
    expect(asked.map(([, en]) => en)).toEqual(['PIN', 'a reason', 'on duty'])
  })
})
