/** Who is told of incidents, put together: contacts, ways out, messages on their way, and what each page shows of it. */
import type { ContactTested, ContactView, ContactWish, MessageView } from '../api.ts'
import type { Config } from '../config.ts'
import { causeOf, VigieError } from '../errors.ts'
import { MessagesSent, type Way } from '../flows/messages-sent.ts'
import type { ContactDesk } from '../http/contact-ports.ts'
import {
  type MailWords,
  mailOf,
  pushOf,
  smsOf,
  type ToTell,
  testMail,
  testPush,
  testSms,
} from '../notify/alert-words.ts'
import { type MailServer, sendMail } from '../notify/mail.ts'
import type { Notice } from '../notify/push.ts'
import { SmsGateway, SmsModem, type SmsSender } from '../notify/sms.ts'
import { incident } from '../record/incidents.ts'
import { contact, messagesDue, messagesOf, nextMessageAt } from '../record/messages.ts'
import { type AdminRow, operatorRows } from '../record/operators-admin.ts'
import type { Incident, Step } from '../rules/incidents.ts'
import { onCall } from '../rules/on-call.ts'
import { type Channel, type Contact, type Message, messagesFor, NEW, type Outcome } from '../rules/telling.ts'
import { Digests } from './digests.ts'
import { looking } from './looking.ts'
import { messageIn, messageRow, takes } from './messages.ts'
import { Pushing } from './pushing.ts'
import type { ServiceNeeds } from './services.ts'

/** Messages looked at in one turn. */
const MOST = 100
const DAY_MINUTES = 1440
const DAY = DAY_MINUTES * 60_000
/** Of what is over; who was told is in the journal. */
export const MESSAGES_KEPT_MS = 90 * DAY
/** Between two tries by hand of one account, seconds. */
const AGAIN_S = 10

export interface Telling {
  /** Of a step of an incident's escalation, to be written with it. */
  messages(incident: Incident, step: Step, index: number, at: number): readonly Message[]
  /** What was told of it, as it stands. */
  told(incident: string): readonly MessageView[]
  /** Something may be due sooner than was known. */
  plan(): void
  readonly desk: ContactDesk
  start(): void
  stop(): Promise<void>
}

export function telling(needs: ServiceNeeds): Telling {
  const { db, op, registry, log, now, publish } = needs
  const pushing: Pushing = new Pushing({ ...needs, noticeOf: m => noticeOf(m, words) })
  const people = contactsIn(needs, pushing)
  const mails = needs.config.smtpUrl !== '' && needs.config.mailFrom !== ''
  const digests = new Digests({ db, op, registry, now, contactOf: people.contactOf, mails })
  const words = wording(needs, people, digests)
  const ways = { ...waysOut(needs.config, words), ...(pushing.isOffered && { push: pushing.way }) }
  const offered: ReadonlySet<Channel> = new Set(Object.keys(ways) as Channel[])
  const flow = new MessagesSent({
    due: by => messagesDue(db, by, MOST).map(messageIn),
    ways,
    isOver: m => m.incident !== undefined && incident(db, m.incident)?.state !== 'raised',
    put: async (m, events, at) => {
      for (const row of await op('putMessage', { at, message: messageRow(m), events })) publish(row)
      eyes.plan()
    },
    now,
    onFailure: error => log.error({ cause: causeOf(error) }, 'what became of a message could not be written yet'),
  })
  let forgottenAt = 0
  const look = async (): Promise<void> => {
    await digests.look(now())
    flow.look()
    if (now() - forgottenAt < DAY) return
    forgottenAt = now()
    await op('forgetMessages', { before: now() - MESSAGES_KEPT_MS })
  }
  const nextAt = (): number => Math.min(soonest(nextMessageAt(db), now()), digests.nextAt())
  const eyes = looking({ look, nextAt, log, words: 'messages could not be looked at', now })
  return {
    messages: (of, step, index, at) => {
      const minute = registry().snapshot.clock.minuteOf(at) % DAY_MINUTES
      return messagesFor({ ...of, step: index }, people.of(step, of, at), { at, minute, offered })
    },
    told: id => messagesOf(db, id).map(row => viewOf(messageIn(row), registry().nameOf(row.operator)?.name)),
    plan: eyes.plan,
    desk: {
      ...contactDesk({ needs, people, ways, offered }),
      push: operator => pushing.view(operator),
      addBrowser: (operator, wish) => pushing.add(operator, wish),
      dropBrowser: (operator, id) => pushing.drop(operator, id),
    },
    start: () => {
      pushing.start().catch(error => log.error({ cause: causeOf(error) }, 'keys for notifications could not be made'))
      eyes.start()
    },
    stop: () => eyes.stop(),
  }
}
/** What is under way is due already: a second is soon enough to see whether it still is. */
const soonest = (next: number | undefined, now: number): number =>
  next === undefined ? Number.POSITIVE_INFINITY : Math.max(next, now + 1_000 * Number(next <= now))

