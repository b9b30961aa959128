/**
 * A4 pages with a header, a footer and a number, and text that breaks where it should. On top of pdfkit, whose own layout
 * measures every line several times and knows no line that must stay whole: only plain spaces break here, so that French
 * typography (U+00A0, U+202F) holds.
 */
import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'

const FONTS = {
  text: '@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf',
  strong: '@expo-google-fonts/ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf',
} as const
const INK = '#16202b'
const QUIET = '#55636f'
const RULE = '#c9d1d9'
/** Points, 1/72 inch. */
export const LEFT = 40
export const WIDTH = 595.28 - 2 * LEFT
const TOP = 62
const BOTTOM = 841.89 - 54
const LEADING = 1.32
/** Widths of words that are kept; a word that comes again is not measured again. */
const MOST_WORDS = 20_000

export interface Style {
  readonly size: number
  readonly strong?: boolean
  readonly quiet?: boolean
}
export interface Furniture {
  readonly title: string
  readonly language: string
  readonly head: readonly [left: string, right: string]
  readonly foot: string
  page(n: number): string
  /** ms since 1970. */
  readonly madeAt: number
}

export const lineHeight = (style: Style): number => style.size * LEADING

export class Sheet {
  readonly #doc: PDFKit.PDFDocument
  readonly #furniture: Furniture
  readonly #widths = new Map<string, number>()
  #page = 0
  /** Where the next thing goes, points from the top. */
  y = TOP

  constructor(furniture: Furniture) {
    this.#furniture = furniture
    this.#doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      lang: furniture.language,
      info: { Title: furniture.title, Creator: 'Vigie', CreationDate: new Date(furniture.madeAt) },
    })
    for (const [name, file] of Object.entries(FONTS))
      this.#doc.registerFont(name, fileURLToPath(import.meta.resolve(file)))
    this.newPage()
  }

  newPage(): void {
    this.#page += 1
    this.#doc.addPage()
    const small = { size: 7.5, quiet: true }
    const { head, foot, page } = this.#furniture
    this.write(head[0], LEFT, 30, small)
    this.writeRight(head[1], LEFT + WIDTH, 30, small)
    this.rule(46)
    this.rule(BOTTOM + 14)
    this.write(this.fitted(foot, WIDTH - 60, small), LEFT, BOTTOM + 20, small)
    this.writeRight(page(this.#page), LEFT + WIDTH, BOTTOM + 20, small)
    this.y = TOP
  }

  /** @returns whether a new page had to begin for something of this height */
  need(height: number): boolean {
    if (this.y + height <= BOTTOM) return false
    this.newPage()
    return true
  }

  rule(y: number): void {
    this.#doc
      .moveTo(LEFT, y)
      .lineTo(LEFT + WIDTH, y)
      .lineWidth(0.5)
      .stroke(RULE)
  }

  band(y: number, height: number): void {
    this.#doc.rect(LEFT, y, WIDTH, height).fill('#eef2f5')
  }

  /** One line, not broken. */
  write(text: string, x: number, y: number, style: Style): void {
    if (text === '') return
    this.#doc.font(style.strong ? 'strong' : 'text').fontSize(style.size)
    this.#doc.fillColor(style.quiet ? QUIET : INK).text(text, x, y, { lineBreak: false })
  }

  writeRight(text: string, right: number, y: number, style: Style): void {
    this.write(text, right - this.width(text, style), y, style)
  }

  /** A block of text across the page, on as many pages as it needs. */
  paragraph(text: string, style: Style, after = 6): void {
    for (const line of this.lines(text, WIDTH, style)) {
      this.need(lineHeight(style))
      this.write(line, LEFT, this.y, style)
      this.y += lineHeight(style)
    }
    this.y += after
  }

  heading(text: string): void {
    this.need(60)
    this.y += 8
    this.paragraph(text, { size: 11.5, strong: true }, 3)
  }

  /** Label and value, the value broken into lines. */
  fact(label: string, value: string): void {
    const style = { size: 9 }
    const at = 150
    for (const [n, line] of this.lines(value, WIDTH - at, style).entries()) {
      this.need(lineHeight(style))
      if (n === 0) this.write(this.fitted(label, at - 8, style), LEFT, this.y, { ...style, quiet: true })
      this.write(line, LEFT + at, this.y, style)
      this.y += lineHeight(style)
    }
    this.y += 2.5
  }

  width(text: string, style: Style): number {
    return text.split(' ').reduce((sum, word, n) => sum + this.#wordWidth(n > 0 ? ` ${word}` : word, style), 0)
  }

  #wordWidth(word: string, { size, strong }: Style): number {
    const key = `${strong ? '*' : '-'}${word}`
    let unit = this.#widths.get(key)
    if (unit === undefined) {
      this.#doc.font(strong ? 'strong' : 'text').fontSize(100)
      unit = this.#doc.widthOfString(word) / 100
      if (this.#widths.size >= MOST_WORDS) this.#widths.clear()
      this.#widths.set(key, unit)
    }
    return unit * size
  }

  /** @returns lines no wider than that; a word that is wider by itself is cut */
  lines(text: string, width: number, style: Style): string[] {
    return text.split(/\r?\n/).flatMap(part => this.#broken(part, width, style))
  }

  #broken(text: string, width: number, style: Style): string[] {
    const lines: string[] = []
    let line = ''
    for (const word of text.replace(/[\p{Cc}]/gu, ' ').split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (this.width(longer, style) <= width) {
        line = longer
        continue
      }
      if (line !== '') lines.push(line)
      const pieces = this.#cut(word, width, style)
      lines.push(...pieces.slice(0, -1))
      line = pieces.at(-1) ?? ''
    }
    return [...lines, line]
  }

  #cut(word: string, width: number, style: Style): string[] {
    const pieces: string[] = []
    let piece = ''
    if (this.width(word, style) <= width) return [word]
    for (const character of word) {
      if (piece !== '' && this.width(piece + character, style) > width) {
        pieces.push(piece)
        piece = ''
      }
      piece += character
    }
    return [...pieces, piece]
  }

  /** One line of it, with an ellipsis where it goes on. */
  fitted(text: string, width: number, style: Style): string {
    const [first = '', ...more] = this.lines(text, width - style.size, style)
    return more.length > 0 ? `${first}…` : first
  }

  /** What of the file is ready. */
  ready(): Uint8Array | undefined {
    return (this.#doc.read() as Uint8Array | null) ?? undefined
  }

  /** The rest of the file. Nothing may be written any more. */
  async *end(): AsyncGenerator<Uint8Array> {
    this.#doc.end()
    for await (const chunk of this.#doc) yield chunk as Uint8Array
  }
}
