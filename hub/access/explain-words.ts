/** The words of explain.ts: short sentences, French and English, that a nurse understands and an auditor can check. */
import type { Said } from '../errors.ts'
import { grantWords } from './ask-words.ts'
import type { Case, Finding } from './case.ts'
import { DUTY, PIN, REASON, REFERENCE, WITNESS } from './conditions.ts'
import { STEPS } from './explain-steps.ts'
import { de } from './french-words.ts'
import type { Labels } from './labels.ts'
import { REASONS } from './reasons.ts'
import { CLASSES, type Conditions, type PointClass } from './site.ts'
import { endAt, type SnapshotRule } from './snapshot.ts'

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'

export function wordsFor(f: Finding, labels: Labels): Said {
  switch (f.code) {
    case 'point':
      return pointWords(f.point, labels)
    case 'badge':
      return f.badge
        ? {
            fr: `Le badge est celui ${de(labels.person(f.badge.holder.person))}.`,
            en: `The badge is that of ${labels.person(f.badge.holder.person)}.`,
          }
        : { fr: 'Ce badge n’est pas enregistré sur ce site.', en: 'This badge is not registered on this site.' }
    case 'deny-rule':
      return ruleWords(f.case, f.rule, labels, FORBIDS)
    case 'allow-rule':
      return joined(
        ruleWords(f.case, f.rule, labels, OPENS),
        f.open ? missingWords(f, f.rule.requires, labels) : NOTHING,
      )
    case 'grant':
      return grantSentence(f, labels)
    case 'second-person':
      return secondWords(f, labels)
    case 'passback-noted':
      return {
        fr: `${holder(f.case, labels)} est déjà dans ${labels.zone(f.zone)}${N}: l’entrée est permise, et signalée.`,
        en: `${holder(f.case, labels)} is already inside ${labels.zone(f.zone)}: let in all the same, and recorded.`,
      }
    default:
      return STEPS[f.code](f, labels)
  }
}

const NOTHING: Said = { fr: '', en: '' }
const joined = (a: Said, b: Said): Said => ({ fr: a.fr + b.fr, en: a.en + b.en })
const holder = (c: Case, labels: Labels): string => labels.person(c.badge.holder.person)

function pointWords(point: Extract<Finding, { code: 'point' }>['point'], labels: Labels): Said {
  if (!point)
    return { fr: 'Ce lecteur n’est rattaché à aucun lieu.', en: 'This reader belongs to no configured place.' }
  const [name, zone, kind] = [labels.accessPoint(point.accessPoint), labels.zone(point.zone), CLASSES[point.class]]
  return {
    fr: `Ce lecteur commande ${name} (zone ${zone}, classe ${kind.fr}).`,
    en: `This reader controls ${name} (zone ${zone}, class ${kind.en}).`,
  }
}

/** What a rule does, in either direction. */
interface Verb {
  readonly yes: Said
  readonly no: Said
}
const OPENS: Verb = {
  yes: { fr: 'ouvre ce lieu', en: 'opens this place' },
  no: { fr: 'n’ouvre pas ce lieu', en: 'does not open this place' },
}
const FORBIDS: Verb = {
  yes: { fr: 'interdit ce lieu', en: 'forbids this place' },
  no: { fr: 'n’interdit pas ce lieu', en: 'does not forbid this place' },
}

/** `Le rôle Infirmière ouvre ce lieu le mercredi de 07:00 à 19:00 (Médicaments de Service, horaire Jour) ; il est 19:42.` */
function ruleWords(c: Case, { role, right }: SnapshotRule, labels: Labels, verb: Verb): Said {
  const [name, label, now] = [labels.role(role), labels.right(role, right), labels.clock(c.at)]
  if (!label)
    return {
      fr: `Le rôle ${name} ${verb.yes.fr} (droit${U}${right + 1}).`,
      en: `Role ${name} ${verb.yes.en} (right ${right + 1}).`,
    }
  const { day, windows } = label.hours(c.at)
  const what = windows ? verb.yes : verb.no
  const span = windows ?? NOTHING
  return {
    fr: `Le rôle ${name} ${what.fr} ${day.fr}${windows ? ' ' : ''}${span.fr} (${label.target.fr}, horaire ${label.schedule})${N}; il est ${now}.`,
    en: `Role ${name} ${what.en} ${day.en}${windows ? ' ' : ''}${span.en} (${label.target.en}, schedule ${label.schedule}); it is ${now}.`,
  }
}

