/** The browser in a few words, for the list of one's own sessions. What a client sends of itself goes nowhere else. */

/** In this order: nearly all of them claim to be Chrome or Safari too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]
/** Longer ones are nobody's browser. */
const MOST_LETTERS = 512

/** @returns such as "Firefox, Windows"; empty where neither is known */
export function clientWords(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, MOST_LETTERS)
  const nameIn = (names: typeof BROWSERS): string[] =>
    names.filter(([shape]) => shape.test(text)).map(([, name]) => name)
  return [nameIn(BROWSERS)[0], nameIn(SYSTEMS)[0]].filter(Boolean).join(', ')
}
