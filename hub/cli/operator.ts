/** vigie operator link | unlink: which person of the site an operator is, so that nobody closes the review of their own emergency opening. */
import { need, openActs, told } from './acts.ts'
import type { Context } from './context.ts'
import type { Output } from './output.ts'

const loginOf = (text: string | undefined): string =>
  need(text, 'name the operator by login', 'nommez l’opérateur par son identifiant de connexion').toLowerCase()

export async function link(c: Context, args: readonly string[], out: Output): Promise<void> {
  const { acts, by, inForce } = openActs(c)
  const login = loginOf(args[0])
  const person = need(
    args[1],
    'name the person: vigie operator link <login> <person>; to take it away: vigie operator unlink <login>',
    'nommez la personne\u202f: vigie operator link <identifiant> <personne>\u202f; pour l’enlever\u202f: vigie operator unlink <identifiant>',
  )
  await acts.linkOperator(login, person, by)
  out.result(
    { login, person, ...inForce() },
    `L’opérateur ${login} est ${acts.nameOf(person)}.${told(inForce(), 'fr')}`,
    `Operator ${login} is ${acts.nameOf(person)}.${told(inForce(), 'en')}`,
  )
}

export async function unlink(c: Context, args: readonly string[], out: Output): Promise<void> {
  const { acts, by, inForce } = openActs(c)
  const login = loginOf(args[0])
  await acts.linkOperator(login, undefined, by)
  out.result(
    { login, ...inForce() },
    `L’opérateur ${login} n’est plus lié à une personne.${told(inForce(), 'fr')}`,
    `Operator ${login} is no longer linked to a person.${told(inForce(), 'en')}`,
  )
}
