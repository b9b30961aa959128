/**
 * Everything held on one person, as one file that they can read (GDPR, article 15): HTML in French and English that needs
 * nothing else, prints, and runs no script; or JSON. Piece by piece, so that it may be as long as the journal. Other people
 * are not named in it (article 15(4)).
 */
import { REASONS } from '../access/reasons.ts'
import { CLASSES, type PointClass } from '../access/site-classes.ts'
import type { Said } from '../errors.ts'
import type { EventKind } from '../events.ts'
import { KIND_WORDS } from './kind-words.ts'
import { BADGE_STATES, escaped, FACTS, STYLE, T, two } from './person-page.ts'

/** Times are ms since 1970, UTC. */
export interface PersonHead {
  readonly site: string
  readonly madeAt: number
  readonly timeZone: string
  readonly id: string
  readonly pseudonym: string
  readonly names: readonly string[]
  readonly active: boolean
  readonly versions: readonly {
    readonly from: number | undefined
    readonly until: number | undefined
    readonly name: string
    readonly roles: string
  }[]
  readonly badges: readonly { readonly uid: string; readonly status: string; readonly active: boolean }[]
  readonly roles: readonly { readonly name: string; readonly rights: readonly Said[] }[]
  readonly grants: readonly {
    readonly origin: Said
    readonly place: Said
    readonly from: number
    readonly until: number
    readonly revoked: boolean
  }[]
  readonly pinSince?: number
  readonly account?: {
    readonly login: string
    readonly name: string
    readonly role: string
    /** Where they want to be told of alerts. */
    readonly phone?: string
  }
  /** Arrivals, departures and visits: what was filed of them, oldest first. */
  readonly filed?: readonly {
    readonly what: Said
    readonly from: number
    readonly until?: number
    readonly details: readonly Said[]
  }[]
  /** What the hospital's directory has sent, name and value. */
  readonly directory?: readonly (readonly [string, string])[]
  readonly now: readonly Said[]
  readonly terms: readonly {
    readonly words: Said
    readonly basis: Said
    readonly days: number
    readonly required: boolean
  }[]
  readonly recipients: readonly Said[]
}
export interface PersonRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly place?: string
  readonly class?: PointClass
  readonly purpose?: Said
  readonly until?: number
  /** As stored, but for who else it names. */
  readonly event: Readonly<Record<string, unknown>>
  /** How it concerns them, where they are not its subject. */
  readonly as?: Said
}
export interface PersonExport {
  readonly at: number
  readonly format: string
  readonly export: string
  readonly names: boolean
}

export type PersonFormat = 'html' | 'json'
export interface PersonWriter {
  head(head: PersonHead): string
  row(row: PersonRow): string
  tail(rows: number, exports: readonly PersonExport[]): string
}
export const personWriter = (format: PersonFormat): PersonWriter => (format === 'json' ? new Data() : new Page())

class Data implements PersonWriter {
  #between = ''

  head(head: PersonHead): string {
    return `{"person":${JSON.stringify(head)},\n"rows":[`
  }
  row(row: PersonRow): string {
    const text = `${this.#between}\n${JSON.stringify(row)}`
    this.#between = ','
    return text
  }
  tail(rows: number, exports: readonly PersonExport[]): string {
    return `],\n"count":${rows},\n"exports":${JSON.stringify(exports)}}\n`
  }
}

class Page implements PersonWriter {
  #time: (at: number) => string = String

  head(head: PersonHead): string {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: head.timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    this.#time = at => format.format(at)
    const name = head.names[0] ?? head.id
    return `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)}</title><style>${STYLE}</style></head><body>
<header><p class="site">${escaped(head.site)}</p><h1>${two(T.title)}</h1>
<p class="name">${escaped(name)}</p><p class="made">${this.#time(head.madeAt)} (${escaped(head.timeZone)})</p></header>
<p>${two(T.intro)}</p>
${this.#identity(head)}${this.#roles(head)}${this.#grants(head)}${this.#filed(head)}${this.#terms(head)}
<section><h2>${two(T.rows)}</h2><p>${two(T.rowsIntro)}</p>
<table class="rows"><thead><tr>${[T.when, T.what, T.where, T.details, T.keptFor].map(t => `<th>${two(t)}</th>`).join('')}</tr></thead><tbody>
`
  }

