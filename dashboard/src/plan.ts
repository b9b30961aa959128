/** Brings geometry and states together: everything the plan draws, worked out. Pure. */
import {
  doorRoom,
  isCovered,
  type Leaf,
  leafOf,
  type Place,
  type Row,
  rowOf,
  type Sheet,
  type Slot,
  type Spot,
  spotsOf,
  towardsGallery,
  wallOf,
} from './geometry.ts'
import { type GlyphName, glyphOf, isQuiet, nounOf, pointNoun, STATES, type Thing } from './model.ts'
import { fitted, footTo, leftOf, type Measure, nameIn, type Sayings, type Tag, twoLines } from './tags.ts'
import type { Words } from './words/types.ts'

export interface DrawnPlace {
  readonly place: Place
  /** What of its name and code is written. */
  readonly label: { readonly name: string; readonly code?: string }
  readonly lit: boolean
  /** Every device in it is silent or unknown: nothing is known of this place. */
  readonly dumb: boolean
  readonly forced: boolean
  readonly slots: readonly Slot[]
  readonly leaves: readonly Leaf[]
  readonly tags: readonly Tag[]
  /** What had no room, as a count and where it is written. */
  readonly rest?: { readonly count: number; readonly at: Spot }
}

export interface PlanInput {
  readonly sheet: Sheet
  /** Things by the id of the place they are drawn in. */
  readonly thingsIn: ReadonlyMap<string, readonly Thing[]>
  /** A door's own position in pixels, if the site gives one. */
  readonly position: (thing: Thing) => Spot | undefined
  readonly words: Words
  readonly measure: Measure
  /** The one forced thing shown solid: red fills one place at a time. */
  readonly newestForced: string | undefined
}

export function drawPlan(input: PlanInput): DrawnPlace[] {
  return input.sheet.places.map(place => drawPlace(place, input))
}

function drawPlace(place: Place, input: PlanInput): DrawnPlace {
  const things = input.thingsIn.get(place.id) ?? []
  const loud = (t: Thing): boolean => !isQuiet(t.state)
  const row: Row = isCovered(place) ? rowOf(place, things, loud) : { slots: spotsOf(place, things, input.position) }
  const { leaves, hidden } = leavesOf(place, things, input)
  const count = (row.rest?.count ?? 0) + hidden
  return {
    place,
    label: labelOf(place, input.measure),
    slots: row.slots,
    leaves,
    tags: tagsOf(place, things, row.slots, input),
    lit: things.some(t => t.form === 'light' && t.device?.online === true && t.points.some(p => p.on === true)),
    dumb:
      things.length > 0 && things.every(t => t.state === 'silent' || t.state === 'unknown' || t.state === 'revoked'),
    forced: things.some(t => t.state === 'forced'),
    ...(count > 0 ? { rest: { count, at: row.rest?.at ?? { x: place.x + 11, y: place.y + 30 } } } : {}),
  }
}

function labelOf(place: Place, measure: Measure): DrawnPlace['label'] {
  if (isCovered(place)) return nameIn(place, place.width - 19, measure)
  return nameIn({ name: place.name }, Math.max(place.width, place.height) - 20, measure, 'code')
}

function leavesOf(
  place: Place,
  things: readonly Thing[],
  { sheet, position }: PlanInput,
): { leaves: Leaf[]; hidden: number } {
  const room = doorRoom(place)
  const leaves: Leaf[] = []
  let [free, hidden] = [0, 0]
  for (const thing of things) {
    if (thing.form !== 'door') continue
    const at = position(thing)
    if (!at && free >= room) hidden++
    else
      leaves.push(leafOf(thing, place, wallOf(place, at ?? towardsGallery(place, sheet.places)), at, at ? 0 : free++))
  }
  return { leaves, hidden }
}

export interface Flag {
  readonly glyph: GlyphName
  readonly sayings: Sayings
  readonly things: readonly Thing[]
}

/** What a place has to say: each thing that is not well by itself, silent and unknown ones together. */
export function flagsOf(things: readonly Thing[], words: Words): Flag[] {
  const flags: Flag[] = []
  for (const state of STATES) {
    const found = things.filter(t => t.state === state)
    if (found.length === 0 || isQuiet(state) || state === 'revoked') continue
    if (state !== 'silent' && state !== 'unknown')
      flags.push(...found.map(t => ({ glyph: glyphOf(state), sayings: sayingsOf(t, words), things: [t] })))
    else flags.push({ glyph: 'off', sayings: gathered(state, found, words), things: found })
  }
  return flags
}

function gathered(state: 'silent' | 'unknown', found: readonly Thing[], words: Words): Sayings {
  const [only, ...others] = found as [Thing, ...Thing[]]
  if (others.length > 0) return [[`${words.stateWord(state, 'device')} \u00d7\u202f${found.length}`]]
  const word = words.stateWord(state, nounOf(only.form))
  if (!only.last) return [[word]]
  const last = words.silentLast(only.last, nounOf(only.form))
  return [[last], twoLines(last)]
}

