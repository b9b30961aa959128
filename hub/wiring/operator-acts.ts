/** Operators' acts as the HTTP edge asks for them: names joined for those who may see them, pseudonyms left behind. */
import type { EvacuationMuster, Review } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { Written } from '../flows/without-disk.ts'
import type { OperatorActs } from '../http/ports.ts'
import { byName, type Names } from '../notify/model.ts'
import { type Acts, type ActsNeeds, makeActs } from './acts.ts'

interface Needs extends ActsNeeds {
  readonly situations: OperatorActs['situations']
  readonly names: Names
}

export function operatorActs(needs: Needs): OperatorActs {
  const { names, situations } = needs
  const acts = makeActs(needs)
  return {
    situations,
    startLockdown: async (plan, by) => {
      const { since, until, ...begun } = await acts.startLockdown(plan, by)
      if (since === undefined || until === undefined) throw new VigieError('internal', { id: 'lockdown' })
      return { plan, since, until, ...keptOf(begun) }
    },
    endLockdown: (plan, by) => acts.endLockdown(plan, by),
    startEvacuation: async (plan, by) => evacuating(await acts.startEvacuation(plan, by)),
    resumeEvacuation: async (plan, by) => evacuating(await acts.resumeEvacuation(plan, by)),
    endEvacuation: (plan, by) => acts.endEvacuation(plan, by),
    accountFor: (plan, person, by) => acts.accountFor(plan, person, by),
    muster: async (plan, by) => namedBy(await acts.muster(plan, by), names),
    resetPassback: (wish, by) => acts.resetPassback(wish, by),
    resetInterlock: (accessPoint, by) => acts.resetInterlock(accessPoint, by),
    reviews: by => ({ reviews: reviewsFor(acts, by) }),
    closeReview: (id, { finding, comment }, by) => acts.closeReview(id, finding, comment ?? '', by),
    grants: all => ({ grants: acts.grants(all) }),
    issueGrant: (wish, by) => acts.issueGrant(wish, by),
    revokeGrant: (id, by) => acts.revokeGrant(id, by),
    badgeLost: (uid, by) => acts.badgeLost(uid, by),
    setPin: (person, { pin, duressPin }, by) => acts.setPin(person, pin, duressPin, by),
    clearPin: (person, by) => acts.clearPin(person, by),
    exportSite: () => acts.exportSite(),
    itemIds: kind => ({ kind, ids: acts.itemIds(kind) }),
    item: (kind, id) => acts.item(kind, id),
    putItem: (kind, id, item, edit) => acts.putItem(kind, id, item, edit),
    removeItem: (kind, id, edit) => acts.removeItem(kind, id, edit),
    linkOperator: (login, person, by) => acts.linkOperator(login, person, by),
    depart: (person, statedReason, by) => acts.depart({ person, statedReason, by }),
  }
}

function evacuating({ plan, since, ...begun }: Awaited<ReturnType<Acts['startEvacuation']>>) {
  if (since === undefined) throw new VigieError('internal', { id: 'evacuation' })
  return { plan, since, ...keptOf(begun) }
}

const keptOf = ({ recorded, revision }: Written): Written => ({
  recorded,
  ...(revision === undefined ? {} : { revision }),
})

function namedBy(list: Awaited<ReturnType<Acts['muster']>>, names: Names): EvacuationMuster {
  const safe = list.safe.map(({ by, ...row }) => {
    const name = byName(by, names)
    return { ...row, ...(name === undefined ? {} : { by: name }) }
  })
  return { ...list, safe }
}

/** What stands in the way is said before anybody tries: the page offers no form that would be refused. */
const reviewsFor = (acts: Acts, by: string): Review[] =>
  acts.reviews(by).map(({ person, name, unfit, ...row }) => ({
    ...row,
    person: { name, ...(person !== undefined && { id: person }) },
    own: unfit === 'review-own',
    needsPerson: unfit === 'review-needs-person',
  }))
