/**
 * How a curve is asked for, and of what: the same question and the same answer whichever store has the points. Pure.
 */
import { type Said, VigieError } from '../errors.ts'
import { fieldName, type Measurement, type Tag } from './points.ts'

export const AGGREGATES = ['mean', 'min', 'max', 'sum', 'count', 'last'] as const
export type Aggregate = (typeof AGGREGATES)[number]

/** Something that can be drawn. Which measurement, field and tags it lies under is nobody's business outside. */
export interface Quantity {
  readonly name: string
  /** UCUM, or 1 for counts and shares. */
  readonly unit: string
  readonly measurement: Measurement
  readonly field: string
  readonly where: Readonly<Partial<Record<Tag, string>>>
  /** What is usually drawn of it. */
  readonly usual: Aggregate
  readonly label: Said
}

const counted = (name: string, measurement: Measurement, outcome: string, en: string, fr: string): Quantity => ({
  name,
  unit: '1',
  measurement,
  field: 'count',
  where: { outcome },
  usual: 'sum',
  label: { en, fr },
})
const measured = (
  name: string,
  unit: string,
  of: Pick<Quantity, 'measurement' | 'field'> & Partial<Quantity>,
  en: string,
  fr: string,
): Quantity => ({ name, unit, where: {}, usual: 'mean', label: { en, fr }, ...of })

/** What the hub itself concludes. What devices measure is beside it: see `readingQuantity`. */
export const EVENT_QUANTITIES: readonly Quantity[] = [
  counted('grants', 'access', 'granted', 'Accesses granted', 'Accès accordés'),
  counted('refusals', 'access', 'denied', 'Accesses refused', 'Accès refusés'),
  counted('unlocks', 'lock', 'unlocked', 'Locks released', 'Déverrouillages'),
  counted('openings', 'door', 'opened', 'Openings', 'Ouvertures'),
  counted('forced', 'door', 'forced', 'Doors forced', 'Portes forcées'),
  counted('alerts', 'alert', 'raised', 'Alerts', 'Alertes'),
  counted('losses', 'device', 'offline', 'Devices lost', 'Appareils perdus'),
  measured('open-time', 'ms', { measurement: 'door', field: 'open_ms' }, 'Time left open', 'Durée d’ouverture'),
  measured('unlock-time', 'ms', { measurement: 'lock', field: 'took_ms' }, 'Badge to lock', 'Du badge à la serrure'),
  measured('lights-on', '1', { measurement: 'light', field: 'on' }, 'Lights on', 'Éclairages allumés'),
  measured(
    'brightness',
    '%',
    { measurement: 'light', field: 'brightness_percent' },
    'Brightness of lights',
    'Intensité des éclairages',
  ),
  measured('battery', '%', { measurement: 'light', field: 'battery_percent', usual: 'min' }, 'Battery', 'Batterie'),
]

const READING_WORDS: ReadonlyMap<string, Said> = new Map([
  ['occupancy', { en: 'Presence', fr: 'Présence' }],
  ['illuminance', { en: 'Illuminance', fr: 'Éclairement' }],
  ['temperature', { en: 'Temperature', fr: 'Température' }],
  ['humidity', { en: 'Humidity', fr: 'Humidité' }],
])

/** @param name as the models of devices call it */
export const readingQuantity = (name: string, unit: string): Quantity => ({
  name,
  unit,
  measurement: 'reading',
  field: fieldName(name, unit),
  where: {},
  usual: 'mean',
  label: READING_WORDS.get(name) ?? { en: name, fr: name },
})

/** Milliseconds since 1970; `from` inclusive, `until` exclusive. `zones`: of any of them; left out, of the whole site. */
export interface CurveAsked {
  readonly quantity: Quantity
  readonly aggregate: Aggregate
  readonly zones?: readonly string[]
  readonly device?: string
  readonly accessPoint?: string
  readonly from: number
  readonly until: number
  readonly step: Step
}
/** `ms` is the nominal length: a day of the site's calendar may have 23 or 25 hours. */
export interface Step {
  readonly name: string
  readonly ms: number
}
/** Beginning of the step, value. A step without any point is left out: nothing was measured, which is not zero. */
export type CurvePoint = readonly [at: number, value: number]

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
export const DAY_MS = 24 * HOUR
export const DAY_STEP: Step = { name: '1d', ms: DAY_MS }
export const STEPS: readonly Step[] = [
  { name: '1s', ms: SECOND },
  { name: '10s', ms: 10 * SECOND },
  { name: '1m', ms: MINUTE },
  { name: '5m', ms: 5 * MINUTE },
  { name: '15m', ms: 15 * MINUTE },
  { name: '1h', ms: HOUR },
  { name: '3h', ms: 3 * HOUR },
  DAY_STEP,
]
/** No answer has more points. */
export const MOST_POINTS = 1_000
/** Steps of a day are the longest. */
export const MOST_DAYS = MOST_POINTS
/** From where the hours of many devices cost more than a chart is worth; a chart has about half a thousand pixels anyway. */
const ENOUGH_POINTS = 500

/** How old the finest points of each kind may be, ms. Beyond, only coarser ones exist. */
export const RAW_TERM = 14 * DAY_MS
export const MINUTE_TERM = 62 * DAY_MS
export const HOUR_TERM = 1_100 * DAY_MS
export const DAY_TERM = 3_660 * DAY_MS

/** A store that makes days out of hours leaves whole hours to add up. @returns undefined: points themselves */
export type Tier = 'minute' | 'hour' | 'day'
export function tierOf(step: Step): Tier | undefined {
  if (step.ms < MINUTE) return undefined
  if (step.ms < HOUR) return 'minute'
  return step.name === DAY_STEP.name ? 'day' : 'hour'
}
const termOf = (step: Step): number =>
  ({ raw: RAW_TERM, minute: MINUTE_TERM, hour: HOUR_TERM, day: DAY_TERM })[tierOf(step) ?? 'raw']

const TOO_LONG: Said = {
  en: `a span of at most ${MOST_DAYS} days; ask for a longer one in parts`,
  fr: `une période de ${MOST_DAYS}\u00a0jours au plus\u202f; demander une plus longue en plusieurs fois`,
}

/**
 * The step that is used: the one that was asked for, or the next longer one that keeps the answer below a thousand points
 * and of which there is something left. Left out: one that suits a chart.
 * @throws VigieError range-inverted; filter-invalid for a span longer than a thousand days
 */
export function stepFor(from: number, until: number, wanted: Step | undefined, now: number): Step {
  const span = until - from
  if (!(span > 0)) throw new VigieError('range-inverted')
  if (span > MOST_DAYS * DAY_MS) throw new VigieError('filter-invalid', { field: 'from', expected: TOO_LONG })
  const most = wanted ? MOST_POINTS : ENOUGH_POINTS
  const fits = (step: Step): boolean =>
    step.ms >= (wanted?.ms ?? 0) && span / step.ms <= most && now - from <= termOf(step)
  return STEPS.find(fits) ?? DAY_STEP
}

/** Where curves are: the embedded store, and outside ones. */
export const STORES = ['embedded', 'influx1', 'influx2'] as const
export type StoreName = (typeof STORES)[number]
