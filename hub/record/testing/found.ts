/** What a search must find: every row looked at, one by one, as the contract says it. */
import type { JournalFilter } from '../../api.ts'
import type { Recorded, VigieEvent } from '../../events.ts'

export interface Kept {
  readonly event: Recorded
  /** Its payload was erased. */
  readonly erased: boolean
}
/** What the filter's words stand for. */
export interface Known {
  readonly person: (id: string) => string
  readonly badge: (uid: string) => string
  /** Pseudonym -> name. */
  readonly names: ReadonlyMap<string, string>
  /** Zone -> it and those below. */
  readonly zones: (id: string) => readonly string[]
  readonly classOf: (accessPoint: string) => string | undefined
}

type Fields = Readonly<Record<string, unknown>>
const folded = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')

export function fits({ event: row, erased }: Kept, filter: JournalFilter, known: Known): boolean {
  const { from, until, kinds, ...payload } = filter
  if (from !== undefined && row.at < from) return false
  if (until !== undefined && row.at >= until) return false
  if (kinds && !kinds.includes(row.event.kind)) return false
  const asked = Object.values(payload).some(value => value !== undefined)
  if (erased) return !asked
  return fitsPayload(row.event, payload, known)
}

function fitsPayload(event: VigieEvent, filter: JournalFilter, known: Known): boolean {
  const e = event as unknown as Fields
  const devices = [e.device, ...messages(e).map(m => m.device)]
  const zones = [e.zone, ...messages(e).map(m => m.zone)]
  const className = e.class ?? (typeof e.accessPoint === 'string' ? known.classOf(e.accessPoint) : undefined)
  const checks: [string | undefined, (value: string) => boolean][] = [
    [filter.person, id => [e.person, e.witness].includes(known.person(id))],
    [filter.badge, uid => e.credential === known.badge(uid)],
    [filter.by, by => e.by === by],
    [filter.accessPoint, id => e.accessPoint === id],
    [filter.zone, id => zones.some(zone => known.zones(id).includes(zone as string))],
    [filter.class, id => className === id],
    [filter.device, id => devices.includes(id)],
    [filter.reason, reason => e.reason === reason],
    [filter.origin, origin => e.origin === origin || (e.via as Fields | undefined)?.kind === origin],
    [filter.text, text => folded(text).every(word => wordsIn(e, known).some(w => w.startsWith(word)))],
  ]
  return checks.every(([value, check]) => value === undefined || check(value))
}

const messages = (e: Fields): readonly Fields[] => (Array.isArray(e.messages) ? (e.messages as Fields[]) : [])

function wordsIn(e: Fields, { names }: Known): string[] {
  const { id } = (typeof e.reference === 'object' ? e.reference : {}) as { id?: string }
  const texts = [e.statedReason, e.comment, id, names.get(String(e.person)), names.get(String(e.witness))]
  return texts.flatMap(text => (typeof text === 'string' ? folded(text) : []))
}
