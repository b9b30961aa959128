/** Brings geometry and states together: everything the plan draws, worked out. Pure. */
import {
  isCovered,
  type Leaf,
  leafOf,
  type Place,
  rowOf,
  type Sheet,
  type Slot,
  type Spot,
  spotsOf,
  tagWidth,
  towardsGallery,
  wallOf,
} from './geometry.ts'
import { type GlyphName, glyphOf, isQuiet, nounOf, pointNoun, STATES, type Thing } from './model.ts'
import type { Words } from './words/types.ts'

export interface Tag {
  readonly key: string
  readonly glyph: GlyphName
  readonly word: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly solid: boolean
  /** Where the line to the drawn cabinet ends. */
  readonly foot?: Spot
}
export interface DrawnPlace {
  readonly place: Place
  readonly lit: boolean
  /** Every device in it is silent or unknown: nothing is known of this place. */
  readonly dumb: boolean
  readonly forced: boolean
  readonly slots: readonly Slot[]
  readonly leaves: readonly Leaf[]
  readonly tags: readonly Tag[]
}

export interface PlanInput {
  readonly sheet: Sheet
  /** Things by the id of the place they are drawn in. */
  readonly thingsIn: ReadonlyMap<string, readonly Thing[]>
  /** A door's own position in pixels, if the site gives one. */
  readonly position: (thing: Thing) => Spot | undefined
  readonly words: Words
  /** The one forced thing shown solid: red fills one place at a time. */
  readonly newestForced: string | undefined
}

export function drawPlan(input: PlanInput): DrawnPlace[] {
  return input.sheet.places.map(place => drawPlace(place, input))
}

function drawPlace(place: Place, input: PlanInput): DrawnPlace {
  const things = input.thingsIn.get(place.id) ?? []
  const slots = isCovered(place) ? rowOf(place, things) : spotsOf(place, things, input.position)
  return {
    place,
    slots,
    leaves: leavesOf(place, things, input),
    tags: tagsOf(place, things, slots, input),
    lit: things.some(t => t.form === 'light' && t.device?.online === true && t.points.some(p => p.on === true)),
    dumb:
      things.length > 0 && things.every(t => t.state === 'silent' || t.state === 'unknown' || t.state === 'revoked'),
    forced: things.some(t => t.state === 'forced'),
  }
}

function leavesOf(place: Place, things: readonly Thing[], { sheet, position }: PlanInput): Leaf[] {
  let free = 0
  return things
    .filter(t => t.form === 'door')
    .map(thing => {
      const at = position(thing)
      const wall = wallOf(place, at ?? towardsGallery(place, sheet.places))
      return leafOf(thing, place, wall, at, at ? 0 : free++)
    })
}

interface Flag {
  readonly glyph: GlyphName
  readonly word: string
  readonly things: readonly Thing[]
}

/** What a place has to say: each thing that is not well by itself, silent and unknown ones together. */
export function flagsOf(things: readonly Thing[], words: Words): Flag[] {
  const flags: Flag[] = []
  for (const state of STATES) {
    const found = things.filter(t => t.state === state)
    if (found.length === 0 || isQuiet(state) || state === 'revoked') continue
    if (state !== 'silent' && state !== 'unknown')
      flags.push(...found.map(t => ({ glyph: glyphOf(state), word: tagWord(t, words), things: [t] })))
    else flags.push({ glyph: 'off', word: gathered(state, found, words), things: found })
  }
  return flags
}

function gathered(state: 'silent' | 'unknown', found: readonly Thing[], words: Words): string {
  const last = found.length === 1 ? found[0]!.last : undefined
  const word = words.stateWord(state, 'device')
  if (last) return `${word}, ${words.stateWord(last, nounOf(found[0]!.form)).toLocaleLowerCase()}`
  return found.length === 1 ? word : `${word} \u00d7\u202f${found.length}`
}

/** `Tiroir 3 ouvert` for one drawer, `Tiroirs` as a count for several, `Porte ouverte` for a door. */
export function tagWord(thing: Thing, words: Words): string {
  const [only, ...others] = thing.worst
  if (!only) return words.stateWord(thing.state, nounOf(thing.form))
  const { noun, number } = pointNoun(only.point, thing.form)
  if (others.length === 0) return words.phrase(thing.state, noun, number)
  return words.counted(thing.state, noun, thing.worst.length)
}

const TAG_STEP = 27
const TAG_HEIGHT = 22

function tagsOf(place: Place, things: readonly Thing[], slots: readonly Slot[], input: PlanInput): Tag[] {
  const flags = flagsOf(things, input.words)
  const open = !isCovered(place)
  const top = open ? Math.min(place.y + place.height / 2 - TAG_HEIGHT / 2, ...slots.map(s => s.y - 4)) : place.y + 31
  const floor = Math.min(place.y + place.height - 6, ...slots.map(s => s.y))
  const room = open ? 1 : Math.max(1, Math.floor((floor - top + 5) / TAG_STEP))
  const shown = flags.length > room ? flags.slice(0, Math.max(0, room - 1)) : flags
  const rest = flags.length - shown.length
  const all: Flag[] =
    rest > 0 ? [...shown, { glyph: flags[shown.length]!.glyph, word: input.words.plan.more(rest), things: [] }] : shown
  return all.map((flag, i) =>
    placeTag(flag, place, { i, top, left: openLeft(place, flag, slots, input) }, slots, input),
  )
}

/** Outside tents a tag stands beside its device, or its door. */
function openLeft(place: Place, flag: Flag, slots: readonly Slot[], { position }: PlanInput): number {
  if (isCovered(place)) return place.x + 8
  const [thing] = flag.things
  const slot = slots.find(s => s.thing === thing)
  return slot ? slot.x + 20 : ((thing && position(thing)?.x) ?? place.x + 76) + 20
}

function placeTag(
  flag: Flag,
  place: Place,
  at: { i: number; top: number; left: number },
  slots: readonly Slot[],
  input: PlanInput,
): Tag {
  const width = tagWidth(flag.word)
  const x = Math.max(4, Math.min(at.left, input.sheet.width - width - 4))
  const y = at.top + at.i * TAG_STEP
  const thing = flag.things.length === 1 ? flag.things[0]! : undefined
  const slot = thing?.form === 'cabinet' ? slots.find(s => s.thing === thing) : undefined
  const middle = slot ? slot.x + slot.width / 2 : 0
  const within = slot !== undefined && middle > x + 3 && middle < x + width - 3
  return {
    key: `${place.id}:${thing?.id ?? flag.word}`,
    glyph: flag.glyph,
    word: flag.word,
    x,
    y,
    width,
    solid: thing?.state === 'forced' && thing.id === input.newestForced,
    ...(within ? { foot: { x: middle, y: slot.y } } : {}),
  }
}
