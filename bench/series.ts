/**
 * `npm run bench:series`: time series beside what they stand on, in one run.
 *
 *   --rounds <n>     how often everything is measured (5)
 *   --folder <dir>   a folder on the disk to measure (the system's temporary folder)
 *   --quick          a sample of a few seconds: shows that it works, not how fast
 *   --json           every figure of every round
 *
 * Points go from a journal into the embedded store, and into a real influxd (Debian: influxdb) through the flow that the hub
 * uses; beside it, the client library alone writes the same points. Badges are decided by two hubs in turn, one of which has
 * an InfluxDB that takes connections and never answers, and one that refuses them.
 */
import { rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Influxd, noInfluxd } from '#hub/test/store-servers.ts'
import { LoadGenerator } from './generator.ts'
import { Ground } from './ground.ts'
import type { BadgeResult } from './patterns.ts'
import { heading, table } from './print.ts'
import { killAll } from './processes.ts'
import type { Row } from './rows.ts'
import {
  bare,
  type Charted,
  chartOfYear,
  DEVICES,
  embedded,
  furnish,
  plain,
  type SeriesGround,
  shipped,
} from './series-parts.ts'
import { median } from './stats.ts'

interface Plan {
  readonly rounds: number
  readonly points: number
  readonly charts: number
  readonly readers: number
  readonly rate: number
  readonly seconds: number
}
const FULL: Plan = { rounds: 5, points: 300_000, charts: 20, readers: 100, rate: 500, seconds: 8 }
const QUICK: Plan = { rounds: 1, points: 10_000, charts: 3, readers: 5, rate: 100, seconds: 0.6 }
/** Points a second into the embedded store. */
const WANTED = 30_000
const CHART_MS = 150

export interface SeriesRound {
  readonly embedded: number
  readonly plain: number
  /** Absent where influxd is not installed. */
  readonly shipped?: number
  readonly bare?: number
  readonly charts: readonly Charted[]
  readonly quiet: BadgeResult
  readonly dead: BadgeResult
}

const OPTIONS = {
  rounds: { type: 'string' },
  folder: { type: 'string' },
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
} as const
const tell = (words: string): void => void process.stderr.write(`  ${words}\n`)

