import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { someDevices } from './hospital-devices.ts'
import { brokerMissing, TestBroker } from './test/broker.ts'
import { FakeHub } from './test/fake-hub.ts'

const PROGRAM = join(import.meta.dirname, 'sim.ts')
const DEVICES = someDevices(6).map(d => d.id)
/** What a day has. People who leave by the exit button open and close doors too: none of these stands for the others. */
const LIFE = ['online', 'badge', 'granted', 'unlocked', 'opened', 'closed']

function run(...args: string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  const lines: Record<string, unknown>[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', line => lines.push(line.startsWith('{') ? JSON.parse(line) : { text: line }))
  return { child, lines, errors: () => errors, ended: once(child, 'close').then(([code]) => code as number) }
}

describe('npm run sim', () => {
  it('prints its help, and ends with 2 and the option’s name for bad input', async () => {
    const help = run('--help')
    expect(await help.ended).toBe(0)
    expect(help.lines.some(l => String(l.text).includes('--fault KIND'))).toBe(true)
    const wrong = run('--certs', '/nowhere', '--speed', 'fast')
    expect(await wrong.ended).toBe(2)
    expect(wrong.errors()).toMatch(/^--speed: /)
    const missing = run('--certs', '/nowhere')
    expect(await missing.ended).toBe(2)
    expect(missing.errors()).toMatch(/^--certs: cannot read \/nowhere\//)
  })
})

describe.skipIf(brokerMissing)('npm run sim on a real broker (needs mosquitto and openssl)', () => {
  let broker: TestBroker
  let hub: FakeHub
  beforeAll(async () => {
    broker = await TestBroker.start(DEVICES)
    hub = await FakeHub.connect(broker)
    // Longer than the 600 ms that people take to pull: drawers open by badges at any hour, not by exits alone.
    hub.answer = () => ({ granted: true, unlockMs: 2_000 })
  })
  afterAll(async () => {
    await hub?.close()
    await broker?.remove()
  })
  const sim = (...args: string[]) =>
    run('--url', broker.url, '--certs', broker.folder, '--site-id', 'essai', '--devices', '6', '--json', ...args)
  const goodbyes = () => hub.heard.filter(h => h.name === 'status' && h.body.online === false && h.body.at)

  it('lives: badges are granted, drawers and doors open and close; Ctrl-C says goodbye for every device and ends with 0', async () => {
    const { child, lines, ended, errors } = sim('--speed', '1200')
    await hub.until('a badge granted, its lock moved, and something closed by someone', () => {
      const said = new Set(lines.map(l => l.what))
      return LIFE.every(what => said.has(what))
    })
    child.kill('SIGINT')
    expect(await ended, errors()).toBe(0)
    await hub.until('six goodbyes', () => goodbyes().length === DEVICES.length)
    expect(new Set(goodbyes().map(h => h.device))).toEqual(new Set(DEVICES))
  })

  it('stops by itself after --duration, and continues every seq in the next run', async () => {
    const before = hub.heard.length
    const { ended, errors } = sim('--duration', '2s', '--speed', '60')
    expect(await ended, errors()).toBe(0)
    await hub.until('six more goodbyes', () => goodbyes().length === 2 * DEVICES.length)
    for (const device of DEVICES) {
      const seqs = hub.heard.filter(h => h.device === device && h.name !== 'status').map(h => h.body.seq)
      expect(seqs, device).toEqual(seqs.map((_, i) => i + 1))
    }
    expect(hub.heard.length).toBeGreaterThan(before)
  })

  it('cuts the power of one device again and again on request, and the others stay', async () => {
    const { child, lines, ended } = sim('--fault', `power-cut:${DEVICES[0]}:60`, '--duration', '12s')
    await expect.poll(() => lines.some(l => l.what === 'power-on'), { timeout: 20_000 }).toBe(true)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(new Set(lines.filter(l => l.what === 'power-cut').map(l => l.device))).toEqual(new Set([DEVICES[0]]))
    expect(hub.heard.some(h => h.device === DEVICES[0] && h.body.online === false && !h.body.at)).toBe(true)
  })
})
