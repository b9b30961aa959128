/**
 * A second person looks into an emergency opening and closes its review with a finding.
 *
 *   check    the review is open, and whoever closes it is a person of the site, and neither is nor has been, since the
 *            opening, the one who broke the glass
 *   record   the finding and its journal row, in one commit
 */
import type { SituationRows } from '../access/situations.ts'
import { VigieError } from '../errors.ts'
import { FINDINGS, type Finding } from '../events.ts'
import { type ActNeeds, shown } from './acting.ts'

export interface ReviewView {
  readonly id: string
  readonly person: string
  readonly name: string
  readonly accessPoint: string
  readonly zone: string
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  readonly dueAt: number
  readonly overdue: boolean
  readonly escalations: number
  readonly statedReason: string
  /** What keeps the operator who asks from closing it; absent where nobody in particular asks. */
  readonly unfit?: Unfit
}
interface Needs extends ActNeeds {
  readonly operator: (id: string) => OperatorFacts | undefined
}
export interface OperatorFacts {
  readonly login: string
  /** The person of the site that the operator is, by id, where that is said. */
  readonly person?: string
  /** Pseudonyms of everyone the operator is, or was at any time from `since` on. */
  readonly peopleSince: (since: number) => readonly string[]
}
/** Why somebody does not get to close a review. */
export type Unfit = 'review-own' | 'review-needs-person'
const COMMENT_MAX = 500

export class ReviewClosed {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * @param comment up to 500 characters; never a patient's name
   * @param by the operator's pseudonym
   * @throws VigieError review-unknown, review-own, review-needs-person, input-invalid, situation-changed, journal-unavailable
   */
  async close(
    id: string,
    finding: Finding,
    comment: string,
    by: string,
  ): Promise<{ readonly id: string; readonly revision: number }> {
    const { facts, write, now } = this.#needs
    checkWords(finding, comment)
    const row = facts().situations.review.get(id)
    if (!row) throw new VigieError('review-unknown', { review: shown(id) })
    const unfit = this.unfit(row, by)
    if (unfit) throw new VigieError(unfit, { login: this.#needs.operator(by)?.login ?? '<login>' })
    const { person, accessPoint, zone } = row
    const said = comment.trim() === '' ? {} : { comment: comment.trim() }
    const revision = await write({
      at: now(),
      expect: [{ kind: 'review', key: id, present: true }],
      situations: [{ kind: 'review', key: id }],
      events: [{ kind: 'break-glass.review-closed', id, person, accessPoint, zone, by, finding, ...said }],
    })
    return { id, revision }
  }

  /** Open ones, the longest due first. @param by the operator who asks */
  list(by?: string): ReviewView[] {
    const { facts, now } = this.#needs
    const { situations, nameOf } = facts()
    const at = now()
    return [...situations.review]
      .map(([id, row]) => {
        const who = nameOf(row.person)
        const unfit = by === undefined ? undefined : this.unfit(row, by)
        return {
          id,
          ...row,
          person: who?.id ?? row.person,
          name: who?.name ?? row.person,
          overdue: at >= row.dueAt,
          ...(unfit && { unfit }),
        }
      })
      .sort((a, b) => a.dueAt - b.dueAt)
  }

  /** Said beforehand too, so that a page offers no form that would be refused. Undefined: fit to close it. */
  unfit({ person, at }: Pick<SituationRows['review'], 'person' | 'at'>, by: string): Unfit | undefined {
    const { facts, operator } = this.#needs
    const known = operator(by)
    if (known?.peopleSince(at).includes(person)) return 'review-own'
    const present = known?.person !== undefined && facts().site.people.some(p => p.id === known.person)
    return present ? undefined : 'review-needs-person'
  }
}

function checkWords(finding: string, comment: string): void {
  if (!FINDINGS.some(f => f === finding)) {
    const all = FINDINGS.join(', ')
    throw new VigieError('input-invalid', { field: 'finding', expected: { en: `one of ${all}`, fr: `l’un de ${all}` } })
  }
  if (comment.length > COMMENT_MAX) {
    const expected = { en: `at most ${COMMENT_MAX} characters`, fr: `${COMMENT_MAX}\u00a0caractères au plus` }
    throw new VigieError('input-invalid', { field: 'comment', expected })
  }
}
