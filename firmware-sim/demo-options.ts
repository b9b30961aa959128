/** The command line of the demo. */
import { parseArgs } from 'node:util'
import { SimFailure } from './failure.ts'
import { numberOf, scenariosOf } from './options.ts'
import { SCENARIO_NAMES } from './scenarios/index.ts'
import type { Scenario } from './scenarios/scenario.ts'

export interface DemoOptions {
  readonly help: boolean
  /** Undefined: the ordinary day. */
  readonly scenarios: readonly Scenario[] | undefined
  readonly pauseMs: number
}

export const DEMO_HELP = `Vigie with a virtual field hospital, on nothing but this folder.
Vigie et un hôpital de campagne virtuel, sur rien d’autre que ce dossier.

  npm run demo                          an ordinary day, until Ctrl-C / une journée ordinaire, jusqu’à Ctrl-C
  npm run demo -- --scenario NAME       plays one and ends; 1 if something is not as expected /
                                        en joue un et s’arrête\u202f; 1 si quelque chose diffère
  npm run demo -- --scenario all        every one / tous

  NAME            ${SCENARIO_NAMES.join(', ')}
  --pause N       seconds between steps, 0..60, to follow on the live page / secondes entre les étapes (0)
  -h, --help      this page / cette page

  VIGIE_DATA_DIR  the data folder; without it ./data/demo, and for scenarios a new one that is removed afterwards /
                  dossier de données\u202f; sinon ./data/demo, et pour les scénarios un nouveau, effacé ensuite
`

/** @throws SimFailure naming the option and what it takes */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const flags = parse(args)
  return {
    help: flags.help ?? false,
    scenarios: flags.scenario === undefined ? undefined : scenariosOf(flags.scenario),
    pauseMs: numberOf('pause', flags.pause ?? '0', 0, 60) * 1000,
  }
}

function parse(args: readonly string[]) {
  const options = {
    help: { type: 'boolean', short: 'h' },
    scenario: { type: 'string' },
    pause: { type: 'string' },
  } as const
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    const said = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new SimFailure(`${said}. See --help`, 'Option inconnue ou mal formée. Voir --help')
  }
}
