import { beforeEach, describe, expect, it } from 'vitest'
import { Sheet } from './pdf-sheet.ts'

const STYLE = { size: 10 }
let sheet: Sheet
beforeEach(() => {
  const page = (n: number): string => String(n)
  sheet = new Sheet({ title: 'x', language: 'fr', head: ['', ''], foot: '', page, madeAt: 0 })
})

describe('Sheet', () => {
  it('breaks at plain spaces, and never at the spaces of French typography', () => {
    const width = sheet.width('Motif\u202f: «\u00a0oui\u00a0»', STYLE) - 1
    expect(sheet.lines('Motif\u202f: «\u00a0oui\u00a0»', width, STYLE)).toEqual(['Motif\u202f:', '«\u00a0oui\u00a0»'])
    expect(sheet.width('12\u202f345', STYLE)).toBeLessThan(sheet.width('12\u00a0345', STYLE))
  })

  it('fills lines no wider than they may be, and loses nothing', () => {
    const text = 'Relevé des ouvertures d’armoires à stupéfiants du service des urgences, nuit du 22 au 23 novembre'
    const lines = sheet.lines(text, 120, STYLE)
    expect(lines.join(' ')).toBe(text)
    for (const line of lines) expect(sheet.width(line, STYLE)).toBeLessThanOrEqual(120)
  })

  it('cuts a word that is wider than its line', () => {
    const lines = sheet.lines(`a ${'é'.repeat(100)} b`, 80, STYLE)
    expect(lines.join('')).toBe(`a${'é'.repeat(100)} b`)
    for (const line of lines) expect(sheet.width(line, STYLE)).toBeLessThanOrEqual(80)
  })

  it('keeps the lines that somebody wrote, and shows no control characters', () => {
    expect(sheet.lines('un\r\ndeux\ttrois\u0000', 400, STYLE)).toEqual(['un', 'deux trois '])
  })

  it('begins a new page for what does not fit', () => {
    sheet.y = 700
    expect(sheet.need(50)).toBe(false)
    expect(sheet.need(200)).toBe(true)
    expect(sheet.y).toBeLessThan(100)
  })
})
