/**
 * The French of what the checks of a site file, of a request and of a shape in general expect. The checks themselves speak
 * English, one plain sentence part each; this is the other half, so that they stay data and pure. A part without French here
 * is shown in English.
 */
import type { Said } from '../errors.ts'
import type { Expected } from './expected.ts'

const EXPECTED_FRENCH: Readonly<Record<Expected, string>> = {
  'an existing zone id': 'l’identifiant d’une zone existante',
  'an existing access point id': 'l’identifiant d’un point d’accès existant',
  'an existing schedule id': 'l’identifiant d’un horaire existant',
  'an existing calendar id': 'l’identifiant d’un calendrier existant',
  'an existing role id': 'l’identifiant d’un rôle existant',
  'an existing rota id': 'l’identifiant d’un tour de garde existant',
  'an existing lockdown plan id': 'l’identifiant d’un plan de confinement existant',
  'a clock time, or a position of the site: the sun rises and sets somewhere':
    'une heure, ou une position du site\u202f: le soleil se lève et se couche quelque part',
  'an existing person id': 'l’identifiant d’une personne existante',
  'an existing device id': 'l’identifiant d’un appareil existant',
  'the id that was asked for': 'l’identifiant demandé',
  'the id of a device of this file': 'l’identifiant d’un appareil de ce fichier',
  'the id of a person of this file': 'l’identifiant d’une personne de ce fichier',
  'a known device model': 'un modèle d’appareil connu',
  'the id of a gateway of this file': 'l’identifiant d’une passerelle de ce fichier',
  'the gateway it is heard through, and its address there: it is a bought model':
    'la passerelle par laquelle on l’entend et son adresse là-bas\u202f: c’est un modèle du commerce',
  'nothing: only bought models are behind a gateway':
    'rien\u202f: seuls les modèles du commerce sont derrière une passerelle',
  'an address and part that no other device of that gateway has':
    'une adresse et une partie qu’aucun autre appareil de cette passerelle n’a',
  'a value not used before in this list': 'une valeur pas encore employée dans cette liste',
  'a point that no other access point of this file uses':
    'un point qu’aucun autre point d’accès de ce fichier n’utilise',
  'a zone that is not this one or below it': 'une zone qui ne soit ni celle-ci ni une zone qu’elle contient',
  'a role that is not this one and does not inherit from it': 'un rôle qui ne soit pas celui-ci et qui n’en hérite pas',
  'minutes, where the mode is timed': 'minutes, puisque le mode est timed',
  'no minutes, unless the mode is timed': 'pas de minutes, sauf avec le mode timed',
  'a day that exists': 'un jour qui existe',
  'no until: a yearly day is one day': 'pas de until\u202f: une date annuelle ne dure qu’un jour',
  'the same day as date, or a later one': 'le même jour que date, ou un jour plus tardif',
  'a last day at most 366 days after date': 'un dernier jour à 366\u00a0jours de date au plus',
  'days that no other line of this calendar has': 'des jours qu’aucune autre ligne de ce calendrier ne contient',
  '00:00 to 23:59 (24:00 can only end a window)': '00:00 à 23:59 (24:00 ne peut que terminer une plage)',
  'another end than the start; 00:00 to 24:00 for a whole day':
    'une fin autre que le début\u202f; 00:00 à 24:00 pour une journée entière',
  'hours that no other line of this schedule covers': 'des heures qu’aucune autre ligne de cet horaire ne couvre',
  'hours that no other line of these special days covers':
    'des heures qu’aucune autre ligne de ces jours particuliers ne couvre',
  'no passage, unless the class is door or escape-door': 'pas de passage, sauf si la classe est door ou escape-door',
  'another zone than from': 'une autre zone que from',
  'a zone, an accessPoint or classes; never a zone and an accessPoint together':
    'une zone, un accessPoint ou des classes\u202f; jamais une zone et un accessPoint ensemble',
  'no classes, or those of this access point': 'pas de classes, ou celle de ce point d’accès',
  'no conditions: a deny has none': 'pas de conditions\u202f: une interdiction n’en a pas',
  'a point of class door or escape-door: nothing else is released':
    'un point de classe door ou escape-door\u202f: rien d’autre n’est libéré',
  'a date and time that exist': 'une date et une heure qui existent',
  'a time after validFrom': 'un moment après validFrom',
  'an end, or a validFrom here or of the person: badges of visitors and contractors must end':
    'une fin, ou un validFrom ici ou chez la personne\u202f: les badges des visiteurs et des prestataires doivent expirer',
  'above or below, or both with room between them': 'above ou below, ou les deux avec de la place entre eux',
  'the zones it is about: a time of day comes from no place':
    'les zones dont il s’agit : une heure ne vient d’aucun lieu',
  'only zones: a time of day comes from no device and no class':
    'seulement des zones : une heure ne vient d’aucun appareil ni d’aucune classe',
  'an act that does not stand in this list already': 'une action qui ne soit pas déjà dans cette liste',
  'no brightness, where lights go off': 'pas de brightness, puisque la lumière s’éteint',
  'a time of day, or access.granted alone: nothing else disarms':
    'une heure, ou access.granted seul : rien d’autre ne désarme',
  'shift, appointment, maintenance, prescription or loan': 'shift, appointment, maintenance, prescription ou loan',
  'an accessPoint, a zone or classes: only a shift may do without':
    'un accessPoint, une zone ou des classes\u202f: seule une garde (shift) peut s’en passer',
  'a place with at least one access point': 'un lieu qui ait au moins un point d’accès',
  'a time that has not passed': 'un moment qui n’est pas passé',
  'a time after from': 'un moment après from',
  'a time within the next 400 days': 'un moment dans les 400\u00a0jours à venir',
  'at most 24 h after from: a shift is no longer':
    '24\u00a0h après from au plus\u202f: une garde (shift) ne dure pas plus longtemps',
}

