/** Times on the site's clock. Intl is asked once for each quarter of an hour: every zone changes at one of these. */
const QUARTER_MS = 900_000
const MINUTE_MS = 60_000

/** @param offset minutes east of UTC */
const offsetText = (offset: number): string => {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0')
  const size = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
}

export class LocalTime {
  readonly #format: Intl.DateTimeFormat
  #quarter = Number.NaN
  #offsetMs = 0
  #suffix = 'Z'

  /** @param timezone IANA name @throws RangeError for a zone that this machine does not know */
  constructor(timezone: string) {
    this.#format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
  }

  /** RFC 3339 with milliseconds and the offset in force then, such as 2026-11-22T09:15:03.412+01:00. */
  stamp(at: number): string {
    this.#turnTo(at)
    return new Date(at + this.#offsetMs).toISOString().slice(0, -1) + this.#suffix
  }

  /** 2026-11-22. */
  day(at: number): string {
    return this.stamp(at).slice(0, 10)
  }

  #turnTo(at: number): void {
    const quarter = Math.floor(at / QUARTER_MS)
    if (quarter === this.#quarter) return
    const zone = this.#format.formatToParts(at).find(part => part.type === 'timeZoneName')?.value ?? 'GMT'
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(zone) ?? []
    const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
    const offset = sign === '-' ? -size : size
    this.#quarter = quarter
    this.#offsetMs = offset * MINUTE_MS
    this.#suffix = offsetText(offset)
  }
}
