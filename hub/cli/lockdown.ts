/** vigie lockdown start | end | list */
import { lockdownNamed } from '../access/french-words.ts'
import { localTime, need, openActs, told } from './acts.ts'
import type { Context } from './context.ts'
import { type Output, table } from './output.ts'

const planOf = (id: string | undefined): string =>
  need(id, 'name the plan; vigie lockdown list shows them', 'nommez le plan\u202f; vigie lockdown list les montre')

export async function start(c: Context, id: string | undefined, out: Output): Promise<void> {
  const acting = openActs(c)
  const begun = await acting.acts.startLockdown(planOf(id), acting.by)
  const inForce = acting.inForce()
  const named = lockdownNamed(begun.name)
  const until = localTime(begun.until ?? 0, acting.facts().site.site.timeZone)
  out.result(
    { ...begun, ...inForce },
    `${named.fr} jusqu’à ${until}.${told(inForce, 'fr')}`,
    `${named.en} until ${until}.${told(inForce, 'en')}`,
  )
}

export async function end(c: Context, id: string | undefined, out: Output): Promise<void> {
  const acting = openActs(c)
  const ended = await acting.acts.endLockdown(planOf(id), acting.by)
  const name = acting.acts.lockdowns().find(p => p.plan === ended.plan)?.name ?? ended.plan
  const inForce = acting.inForce()
  out.result(
    { ...ended, ...inForce },
    `Confinement levé\u202f: ${name}.${told(inForce, 'fr')}`,
    `Lockdown ended: ${name}.${told(inForce, 'en')}`,
  )
}

export function list(c: Context, out: Output): void {
  const acting = openActs(c)
  const plans = acting.acts.lockdowns()
  if (out.json) {
    out.line(JSON.stringify(plans))
    return
  }
  const { timeZone } = acting.facts().site.site
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
