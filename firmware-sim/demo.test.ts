import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const START_MS = 150_000
let data: string

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'vigie-demo-run-'))
})
afterAll(() => rm(data, { recursive: true }))

const env = () => ({
  ...process.env,
  VIGIE_DATA_DIR: data,
  VIGIE_MQTT_PORT: '0',
  VIGIE_HTTP_PORT: '0',
  VIGIE_HTTPS_PORT: '0',
})
const files = async (folder: string): Promise<Map<string, string>> => {
  const names = (await readdir(join(data, folder))).sort()
  return new Map(
    await Promise.all(names.map(async name => [name, await readFile(join(data, folder, name), 'utf8')] as const)),
  )
}
/** How often each device has spoken so far. */
const spoken = async (): Promise<[string, number][]> =>
  [...(await files('hospital/state'))].map(([name, text]) => [name, (JSON.parse(text) as { seq: number }).seq])

/** Starts the demo as a terminal would, in a process group of its own. */
function demo() {
  const child = spawn(process.execPath, [join(ROOT, 'firmware-sim/demo.ts')], { cwd: ROOT, env: env(), detached: true })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      out += chunk
    })
  }
  const ended = once(child, 'close').then(([code]) => code as number)
  return {
    ended,
    text: () => out,
    interruptAll: () => process.kill(-child.pid!, 'SIGINT'),
    running: () => child.exitCode === null,
  }
}

async function running() {
  const run = demo()
  const settled = (): boolean => run.text().includes('40 devices online') || !run.running()
  await expect.poll(settled, { timeout: START_MS, interval: 100 }).toBe(true)
  expect(run.running(), run.text()).toBe(true)
  return run
}

async function journal(): Promise<{ kind: string }[]> {
  const child = spawn(process.execPath, [join(ROOT, 'hub/cli.ts'), 'journal', 'tail', '--lines', '5000', '--json'], {
    cwd: ROOT,
    env: env(),
  })
  let out = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  await once(child, 'close')
  return out
    .split('\n')
    .filter(Boolean)
    .map(line => (JSON.parse(line) as { event: { kind: string } }).event)
}

it('npm run demo -- --scenario: plays one on a new folder, ends with 0 and leaves nothing; help and bad names tell', {
  timeout: START_MS,
}, async () => {
  const left = async () => (await readdir(tmpdir())).filter(name => name.startsWith('vigie-scenario-'))
  const before = await left()
  const { VIGIE_DATA_DIR: _, ...environment } = env()
  const run = (...args: string[]) => {
    const child = spawn(process.execPath, [join(ROOT, 'firmware-sim/demo.ts'), ...args], {
      cwd: ROOT,
      env: environment,
    })
    let out = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (out += chunk))
    return once(child, 'close').then(([code]) => ({ code: code as number, out }))
  }
  const [help, wrong] = await Promise.all([run('--help'), run('--scenario', 'fire')])
  expect([help.code, wrong.code]).toEqual([0, 2])
  expect(help.out).toContain('man-trap')
  expect(wrong.out).toMatch(/^--scenario: one of break-glass, /)
  const played = await run('--scenario', 'man-trap')
  expect(played.code, played.out).toBe(0)
  expect(played.out).toContain('4 steps as expected')
  expect((await left()).filter(name => !before.includes(name))).toEqual([])
})

it('npm run demo: shows the address and the one-time link, runs 40 devices, ends with 0 when the whole group is interrupted, and keeps everything for the next start', {
  timeout: 2 * START_MS + 60_000,
}, async () => {
  const first = await running()
  const address = /http:\/\/localhost:\d+\//.exec(first.text())?.[0]
  expect(first.text()).toMatch(/http:\/\/localhost:\d+\/setup\S+/)
  const page = await fetch(address!)
  expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
  first.interruptAll()
  expect(await first.ended, first.text()).toBe(0)
  const certificates = await files('hospital/certs')
  expect([...certificates.keys()].filter(name => name.endsWith('.cert.pem'))).toHaveLength(41)
  const before = await spoken()

  const second = await running()
  second.interruptAll()
  expect(await second.ended, second.text()).toBe(0)
  expect(await files('hospital/certs')).toEqual(certificates)
  const after = new Map(await spoken())
  for (const [device, seq] of before) expect(after.get(device), device).toBeGreaterThan(seq)

  const kinds = (await journal()).map(e => e.kind)
  const count = (kind: string): number => kinds.filter(k => k === kind).length
  expect([count('device.enrolled'), count('device.online'), count('device.offline'), count('rights.changed')]).toEqual([
    40, 80, 80, 1,
  ])
  expect([count('device.refused'), count('device.gap')]).toEqual([0, 0])
  const pids = [...(await readFile(join(data, 'hub.log'), 'utf8')).matchAll(/"pid":(\d+)[^\n]*"msg":"ready"/g)].map(m =>
    Number(m[1]),
  )
  expect(pids).toHaveLength(2)
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow()
})
