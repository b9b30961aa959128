/** Where things stand on the plan, in CSS pixels. Pure: metres and a box in, rectangles and paths out. */
import type { Zone } from './contract.ts'
import type { Thing } from './model.ts'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface Spot {
  readonly x: number
  readonly y: number
}
export interface Place extends Box {
  readonly id: string
  readonly name: string
  readonly kind: 'tent' | 'room' | 'corridor' | 'outdoor'
  readonly code?: string
}
export interface Sheet {
  readonly width: number
  readonly height: number
  /** Pixels a metre. */
  readonly scale: number
  readonly places: readonly Place[]
  readonly fence: Box
  /** The outdoor zone that is the fence, if there is one around everything. */
  readonly enclosing?: string
  /** From the site's metres to pixels. */
  readonly at: (x: number, y: number) => Spot
}

/** A tent narrower or lower than this cannot hold its name, its devices and a tag. */
const MIN_WIDTH = 76
const MIN_HEIGHT = 100

/** Fits the zones that have a position into the box, but never so small that a tent can't be read: then the plan scrolls. */
export function layOut(
  zones: readonly Zone[],
  box: { width: number; height?: number; margin: number },
): Sheet | undefined {
  const planned = zones.flatMap(z => (z.plan ? [{ zone: z, plan: z.plan }] : []))
  if (planned.length === 0) return undefined
  const left = Math.min(...planned.map(z => z.plan.x))
  const top = Math.min(...planned.map(z => z.plan.y))
  const wide = Math.max(...planned.map(z => z.plan.x + z.plan.width)) - left || 1
  const high = Math.max(...planned.map(z => z.plan.y + z.plan.height)) - top || 1
  const { margin } = box
  const fit = Math.min(
    (box.width - 2 * margin) / wide,
    box.height === undefined ? Infinity : (box.height - 2 * margin) / high,
  )
  const least = leastScale(planned.map(z => z.plan))
  const scale = fit > 0.88 * least ? fit : least // a little too small is better than scrolling for a little
  const at = (x: number, y: number): Spot => ({ x: margin + (x - left) * scale, y: margin + (y - top) * scale })
  const places = planned.map(({ zone, plan }) => ({
    id: zone.id,
    name: zone.name,
    kind: plan.kind,
    ...(plan.code === undefined ? {} : { code: plan.code }),
    ...at(plan.x, plan.y),
    width: plan.width * scale,
    height: plan.height * scale,
  }))
  const [width, height] = [wide * scale + 2 * margin, high * scale + 2 * margin]
  const enclosing = places.find(
    p => p.kind === 'outdoor' && p.width >= 0.95 * wide * scale && p.height >= 0.95 * high * scale,
  )
  const fence = enclosing ?? { x: 8, y: 8, width: width - 16, height: height - 16 }
  return { width, height, scale, places, at, fence, ...(enclosing ? { enclosing: enclosing.id } : {}) }
}

function leastScale(plans: readonly { kind: string; width: number; height: number }[]): number {
  const covered = plans.filter(p => (p.kind === 'tent' || p.kind === 'room') && p.width > 0 && p.height > 0)
  if (covered.length === 0) return 0.1
  const scale = Math.max(...covered.map(p => Math.max(MIN_WIDTH / p.width, MIN_HEIGHT / p.height)))
  return Math.min(scale, 30) // one broom cupboard must not blow up the whole site
}

export const isCovered = (place: Place): boolean => place.kind === 'tent' || place.kind === 'room'

export interface Slot extends Box {
  readonly thing: Thing
}
const ORDER = ['motion', 'lux', 'light', 'other', 'cabinet'] as const
const STEP = 19
const ROW_STEP = 18
/** From a tent's top down to where rows of devices must end: under its name and a tag, or two where many share one tent. */
const HEAD = 58
const CROWDED_HEAD = 84

/** In a gallery or outdoors a device stands where the site puts it, else on the middle line after the name. */
export function spotsOf(place: Place, things: readonly Thing[], position: (t: Thing) => Spot | undefined): Slot[] {
  const inside = things.filter(t => t.form !== 'door')
  return inside.map((thing, i) => {
    const at = position(thing) ?? { x: place.x + 96 + i * STEP, y: place.y + place.height / 2 }
    const { width, height } = sizeOf(thing)
    return { thing, x: at.x - width / 2, y: at.y - height / 2, width, height }
  })
}

export interface Row {
  readonly slots: readonly Slot[]
  /** Where `+12` stands, if not everything has room. */
  readonly rest?: { readonly count: number; readonly at: Spot }
}

/**
 * In a tent or room everything but doors stands in a row along the zone's foot, sensors first, cabinets last; a full row
 * grows upwards. What has no room is counted; `loud` things are shown before those that are well.
 */
export function rowOf(place: Place, things: readonly Thing[], loud: (t: Thing) => boolean = () => false): Row {
  const inside = things.filter(t => t.form !== 'door')
  const perRow = Math.max(1, Math.floor((place.width - 18) / STEP))
  const room = (head: number): number => perRow * Math.max(1, Math.floor((place.height - head) / ROW_STEP))
  const full = inside.length > room(HEAD)
  const shown = full ? loudFirst(inside, loud).slice(0, Math.max(0, room(CROWDED_HEAD) - 2)) : inside
  const where = (i: number): Spot => ({
    x: place.x + 11 + (i % perRow) * STEP,
    y: place.y + place.height - 23 - Math.floor(i / perRow) * ROW_STEP,
  })
  const slots = [...shown].sort(byForm).map((thing, i) => ({ thing, ...where(i), ...sizeOf(thing) }))
  return full ? { slots, rest: { count: inside.length - shown.length, at: where(shown.length) } } : { slots }
}

