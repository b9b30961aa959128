/** The fact the page opens with. Pure. */
import type { SituationsView } from './contract.ts'
import type { Counts, Noun, StateName } from './model.ts'
import type { Words } from './words/types.ts'

const NOUNS: readonly Noun[] = ['door', 'cabinet', 'device']

/** What is going on beside the doors; nothing said while nothing is known of it. */
function going(view: SituationsView | undefined, w: Words): string[] {
  if (!view) return []
  const { going: say } = w.situations
  return [
    say('evacuation', view.evacuations.length),
    say('lockdown', view.lockdowns.length),
    say('break-glass', view.breakGlass.length),
    view.reviews.open > 0 ? w.situations.waiting(view.reviews.open, 0) : '',
  ].filter(Boolean)
}

/** `lead` is the sentence, `rest` whether the remainder may be called in order: never with something silent or unknown. */
export function headline(
  c: Counts,
  w: Words,
  view?: SituationsView,
): { lead: string; restOk: boolean; quiet: boolean } {
  if (c.known === 0) return { lead: w.head.none, restOk: false, quiet: false }
  const facts = going(view, w)
  const say = (state: StateName, noun: Noun, n: number) => n > 0 && facts.push(w.counted(state, noun, n))
  for (const noun of NOUNS) say('forced', noun, c.forced[noun])
  say('tamper', 'device', c.tamper)
  for (const noun of NOUNS) say('open', noun, c.open[noun])
  for (const noun of NOUNS) say('released', noun, c.released[noun])
  say('ordered', 'device', c.ordered)
  say('silent', 'device', c.silent)
  say('unknown', 'device', c.unknown)
  if (facts.length === 0) return { lead: w.head.quiet, restOk: false, quiet: true }
  return { lead: `${facts.join(', ')}.`, restOk: c.silent + c.unknown === 0, quiet: false }
}
