/** How somebody wants to be told, as they write it and as the hub takes it. Pure. */

const FRANCE = '+33'
/** `06 12 34 56 78` is a number of France; with 00 or + it says its country. Undefined: no number. */
export function phoneOf(text: string): string | undefined {
  const bare = text.replace(/[\s.()\u00a0\u202f-]/g, '')
  const whole = bare.startsWith('00')
    ? `+${bare.slice(2)}`
    : /^0[1-9]\d{8}$/.test(bare)
      ? `${FRANCE}${bare.slice(1)}`
      : bare
  return /^\+[1-9]\d{5,14}$/.test(whole) ? whole : undefined
}
/** `22:00` of minutes of a day. */
export const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
/** Undefined: no time. */
export function minuteOf(time: string): number | undefined {
  const [, h, m] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
  return h === undefined || m === undefined ? undefined : Number(h) * 60 + Number(m)
}
