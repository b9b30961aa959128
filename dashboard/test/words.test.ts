import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REFUSALS } from '#devices/messages.ts'
import { REASONS } from '#hub/access/reasons.ts'
import { CLASSES } from '#hub/access/site.ts'
import { ERRORS } from '#hub/errors.ts'
import { problemWords, secondsLeft, setupErrors } from '../src/problem.ts'
import { waitOf } from '../src/rest.ts'
import { en } from '../src/words/en.ts'
import { fr } from '../src/words/fr.ts'

const keys = (o: object): string[] => Object.keys(o).sort()
const both = [fr, en] as const

/** Every string a dictionary holds, with the path to it. */
function strings(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([k, v]) => strings(v, `${path}/${k}`))
}

describe('the words of both languages', () => {
  it('name every reason, as the hub words them', () => {
    for (const w of both) {
      expect(keys(w.reasons)).toEqual(keys(REASONS))
      for (const [code, words] of Object.entries(REASONS))
        expect(w.reasons[code as keyof typeof REASONS]).toBe(words[w.locale])
    }
  })
  it('name every class, as the hub words them, and every refusal', () => {
    for (const w of both) {
      expect(keys(w.classes)).toEqual(keys(CLASSES))
      for (const [code, words] of Object.entries(CLASSES))
        expect(w.classes[code as keyof typeof CLASSES]).toBe(words[w.locale])
      expect(keys(w.refusals)).toEqual([...REFUSALS].sort())
    }
  })
  it('name every kind of event the hub declares', async () => {
    const files = ['', '-archive', '-accounts', '-approvals', '-directory', '-incidents', '-movements', '-tenants'].map(
      part => join(import.meta.dirname, `../../hub/events${part}.ts`),
    )
    const source = (await Promise.all(files.map(f => readFile(f, 'utf8')))).join('\n')
    const declared = [...source.matchAll(/readonly kind:((?:\s*\|?\s*'[a-z.-]+')+)/g)].flatMap(line =>
      [...line[1]!.matchAll(/'([a-z-]+\.[a-z-]+|readings)'/g)].map(m => m[1]!),
    )
    expect(declared.length).toBeGreaterThan(30)
    for (const w of both) expect(keys(w.kinds)).toEqual(declared.sort())
  })
  it('say the same things: no key of one is missing in the other, and nothing is empty', () => {
    expect(strings(fr).map(([path]) => path)).toEqual(strings(en).map(([path]) => path))
    for (const [path, words] of [...strings(fr), ...strings(en)]) expect(words.trim(), path).not.toBe('')
  })
  it('follow French typography: a narrow no-break space before : ; ! ? %', () => {
    for (const [path, words] of strings(fr)) expect(words, path).not.toMatch(/[^\u202f][;!?%]|[^\u202f\d]:(?!\/)/)
    for (const said of [fr.refused('x'), fr.strip.label('20:00', 3), fr.sign.dial('02:47')])
      expect(said).not.toMatch(/ :|\u00a0:/)
  })
  it('agree in gender and number', () => {
    expect(fr.phrase('open', 'drawer', '3')).toBe('Tiroir\u00a03 ouvert')
    expect(fr.counted('forced', 'door', 2)).toBe('2\u00a0portes forcées')
    expect(fr.counted('silent', 'device', 2)).toBe('2\u00a0appareils muets')
    expect(fr.stateWord('silent', 'door')).toBe('Muette')
    expect(en.counted('unknown', 'device', 2)).toBe('2\u00a0devices in unknown state')
  })
})

describe('what went wrong, in words', () => {
  it('has words only for codes of the hub’s own error table, and names any other', () => {
    for (const w of both) for (const code of keys(w.problems)) expect(keys(ERRORS)).toContain(code)
    expect(problemWords({ code: 'unheard-of' }, fr)).toContain('unheard-of')
  })
  it('reads the seconds to wait from the header, else from the sentence of the table', () => {
    const title = ERRORS['sign-in-refused'][1].replace('{seconds}', '8')
    expect(waitOf('30', title)).toBe(30)
    expect(waitOf(null, title)).toBe(8)
    expect(waitOf(null, title.replace('8', '0'))).toBeUndefined()
    expect(waitOf(null, undefined)).toBeUndefined()
    expect(secondsLeft(1001, 0)).toBe(2)
    expect(secondsLeft(0, 5)).toBe(0)
  })
  it('says at each field of the set-up what is missing', () => {
    expect(setupErrors({ name: 'Bruno', login: 'b.kessler' }, fr)).toEqual({})
    expect(keys(setupErrors({ name: ' ', login: 'é' }, fr))).toEqual(['login', 'name'])
    expect(setupErrors({ name: 'Bruno', login: 'b' }, fr)).toEqual({ login: fr.setup.loginRule })
  })
})
