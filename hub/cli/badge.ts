/** vigie badge lost */
import { de } from '../access/french-words.ts'
import type { Language } from '../errors.ts'
import type { LostBadge, NotArrived } from '../flows/badge-lost.ts'
import { need, told } from './acts.ts'
import type { Desk } from './desk.ts'
import type { Output } from './output.ts'

/** One action: no door opens by it any more, what it had begun ends, and what has not heard of it yet is named. */
export async function lost(desk: Desk, uid: string | undefined, out: Output): Promise<void> {
  const wanted = need(
    uid,
    'give the number of the badge: vigie badge lost <uid>',
    'donnez le numéro du badge\u202f: vigie badge lost <uid>',
  )
  const answer = await desk.acts.badgeLost(wanted)
  const inForce = desk.inForce()
  const name = await desk.nameOf(answer.person)
  const say = (language: Language): string => told(inForce, language) + behind(answer, language)
  out.result(
    { ...answer, ...inForce },
    `Badge ${de(name)} déclaré perdu, ${answer.ended} situation(s) close(s).${say('fr')}`,
    `Badge of ${name} reported lost, ${answer.ended} situation(s) ended.${say('en')}`,
  )
}

const WHY: Readonly<Record<NotArrived['why'], Readonly<Record<Language, string>>>> = {
  released: { fr: 'serrure encore libérée', en: 'lock still released' },
  'device-offline': { fr: 'serrure injoignable', en: 'lock out of reach' },
  'lock-silent': { fr: 'la serrure ne répond pas', en: 'the lock does not answer' },
}

function behind({ pending }: LostBadge, language: Language): string {
  const lines = pending.map(
    p => `\n  ${p.accessPoint} (${p.device})${language === 'fr' ? '\u202f' : ''}: ${WHY[p.why][language]}`,
  )
  if (lines.length === 0)
    return language === 'fr' ? ' Rien n’attend plus la révocation.' : ' Nothing is left for the revocation to reach.'
  return (
    (language === 'fr'
      ? '\nLa révocation n’est pas encore arrivée ici\u202f:'
      : '\nThe revocation has not arrived here yet:') + lines.join('')
  )
}
