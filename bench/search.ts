/** The largest rate a server holds: doubling until it fails, then halving the gap. */

export interface Limits {
  readonly from: number
  /** Ends the doubling. */
  readonly to: number
  /** The answer is this exact: 1.1 is within ten percent. */
  readonly within: number
}
/** Below this nothing is held. */
const LEAST = 50

/** @param holds one short run at a rate @returns 0 if not even `LEAST` is held */
export async function largest(
  holds: (rate: number) => Promise<boolean>,
  { from, to, within }: Limits,
): Promise<number> {
  let good = 0
  let bad = Number.POSITIVE_INFINITY
  for (let rate = from; rate <= to && rate >= LEAST && (good === 0 || bad === Number.POSITIVE_INFINITY); ) {
    if (await holds(rate)) good = rate
    else bad = rate
    rate = good > 0 ? rate * 2 : rate / 2
  }
  if (good === 0 || bad === Number.POSITIVE_INFINITY) return good
  while (bad / good > within) {
    const between = Math.round(Math.sqrt(good * bad))
    if (await holds(between)) good = between
    else bad = between
  }
  return good
}
