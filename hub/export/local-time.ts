/** Times on the site's clock, and the same in UTC. Intl is asked twice a day, and at each quarter of a day that changes. */
const MINUTE_MS = 60_000
const QUARTER_MS = 15 * MINUTE_MS
const DAY_MS = 96 * QUARTER_MS

const two = (n: number): string => (n < 10 ? `0${n}` : String(n))
const three = (n: number): string => (n < 100 ? `0${two(n)}` : String(n))

/** @param offset minutes east of UTC */
function offsetText(offset: number): string {
  const size = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** Where a quarter of an hour begins on some clock. */
interface Quarter {
  /** 2026-11-22T09: */
  readonly hour: string
  readonly minute: number
}
function quarterAt(at: number): Quarter {
  const text = new Date(at).toISOString()
  return { hour: text.slice(0, -10), minute: Number(text.slice(-10, -8)) }
}

export class LocalTime {
  readonly #format: Intl.DateTimeFormat
  #day = Number.NaN
  /** Of the whole day; undefined where it changes within it. */
  #dayOffset: number | undefined
  #quarter = Number.NaN
  #local: Quarter = { hour: '', minute: 0 }
  #utc: Quarter = { hour: '', minute: 0 }
  #suffix = 'Z'

  /** @param timezone IANA name @throws RangeError for a zone that this machine does not know */
  constructor(timezone: string) {
    this.#format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
  }

  /** RFC 3339 with milliseconds and the offset in force then, such as 2026-11-22T09:15:03.412+01:00. */
  stamp(at: number): string {
    this.#turnTo(at)
    return this.#within(this.#local, at) + this.#suffix
  }

  /** The same moment as 2026-11-22T08:15:03.412Z. */
  utc(at: number): string {
    this.#turnTo(at)
    return `${this.#within(this.#utc, at)}Z`
  }

  /** 2026-11-22. */
  day(at: number): string {
    return this.stamp(at).slice(0, 10)
  }

  /** Every offset is a whole number of quarters: no clock comes to another hour within one. */
  #within({ hour, minute }: Quarter, at: number): string {
    const ms = at - this.#quarter * QUARTER_MS
    const seconds = Math.floor(ms / 1000)
    return `${hour}${two(minute + Math.floor(seconds / 60))}:${two(seconds % 60)}.${three(ms % 1000)}`
  }

  #turnTo(at: number): void {
    const quarter = Math.floor(at / QUARTER_MS)
    if (quarter === this.#quarter) return
    const start = quarter * QUARTER_MS
    const offset = this.#offsetAt(start)
    this.#quarter = quarter
    this.#utc = quarterAt(start)
    this.#local = quarterAt(start + offset * MINUTE_MS)
    this.#suffix = offsetText(offset)
  }

  /** Minutes east of UTC. No clock changes and changes back within a day. */
  #offsetAt(at: number): number {
    const day = Math.floor(at / DAY_MS)
    if (day !== this.#day) {
      const [first, last] = [this.#asked(day * DAY_MS), this.#asked((day + 1) * DAY_MS - QUARTER_MS)]
      this.#day = day
      this.#dayOffset = first === last ? first : undefined
    }
    return this.#dayOffset ?? this.#asked(at)
  }

  #asked(at: number): number {
    const zone = this.#format.formatToParts(at).find(part => part.type === 'timeZoneName')?.value ?? 'GMT'
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(zone) ?? []
    const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
    return sign === '-' ? -size : size
  }
}