function viewOf(m: Message, name: string | undefined): MessageView {
  const { operator, state, at, tries, cause, step } = m
  const channel = m.ways[Math.min(m.way, m.ways.length - 1)] ?? 'mail'
  return {
    ...{ operator, channel, state, at, tries },
    ...(name !== undefined && { name }),
    ...(step !== undefined && { step }),
    ...(cause !== undefined && { cause }),
  }
}

interface People {
  contactOf(row: AdminRow): Contact
  of(step: Step, incident: Pick<Incident, 'zone'>, at: number): readonly Contact[]
  one(operator: string): { readonly contact: Contact; readonly view: ContactView } | undefined
}
const DEFAULT: ContactWish = { language: 'fr', mail: true }

function contactsIn({ db, registry }: ServiceNeeds, pushing: Pick<Pushing, 'has'>): People {
  const wishOf = (id: string): ContactWish => {
    const row = contact(db, id)
    return row ? (JSON.parse(row.body) as ContactWish) : DEFAULT
  }
  const contactOf = ({ id, email }: AdminRow): Contact => {
    const { language, mail, phone, quiet, digest } = wishOf(id)
    return {
      ...{ operator: id, language },
      ...(mail && email !== null && { mail: email }),
      ...(phone !== undefined && { phone }),
      ...(quiet && { quiet }),
      ...(digest === true && { digest }),
      ...(pushing.has(id) && { push: true }),
    }
  }
  return {
    contactOf,
    of: ({ to }, { zone }, at) => {
      const isMeant = meantBy(to, registry(), at)
      return operatorRows(db)
        .filter(row => isMeant(row) && takes(row, zone, registry().site.zones))
        .map(contactOf)
    },
    one: operator => {
      const row = operatorRows(db).find(r => r.id === operator)
      if (!row) return undefined
      const { email } = row
      const revision = contact(db, operator)?.revision ?? 0
      const view = { ...wishOf(operator), ...(email !== null && { address: email }), ways: [], revision }
      return { contact: contactOf(row), view }
    },
  }
}
function meantBy(to: Step['to'], { site, snapshot }: ReturnType<ServiceNeeds['registry']>, at: number) {
  if ('role' in to) return ({ role }: AdminRow) => role === to.role
  const rota = 'onCall' in to ? site.rotas?.find(r => r.id === to.onCall) : undefined
  const logins = 'logins' in to ? to.logins : rota ? [onCall(rota, at, snapshot.clock)] : []
  return ({ login }: AdminRow) => logins.includes(login)
}
interface Wording {
  /** Undefined where the incident is gone. */
  of(message: Message): ToTell | undefined
  contact(message: Message): Contact | undefined
  digest(message: Message, to: Contact): MailWords | undefined
  readonly site: () => string
}
function wording({ db, registry, now, config }: ServiceNeeds, people: People, digests: Digests): Wording {
  return {
    of: ({ incident: id = '', step = 0 }) => {
      const row = incident(db, id)
      if (!row) return undefined
      const { site } = registry()
      const { kind, severity, zone, at, signals } = JSON.parse(row.body) as Incident
      return {
        ...{ kind, severity, site: site.site.name, step: step + 1, signals: signals.length },
        place: site.zones.find(z => z.id === zone)?.name ?? site.site.name,
        at: wallTime(at, now(), site.site.timeZone),
        link: config.publicUrl === '' ? '' : `${config.publicUrl}/alerts?id=${id}`,
      }
    },
    contact: m => people.one(m.operator)?.contact,
    digest: (m, to) => digests.words(m, to),
    site: () => registry().site.site.name,
  }
}
/** `02:46`, `22/11 02:46` on another day. */
function wallTime(at: number, now: number, timeZone: string): string {
  const day = (ms: number) =>
    new Intl.DateTimeFormat('fr-FR', { timeZone, day: '2-digit', month: '2-digit' }).format(ms)
  const time = new Intl.DateTimeFormat('fr-FR', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
  return day(at) === day(now) ? time : `${day(at)} ${time}`
}

type Ways = Readonly<Partial<Record<Channel, Way>>>
const NOBODY: Outcome = { is: 'refused', cause: 'refused' }

/** What the settings of the hub make possible. */
function waysOut(config: Config, words: Wording): Ways {
  const { smtpUrl: url, smtpCa: ca, mailFrom: from } = config
  const sms = smsSender(config)
  return {
    ...(url !== '' && from !== '' && { mail: mailWay({ url, from, ...(ca !== '' && { ca }) }, words) }),
    ...(sms && { sms: smsWay(sms, words) }),
  }
}
function smsSender({ smsUrl, smsFrom, smsCa, smsModem }: Config): SmsSender | undefined {
  if (smsUrl !== '' && smsFrom !== '') return new SmsGateway({ url: smsUrl, from: smsFrom, ca: smsCa })
  return smsModem === '' ? undefined : new SmsModem(smsModem)
}

function mailWay(server: MailServer, words: Wording): Way {
  return {
    send: async m => {
      const to = words.contact(m)
      const said = to && mailWords(m, to, words)
      if (to?.mail === undefined || !said) return NOBODY
      try {
        await sendMail(server, { to: [to.mail], ...said, id: m.id })
        return { is: 'delivered' }
      } catch (error) {
        const isRefused = error instanceof VigieError && error.code === 'mail-refused'
        return isRefused ? NOBODY : { is: 'passing', cause: 'unreachable' }
      }
    },
  }
}
function mailWords(m: Message, to: Contact, words: Wording) {
  const { language } = to
  if (m.about === 'test') return testMail(language, words.site())
  if (m.about === 'digest') return words.digest(m, to)
  const told = words.of(m)
  return told && mailOf(told, language)
}

/** The alert's own page, and its own place among the notifications: a step that follows replaces the one before. */
function noticeOf(m: Message, words: Wording): Notice | undefined {
  const language = words.contact(m)?.language ?? 'fr'
  if (m.about === 'test') return { ...testPush(language), path: '/account', tag: 'test', urgent: false }
  const told = words.of(m)
  const tag = m.incident ?? m.id
  return told && { ...pushOf(told, language), path: `/alerts?id=${tag}`, tag, urgent: told.severity === 'critical' }
}

function smsWay(sender: SmsSender, words: Wording): Way {
  const smsFor = (m: Message) => {
    const to = words.contact(m)
    if (to?.phone === undefined) return undefined
    if (m.about === 'test') return { to: to.phone, text: testSms(to.language) }
    const told = words.of(m)
    return told && { to: to.phone, text: smsOf(told, to.language) }
  }
  const { ask, find } = sender
  return {
    send: async m => {
      const sms = smsFor(m)
      return sms ? sender.send(sms) : NOBODY
    },
    ...(ask && { ask: m => ask.call(sender, m.ref ?? '') }),
    ...(find && {
      find: async m => {
        const sms = smsFor(m)
        return sms && find.call(sender, sms)
      },
    }),
  }
}

interface DeskNeeds {
  readonly needs: ServiceNeeds
  readonly people: People
  readonly ways: Ways
  readonly offered: ReadonlySet<Channel>
}
type OwnDesk = Pick<ContactDesk, 'view' | 'change' | 'test'>
function contactDesk({ needs: { op, now, publish, tell }, people, ways, offered }: DeskNeeds): OwnDesk {
  const triedAt = new Map<string, number>()
  const view = (operator: string): ContactView => {
    const found = people.one(operator)
    if (!found) throw new VigieError('operator-unknown', { login: operator })
    return { ...found.view, ways: [...offered] }
  }
  return {
    view,
    change: async (operator, wish, expected) => {
      const at = now()
      const row = { operator, body: JSON.stringify(wish), revision: expected + 1 }
      for (const told of await op('putContact', { at, contact: row, expected, by: operator })) publish(told)
      return view(operator)
    },
    test: async (operator, channel): Promise<ContactTested> => {
      const way = ways[channel]
      if (!way) throw new VigieError('channel-unset', { channel })
      const waitS = Math.ceil(((triedAt.get(operator) ?? Number.NEGATIVE_INFINITY) + AGAIN_S * 1_000 - now()) / 1_000)
      if (waitS > 0) throw new VigieError('too-many-requests', { seconds: waitS })
      triedAt.set(operator, now())
      const about = { id: `test.${now()}.${operator}`, about: 'test', operator, ways: [channel], at: now() } as const
      const outcome = await way.send({ ...about, ...NEW, dueAt: now() })
      const cause = 'cause' in outcome ? outcome.cause : undefined
      const kind = cause === undefined ? 'alert.delivered' : 'alert.undelivered'
      await tell({ kind, operator, channel, ...(cause !== undefined && { cause }) })
      return {
        channel,
        outcome: cause === undefined ? (outcome.is as 'delivered') : 'failed',
        ...(cause !== undefined && { cause }),
      }
    },
  }
}
