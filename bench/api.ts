/**
 * `npm run bench:api`: the API beside a bare route of the same framework, and beside the doors, in one run.
 *
 *   --rounds <n>     how often everything is measured (5)
 *   --folder <dir>   a folder on the disk to measure (the system's temporary folder)
 *   --quick          a sample of a few seconds: shows that it works, not how fast
 *   --profile <dir>  CPU profiles of the hub, for the inspector of a browser
 *   --json           every figure of every round
 *
 * A program with a token reads one badge (GET /api/v1/site/items/badge/<uid>): the token is looked up, its operator's role
 * and the rate limit are checked each time. Plain HTTP on both sides.
 */
import { parseArgs } from 'node:util'
import { makeToken } from './api-token.ts'
import { LoadGenerator } from './generator.ts'
import { Ground } from './ground.ts'
import type { Target } from './http-client.ts'
import type { FloodResult, RequestsResult } from './http-load.ts'
import type { BadgeResult } from './patterns.ts'
import { heading, table } from './print.ts'
import { killAll } from './processes.ts'
import type { Row } from './rows.ts'
import { Server } from './server.ts'
import { uidOf } from './site.ts'
import { median } from './stats.ts'

interface Plan {
  readonly rounds: number
  readonly readers: number
  readonly connections: number
  readonly warmSeconds: number
  readonly floodSeconds: number
  readonly streamSeconds: number
  readonly rate: number
}
const FULL: Plan = {
  rounds: 5,
  readers: 100,
  connections: 16,
  warmSeconds: 2,
  floodSeconds: 4,
  streamSeconds: 8,
  rate: 500,
}
const QUICK: Plan = {
  rounds: 1,
  readers: 5,
  connections: 4,
  warmSeconds: 0.2,
  floodSeconds: 0.3,
  streamSeconds: 0.6,
  rate: 100,
}
/** Share of a core. */
const BUSY = 0.95
const P99_MS = 20

export interface Flood extends FloodResult {
  /** The server's user and system time for each request, milliseconds. */
  readonly cpuMs: number
}
export interface ApiRound {
  readonly bare: Flood
  readonly ours: Flood
  readonly quiet: BadgeResult
  readonly beside: { readonly badges: BadgeResult; readonly requests: RequestsResult }
}

const OPTIONS = {
  rounds: { type: 'string' },
  folder: { type: 'string' },
  profile: { type: 'string' },
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
} as const
const tell = (words: string): void => void process.stderr.write(`  ${words}\n`)

interface Stand {
  readonly plan: Plan
  readonly load: LoadGenerator
  readonly bare: Side
  readonly ours: Side
}
interface Side {
  readonly server: Server
  readonly target: Target
}

async function runRound({ plan, load, bare, ours }: Stand, index: number): Promise<ApiRound> {
  const { connections, floodSeconds, streamSeconds, rate } = plan
  const flood = async (name: 'bare' | 'ours', { server, target }: Side): Promise<Flood> => {
    const before = server.cpuMs
    const result = await load.order('flood', { target, connections, seconds: floodSeconds })
    tell(`${name}: ${Math.round(result.perSecond)} requests/s`)
    return { ...result, cpuMs: (server.cpuMs - before) / result.answered }
  }
  const first = index % 2 === 0 ? await flood('bare', bare) : undefined
  const oursFlood = await flood('ours', ours)
  const bareFlood = first ?? (await flood('bare', bare))
  const stream = { side: 'ours', rate, seconds: streamSeconds, seed: index + 1 }
  const badgesAlone = () => load.order('poisson', stream)
  const both = () => load.order('beside', { ...stream, target: ours.target, connections })
  // Who goes first changes, so that what the journal has grown by meets both.
  const before = index % 2 === 0 ? await badgesAlone() : undefined
  const beside = await both()
  const quiet = before ?? (await badgesAlone())
  tell(
    `badges p99 ${quiet.p99.toFixed(1)} ms alone, ${beside.badges.p99.toFixed(1)} ms beside; requests ${beside.requests.p99.toFixed(1)} ms`,
  )
  for (const badges of [quiet, beside.badges])
    if (!badges.complete) throw new Error(`${badges.sent - badges.answered} badges had no decision`)
  return { bare: bareFlood, ours: oursFlood, quiet, beside }
}

