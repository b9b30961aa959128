/** vigie interlock reset <access-point> */
import { need, openActs, told } from './acts.ts'
import type { Context } from './context.ts'
import type { Output } from './output.ts'

export async function reset(c: Context, accessPoint: string | undefined, out: Output): Promise<void> {
  const id = need(accessPoint, 'name the access point that is shut', 'nommez l’accès qui est fermé')
  const acting = openActs(c)
  await acting.acts.resetInterlock(id, acting.by)
  const inForce = acting.inForce()
  out.result(
    { accessPoint: id, ...inForce },
    `${id} compte comme fermé\u202f: les autres portes du sas s’ouvrent de nouveau par badge.${told(inForce, 'fr')}`,
    `${id} counts as shut: the other doors of its man-trap open by badge again.${told(inForce, 'en')}`,
  )
}
