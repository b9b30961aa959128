/**
 * Looking through the journal for what is past its term, or about somebody: in this thread. Slice by slice, so that memory
 * stays flat and whoever else runs here has a turn.
 */
import { setImmediate } from 'node:timers/promises'
import type { Site } from '../access/site.ts'
import type { PointClass } from '../access/site-classes.ts'
import { closure } from '../access/trees.ts'
import type { AboutSlice, DueSlice } from '../flows/privacy-ports.ts'
import {
  cleanLog,
  type PayloadRow,
  payloadsAfter,
  payloadsBy,
  payloadsWith,
  retentionBasis,
} from '../record/erasing.ts'
import { holdsInForce } from '../record/holds.ts'
import { openErasures } from '../record/ops-privacy.ts'
import { lastOfWithdrawn } from '../record/past.ts'
import { departedSubjects } from '../record/past-term.ts'
import { tracesOf } from '../record/person-traces.ts'
import { lastSeq } from '../record/reading.ts'
import { item, items, revision, subjectsNamed } from '../record/site.ts'
import type { Db } from '../record/sql.ts'
import {
  due,
  type Holding,
  type KeptRow,
  onRequest,
  type Purpose,
  type RetentionPolicy,
  shortestTerm,
} from '../rules/retention.ts'

/** Rows looked at in one go: some 10 ms. */
const SLICE = 2_000
/** Rows that go: so many, and the answer leaves. */
const FOUND_AT_ONCE = 400
/** Seqs looked at in one go, where only those that hold a text come back. */
const SPAN = 10_000
const PSEUDONYM = /\b[pb]-[0-9a-f]{16}\b/g

/** What rows are judged by; the same until rights, holds or terms change. */
interface Rules {
  readonly of: string
  readonly policy: RetentionPolicy
  readonly holds: readonly Holding[]
  readonly classOf: (accessPoint: string) => PointClass | undefined
}

/** @param db for reading */
export function privacyIn(db: Db) {
  let known: Rules | undefined
  const rules = (): Rules => {
    const of = `${revision(db)} ${retentionBasis(db)}`
    if (known?.of !== of) known = { of, policy: policyOf(db), holds: holdings(db), classOf: classesOf(db) }
    return known
  }

  /** Goes on from row `after` until some hundred rows are due, or nothing more can be. */
  async function findDue({ after, now }: { after: number; now: number }): Promise<DueSlice> {
    const { policy, holds, classOf } = rules()
    const basis = retentionBasis(db)
    const [end, cutoff] = [lastSeq(db), now - shortestTerm(policy)]
    const found = new Map<Purpose, number[]>()
    let [reached, count] = [after, 0]
    while (reached < end && count < FOUND_AT_ONCE) {
      await setImmediate()
      const to = Math.min(reached + SLICE, end)
      const rows = payloadsBy(db, cutoff, reached + 1, to).map(r => factsOf(r, classOf))
      for (const { seq, purpose } of due(rows, policy, holds, now)) {
        const list = found.get(purpose) ?? []
        found.set(purpose, list)
        list.push(seq)
        count += 1
      }
      reached = to
    }
    return { due: [...found], basis, ...(reached < end && { next: reached }) }
  }

  /** Rows that hold one of these texts, from row `after` on: which go on request, and what keeps the others. */
  async function about({
    texts,
    after,
    now,
  }: {
    texts: readonly string[]
    after: number
    now: number
  }): Promise<AboutSlice> {
    const { policy, holds, classOf } = rules()
    const [basis, end] = [retentionBasis(db), lastSeq(db)]
    const slice = {
      goes: [] as number[],
      waits: [] as AboutSlice['waits'][number][],
      asks: [] as AboutSlice['asks'][number][],
    }
    let reached = after
    while (reached < end && slice.goes.length < FOUND_AT_ONCE) {
      await setImmediate()
      const to = Math.min(reached + SPAN, end)
      for (const row of payloadsWith(db, texts, reached + 1, to)) {
        const facts = factsOf(row, classOf)
        const standing = onRequest(facts, policy, holds, now)
        if (standing?.goes && row.kind === 'privacy.erasure-asked') slice.asks.push(askOf(row))
        else if (standing?.goes) slice.goes.push(row.seq)
        else if (standing) slice.waits.push({ seq: row.seq, names: [...facts.names], ...standing })
      }
      reached = to
    }
    return { ...slice, basis, ...(reached < end && { next: reached }) }
  }

  /** People and badges that neither the site nor a row of the journal names any more. */
  async function unnamed(): Promise<readonly string[]> {
    const left = new Set(departedSubjects(db))
    for (let after = 0; left.size > 0; ) {
      await setImmediate()
      const rows = payloadsAfter(db, after, SLICE)
      const last = rows.at(-1)
      if (!last) break
      for (const { body } of rows) for (const name of body.match(PSEUDONYM) ?? []) left.delete(name)
      after = last.seq
    }
    return [...left]
  }

  return { due: findDue, about, unnamed, policy: () => rules().policy, clean: () => clean(db) }
}
export type Privacying = ReturnType<typeof privacyIn>