async function measure(ground: Ground, plan: Plan): Promise<ApiRound[]> {
  const token = makeToken(ground.data)
  const [bare, hub] = [await Server.start(['bench/api-bare.ts']), await ground.start('ours')]
  const load = new LoadGenerator()
  const path = `/api/v1/site/items/badge/${uidOf(1)}`
  const headers = { authorization: `Bearer ${token}` }
  const stand: Stand = {
    ...{ plan, load },
    bare: { server: bare, target: { port: bare.httpPort, path, headers } },
    ours: { server: hub, target: { port: hub.httpPort, path, headers } },
  }
  await load.order('connect', { side: 'ours', folder: ground.certificates, port: hub.port, names: ground.readers })
  await load.order('settleIn', { side: 'ours' })
  await load.order('poisson', { side: 'ours', rate: plan.rate, seconds: plan.warmSeconds, seed: 0 })
  for (const { target } of [stand.bare, stand.ours])
    await load.order('flood', { target, connections: plan.connections, seconds: plan.warmSeconds })
  const rounds: ApiRound[] = []
  for (let i = 0; i < plan.rounds; i++) {
    tell(`round ${i + 1} of ${plan.rounds}`)
    rounds.push(await runRound(stand, i))
  }
  await load.order('disconnect', { side: 'ours' })
  await load.stop()
  await bare.stop()
  await hub.stop()
  return rounds
}

/** Every figure is the median over the rounds. */
export function rowsOf(rounds: readonly ApiRound[], rate: number): Row[] {
  const of = (pick: (round: ApiRound) => number): number => median(rounds.map(pick))
  const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`
  const ms = (value: number): string => `${value.toFixed(2)} ms`
  const limited = (side: 'bare' | 'ours'): string =>
    rounds.some(r => r[side].generatorCpu > BUSY) ? ' (or more: the generator was its limit)' : ''
  const [ours, bare] = [of(r => r.ours.perSecond), of(r => r.bare.perSecond)]
  const cpu = { ours: of(r => r.ours.cpuMs), bare: of(r => r.bare.cpuMs) }
  const [p99, quiet, beside] = [of(r => r.beside.requests.p99), of(r => r.quiet.p99), of(r => r.beside.badges.p99)]
  return [
    {
      what: 'one badge read with a token, requests/s',
      ours: `${perSecond(ours)}${limited('ours')}`,
      beside: `bare route ${perSecond(bare)}${limited('bare')}`,
      ratio: ours / bare,
      target: { bound: 'at least', ratio: 0.6 },
    },
    {
      what: 'CPU of it',
      ours: `${(cpu.ours * 1000).toFixed(0)} µs`,
      beside: `bare route ${(cpu.bare * 1000).toFixed(0)} µs`,
      ratio: cpu.ours / cpu.bare,
    },
    {
      what: `the same at ${rate}/s beside ${rate} badges/s, p99`,
      ours: ms(p99),
      beside: `limit ${ms(P99_MS)}`,
      ratio: p99 / P99_MS,
      target: { bound: 'at most', ratio: 1 },
    },
    {
      what: `badge → durable decision beside it, ${rate}/s, p99`,
      ours: ms(beside),
      beside: `without requests ${ms(quiet)}`,
      ratio: beside / quiet,
      target: { bound: 'at most', ratio: 1.3 },
    },
  ]
}

async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS })
  const fitting = values.quick ? QUICK : FULL
  const rounds = values.rounds === undefined ? fitting.rounds : Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new Error('--rounds takes a whole number from 1 to 100')
  const plan = { ...fitting, rounds }
  const startedAt = new Date()
  const ground = new Ground(values.folder, plan.readers, 0, values.profile)
  try {
    await ground.furnish()
    const measured = await measure(ground, plan)
    const rows = rowsOf(measured, plan.rate)
    const head = heading({ startedAt, rounds, disk: [], inMemory: ground.inMemory, quick: values.quick === true })
    const text = values.json
      ? JSON.stringify({ startedAt, machine: head.split('\n'), rows, rounds: measured }, null, 2)
      : `${head}\n\n${table(rows)}`
    process.stdout.write(`${text}\n`)
  } finally {
    killAll()
    ground.remove()
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
