/** What the command line prints: JSON for programs, French or English for people. */
import { causeOf, isVigieError, type Language, VigieError } from '../errors.ts'

/** From LC_ALL, LC_MESSAGES or LANG, as programs on this system do; handed in by cli.ts. */
export const languageOf = (locale: string): Language => (locale.toLowerCase().startsWith('fr') ? 'fr' : 'en')

/**
 * `vigie unused | head`: whoever reads may have read enough. The command goes on quietly, because what it was asked to change
 * must not depend on who reads what it says.
 * @param onOther hears of every other failure to write
 */
export function sparePipe(stream: NodeJS.WriteStream, onOther: (error: unknown) => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') onOther(error)
  })
}

export interface Output {
  readonly language: Language
  readonly json: boolean
  /** One result: the object with --json, else the sentence. */
  result(value: unknown, fr: string, en: string): void
  line(text: string): void
}

export function makeOutput(language: Language, json: boolean): Output {
  const line = (text: string): void => void process.stdout.write(`${text}\n`)
  return {
    language,
    json,
    line,
    result: (value, fr, en) => line(json ? JSON.stringify(value) : language === 'fr' ? fr : en),
  }
}

/** One sentence or, with --json, one object: `error` (a code of the table), `message`, and the details. Never a stack. */
export function failureText(error: unknown, language: Language, json: boolean): string {
  const known = isVigieError(error) ? error : new VigieError('command-failed', { cause: causeOf(error) })
  const message = known.messageIn(language)
  if (json) return JSON.stringify({ ...known.detailsIn(language), error: known.code, message })
  return `vigie${language === 'fr' ? '\u202f' : ''}: ${visible(message)}`
}

/** Left-aligned columns; control characters in cells are shown, not obeyed. */
export function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map(r => r.map(visible))
  const widths = (clean[0] ?? []).map((_, i) => Math.max(...clean.map(r => (r[i] ?? '').length)))
  return clean
    .map(r =>
      r
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const visible = (text: string): string => text.replace(/\p{Cc}/gu, '\uFFFD')

export const time = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
