/** The digest of a day, in French and in English: what, where and when; no name of anybody. */
import type { AlertKind } from '../api.ts'
import { KIND_WORDS, type Lang, type MailWords, safe } from './alert-words.ts'

export type { MailWords } from './alert-words.ts'
export interface DigestLine {
  readonly kind: AlertKind
  readonly place: string
  /** `08:14`, on the clock of the site. */
  readonly at: string
}
export interface Digest {
  readonly site: string
  /** The oldest first. */
  readonly lines: readonly DigestLine[]
  /** Beyond these lines. */
  readonly more: number
}
/** Lines of one digest: beyond, the page of alerts is the better place. */
export const DIGEST_LINES = 50

const WORDS = {
  fr: {
    subject: (n: number) => `[Vigie] ${n}\u00a0alerte${n > 1 ? 's' : ''} de faible gravité en un jour`,
    said: 'Ce qui a été remarqué ces dernières 24\u00a0heures sans que personne soit prévenu\u00a0:',
    more: (n: number) => `et ${n}\u00a0autre${n > 1 ? 's' : ''}, sur la page des alertes`,
    why: 'Vous recevez ce résumé chaque matin où il y a quelque chose à dire. Il se règle dans «\u00a0Mon compte\u00a0».',
  },
  en: {
    subject: (n: number) => `[Vigie] ${n} minor alert${n > 1 ? 's' : ''} in a day`,
    said: 'What was noticed in the last 24 hours, and told to nobody:',
    more: (n: number) => `and ${n} more, on the page of alerts`,
    why: 'You get this digest each morning on which there is something to say. My account is where to change that.',
  },
} as const

export function digestMail({ site, lines, more }: Digest, lang: Lang): MailWords {
  const w = WORDS[lang]
  const said = lines.map(({ at, kind, place }) => [at, `${KIND_WORDS[kind][lang]}, ${place}`] as const)
  const rest = more > 0 ? [w.more(more)] : []
  const rows = said.map(
    ([at, what]) => `<tr><td style="color:#5b6770;padding:2px 16px 2px 0">${at}</td><td>${safe(what)}</td></tr>`,
  )
  return {
    subject: w.subject(lines.length + more),
    text: [
      w.said,
      '',
      ...said.map(([at, what]) => `${at}  ${what}`),
      ...rest,
      '',
      w.why,
      '',
      `Vigie, ${site}`,
      '',
    ].join('\n'),
    html: `<!doctype html><html><body style="font:15px/22px system-ui,sans-serif;color:#12191c"><p>${safe(w.said)}</p><table style="border-collapse:collapse">${rows.join('')}</table>${rest.map(one => `<p>${safe(one)}</p>`).join('')}<p style="color:#5b6770">${safe(w.why)}</p><p style="color:#5b6770">Vigie, ${safe(site)}</p></body></html>`,
  }
}
