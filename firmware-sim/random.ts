/** Repeatable chance: the same seed gives the same sequence on every machine. Not for secrets. */

/** The next number, from 0 inclusive to 1 exclusive. */
export type Random = () => number

/** A stream of its own for each name, so that one more device doesn't change what happens to the others. */
export function seeded(seed: number, name = ''): Random {
  let state = (seed ^ fnv1a(name)) >>> 0
  return function mulberry32() {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const between = (random: Random, low: number, high: number): number => low + (high - low) * random()
export const integer = (random: Random, low: number, high: number): number => Math.floor(between(random, low, high + 1))
export const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]!

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}
