/**
 * Which rights, role memberships and temporary grants did nobody use for so long?
 *
 *   reach    how far the journal and the record of rights go back: nothing is called unused for longer
 *   use      what opened since then, by which right, role or grant
 *   compare  with what was in force then and still is
 */
import type { UnusedAnswer, UnusedQuestion } from '../access/ask.ts'
import { type Used, unusedRights } from '../access/ask-unused.ts'
import type { QuestionPorts, Told } from './question-ports.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 90

export async function unused(ports: QuestionPorts, question: UnusedQuestion): Promise<Told<UnusedAnswer>> {
  const days = question.days ?? DEFAULT_DAYS
  const until = ports.now()
  const asked = until - days * DAY_MS
  const { knownSince, rights } = await ports.rightsUsed(asked)
  const since = reach(ports, Math.max(asked, knownSince, ports.journalSince() ?? until))
  const { rows, ...use } = await useSince(ports, since, until)
  const now = ports.held()
  const revision = ports.revisionAt(since)
  const lists = unusedRights({
    now: now.site,
    formerly: revision === undefined ? undefined : ports.heldAt(revision)?.site,
    used: { rights, ...use },
    pseudonymOf: person => now.pseudonyms.person.get(person),
    grants: ports.grantsSince(since),
    since,
    until,
  })
  const answer = { days, since, revision: now.revision, ...(since > asked && { journalSince: since }), ...lists }
  return { answer, rows }
}

/** In a young house the journal is older than the first rights: the question then begins with those. */
function reach(ports: QuestionPorts, since: number): number {
  const revision = ports.revisionAt(since)
  const roles = revision === undefined ? 0 : (ports.heldAt(revision)?.site.roles.length ?? 0)
  return roles > 0 ? since : Math.max(since, ports.rolesSince() ?? since)
}

async function useSince(ports: QuestionPorts, since: number, until: number) {
  const roles = new Map<string, Used['roles'][number]>()
  const [grants, witnesses, emergencies] = [new Set<string>(), new Set<string>(), new Set<string>()]
  let rows = 0
  for await (const slice of ports.badgeRows(since, until)) {
    rows += slice.length
    for (const { event } of slice) {
      if (event.kind !== 'access.granted') continue
      const { person, via, witness } = event
      if (witness !== undefined) witnesses.add(witness)
      if (via?.kind === 'rule') roles.set(`${person} ${via.role}`, { person, role: via.role })
      if (via?.kind === 'grant') grants.add(via.grant)
      if (via?.kind === 'break-glass') emergencies.add(person)
    }
  }
  return { rows, roles: [...roles.values()], grants, witnesses, emergencies }
}
