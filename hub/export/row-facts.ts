/** What a row says, whatever its kind: the fields that every format shows in a place of their own, and the rest. */
import { REASONS, type Reason } from '../access/reasons.ts'
import { CLASSES, type PointClass } from '../access/site-classes.ts'
import type { Someone } from '../api.ts'
import type { Language, Said } from '../errors.ts'
import { type EventKind, GUARDED_KINDS } from '../events.ts'
import { KIND_WORDS } from './kind-words.ts'
import type { ExportAbout, ExportRow } from './source.ts'

/** Fields that are texts wherever they occur. */
const TEXTS = [
  'person',
  'operator',
  'witness',
  'credential',
  'point',
  'accessPoint',
  'zone',
  'class',
  'device',
  'reason',
  'by',
  'statedReason',
] as const
type TextField = (typeof TEXTS)[number]

/** How something was opened. */
export type Opener = 'rule' | 'grant' | 'break-glass'
export interface RowFacts extends Readonly<Partial<Record<TextField, string>>> {
  readonly via?: Opener
  /** Fields of the event that have no place of their own. */
  readonly rest: Readonly<Record<string, unknown>>
}

const OWN_PLACE: ReadonlySet<string> = new Set(TEXTS)

/** @param row without a payload it has no facts */
export function factsOf({ event }: ExportRow): RowFacts {
  const rest: Record<string, unknown> = {}
  const facts: Partial<Record<TextField, string>> & { via?: Opener; rest: typeof rest } = { rest }
  const fields = (event ?? {}) as Readonly<Record<string, unknown>>
  for (const name of Object.keys(fields)) {
    const value = fields[name]
    if (typeof value === 'string' && OWN_PLACE.has(name)) facts[name as TextField] = value
    else if (name !== 'kind') rest[name] = value
  }
  const via = openerOf(rest.via)
  if (via !== undefined) facts.via = via
  return facts
}

function openerOf(via: unknown): Opener | undefined {
  const kind = (via as { readonly kind?: unknown } | undefined)?.kind
  return typeof kind === 'string' && Object.hasOwn(VIA_WORDS, kind) ? (kind as Opener) : undefined
}

/** Whom a row is about: the person, or the operator's account. */
export const subjectOf = (facts: RowFacts): string | undefined => facts.person ?? facts.operator

export const someone = (row: ExportRow, id: string | undefined): Someone | undefined =>
  id !== undefined && row.who && Object.hasOwn(row.who, id) ? row.who[id] : undefined
/** The name where it is known and may be seen, else the pseudonym. */
export const nameOf = (row: ExportRow, id: string | undefined): string | undefined => someone(row, id)?.name ?? id

export const VIA_WORDS: Readonly<Record<Opener, Said>> = {
  rule: { en: 'rights of a role', fr: 'droits d’un rôle' },
  grant: { en: 'temporary access', fr: 'accès temporaire' },
  'break-glass': { en: 'break-glass', fr: 'bris de glace' },
}

/** A kind, a reason, a class that this version does not know stands as its code. */
export const kindWords = (kind: string, language: Language): string =>
  Object.hasOwn(KIND_WORDS, kind) ? KIND_WORDS[kind as EventKind][language] : kind
export const reasonWords = (reason: string, language: Language): string =>
  Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason][language] : reason
export const classWords = (of: string, language: Language): string =>
  Object.hasOwn(CLASSES, of) ? CLASSES[of as PointClass][language] : of

/**
 * What of a slice may enter a file that people read: never rows of kinds that only who can come to help may see, whoever asks
 * and whatever the source hands over, because a file goes further than the screen it was asked on; and no name where names
 * were not asked for.
 */
export function shown(slice: readonly ExportRow[], { names }: Pick<ExportAbout, 'names'>): readonly ExportRow[] {
  const open = slice.some(row => isGuarded(row.kind)) ? slice.filter(row => !isGuarded(row.kind)) : slice
  return names || open.every(row => row.who === undefined) ? open : open.map(({ who: _, ...row }) => row)
}

const isGuarded = (kind: string): boolean => (GUARDED_KINDS as readonly string[]).includes(kind)