  row({ seq, at, kind, place, class: of, purpose, until, event, as }: PersonRow): string {
    const what = Object.hasOwn(KIND_WORDS, kind) ? KIND_WORDS[kind as EventKind] : { en: kind, fr: kind }
    const where = `${place === undefined ? '' : escaped(place)}${of === undefined ? '' : `<small>${two(CLASSES[of])}</small>`}`
    const kept = `${purpose ? two(purpose) : ''}${until === undefined ? '' : `<small>${this.#time(until).slice(0, 10)}</small>`}`
    const details = [...(as ? [two(as)] : []), ...detailsOf(event, this.#time)]
    return `<tr><td>${this.#time(at)}<small>n° ${seq}</small></td><td>${two(what)}</td><td>${where}</td><td>${details.map(d => `<div>${d}</div>`).join('')}</td><td>${kept}</td></tr>
`
  }

  tail(rows: number, exports: readonly PersonExport[]): string {
    const lines = exports.map(
      e =>
        `<tr><td>${this.#time(e.at)}</td><td>${escaped(e.format)}</td><td>${escaped(e.export)}</td><td>${two(e.names ? T.withNames : T.withoutNames)}</td></tr>`,
    )
    const none = `<p>${two(T.noExports)}</p>`
    const table = `<p>${two(T.exportsIntro)}</p><table><tbody>${lines.join('\n')}</tbody></table>`
    return `</tbody></table><p class="count">${two({ fr: `${rows} lignes.`, en: `${rows} rows.` })}</p></section>
<section><h2>${two(T.exports)}</h2>${exports.length > 0 ? table : none}</section>
<section><h2>${two(T.rights)}</h2><p>${two(T.rightsText)}</p></section>
</body></html>
`
  }

  #identity(head: PersonHead): string {
    const { id, pseudonym, names, active, versions, badges, pinSince, account, directory = [], now } = head
    const badge = badges.map(
      b =>
        `<div><code>${escaped(b.uid)}</code> <span class="state">${two(BADGE_STATES[b.status] ?? { fr: b.status, en: b.status })}</span>${b.active ? '' : ` (${two(T.withdrawn)})`}</div>`,
    )
    const facts: (readonly [Said, string])[] = [
      [T.name, names.map(escaped).join('<br>')],
      [T.id, `<code>${escaped(id)}</code>`],
      [T.pseudonym, `<code>${escaped(pseudonym)}</code>`],
      [T.state, two(active ? T.present : T.withdrawn)],
      [T.badges, badge.join('') || two(T.none)],
      [T.pin, pinSince === undefined ? two(T.none) : `${two(T.pinSet)}<small>${this.#time(pinSince)}</small>`],
      [T.account, account ? accountLine(account) : two(T.none)],
      [
        T.directory,
        directory.map(([name, value]) => `<div>${escaped(name)}: ${escaped(value)}</div>`).join('') || two(T.none),
      ],
      [T.now, now.map(n => `<div>${two(n)}</div>`).join('') || two(T.none)],
    ]
    const past = versions.map(
      v =>
        `<tr><td>${v.from === undefined ? '' : this.#time(v.from)}</td><td>${v.until === undefined ? '' : this.#time(v.until)}</td><td>${escaped(v.name)}</td><td>${escaped(v.roles)}</td></tr>`,
    )
    const heads = [T.from, T.until, T.name, T.role].map(t => `<th>${two(t)}</th>`).join('')
    return `<section><h2>${two(T.identity)}</h2><dl>${facts.map(([t, d]) => `<dt>${two(t)}</dt><dd>${d}</dd>`).join('\n')}</dl>
<h3>${two(T.versions)}</h3><table><thead><tr>${heads}</tr></thead><tbody>${past.join('\n')}</tbody></table></section>
`
  }

  #roles({ roles }: PersonHead): string {
    const lists = roles.map(
      r => `<h3>${escaped(r.name)}</h3><ul>${r.rights.map(w => `<li>${two(w)}</li>`).join('')}</ul>`,
    )
    return `<section><h2>${two(T.roles)}</h2>${lists.join('') || `<p>${two(T.none)}</p>`}</section>
`
  }

  #grants({ grants }: PersonHead): string {
    const lines = grants.map(
      g =>
        `<tr><td>${this.#time(g.from)}</td><td>${this.#time(g.until)}</td><td>${two(g.origin)}</td><td>${two(g.place)}</td><td>${g.revoked ? two(T.revoked) : ''}</td></tr>`,
    )
    if (lines.length === 0) return ''
    const heads = [T.from, T.until, T.origin, T.where, T.state].map(t => `<th>${two(t)}</th>`).join('')
    return `<section><h2>${two(T.grants)}</h2><table><thead><tr>${heads}</tr></thead><tbody>${lines.join('\n')}</tbody></table></section>
`
  }

