/** From rounds to the table: every figure is the median over the rounds, every ratio that of two such medians. Pure. */
import type { Side } from './ground.ts'
import type { Decisions, Rate, Round, SideResult, Stream } from './results.ts'
import { median } from './stats.ts'

export interface Row {
  readonly what: string
  readonly ours: string
  readonly beside: string
  /** NaN where the system does not tell. */
  readonly ratio: number
  /** Undefined for a row that only informs. */
  readonly target?: { readonly bound: 'at most' | 'at least'; readonly ratio: number }
}

/** Measured once on a machine of this kind, Mosquitto 2.0.11 before Node-RED without fsync; the two policy engines in process. */
export const EARLIER = {
  nodeRedPerSecond: 2_500,
  nodeRedQuietMs: 44,
  nodeRedQuietNoDelayMs: 1.3,
  cedarP99Us: 634,
  casbinP99Us: 2_100,
} as const

const round2 = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(1))
const ms = (value: number): string => `${round2(value)} ms`
const us = (value: number): string => `${round2(value)} µs`
const kib = (value: number): string => `${value.toFixed(0)} KiB`
const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`

/** @returns true or false for a row with a target that could be measured */
export function isMet({ ratio, target }: Row): boolean | undefined {
  if (!target || Number.isNaN(ratio)) return undefined
  return target.bound === 'at most' ? ratio <= target.ratio : ratio >= target.ratio
}

interface Comparison {
  readonly what: string
  readonly ours: number
  readonly beside: number
  readonly show: (value: number) => string
  readonly name: string
  readonly atMost?: number
  readonly atLeast?: number
}

function row({ what, ours, beside, show, name, atMost, atLeast }: Comparison): Row {
  const base = { what, ours: show(ours), beside: `${name} ${show(beside)}`, ratio: ours / beside }
  if (atMost !== undefined) return { ...base, target: { bound: 'at most', ratio: atMost } }
  if (atLeast !== undefined) return { ...base, target: { bound: 'at least', ratio: atLeast } }
  return base
}

export function rowsOf(rounds: readonly Round[], decisions: Decisions | undefined): Row[] {
  const disk = rounds.flatMap(r => r.disk)
  const fsync = { p50: median(disk.map(d => d.p50)), p99: median(disk.map(d => d.p99)) }
  return [
    ...(rounds.some(r => r.ours.streams) ? [...badgeRows(rounds, fsync), ...quietRows(rounds)] : []),
    ...(rounds.some(r => r.ours.sustained) ? sustainedRows(rounds) : []),
    ...(rounds.some(r => r.ours.crowd) ? crowdRows(rounds) : []),
    ...(rounds.some(r => r.ours.telemetry) ? telemetryRows(rounds) : []),
    ...(decisions ? decisionRows(decisions, fsync.p50) : []),
  ]
}

/** The median over the rounds that measured it. */
function of(rounds: readonly Round[], side: Side, pick: (result: SideResult) => number | undefined): number {
  return median(rounds.flatMap(r => pick(r[side]) ?? []))
}

function both(rounds: readonly Round[], pick: (result: SideResult) => number | undefined) {
  return { ours: of(rounds, 'ours', pick), beside: of(rounds, 'bare', pick) }
}

function badgeRows(rounds: readonly Round[], fsync: { p50: number; p99: number }): Row[] {
  const at = (rate: Rate, key: keyof Stream) => both(rounds, s => s.streams?.[rate][key] as number | undefined)
  const p50 = at(500, 'p50')
  const p99 = at(500, 'p99')
  const sum = {
    p50: `bare ${ms(p50.beside)} + 3 fdatasync ${ms(fsync.p50)} =`,
    p99: `2 bare ${ms(p99.beside)} + fdatasync ${ms(fsync.p99)} =`,
  }
  const mostP50 = p50.beside + 3 * fsync.p50
  const mostP99 = 2 * p99.beside + fsync.p99
  const show = { show: ms, name: 'bare' }
  return [
    row({
      what: 'badge → durable decision, 500/s, p50',
      ours: p50.ours,
      beside: mostP50,
      show: ms,
      name: sum.p50,
      atMost: 1,
    }),
    row({
      what: 'badge → durable decision, 500/s, p99',
      ours: p99.ours,
      beside: mostP99,
      show: ms,
      name: sum.p99,
      atMost: 1,
    }),
    row({ what: 'badge → durable decision, 2,000/s, p50', ...at(2_000, 'p50'), ...show }),
    row({ what: 'badge → durable decision, 2,000/s, p99', ...at(2_000, 'p99'), ...show }),
    row({ what: 'CPU per badge, 2,000/s', ...at(2_000, 'cpuMs'), ...show, atMost: 2 }),
  ]
}

function quietRows(rounds: readonly Round[]): Row[] {
  const what = 'quiet door, closed loop, p50'
  const { ours, beside } = both(rounds, s => s.quiet?.p50)
  const { nodeRedQuietMs, nodeRedQuietNoDelayMs } = EARLIER
  return [
    row({ what, ours, beside, show: ms, name: 'bare' }),
    row({ what, ours, beside: nodeRedQuietMs, show: ms, name: 'Node-RED as shipped †', atMost: 0.1 }),
    row({ what, ours, beside: nodeRedQuietNoDelayMs, show: ms, name: 'Node-RED with no-delay forced †', atMost: 1 }),
  ]
}

const brokeAt = (rounds: readonly Round[], side: Side): string => {
  const rates = rounds.flatMap(r => r[side].sustained?.brokeAt ?? [])
  return rates.length > 0 ? ` (lost its connections at ${perSecond(Math.min(...rates))})` : ''
}

const orMore = (rounds: readonly Round[], side: Side, key: 'sustained' | 'telemetry'): string =>
  rounds.some(r => r[side][key]?.limitedByGenerator) ? ' (or more: the generator was its limit)' : ''

function sustainedRows(rounds: readonly Round[]): Row[] {
  const { ours, beside } = both(rounds, s => s.sustained?.rate)
  const what = `badges/s sustained with p99 under 100 ms${orMore(rounds, 'ours', 'sustained')}${brokeAt(rounds, 'ours')}`
  const name = `bare${orMore(rounds, 'bare', 'sustained')}${brokeAt(rounds, 'bare')}`
  return [
    row({
      what,
      ours,
      beside: EARLIER.nodeRedPerSecond,
      show: perSecond,
      name: 'Node-RED without fsync †',
      atLeast: 2,
    }),
    row({ what, ours, beside, show: perSecond, name }),
  ]
}

function crowdRows(rounds: readonly Round[]): Row[] {
  return [
    row({
      what: 'memory per idle connection',
      ...both(rounds, s => s.crowd?.idleKiB),
      show: kib,
      name: 'bare',
      atMost: 1.3,
    }),
    row({
      what: 'mTLS connections/s, all at once',
      ...both(rounds, s => s.crowd?.perSecond),
      show: perSecond,
      name: 'bare',
      atLeast: 0.9,
    }),
    row({ what: 'CPU per connection', ...both(rounds, s => s.crowd?.cpuMs), show: ms, name: 'bare' }),
  ]
}

function telemetryRows(rounds: readonly Round[]): Row[] {
  const what = `QoS 1 telemetry, checked and stored${orMore(rounds, 'ours', 'telemetry')}`
  const name = `bare, in process${orMore(rounds, 'bare', 'telemetry')}`
  const cpu = both(rounds, s => s.telemetry && s.telemetry.cpuMs * 1000)
  return [
    row({ what, ...both(rounds, s => s.telemetry?.perSecond), show: perSecond, name, atLeast: 0.5 }),
    row({ what: 'CPU per reading', ...cpu, show: us, name: 'bare' }),
  ]
}

function decisionRows({ p99 }: Decisions, fsyncMs: number): Row[] {
  const what = 'decision alone, p99'
  const ours = p99 * 1000
  return [
    row({ what, ours, beside: fsyncMs * 10, show: us, name: '1 % of fdatasync', atMost: 1 }),
    row({ what, ours, beside: EARLIER.cedarP99Us, show: us, name: 'Cedar †', atMost: 0.01 }),
    row({ what, ours, beside: EARLIER.casbinP99Us, show: us, name: 'casbin †', atMost: 0.01 }),
  ]
}