const byForm = (a: Thing, b: Thing): number => ORDER.indexOf(a.form as never) - ORDER.indexOf(b.form as never)
const loudFirst = (things: readonly Thing[], loud: (t: Thing) => boolean): Thing[] => [
  ...things.filter(loud),
  ...things.filter(t => !loud(t)),
]
const sizeOf = (thing: Thing): { width: number; height: number } =>
  thing.form === 'cabinet' ? { width: 15, height: 12 } : { width: 14, height: 14 }

/** A door on a wall: where its hinge is, which way the wall runs and which way is in. */
export interface Leaf {
  readonly thing: Thing
  readonly closed: string
  readonly open: string
  readonly swing: string
  readonly gap: string
  readonly hit: Box
  /** Only outdoors: a gate has no tent that names it. Written along its wall, around this spot. */
  readonly label?: { readonly at: Spot; readonly upright: boolean }
}
type Wall = 'top' | 'right' | 'bottom' | 'left'
const LEAF = 16
/** A gate in a fence is wider than a tent's door. */
const GATE = 34
const DOOR_STEP = 26

const WALLS: Readonly<Record<Wall, { along: readonly [number, number]; inward: readonly [number, number] }>> = {
  top: { along: [1, 0], inward: [0, 1] },
  bottom: { along: [1, 0], inward: [0, -1] },
  left: { along: [0, 1], inward: [1, 0] },
  right: { along: [0, 1], inward: [-1, 0] },
}

/** The nearest wall to a point, or to the nearest gallery when the door has no position of its own. */
export function wallOf(place: Box, target: Spot | undefined): Wall {
  if (!target) return 'bottom'
  const inX = clamp(target.x, place.x, place.x + place.width)
  const inY = clamp(target.y, place.y, place.y + place.height)
  const far: [Wall, number][] = [
    ['top', Math.abs(target.y - place.y) + Math.abs(target.x - inX)],
    ['bottom', Math.abs(target.y - place.y - place.height) + Math.abs(target.x - inX)],
    ['left', Math.abs(target.x - place.x) + Math.abs(target.y - inY)],
    ['right', Math.abs(target.x - place.x - place.width) + Math.abs(target.y - inY)],
  ]
  return far.reduce((best, w) => (w[1] < best[1] ? w : best))[0]
}

/** The middle of the nearest gallery's side, for doors without a position. */
export function towardsGallery(place: Place, places: readonly Place[]): Spot | undefined {
  const middle = { x: place.x + place.width / 2, y: place.y + place.height / 2 }
  const points = places
    .filter(p => p.kind === 'corridor')
    .map(p => ({ x: clamp(middle.x, p.x, p.x + p.width), y: clamp(middle.y, p.y, p.y + p.height) }))
  return points.sort((a, b) => distance(a, middle) - distance(b, middle))[0]
}

/** Draws a door. `nth` sets doors without a position side by side. */
export function leafOf(thing: Thing, place: Place, wall: Wall, at: Spot | undefined, nth: number): Leaf {
  const { along, inward } = WALLS[wall]
  const leaf = place.kind === 'outdoor' ? GATE : LEAF
  const length = along[0] ? place.width : place.height
  const wanted = at ? (along[0] ? at.x - place.x : at.y - place.y) - leaf / 2 : length - 30 - nth * DOOR_STEP
  const run = clamp(wanted, 6, Math.max(6, length - leaf - 6))
  const x = (wall === 'right' ? place.x + place.width : place.x) + along[0] * run
  const y = (wall === 'bottom' ? place.y + place.height : place.y) + along[1] * run
  const from = (a: number, i: number): Spot => ({
    x: x + along[0] * a + inward[0] * i,
    y: y + along[1] * a + inward[1] * i,
  })
  const [end, tip, middle] = [from(leaf, 0), from((3 / 16) * leaf, (15.5 / 16) * leaf), from(leaf / 2, 0)]
  const sweep = along[0] * inward[1] - along[1] * inward[0] > 0 ? 1 : 0
  const line = `M${x} ${y}L${end.x} ${end.y}`
  const half = leaf / 2 + 4
  return {
    thing,
    closed: line,
    gap: line,
    open: `M${x} ${y}L${tip.x} ${tip.y}`,
    swing: `M${end.x} ${end.y}A${leaf} ${leaf} 0 0 ${sweep} ${tip.x} ${tip.y}`,
    hit: along[0]
      ? { x: middle.x - half, y: middle.y - 12, width: 2 * half, height: 24 }
      : { x: middle.x - 12, y: middle.y - half, width: 24, height: 2 * half },
    ...(place.kind === 'outdoor' ? { label: { at: from(leaf / 2, 13), upright: along[1] !== 0 } } : {}),
  }
}
/** How many doors without a position stand beside each other on a wall. */
export const doorRoom = (place: Box): number =>
  Math.max(1, Math.floor((Math.min(place.width, place.height) - 16) / DOOR_STEP))

const clamp = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high)
const distance = (a: Spot, b: Spot): number => Math.hypot(a.x - b.x, a.y - b.y)

/** A round number of metres whose bar is 60 to 150 px long. */
export function scaleBar(scale: number): { metres: number; width: number } {
  const metres = [1, 2, 5, 10, 20, 50, 100, 200, 500].find(m => m * scale >= 60) ?? 1000
  return { metres, width: metres * scale }
}