export const policyOf = (db: Db): RetentionPolicy =>
  (JSON.parse(item(db, 'site', 'site')?.body ?? '{}') as Partial<Site['site']>).policy?.retention ?? {}

/** What a row is judged by. Its names are those of its whole body, wherever they stand. */
export function factsOf({ seq, at, kind, body }: PayloadRow, classOf: Rules['classOf']): KeptRow {
  const event = JSON.parse(body) as {
    readonly class?: PointClass
    readonly accessPoint?: string
    readonly zone?: string
  }
  const of = event.class ?? (event.accessPoint === undefined ? undefined : classOf(event.accessPoint))
  return {
    ...{ seq, at, kind, names: new Set(body.match(PSEUDONYM)) },
    ...(of !== undefined && { class: of }),
    ...(event.accessPoint !== undefined && { accessPoint: event.accessPoint }),
    ...(event.zone !== undefined && { zone: event.zone }),
  }
}

/** Of access points of the present and of the past, as each stood last. */
export function classesOf(db: Db): Rules['classOf'] {
  const stored = items(db, 'accessPoint').map(({ id, body }) => [id, body] as const)
  const bodies = [...lastOfWithdrawn(db, 'accessPoint'), ...stored]
  const classes = new Map(bodies.map(([id, body]) => [id, (JSON.parse(body) as { class: PointClass }).class]))
  return accessPoint => classes.get(accessPoint)
}

const askOf = ({ seq, body }: PayloadRow) => ({ seq, request: (JSON.parse(body) as { id: string }).id })

function holdings(db: Db): Holding[] {
  return holdsInForce(db).map(({ statedReason: _, by: __, placedAt: ___, class: of, ...hold }) => ({
    ...hold,
    ...(of !== undefined && { class: of as PointClass }),
    ...(hold.person !== undefined && { people: peopleOf(db, hold.person) }),
    ...(hold.zone !== undefined && { zones: zonesBelow(db, hold.zone) }),
  }))
}

/** With every badge they ever had: rather a row too many. Of who is half erased already the request knows which those were. */
function peopleOf(db: Db, pseudonym: string): ReadonlySet<string> {
  const id = subjectsNamed(db, [pseudonym])[0]?.id
  const asked = openErasures(db).find(e => e.traces.pseudonym === pseudonym)
  const all = [id === undefined ? undefined : tracesOf(db, id), asked?.traces]
  return new Set([pseudonym, ...all.flatMap(traces => traces?.badges.flatMap(b => b.pseudonym ?? []) ?? [])])
}

function zonesBelow(db: Db, zone: string): ReadonlySet<string> {
  const children = new Map<string, string[]>()
  for (const { id, body } of items(db, 'zone')) {
    const { parent = '' } = JSON.parse(body) as { parent?: string }
    children.set(parent, [...(children.get(parent) ?? []), id])
  }
  return closure([zone], id => children.get(id) ?? [])
}

const CLEAN_TRIES = 20
const CLEAN_WAIT_MS = 50
/**
 * What was deleted leaves the write-ahead log. Whoever writes waits while it is truncated, and it can't be while somebody
 * reads: so it is tried often, and each time for a moment only.
 */
async function clean(db: Db): Promise<boolean> {
  db.pragma(`busy_timeout = ${CLEAN_WAIT_MS}`)
  try {
    db.pragma('wal_checkpoint(PASSIVE)')
    for (let tries = 0; tries < CLEAN_TRIES; tries++) {
      if (cleanLog(db)) return true
      await new Promise(resolve => setTimeout(resolve, CLEAN_WAIT_MS))
    }
    return false
  } finally {
    db.pragma(`busy_timeout = ${BUSY_MS}`)
  }
}
const BUSY_MS = 1_500
