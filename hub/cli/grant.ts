/** vigie grant add | list | revoke */
import { originWords } from '../access/ask-words.ts'
import { de } from '../access/french-words.ts'
import { GRANT_ORIGINS, type Grant, type GrantOrigin } from '../access/grants.ts'
import { CLASSES, type PointClass, type Scope } from '../access/site.ts'
import type { Language } from '../errors.ts'
import { instantOption, localTime, need, told, wrongCall } from './acts.ts'
import type { Desk } from './desk.ts'
import { type Output, table } from './output.ts'

export interface GrantOptions {
  readonly person?: string | undefined
  readonly point?: string | undefined
  readonly zone?: string | undefined
  readonly class?: string | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly origin?: string | undefined
  readonly reference?: string | undefined
  readonly all?: boolean | undefined
}

export async function add(desk: Desk, o: GrantOptions, out: Output): Promise<void> {
  const timeZone = await desk.timeZone()
  const now = desk.now()
  const target = targetOf(o)
  const wish = {
    person: need(
      o.person,
      '--person is required: the id of a person of the site',
      '--person est obligatoire\u202f: l’identifiant d’une personne du site',
    ),
    ...(target ? { target } : {}),
    from: o.from === undefined ? now : instantOption('--from', o.from, now, timeZone),
    until: instantOption('--until', o.until, now, timeZone),
    origin: originOf(o.origin),
    ...(o.reference === undefined ? {} : { reference: referenceOf(o.reference) }),
  }
  const grant = await desk.acts.issueGrant(wish)
  const inForce = desk.inForce()
  const name = await desk.nameOf(grant.person)
  const span = [grant.from, grant.until].map(at => localTime(at, timeZone))
  out.result(
    { grant, ...inForce },
    `Accès temporaire ${grant.id} pour ${name}, de ${span[0]} à ${span[1]}.${told(inForce, 'fr')}`,
    `Temporary grant ${grant.id} for ${name}, from ${span[0]} to ${span[1]}.${told(inForce, 'en')}`,
  )
}

export async function list(desk: Desk, o: GrantOptions, out: Output): Promise<void> {
  const grants = await desk.acts.grants(o.all === true)
  if (out.json) {
    out.line(JSON.stringify(grants))
    return
  }
  const head =
    out.language === 'fr'
      ? ['accès', 'personne', 'lieu', 'de', 'à', 'origine', 'référence']
      : ['grant', 'person', 'place', 'from', 'until', 'origin', 'reference']
  const [names, timeZone] = await Promise.all([desk.names(), desk.timeZone()])
  out.line(table([head, ...grants.map(rowOf(names, timeZone, out.language))]))
}

export async function revoke(desk: Desk, id: string | undefined, out: Output): Promise<void> {
  const wanted = need(id, 'name the grant: vigie grant revoke <id>', 'nommez l’accès\u202f: vigie grant revoke <id>')
  const grant = await desk.acts.revokeGrant(wanted)
  const inForce = desk.inForce()
  const name = await desk.nameOf(grant.person)
  out.result(
    { grant, ...inForce },
    `Accès temporaire ${grant.id} ${de(name)} retiré.${told(inForce, 'fr')}`,
    `Temporary grant ${grant.id} of ${name} revoked.${told(inForce, 'en')}`,
  )
}

function rowOf(names: ReadonlyMap<string, string>, timeZone: string, language: Language): (grant: Grant) => string[] {
  return ({ id, person, target, from, until, origin, reference }) => [
    id,
    names.get(person) ?? person,
    placeOf(target),
    localTime(from, timeZone),
    localTime(until, timeZone),
    originWords(origin)[language],
    reference ?? '-',
  ]
}

const placeOf = (target: Scope | undefined): string =>
  [target?.accessPoint, target?.zone, target?.classes?.join(',')].filter(Boolean).join(' ') || '-'

/** Whether the place exists, and may be granted, is looked at with the whole grant. */
function targetOf({ point, zone, class: classes }: GrantOptions): Scope | undefined {
  if (point === undefined && zone === undefined && classes === undefined) return undefined
  return {
    ...(point === undefined ? {} : { accessPoint: point }),
    ...(zone === undefined ? {} : { zone }),
    ...(classes === undefined ? {} : { classes: classesOf(classes) }),
  }
}

/** @throws VigieError usage, naming the classes there are */
function classesOf(text: string): PointClass[] {
  const known = (name: string): name is PointClass => Object.hasOwn(CLASSES, name)
  const names = text.split(',')
  const all = Object.keys(CLASSES).join(', ')
  if (!names.every(known))
    throw wrongCall(
      `--class takes one or more of ${all}, with commas between them`,
      `--class attend une ou plusieurs classes, séparées par des virgules\u202f: ${all}`,
    )
  return names
}

function originOf(text: string | undefined): GrantOrigin {
  const origin = GRANT_ORIGINS.find(o => o === text)
  const all = GRANT_ORIGINS.join(', ')
  if (!origin) throw wrongCall(`--origin takes one of ${all}`, `--origin attend l’un de ${all}`)
  return origin
}

function referenceOf(text: string): string {
  if (!/^[A-Za-z0-9._:-]{1,64}$/.test(text))
    throw wrongCall(
      '--reference takes 1 to 64 letters, digits and . _ : - (never a name)',
      '--reference attend 1 à 64\u00a0lettres, chiffres et . _ : - (jamais un nom)',
    )
  return text
}
