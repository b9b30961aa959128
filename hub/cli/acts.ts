/** What the commands of operators' acts have in common: who acts, until when to wait, and the words about it. */
import { userInfo } from 'node:os'
import { isVigieError, type Language, type Said, VigieError } from '../errors.ts'
import { instantAsked } from '../flows/question-times.ts'
import { type Acts, makeActs, type SiteFacts, storedFacts } from '../wiring/acts.ts'
import { type Context, type InForce, untilInForce } from './context.ts'

export interface Acting {
  readonly acts: Acts
  /** Who acts, as the journal names them. */
  readonly by: string
  /** What the last act came to. */
  readonly inForce: () => InForce
  readonly facts: () => SiteFacts
  /** Resolves when the running hub decides by what was written, or none is running. */
  readonly settle: () => Promise<void>
}

export function openActs(c: Context): Acting {
  let latest: InForce = { hub: undefined }
  const settle = async (): Promise<void> => {
    latest = await untilInForce(c)
  }
  const acts = makeActs({
    db: c.db,
    op: c.op,
    inForce: settle,
    expiryMs: c.config.unlockExpiryMs,
    onFailure: () => undefined, // the list itself is shown; the failing disk tells of itself
    now: c.now,
  })
  return {
    acts,
    by: `cli:${userInfo().username}`,
    inForce: () => latest,
    facts: () => storedFacts(c.db, c.now()),
    settle,
  }
}

/** A wrong call. */
export const wrongCall = (en: string, fr: string): VigieError => new VigieError('usage', { expected: { en, fr } })

/** @throws VigieError usage, saying what to name */
export function need(text: string | undefined, en: string, fr: string): string {
  if (text === undefined || text === '') throw wrongCall(en, fr)
  return text
}

/** ` In force after 12 ms.` */
export function told({ hub, recorded = 'journal' }: InForce, language: Language): string {
  if (!hub)
    return language === 'fr'
      ? ' Aucun hub en marche\u202f: en vigueur à son démarrage.'
      : ' No hub is running: in force when it starts.'
  const late = recorded === 'journal' ? '' : LATE[language]
  return (language === 'fr' ? ` En vigueur après ${hub.tookMs}\u00a0ms.` : ` In force after ${hub.tookMs} ms.`) + late
}
const LATE: Said = {
  en: ' The disk does not take its row yet: it follows as soon as it does.',
  fr: ' Le disque ne prend pas encore sa ligne\u202f: elle suivra dès que possible.',
}

/** `2026-12-24 08:00` on the clock of the site. */
export function localTime(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return format.format(at)
}

/** @param option such as `--from`, for the error @throws VigieError usage */
export function instantOption(option: string, text: string | undefined, now: number, timeZone: string): number {
  const given = need(
    text,
    `${option} is required: a time such as 2026-12-24T08:00`,
    `${option} est obligatoire\u202f: un moment tel que 2026-12-24T08:00`,
  )
  try {
    return instantAsked(given, now, timeZone)
  } catch (error) {
    if (!isVigieError(error)) throw error
    const expected = error.details.expected as Said
    throw wrongCall(`${option} takes ${expected.en}`, `${option} attend ${expected.fr}`)
  }
}
