/** vigie interlock reset <access-point> */
import { need, told } from './acts.ts'
import type { Desk } from './desk.ts'
import type { Output } from './output.ts'

export async function reset(desk: Desk, accessPoint: string | undefined, out: Output): Promise<void> {
  const id = need(accessPoint, 'name the access point that is shut', 'nommez l’accès qui est fermé')
  await desk.acts.resetInterlock(id)
  const inForce = desk.inForce()
  out.result(
    { accessPoint: id, ...inForce },
    `${id} compte comme fermé\u202f: les autres portes du sas s’ouvrent de nouveau par badge.${told(inForce, 'fr')}`,
    `${id} counts as shut: the other doors of its man-trap open by badge again.${told(inForce, 'en')}`,
  )
}
