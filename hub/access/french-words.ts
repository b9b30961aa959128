/** How names stand in sentences for people: French elision, and plans that say themselves what they are. Pure. */
import type { Said } from '../errors.ts'

/** An h that keeps its distance, in words that places are called by: le hall, les halles, le hangar, la halte, le haut. */
const KEPT_H = /^(?:halls?|halles?|halte|hangar|hautes?|hauts?|handicap|hublot|hors|huit)\b/
/** Vowels, a mute h, and y before a consonant: d’Yves, but de Yasmine. Accents are taken off before. */
const ELIDED = /^(?:[aeiouœæ]|h|y[^aeiou])/

/** `d’Élise`, `de Bela`, `d’Urgences`: of somebody or something called so. */
export function de(name: string): string {
  const bare = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return ELIDED.test(bare) && !KEPT_H.test(bare) ? `d’${name}` : `de ${name}`
}

/** `Confinement Nord`, but not `Confinement Confinement du site`. */
export function headed(word: string, name: string): string {
  return name.toLowerCase().startsWith(word.toLowerCase()) ? name : `${word} ${name}`
}

export const lockdownNamed = (name: string): Said => ({
  fr: headed('Confinement', name),
  en: headed('Lockdown', name),
})
export const evacuationNamed = (name: string): Said => ({
  fr: headed('Évacuation', name),
  en: headed('Evacuation', name),
})
