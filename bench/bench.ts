/**
 * `npm run bench`: the hub beside the bare broker and the bare disk, in one run, as ratios.
 *
 *   --rounds <n>     how often everything is measured (5)
 *   --only <parts>   badges, sustained, telemetry, crowd, decisions; separated by commas
 *   --folder <dir>   a folder on the disk to measure (the system's temporary folder)
 *   --quick          a sample of a few seconds: shows that it works, not how fast
 *   --profile <dir>  CPU profiles of the hub, one for each run and thread, for the inspector of a browser
 *   --json           every figure of every round
 */
import { parseArgs } from 'node:util'
import { LoadGenerator } from './generator.ts'
import { Ground } from './ground.ts'
import { FULL, QUICK } from './plans.ts'
import { heading, NOTES, table } from './print.ts'
import { killAll } from './processes.ts'
import { type Decisions, PARTS, type Part, type Plan, type Round } from './results.ts'
import { measureDecisions, runRound } from './rounds.ts'
import { rowsOf } from './rows.ts'

const OPTIONS = {
  rounds: { type: 'string' },
  only: { type: 'string' },
  folder: { type: 'string' },
  profile: { type: 'string' },
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

interface Wish {
  readonly plan: Plan
  readonly parts: ReadonlySet<Part>
  readonly folder: string | undefined
  readonly profiles: string | undefined
  readonly json: boolean
  readonly quick: boolean
}

/** @throws Error naming the option and what it takes */
function wishOf(argv: readonly string[]): Wish {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS })
  const plan = values.quick ? QUICK : FULL
  const rounds = values.rounds === undefined ? plan.rounds : Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new Error('--rounds takes a whole number from 1 to 100')
  const parts = values.only?.split(',') ?? [...PARTS]
  const known = (part: string): part is Part => (PARTS as readonly string[]).includes(part)
  if (!parts.every(known)) throw new Error(`--only takes ${PARTS.join(', ')}`)
  return {
    plan: { ...plan, rounds },
    parts: new Set(parts),
    folder: values.folder,
    profiles: values.profile,
    json: values.json === true,
    quick: values.quick === true,
  }
}

const tell = (words: string): void => void process.stderr.write(`  ${words}\n`)

async function main(argv: readonly string[]): Promise<void> {
  const { plan, parts, folder, profiles, json, quick } = wishOf(argv)
  const startedAt = new Date()
  const crowd = parts.has('crowd') ? plan.crowd.devices : 0
  tell(`preparing ${Math.max(plan.readers, crowd)} readers and ${plan.sensors} sensors`)
  const ground = new Ground(folder, Math.max(plan.readers, crowd), plan.sensors, profiles)
  onInterrupt(ground)
  try {
    await ground.furnish()
    const load = new LoadGenerator()
    const bench = { plan, ground, load, tell }
    const rounds: Round[] = []
    for (let i = 0; i < plan.rounds; i++) {
      tell(`round ${i + 1} of ${plan.rounds}`)
      rounds.push(await runRound(bench, i, parts))
    }
    const decisions = parts.has('decisions') ? await measureDecisions(plan) : undefined
    await load.stop()
    report({ startedAt, rounds, decisions, json, quick, inMemory: ground.inMemory })
  } finally {
    killAll()
    ground.remove()
  }
}

interface Outcome {
  readonly startedAt: Date
  readonly rounds: readonly Round[]
  readonly decisions: Decisions | undefined
  readonly json: boolean
  readonly quick: boolean
  readonly inMemory: boolean
}

function report({ startedAt, rounds, decisions, json, quick, inMemory }: Outcome): void {
  const rows = rowsOf(rounds, decisions)
  const head = heading({ startedAt, rounds: rounds.length, disk: rounds.flatMap(r => r.disk), inMemory, quick })
  const text = json
    ? JSON.stringify({ startedAt, machine: head.split('\n'), rows, rounds, decisions }, null, 2)
    : `${head}\n\n${table(rows)}\n\n${NOTES}`
  process.stdout.write(`${text}\n`)
}

/** Children and folder go first: neither outlives a Ctrl-C. */
function onInterrupt(ground: Ground): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => {
      killAll()
      ground.remove()
      process.exit(code)
    })
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