/** `Tiroir 3 ouvert` for one drawer, `2 tiroirs ouverts`, `Porte ouverte`; then the same without the noun, which the drawing shows. */
export function sayingsOf(thing: Thing, words: Words): Sayings {
  const nouns = thing.worst.map(p => pointNoun(p.point, thing.form))
  const whole = nouns.find(n => n.noun !== 'drawer')
  const [first = { noun: nounOf(thing.form) }] = nouns
  // A cabinet that is open as a whole says so; its drawers are in the panel.
  const { noun, number } = whole ?? first
  const several = whole ? 1 : Math.max(1, nouns.length)
  const full = several > 1 ? words.counted(thing.state, noun, several) : words.phrase(thing.state, noun, number)
  const short = several > 1 ? words.countedShort(thing.state, noun, several) : words.stateWord(thing.state, noun)
  return [[full], [short], twoLines(full)]
}

const TAG_HEIGHT = 22
const GAP = 5

function tagsOf(place: Place, things: readonly Thing[], slots: readonly Slot[], input: PlanInput): Tag[] {
  const flags = flagsOf(things, input.words)
  if (!isCovered(place)) return openTags(place, flags, slots, input)
  const each = tentTags(place, flags, slots, input)
  return each.length === flags.length ? each : tentTags(place, alike(flags, input.words), slots, input)
}

/** Things of one kind in one state said together: `10 portes ouvertes`. */
function alike(flags: readonly Flag[], words: Words): Flag[] {
  const groups = new Map<string, Thing[]>()
  for (const { things } of flags) {
    const [first] = things as [Thing]
    const key = things.length > 1 ? `${first.state}` : `${first.state}/${first.form}`
    groups.set(key, [...(groups.get(key) ?? []), ...things])
  }
  return [...groups.values()].map(things => {
    const [{ state, form }] = things as [Thing]
    const same = flags.find(f => f.things.length === things.length && f.things[0] === things[0])
    if (same) return same
    const said = [
      [words.counted(state, nounOf(form), things.length)],
      [words.countedShort(state, nounOf(form), things.length)],
    ]
    return { glyph: glyphOf(state), sayings: [...said, twoLines(said[0]![0]!)], things }
  })
}

/** One below the other under the tent's name, as far as the devices at its foot; what has no room is counted. */
function tentTags(place: Place, flags: readonly Flag[], slots: readonly Slot[], input: PlanInput): Tag[] {
  const floor = Math.min(place.y + place.height - 6, ...slots.map(s => s.y))
  const tags: Tag[] = []
  for (const [i, flag] of flags.entries()) {
    const y = tags.reduce((end, t) => Math.max(end, t.y + t.height + GAP), place.y + 31)
    const tag = placeTag(flag, place, { y, left: place.x + 8 }, slots, input)
    const others = flags.length - i - 1
    if (tags.length > 0 && others > 0 && y + tag.height + GAP + TAG_HEIGHT > floor) {
      const count = countOf(others + 1, flag, input.words)
      return [...tags, placeTag(count, place, besideOrBelow(tags.at(-1)!, y, floor, place), slots, input)]
    }
    tags.push(tag)
  }
  return tags
}
/** Width of a tag that only counts. */
const COUNT_WIDTH = 56
function besideOrBelow(last: Tag, y: number, floor: number, place: Place): { y: number; left: number } {
  const beside = last.x + last.width + 4
  const fits = y + TAG_HEIGHT > floor && beside + COUNT_WIDTH < place.x + place.width - 4
  return fits ? { y: last.y, left: beside } : { y, left: last.x }
}
const countOf = (count: number, { glyph }: Flag, words: Words): Flag => ({
  glyph,
  sayings: [[words.plan.more(count)]],
  things: [],
})

/** Outside tents a tag stands beside its device, or its door. */
function openTags(place: Place, flags: readonly Flag[], slots: readonly Slot[], input: PlanInput): Tag[] {
  return flags.map(flag => {
    const slot = slots.find(s => s.thing === flag.things[0])
    const door = flag.things[0] && input.position(flag.things[0])
    const at = slot
      ? { y: slot.y - 4, left: slot.x + 20 }
      : { y: (door?.y ?? place.y + place.height / 2) - TAG_HEIGHT / 2, left: (door?.x ?? place.x + 76) + 20 }
    return placeTag(flag, place, at, slots, input)
  })
}

function placeTag(
  flag: Flag,
  place: Place,
  at: { y: number; left: number },
  slots: readonly Slot[],
  { sheet, measure, newestForced }: PlanInput,
): Tag {
  const size = fitted(flag.sayings, isCovered(place) ? place.width - 8 : Infinity, measure)
  const thing = flag.things.length === 1 ? flag.things[0]! : undefined
  const x = leftOf(size.width, at.left, place, sheet.width)
  const foot = footTo(thing?.form === 'cabinet' ? slots.find(s => s.thing === thing) : undefined, x, size.width)
  return {
    key: `${place.id}:${thing?.id ?? flag.sayings[0]![0]}`,
    glyph: flag.glyph,
    ...size,
    x,
    y: at.y,
    solid: thing?.state === 'forced' && thing.id === newestForced,
    ...(foot ? { foot } : {}),
  }
}
