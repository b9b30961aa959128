/**
 * `npm run bench:rules`: 50 scenarios under 10,000 readings a second, and how soon an alert stands on the live page while
 * badges come in between.
 *
 *   --rounds <n>     how often everything is measured (5)
 *   --folder <dir>   a folder on the disk to measure (the system's temporary folder)
 *   --readings <n>   readings a second (10,000)
 *   --quick          a sample of a few seconds: shows that it works, not how fast
 *   --profile <dir>  CPU profiles of the hub, for the inspector of a browser
 *   --json           every figure of every round
 *
 * The hub has one core, the generator the other. The alert is timed from when its reading was due until the page's socket
 * had it: sensor, broker, disk, scenario, incident, disk again, socket.
 */
import { parseArgs } from 'node:util'
import { DashboardWatch } from './dashboard-watch.ts'
import { until } from './fleet.ts'
import { LoadGenerator } from './generator.ts'
import { Ground } from './ground.ts'
import { heading, table } from './print.ts'
import { killAll } from './processes.ts'
import type { Row } from './rows.ts'
import { type EngineRound, engineRound } from './rules-engine.ts'
import { makeRulesSite, ROOMS, roomOf, SCENARIOS } from './rules-site.ts'
import { median, percentile } from './stats.ts'
import type { StormResult } from './storm.ts'

interface Plan {
  readonly rounds: number
  readonly readers: number
  readonly sensors: number
  readonly readings: number
  readonly seconds: number
  readonly badges: number
  readonly alarms: number
  readonly messages: number
}
const FULL: Plan = {
  ...{ rounds: 5, readers: 100, sensors: 231, readings: 10_000 },
  ...{ seconds: 20, badges: 2_000, alarms: 100, messages: 400_000 },
}
const QUICK: Plan = {
  ...{ rounds: 1, readers: 5, sensors: 40, readings: 200 },
  ...{ seconds: 3, badges: 30, alarms: 6, messages: 20_000 },
}
const LIMIT_MS = 200

