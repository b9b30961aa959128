/**
 * The measurements. Both servers see the same load from the same generator in turn, and who goes first changes from
 * round to round, so that what disturbs the machine disturbs both.
 */
import { SIDES, type Side } from './ground.ts'
import { cleanEnv, runToEnd, SERVER_CORE } from './processes.ts'
import {
  type Bench,
  type Crowd,
  type Decisions,
  type Disk,
  type Part,
  type Plan,
  RATES,
  type Rate,
  type Round,
  type Stream,
  type Sustained,
  type Telemetry,
} from './results.ts'
import { largest } from './search.ts'
import { Stand } from './stand.ts'

/** Share of a core. */
const BUSY = 0.9
/** A single stall of the machine is no limit of the server. */
const TRIES = 3

const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

export async function runRound(bench: Bench, index: number, parts: ReadonlySet<Part>): Promise<Round> {
  const round: Round = { disk: [await measureDisk(bench)], bare: {}, ours: {} }
  const order = index % 2 === 0 ? SIDES : [...SIDES].reverse()
  const seed = index + 1
  if (parts.has('badges')) await badges(bench, round, order, seed)
  for (const side of order) {
    if (parts.has('sustained') && index < bench.plan.sustained.rounds)
      round[side].sustained = await sustained(bench, side, seed)
    if (parts.has('telemetry')) round[side].telemetry = await telemetry(bench, side)
    if (parts.has('crowd')) round[side].crowd = await crowd(bench, side)
  }
  return round
}

export function measureDecisions(plan: Plan): Promise<Decisions> {
  return runToEnd(SERVER_CORE, ['bench/decisions.ts', '--count', String(plan.decisions)])
}

function measureDisk({ ground, plan }: Bench): Promise<Disk> {
  const args = ['bench/disk.ts', '--folder', ground.folder, '--seconds', String(plan.diskSeconds)]
  return runToEnd(SERVER_CORE, args, cleanEnv())
}

const readersOf = ({ ground, plan }: Bench): readonly string[] => ground.readers.slice(0, plan.readers)

/** Both servers stand beside each other; the one that is not asked only keeps its idle connections. */
async function badges(bench: Bench, round: Round, order: readonly Side[], seed: number): Promise<void> {
  const { plan, load, tell } = bench
  const stands: Stand[] = []
  for (const side of order) stands.push(await Stand.open(bench, side, readersOf(bench)))
  for (const stand of stands) await stand.warmUp()
  const results = { bare: {} as Record<Rate, Stream>, ours: {} as Record<Rate, Stream> }
  for (const rate of RATES) {
    round.disk.push(await measureDisk(bench))
    for (const stand of stands) {
      tell(`${stand.side}: ${rate} badges/s`)
      results[stand.side][rate] = await stream(stand, rate, plan.streamSeconds, seed)
    }
  }
  for (const { side } of stands) {
    tell(`${side}: quiet door`)
    round[side].quiet = await load.order('quiet', { side, ...plan.quiet })
  }
  for (const stand of stands) {
    round[stand.side].streams = results[stand.side]
    await stand.close()
  }
}

async function stream(stand: Stand, rate: number, seconds: number, seed: number): Promise<Stream> {
  const before = stand.server.cpuMs
  const result = await stand.badges(rate, seconds, { seed })
  if (!result.complete)
    throw new Error(`${stand.side} left ${result.sent - result.answered} of ${result.sent} badges without a decision`)
  return { ...result, cpuMs: (stand.server.cpuMs - before) / result.answered }
}

type Failure = Omit<Sustained, 'rate'>

async function sustained(bench: Bench, side: Side, seed: number): Promise<Sustained> {
  const stand = await Stand.open(bench, side, readersOf(bench))
  await stand.warmUp()
  let failed: Failure = { limitedByGenerator: false }
  const holds = async (rate: number): Promise<boolean> => {
    for (let i = 0; i < TRIES; i++) {
      const failure = await tryRate(bench, stand, rate, seed)
      if (!failure) return true
      failed = { ...failed, ...failure }
      if (failure.brokeAt !== undefined) return false
    }
    return false
  }
  const rate = await largest(holds, bench.plan.sustained)
  await stand.close()
  return { rate, ...failed }
}

/** @returns undefined if the server held the rate */
async function tryRate({ plan, tell }: Bench, stand: Stand, rate: number, seed: number): Promise<Failure | undefined> {
  const { seconds, p99Ms } = plan.sustained
  try {
    const r = await stand.badges(rate, seconds, { seed, giveUpAt: rate / 2 })
    tell(`${stand.side}: ${rate} badges/s, p99 ${r.p99.toFixed(1)} ms${r.complete ? '' : ', overrun'}`)
    return r.complete && r.p99 < p99Ms ? undefined : { limitedByGenerator: r.lateP99 > p99Ms / 2 }
  } catch (error) {
    tell(`${stand.side}: ${rate} badges/s, ${error instanceof Error ? error.message : String(error)}`)
    await stand.renew()
    return { limitedByGenerator: false, brokeAt: rate }
  }
}

async function telemetry(bench: Bench, side: Side): Promise<Telemetry> {
  const { load, plan, ground, tell } = bench
  const { seconds, window } = plan.telemetry
  const stand = await Stand.open(bench, side, ground.sensors)
  await load.order('telemetry', { side, seconds: seconds / 2, window })
  const before = stand.server.cpuMs
  const result = await load.order('telemetry', { side, seconds, window })
  const cpuMs = (stand.server.cpuMs - before) / result.acknowledged
  tell(`${side}: ${Math.round(result.perSecond)} readings/s`)
  const { readings } = await stand.close()
  if (readings !== undefined && readings < result.acknowledged)
    throw new Error(`${side} acknowledged ${result.acknowledged} readings and handled ${readings}`)
  return { ...result, cpuMs, limitedByGenerator: result.generatorCpu > BUSY }
}

/** Everybody at once, as after a power cut; then nobody says anything. */
async function crowd({ plan, ground, load, tell }: Bench, side: Side): Promise<Crowd> {
  const { devices, idleMs } = plan.crowd
  const server = await ground.start(side)
  await sleep(idleMs)
  await server.collectGarbage()
  const before = { rss: server.rssKiB, cpu: server.cpuMs }
  const names = ground.readers.slice(0, devices)
  const { seconds } = await load.order('connect', { side, folder: ground.certificates, port: server.port, names })
  const cpu = server.cpuMs
  await load.order('settleIn', { side })
  await sleep(idleMs)
  await server.collectGarbage()
  const rss = server.rssKiB
  await load.order('disconnect', { side })
  await server.stop()
  tell(`${side}: ${Math.round(devices / seconds)} connections/s`)
  return { perSecond: devices / seconds, cpuMs: (cpu - before.cpu) / devices, idleKiB: (rss - before.rss) / devices }
}
