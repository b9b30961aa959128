/** Tags on the plan: which words, on how many lines, and where, so that a tag stays in its tent. Pure. */
import type { Box, Spot } from './geometry.ts'
import type { GlyphName } from './model.ts'

/** Width of words in pixels, in one of the plan's fonts. */
export type Measure = (font: PlanFont, words: string) => number
export type PlanFont = 'tag' | 'name' | 'code'

/** Ways to say one thing, best first; each a list of lines. The last resort is the narrowest of them. */
export type Sayings = readonly (readonly string[])[]

export interface Fitted {
  readonly lines: readonly string[]
  readonly width: number
  readonly height: number
}
/** Glyph and margins beside the words. */
const BESIDE = 31
const LINE = 14

/** The first saying that fits the room, else the narrowest: a state is never cut. */
export function fitted(sayings: Sayings, room: number, measure: Measure): Fitted {
  const all = sayings.map(lines => ({
    lines,
    width: Math.ceil(Math.max(...lines.map(l => measure('tag', l)))) + BESIDE,
    height: 8 + lines.length * LINE,
  }))
  return all.find(f => f.width <= room) ?? all.reduce((least, f) => (f.width < least.width ? f : least))
}

/** Two lines, parted at the last space that is not a no-break space; the line itself where there is none. */
export function twoLines(words: string): readonly string[] {
  const at = words.lastIndexOf(' ')
  return at < 1 ? [words] : [words.slice(0, at), words.slice(at + 1)]
}

/** Where a tag of a width begins: in its place, shifted left at the right edge; over the middle of a place too narrow for it. */
export function leftOf(width: number, wanted: number, place: Box, sheetWidth: number): number {
  const inside =
    width > place.width - 8
      ? place.x + (place.width - width) / 2
      : Math.max(place.x + 4, Math.min(wanted, place.x + place.width - 4 - width))
  return Math.max(4, Math.min(inside, sheetWidth - width - 4))
}

/** A name in its place: cut if need be, its code only where both have room. The name in full is the title. */
export function nameIn(
  place: { readonly name: string; readonly code?: string },
  room: number,
  measure: Measure,
  font: PlanFont = 'name',
): { readonly name: string; readonly code?: string } {
  const width = measure(font, place.name)
  if (width > room) return { name: cut(place.name, room, font, measure) }
  const code = place.code !== undefined && width + 6 + measure('code', place.code) <= room ? place.code : undefined
  return { name: place.name, ...(code === undefined ? {} : { code }) }
}

function cut(name: string, room: number, font: PlanFont, measure: Measure): string {
  const letters = [...name]
  let [low, high] = [1, letters.length]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (measure(font, `${letters.slice(0, middle).join('').trimEnd()}…`) <= room) low = middle
    else high = middle - 1
  }
  return `${letters.slice(0, low).join('').trimEnd()}…`
}

/** The line from a tag's foot to the cabinet it speaks of, if the tag stands above it. */
export const footTo = (slot: Box | undefined, x: number, width: number): Spot | undefined => {
  if (!slot) return undefined
  const middle = slot.x + slot.width / 2
  return middle > x + 3 && middle < x + width - 3 ? { x: middle, y: slot.y } : undefined
}

export interface Tag {
  readonly key: string
  readonly glyph: GlyphName
  readonly lines: readonly string[]
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly solid: boolean
  /** Where the line to the drawn cabinet ends. */
  readonly foot?: Spot
}