export interface Alerts {
  /** From the reading to the page; and from the hub's row to the page. Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly raisedP99: number
  readonly seen: number
  readonly expected: number
}
export interface RulesRound {
  readonly engine: EngineRound
  readonly storm: Omit<StormResult, 'alarms'> & Alerts & { readonly cpu: number }
  readonly calm: Omit<StormResult, 'alarms'> & Alerts
}

const tell = (text: string): void => void process.stderr.write(`${text}\n`)

/** Each alarm's alert is the first of its room after it. */
export function alertsOf(alarms: StormResult['alarms'], seen: DashboardWatch['seen']): Alerts {
  const found = alarms.flatMap(({ sensor, at }) => seen.find(s => s.zone === roomOf(sensor) && s.at >= at) ?? [])
  const whole = alarms.flatMap(({ sensor, at }) => {
    const hit = seen.find(s => s.zone === roomOf(sensor) && s.at >= at)
    return hit ? [hit.at - at] : []
  })
  const raised = found.map(s => s.at - s.raisedAt)
  return {
    p50: percentile(whole, 0.5),
    p99: percentile(whole, 0.99),
    raisedP99: percentile(raised, 0.99),
    seen: whole.length,
    expected: alarms.length,
  }
}

async function measure(ground: Ground, plan: Plan): Promise<RulesRound[]> {
  const { readings, seconds, badges, alarms } = plan
  const hub = await ground.start('ours')
  const load = new LoadGenerator()
  await until(() => hub.setupUrl !== '', 10_000)
  const watch = await DashboardWatch.open(hub.setupUrl)
  for (const [side, names] of [
    ['badges', ground.readers],
    ['sensors', ground.sensors],
  ] as const) {
    await load.order('connect', { side, folder: ground.certificates, port: hub.port, names })
    await load.order('settleIn', { side })
  }
  const run = async (perSecond: number, seed: number) => {
    watch.seen.length = 0
    const common = { sensors: 'sensors', badges: 'badges', seconds, seed, alarms, alarming: ROOMS }
    const result = await load.order('storm', { ...common, readings: perSecond, rate: badges / seconds })
    const { alarms: told, ...rest } = result
    const deadline = performance.now() + 10_000
    while (alertsOf(told, watch.seen).seen < told.length && performance.now() < deadline)
      await new Promise(resolve => setTimeout(resolve, 20))
    return { ...rest, ...alertsOf(told, watch.seen) }
  }
  await run(Math.min(1_000, readings), 0)
  const rounds: RulesRound[] = []
  for (let i = 0; i < plan.rounds; i++) {
    tell(`round ${i + 1} of ${plan.rounds}`)
    const engine = engineRound(plan.messages)
    const calm = await run(Math.max(10, readings / 100), 2 * i + 1)
    const before = hub.cpuMs
    const storm = await run(readings, 2 * i + 2)
    const cpu = (hub.cpuMs - before) / (seconds * 1000)
    tell(
      `engine ${engine.scenariosUs.toFixed(2)} µs; ${Math.round(storm.perSecond)} readings/s stored, alert p99 ${storm.p99.toFixed(0)} ms (calm ${calm.p99.toFixed(0)} ms), badges p99 ${storm.badges.p99.toFixed(1)} ms, generator late ${storm.lateP99.toFixed(1)} ms`,
    )
    rounds.push({ engine, calm, storm: { ...storm, cpu } })
  }
  watch.close()
  for (const side of ['badges', 'sensors']) await load.order('disconnect', { side })
  await load.stop()
  await hub.stop()
  return rounds
}

/** Every figure is the median over the rounds. */
export function rowsOf(rounds: readonly RulesRound[], plan: Pick<Plan, 'readings' | 'badges'>): Row[] {
  const of = (pick: (round: RulesRound) => number): number => median(rounds.map(pick))
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  const us = (value: number): string => `${value.toFixed(2)} µs`
  const rate = plan.readings.toLocaleString('en')
  const stored = of(r => r.storm.perSecond)
  const [decode, engine] = [of(r => r.engine.decodeUs), of(r => r.engine.scenariosUs)]
  return [
    {
      what: `a reading through ${SCENARIOS} scenarios, one core`,
      ours: `${us(engine)} (${Math.round(1e6 / engine).toLocaleString('en')}/s)`,
      beside: `decoding it ${us(decode)}`,
      ratio: engine / decode,
      target: { bound: 'at most', ratio: 1 },
    },
    {
      what: `readings stored and looked at, ${rate}/s sent`,
      ours: `${Math.round(stored).toLocaleString('en')}/s`,
      beside: `${rate}/s`,
      ratio: stored / plan.readings,
      target: { bound: 'at least', ratio: 0.98 },
    },
    {
      what: `alarm sent → alert on the live page, with ${plan.badges} badges in between, p99`,
      ours: ms(of(r => r.storm.p99)),
      beside: `limit ${LIMIT_MS} ms (with a hundredth of the readings ${ms(of(r => r.calm.p99))})`,
      ratio: of(r => r.storm.p99) / LIMIT_MS,
      target: { bound: 'at most', ratio: 1 },
    },
    {
      what: 'alert raised → on the live page, p99',
      ours: ms(of(r => r.storm.raisedP99)),
      beside: `limit ${LIMIT_MS} ms`,
      ratio: of(r => r.storm.raisedP99) / LIMIT_MS,
      target: { bound: 'at most', ratio: 1 },
    },
    {
      what: 'badge → durable decision meanwhile, p99',
      ours: ms(of(r => r.storm.badges.p99)),
      beside: `with a hundredth of the readings ${ms(of(r => r.calm.badges.p99))}`,
      ratio: of(r => r.storm.badges.p99) / of(r => r.calm.badges.p99),
    },
    {
      what: 'CPU of the hub meanwhile',
      ours: `${of(r => r.storm.cpu).toFixed(2)} cores`,
      beside: '1 core',
      ratio: of(r => r.storm.cpu),
    },
  ]
}

const OPTIONS = {
  rounds: { type: 'string' },
  folder: { type: 'string' },
  readings: { type: 'string' },
  profile: { type: 'string' },
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

function whole(text: string | undefined, fallback: number, most: number, option: string): number {
  const value = text === undefined ? fallback : Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`--${option} takes a whole number from 1 to ${most}`)
  return value
}

async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS })
  const fitting = values.quick ? QUICK : FULL
  const plan = {
    ...fitting,
    rounds: whole(values.rounds, fitting.rounds, 100, 'rounds'),
    readings: whole(values.readings, fitting.readings, 100_000, 'readings'),
  }
  const startedAt = new Date()
  const ground = new Ground(values.folder, plan.readers, plan.sensors, values.profile, makeRulesSite)
  try {
    await ground.furnish()
    const measured = await measure(ground, plan)
    const rows = rowsOf(measured, plan)
    const head = heading({
      startedAt,
      rounds: plan.rounds,
      disk: [],
      inMemory: ground.inMemory,
      quick: values.quick === true,
    })
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
