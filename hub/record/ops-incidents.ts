/** Incidents change together with the rows that tell of it. */
import { VigieError } from '../errors.ts'
import type { Recorded, VigieEvent } from '../events.ts'
import * as incidents from './incidents.ts'
import { addMaintenance, dropMaintenance, type MaintenanceRow, maintenance } from './maintenance.ts'
import * as messages from './messages.ts'
import { appended, type OpContext } from './op-context.ts'
import { addPushBrowser, dropPushBrowser, type PushBrowserRow, pushBrowser, pushBrowsers } from './push-browsers.ts'
import { meta, setMeta } from './site.ts'

/** Up to which row of the journal scenarios have drawn their conclusions. */
export const SCENARIOS_SEQ = 'scenarios_seq'
/** The hub's keys for push services, JSON. */
export const PUSH_KEYS = 'push_keys'
/** Of the site, the last one whose digests are written. */
export const DIGEST_DAY = 'digest_day'

export const INCIDENT_OPS = {
  /**
   * @param a.expected revision that was looked at; 0: it is new
   * @param a.seen row that it came from: scenarios go on after it when the hub starts again
   * @returns its rows, to be told
   * @throws VigieError edit-conflict
   */
  putIncident: (
    c: OpContext,
    a: {
      at: number
      incident: incidents.PutIncident
      expected: number
      events: readonly VigieEvent[]
      seen?: number
      /** To be told of it, each once. */
      messages?: readonly messages.MessageRow[]
    },
  ): readonly Recorded[] => {
    const { id } = a.incident
    if (!incidents.putIncident(c.db, a.incident, a.expected)) {
      const revision = incidents.incident(c.db, id)?.revision ?? 0
      throw new VigieError('edit-conflict', { kind: 'incident', id, revision })
    }
    for (const one of a.messages ?? []) messages.addMessage(c.db, one)
    if (a.seen !== undefined) setMeta(c.db, SCENARIOS_SEQ, String(a.seen))
    return a.events.map(event => appended(c, a.at, event))
  },
  /** Those resolved before then; their rows go when the journal's do. @returns how many went */
  forgetIncidents: (c: OpContext, a: { before: number }): number => incidents.dropIncidents(c.db, a.before),
  /** How a message stands, and the rows that tell of its end. @returns these */
  putMessage: (
    c: OpContext,
    a: { at: number; message: messages.MessageRow; events: readonly VigieEvent[] },
  ): readonly Recorded[] => {
    if (!messages.setMessage(c.db, a.message)) messages.addMessage(c.db, a.message)
    return a.events.map(event => appended(c, a.at, event))
  },
  /** The hub's keys for push services: made once, and never again, or every browser would have to subscribe anew. @returns those that count */
  keepPushKeys: (c: OpContext, a: { keys: string }): string => {
    const known = meta(c.db, PUSH_KEYS)
    if (known === undefined) setMeta(c.db, PUSH_KEYS, a.keys)
    return known ?? a.keys
  },
  /** A browser that its owner wants to be told in; the oldest ones of too many go. @returns its row */
  addPushBrowser: (c: OpContext, a: { browser: PushBrowserRow; most: number }): readonly Recorded[] => {
    const { operator, at } = a.browser
    addPushBrowser(c.db, a.browser)
    for (const old of pushBrowsers(c.db, operator).slice(a.most)) dropPushBrowser(c.db, old.id)
    return [appended(c, at, { kind: 'contact.changed', operator, by: operator })]
  },
  /** @param a.by absent: its push service does not know it any more @returns its row; none where there was none */
  dropPushBrowser: (c: OpContext, a: { at: number; id: string; by?: string }): readonly Recorded[] => {
    const browser = pushBrowser(c.db, a.id)
    if (!browser || !dropPushBrowser(c.db, a.id)) return []
    return a.by === undefined
      ? []
      : [appended(c, a.at, { kind: 'contact.changed', operator: browser.operator, by: a.by })]
  },
  /** Digests of a day, once, whatever restarts come between. @returns whether they are new */
  putDigests: (c: OpContext, a: { day: string; messages: readonly messages.MessageRow[] }): boolean => {
    if (meta(c.db, DIGEST_DAY) === a.day) return false
    setMeta(c.db, DIGEST_DAY, a.day)
    for (const one of a.messages) messages.addMessage(c.db, one)
    return true
  },
  /** Messages that are over for so long, and how people without an account wanted to be told. @returns how many went */
  forgetMessages: (c: OpContext, a: { before: number }): number =>
    messages.dropMessages(c.db, a.before) + messages.dropContacts(c.db),
  /** @returns its row @throws VigieError edit-conflict */
  putContact: (
    c: OpContext,
    a: { at: number; contact: messages.ContactRow; expected: number; by: string },
  ): readonly Recorded[] => {
    const { operator } = a.contact
    if (!messages.setContact(c.db, a.contact, a.expected)) {
      const revision = messages.contact(c.db, operator)?.revision ?? 0
      throw new VigieError('edit-conflict', { kind: 'contact', id: operator, revision })
    }
    return [appended(c, a.at, { kind: 'contact.changed', operator, by: a.by })]
  },
  scenariosSeen: (c: OpContext, a: { seq: number }): void => setMeta(c.db, SCENARIOS_SEQ, String(a.seq)),

  /** @returns its row, to be told */
  beginMaintenance: (c: OpContext, a: { work: MaintenanceRow; comment?: string }): Recorded => {
    const { id, at, until, by, ...place } = a.work
    addMaintenance(c.db, a.work)
    const said = { ...place, until, by, ...(a.comment !== undefined && { comment: a.comment }) }
    return appended(c, at, { kind: 'maintenance.started', maintenance: id, ...said })
  },
  /** @param a.by absent: its time is over @returns its row; none where it has ended already */
  endMaintenance: (c: OpContext, a: { at: number; id: string; by?: string }): Recorded | undefined => {
    const work = maintenance(c.db, a.id)
    if (!work || !dropMaintenance(c.db, a.id)) return undefined
    const { zone, device } = work
    const place = { ...(zone !== undefined && { zone }), ...(device !== undefined && { device }) }
    const by = a.by === undefined ? {} : { by: a.by }
    return appended(c, a.at, { kind: 'maintenance.ended', maintenance: a.id, ...place, ...by })
  },

  /** @returns its row, to be told; none, with nothing written, where it was so already */
  armZone: (c: OpContext, a: { at: number; zone: string; isArmed: boolean; by: string }): Recorded | undefined => {
    if (!incidents.setArmed(c.db, a.zone, a.isArmed, a.at, a.by)) return undefined
    return appended(c, a.at, { kind: a.isArmed ? 'zone.armed' : 'zone.disarmed', zone: a.zone, by: a.by })
  },
} as const
