/**
 * The record of processing activities (GDPR, article 30) as the configuration has it: purposes, people, data, recipients,
 * terms, security. HTML that needs nothing else, or Markdown; in one language.
 */
import type { Language, Said } from '../errors.ts'
import { escaped, STYLE } from './person-page.ts'

export interface ProcessingFacts {
  readonly site: string
  /** Milliseconds since 1970, UTC. */
  readonly madeAt: number
  readonly purposes: readonly {
    readonly words: Said
    readonly basis: Said
    readonly data: Said
    readonly days: number
    /** The default, where the site file says otherwise. */
    readonly usualDays: number
    readonly required: boolean
  }[]
  readonly people: readonly { readonly words: Said; readonly count: number }[]
  readonly recipients: readonly Said[]
  readonly security: readonly Said[]
  /** Legal holds in force. */
  readonly holds: number
}

interface Section {
  readonly title: string
  readonly intro?: string
  readonly head?: readonly string[]
  readonly rows: readonly (readonly string[])[]
}
type Words = Readonly<Record<keyof typeof W, string>>

const W = {
  title: { fr: 'Registre des activités de traitement', en: 'Record of processing activities' },
  sub: {
    fr: 'RGPD, article 30. Établi d’après la configuration en vigueur du contrôle d’accès Vigie.',
    en: 'GDPR, article 30. Made from the configuration in force of the Vigie access control.',
  },
  controller: { fr: 'Responsable du traitement', en: 'Controller' },
  controllerText: {
    fr: '{site}. Nom et coordonnées du représentant légal et du délégué à la protection des données\u202f: à compléter.',
    en: '{site}. Name and contact details of the legal representative and of the data protection officer: to be filled in.',
  },
  made: { fr: 'Établi le', en: 'Made on' },
  purposes: { fr: 'Finalités, bases légales, durées', en: 'Purposes, legal bases, terms' },
  purpose: { fr: 'Finalité', en: 'Purpose' },
  basis: { fr: 'Base légale', en: 'Legal basis' },
  data: { fr: 'Catégories de données', en: 'Categories of data' },
  term: { fr: 'Durée', en: 'Term' },
  days: { fr: '{n}\u00a0jours', en: '{n}\u00a0days' },
  chosen: { fr: ' (valeur du site\u202f; {n} par défaut)', en: ' (of this site; default {n})' },
  required: { fr: ', exigée par la loi', en: ', asked for by law' },
  holds: {
    fr: 'Conservations ordonnées (litiges, enquêtes) en vigueur\u202f: {n}. Elles suspendent l’effacement de ce qu’elles désignent.',
    en: 'Legal holds (disputes, investigations) in force: {n}. They suspend the erasure of what they name.',
  },
  people: { fr: 'Personnes concernées', en: 'People concerned' },
  recipients: { fr: 'Destinataires', en: 'Recipients' },
  transfers: { fr: 'Transferts hors de l’Union européenne', en: 'Transfers outside the European Union' },
  noTransfers: {
    fr: 'Le système n’en fait aucun de lui-même\u202f; vérifiez où se trouvent les destinataires ci-dessus.',
    en: 'The system makes none by itself; check where the recipients above are.',
  },
  security: { fr: 'Mesures de sécurité', en: 'Security measures' },
  note: {
    fr: 'Les bases légales et les durées sont des propositions\u202f: votre délégué à la protection des données les confirme.',
    en: 'Legal bases and terms are proposals: your data protection officer confirms them.',
  },
} as const satisfies Readonly<Record<string, Said>>

/** @param format md is for whoever keeps the record with other documents */
export function processingRecord(facts: ProcessingFacts, format: 'html' | 'md', language: Language): string {
  const words = Object.fromEntries(Object.entries(W).map(([k, w]) => [k, w[language]])) as Words
  const sections = sectionsOf(facts, words, language)
  return format === 'md' ? markdown(words, sections) : html(words, sections, language)
}

function sectionsOf(facts: ProcessingFacts, w: Words, language: Language): Section[] {
  const made = new Date(facts.madeAt).toISOString().slice(0, 10)
  const term = (p: ProcessingFacts['purposes'][number]): string =>
    w.days.replace('{n}', String(p.days)) +
    (p.days === p.usualDays ? '' : w.chosen.replace('{n}', String(p.usualDays))) +
    (p.required ? w.required : '')
  return [
    { title: w.controller, intro: `${w.controllerText.replace('{site}', facts.site)} ${w.made} ${made}.`, rows: [] },
    {
      title: w.purposes,
      intro: `${w.note} ${w.holds.replace('{n}', String(facts.holds))}`,
      head: [w.purpose, w.basis, w.data, w.term],
      rows: facts.purposes.map(p => [p.words[language], p.basis[language], p.data[language], term(p)]),
    },
    { title: w.people, rows: facts.people.map(p => [p.words[language], String(p.count)]) },
    { title: w.recipients, rows: facts.recipients.map(r => [r[language]]) },
    { title: w.transfers, intro: w.noTransfers, rows: [] },
    { title: w.security, rows: facts.security.map(s => [s[language]]) },
  ]
}

function html(w: Words, sections: readonly Section[], language: Language): string {
  const row = (cells: readonly string[], tag: 'td' | 'th'): string =>
    `<tr>${cells.map(c => `<${tag}>${escaped(c)}</${tag}>`).join('')}</tr>`
  const body = sections.map(({ title, intro, head, rows }) => {
    const heads = head ? `<thead>${row(head, 'th')}</thead>` : ''
    const table =
      rows.length > 0 ? `<table>${heads}<tbody>${rows.map(r => row(r, 'td')).join('\n')}</tbody></table>` : ''
    return `<section><h2>${escaped(title)}</h2>${intro ? `<p>${escaped(intro)}</p>` : ''}${table}</section>`
  })
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(w.title)}</title><style>${STYLE}</style></head><body>
<header><h1>${escaped(w.title)}</h1><p class="made">${escaped(w.sub)}</p></header>
${body.join('\n')}
</body></html>
`
}

function markdown(w: Words, sections: readonly Section[]): string {
  const cell = (text: string): string => text.replace(/[\\|<>*_`[\]]/g, c => `\\${c}`).replace(/\p{Cc}/gu, ' ')
  const parts = sections.map(({ title, intro, head, rows }) => {
    const table = head
      ? [head, head.map(() => '---'), ...rows.map(r => r.map(cell))].map(r => `| ${r.join(' | ')} |`)
      : rows.map(r => `- ${r.map(cell).join(': ')}`)
    return [`## ${title}`, ...(intro ? [cell(intro)] : []), ...(table.length > 0 ? [table.join('\n')] : [])].join(
      '\n\n',
    )
  })
  return `# ${w.title}\n\n${w.sub}\n\n${parts.join('\n\n')}\n`
}
