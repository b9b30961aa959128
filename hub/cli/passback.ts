/** vigie passback reset --zone <zone> | --person <person> | --all */
import { told, wrongCall } from './acts.ts'
import type { Desk } from './desk.ts'
import type { Output } from './output.ts'

interface ResetOptions {
  readonly zone?: string | undefined
  readonly person?: string | undefined
  readonly all?: boolean | undefined
}

export async function reset(desk: Desk, { zone, person, all }: ResetOptions, out: Output): Promise<void> {
  if ([zone, person, all].filter(given => given !== undefined).length !== 1)
    throw wrongCall(
      'give one of --zone <zone>, --person <person>, --all',
      'donnez l’un de --zone <zone>, --person <personne>, --all',
    )
  const wish = { ...(zone === undefined ? {} : { zone }), ...(person === undefined ? {} : { person }) }
  const { count } = await desk.acts.resetPassback(wish)
  const inForce = desk.inForce()
  out.result(
    { count, ...wish, ...inForce },
    `Présence oubliée pour ${count} personne(s).${told(inForce, 'fr')}`,
    `Whereabouts of ${count} person(s) forgotten.${told(inForce, 'en')}`,
  )
}