type Points = Omit<SeriesRound, 'quiet' | 'dead'>
async function pointsOf(ground: Ground, server: Influxd | undefined, plan: Plan, index: number): Promise<Points> {
  const dir = join(ground.folder, `series-${index}`)
  const journal = furnish(dir, plan.points)
  try {
    const figures = { embedded: await embedded(journal), plain: plain(dir, journal) }
    const sent = server ? await outside(journal, server, index) : {}
    const charts = chartOfYear(journal, plan.charts)
    tell(`embedded ${Math.round(figures.embedded)} points/s, chart ${median(charts.map(c => c.ms)).toFixed(0)} ms`)
    return { ...figures, ...sent, charts }
  } finally {
    journal.journal.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Who goes first changes from round to round. */
async function outside(
  journal: SeriesGround,
  server: Influxd,
  index: number,
): Promise<{ shipped: number; bare: number }> {
  const first = index % 2 === 0 ? await bare(journal, server, `bare${index}`) : undefined
  const ours = await shipped(journal, server, `ours${index}`)
  const theirs = first ?? (await bare(journal, server, `bare${index}`))
  tell(`influxd: ${Math.round(ours)} points/s, the library alone ${Math.round(theirs)}`)
  return { shipped: ours, bare: theirs }
}

/** Takes connections, reads what comes, and says nothing. */
async function deadStore(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer(socket => void socket.on('error', () => undefined).resume())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

async function badgesOf(quiet: Ground, dead: Ground, plan: Plan): Promise<Pick<SeriesRound, 'quiet' | 'dead'>[]> {
  const store = await deadStore()
  const [left, right] = [
    await quiet.start('ours'),
    await dead.start('ours', {
      VIGIE_INFLUX1_URL: `http://127.0.0.1:${store.port}`,
      VIGIE_INFLUX2_URL: 'http://127.0.0.1:9',
    }),
  ]
  const load = new LoadGenerator()
  // The generator knows two sides: here both are hubs.
  const sides = { bare: { ground: quiet, server: left }, ours: { ground: dead, server: right } } as const
  for (const side of ['bare', 'ours'] as const) {
    const { ground, server } = sides[side]
    await load.order('connect', { side, folder: ground.certificates, port: server.port, names: ground.readers })
    await load.order('settleIn', { side })
    await load.order('poisson', { side, rate: plan.rate, seconds: plan.seconds / 4, seed: 0 })
  }
  const rounds: Pick<SeriesRound, 'quiet' | 'dead'>[] = []
  for (let i = 0; i < plan.rounds; i++) {
    const run = (side: 'bare' | 'ours') =>
      load.order('poisson', { side, rate: plan.rate, seconds: plan.seconds, seed: i + 1 })
    const first = i % 2 === 0 ? await run('bare') : undefined
    const beside = await run('ours')
    const alone = first ?? (await run('bare'))
    tell(`badges p99 ${alone.p99.toFixed(1)} ms quiet, ${beside.p99.toFixed(1)} ms with dead stores`)
    for (const badges of [alone, beside])
      if (!badges.complete) throw new Error(`${badges.sent - badges.answered} badges had no decision`)
    rounds.push({ quiet: alone, dead: beside })
  }
  for (const side of ['bare', 'ours'] as const) await load.order('disconnect', { side })
  await load.stop()
  await left.stop()
  await right.stop()
  store.close()
  return rounds
}

/** Every figure is the median over the rounds. */
export function rowsOf(rounds: readonly SeriesRound[], rate: number): Row[] {
  const of = (pick: (round: SeriesRound) => number | undefined): number => median(rounds.flatMap(r => pick(r) ?? []))
  const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')} points/s`
  const ms = (value: number): string => `${value.toFixed(2)} ms`
  const [into, plainly] = [of(r => r.embedded), of(r => r.plain)]
  const [ours, library] = [of(r => r.shipped), of(r => r.bare)]
  const chart = of(r => median(r.charts.map(c => c.ms)))
  const [quiet, dead] = [of(r => r.quiet.p99), of(r => r.dead.p99)]
  const points = rounds[0]?.charts[0]?.points ?? 0
  return [
    {
      what: 'journal → embedded store, added up by minute, hour and day',
      ours: perSecond(into),
      beside: `wanted ${perSecond(WANTED)}`,
      ratio: into / WANTED,
      target: { bound: 'at least', ratio: 1 },
    },
    {
      what: 'the same',
      ours: perSecond(into),
      beside: `bare encrypted rows ${perSecond(plainly)}`,
      ratio: into / plainly,
    },
    ...(Number.isNaN(ours)
      ? []
      : [
          {
            what: 'journal → influxd 1.6.7',
            ours: perSecond(ours),
            beside: `the library alone ${perSecond(library)}`,
            ratio: ours / library,
            target: { bound: 'at least', ratio: 0.8 } as const,
          },
        ]),
    {
      what: `a year of ${DEVICES} devices at one minute, charted in ${points} points`,
      ours: ms(chart),
      beside: `limit ${ms(CHART_MS)}`,
      ratio: chart / CHART_MS,
      target: { bound: 'at most', ratio: 1 },
    },
    {
      what: `badge → durable decision with dead stores, ${rate}/s, p99`,
      ours: ms(dead),
      beside: `without stores ${ms(quiet)}`,
      ratio: dead / quiet,
      target: { bound: 'at most', ratio: 1.1 },
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
  const [quiet, dead] = [new Ground(values.folder, plan.readers, 0), new Ground(values.folder, plan.readers, 0)]
  const server = noInfluxd ? undefined : await new Influxd().start()
  try {
    const points: Points[] = []
    for (let i = 0; i < rounds; i++) points.push(await pointsOf(quiet, server, plan, i))
    await server?.stop()
    for (const ground of [quiet, dead]) await ground.furnish()
    const badges = await badgesOf(quiet, dead, plan)
    const measured = points.map((p, i) => ({ ...p, ...(badges[i] as (typeof badges)[number]) }))
    const rows = rowsOf(measured, plan.rate)
    const head = heading({ startedAt, rounds, disk: [], inMemory: quiet.inMemory, quick: values.quick === true })
    const text = values.json
      ? JSON.stringify({ startedAt, machine: head.split('\n'), rows, rounds: measured }, null, 2)
      : `${head}\n\n${table(rows)}`
    process.stdout.write(`${text}\n`)
  } finally {
    killAll()
    await server?.close()
    for (const ground of [quiet, dead]) ground.remove()
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
