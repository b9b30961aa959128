/** What reported states mean to someone looking at the plan. Pure. */
import type { DeviceState, EventKind, LiveEvent, PointClass, PointState } from './contract.ts'

export type Form =
  | 'cabinet'
  | 'door'
  | 'motion'
  | 'lux'
  | 'light'
  | 'siren'
  | 'contact'
  | 'climate'
  | 'gateway'
  | 'other'
/** What a state is said about: a device of a form, or one drawer of a cabinet. */
export type Noun = 'door' | 'cabinet' | 'drawer' | 'device'
export const STATES = [
  'forced',
  'tamper',
  'open',
  'released',
  'ordered',
  'sounding',
  'silent',
  'unknown',
  'revoked',
  'locked',
  'closed',
  'lit',
  'dark',
  'answering',
] as const
/** Ordered, released, open and closed stay four things; `locked` is a bolt without a contact to confirm the leaf. */
export type StateName = (typeof STATES)[number]
export type GlyphName =
  | 'ok'
  | 'open'
  | 'released'
  | 'act'
  | 'held'
  | 'alarm'
  | 'off'
  | 'glass'
  | 'armed'
  | 'yes'
  | 'no'
  | 'info'

/** What a class of points does while the journal can't be written, unless the site says otherwise for one of them. */
export const FAILURE_MODES: Readonly<Record<PointClass, 'secure' | 'open-with-alarm'>> = {
  'controlled-drugs': 'secure',
  medicines: 'secure',
  'it-equipment': 'secure',
  records: 'secure',
  door: 'open-with-alarm',
  'escape-door': 'open-with-alarm',
  'crash-cart': 'open-with-alarm',
}

const FORMS: Readonly<Record<string, Form>> = {
  'medicine-cabinet': 'cabinet',
  door: 'door',
  pir: 'motion',
  'light-sensor': 'lux',
  light: 'light',
  siren: 'siren',
  'bought-contact': 'contact',
  'bought-motion': 'motion',
  'bought-light-sensor': 'lux',
  'bought-climate': 'climate',
  'bought-light': 'light',
  zigbee2mqtt: 'gateway',
  shelly: 'gateway',
  tasmota: 'gateway',
  esphome: 'gateway',
}
export const formOf = (model: string): Form => (Object.hasOwn(FORMS, model) ? FORMS[model]! : 'other')
export const nounOf = (form: Form): Noun => (form === 'door' || form === 'cabinet' ? form : 'device')

const GLYPHS: Readonly<Record<StateName, GlyphName>> = {
  forced: 'alarm',
  tamper: 'alarm',
  open: 'open',
  released: 'released',
  ordered: 'act',
  sounding: 'alarm',
  silent: 'off',
  unknown: 'off',
  revoked: 'off',
  locked: 'ok',
  closed: 'ok',
  lit: 'ok',
  dark: 'ok',
  answering: 'ok',
}
export const glyphOf = (state: StateName): GlyphName => GLYPHS[state]
/** True for what is well and therefore not lit. */
export const isQuiet = (state: StateName): boolean => GLYPHS[state] === 'ok'

/** The one state a point is shown in: the most serious that was reported. */
export function pointState(p: PointState): StateName {
  if (p.forced) return 'forced'
  if (p.tamper) return 'tamper'
  if (p.contact === 'open') return 'open'
  if (p.lock === 'unlocked') return 'released'
  if (p.ordered) return 'ordered'
  if (p.contact === 'closed') return 'closed'
  if (p.lock === 'locked') return 'locked'
  if (p.sounding !== undefined) return p.sounding ? 'sounding' : 'dark'
  if (p.on !== undefined) return p.on ? 'lit' : 'dark'
  return 'unknown'
}

/** A point's name taken apart: `drawer-3` is drawer 3; the rest is the device itself. */
export function pointNoun(point: string, form: Form): { noun: Noun; number?: string } {
  const drawer = /^drawer-(\d+)$/.exec(point)
  return drawer ? { noun: 'drawer', number: drawer[1]! } : { noun: nounOf(form) }
}

export interface Thing {
  readonly id: string
  readonly name: string
  readonly model: string
  readonly form: Form
  readonly zone?: string
  readonly device?: DeviceState
  readonly points: readonly PointState[]
  readonly state: StateName
  /** The points that are in `state`, when the state comes from points. */
  readonly worst: readonly PointState[]
  /** Silent: what was last known and is worth saying. */
  readonly last?: StateName
}

const rank = (state: StateName): number => STATES.indexOf(state)

/** Brings together what the site says of a device, what the hub knows of it and what its points last reported. */
export function thingOf(
  about: { id: string; name: string; model: string; zone?: string },
  device: DeviceState | undefined,
  points: readonly PointState[],
): Thing {
  const form = formOf(about.model)
  const reported = worstOf(points, form)
  const base = { ...about, form, points, worst: reported.points, ...(device ? { device } : {}) }
  const own = ownState(device)
  if (!own) return { ...base, state: reported.state }
  const last =
    own === 'silent' && !isQuiet(reported.state) && reported.state !== 'unknown' ? { last: reported.state } : {}
  return { ...base, state: own, ...last }
}

