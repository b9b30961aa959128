/** The data folder itself, while no hub runs: the same flows, in this process. */
import { userInfo } from 'node:os'
import { JournalSearched, type Reader } from '../flows/journal-searched.ts'
import { siteOf } from '../flows/registry.ts'
import { operators } from '../record/accounts.ts'
import { openFolder } from '../record/database.ts'
import { events, lastSeq } from '../record/reading.ts'
import { items, siteId, subjects } from '../record/site.ts'
import { operatorAdmin } from '../wiring/operators.ts'
import { askingIn, journaled } from '../wiring/questions.ts'
import { searchingIn } from '../wiring/searching.ts'
import { type Acting, openActs } from './acts.ts'
import { type Context, hubRuns } from './context.ts'
import type { Desk, DeskActs, DeskJournal, DeskOperators, DeskQuestions, FirstRound } from './desk.ts'

export function directDesk(c: Context): Desk {
  const acting = openActs(c)
  const { facts, inForce } = acting
  let searching: ReturnType<typeof searchIn> | undefined
  const journal = (): DeskJournal => {
    searching ??= searchIn(c)
    return searching
  }
  return {
    acts: actsOf(c, acting),
    operators: operatorsOf(c, acting),
    questions: directQuestions(c),
    journal: {
      page: (filter, paging) => journal().page(filter, paging),
      days: filter => journal().days(filter),
    },
    inForce,
    hubRuns: () => hubRuns(c),
    timeZone: async () => facts().site.site.timeZone,
    nameOf: async person => acting.acts.nameOf(person),
    names: async () => new Map(facts().site.people.map(p => [p.id, p.name])),
    now: c.now,
    close: () => {
      searching?.close()
      c.close()
    },
  }
}

function actsOf(c: Context, { acts, by }: Acting): DeskActs {
  let before = 0
  const releasing = async <T>(act: () => Promise<T>): Promise<T> => {
    before = lastSeq(c.db)
    return act()
  }
  return {
    lockdowns: async () => acts.lockdowns(),
    startLockdown: plan => acts.startLockdown(plan, by),
    endLockdown: plan => acts.endLockdown(plan, by),
    evacuations: async () => acts.evacuations(),
    startEvacuation: plan => releasing(() => acts.startEvacuation(plan, by)),
    resumeEvacuation: plan => releasing(() => acts.resumeEvacuation(plan, by)),
    endEvacuation: plan => acts.endEvacuation(plan, by),
    released: () => firstRound(c, before),
    accountFor: (plan, person) => acts.accountFor(plan, person, by),
    muster: plan => acts.muster(plan, by),
    grants: async all => acts.grants(all),
    issueGrant: async wish => (await acts.issueGrant(wish, by)).grant,
    revokeGrant: async id => (await acts.revokeGrant(id, by)).grant,
    badgeLost: uid => acts.badgeLost(uid, by),
    depart: (person, reason) => acts.depart({ person, by, statedReason: reason }),
    setPin: async (person, pin, duressPin) => void (await acts.setPin(person, pin, duressPin, by)),
    clearPin: person => acts.clearPin(person, by),
    resetPassback: wish => acts.resetPassback(wish, by),
    resetInterlock: async accessPoint => void (await acts.resetInterlock(accessPoint, by)),
    reviews: async () => acts.reviews(),
    item: async (kind, id) => acts.item(kind, id),
    itemIds: async kind => acts.itemIds(kind),
    putItem: (kind, id, item, expected) => acts.putItem(kind, id, item, { expected, by }),
    removeItem: (kind, id, expected) => acts.removeItem(kind, id, { expected, by }),
    exportSite: async () => acts.exportSite(),
    linkOperator: async (login, person) => void (await acts.linkOperator(login, person, by)),
  }
}

/** Beyond the life of an order to a lock, milliseconds. */
export const GRACE_MS = 2_000
const LOOK_MS = 50

/** Only one evacuation begins at the command line at a time: the first row after it is its own. */
async function firstRound(c: Context, before: number): Promise<FirstRound | undefined> {
  if (!hubRuns(c)) return undefined
  const deadline = performance.now() + c.config.unlockExpiryMs + GRACE_MS
  while (performance.now() < deadline) {
    const [row] = events(c.db, { after: before, limit: 1, kinds: ['evacuation.released'] })
    if (row?.event.kind === 'evacuation.released') return row.event
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
  return undefined
}

function operatorsOf(c: Context, { facts, by, settle }: Acting): DeskOperators {
  const admin = operatorAdmin({
    db: c.db,
    op: c.op,
    zones: () => facts().site.zones,
    inForce: settle,
    endSessions: () => undefined, // gone with the account's change: a running hub notices within a second
    now: c.now,
  })
  return {
    list: async () => admin.list().operators,
    invite: wish => admin.invite(wish, by),
    change: async (login, wish) => admin.change(login, wish, { expected: admin.view(login).revision, by }),
    reset: (login, reason) => admin.reset(login, reason, by),
  }
}

/** Whoever reads people's history is in the journal before the answer is out. */
export function directQuestions(c: Pick<Context, 'db' | 'now' | 'op'>): DeskQuestions {
  const by = userOf()
  const note = (reader: string, rows: number): unknown =>
    c.op('record', { at: c.now(), event: { kind: 'journal.read', by: reader, rows } })
  const asked = journaled(askingIn(c.db, c.now), note)
  return {
    why: question => asked.why(question, by),
    who: question => asked.who(question),
    may: question => asked.may(question),
    unused: question => asked.unused(question, by),
  }
}

function searchIn(c: Context): DeskJournal & { close(): void } {
  const { db, config } = c
  const searching = searchingIn(openFolder(config.dataDir, config.journalKey), db)
  const known = namesIn(db)
  const journal = new JournalSearched({
    timeZone: () => siteOf({ items: items(db, 'site'), siteId: siteId(db) }).site.timeZone,
    find: (filter, except, paging) => searching.page({ filter, except, paging }),
    count: (filter, except) => searching.count({ filter, except }),
    record: async event => c.op('record', { at: c.now(), event }),
    nameOf: pseudonym => known.get(pseudonym),
    personOf: () => undefined,
  })
  const reader: Reader = { id: userOf(), hidden: [], words: true }
  return {
    page: (filter, paging) => journal.page(filter, paging, reader),
    days: filter => journal.days(filter, reader),
    close: () => searching.close(),
  }
}

function namesIn(db: Context['db']): ReadonlyMap<string, { readonly name: string }> {
  const people = subjects(db).flatMap(s => (s.label === null ? [] : [[s.pseudonym, { name: s.label }] as const]))
  return new Map([...people, ...operators(db).map(o => [o.id, { name: o.name }] as const)])
}

const userOf = (): string => `cli:${userInfo().username}`
