/**
 * docs/devices.md and docs/fr/appareils.md, done as they say: their commands run in a shell against a real hub, and the example
 * program opens a drawer.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { Ajv } from 'ajv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { document } from './asyncapi/document.ts'
import { PAGES, readDoc } from './asyncapi/print.ts'
import { TestDevice, TestHub, until } from './harness.ts'

const ROOT = join(import.meta.dirname, '../..')
const DENTIST = '04A1B2C3D4E501'
const ASSISTANT = '04A1B2C3D4E503'
const CABINET = 'armoire-pharmacie'
const SITE = 'cabinet-tilleuls'
const run = promisify(execFile)
const hasMosquitto = spawnSync('mosquitto_rr', ['--help']).error === undefined

let hub: TestHub
beforeEach(() => {
  hub = new TestHub()
})
afterEach(() => hub.close())

/** The page's shell blocks, to be run in a folder of their own against this hub. */
function blocksOf(page: string): string[] {
  const vigie = `"${process.execPath}" "${join(ROOT, 'hub/cli.ts')}"`
  return [...readDoc(page).matchAll(/```sh\n([\s\S]*?)```/g)].map(m =>
    m[1]!
      .replace(/^export VIGIE_DATA_DIR=.*$/m, '')
      .replaceAll('npx vigie', vigie)
      .replace('PORT=8883', `PORT=${hub.ready.mqttPort}`),
  )
}

/** All blocks in one shell, stopping at the first command that fails. @returns what each block printed */
async function shell(blocks: readonly string[]): Promise<string[]> {
  const script = ['set -eu', ...blocks].join('\necho "<<<"\n')
  symlinkSync(join(ROOT, 'docs'), join(hub.dir, 'docs'))
  const { stdout } = await run('sh', ['-c', script], { cwd: hub.dir, env: hub.env })
  return stdout.split('<<<\n').slice(1)
}

describe('the commands of the device pages', () => {
  it.skipIf(!hasMosquitto).each(Object.values(PAGES))('in %s get a yes, a no, and a journal of both', async page => {
    await hub.start()
    const printed = await shell(blocksOf(page))
    const [, , silent, granted, denied, journal] = printed
    expect(silent).toBe('')
    expect(JSON.parse(granted!)).toMatchObject({ granted: true, reason: 'granted' })
    expect(JSON.parse(denied!)).toMatchObject({ granted: false, reason: 'no-right' })
    expect(journal).toMatch(/access\.granted.*point=drawer-1/)
    expect(journal).toMatch(/access\.denied.*reason=no-right/)
    expect(printed.join()).not.toContain('device.refused')
  })

  it('are the same in both languages but for the names', () => {
    const bare = (page: string): string[] =>
      [...readDoc(page).matchAll(/```\w*\n([\s\S]*?)```/g)].map(m =>
        m[1]!.replace(/\bessai\b/g, 'try').replace(/\barmoire(?!-pharmacie)\b/g, 'cabinet'),
      )
    expect(bare(PAGES.fr)).toEqual(bare(PAGES.en))
  })
})

describe('what the hub sends', () => {
  it('has the documented shape: a decision when granted and when denied, and the command', async () => {
    await startPractice()
    const device = new TestDevice(CABINET, SITE)
    await device.connect(hub)
    await device.badge(DENTIST)
    await device.badge(ASSISTANT)
    await until('the command', () => device.commands.length === 1)
    const { schemas } = (document() as unknown as { components: { schemas: Record<string, object> } }).components
    const ajv = new Ajv({ formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ } })
    const fields = (name: string): string[] => Object.keys((schemas[name] as { properties: object }).properties)
    for (const [name, messages] of [['Decision', device.decisions] as const, ['Command', device.commands] as const]) {
      const valid = ajv.compile(schemas[name]!)
      for (const message of messages) {
        expect(valid(message), JSON.stringify(valid.errors)).toBe(true)
        expect(Object.keys(message).filter(field => !fields(name).includes(field))).toEqual([])
      }
    }
    expect(device.decisions.map(d => d.granted)).toEqual([true, false])
    await device.close()
  })
})

async function startPractice(): Promise<void> {
  await hub.vigie('apply', join(ROOT, 'docs/examples/practice.site.json'))
  await hub.addDevice(CABINET, 'medicine-cabinet')
  await hub.start()
}

describe('docs/examples/reader.mjs', () => {
  let program: ChildProcess
  const printed: string[] = []
  const says = (line: string) => until(`the program prints "${line}"`, () => printed.includes(line))

  function startProgram(): void {
    const args = [join(ROOT, 'docs/examples/reader.mjs'), hub.certs, CABINET, SITE, 'drawer-1', 'localhost']
    program = spawn(process.execPath, [...args, String(hub.ready.mqttPort)], { stdio: ['pipe', 'pipe', 'inherit'] })
    printed.length = 0
    createInterface({ input: program.stdout! }).on('line', line => printed.push(line))
  }

  async function endProgram(): Promise<void> {
    if (program.exitCode !== null) return
    const ended = once(program, 'exit')
    program.stdin!.end()
    await ended
  }
  afterEach(endProgram)

  it('opens a drawer for a badge with a right, stays shut for one without, and goes on counting after a restart', async () => {
    await startPractice()
    startProgram()
    await says('connected')
    program.stdin!.write(`${ASSISTANT}\n`)
    await says('red: no-right')
    program.stdin!.write(`${DENTIST}\n`)
    await says('green')
    await says('click: released for 8000 ms')
    await until('the lock’s answer is recorded', async () => (await kinds()).includes('point.released'))
    await endProgram()
    startProgram()
    await says('connected')
    await until(
      'it reports its point again',
      async () => (await kinds()).filter(k => k === 'point.locked').length === 2,
    )
    const all = await kinds()
    expect(all.filter(k => /^(access|lock|point\.released)/.test(k))).toEqual([
      'access.denied',
      'access.granted',
      'lock.unlocked',
      'point.released',
    ])
    expect(all.filter(k => k === 'device.refused' || k === 'device.gap')).toEqual([])
  })

  const kinds = async (): Promise<string[]> => (await hub.journal()).map(r => r.event.kind)
})
