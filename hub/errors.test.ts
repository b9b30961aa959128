import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERRORS, type ErrorCode, type Language, VigieError } from './errors.ts'
import { fileCauseOf } from './file-causes.ts'
import { errorPage } from './test/error-pages.ts'

const codes = Object.keys(ERRORS) as ErrorCode[]
const places = (words: string): string[] => [...new Set(words.match(/\{\w+\}/g))].sort()

describe('the table of failures', () => {
  it('has more than forty codes, each with a status and words in both languages', () => {
    expect(codes.length).toBeGreaterThan(40)
    for (const code of codes) {
      const [status, en, fr] = ERRORS[code]
      expect(code === 'usage' ? status : status >= 400 && status < 600, code).toBeTruthy()
      expect(en, code).toMatch(/\S/)
      expect(fr, code).toMatch(/\S/)
      if (places(en).join('') !== en && !/^[\s{}\w:]*\.$/.test(en)) expect(fr, code).not.toBe(en)
    }
  })

  it.each(codes)('%s says the same in both: the same details are filled in', code => {
    const [, en, fr] = ERRORS[code]
    expect(places(fr)).toEqual(places(en))
  })

  it('follows French typography: narrow no-break spaces, no-break spaces before units, true apostrophes', () => {
    for (const code of codes) {
      const fr = ERRORS[code][2]
      expect(fr, code).not.toMatch(/[^\u202f][;!?»]|[^\u202f}]:|«[^\u202f]|'/)
      expect(fr, code).not.toMatch(/[\d}] (s|ms|octets|caractères|lettres|bits)\b/)
    }
  })
})

describe('a failure', () => {
  it('keeps English for the log and speaks either language to a person', () => {
    const error = new VigieError('device-unknown', { device: 'door-9' })
    expect(error.message).toBe('No device door-9. List them with: vigie device list')
    expect(error.messageIn('en')).toBe(error.message)
    expect(error.messageIn('fr')).toBe('Aucun appareil door-9. Pour en voir la liste\u202f: vigie device list')
  })

  it('fills in words in the language it speaks, and marks what is not known', () => {
    const error = new VigieError('journal-damaged', { row: 7, cause: { en: 'it is gone', fr: 'elle manque' } })
    expect(error.message).toContain('row 7, it is gone.')
    expect(error.messageIn('fr')).toContain('ligne\u00a07, elle manque.')
    expect(error.detailsIn('fr')).toEqual({ row: 7, cause: 'elle manque' })
    expect(new VigieError('device-unknown').messageIn('fr')).toContain('Aucun appareil ?.')
  })

  it('fills in text as it is, even where it looks like a place to fill', () => {
    expect(new VigieError('file-unreadable', { file: '{cause}$&', cause: 'x' }).message).toContain('{cause}$&: x.')
  })

  it('names common causes of the file system in both languages and leaves others as they are', () => {
    const said = (code: string) => fileCauseOf(Object.assign(new Error('from the system'), { code }))
    expect(said('ENOSPC')).toEqual({ en: 'the disk is full', fr: 'le disque est plein' })
    expect([said('EUNHEARD'), fileCauseOf('odd')]).toEqual(['from the system', 'odd'])
  })
})

describe('the published lists', () => {
  const pages: [Language, string][] = [
    ['en', 'errors.md'],
    ['fr', 'fr/erreurs.md'],
  ]
  it.each(pages)(
    'name exactly the codes of the table, in %s; if not, hub/test/error-pages.ts says how',
    (language, file) => {
      const page = readFileSync(new URL(`../docs/${file}`, import.meta.url), 'utf8')
      expect([...page.matchAll(/^\| `([a-z-]+)`/gm)].map(m => m[1])).toEqual(codes)
      expect(page).toBe(errorPage(language))
    },
  )
})
