import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HubProcess, portIsFree } from './hub-process.ts'

describe('the hub as the demo’s child', () => {
  let folder: string
  let hub: HubProcess | undefined
  const heard: { setup: string[]; died: string[] } = { setup: [], died: [] }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vigie-hub-'))
    heard.setup.length = 0
    heard.died.length = 0
  })
  afterEach(async () => {
    await hub?.stop()
    await rm(folder, { recursive: true })
  })

  async function program(source: string): Promise<HubProcess> {
    const main = join(folder, 'main.mjs')
    await writeFile(main, `const log = (o) => console.log(JSON.stringify(o))\n${source}`)
    const onSetup = (url: string) => void heard.setup.push(url)
    const onDied = (words: string) => void heard.died.push(words)
    hub = new HubProcess({ main, cwd: folder, env: process.env, logFile: join(folder, 'hub.log'), onSetup, onDied })
    return hub
  }
  const READY = `log({ level: 30, msg: 'ready', mqttPort: 1, httpPort: 2, httpsPort: 3, pid: process.pid })`
  const STAY = `const stay = setInterval(() => {}, 1000)\nprocess.once('SIGTERM', () => { end() })\nfunction end() { clearInterval(stay) }`

  it('hears the ports and the one-time link, keeps the log for the owner only, and stops it well', async () => {
    const child = await program(
      `log({ level: 30, msg: 'setup', url: 'http://127.0.0.1:2/setup#x' })\n${STAY}\n${READY}`,
    )
    expect(await child.start()).toMatchObject({ mqttPort: 1, httpPort: 2, httpsPort: 3 })
    expect(heard.setup).toEqual(['http://127.0.0.1:2/setup#x'])
    expect(await child.stop()).toBe(true)
    expect(heard.died).toEqual([])
    expect(await readFile(join(folder, 'hub.log'), 'utf8')).toContain('"msg":"ready"')
    expect((await stat(join(folder, 'hub.log'))).mode & 0o077).toBe(0)
  })

  it('runs in a process group of its own, so that Ctrl-C of the terminal reaches the demo first', async () => {
    const child = await program(`${STAY}\n${READY}`)
    const { pid } = await child.start()
    expect(() => process.kill(-pid, 0)).not.toThrow()
  })

  it('that ends before it is ready is a failure with its last error line', async () => {
    const child = await program(
      `log({ level: 30, msg: 'starting' }); log({ level: 60, msg: 'cannot start', err: { message: 'Port 8883 is taken.' } }); process.exitCode = 1`,
    )
    await expect(child.start()).rejects.toThrow('The hub stopped: cannot start: Port 8883 is taken.')
  })

  it('that crashes without a word of its own is told by what Node says', async () => {
    const child = await program(`${READY}\nsetTimeout(() => { throw new Error('boom') }, 10)`)
    await child.start()
    await expect.poll(() => heard.died, { timeout: 15_000 }).toEqual(['Error: boom'])
  })

  it('that is killed is told once, and stopping it then is not a success', async () => {
    const child = await program(`${STAY}\n${READY}`)
    const { pid } = await child.start()
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => heard.died.length, { timeout: 15_000 }).toBe(1)
    expect(await child.stop()).toBe(false)
  })
})

describe('the demo’s ports', () => {
  it('are taken if anybody listens on them, on any address', async () => {
    const server = createServer()
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await portIsFree(port)).toBe(false)
    await new Promise(closed => server.close(closed))
    expect(await portIsFree(port)).toBe(true)
  })
})
