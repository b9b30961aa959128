/** Steps 3 to 13 of a decision (decide.ts) for one person; every path ends in a refusal but the two that say granted. */
import { type Case, denied, granted } from './case.ts'
import type { Decision } from './decision.ts'
import { breakGlass, lockdown } from './emergency.ts'
import { interlock, passage } from './passage.ts'
import { rightOf } from './rights.ts'
import { standing } from './standing.ts'

export function judge(c: Case): Decision {
  const unsound = standing(c)
  if (unsound) return denied(c, unsound)
  const emergency = breakGlass(c)
  if (emergency?.kind === 'refused') return denied(c, emergency)
  if (emergency) {
    const shut = interlock(c)
    return shut ? denied(c, shut) : granted(c, emergency)
  }
  return ordinarily(c)
}

function ordinarily(c: Case): Decision {
  const locked = lockdown(c)
  if (locked) return denied(c, locked)
  const right = rightOf(c)
  c.trace?.(
    right.kind === 'refused'
      ? { code: 'rights', case: c, refusal: right }
      : { code: 'rights', case: c, refusal: undefined, via: right },
  )
  if (right.kind === 'refused') return denied(c, right)
  const passed = passage(c)
  if (passed?.kind === 'refused') return denied(c, passed)
  const shut = interlock(c)
  return shut ? denied(c, shut) : granted(c, right, passed?.zone)
}
