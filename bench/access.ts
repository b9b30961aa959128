/**
 * `npm run bench:access`: how fast a badge is decided, beside casbin and Cedar on the same rights and the same badges, in
 * the same run; and how fast a change of rights is in force. Every engine must give every answer the same, or it fails.
 */
import { parseArgs } from 'node:util'
import { Compiler } from '#hub/access/compile.ts'
import { decide } from '#hub/access/decide.ts'
import { CALM } from '#hub/access/situations.ts'
import type { Snapshot } from '#hub/access/snapshot.ts'
import { casbin } from './access-casbin.ts'
import { cedar } from './access-cedar.ts'
import {
  type Bench,
  type Case,
  GRANTS,
  makeBench,
  makeCases,
  NOW,
  PEOPLE,
  POINTS,
  ROLES,
  readerOf,
  uidOf,
} from './access-site.ts'
import { median, percentile } from './stats.ts'

type Engine = (one: Case) => boolean

const { values } = parseArgs({ options: { rounds: { type: 'string' }, quick: { type: 'boolean' } } })
const quick = values.quick === true
const rounds = Number(values.rounds ?? (quick ? 1 : 5))
/** The others take milliseconds for what takes us microseconds: they get fewer of the same badges. */
const OURS = quick ? 20_000 : 500_000
const THEIRS = quick ? 20 : 400

function main(): Promise<void> {
  const bench = makeBench()
  return run(bench, makeCases(10_000, bench))
}

async function run(bench: Bench, cases: readonly Case[]): Promise<void> {
  const compiler = new Compiler(bench.site, 1, bench.pseudonyms, bench.grants, NOW)
  const ours = vigie(compiler.snapshot)
  const others = { casbin: await casbin(bench), Cedar: cedar(bench) }
  const opened = agree(ours, others, cases.slice(0, THEIRS))
  line(`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${rounds} round(s), one core.`)
  line(
    `${PEOPLE} people, ${ROLES} roles, ${POINTS} points, ${GRANTS} live grants; ${Math.round(opened * 100)} % of the badges open.`,
  )
  perSecond(ours, cases, OURS) // compiled by then
  const rates = measure(ours, others, cases)
  const p99 = median(Array.from({ length: rounds }, () => percentile(timed(ours, cases), 0.99)))
  line('')
  line('| what | ours | beside | ratio | target | verdict |')
  line('|---|---|---|---|---|---|')
  row(
    'decisions per second',
    `${thousands(rates.ours)}`,
    '',
    rates.ours / 500_000,
    '>= 500,000/s',
    rates.ours >= 500_000,
  )
  row('decision, p99', `${(p99 * 1000).toFixed(2)} µs`, '', p99 / 0.005, '< 5 µs', p99 < 0.005)
  for (const [name, rate] of Object.entries(rates.others))
    row(
      `beside ${name}`,
      `${thousands(rates.ours)}/s`,
      `${thousands(rate)}/s`,
      rates.ours / rate,
      '>= 100 x',
      rates.ours / rate >= 100,
    )
  changes(bench)
}

const vigie = (snapshot: Snapshot): Engine => {
  const readers = Array.from({ length: POINTS }, (_, i) => readerOf(i))
  const uids = Array.from({ length: PEOPLE }, (_, i) => uidOf(i))
  return ({ person, point, at }) =>
    decide(snapshot, CALM, { device: readers[point]!, point: 'door', uid: uids[person]!, at }).granted
}

/** @returns the share of badges that open. @throws Error if any engine decides any badge otherwise */
function agree(ours: Engine, others: Readonly<Record<string, Engine>>, cases: readonly Case[]): number {
  for (const [name, engine] of Object.entries(others)) {
    const odd = cases.find(one => engine(one) !== ours(one))
    if (odd) throw new Error(`${name} decides ${JSON.stringify(odd)} otherwise`)
  }
  return cases.filter(ours).length / cases.length
}

function measure(ours: Engine, others: Readonly<Record<string, Engine>>, cases: readonly Case[]) {
  const rates: number[] = []
  const theirs = new Map<string, number[]>(Object.keys(others).map(name => [name, []]))
  for (let round = 0; round < rounds; round++) {
    rates.push(perSecond(ours, cases, OURS))
    for (const [name, engine] of Object.entries(others)) theirs.get(name)!.push(perSecond(engine, cases, THEIRS))
  }
  return { ours: median(rates), others: Object.fromEntries([...theirs].map(([name, list]) => [name, median(list)])) }
}

function perSecond(engine: Engine, cases: readonly Case[], count: number): number {
  const started = performance.now()
  for (let i = 0; i < count; i++) engine(cases[i % cases.length]!)
  return (count / (performance.now() - started)) * 1000
}

/** Each by itself, the clock's own cost included. */
function timed(engine: Engine, cases: readonly Case[]): Float64Array {
  const times = new Float64Array(quick ? 5_000 : 100_000)
  for (let i = 0; i < times.length; i++) {
    const started = performance.now()
    engine(cases[i % cases.length]!)
    times[i] = performance.now() - started
  }
  return times
}

/** What each kind of change costs until the next badge is decided by it. */
function changes(bench: Bench): void {
  const { site, grants, pseudonyms } = bench
  const whole = repeated(() => new Compiler(site, 1, pseudonyms, grants, NOW))
  row('compile from nothing', `${whole.toFixed(1)} ms`, '', whole / 500, '< 500 ms', whole < 500)
  const compiler = new Compiler(site, 1, pseudonyms, grants, NOW)
  let revision = 1
  for (const [what, kind, list] of [
    ['person', 'person', site.people],
    ['badge', 'badge', site.badges],
    ['role', 'role', site.roles],
    ['schedule', 'schedule', site.schedules],
    ['zone', 'zone', site.zones],
    ['access point', 'accessPoint', site.accessPoints],
  ] as const) {
    const item = list[list.length >> 1]!
    const id = 'uid' in item ? item.uid : item.id
    const ms = repeated(() =>
      compiler.update({ revision: ++revision, now: NOW, items: [{ kind, id, item }], grants: [] }),
    )
    row(
      `recompile after one changed ${what}`,
      `${ms.toFixed(2)} ms`,
      `${whole.toFixed(1)} ms`,
      ms / 10,
      '< 10 ms',
      ms < 10,
    )
  }
  const grant = grants[0]!
  const ms = repeated(() =>
    compiler.update({ revision: ++revision, now: NOW, items: [], grants: [{ id: grant.id, grant }] }),
  )
  row('recompile after one grant', `${ms.toFixed(2)} ms`, `${whole.toFixed(1)} ms`, ms / 10, '< 10 ms', ms < 10)
}

/** Median of a few, the first ones not counted. */
function repeated(work: () => unknown): number {
  const times = Array.from({ length: quick ? 4 : 14 }, () => {
    const started = performance.now()
    work()
    return performance.now() - started
  })
  return median(times.slice(quick ? 1 : 4))
}

const line = (text: string): void => void process.stdout.write(`${text}\n`)
const thousands = (n: number): string => Math.round(n).toLocaleString('en-US')
function row(what: string, ours: string, beside: string, ratio: number, target: string, met: boolean): void {
  const figure = ratio >= 10 ? thousands(ratio) : ratio.toFixed(3)
  line(`| ${what} | ${ours} | ${beside} | ${figure} | ${target} | ${met ? 'met' : 'NOT met'} |`)
}

await main()
