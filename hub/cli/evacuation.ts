/** vigie evacuation start | resume | end | list | safe | muster */
import { evacuationNamed } from '../access/french-words.ts'
import { causeOf, isVigieError, VigieError } from '../errors.ts'
import type { EvacuationStarted } from '../flows/evacuation.ts'
import type { MusterList } from '../flows/muster-read.ts'
import { storageError } from '../record/database.ts'
import { localTime, need, told } from './acts.ts'
import type { InForce } from './context.ts'
import type { Desk, FirstRound } from './desk.ts'
import { type Output, table } from './output.ts'

const planOf = (id: string | undefined): string =>
  need(id, 'name the plan; vigie evacuation list shows them', 'nommez le plan\u202f; vigie evacuation list les montre')

export const start = (desk: Desk, id: string | undefined, out: Output): Promise<void> => {
  const plan = planOf(id)
  return begin(desk, out, () => desk.acts.startEvacuation(plan))
}

/** Releases again after a restart of the hub. */
export const resume = (desk: Desk, id: string | undefined, out: Output): Promise<void> => {
  const plan = planOf(id)
  return begin(desk, out, () => desk.acts.resumeEvacuation(plan))
}

async function begin(desk: Desk, out: Output, act: () => Promise<EvacuationStarted>): Promise<void> {
  const begun = await reaching(act)
  const inForce = desk.inForce()
  if (!out.json) out.result(undefined, announced(begun, inForce, 'fr'), announced(begun, inForce, 'en'))
  const round = inForce.hub ? await desk.acts.released() : undefined
  if (out.json)
    out.line(
      JSON.stringify({ ...begun, ...inForce, ...(round ? { released: round.released, silent: round.silent } : {}) }),
    )
  else if (round) out.result(undefined, doors(round, 'fr'), doors(round, 'en'))
}

/** In an emergency the sentence says what to do instead. @throws VigieError evacuation-not-stored; others as they come */
export async function reaching<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const known = storageError(error)
    if (isVigieError(known) && known.code !== 'journal-unavailable') throw known
    const cause = (isVigieError(known) && known.details.cause) || causeOf(known)
    throw new VigieError('evacuation-not-stored', { cause }, { cause: error })
  }
}

function announced({ name, plan }: EvacuationStarted, inForce: InForce, language: 'fr' | 'en'): string {
  const { fr, en } = evacuationNamed(name)
  if (inForce.hub)
    return language === 'fr' ? `${fr} en cours.${told(inForce, 'fr')}` : `${en} is in force.${told(inForce, 'en')}`
  return language === 'fr'
    ? `${fr} enregistrée, mais aucun hub n’est en marche\u202f: AUCUNE porte n’est libérée. Démarrez le hub, puis\u202f: vigie evacuation resume ${plan}`
    : `${en} is stored, but no hub is running: NO door is released. Start the hub, then: vigie evacuation resume ${plan}`
}

function doors({ released, silent }: FirstRound, language: 'fr' | 'en'): string {
  const free = typeof released === 'number' ? released : released.length
  const all = typeof silent === 'number' ? silent || '' : silent.join(', ')
  if (language === 'fr')
    return `${free} porte(s) libérée(s).${all && ` Sans réponse\u202f: ${all}. Ouvrez-les à la main.`}`
  return `${free} door(s) released.${all && ` No answer: ${all}. Open them by hand.`}`
}

export async function end(desk: Desk, id: string | undefined, out: Output): Promise<void> {
  const ended = await desk.acts.endEvacuation(planOf(id))
  const inForce = desk.inForce()
  const name = (await desk.acts.evacuations()).find(p => p.plan === ended.plan)?.name ?? ended.plan
  out.result(
    { ...ended, ...inForce },
    `Évacuation terminée\u202f: ${name}\u202f; les serrures se referment d’elles-mêmes.${told(inForce, 'fr')}`,
    `Evacuation ended: ${name}; the locks fall back by themselves.${told(inForce, 'en')}`,
  )
}

export async function list(desk: Desk, out: Output): Promise<void> {
  const plans = await desk.acts.evacuations()
  if (out.json) {
    out.line(JSON.stringify(plans))
    return
  }
  const timeZone = await desk.timeZone()
  const french = out.language === 'fr'
  const running = desk.hubRuns()
  const state = (releasing: boolean | undefined): string => {
    if (releasing === undefined) return '-'
    if (!running)
      return french ? 'aucun hub en marche\u202f: rien n’est libéré' : 'no hub is running: nothing is released'
    if (releasing) return french ? 'libère les portes' : 'releasing doors'
    return french ? 'en pause\u202f: resume' : 'paused: resume'
  }
  const head = french ? ['plan', 'nom', 'depuis', 'état'] : ['plan', 'name', 'since', 'state']
  const rows = plans.map(p => [
    p.plan,
    p.name,
    p.since === undefined ? '-' : localTime(p.since, timeZone),
    state(p.releasing),
  ])
  out.line(table([head, ...rows]))
}

/** Accounts for a person by hand. */
export async function safe(desk: Desk, args: readonly string[], out: Output): Promise<void> {
  const plan = planOf(args[0])
  const person = need(
    args[1],
    'name the person: vigie evacuation safe <plan> <person>',
    'nommez la personne\u202f: vigie evacuation safe <plan> <personne>',
  )
  const { at } = await desk.acts.accountFor(plan, person)
  const inForce = desk.inForce()
  const name = await desk.nameOf(person)
  out.result({ plan, person, at, ...inForce }, `${name}\u202f: en sécurité.`, `${name}: safe.`)
}

/** Who is accounted for. Reading it is a journal row of its own. */
export async function muster(desk: Desk, id: string | undefined, out: Output): Promise<void> {
  const list = await desk.acts.muster(planOf(id))
  if (out.json) {
    out.line(JSON.stringify(list))
    return
  }
  const timeZone = await desk.timeZone()
  for (const line of out.language === 'fr' ? inFrench(list, timeZone) : inEnglish(list, timeZone)) out.line(line)
}

const clock = (at: number, timeZone: string): string => localTime(at, timeZone).slice(-5)

function inFrench({ inside, safe, onDutyUnknown }: MusterList, timeZone: string): string[] {
  return [
    `À l’intérieur, selon les portes\u202f: ${inside.length}`,
    ...inside.map(p => `  ${p.name}, vers ${p.zone} depuis ${clock(p.since, timeZone)} par ${p.accessPoint}`),
    `En sécurité\u202f: ${safe.length}`,
    ...safe.map(p => `  ${p.name}, ${clock(p.at, timeZone)}`),
    `En service, vus nulle part\u202f: ${onDutyUnknown.length}`,
    ...onDutyUnknown.map(p => `  ${p.name}`),
  ]
}

function inEnglish({ inside, safe, onDutyUnknown }: MusterList, timeZone: string): string[] {
  return [
    `Inside, by what the doors saw: ${inside.length}`,
    ...inside.map(p => `  ${p.name}, into ${p.zone} since ${clock(p.since, timeZone)} by ${p.accessPoint}`),
    `Safe: ${safe.length}`,
    ...safe.map(p => `  ${p.name}, ${clock(p.at, timeZone)}`),
    `On duty, seen nowhere: ${onDutyUnknown.length}`,
    ...onDutyUnknown.map(p => `  ${p.name}`),
  ]
}
