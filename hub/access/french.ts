/**
 * The French of what a site file's checks expect. The checks themselves speak English, one plain sentence part each; this
 * is the other half, so that they stay data and pure. A part without French here is shown in English.
 */
import type { Said } from '../errors.ts'

const PARTS: Readonly<Record<string, string>> = {
  'an IANA time zone such as Europe/Paris': 'un fuseau horaire IANA tel que Europe/Paris',
  'an existing zone id': 'l’identifiant d’une zone existante',
  'an existing access point id': 'l’identifiant d’un point d’accès existant',
  'an existing schedule id': 'l’identifiant d’un horaire existant',
  'an existing role id': 'l’identifiant d’un rôle existant',
  'a zone that is not this one or below it': 'une zone qui ne soit ni celle-ci ni une zone qu’elle contient',
  '00:00 to 23:59 (24:00 can only end a window)': '00:00 à 23:59 (24:00 ne peut que terminer une plage)',
  'hours that no other line of this schedule covers': 'des heures qu’aucune autre ligne de cet horaire ne couvre',
  'a known device model': 'un modèle d’appareil connu',
  'a point that no other access point of this file uses':
    'un point qu’aucun autre point d’accès de ce fichier n’utilise',
  'the id of a device of this file': 'l’identifiant d’un appareil de ce fichier',
  'the id of a person of this file': 'l’identifiant d’une personne de ce fichier',
  'either zone or accessPoint, one of the two': 'zone ou accessPoint, l’un des deux seulement',
  'a date and time that exist': 'une date et une heure qui existent',
  'a time after validFrom': 'un moment après validFrom',
  'a value not used before in this list': 'une valeur pas encore employée dans cette liste',
  'nothing after the end of the document': 'rien après la fin du document',
  'a value': 'une valeur',
  'a field name in double quotes': 'un nom de champ entre guillemets droits',
  'a field may be named only once': 'un champ ne peut être nommé qu’une fois',
  'a closing double quote on the same line': 'un guillemet droit fermant sur la même ligne',
  'a valid escape after the backslash': 'un échappement valable après la barre oblique inverse',
  'a site as docs/site.schema.json describes it': 'un site tel que le décrit docs/site.schema.json',
  'lower-case letters, digits and hyphens, not starting with a hyphen':
    'des lettres minuscules, chiffres et tirets, sans tiret au début',
  'a date and time with a zone, such as 2026-09-01T00:00:00+02:00':
    'une date et une heure avec leur fuseau, telles que 2026-09-01T00:00:00+02:00',
  'a time of day such as 07:30, or 24:00': 'une heure telle que 07:30, ou 24:00',
  '8 to 20 hexadecimal digits in upper case': '8 à 20\u00a0chiffres hexadécimaux en majuscules',
  'a name without control characters': 'un nom sans caractères de commande',
  '1, the version of this format': '1, la version de ce format',
  'a value of the documented shape': 'une valeur de la forme décrite',
  'no such field': 'ce champ n’existe pas',
  'this field is required': 'ce champ est obligatoire',
  'must be string': 'un texte entre guillemets droits',
  'must be integer': 'un nombre entier',
  'must be boolean': 'true ou false',
  'must be array': 'une liste',
  'must be object': 'un objet',
}

/** Parts that name something of the site; `$1` and so on keep it. */
const PATTERNS: readonly (readonly [part: RegExp, french: string])[] = [
  [/^at most (\d+) levels$/, '$1\u00a0niveaux au plus'],
  [/^a comma or (.)$/, 'une virgule ou $1'],
  [/^a point of (\S+) that reads badges$/, 'un point de $1 qui lit les badges'],
  [/^a point of (\S+) that has a lock$/, 'un point de $1 qui a une serrure'],
  [/^(\S+): the class (\S+) always fails so$/, '$1\u202f: la classe $2 a toujours ce mode de défaillance'],
  [/^one of (.+)$/, 'l’un de $1'],
  [/^must not have more than (\d+) (?:items|characters)$/, 'pas plus de $1'],
  [/^must not have fewer than (\d+) (?:items|characters)$/, 'pas moins de $1'],
]

/** A part in both languages. */
export function said(en: string): Said {
  const pattern = PATTERNS.find(([part]) => part.test(en))
  return { en, fr: PARTS[en] ?? (pattern ? en.replace(...pattern) : en) }
}
