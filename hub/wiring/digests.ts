/** Each morning, for whoever wants it: alerts of the last day that were told to nobody, because they were too low for that. */
import { nextTime } from '../access/calendar.ts'
import { DIGEST_LINES, type DigestLine, digestMail, type MailWords } from '../notify/digest-words.ts'
import { incidentsSince } from '../record/incidents.ts'
import { type AdminRow, operatorRows } from '../record/operators-admin.ts'
import { DIGEST_DAY } from '../record/ops-incidents.ts'
import { meta } from '../record/site.ts'
import type { Incident } from '../rules/incidents.ts'
import { type Contact, DIGEST_MS, DIGEST_TIME, digestOf, type Message } from '../rules/telling.ts'
import { messageRow, takes } from './messages.ts'
import type { ServiceNeeds } from './services.ts'

type Needs = Pick<ServiceNeeds, 'db' | 'op' | 'registry' | 'now'> & {
  readonly contactOf: (row: AdminRow) => Contact
  /** Whether this hub sends mails. */
  readonly mails: boolean
}
/** Incidents looked at for one digest. */
const MOST = 2_000

export class Digests {
  readonly #needs: Needs
  #day: string | undefined

  constructor(needs: Needs) {
    this.#needs = needs
    this.#day = meta(needs.db, DIGEST_DAY)
  }

  /** When the next ones are due; a hub that was off then sends them when it is back, on the same day. */
  nextAt(): number {
    const { now, registry } = this.#needs
    return this.#isDue(now()) ? now() : nextTime(now(), DIGEST_TIME, registry().snapshot.clock)
  }

  /** @throws VigieError journal-unavailable */
  async look(now: number): Promise<void> {
    if (!this.#isDue(now)) return
    const { op, db, contactOf } = this.#needs
    const day = this.#dayOf(now)
    const low = this.#low(now)
    const readers = operatorRows(db).filter(row => this.#of(row, low).length > 0)
    const wanted = readers.map(contactOf).filter(({ digest, mail }) => digest === true && mail !== undefined)
    await op('putDigests', { day, messages: wanted.map(one => messageRow(digestOf(one, day, now))) })
    this.#day = day
  }

  /** Undefined where there is nothing to say by now. */
  words({ operator, at }: Message, { language }: Contact): MailWords | undefined {
    const { db, registry } = this.#needs
    const row = operatorRows(db).find(one => one.id === operator)
    const low = row ? this.#of(row, this.#low(at)) : []
    if (low.length === 0) return undefined
    const { site } = registry()
    const { timeZone } = site.site
    const time = new Intl.DateTimeFormat('fr-FR', { timeZone, hour: '2-digit', minute: '2-digit' })
    const lines = low.slice(0, DIGEST_LINES).map(
      ({ kind, zone, at: began }): DigestLine => ({
        kind,
        place: site.zones.find(z => z.id === zone)?.name ?? site.site.name,
        at: time.format(began),
      }),
    )
    return digestMail({ site: site.site.name, lines, more: low.length - lines.length }, language)
  }

  #isDue(now: number): boolean {
    const { mails, registry } = this.#needs
    if (!mails) return false
    const minute = registry().snapshot.clock.minuteOf(now) % 1_440
    return minute >= Number(DIGEST_TIME.slice(0, 2)) * 60 && this.#dayOf(now) !== this.#day
  }
  #dayOf(now: number): string {
    return new Intl.DateTimeFormat('sv-SE', { timeZone: this.#needs.registry().site.site.timeZone }).format(now)
  }
  /** Of the day before `at`, the oldest first. */
  #low(at: number): Incident[] {
    return incidentsSince(this.#needs.db, { since: at - DIGEST_MS, after: 0, limit: MOST })
      .map(({ body }) => JSON.parse(body) as Incident)
      .filter(one => one.at <= at && one.at > at - DIGEST_MS && one.history.every(step => step.do !== 'told'))
  }
  #of(row: AdminRow, low: readonly Incident[]): readonly Incident[] {
    return low.filter(({ zone }) => takes(row, zone, this.#needs.registry().site.zones))
  }
}