/** What the device's own connection says, if that overrules its points: a silent device's points are no longer known. */
function ownState(device: DeviceState | undefined): StateName | undefined {
  if (!device) return 'unknown'
  if (device.status === 'revoked') return 'revoked'
  if (device.online) return undefined
  return device.lastSeen === undefined ? 'unknown' : 'silent'
}

function worstOf(points: readonly PointState[], form: Form): { state: StateName; points: PointState[] } {
  const mustReport = form === 'door' || form === 'cabinet' || form === 'light'
  let state: StateName = points.length === 0 && mustReport ? 'unknown' : 'answering'
  let found: PointState[] = []
  for (const p of points) {
    const s = pointState(p)
    if (s === 'unknown' && !mustReport) continue // a sensor's battery alone says that it answers
    if (rank(s) < rank(state)) [state, found] = [s, [p]]
    else if (s === state) found.push(p)
  }
  return { state, points: found }
}

/** When the state began: the newest of its points, or the connection's. Undefined when never reported. */
export function sinceOf(thing: Thing): number | undefined {
  if (thing.state === 'silent' || thing.state === 'answering') return thing.device?.since ?? thing.device?.lastSeen
  return thing.worst.length > 0 ? Math.max(...thing.worst.map(p => p.since)) : undefined
}

export interface Counts {
  readonly forced: Readonly<Record<Noun, number>>
  readonly open: Readonly<Record<Noun, number>>
  readonly released: Readonly<Record<Noun, number>>
  readonly tamper: number
  readonly ordered: number
  readonly silent: number
  readonly unknown: number
  readonly answering: number
  readonly known: number
}

/** The figures of the headline. Revoked devices are out of service and count nowhere. */
export function countThings(things: readonly Thing[]): Counts {
  const inService = things.filter(t => t.state !== 'revoked')
  const of = (state: StateName): Thing[] => inService.filter(t => t.state === state)
  const byNoun = (state: StateName): Record<Noun, number> => {
    const sum = { door: 0, cabinet: 0, drawer: 0, device: 0 }
    for (const t of of(state)) sum[nounOf(t.form)]++
    return sum
  }
  return {
    forced: byNoun('forced'),
    open: byNoun('open'),
    released: byNoun('released'),
    tamper: of('tamper').length,
    ordered: of('ordered').length,
    silent: of('silent').length,
    unknown: of('unknown').length,
    answering: inService.filter(t => t.device?.online).length,
    known: inService.length,
  }
}

const EVENT_GLYPHS: Readonly<Partial<Record<EventKind, GlyphName>>> = {
  'access.granted': 'yes',
  'access.denied': 'no',
  'access.withdrawn': 'no',
  'access.awaiting': 'act',
  'access.lapsed': 'held',
  'duress.raised': 'alarm',
  'pin.alarm': 'alarm',
  'passback.violated': 'held',
  'break-glass.opened': 'glass',
  'break-glass.review-overdue': 'held',
  'break-glass.review-closed': 'yes',
  'lockdown.started': 'alarm',
  'lockdown.ended': 'ok',
  'evacuation.started': 'alarm',
  'evacuation.ended': 'ok',
  'evacuation.paused': 'held',
  'evacuation.resumed': 'act',
  'evacuation.released': 'released',
  'muster.counted': 'yes',
  'badge.lost': 'no',
  'lock.unlocked': 'act',
  'lock.kept': 'ok',
  'lock.locked': 'ok',
  'lock.refused': 'held',
  'lock.failed': 'held',
  'lock.silent': 'held',
  'point.opened': 'open',
  'point.closed': 'ok',
  'point.forced': 'alarm',
  'point.locked': 'ok',
  'point.released': 'released',
  'exit.requested': 'act',
  'tamper.raised': 'alarm',
  'tamper.cleared': 'ok',
  'device.online': 'ok',
  'device.offline': 'off',
  'device.revoked': 'off',
  'device.refused': 'no',
  'device.gap': 'held',
  'audit.unavailable': 'held',
  'operator.refused': 'no',
  'operator.not-allowed': 'no',
}
export const eventGlyph = (kind: EventKind): GlyphName => EVENT_GLYPHS[kind] ?? 'info'
/** Somebody has to come: a break of the glass as well, under its own sign. */
export const isAlarm = (kind: EventKind): boolean => ['alarm', 'glass'].includes(eventGlyph(kind))
/** Worth a mark above the watch strip. */
export const isMarked = (e: LiveEvent): boolean => ['alarm', 'glass', 'held', 'off'].includes(eventGlyph(e.kind))

export const GROUPS = ['all', 'granted', 'refused', 'openings', 'devices'] as const
export type Group = (typeof GROUPS)[number]

const GRANTING: ReadonlySet<EventKind> = new Set(['access.granted', 'lock.unlocked', 'break-glass.opened'])
const REFUSING: ReadonlySet<EventKind> = new Set([
  'access.denied',
  'access.withdrawn',
  'access.lapsed',
  'pin.alarm',
  'passback.violated',
  'audit.unavailable',
])
/** The feed's filter an event falls under; telemetry and housekeeping are under `all` only. */
export function groupOf(kind: EventKind): Group {
  if (GRANTING.has(kind)) return 'granted'
  if (REFUSING.has(kind) || kind.startsWith('lock.')) return 'refused'
  if (kind.startsWith('point.') || kind.startsWith('tamper.') || kind === 'exit.requested') return 'openings'
  return kind.startsWith('device.') ? 'devices' : 'all'
}
