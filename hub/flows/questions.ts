/**
 * Questions about rights, answered from the registry and the journal; nothing is changed by asking.
 *
 *   why        was this badge refused, or let in?            questions-why.ts
 *   who        can open this point at that time?
 *   may        this person open what, when, and why?
 *   simulate   what would change if these items were edited? questions-simulate.ts
 *   unused     what did nobody use for so long?              questions-unused.ts
 */
import type { MayAnswer, MayQuestion, WhoAnswer, WhoQuestion } from '../access/ask.ts'
import { mayOpen, whoMayOpen } from '../access/ask-who.ts'
import { said } from '../access/french.ts'
import { VigieError } from '../errors.ts'
import { bookOf, type Held, type QuestionPorts } from './question-ports.ts'
import { instantAsked } from './question-times.ts'

export { simulate } from './questions-simulate.ts'
export { unused } from './questions-unused.ts'
export { why } from './questions-why.ts'

/** @throws VigieError input-invalid naming `accessPoint` or `at` */
export function who(ports: QuestionPorts, { accessPoint, at: text }: WhoQuestion): WhoAnswer {
  const { at, held } = viewed(ports, text)
  const answer = whoMayOpen(bookOf(held, Math.min(at, ports.now())), accessPoint, at)
  if (!answer) throw invalid('accessPoint', 'an existing access point id')
  return answer
}

/** @throws VigieError input-invalid naming `person` or `at` */
export function may(ports: QuestionPorts, { person, at: text }: MayQuestion): MayAnswer {
  const { at, held } = viewed(ports, text)
  const answer = mayOpen(bookOf(held, Math.min(at, ports.now())), person, at)
  if (!answer) throw invalid('person', 'the id of a person of this file')
  return answer
}

const invalid = (field: string, expected: string): VigieError =>
  new VigieError('input-invalid', { field, expected: said(expected) })

/** A time gone by is answered with the rights of that time, as far as they are kept; any other with those in force now. */
function viewed(ports: QuestionPorts, text: string | undefined): { readonly at: number; readonly held: Held } {
  const now = ports.now()
  const current = ports.held()
  const at = instantAsked(text, now, current.site.site.timeZone)
  const revision = at < now ? ports.revisionAt(at) : undefined
  return { at, held: (revision === undefined ? undefined : ports.heldAt(revision)) ?? current }
}
