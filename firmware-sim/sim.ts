/** `npm run sim`: the virtual hospital against a hub that runs already. */
import { writeFile } from 'node:fs/promises'
import type { DeviceEvent } from './device.ts'
import { describe } from './failure.ts'
import { TIME_ZONE } from './hospital.ts'
import { vigieOn } from './operator.ts'
import { HELP, readOptions, type ScenarioOptions, type SimOptions } from './options.ts'
import { perform } from './scenarios/perform.ts'
import { asJson, onScreen } from './scenarios/show.ts'
import { siteFileText } from './site-text.ts'
import { VirtualHospital } from './virtual-hospital.ts'

/** How often the same trouble is told. Milliseconds. */
const REPEAT_AFTER_MS = 10_000
const clock = new Intl.DateTimeFormat('fr-FR', {
  timeZone: TIME_ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

async function main(args: readonly string[]): Promise<number> {
  const command = readOptions(args, process.env.VIGIE_DATA_DIR)
  if (command.do === 'help') process.stdout.write(HELP)
  if (command.do === 'write-site') await writeFile(command.file, siteFileText())
  if (command.do === 'run') await run(command.options)
  return command.do === 'scenario' ? playScenarios(command.options) : 0
}

/** @returns 1 if something was not as expected */
async function playScenarios({ scenarios, dataFolder, pauseMs, ...hospital }: SimOptions & ScenarioOptions) {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  const write = (text: string): boolean => process.stdout.write(text)
  const audience = hospital.json ? asJson(write) : onScreen(hospital.quiet ? () => true : write)
  const vigie = vigieOn({ ...process.env, VIGIE_DATA_DIR: dataFolder })
  return (await perform(scenarios, { hospital, vigie, audience, pauseMs, signal: stop.signal })) === 0 ? 0 : 1
}

async function run(options: SimOptions): Promise<void> {
  const counts = new Map<string, number>()
  const show = options.json ? showJson : options.quiet ? undefined : showLine
  const complain = complainer()
  const hospital: VirtualHospital = new VirtualHospital({
    ...options,
    onEvent: event => {
      counts.set(event.what, (counts.get(event.what) ?? 0) + 1)
      show?.(event, hospital.now())
      if (event.what === 'offline') complain(event.detail ?? 'connection lost')
    },
  })
  const stopped = untilStopped(options.durationMs)
  await hospital.start()
  await stopped
  await hospital.stop()
  if (!options.quiet && !options.json)
    process.stdout.write(`${[...counts].map(([what, n]) => `${what} ${n}`).join(', ')}\n`)
}

function untilStopped(durationMs: number | undefined): Promise<void> {
  return new Promise(resolve => {
    const timer = durationMs === undefined ? undefined : setTimeout(done, durationMs)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, done)
    function done(): void {
      clearTimeout(timer)
      resolve()
    }
  })
}

function showLine({ device, what, point = '', detail = '' }: DeviceEvent, now: number): void {
  process.stdout.write(
    `${clock.format(now)}  ${device.padEnd(16)} ${point.padEnd(10)} ${what}${detail ? ` (${detail})` : ''}\n`,
  )
}

function showJson(event: DeviceEvent, now: number): void {
  process.stdout.write(
    `${JSON.stringify({ at: new Date().toISOString(), hospital: new Date(now).toISOString(), ...event })}\n`,
  )
}

/** Forty devices meet the same closed door: said once, then not for ten seconds. */
function complainer(): (why: string) => void {
  const told = new Map<string, number>()
  return why => {
    if (Date.now() - (told.get(why) ?? 0) < REPEAT_AFTER_MS) return
    told.set(why, Date.now())
    process.stderr.write(`offline / hors ligne: ${why}\n`)
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${describe(error)}\n`)
  process.exitCode = 2
}
