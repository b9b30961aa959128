/** What is wrong with the options of a call, in our words instead of the parser's. */
import { causeOf, type Said, VigieError } from '../errors.ts'

/** @returns a usage error for what parseArgs throws; anything else as it came */
export function misuse(error: unknown): unknown {
  const { code } = error as { code?: string }
  if (!code?.startsWith('ERR_PARSE_ARGS')) return error
  const expected = wordsFor(optionIn(causeOf(error)), code, causeOf(error))
  return new VigieError('usage', { expected }, { cause: error })
}

function wordsFor(option: string, code: string, said: string): Said {
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return {
      en: `no option ${option}; vigie help lists them`,
      fr: `l’option ${option} n’existe pas\u202f; vigie help les énumère`,
    }
  return said.includes('does not take')
    ? { en: `${option} takes no value`, fr: `${option} n’attend pas de valeur` }
    : { en: `${option} needs a value after it`, fr: `${option} attend une valeur à sa suite` }
}

/** The parser quotes the option first: '--model <value>', '-n, --lines <value>'. */
const optionIn = (said: string): string => /'(?:-\w, )?(-[^'\s,]{0,40})/.exec(said)?.[1] ?? '?'

/** @throws VigieError usage */
export function needDevice([id]: readonly string[]): string {
  if (id === undefined) throw new VigieError('usage', { expected: { en: 'name the device', fr: 'nommez l’appareil' } })
  return id
}
