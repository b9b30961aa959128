import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { threadFiles } from './compiled.ts'

const HUB = import.meta.dirname
const folder = mkdtempSync(join(tmpdir(), 'vigie-compiled-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A thread that prints, as it ends, whether Node's own compiler of types came into it. Without a data folder it ends soon. */
const PROBE = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs'
  process.on('exit', () => writeSync(1, process.moduleLoadList.some(m => m.includes('amaro')) ? 'stripped' : 'kept'))
`)}`
const BEGIN = (file: string) => `
  const { Worker } = require('node:worker_threads')
  new Worker(${JSON.stringify(file)}, { workerData: { folder: {} }, execArgv: ['--import', ${JSON.stringify(PROBE)}] })
    .on('error', () => undefined).on('message', () => undefined).on('online', function () { this.postMessage('stop') })`

const KEEP = `
  const { keepCompiled, notKept } = await import(${JSON.stringify(join(HUB, 'compiled.ts'))})
  keepCompiled()
  process.stdout.write(notKept() ? 'not kept: ' + notKept().code : 'kept')`

const run = (...args: readonly string[]) => runWith(folder, ...args)
async function runWith(kept: string, ...args: readonly string[]): Promise<{ said: string; code: number | null }> {
  const env = { ...process.env, NODE_COMPILE_CACHE: kept, VIGIE_DATA_DIR: join(folder, 'none') }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', chunk => (said += chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { said, code }
}

beforeAll(async () => {
  expect((await run(join(HUB, 'cli.ts'), 'help')).code).toBe(0)
})

it('finds the writer and every other thread', () => {
  expect(threadFiles().length).toBeGreaterThan(8)
  expect(threadFiles().some(f => f.endsWith(join('record', 'worker.ts')))).toBe(true)
})

it.each(threadFiles().map(f => relative(HUB, f)))('after one command, %s has no types taken off', async file => {
  expect((await run('-e', BEGIN(join(HUB, file)))).said).toBe('kept')
})

it('where the mark can not be written, a command runs all the same', async () => {
  const taken = join(folder, 'taken')
  expect((await runWith(taken, '-e', KEEP)).said).toBe('kept')
  for (const mark of readdirSync(taken, { recursive: true, encoding: 'utf8' }).filter(f => basename(f) === 'threads')) {
    rmSync(join(taken, mark))
    mkdirSync(join(taken, mark))
  }
  expect((await runWith(taken, '-e', KEEP)).said).toBe('not kept: EISDIR')
})

it('the probe sees it where nothing is kept', async () => {
  const { said } = await run('-e', `process.env.NODE_COMPILE_CACHE = ''; ${BEGIN(threadFiles()[0]!)}`)
  expect(said).toBe('stripped')
})
