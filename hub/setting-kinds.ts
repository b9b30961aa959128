/** Kinds of settings: how each is read from text, and what it says it expects. */
import { isAbsolute } from 'node:path'
import type { Setting } from './setting-addresses.ts'

const FRENCH_UNITS: Readonly<Record<string, string>> = { days: 'jours', seconds: 'secondes', sockets: 'connexions' }

export const int = (
  env: string,
  fallback: number,
  min: number,
  max: number,
  unit: string,
  doc: string,
): Setting<number> => ({
  env,
  fallback,
  doc,
  expected: {
    en: `a whole number from ${min} to ${max} (${unit})`,
    fr: `un nombre entier de ${min} à ${max} (${FRENCH_UNITS[unit] ?? unit})`,
  },
  parse: text => (/^\d{1,12}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
})
export const choice = <T extends string>(env: string, fallback: T, choices: readonly T[], doc: string): Setting<T> => ({
  env,
  fallback,
  doc,
  expected: { en: `one of ${choices.join(', ')}`, fr: `l’un de ${choices.join(', ')}` },
  parse: text => choices.find(c => c === text),
})
export const path = (env: string, fallback: string, doc: string): Setting<string> => ({
  env,
  fallback,
  doc,
  expected: { en: 'a folder', fr: 'un dossier' },
  parse: text => (text.includes('\0') ? undefined : text),
})
/** Empty: not set. */
export const filePath = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: { en: 'a file with its whole path', fr: 'un fichier avec son chemin complet' },
  parse: text => (isAbsolute(text) && !text.includes('\0') ? text : undefined),
})
export const list = (env: string, doc: string): Setting<readonly string[]> => ({
  env,
  fallback: [],
  doc,
  expected: {
    en: 'host names or addresses, separated by commas',
    fr: 'des noms d’hôte ou des adresses, séparés par des virgules',
  },
  parse: text => (/^[A-Za-z0-9.:,-]*$/.test(text) ? text.split(',').filter(Boolean) : undefined),
})
export const folders = (env: string, doc: string): Setting<readonly string[]> => ({
  env,
  fallback: [],
  doc,
  expected: {
    en: 'folders by their full path, separated by commas',
    fr: 'des dossiers par leur chemin complet, séparés par des virgules',
  },
  parse: text => {
    const all = text.split(',').filter(Boolean)
    return all.every(f => isAbsolute(f) && !f.includes('\0')) ? all : undefined
  },
})
/** `most`: each of them may be a mount that hangs, and a hanging one holds a thread of the runtime's few. */
export const files = (env: string, most: number, doc: string): Setting<readonly string[]> => ({
  ...folders(env, doc),
  expected: {
    en: `files by their full path, separated by commas, ${most} at most`,
    fr: `des fichiers par leur chemin complet, séparés par des virgules, ${most} au plus`,
  },
  parse: text => {
    const all = folders(env, doc).parse(text)
    return all && all.length <= most ? all : undefined
  },
})
export const timeOfDay = (env: string, fallback: string, doc: string): Setting<string> => ({
  env,
  fallback,
  doc,
  expected: { en: 'a time of day, HH:MM', fr: 'une heure, HH:MM' },
  parse: text => (/^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? text : undefined),
})
export const secretKey = (env: string, doc: string): Setting<string> => ({
  env,
  fallback: '',
  doc,
  expected: { en: '64 hexadecimal digits (256 bits)', fr: '64\u00a0chiffres hexadécimaux (256\u00a0bits)' },
  parse: text => (/^[0-9a-fA-F]{64}$/.test(text) ? text.toLowerCase() : undefined),
})

export const words = (env: string, fallback: string, doc: string): Setting<string> => ({
  env,
  fallback,
  doc,
  expected: {
    en: '1 to 80 characters, no control characters',
    fr: '1 à 80\u00a0caractères, sans caractères de commande',
  },
  parse: text => (/^[^\p{Cc}\p{Zl}\p{Zp}]{1,80}$/u.test(text) ? text : undefined),
})
export const tokens = (env: string, doc: string): Setting<readonly string[]> => ({
  env,
  fallback: [],
  doc,
  expected: {
    en: 'values without spaces, separated by commas',
    fr: 'des valeurs sans espaces, séparées par des virgules',
  },
  parse: text => (/^[\x21-\x7e]{1,1000}$/.test(text) ? text.split(',').filter(Boolean) : undefined),
})