/** ` Il manque : le code PIN, un motif.`; nothing if nothing is missing. */
function missingWords(
  f: { readonly case: Case; readonly lacking: number },
  rule: Conditions | undefined,
  labels: Labels,
): Said {
  const parts = partsMissing(f, [rule, f.case.point.requires], labels)
  if (parts.length === 0) return NOTHING
  return {
    fr: ` Il manque${N}: ${parts.map(p => p.fr).join(', ')}.`,
    en: ` Missing: ${parts.map(p => p.en).join(', ')}.`,
  }
}

const MISSING: readonly (readonly [bit: number, words: Said])[] = [
  [PIN, { fr: 'le code PIN', en: 'the PIN' }],
  [REASON, { fr: 'un motif', en: 'a reason' }],
  [DUTY, { fr: 'un service en cours', en: 'a shift under way' }],
]
const REFERENCES: Readonly<Record<NonNullable<Conditions['reference']>, Said>> = {
  patient: { fr: 'une référence patient', en: 'a patient reference' },
  prescription: { fr: 'une référence d’ordonnance', en: 'a prescription reference' },
  any: { fr: 'une référence patient ou ordonnance', en: 'a patient or prescription reference' },
}

function partsMissing(
  { lacking }: { readonly lacking: number },
  asked: readonly (Conditions | undefined)[],
  labels: Labels,
): Said[] {
  const parts = MISSING.filter(([bit]) => lacking & bit).map(([, words]) => words)
  const references = lacking & REFERENCE ? asked.flatMap(c => (c?.reference ? [REFERENCES[c.reference]] : [])) : []
  const witnesses = lacking & WITNESS ? asked.flatMap(c => (c?.witness ? [witnessWords(c.witness, labels)] : [])) : []
  return [...parts, ...references, ...witnesses]
}

function witnessWords({ role, withinS }: NonNullable<Conditions['witness']>, labels: Labels): Said {
  const name = labels.role(role)
  return {
    fr: `une deuxième personne (${name}) dans les ${withinS}${U}s`,
    en: `a second person (${name}) within ${withinS} s`,
  }
}

function grantSentence(f: Extract<Finding, { code: 'grant' }>, labels: Labels): Said {
  const { origin, from, until, reference, id } = f.grant
  const here = endAt(f.grant, f.case.point.index)! // told only of grants that reach this point
  const [begin, end, kind] = [labels.time(from), labels.time(here), grantWords(origin)]
  const state = f.live ? LIVE : f.case.at < from ? NOT_YET : here < until ? cutShort(f.case.point.class) : OVER
  const about = reference === undefined ? id : `${id}, ${reference}`
  const said = {
    fr: `${capital(kind.fr)} du ${begin.fr} au ${end.fr} [${about}]${N}: ${state.fr}.`,
    en: `${capital(kind.en)} from ${begin.en} to ${end.en} [${about}]: ${state.en}.`,
  }
  return f.live ? joined(said, missingWords(f, undefined, labels)) : said
}
const LIVE: Said = { fr: 'en cours', en: 'under way' }
const NOT_YET: Said = { fr: 'pas encore commencé', en: 'not begun yet' }
const OVER: Said = { fr: 'terminé', en: 'over' }
const cutShort = (kind: PointClass): Said => ({
  fr: `terminé ici, la classe ${CLASSES[kind].fr} ne permettant pas davantage`,
  en: `over here, because the class ${CLASSES[kind].en} allows no more`,
})
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

function secondWords(f: Extract<Finding, { code: 'second-person' }>, labels: Labels): Said {
  const [first, second] = [labels.person(f.first), holder(f.case, labels)]
  const begin = { fr: `${first} attend ici une deuxième personne${N}; `, en: `${first} awaits a second person here; ` }
  if (f.counts)
    return joined(begin, {
      fr: `${second} convient. La décision porte sur ${first}.`,
      en: `${second} will do. The decision is about ${first}.`,
    })
  const why = f.refusal === undefined || f.refusal.reason === 'no-right' ? NOT_THE_ROLE : REASONS[f.refusal.reason]
  return joined(begin, {
    fr: `${second} ne convient pas (${why.fr})${N}: ce badge est jugé pour lui-même.`,
    en: `${second} will not do (${why.en}): this badge is decided for itself.`,
  })
}
const NOT_THE_ROLE: Said = { fr: 'pas le rôle demandé', en: 'not of the role asked for' }
