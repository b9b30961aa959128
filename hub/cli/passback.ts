/** vigie passback reset --zone <zone> | --person <person> | --all */
import { openActs, told, wrongCall } from './acts.ts'
import type { Context } from './context.ts'
import type { Output } from './output.ts'

interface ResetOptions {
  readonly zone?: string | undefined
  readonly person?: string | undefined
  readonly all?: boolean | undefined
}

export async function reset(c: Context, { zone, person, all }: ResetOptions, out: Output): Promise<void> {
  if ([zone, person, all].filter(given => given !== undefined).length !== 1)
    throw wrongCall(
      'give one of --zone <zone>, --person <person>, --all',
      'donnez l’un de --zone <zone>, --person <personne>, --all',
    )
  const acting = openActs(c)
  const wish = { ...(zone === undefined ? {} : { zone }), ...(person === undefined ? {} : { person }) }
  const { count } = await acting.acts.resetPassback(wish, acting.by)
  const inForce = acting.inForce()
  out.result(
    { count, ...wish, ...inForce },
    `Présence oubliée pour ${count} personne(s).${told(inForce, 'fr')}`,
    `Whereabouts of ${count} person(s) forgotten.${told(inForce, 'en')}`,
  )
}
