/** Privacy as the HTTP edge asks for it: names joined for administrators, pseudonyms left behind. */
import { CLASSES, type PointClass } from '../access/site-classes.ts'
import type { RetentionView } from '../api.ts'
import type { Config } from '../config.ts'
import { VigieError } from '../errors.ts'
import { processingRecord } from '../export/processing-record.ts'
import type { Registry } from '../flows/registry.ts'
import type { PrivacyEdge } from '../http/routes/privacy.ts'
import { lastPurge } from '../record/ops-privacy.ts'
import type { Db } from '../record/sql.ts'
import { PURPOSE_NAMES, PURPOSES, termOf } from '../rules/retention.ts'
import type { PersonFiles } from './person-files.ts'
import type { HoldWish, PrivacyActs } from './privacy-acts.ts'
import { policyOf } from './privacying.ts'
import { processingFacts } from './processing.ts'

interface Needs {
  readonly acts: PrivacyActs
  readonly files: PersonFiles
  readonly config: Config
  readonly db: Db
  readonly registry: () => Registry
  readonly now: () => number
}
const DAY_MS = 86_400_000

export function privacyHttp({ acts, files, config, db, registry, now }: Needs): PrivacyEdge {
  const nameOf = (id: string | undefined): string | undefined =>
    id === undefined ? undefined : registry().nameOf(id)?.name
  return {
    holds: () =>
      acts.holds().map(({ person, name, by, ...hold }) => ({
        ...hold,
        by: nameOf(by) ?? by,
        ...(person !== undefined && { person: { name: name ?? person } }),
      })),
    placeHold: async (wish, by) => ({ id: await acts.placeHold({ ...checked(wish), by }) }),
    releaseHold: async (id, by) => acts.releaseHold(id, by),
    erasures: () =>
      acts.open().map(({ id, askedAt, traces }) => ({ id, askedAt, person: traces.names[0] ?? traces.id })),
    erase: (wish, by) => acts.askErasure({ ...wish, by }),
    personFile: (person, format, by) => files.give(person, format, by),
    record: (format, language) => processingRecord(processingFacts(db, config, now()), format, language),
    retention: () => retentionView(db),
  }
}

/** @throws VigieError input-invalid */
export function checked<T extends { readonly class?: string }>(wish: T): Omit<T, 'class'> & Pick<HoldWish, 'class'> {
  const { class: of, ...rest } = wish
  if (of === undefined) return rest
  if (Object.hasOwn(CLASSES, of)) return { ...rest, class: of as PointClass }
  const list = Object.keys(CLASSES).join(', ')
  throw new VigieError('input-invalid', { field: 'class', expected: { en: `one of ${list}`, fr: `l’un de ${list}` } })
}

export function retentionView(db: Db): RetentionView {
  const policy = policyOf(db)
  const last = lastPurge(db)
  return {
    purposes: PURPOSE_NAMES.map(purpose => {
      const { words, basis, required, days, min, max } = PURPOSES[purpose]
      return { purpose, words, basis, required, min, max, usualDays: days, days: termOf(purpose, policy) / DAY_MS }
    }),
    ...(last && { lastPurge: last }),
  }
}
