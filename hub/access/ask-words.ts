/** Schedules, conditions and ways in plain words, French and English. Pure; names come from the site. */
import type { Said } from '../errors.ts'
import type { Demand } from './ask.ts'
import { de } from './french-words.ts'
import type { GrantOrigin } from './grants.ts'
import { REASONS, type Reason } from './reasons.ts'
import { type Calendar, CLASSES, type Conditions, type Schedule, type Scope } from './site.ts'

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'
type Language = keyof Said

/** Both languages of one sentence. */
export const both = (words: (language: Language) => string): Said => ({ fr: words('fr'), en: words('en') })

export const reasonWords = (reason: Reason | 'badge-missing'): Said =>
  reason === 'badge-missing' ? { fr: 'aucun badge', en: 'no badge' } : REASONS[reason]

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const DAY_WORDS = {
  fr: ['lun.', 'mar.', 'mer.', 'jeu.', 'ven.', 'sam.', 'dim.'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
} as const

/** `lun.–ven. 07:00–19:00 ; Jours fériés : fermé`. */
export function scheduleWords(schedule: Schedule, calendars: readonly Calendar[] = []): Said {
  const names = new Map(calendars.map(c => [c.id, c.name]))
  return both(language => {
    const week = schedule.weekly.map(line => `${daysWords(line.days, language)} ${hoursWords(line, language)}`)
    const special = (schedule.specialDays ?? []).map(({ calendar, hours }) => {
      const open = hours.map(h => hoursWords(h, language)).join(', ')
      return `${names.get(calendar) ?? calendar}${colon(language)} ${open || CLOSED[language]}`
    })
    return [week.join(', ') || NEVER[language], ...special].join(language === 'fr' ? `${N}; ` : '; ')
  })
}

const CLOSED: Said = { fr: 'fermé', en: 'closed' }
const NEVER: Said = { fr: 'jamais', en: 'never' }
const colon = (language: Language): string => (language === 'fr' ? `${N}:` : ':')

/** Three days or more in a row are a span; a week of them is every day. */
function daysWords(days: readonly (typeof DAYS)[number][], language: Language): string {
  const held = DAYS.map(d => days.includes(d))
  if (held.every(Boolean)) return language === 'fr' ? 'tous les jours' : 'every day'
  const words: string[] = []
  for (let i = 0; i < held.length; i++) {
    if (!held[i]) continue
    let last = i
    while (held[last + 1]) last++
    const names = DAY_WORDS[language].slice(i, last + 1)
    words.push(...(names.length > 2 ? [`${names[0]}–${names.at(-1)}`] : names))
    i = last
  }
  return words.join(', ')
}

function hoursWords({ from, to }: { readonly from: string; readonly to: string }, language: Language): string {
  if (from === '00:00' && to === '24:00') return language === 'fr' ? `24${U}h/24` : 'all day'
  const over = to <= from ? (language === 'fr' ? ' le lendemain' : ' next day') : ''
  return `${from}–${to}${over}`
}

/** `25/12/2026 03:00`, `25 Dec 2026, 03:00`: on the wall clock of the site. */
export function instantWords(at: number, timeZone: string): Said {
  return both(language =>
    new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
      timeZone,
      day: '2-digit',
      month: language === 'fr' ? '2-digit' : 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(at),
  )
}

const ORIGINS: Readonly<Record<GrantOrigin, Said>> = {
  shift: { fr: 'garde', en: 'shift' },
  appointment: { fr: 'rendez-vous', en: 'appointment' },
  maintenance: { fr: 'maintenance', en: 'maintenance' },
  prescription: { fr: 'ordonnance', en: 'prescription' },
  loan: { fr: 'prêt', en: 'loan' },
}
/** `garde`, `prêt`. */
export const originWords = (origin: GrantOrigin): Said => ORIGINS[origin]
export function grantWords(origin: GrantOrigin): Said {
  return both(l =>
    l === 'fr' ? `accès temporaire (${ORIGINS[origin].fr})` : `temporary grant (${ORIGINS[origin].en})`,
  )
}

export function spanWords(from: number, until: number, timeZone: string): Said {
  const [begin, end] = [instantWords(from, timeZone), instantWords(until, timeZone)]
  return { fr: `du ${begin.fr} au ${end.fr}`, en: `${begin.en} to ${end.en}` }
}

const REFERENCES: Readonly<Record<'patient' | 'prescription' | 'any', Said>> = {
  patient: { fr: 'référence patient', en: 'patient reference' },
  prescription: { fr: 'référence d’ordonnance', en: 'prescription reference' },
  any: { fr: 'référence patient ou ordonnance', en: 'patient or prescription reference' },
}

/** What is asked for by a rule and by a point, each once. @param met what the person brings already at that time */
export function demandsOf(
  conditions: readonly (Conditions | undefined)[],
  roleName: (id: string) => string,
  met: { readonly onDuty: boolean; readonly prescription: boolean },
): Demand[] {
  const found = conditions.flatMap(c => (c ? demandsIn(c, roleName, met) : []))
  return [...new Map(found.map(d => [JSON.stringify([d.kind, d.of, d.role, d.withinS]), d])).values()]
}

function demandsIn(
  c: Conditions,
  roleName: (id: string) => string,
  met: { readonly onDuty: boolean; readonly prescription: boolean },
): Demand[] {
  const demands: Demand[] = []
  if (c.pin) demands.push({ kind: 'pin', text: { fr: 'code PIN', en: 'PIN' } })
  if (c.reason) demands.push({ kind: 'reason', text: { fr: 'motif', en: 'a reason' } })
  if (c.reference) {
    const brought = met.prescription && c.reference !== 'patient'
    demands.push({ kind: 'reference', of: c.reference, text: REFERENCES[c.reference], ...(brought && { met: true }) })
  }
  if (c.onDuty)
    demands.push({ kind: 'on-duty', text: { fr: 'en service', en: 'on duty' }, ...(met.onDuty && { met: true }) })
  if (c.witness) demands.push(witnessDemand(c.witness, roleName))
  return demands
}

function witnessDemand(
  { role, withinS }: NonNullable<Conditions['witness']>,
  roleName: (id: string) => string,
): Demand {
  const name = roleName(role)
  return {
    kind: 'witness',
    role: { id: role, name },
    withinS,
    text: {
      fr: `deuxième personne (${name}) dans les ${withinS}${U}s`,
      en: `a second person (${name}) within ${withinS} s`,
    },
  }
}

/** What a scope covers: a named point, a zone, classes, or classes within a zone. */
export function scopeWords(scope: Scope, nameOf: { zone(id: string): string; point(id: string): string }): Said {
  if (scope.accessPoint !== undefined) return both(() => nameOf.point(scope.accessPoint as string))
  return both(language => {
    const classes = (scope.classes ?? []).map(c => CLASSES[c][language]).join(', ')
    const zone = scope.zone === undefined ? '' : nameOf.zone(scope.zone)
    if (!classes) return zone
    if (!zone) return classes
    return language === 'fr' ? `${classes} ${de(zone)}` : `${classes} in ${zone}`
  })
}
