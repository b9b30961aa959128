/**
 * What people are told of an incident, in French and in English. By mail: what, where, since when, and where to take it. By
 * text message: the same within 160 characters of the alphabet that every phone has, and no name of anybody.
 */
import type { AlertKind, Severity } from '../api.ts'

export type Lang = 'fr' | 'en'
export interface ToTell {
  readonly kind: AlertKind
  readonly severity: Severity
  readonly site: string
  /** Of the zone. */
  readonly place: string
  /** On the site's wall clock: `02:46`, or with the day where it is another. */
  readonly at: string
  readonly signals: number
  /** Step of the escalation, from 1. */
  readonly step: number
  /** Page of the incident; empty where the hub does not know its own address. */
  readonly link: string
}
/** Plain text, and the same for a mailbox that shows HTML. */
export interface MailWords {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export const KIND_WORDS: Readonly<Record<AlertKind, Readonly<Record<Lang, string>>>> = {
  duress: { fr: 'Code de contrainte', en: 'Duress PIN' },
  intrusion: { fr: 'Intrusion', en: 'Intrusion' },
  'door-forced': { fr: 'Porte forcée', en: 'Door forced' },
  tamper: { fr: 'Boîtier arraché', en: 'Casing torn off' },
  'audit-unavailable': { fr: 'Accès sans journal', en: 'Access without journal' },
  'break-glass': { fr: 'Bris de glace', en: 'Break-glass' },
  'repeated-refusals': { fr: 'Refus répétés', en: 'Repeated refusals' },
  'wrong-pins': { fr: 'Codes faux', en: 'Wrong PINs' },
  'cabinet-left-open': { fr: 'Armoire laissée ouverte', en: 'Cabinet left open' },
  'door-held': { fr: 'Porte tenue ouverte', en: 'Door held open' },
  'lock-silent': { fr: 'Serrure muette', en: 'Lock silent' },
  'light-too-low': { fr: 'Trop peu de lumière', en: 'Too little light' },
  'device-silent': { fr: 'Appareil muet', en: 'Device silent' },
  'granted-not-opened': { fr: 'Accordé, pas ouvert', en: 'Granted, not opened' },
  flooding: { fr: 'Appareil qui inonde', en: 'Device flooding' },
  'clock-off': { fr: 'Horloge déréglée', en: 'Clock off' },
  'battery-low': { fr: 'Pile faible', en: 'Battery low' },
  other: { fr: 'Alerte', en: 'Alert' },
}
const HEADS: Readonly<Record<Severity, Readonly<Record<Lang, string>>>> = {
  critical: { fr: 'ALERTE', en: 'ALERT' },
  warning: { fr: 'Attention', en: 'Warning' },
  info: { fr: 'Information', en: 'Information' },
}
const WORDS = {
  fr: {
    since: 'Depuis',
    place: 'Lieu',
    signals: 'Signaux',
    step: 'Relance',
    take: 'Prendre l’alerte',
    until: 'Vous recevez ce message parce que personne ne l’a encore prise. Les relances continuent jusque-là.',
    testSubject: 'Vigie : essai',
    test: 'Ceci est un essai. Les alertes de Vigie vous parviendront ainsi.',
    testSms: 'Vigie: essai. Les alertes vous parviendront ainsi.',
  },
  en: {
    since: 'Since',
    place: 'Place',
    signals: 'Signals',
    step: 'Step',
    take: 'Take the alert',
    until: 'You get this message because nobody has taken it yet. It goes on until somebody does.',
    testSubject: 'Vigie: test',
    test: 'This is a test. Alerts of Vigie will reach you like this.',
    testSms: 'Vigie: test. Alerts will reach you like this.',
  },
} as const

export function mailOf(one: ToTell, lang: Lang): MailWords {
  const w = WORDS[lang]
  const what = KIND_WORDS[one.kind][lang]
  const colon = lang === 'fr' ? '\u00a0: ' : ': '
  const lines = [
    [w.place, one.place],
    [w.since, one.at],
    [w.signals, String(one.signals)],
    [w.step, String(one.step)],
  ] as const
  const link = one.link === '' ? [] : ['', `${w.take}${colon}${one.link}`]
  const text = [
    `${HEADS[one.severity][lang]}${colon}${what}`,
    '',
    ...lines.map(([k, v]) => `${k}${colon}${v}`),
    ...link,
    '',
    w.until,
  ]
  return {
    subject: `[Vigie] ${HEADS[one.severity][lang]}${colon}${what}, ${one.place}`,
    text: `${text.join('\n')}\n\nVigie, ${one.site}\n`,
    html: htmlOf(one, { head: HEADS[one.severity][lang], what, lines, take: w.take, until: w.until }),
  }
}
interface Said {
  readonly head: string
  readonly what: string
  readonly lines: readonly (readonly [string, string])[]
  readonly take: string
  readonly until: string
}
const INK = { critical: '#b3131f', warning: '#8a5a00', info: '#3b4a54' } as const
/** No picture and nothing from anywhere else: it reads the same in a mailbox that blocks all of it. */
function htmlOf({ severity, site, link }: ToTell, { head, what, lines, take, until }: Said): string {
  const rows = lines.map(
    ([k, v]) => `<tr><td style="color:#5b6770;padding:2px 16px 2px 0">${safe(k)}</td><td>${safe(v)}</td></tr>`,
  )
  const button =
    link === ''
      ? ''
      : `<p><a href="${safe(link)}" style="display:inline-block;background:#12191c;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none">${safe(take)}</a></p>`
  return `<!doctype html><html><body style="font:15px/22px system-ui,sans-serif;color:#12191c"><p style="color:${INK[severity]};font-weight:600;margin:0">${safe(head)}</p><h1 style="font-size:20px;margin:2px 0 12px">${safe(what)}</h1><table style="border-collapse:collapse">${rows.join('')}</table>${button}<p style="color:#5b6770">${safe(until)}</p><p style="color:#5b6770">Vigie, ${safe(site)}</p></body></html>`
}
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** For a place in HTML between tags or quotes. */
export const safe = (text: string): string => text.replace(/[&<>"]/g, c => ENTITIES[c] ?? c)

/** Characters in one text message (3GPP TS 23.038, the default alphabet). */
const SMS_LENGTH = 160
/** @returns within one message: the place gives way, the link stays whole */
export function smsOf(one: ToTell, lang: Lang): string {
  const head = `Vigie ${HEADS[one.severity][lang]}: ${KIND_WORDS[one.kind][lang]}, `
  const tail = `, ${one.at}${one.link === '' ? '' : ` ${one.link}`}`
  const room = Math.max(0, SMS_LENGTH - gsm(head).length - gsm(tail).length)
  return gsm(`${head}${one.place.slice(0, room)}${tail}`)
}

/** Of a notification: the title is all that some screens show. No name of anybody is in it. */
export const pushOf = (one: ToTell, lang: Lang): { readonly title: string; readonly body: string } => ({
  title: `${HEADS[one.severity][lang]}${lang === 'fr' ? '\u00a0: ' : ': '}${KIND_WORDS[one.kind][lang]}`,
  body: `${one.place}, ${one.at}`,
})
export const testPush = (lang: Lang): { readonly title: string; readonly body: string } => ({
  title: WORDS[lang].testSubject,
  body: WORDS[lang].test,
})
export const testMail = (lang: Lang, site: string): MailWords => {
  const { testSubject, test } = WORDS[lang]
  return {
    subject: testSubject,
    text: `${test}\n\nVigie, ${site}\n`,
    html: `<!doctype html><html><body style="font:15px/22px system-ui,sans-serif"><p>${safe(test)}</p><p>Vigie, ${safe(site)}</p></body></html>`,
  }
}
export const testSms = (lang: Lang): string => gsm(WORDS[lang].testSms)

/** Of the default alphabet beside ASCII letters and digits, as far as French and English need it. */
const ALPHABET = /[ -_a-zàäåæèéìñòöøùüÄÅÆÇÉÑÖØÜß£¥§¿¡\n]/
/** What the alphabet has not is written as the letter it is made from: a message in another alphabet is cut at 70. */
const gsm = (text: string): string =>
  [
    ...text
      .replace(/[’‘]/g, "'")
      .replace(/[\u00a0\u202f]/g, ' ')
      .replace(/œ/g, 'oe'),
  ]
    .map(c => (ALPHABET.test(c) && c !== '`' && c !== '\\' && c !== '^' && c !== '[' && c !== ']' ? c : plainOf(c)))
    .join('')
const plainOf = (c: string): string => {
  const plain = c.normalize('NFD').replace(/\p{M}/gu, '')
  return /^[ -Z_a-z]$/.test(plain) ? plain : '?'
}