const PARTS: Readonly<Record<string, string>> = {
  ...EXPECTED_FRENCH,
  'an IANA time zone such as Europe/Paris': 'un fuseau horaire IANA tel que Europe/Paris',
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
  'a day such as 2026-12-25, or --12-25 for every year': 'un jour tel que 2026-12-25, ou --12-25 pour tous les ans',
  'a day such as 2026-12-25': 'un jour tel que 2026-12-25',
  'a time of day such as 07:30, or 24:00': 'une heure telle que 07:30, ou 24:00',
  '8 to 20 hexadecimal digits in upper case': '8 à 20\u00a0chiffres hexadécimaux en majuscules',
  'a name without control characters': 'un nom sans caractères de commande',
  '1, the version of this format': '1, la version de ce format',
  'true, or no such field': 'true, ou pas ce champ',
  'at least one condition, or no such field': 'au moins une condition, ou pas ce champ',
  'a value of the documented shape': 'une valeur de la forme décrite',
  'no such field': 'ce champ n’existe pas',
  'this field is required': 'ce champ est obligatoire',
  'must be string': 'un texte entre guillemets droits',
  'must be integer': 'un nombre entier',
  'must be number': 'un nombre',
  'must be boolean': 'true ou false',
  'must be array': 'une liste',
  'must be object': 'un objet',
  'must be null': 'null',
  'must be equal to constant': 'la seule valeur prévue',
  'must be equal to one of the allowed values': 'une des valeurs prévues',
  'must match a schema in anyOf': 'une des formes décrites',
  'must match exactly one schema in oneOf': 'une seule des formes décrites',
  'must not have additional properties': 'pas d’autre champ que ceux décrits',
  'must not have unevaluated properties': 'pas d’autre champ que ceux décrits',
  'must not have unevaluated items': 'pas d’autre élément que ceux décrits',
  'must not have duplicate items': 'une liste sans répétition',
  'must contain at least 1 valid item': 'au moins un élément de la forme décrite',
  'must not be valid': 'une autre valeur',
  'schema is false': 'ce champ n’existe pas',
  'an unknown validation error occurred': 'une valeur de la forme décrite',
}

/** Parts that name something of the site; `$1` and so on keep it. */
const PATTERNS: readonly (readonly [part: RegExp, french: string])[] = [
  [/^at most (\d+) levels$/, '$1\u00a0niveaux au plus'],
  [/^a comma or (.)$/, 'une virgule ou $1'],
  [/^a point of (\S+) that reads badges$/, 'un point de $1 qui lit les badges'],
  [/^a point of (\S+) that has a lock$/, 'un point de $1 qui a une serrure'],
  [/^(\S+): the class (\S+) always fails so$/, '$1\u202f: la classe $2 a toujours ce mode de défaillance'],
  [
    /^at most (\d+) h after from: the class (\S+) allows no more$/,
    '$1\u00a0h après from au plus\u202f: la classe $2 ne permet pas davantage',
  ],
  [/^at least (\d+) days: the law asks for them$/, 'au moins $1\u00a0jours\u202f: la loi les demande'],
  [/^must be >= (\S+)$/, 'au moins $1'],
  [/^must be <= (\S+)$/, 'au plus $1'],
  [/^one of (.+)$/, 'l’un de $1'],
  [/^must be > (\S+)$/, 'plus de $1'],
  [/^must be < (\S+)$/, 'moins de $1'],
  [/^must be multiple of (\S+)$/, 'un multiple de $1'],
  [/^must be either .+$/, 'une valeur du type décrit'],
  [/^must not have more than (\d+) characters$/, 'pas plus de $1\u00a0caractères'],
  [/^must not have fewer than (\d+) characters$/, 'pas moins de $1\u00a0caractères'],
  [/^must not have more than (\d+) items$/, 'pas plus de $1\u00a0éléments'],
  [/^must not have fewer than (\d+) items$/, 'pas moins de $1\u00a0éléments'],
  [/^must not have more than (\d+) properties$/, 'pas plus de $1\u00a0champs'],
  [/^must not have fewer than (\d+) properties$/, 'pas moins de $1\u00a0champs'],
  [/^must match (?:pattern|format) "(.+)"$/s, 'un texte de la forme $1'],
  [/^must match "\w+" schema$/, 'une valeur de la forme décrite'],
  [/^must have (?:required )?properties .+$/, 'les champs que la forme décrite demande ensemble'],
  [/^property names .+ are invalid$/, 'des noms de champ de la forme décrite'],
]

/** A part in both languages. */
export function said(en: string): Said {
  const pattern = PATTERNS.find(([part]) => part.test(en))
  return { en, fr: PARTS[en] ?? (pattern ? en.replace(...pattern) : en) }
}