  #filed({ filed = [] }: PersonHead): string {
    const lines = filed.map(
      f =>
        `<tr><td>${this.#time(f.from)}</td><td>${f.until === undefined ? '' : this.#time(f.until)}</td><td>${two(f.what)}</td><td>${f.details.map(d => `<div>${two(d)}</div>`).join('')}</td></tr>`,
    )
    if (lines.length === 0) return ''
    const heads = [T.from, T.until, T.what, T.details].map(t => `<th>${two(t)}</th>`).join('')
    return `<section><h2>${two(T.filed)}</h2><p>${two(T.filedIntro)}</p><table><thead><tr>${heads}</tr></thead><tbody>${lines.join('\n')}</tbody></table></section>
`
  }

  #terms({ terms, recipients }: PersonHead): string {
    const lines = terms.map(
      t =>
        `<tr><td>${two(t.words)}</td><td>${two({ fr: `${t.days}\u00a0jours`, en: `${t.days}\u00a0days` })}${t.required ? `<small>${two(T.required)}</small>` : ''}</td><td>${two(t.basis)}</td></tr>`,
    )
    const heads = [T.purpose, T.term, T.basis].map(t => `<th>${two(t)}</th>`).join('')
    return `<section><h2>${two(T.terms)}</h2><table class="terms"><thead><tr>${heads}</tr></thead><tbody>${lines.join('\n')}</tbody></table>
<h3>${two(T.recipients)}</h3>${recipients.map(r => `<p>${two(r)}</p>`).join('') || `<p>${two(T.none)}</p>`}</section>
`
  }
}

/** What a row says in fields that people read; the rest is in the JSON form. */
function detailsOf(event: PersonRow['event'], time: (at: number) => string): string[] {
  return FACTS.flatMap(({ field, words, isTime }) => {
    const value = event[field]
    if (value === undefined || value === null) return []
    const shown = isTime && typeof value === 'number' ? time(value) : shownAs(field, value)
    return [`<span class="label">${two(words)}</span> ${shown}`]
  })
}

function shownAs(field: string, value: unknown): string {
  if (field === 'reason' && Object.hasOwn(REASONS, String(value))) return two(REASONS[value as keyof typeof REASONS])
  if (field === 'via') return two(VIA[(value as { kind?: keyof typeof VIA }).kind ?? 'rule'] ?? VIA.rule)
  if (typeof value === 'object') return escaped(Object.values(value as object).join(' '))
  return escaped(String(value))
}
const VIA: Readonly<Record<'rule' | 'grant' | 'break-glass', Said>> = {
  rule: { en: 'the rights of a role', fr: 'les droits d’un rôle' },
  grant: { en: 'a temporary access', fr: 'un accès temporaire' },
  'break-glass': { en: 'an emergency opening', fr: 'une ouverture d’urgence' },
}

const accountLine = ({ login, name, role, phone }: NonNullable<PersonHead['account']>): string =>
  `${escaped(login)}, ${escaped(name)} (${escaped(role)})${phone === undefined ? '' : `, ${escaped(phone)}`}`
