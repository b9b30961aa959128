/** What lies outside an application's scope, in words. */
import type { Said } from '../errors.ts'
import type { OutsideWords } from './tenant-scope.ts'

export const OUTSIDE: Readonly<Record<OutsideWords, Said>> = {
  person: { en: 'a person that it may name', fr: 'une personne qu’elle peut nommer' },
  origin: { en: 'an origin that it may use', fr: 'une origine qu’elle peut employer' },
  zone: { en: 'a zone of its scope', fr: 'une zone de son périmètre' },
  point: { en: 'an access point of its scope', fr: 'un point d’accès de son périmètre' },
  classes: {
    en: 'classes of its scope, named where a zone is granted',
    fr: 'des classes de son périmètre, nommées quand une zone est accordée',
  },
  place: { en: 'a zone or an access point', fr: 'une zone ou un point d’accès' },
  longest: { en: 'no longer a span than it may grant', fr: 'une durée qu’elle peut accorder' },
  ahead: { en: 'an end no further ahead than it may grant', fr: 'une fin pas plus lointaine que permis' },
  opaque: {
    en: 'an opaque reference, not the id of a person or badge',
    fr: 'une référence opaque, et non l’identifiant d’une personne ou d’un badge',
  },
  'known-zone': { en: 'existing zone ids', fr: 'des identifiants de zones existantes' },
  'known-point': { en: 'existing access point ids', fr: 'des identifiants de points d’accès existants' },
  'known-role': { en: 'existing role ids', fr: 'des identifiants de rôles existants' },
  'known-person': { en: 'existing person ids', fr: 'des identifiants de personnes existantes' },
}
