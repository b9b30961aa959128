/** vigie person leave */
import { de } from '../access/french-words.ts'
import { need, told } from './acts.ts'
import type { Desk } from './desk.ts'
import type { Output } from './output.ts'

/** One action: badges, temporary access, PIN and account end together. */
export async function leave(desk: Desk, id: string | undefined, why: string | undefined, out: Output): Promise<void> {
  const person = need(
    id,
    'name the person: vigie person leave <id> --reason <why>',
    'nommez la personne\u202f: vigie person leave <id> --reason <motif>',
  )
  const reason = need(
    why,
    'say why: vigie person leave <id> --reason <why>',
    'dites pourquoi\u202f: vigie person leave <id> --reason <motif>',
  )
  const left = await desk.acts.depart(person, reason)
  const inForce = desk.inForce()
  const name = await desk.nameOf(person)
  const { badges, grants, accounts } = left
  out.result(
    { ...left, ...inForce },
    `Départ ${de(name)}\u202f: ${badges} badge(s), ${grants} accès temporaire(s) et ${accounts} compte(s) ont pris fin.${told(inForce, 'fr')}`,
    `${name} has left: ${badges} badge(s), ${grants} grant(s) and ${accounts} account(s) ended.${told(inForce, 'en')}`,
  )
}
