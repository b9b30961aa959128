/**
 * What never gets into a log line, whoever wrote it: secrets by the name of their field and by their look, and what names or
 * reaches a person. Ids, pseudonyms, codes and counts stay. Pure.
 */
const GONE = '[removed]'
const DEEPEST = 5
const LONGEST = 4_000
/** In the names of fields, whatever their case. */
const NAMED =
  /^(pass(word|phrase)?|secret|authorization|(set-)?cookie|pin|otp|totp|uid|badge|e?mail|phone|telephone|name|login|key)$/i
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, GONE],
  [/\b(vigie_t?_?|whsec_)[A-Za-z0-9_-]{16,}/g, GONE],
  [/\b(bearer|basic|token)\s+[A-Za-z0-9+/=._~-]{12,}/gi, `$1 ${GONE}`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?/g, GONE],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, `$1${GONE}@`],
  [/\b(password|passwd|pwd|secret|token|code|pin)=[^\s&"']+/gi, `$1=${GONE}`],
  [/[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+/g, GONE],
  [/\+\d{8,15}\b/g, GONE],
  // Numbers of badges: hexadecimal, with a letter among the digits.
  [/\b(?=[0-9A-F]*[A-F])(?=[0-9A-F]*[0-9])[0-9A-F]{8,20}\b/g, GONE],
]

/** A text without what looks like a secret or an address of somebody. */
export function cleaned(text: string): string {
  let clean = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text
  for (const [pattern, instead] of SECRETS) clean = clean.replace(pattern, instead)
  return clean
}

/** The same of everything in it; fields that are named for a secret or a person keep nothing but their name. */
export const redacted = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  cleanedFields(fields, DEEPEST, new Set())

function cleanedFields(fields: object, deep: number, seen: Set<object>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, NAMED.test(name) ? GONE : cleanedValue(value, deep, seen)]),
  )
}

function cleanedValue(value: unknown, deep: number, seen: Set<object>): unknown {
  if (typeof value === 'string') return cleaned(value)
  if (typeof value !== 'object' || value === null) return value
  if (deep === 0 || seen.has(value)) return '[...]'
  seen.add(value)
  if (value instanceof Error) return errorFields(value, deep, seen)
  if (Array.isArray(value)) return value.map(one => cleanedValue(one, deep - 1, seen))
  if (ArrayBuffer.isView(value)) return GONE
  return cleanedFields(value, deep - 1, seen)
}

function errorFields(error: Error, deep: number, seen: Set<object>): Record<string, unknown> {
  const { name, message, stack, cause } = error
  return {
    type: name,
    message: cleaned(message),
    ...('code' in error && { code: error.code }),
    ...(stack !== undefined && { stack: cleaned(stack) }),
    ...(cause !== undefined && { cause: cleanedValue(cause, deep - 1, seen) }),
  }
}
