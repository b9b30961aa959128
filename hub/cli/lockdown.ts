/** vigie lockdown start | end | list */
import { lockdownNamed } from '../access/french-words.ts'
import { localTime, need, told } from './acts.ts'
import type { Desk } from './desk.ts'
import { type Output, table } from './output.ts'

const planOf = (id: string | undefined): string =>
  need(id, 'name the plan; vigie lockdown list shows them', 'nommez le plan\u202f; vigie lockdown list les montre')

export async function start(desk: Desk, id: string | undefined, out: Output): Promise<void> {
  const begun = await desk.acts.startLockdown(planOf(id))
  const inForce = desk.inForce()
  const named = lockdownNamed(begun.name)
  const until = localTime(begun.until ?? 0, await desk.timeZone())
  out.result(
    { ...begun, ...inForce },
    `${named.fr} jusqu’à ${until}.${told(inForce, 'fr')}`,
    `${named.en} until ${until}.${told(inForce, 'en')}`,
  )
}

export async function end(desk: Desk, id: string | undefined, out: Output): Promise<void> {
  const ended = await desk.acts.endLockdown(planOf(id))
  const inForce = desk.inForce()
  const name = (await desk.acts.lockdowns()).find(p => p.plan === ended.plan)?.name ?? ended.plan
  out.result(
    { ...ended, ...inForce },
    `Confinement levé\u202f: ${name}.${told(inForce, 'fr')}`,
    `Lockdown ended: ${name}.${told(inForce, 'en')}`,
  )
}

export async function list(desk: Desk, out: Output): Promise<void> {
  const plans = await desk.acts.lockdowns()
  if (out.json) {
    out.line(JSON.stringify(plans))
    return
  }
  const timeZone = await desk.timeZone()
  const head =
    out.language === 'fr' ? ['plan', 'nom', 'rang', 'en vigueur jusqu’à'] : ['plan', 'name', 'rank', 'in force until']
  const rows = plans.map(p => [
    p.plan,
    p.name,
    String(p.rank),
    p.until === undefined ? '-' : localTime(p.until, timeZone),
  ])
  out.line(table([head, ...rows]))
}
