/** vigie pin set | clear */
import { de } from '../access/french-words.ts'
import { need, told, wrongCall } from './acts.ts'
import type { Desk } from './desk.ts'
import type { Output } from './output.ts'
import { askSecrets } from './secret.ts'

const QUESTIONS = {
  en: [
    { ask: 'PIN: ', again: 'PIN again: ' },
    { ask: 'Duress PIN (empty for none): ', again: 'Duress PIN again: ' },
  ],
  fr: [
    { ask: 'Code PIN\u202f: ', again: 'Code PIN, encore une fois\u202f: ' },
    { ask: 'Code de contrainte (vide pour aucun)\u202f: ', again: 'Code de contrainte, encore une fois\u202f: ' },
  ],
}

const personOf = (id: string | undefined): string =>
  need(id, 'name the person: vigie pin set <person>', 'nommez la personne\u202f: vigie pin set <personne>')

/** PIN and duress PIN come from the terminal or from two lines of standard input, never from the arguments. */
export async function set(desk: Desk, args: readonly string[], out: Output): Promise<void> {
  const person = personOf(args[0])
  if (args.length > 1)
    throw wrongCall(
      'a PIN is never given as an argument: it is asked for, or read from two lines of standard input',
      'un code PIN ne se donne jamais en argument\u202f: il est demandé, ou lu sur deux lignes de l’entrée standard',
    )
  const [pin = '', duressPin = ''] = await askSecrets(QUESTIONS[out.language])
  await desk.acts.setPin(person, pin, duressPin === '' ? undefined : duressPin)
  const inForce = desk.inForce()
  const name = await desk.nameOf(person)
  out.result(
    { person, duress: duressPin !== '', ...inForce },
    `Code PIN ${de(name)} enregistré.${told(inForce, 'fr')}`,
    `PIN of ${name} stored.${told(inForce, 'en')}`,
  )
}

export async function clear(desk: Desk, id: string | undefined, out: Output): Promise<void> {
  const person = personOf(id)
  const { changed } = await desk.acts.clearPin(person)
  const inForce = desk.inForce()
  const name = await desk.nameOf(person)
  out.result(
    { person, changed, ...inForce },
    changed ? `Code PIN ${de(name)} effacé.${told(inForce, 'fr')}` : `${name} n’avait pas de code PIN.`,
    changed ? `PIN of ${name} cleared.${told(inForce, 'en')}` : `${name} had no PIN.`,
  )
}
