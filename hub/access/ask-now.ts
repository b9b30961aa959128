/** What is going on now, and what is known of people now, beside rights: counted into who may open what. Pure. */
import type { Said } from '../errors.ts'
import type { Obstacle, Way } from './ask.ts'
import type { Book } from './ask-book.ts'
import { both, instantWords, reasonWords } from './ask-words.ts'
import { type Asked, type Case, caseOf, type Refusal } from './case.ts'
import { breakGlass, lockdown } from './emergency.ts'
import { evacuationNamed, lockdownNamed } from './french-words.ts'
import { interlock, passage } from './passage.ts'
import type { AccessPoint } from './site.ts'
import { CALM, type Situations } from './situations.ts'
import { pointKey } from './snapshot.ts'

export interface Present {
  /** As they stand now. */
  readonly situations: Situations
  /** ms. What stands longer than that is told. */
  readonly now: number
  /** True if the question is about now: situations count. About any other time they do not, and the answer says so. */
  readonly counts: boolean
  /** People with a PIN on record, by id. Undefined for a time gone by: what was on record then is not known. */
  readonly pins: ReadonlySet<string> | undefined
}
/** For an answer by rights alone. */
export const NOTHING_KNOWN: Present = { situations: CALM, now: 0, counts: false, pins: undefined }

/**
 * What a reader would say now to whoever brings all that is asked for; undefined if one of their badges opens.
 * @param uids badges that are good and that no rule forbids
 */
export function hindrance(
  book: Book,
  uids: readonly string[],
  point: AccessPoint,
  ways: readonly Way[],
  present: Present,
): Obstacle | undefined {
  const found = present.counts ? uids.map(uid => refusalOf(caseAt(book, uid, point, present, {}), ways)) : []
  const refusal = found.includes(undefined) ? undefined : found[0]
  if (!refusal) return undefined
  const { reason, because } = refusal
  const name = because === undefined ? '' : ` (${nameOf(book, reason, because)})`
  return {
    reason,
    ...(because !== undefined && { because }),
    text: both(l => reasonWords(reason)[l] + name),
  }
}

const refusalOf = (c: Case, ways: readonly Way[]): Refusal | undefined =>
  emergencyRuns(c) ? interlock(c) : situational(c, ways)

const emergencyRuns = (c: Case): boolean => breakGlass(c)?.kind === 'break-glass'

function situational(c: Case, ways: readonly Way[]): Refusal | undefined {
  const entered = passage(c)
  return lockedPin(c, ways) ?? lockdown(c) ?? (entered?.kind === 'refused' ? entered : interlock(c))
}

/** Only where no way does without a PIN. */
function lockedPin({ situations, badge, at }: Case, ways: readonly Way[]): Refusal | undefined {
  const until = situations.pin.get(badge.credential)?.lockedUntil ?? 0
  const needed = ways.every(way => way.demands.some(d => d.kind === 'pin'))
  return until > at && needed ? { kind: 'refused', reason: 'pin-locked' } : undefined
}

const EMERGENCY: Asked = { breakGlass: true, statedReason: 'emergency' }

/** Whether the emergency button would open, of a person with that right: not for the fifth time, nor the second door of a trap. */
export function emergencyOpens(book: Book, uid: string, point: AccessPoint, present: Present): boolean {
  const c = present.counts ? caseAt(book, uid, point, present, EMERGENCY) : undefined
  return c === undefined || (emergencyRuns(c) && interlock(c) === undefined)
}

function caseAt(book: Book, uid: string, point: AccessPoint, present: Present, asked: Asked): Case {
  const place = { key: pointKey(point.device, point.point), point: book.snapshotPoint(point) }
  const { snapshot } = book
  return caseOf(snapshot, present.situations, place, snapshot.badges.get(uid)!, asked, present.now)
}

function nameOf(book: Book, reason: Refusal['reason'], id: string): string {
  if (reason === 'lockdown') return planName(book.site.lockdownPlans, id)
  return reason === 'interlock' ? book.pointName(id) : book.zoneName(id)
}
const planName = (plans: readonly { readonly id: string; readonly name: string }[] = [], id: string): string =>
  plans.find(p => p.id === id)?.name ?? id

/** The ways of a person, with what is known to be missing: no PIN on record where one is asked for. */
export function withLacks<W extends Way>(ways: readonly W[], person: string, { pins }: Present): W[] {
  if (pins === undefined || pins.has(person)) return [...ways]
  return ways.map(way => ({
    ...way,
    demands: way.demands.map(d => (d.kind === 'pin' ? { ...d, lacking: NO_PIN } : d)),
  }))
}
const NO_PIN: Said = { fr: 'pas encore de code PIN enregistré', en: 'no PIN on record yet' }

/** What stands now, and whether it is counted. @param point the only one asked about */
export function notesOf(book: Book, { situations, counts, now }: Present, point?: AccessPoint): Said[] {
  const { site } = book
  const here = point && new Set(book.snapshotPoint(point).lockdownPlans.map(p => p.plan))
  const lockdowns = [...situations.lockdown].filter(([plan, row]) => now < row.until && (here?.has(plan) ?? true))
  const standing = [
    ...lockdowns.map(([plan, row]) => sinceWords(lockdownNamed(planName(site.lockdownPlans, plan)), row.since, book)),
    ...[...situations.evacuation].map(([plan, row]) =>
      sinceWords(evacuationNamed(planName(site.evacuationPlans, plan)), row.since, book),
    ),
  ]
  if (counts)
    return standing.map(s => ({ fr: `Compte ce qui a lieu\u202f: ${s.fr}.`, en: `Counts what is going on: ${s.en}.` }))
  return [NOT_COUNTED, ...standing.map(s => ({ fr: `Ne compte pas\u202f: ${s.fr}.`, en: `Does not count: ${s.en}.` }))]
}

const NOT_COUNTED: Said = {
  fr: 'Autre moment que maintenant\u202f: par les droits seuls, sans compter confinements, présences ni codes PIN bloqués.',
  en: 'Another time than now: by rights alone, not counting lockdowns, who is inside, or locked PINs.',
}

function sinceWords(what: Said, since: number, { site }: Book): Said {
  const when = instantWords(since, site.site.timeZone)
  return { fr: `${what.fr}, depuis le ${when.fr}`, en: `${what.en}, since ${when.en}` }
}
