import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { furnish } from '../demo-setup.ts'
import { SITE_ID } from '../hospital.ts'
import { pinsOf, STAFF } from '../hospital-staff.ts'
import { HubProcess, type Ready } from '../hub-process.ts'
import { type Vigie, vigieOn } from '../operator.ts'
import { SCENARIO_NAMES, SCENARIOS } from './index.ts'
import { perform } from './perform.ts'
import type { Result } from './player.ts'
import type { Scenario } from './scenario.ts'

const ROOT = join(import.meta.dirname, '../..')
const LONG_MS = 300_000

/** Two steps of which the second expects what will not be. */
const MISTAKEN: Scenario = {
  name: 'mistaken',
  title: { fr: 'Erreur', en: 'Mistake' },
  cast: { aide: { trade: 'aide-soignante', nth: 0 } },
  steps: [
    { do: 'badge', who: 'aide', at: 'cab-04-a/drawer-1', expect: 'no-right', fr: 'un', en: 'one' },
    { do: 'badge', who: 'aide', at: 'cab-04-a/drawer-1', expect: 'granted', fr: 'deux', en: 'two' },
    { do: 'vigie', run: ['lockdown', 'end', 'confinement-site'], fr: 'trois', en: 'three' },
    { do: 'vigie', run: ['lockdown', 'list'], shows: [{ plan: 'incendie' }], fr: 'quatre', en: 'four' },
    { do: 'journal', has: ['duress.raised'], fr: 'cinq', en: 'five' },
    { do: 'journal', has: ['access.denied'], lacks: ['access.denied'], fr: 'six', en: 'six' },
  ],
}

describe('every scenario against a real hub', () => {
  let data: string
  let hub: HubProcess
  let ready: Ready
  let certs: string
  let env: NodeJS.ProcessEnv
  let vigie: Vigie

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'vigie-scenarios-'))
    const ports = { VIGIE_MQTT_PORT: '0', VIGIE_HTTP_PORT: '0', VIGIE_HTTPS_PORT: '0' }
    env = { ...process.env, ...ports, VIGIE_DATA_DIR: data, NODE_COMPILE_CACHE: join(data, 'compiled') }
    vigie = vigieOn(env)
    const [onSetup, onDied] = [() => undefined, (words: string) => expect.fail(words)]
    const logFile = join(data, 'hub.log')
    hub = new HubProcess({ main: join(ROOT, 'hub/main.ts'), cwd: ROOT, env, logFile, onSetup, onDied })
    ready = await hub.start()
    certs = await furnish(data, vigie, { seed: 1, pins: true, asItComes: true })
  }, LONG_MS)
  afterAll(async () => {
    await hub?.stop()
    await rm(data, { recursive: true })
  })
  const url = () => `mqtts://127.0.0.1:${ready.mqttPort}`

  it('npm run sim -- --scenario all: each step as expected, exit 0, on a journal that verifies', {
    timeout: LONG_MS,
  }, async () => {
    const args = ['--scenario', 'all', '--json', '--url', url(), '--certs', certs, '--data', data]
    const child = spawn(process.execPath, [join(ROOT, 'firmware-sim/sim.ts'), ...args], { cwd: ROOT, env })
    let out = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (out += chunk))
    const [code] = await once(child, 'close')
    const lines = out
      .split('\n')
      .filter(l => l.startsWith('{'))
      .map(l => JSON.parse(l) as Result & { scenario: string; differing?: number })
    expect(
      lines.filter(l => l.right === false),
      out,
    ).toEqual([])
    expect(code, out).toBe(0)
    expect(lines.filter(l => l.differing === 0).map(l => l.scenario)).toEqual(SCENARIO_NAMES)
    expect(lines.filter(l => l.right)).toHaveLength(SCENARIOS.flatMap(s => s.steps).length)
    expect((await vigie(['journal', 'verify'])).code).toBe(0)
    const rows = (await vigie(['journal', 'tail', '--lines', '5000'])).lines.join('\n')
    for (const { id, name } of STAFF) {
      const { pin, duress } = pinsOf(1, id)
      for (const secret of [name, id, `"${pin}"`, `"${duress}"`]) expect(rows.includes(secret), secret).toBe(false)
    }
  })

  it('tells of every step that differs, and goes on', { timeout: LONG_MS }, async () => {
    const results: Result[] = []
    const audience = { begins: () => undefined, played: (r: Result) => void results.push(r), ends: () => undefined }
    const hospital = {
      url: url(),
      siteId: SITE_ID,
      certsFolder: certs,
      stateFolder: join(certs, 'state'),
      seed: 1,
      speed: 1,
    }
    const differing = await perform([MISTAKEN], { hospital, vigie, audience, signal: new AbortController().signal })
    expect(results.map(r => r.right)).toEqual([true, false, false, false, false, false])
    expect(differing).toBe(5)
    expect(results[1]).toMatchObject({ expected: 'granted', seen: 'no-right' })
    expect(results[2]!.seen).toContain('plan-not-running')
  })
})
