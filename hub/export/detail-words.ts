/** What else a row tells, in words: fields of an event that have no column of their own in a printed table. */
import type { Language, Said } from '../errors.ts'
import type { RowFacts } from './row-facts.ts'

/** `time`: ms since 1970. `span`: ms that something took. */
type Shape = 'plain' | 'time' | 'span'
const DETAILS: readonly (readonly [field: string, words: Said, shape?: Shape])[] = [
  ['reference', { en: 'reference', fr: 'référence' }],
  ['origin', { en: 'origin', fr: 'origine' }],
  ['grant', { en: 'temporary access', fr: 'accès temporaire' }],
  ['from', { en: 'from', fr: 'du' }, 'time'],
  ['until', { en: 'until', fr: 'jusqu’au' }, 'time'],
  ['dueAt', { en: 'review by', fr: 'à relire avant le' }, 'time'],
  ['lockedUntil', { en: 'locked until', fr: 'bloqué jusqu’au' }, 'time'],
  ['wrong', { en: 'wrong PINs', fr: 'codes faux' }],
  ['finding', { en: 'finding', fr: 'conclusion' }],
  ['comment', { en: 'comment', fr: 'commentaire' }],
  ['because', { en: 'because of', fr: 'à cause de' }],
  ['plan', { en: 'plan', fr: 'plan' }],
  ['released', { en: 'released', fr: 'ouvertes' }],
  ['silent', { en: 'no answer', fr: 'sans réponse' }],
  ['openMs', { en: 'open for', fr: 'ouvert pendant' }, 'span'],
  ['tookMs', { en: 'after', fr: 'après' }, 'span'],
  ['why', { en: 'cause', fr: 'cause' }],
  ['cause', { en: 'cause', fr: 'cause' }],
  ['outcome', { en: 'outcome', fr: 'issue' }],
  ['refusal', { en: 'refused for', fr: 'refus' }],
  ['missing', { en: 'missing', fr: 'manquants' }],
  ['revision', { en: 'revision', fr: 'révision' }],
  ['added', { en: 'added', fr: 'ajouts' }],
  ['changed', { en: 'changed', fr: 'changements' }],
  ['removed', { en: 'removed', fr: 'retraits' }],
  ['what', { en: 'what', fr: 'quoi' }],
  ['format', { en: 'format', fr: 'format' }],
  ['export', { en: 'export', fr: 'export' }],
  ['destination', { en: 'destination', fr: 'destination' }],
  ['purpose', { en: 'purpose', fr: 'finalité' }],
  ['rows', { en: 'rows', fr: 'lignes' }],
  ['count', { en: 'count', fr: 'nombre' }],
  ['ranges', { en: 'rows', fr: 'lignes' }],
  ['error', { en: 'error', fr: 'erreur' }],
  ['version', { en: 'version', fr: 'version' }],
]
/** Closed lists of codes that stand as values. */
const VALUES: Readonly<Record<string, Said>> = {
  justified: { en: 'justified', fr: 'justifié' },
  'not-justified': { en: 'not justified', fr: 'non justifié' },
  'training-needed': { en: 'training needed', fr: 'formation nécessaire' },
  expired: { en: 'expired', fr: 'expiré' },
  'badge-lost': { en: 'badge reported lost', fr: 'badge déclaré perdu' },
  withdrawn: { en: 'withdrawn', fr: 'retiré' },
  shift: { en: 'shift', fr: 'garde' },
  appointment: { en: 'appointment', fr: 'rendez-vous' },
  maintenance: { en: 'maintenance', fr: 'maintenance' },
  prescription: { en: 'prescription', fr: 'ordonnance' },
  loan: { en: 'loan', fr: 'prêt' },
  refused: { en: 'refused', fr: 'refusé' },
  opened: { en: 'opened', fr: 'ouvert' },
  term: { en: 'end of term', fr: 'terme atteint' },
  request: { en: 'request', fr: 'demande' },
}
/** Characters of one value; what is longer stands in full in the other formats. */
const MOST = 160

/** @param time writes ms since 1970 for the reader */
export function detailsInWords({ rest }: RowFacts, language: Language, time: (at: number) => string): string[] {
  const colon = language === 'fr' ? '\u202f: ' : ': '
  return DETAILS.flatMap(([field, words, shape = 'plain']) => {
    const shown = shownOf(rest[field], shape, language, time)
    return shown === undefined ? [] : [`${words[language]}${colon}${shown}`]
  })
}

function shownOf(value: unknown, shape: Shape, language: Language, time: (at: number) => string): string | undefined {
  if (typeof value === 'number') {
    if (shape === 'time') return time(value)
    if (shape !== 'span') return String(value)
    const seconds = (value / 1000).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
    return `${seconds}\u00a0s`
  }
  if (typeof value === 'string' && Object.hasOwn(VALUES, value)) return VALUES[value]?.[language]
  const text = Array.isArray(value) ? value.join(', ') : value
  if (typeof text !== 'string' || text === '') return undefined
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text
}
