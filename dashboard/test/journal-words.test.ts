import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JournalRow } from '#hub/api.ts'
import { factsOf, size } from '../src/facts.ts'
import { exactTime } from '../src/format.ts'
import { lineOf } from '../src/journal-line.ts'
import { narrate } from '../src/narrate.ts'
import { en } from '../src/words/en.ts'
import { fr } from '../src/words/fr.ts'

const names = {
  device: () => undefined,
  zone: () => ({ name: 'Pharmacie' }),
  accessPoint: () => ({ name: 'Armoire 1' }),
  plan: () => undefined,
}
const NOW = Date.parse('2026-03-18T01:47:00Z')
const reading = { w: fr, names, timeZone: 'Europe/Paris', now: NOW }
const granted = {
  kind: 'access.granted',
  device: 'cab-1',
  point: 'drawer-1',
  accessPoint: 'cab-1-drawer-1',
  zone: 't15',
  class: 'medicines',
  person: 'p-1',
  witness: 'p-2',
  credential: 'b-1',
  command: 'c-1',
  unlockMs: 5000,
  via: { kind: 'grant', id: 'g-1' },
  message: 'm-1',
  deviceSeq: 7,
  deviceAt: NOW,
  rights: 3,
} as unknown as NonNullable<JournalRow['event']>
const row: JournalRow = {
  seq: 9,
  at: NOW,
  kind: 'access.granted',
  event: granted,
  who: { 'p-1': { name: 'Claire Marchand', role: 'Infirmière' } },
}

describe('a journal row in words', () => {
  it('is told as the live feed tells it, with the pseudonym where there is no name', () => {
    const said = narrate(lineOf(row), fr, names, true)
    expect([said.what, said.where]).toEqual(['Accordé', ['Pharmacie', 'Armoire 1']])
    expect(said.detail).toEqual(['C.\u00a0Marchand, infirmière', 'avec p-2', 'accès temporaire'])
  })
  it('has nothing but its kind where the payload was erased', () => {
    const { event: _, ...gone } = row
    expect(lineOf(gone)).toEqual({ seq: 9, at: NOW, kind: 'access.granted' })
    expect(factsOf(gone, reading)).toEqual([])
  })
  it('has all its fields in words', () => {
    const facts = Object.fromEntries(factsOf(row, reading).map(f => [f.field, f]))
    expect(Object.keys(facts).sort()).toEqual(
      Object.keys(granted)
        .filter(f => f !== 'kind')
        .sort(),
    )
    expect(facts.person).toMatchObject({ label: 'Personne', value: 'Claire Marchand, Infirmière' })
    expect(facts.witness).toMatchObject({ value: 'p-2', exact: true })
    expect(facts.class?.value).toBe('Médicaments')
    expect(facts.unlockMs?.value).toBe('5,0\u00a0s'.replace(',0', ''))
    expect(facts.via?.value).toBe('accès temporaire, identifiant g-1')
    expect(facts.zone?.value).toBe('Pharmacie (t15)')
  })
  it('names every field that the hub’s events declare, in both languages', async () => {
    const sources = await Promise.all(
      ['events.ts', 'events-archive.ts'].map(f => readFile(join(import.meta.dirname, '../../hub', f), 'utf8')),
    )
    const declared = sources.flatMap(s => [...s.matchAll(/^ {2}readonly ([a-zA-Z]+\d*)\??:/gm)].map(m => m[1]!))
    const wanted = [...new Set(declared)].filter(f => !['kind', 'seq', 'at', 'event', 'unrecorded'].includes(f))
    expect(wanted.length).toBeGreaterThan(60)
    for (const w of [fr, en]) expect(wanted.filter(f => !Object.hasOwn(w.journal.facts, f))).toEqual([])
  })
  it('says times to the millisecond, and sizes in decimal units', () => {
    expect(exactTime(NOW + 408, 'Europe/Paris', 'fr')).toBe('mercredi 18 mars 2026, 02:47:00,408')
    expect(size(1_234_000, 'fr')).toBe('1,2\u00a0Mo')
    expect(size(12, 'en')).toBe('12\u00a0B')
  })
})
