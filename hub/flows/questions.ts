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
import type { Present } from '../access/ask-now.ts'
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
  const { at, held, present } = viewed(ports, text)
  const answer = whoMayOpen(bookOf(held, Math.min(at, present.now)), accessPoint, at, present)
  if (!answer) throw invalid('accessPoint', 'an existing access point id')
  return answer
}

/** @throws VigieError input-invalid naming `person` or `at` */
export function may(ports: QuestionPorts, { person, at: text }: MayQuestion): MayAnswer {
  const { at, held, present } = viewed(ports, text)
  const answer = mayOpen(bookOf(held, Math.min(at, present.now)), person, at, present)
  if (!answer) throw invalid('person', 'an existing person id')
  return answer
}

const invalid = (field: string, expected: string): VigieError =>
  new VigieError('input-invalid', { field, expected: said(expected) })

interface Viewed {
  readonly at: number
  readonly held: Held
  readonly present: Present
}

/**
 * A time gone by is answered with the rights of that time, as far as they are kept; any other with those in force now. What is
 * going on counts where no time is named: it says nothing about another one.
 */
function viewed(ports: QuestionPorts, text: string | undefined): Viewed {
  const now = ports.now()
  const current = ports.held()
  const at = instantAsked(text, now, current.site.site.timeZone)
  const revision = at < now ? ports.revisionAt(at) : undefined
  const held = (revision === undefined ? undefined : ports.heldAt(revision)) ?? current
  const pins = at < now ? undefined : ports.pinHolders()
  return { at, held, present: { situations: ports.situations(), now, counts: text === undefined, pins } }
}
